//! Arguments, module arguments, profiles and visibility, on universes as small as the rule.

use crate::ask::{Answer, Question, ask};
use crate::world::World;
use modex_fixtures::Universe;
use modex_resolver::request::{Form, Words};
use modex_resolver::store::universe::{PackageId, RepoOptions};
use modex_resolver::streams::{ErrorClass, ModuleStates, StreamIndexes, StreamOptions, Streams};
use modex_resolver::visible::{Hidden, Visible};

/// A universe, indexed, with all of its repositories in use.
struct Small {
    world: World,
    used: Vec<RepoOptions>,
}

impl Small {
    fn new(text: &str) -> Self {
        let universe = Universe::parse(text).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let world = World::new(&universe.write(folder.path()).unwrap(), "x86_64");
        let used = universe.repos.iter().map(|repo| RepoOptions {
            priority: repo.priority,
            module_hotfixes: repo.module_hotfixes,
            ..RepoOptions::new(&repo.id)
        });
        Small { world, used: used.collect() }
    }

    fn ask(&self, words: &str, states: ModuleStates) -> Answer {
        let view = self.world.view(self.used.clone(), &[]);
        let words = words.split(' ').collect();
        ask(&view, &Question { words, states, ..Question::default() })
    }

    /// What goes in, or the facts of the refusal.
    fn told(&self, words: &str, states: ModuleStates) -> Vec<String> {
        match self.ask(words, states) {
            Answer::Done(done) => done.install().into_keys().map(str::to_owned).collect(),
            Answer::Refused(facts) => facts.into_iter().map(|fact| fact.text).collect(),
            Answer::GaveUp => vec!["given up".into()],
        }
    }
}

const STREAMS: &str = "\
repo app
  package tool-1-1.noarch
  package tool-2-1.noarch
  package tool-3-1.noarch
  package extra-1-1.noarch
  package other-1-1.noarch
    provides tool = 9
  module tool:1:1:aa:x86_64
    requires platform:[el9]
    profile common tool
    profile more tool extra
    profile empty
    artifact tool-0:1-1.noarch extra-0:1-1.noarch
  module tool:2:1:bb:x86_64
    requires platform:[el9]
    profile common tool
    artifact tool-0:2-1.noarch
  default tool stream=1 profiles 1=[common] 2=[]
";

#[test]
fn forms_of_arguments() {
    let small = Small::new(
        "repo r\n  package a-b-1-1.x86_64\n    provides cap = 2, /opt/x\n  package a-1-1.x86_64\n  package a-2:1-1.i686\n",
    );
    let view = small.world.view(small.used.clone(), &[]);
    let universe = view.universe();
    let visible = Visible::all(&universe);
    let owners = |repo: u32, path: &str| view.owners(repo, path);
    let words = Words::new(&universe, &visible, &owners);
    let name = |just_name, every_arch| Form::Nevra { just_name, every_arch };
    for (word, form, count) in [
        ("a", Some(name(true, false)), 2),
        ("a.i686", Some(name(false, false)), 1),
        ("a.*", Some(name(false, true)), 2),
        ("a-2:1", Some(name(false, false)), 1),
        ("a-02:1-1.i686", Some(name(false, false)), 1),
        ("a-0:1-1.i686", None, 0),
        ("a*", Some(name(true, false)), 3),
        ("cap >= 2", Some(Form::Provides), 1),
        ("cap > 2", None, 0),
        ("/opt/x", Some(Form::Provides), 1),
        ("", None, 0),
        ("-", None, 0),
        (".", None, 0),
        ("a.", None, 0),
        ("a-", None, 0),
        ("-1-1", None, 0),
        ("[", None, 0),
        ("[a", None, 0),
        ("(a or", None, 0),
        ("a b", None, 0),
        ("é*", None, 0),
        ("/", None, 0),
        ("/*", Some(Form::Provides), 1),
    ] {
        let found = words.find(word);
        let came = found.as_ref().map_or(0, |found| found.packages.len());
        assert_eq!((found.map(|it| it.form), came), (form, count), "`{word}`");
    }
    let long = "a-".repeat(100_000);
    assert_eq!(words.find(&long), None);
}

#[test]
fn profiles() {
    let small = Small::new(STREAMS);
    for (words, came) in [
        ("module install tool", vec!["tool-0:1-1.noarch"]),
        ("module install tool/more", vec!["extra-0:1-1.noarch", "tool-0:1-1.noarch"]),
        ("module install tool/*", vec!["extra-0:1-1.noarch", "tool-0:1-1.noarch"]),
        ("module install tool:1/empty", vec![]),
        ("module install tool:2/common", vec!["tool-0:2-1.noarch"]),
        (
            "module install tool:2",
            vec!["No default profiles for module tool:2. Available profiles: common"],
        ),
        (
            "module install tool:1/none",
            vec![
                "Unable to match profile for argument tool:1/none. Available profiles for 'tool:1': common, empty, more",
            ],
        ),
        ("module install tool:3", vec!["Unable to resolve argument tool:3"]),
        ("module install a:b:c:d:e:f", vec!["Unable to resolve argument a:b:c:d:e:f"]),
    ] {
        assert_eq!(small.told(words, ModuleStates::default()), came, "{words}");
    }
}

#[test]
fn states() {
    let small = Small::new(STREAMS);
    let mut enabled = ModuleStates::default();
    enabled.enable("tool", "2");
    let mut disabled = ModuleStates::default();
    disabled.disable("tool");
    let mut unknown = ModuleStates::default();
    unknown.enable("tool", "77");
    for (states, came) in [
        (ModuleStates::default(), "tool-0:1-1.noarch"),
        (enabled, "tool-0:2-1.noarch"),
        (disabled, "tool-0:3-1.noarch"),
        (unknown, "tool-0:3-1.noarch"),
    ] {
        assert_eq!(small.told("install tool", states.clone()), [came], "{states:?}");
    }
}

#[test]
fn what_hides_a_package() {
    let small = Small::new(STREAMS);
    let view = small.world.view(small.used.clone(), &[]);
    let universe = view.universe();
    let indexes = StreamIndexes::new(&universe, Some("platform:el9")).unwrap();
    let streams = Streams::new(&universe, &indexes, "x86_64", StreamOptions::default()).unwrap();
    let active = streams.resolve(&ModuleStates::default());
    assert_eq!(active.class, ErrorClass::None);
    let visible = Visible::new(&universe, &active);
    let why = |nevra: &str| {
        let found = (0..universe.len()).map(PackageId).find(|it| universe.nevra(*it) == nevra);
        visible.why_hidden(found.unwrap()).map(|why| match why {
            Hidden::Inactive(documents) => format!("inactive: {}", streams.identity(documents[0])),
            Hidden::Masked { name, by } => format!("{} ships {name}", streams.identity(by[0])),
            Hidden::Excluded => "excluded".into(),
        })
    };
    assert_eq!(why("tool-0:1-1.noarch"), None);
    assert_eq!(why("extra-0:1-1.noarch"), None);
    assert_eq!(why("tool-0:2-1.noarch").unwrap(), "inactive: tool:2:1:bb:x86_64");
    assert_eq!(why("tool-0:3-1.noarch").unwrap(), "tool:1:1:aa:x86_64 ships tool");
    assert_eq!(why("other-0:1-1.noarch").unwrap(), "tool:1:1:aa:x86_64 ships tool");
}

#[test]
fn platforms() {
    let small = Small::new(STREAMS);
    let view = small.world.view(small.used.clone(), &[]);
    let universe = view.universe();
    for (platform, class) in [
        (Some("platform:el9"), Some(ErrorClass::None)),
        (Some("platform:el8"), Some(ErrorClass::InDefaults)),
        (None, Some(ErrorClass::InDefaults)),
        (Some("el9"), None),
        (Some(""), None),
        (Some(":"), None),
        (Some("platform:"), None),
    ] {
        let indexes = StreamIndexes::new(&universe, platform);
        let came = indexes.ok().map(|indexes| {
            let options = StreamOptions::default();
            let streams = Streams::new(&universe, &indexes, "x86_64", options).unwrap();
            streams.resolve(&ModuleStates::default()).class
        });
        assert_eq!(came, class, "{platform:?}");
    }
}

#[test]
fn a_hotfix_repository_is_never_hidden() {
    let text = format!("{STREAMS}repo fixes module_hotfixes\n  package tool-5-1.noarch\n");
    let small = Small::new(&text);
    assert_eq!(small.told("install tool", ModuleStates::default()), ["tool-0:5-1.noarch"]);
    assert_eq!(small.told("module install tool", ModuleStates::default()), ["tool-0:5-1.noarch"]);
}
