//! Packages that carry a modularity label and that no stream lists.

use crate::ask::{Answer, Question, ask};
use crate::world::World;
use modex_fixtures::Universe;
use modex_resolver::store::RepoOptions;
use modex_resolver::streams::ModuleStates;
use std::fs;

/// `lost` is of no module that is here, `known` of one that only the other repository describes; `user` needs `lost`.
const WORLD: &str = "\
repo base
  package lost-1-1.noarch
  package known-1:1-1.noarch
  package user-1-1.noarch
    requires lost
  package plain-1-1.noarch
  package safe-2-1.noarch
repo app
  package safe-1-1.noarch
  module m:1:1:aa:x86_64
    requires platform:[el9]
    artifact known-1:1-1.noarch
";

/// What goes in, or the kinds and texts of the refusal.
fn told(words: &str, hotfixes: bool, enabled: bool, installed: &[&str]) -> Vec<String> {
    let universe = Universe::parse(WORLD).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let repos = universe.write(folder.path()).unwrap();
    for package in &universe.repos[0].packages {
        let path = repos[0].1.join(&package.location);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let label = (!["user", "plain"].contains(&&*package.name)).then_some("m:1:1:aa");
        fs::write(path, package.to_file(label)).unwrap();
    }
    let world = World::new(&repos, "x86_64");
    let base = RepoOptions { module_hotfixes: hotfixes, ..RepoOptions::new("base") };
    let installed: Vec<String> = installed.iter().map(|it| it.to_string()).collect();
    let view = world.view(vec![base, RepoOptions::new("app")], &installed);
    let mut states = ModuleStates::default();
    if enabled {
        states.enable("m", "1");
    }
    let words = words.split(' ').collect();
    match ask(&view, &Question { words, states, ..Question::default() }) {
        Answer::Done(done) => done.install().into_keys().map(str::to_owned).collect(),
        Answer::Refused(facts) => {
            facts.into_iter().map(|fact| format!("{}: {}", fact.kind, fact.text)).collect()
        }
        Answer::GaveUp => panic!("given up"),
    }
}

fn refusal(nevra: &str) -> String {
    format!(
        "orphan: No available modular metadata for modular package '{nevra}', it cannot be \
         installed on the system"
    )
}

#[test]
fn what_no_active_stream_lists_is_refused() {
    let lost = [refusal("lost-1-1.noarch")];
    assert_eq!(told("install lost", false, false, &[]), lost);
    assert_eq!(told("install plain user", false, false, &[]), lost, "as a dependency");
    assert_eq!(told("install plain", false, false, &[]), ["plain-0:1-1.noarch"]);
    let both = told("install lost safe", false, false, &[]);
    assert_eq!((both.len(), &both[1]), (2, &refusal("safe-2-1.noarch")), "{both:?}");
    let installed = ["lost-0:1-1.noarch", "safe-0:1-1.noarch"];
    assert_eq!(told("install user", false, false, &installed), ["user-0:1-1.noarch"]);
    assert_eq!(told("upgrade", false, false, &installed), [refusal("safe-2-1.noarch")]);
    assert_eq!(told("reinstall lost", false, false, &installed), lost);
}

#[test]
fn what_another_repository_describes_is_not() {
    assert_eq!(told("install known", false, true, &[]), ["known-1:1-1.noarch"]);
    let hidden = told("install known", false, false, &[]);
    assert!(hidden[0].starts_with("no-match: "), "{hidden:?}");
}

#[test]
fn repositories_of_hotfixes_are_exempt() {
    let both = ["lost-0:1-1.noarch", "user-0:1-1.noarch"];
    assert_eq!(told("install user", true, false, &[]), both);
    assert_eq!(told("install known", true, false, &[]), ["known-1:1-1.noarch"]);
}
