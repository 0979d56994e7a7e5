//! The shipped repositories against dnf itself: every package by name, and every stream with every profile.

use crate::ask::{Question, ask};
use crate::oracle::{difference, has, lines, run};
use crate::world::World;
use modex_fixtures::{repos_dir, shipped_universe};
use modex_resolver::store::universe::RepoOptions;
use std::collections::BTreeSet;

#[test]
fn same_as_dnf() {
    if !has("same_as_dnf", "dnf") {
        return;
    }
    let universe = shipped_universe().unwrap();
    let names: BTreeSet<&str> = universe.packages().map(|package| package.name.as_str()).collect();
    let mut requests: Vec<String> = names.iter().map(|name| format!("install {name}")).collect();
    let together: Vec<&str> = names.iter().copied().collect();
    requests.extend(together.windows(3).map(|names| format!("install {}", names.join(" "))));
    for stream in universe.repos.iter().flat_map(|repo| repo.streams()) {
        requests.push(format!("module install {}:{}", stream.name, stream.stream));
        for profile in &stream.profiles {
            let spec = format!("{}:{}/{}", stream.name, stream.stream, profile.name);
            requests.push(format!("install @{spec} bash"));
        }
    }
    let repos = ["baseos", "appstream"].map(|id| (id.to_owned(), repos_dir().join(id)));
    let scratch = tempfile::tempdir().unwrap();
    let mut args = vec!["--platform".to_owned(), "platform:el9".to_owned()];
    for (id, path) in &repos {
        args.extend(["--repo".to_owned(), format!("{id}={}", path.display())]);
    }
    let theirs = lines(&run("dnf_answers.py", &args, &requests.join("\n"), scratch.path()));
    assert_eq!(theirs.len(), requests.len());
    let world = World::new(&repos, "x86_64");
    let view = world.view(repos.iter().map(|(id, _)| RepoOptions::new(id)).collect(), &[]);
    let mut differences = Vec::new();
    for (request, theirs) in requests.iter().zip(&theirs) {
        let question = Question { words: request.split(' ').collect(), ..Question::default() };
        if let Some(what) = difference(theirs, &ask(&view, &question)) {
            differences.push(format!("{request}: {what}"));
        }
    }
    assert!(
        differences.is_empty(),
        "{} of {} differ:\n{}",
        differences.len(),
        requests.len(),
        differences.join("\n")
    );
}
