//! Arguments, module arguments, profiles and visibility, on universes as small as the rule.

use crate::ask::{Answer, Question, ask};
use crate::world::World;
use modex_fixtures::Universe;
use modex_generator::publish;
use modex_resolver::request::{Form, Words};
use modex_resolver::store::universe::{PackageId, RepoOptions};
use modex_resolver::store::{OpenError, OpenIndex};
use modex_resolver::streams::{ErrorClass, ModuleStates, StreamIndexes, StreamOptions, Streams};
use modex_resolver::visible::{Hidden, Visible};
use modex_resolver::{Options, Request, Verdict};

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
    let world = view.world();
    let universe = world.universe();
    let visible = Visible::all(universe);
    let owners = |repo: u32, path: &str| world.path_owners(repo, path);
    let words = Words::new(universe, &visible, &owners);
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
    let world = view.world();
    let universe = world.universe();
    let indexes = StreamIndexes::new(universe, Some("platform:el9")).unwrap();
    let streams = Streams::new(universe, &indexes, "x86_64", StreamOptions::default()).unwrap();
    let active = streams.resolve(&ModuleStates::default());
    assert_eq!(active.class, ErrorClass::None);
    let visible = Visible::new(universe, &active);
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
    let world = view.world();
    let universe = world.universe();
    for (platform, class) in [
        (Some("platform:el9"), Some(ErrorClass::None)),
        (Some("platform:el8"), Some(ErrorClass::InDefaults)),
        (None, Some(ErrorClass::InDefaults)),
        (Some("el9"), None),
        (Some(""), None),
        (Some(":"), None),
        (Some("platform:"), None),
    ] {
        let indexes = StreamIndexes::new(universe, platform);
        let came = indexes.ok().map(|indexes| {
            let options = StreamOptions::default();
            let streams = Streams::new(universe, &indexes, "x86_64", options).unwrap();
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

#[test]
fn what_is_left_out_by_hand() {
    let small = Small::new(STREAMS);
    let view = small.world.view(small.used.clone(), &[]);
    let told = |words: &str, exclude: &str| {
        let (words, exclude) = (words.split(' ').collect(), vec![exclude]);
        match ask(&view, &Question { words, exclude, ..Question::default() }) {
            Answer::Done(done) => done.install().into_keys().map(str::to_owned).collect(),
            Answer::Refused(facts) => facts.into_iter().map(|fact| fact.text).collect::<Vec<_>>(),
            Answer::GaveUp => panic!("given up"),
        }
    };
    assert_eq!(told("install tool", "extra"), ["tool-0:1-1.noarch"]);
    assert_eq!(
        told("install extra", "extra"),
        ["all that matches `extra` is excluded: extra-0:1-1.noarch"]
    );
    assert_eq!(
        told("install tool", "tool*"),
        ["all that matches `tool` is excluded: tool-0:1-1.noarch (2 more)"]
    );
}

/// Of several packages that a word means the chain is about one, and says so.
#[test]
fn the_candidate_of_a_refusal() {
    let small = Small::new(
        "repo r\n  package a-1-1.noarch\n    requires nowhere\n  package a-2-1.noarch\n    requires nothing\n",
    );
    assert_eq!(
        small.told("install a", ModuleStates::default()),
        [
            "`a` means any of 2 packages; the reason given is that of the best one, a-0:2-1.noarch",
            "nothing provides nothing needed by a-0:2-1.noarch"
        ]
    );
    assert_eq!(
        small.told("install a-1", ModuleStates::default()),
        ["`a-1` means a-0:1-1.noarch", "nothing provides nowhere needed by a-0:1-1.noarch"]
    );
}

#[test]
fn what_looks_like_a_group() {
    let small = Small::new(STREAMS);
    let told = |words| small.told(words, ModuleStates::default());
    let [fact] = &told("install @core")[..] else { panic!("one fact") };
    assert!(fact.contains("groups are not supported yet"), "{fact}");
    assert_eq!(told("install @core:1"), ["Unable to resolve argument core:1"]);
    assert_eq!(told("module install core"), ["Unable to resolve argument core"]);
}

#[test]
fn architectures() {
    let small = Small::new(STREAMS);
    let mut view = small.world.view(small.used.clone(), &[]);
    view.system.arch = "sparc".into();
    let refused = modex_resolver::World::new(&view.repos, &view.system).err().unwrap();
    assert!(matches!(refused, modex_resolver::ResolveError::Arch(arch) if arch == "sparc"));
}

/// One world answers one question after the other, and the same one the same way.
#[test]
fn many_questions() {
    let small = Small::new(STREAMS);
    let mut view = small.world.view(small.used.clone(), &[]);
    view.system.platform = Some("platform:el9".into());
    let (world, options) = (view.world(), Options::default());
    let plan = |words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        match world.resolve(&Request::parse(&words).unwrap(), &options).unwrap().verdict {
            Verdict::Solved(solved) => solved.plan,
            Verdict::Refused(plan) => *plan,
            Verdict::GaveUp => panic!("given up"),
        }
    };
    let first = plan("module install tool");
    assert_eq!((first.totals.install, first.modules.len(), first.indexes.len()), (1, 1, 1));
    assert_eq!(plan("install nosuch").refused.len(), 1);
    // The stream becomes enabled, its profile is not installed.
    let alone = plan("install tool").modules.remove(0);
    assert_eq!((alone.nsvca.as_str(), alone.profiles.len()), ("tool:1:1:aa:x86_64", 0));
    assert_eq!(plan("module install tool"), first);
}

#[test]
fn pointers() {
    let universe = Universe::parse("repo r\n  package a-1-1.x86_64\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let written = universe.write(folder.path()).unwrap();
    let arches = vec!["x86_64".to_owned()];
    let made = publish::index_into(
        &[&written[0].1],
        folder.path(),
        &modex_generator::Options { arches, ..Default::default() },
    );
    let made = &made.unwrap()[0];
    let pointer = made.folder.join(&made.pointer.name);
    let open = |path: &std::path::Path, arch| OpenIndex::open_pointer(path, arch, None).map(drop);
    assert!(open(&pointer, "x86_64").is_ok());
    assert!(matches!(open(&pointer, "s390x"), Err(OpenError::Architecture { .. })));
    assert!(matches!(open(&made.folder.join("nosuch"), "x86_64"), Err(OpenError::Absent(_))));
    assert!(matches!(open(&made.folder, "x86_64"), Err(OpenError::Io { .. })));
    let hot = made.folder.join(&made.content.architectures["x86_64"].hot.name);
    assert!(matches!(open(&hot, "x86_64"), Err(OpenError::Format { .. })));
}
