//! Why, why not, and hints: each rule of `modular-filtering.md`, sections 1 to 5 and 7, and those of every package.

use crate::world::World;
use modex_fixtures::Universe;
use modex_generator::modulemd;
use modex_generator::source::{Limits, Opened, Report, Stated};
use modex_resolver::store::RepoOptions;
use modex_resolver::system::FailSafeCopy;
use modex_resolver::system::installed::{InstalledPackage, read_list};
use modex_resolver::why::{Rule, WhyNot};
use modex_resolver::{Options, Request, System, Verdict};

const WORLD: &str = "
repo base
  package foo-99-1.noarch
  package foo-99-1.i686
  package foo-99-1.src
  package compat-1-1.noarch
    provides foo = 1
  package wants-foo-1-1.noarch
    requires foo
  package free-7-1.noarch
  package tool-9-1.src
  package tool-9-1.noarch
  package newer-3-1.noarch
  package newer-2-1.noarch
  package lonely-1-1.noarch
    requires nowhere
  package above-1-1.noarch
    requires lonely
  package choosy-1-1.noarch
  package choosy-2-1.noarch
    requires nowhere
  package left-1-1.noarch
    conflicts right
  package right-1-1.noarch
  package shared-1-1.noarch
  package pulled-1-1.noarch
repo app
  package foo-1-1.noarch
  package foo-2-1.noarch
  package free-1-1.noarch
  package tool-1-1.noarch
  package deep-1-1.noarch
  package deep-5-1.noarch
  package stuck-1-1.noarch
  module m:1:1:aa:x86_64
    requires platform:[el9]
    profile common foo
    artifact foo-0:1-1.noarch
  module m:2:1:bb:x86_64
    requires platform:[el9]
    profile common foo
    artifact foo-0:2-1.noarch
  module d:1:1:aa:x86_64
    requires platform:[el9]
    artifact free-0:1-1.noarch
  module d:1:2:aa:x86_64
    requires platform:[el9]
    artifact deep-0:1-1.noarch tool-0:1-1.src
    demodularized free
  module top:1:1:aa:x86_64
    requires platform:[el9] low:[1]
  module low:1:1:aa:x86_64
    requires platform:[el9]
    artifact pulled-0:9-1.noarch
  module bad:1:1:aa:x86_64
    requires platform:[el9] nosuch:[1]
    artifact stuck-0:1-1.noarch
";

const COPY: &str = "
document: modulemd
version: 2
data:
  name: lost
  stream: \"1\"
  version: 1
  context: aa
  arch: x86_64
  summary: s
  description: d
  license: {module: [MIT]}
  dependencies: [{requires: {platform: [el9]}}]
  artifacts: {rpms: [shared-0:5-1.noarch]}
";

/// What is asked, of which system.
struct Case {
    world: World,
    system: System,
    repos: [RepoOptions; 2],
    installed: Vec<InstalledPackage>,
    options: Options,
}

impl Case {
    fn new(enabled: &[&str]) -> Self {
        Self::of(&format!("universe u\n{}", WORLD.trim_start()), enabled)
    }

    fn of(text: &str, enabled: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let universe = Universe::parse(text.split_once('\n').unwrap().1).unwrap();
        let world = World::new(&universe.write(folder.path()).unwrap(), "x86_64");
        let mut system = System::new("x86_64", Some("platform:el9"));
        for spec in enabled {
            let (module, stream) = spec.split_once(':').unwrap();
            system.modules.enable(module, stream);
        }
        let repos = ["base", "app"].map(RepoOptions::new);
        Case { world, system, repos, installed: Vec::new(), options: Options::default() }
    }

    fn installed(mut self, lines: &[&str]) -> Self {
        self.installed = read_list(&lines.join("\n")).unwrap();
        self
    }

    fn with<T>(&self, ask: impl FnOnce(&modex_resolver::World<'_>) -> T) -> T {
        let repos: Vec<_> = self
            .repos
            .iter()
            .map(|options| (options.clone(), self.world.index(&options.id)))
            .collect();
        let mut system = self.system.clone();
        if !self.installed.is_empty() {
            system.install(&self.installed, &repos).unwrap();
        }
        ask(&modex_resolver::World::new(&repos, &system).unwrap())
    }

    fn why_not(&self, word: &str) -> WhyNot {
        self.with(|world| world.why_not(word, &self.options, &self.installed).unwrap())
    }

    /// What holds a package back: the only obstacle, and the words of the group.
    #[track_caller]
    fn held(&self, word: &str, nevra: &str) -> (Rule, String) {
        let found = self.why_not(word);
        let group = found.groups.iter().find(|it| it.nevras.iter().any(|it| it == nevra));
        let obstacles = &group.unwrap_or_else(|| panic!("no {nevra} in {found:?}")).obstacles;
        assert_eq!(obstacles.len(), 1, "{obstacles:?}");
        (obstacles[0].rule, obstacles[0].text.clone())
    }

    /// What is noted of a package that nothing holds back.
    #[track_caller]
    fn noted(&self, word: &str, nevra: &str) -> String {
        let found = self.why_not(word);
        let group = found.groups.iter().find(|it| it.nevras.iter().any(|it| it == nevra));
        let group = group.unwrap_or_else(|| panic!("no {nevra} in {found:?}"));
        assert_eq!(group.obstacles, [], "{found:?}");
        group.notes.join("; ")
    }

    /// What is offered, and what it costs.
    fn hints(&self, words: &str) -> Vec<String> {
        let request = Request::parse(&words.split(' ').collect::<Vec<_>>()).unwrap();
        self.with(|world| {
            let answer = world.resolve(&request, &self.options).unwrap();
            let Verdict::Refused(plan) = answer.verdict else { panic!("{words} is not refused") };
            let hints = world.hints(&request, &self.options, &plan.refused, &self.installed);
            hints.unwrap().iter().map(ToString::to_string).collect()
        })
    }
}

fn hints(found: &WhyNot) -> Vec<String> {
    found.hints.iter().map(ToString::to_string).collect()
}

#[test]
fn inactive_artifacts() {
    let (foo1, foo2) = ("foo-0:1-1.noarch", "foo-0:2-1.noarch");
    let none = Case::new(&[]);
    let (rule, text) = none.held("foo", foo1);
    assert_eq!(rule, Rule::Inactive);
    assert_eq!(text, "belongs to m:1: m:1 is not enabled, and m has no default stream");
    let hints = hints(&none.why_not("foo"));
    assert!(hints.contains(&"-- module enable m:1 -- install foo".to_owned()), "{hints:?}");
    assert!(hints.contains(&"-- module enable m:2 -- install foo".to_owned()), "{hints:?}");

    let other = Case::new(&["m:1"]);
    assert_eq!(other.held("foo", foo2).1, "belongs to m:2: m:2 is not enabled, m:1 is");
    let hints: Vec<String> = hints_of(&other, foo2);
    let reset = format!("-- module reset m -- module enable m:2 -- install {foo2}");
    assert!(hints.contains(&reset), "{hints:?}");

    let mut disabled = Case::new(&[]);
    disabled.system.modules.disable("m");
    assert_eq!(disabled.held("foo", foo1).1, "belongs to m:1: module m is disabled");
    let hints = hints_of(&disabled, foo1);
    assert_eq!(hints, [format!("-- module enable m:1 -- install {foo1}")]);

    let default = Case::of(&format!("universe u{WORLD}  default m stream=1\n"), &[]);
    assert_eq!(
        default.held("foo", foo2).1,
        "belongs to m:2: m:2 is not enabled, m:1 is the default"
    );

    let bad = Case::new(&["bad:1"]);
    let (rule, text) = bad.held("stuck", "stuck-0:1-1.noarch");
    assert_eq!(rule, Rule::Inactive);
    assert!(text.contains("bad:1 is enabled, but cannot be active: "), "{text}");
    assert!(text.contains("nothing provides module(nosuch:1)"), "{text}");
    assert_eq!(hints_of(&bad, "stuck"), [""; 0], "what does not work is not offered");
}

fn hints_of(case: &Case, word: &str) -> Vec<String> {
    hints(&case.why_not(word))
}

#[test]
fn masked_names() {
    let case = Case::new(&["m:1"]);
    let (rule, text) = case.held("foo", "foo-0:99-1.noarch");
    assert_eq!(
        (rule, text.as_str()),
        (Rule::NameMasked, "is hidden by m:1 (enabled), which ships foo")
    );
    // The architecture plays no part.
    assert_eq!(case.held("foo", "foo-0:99-1.i686").0, Rule::NameMasked);
    let (rule, text) = case.held("compat", "compat-0:1-1.noarch");
    assert_eq!(rule, Rule::ProvideMasked);
    assert_eq!(text, "is hidden by m:1 (enabled), which ships foo, and it provides foo");
    assert_eq!(
        hints_of(&case, "compat"),
        [
            "--setopt=base.module_hotfixes=1 -- install compat",
            "-- module reset m -- install compat",
        ]
    );
    let by_default = Case::of(&format!("universe u{WORLD}  default m stream=1\n"), &[]);
    let text = by_default.held("compat", "compat-0:1-1.noarch").1;
    assert!(text.starts_with("is hidden by m:1 (the default)"), "{text}");
    let hints = hints_of(&by_default, "compat");
    assert!(hints.contains(&"-- module disable m -- install compat".to_owned()), "{hints:?}");
    let dependency = Case::new(&["top:1"]);
    let text = dependency.held("pulled", "pulled-0:1-1.noarch").1;
    assert!(
        text.contains("low:1 (active because top:1 requires it), which ships pulled"),
        "{text}"
    );
}

#[test]
fn names_that_left_and_sources() {
    let case = Case::new(&["d:1"]);
    let note = case.noted("free-7", "free-0:7-1.noarch");
    assert_eq!(note, "d:1 ships free, but has given the name free (demodularized)");
    // A source artifact hides the source package, and no other.
    let found = case.why_not("tool");
    let source = found.groups.iter().find(|it| it.nevras == ["tool-0:9-1.src"]).unwrap();
    assert!(source.obstacles.iter().any(|it| it.rule == Rule::SourceMasked), "{source:?}");
    assert_eq!(found.offered, ["tool-0:9-1.noarch"]);
}

#[test]
fn exempt_repositories() {
    let mut case = Case::new(&["m:1"]);
    case.repos[0].module_hotfixes = true;
    let note = case.noted("foo", "foo-0:99-1.noarch");
    assert_eq!(note, "base is a repository of hotfixes: modules hide nothing of it");
    let (rule, text) = case.held("foo", "foo-0:1-1.noarch");
    assert_eq!(rule, Rule::Outdone);
    assert!(text.contains("a newer one is offered: foo-0:99-1.noarch"), "{text}");
    // What is installed is never hidden.
    let case = Case::new(&["m:1"]).installed(&["compat-1-1.noarch"]);
    let found = case.why_not("compat");
    let installed = found.groups.iter().find(|it| it.repo == "@System").unwrap();
    assert_eq!(installed.obstacles[0].rule, Rule::Installed);
}

#[test]
fn fail_safe_copies() {
    let mut case = Case::new(&["lost:1"]);
    let limits = Limits::default();
    let mut report = Report::new(limits.problems);
    let opened = Opened::stream("lost", COPY.as_bytes(), Stated::default(), &limits).unwrap();
    let modules = modulemd::read(opened, 1, &limits, &mut report).unwrap();
    case.system.fail_safe.push(FailSafeCopy {
        module: "lost".into(),
        stream: "1".into(),
        index: modulemd::hot_file(&modules).unwrap(),
    });
    let (rule, text) = case.held("shared", "shared-0:1-1.noarch");
    assert_eq!(rule, Rule::NameMasked);
    let words = "lost:1 (enabled, known of a fail-safe copy only: its repository is gone)";
    assert!(text.contains(words), "{text}");
    let hints = hints_of(&case, "shared");
    assert!(hints.contains(&"-- module reset lost -- install shared".to_owned()), "{hints:?}");
}

#[test]
fn plain_packages() {
    let mut case = Case::new(&[]).installed(&["newer-3-1.noarch"]);
    let (rule, text) = case.held("newer", "newer-0:2-1.noarch");
    assert_eq!((rule, text.as_str()), (Rule::Older, "is older than installed newer-0:3-1.noarch"));
    assert_eq!(hints_of(&case, "newer"), ["-- downgrade newer-0:2-1.noarch"]);
    case.options.exclude = vec!["comp*".into()];
    let (rule, text) = case.held("compat", "compat-0:1-1.noarch");
    assert_eq!(rule, Rule::Excluded);
    assert_eq!(text, "is excluded by the configuration (excludepkgs: comp*)");
    assert_eq!(hints_of(&case, "compat"), ["--disable-excludes -- install compat"]);
    let found = case.why_not("above");
    assert_eq!((found.groups[0].obstacles.len(), found.hints.len()), (0, 0));
    let kinds: Vec<&str> = found.refused.iter().map(|fact| fact.kind).collect();
    assert_eq!(kinds, ["asked", "requires", "nothing-provides"]);
    assert_eq!(case.why_not("nosuch").groups, []);
    let (rule, text) = case.held("choosy", "choosy-0:2-1.noarch");
    assert_eq!(rule, Rule::PassedOver);
    assert_eq!(text, "is newer, and was passed over for choosy-0:1-1.noarch");
    let found = case.why_not("choosy");
    assert_eq!(found.refused_word, "choosy-0:2-1.noarch");
    assert_eq!(found.refused.last().unwrap().kind, "nothing-provides");
}

#[test]
fn priorities() {
    let mut case = Case::new(&["d:1"]);
    case.repos[1].priority = 10;
    let (rule, text) = case.held("free", "free-0:7-1.noarch");
    assert_eq!(rule, Rule::Outdone);
    assert!(text.contains("app has a better priority, and offers free-0:1-1.noarch"), "{text}");
    assert_eq!(hints_of(&case, "free"), ["-- install free-0:7-1.noarch"]);
}

#[test]
fn refusals() {
    let mut case = Case::new(&[]).installed(&["left-1-1.noarch"]);
    assert_eq!(case.hints("install right"), ["--allow-erasing -- install right"]);
    assert_eq!(case.hints("install lonely"), [""; 0]);
    assert_eq!(case.hints("install lonely free"), ["--skip-broken -- install lonely free"]);
    let hints = case.hints("module install m");
    assert_eq!(hints, ["-- module install m:1/common", "-- module install m:2/common"]);
    case.options.allow_erasing = true;
    assert_eq!(case.hints("install lonely").len(), 0);
    let hints = case.hints("install foo-1 stuck deep-1 nosuch");
    assert!(hints.iter().all(|hint| !hint.contains("bad:1")), "{hints:?}");
    let two = Case::new(&[]).hints("install foo-1-1.noarch free-1-1.noarch");
    assert!(two[0].starts_with("-- module enable m:1 d:1 -- install "), "{two:?}");
    let switch = Case::new(&["m:1"]);
    let hints = switch.hints("module enable m:2");
    assert!(hints.contains(&"-- module switch-to m:2".to_owned()), "{hints:?}");
}

#[test]
fn why_it_is_there() {
    let text = "universe u\nrepo base\n  package a-1-1.noarch\n    requires b\n  package b-1-1.noarch\n    \
                requires c\n    recommends w\n  package c-1-1.noarch\n  package w-1-1.noarch\nrepo app\n";
    let list = [
        "a-1-1.noarch !user",
        "b-1-1.noarch !dependency",
        "c-1-1.noarch !dependency",
        "w-1-1.noarch !weak",
    ];
    let case = Case::of(text, &[]).installed(&list);
    let why = |word: &str| case.with(|world| world.why(word, &case.options).unwrap());
    let chain = |word: &str| {
        let steps = why(word).remove(0).chain;
        steps.into_iter().map(|step| step.nevra).collect::<Vec<_>>()
    };
    assert_eq!(why("a")[0].reason, "asked for");
    assert_eq!(chain("c"), ["a-0:1-1.noarch", "b-0:1-1.noarch", "c-0:1-1.noarch"]);
    assert_eq!(why("w")[0].chain.last().unwrap().tie.as_ref().unwrap().relation, "recommends");
    assert_eq!(why("b")[0].required_by, ["a-0:1-1.noarch"]);
    assert_eq!(why("nosuch"), []);

    let empty = Case::of(text, &[]);
    let absent = empty.with(|world| world.why("c", &empty.options).unwrap());
    assert_eq!((absent[0].state, absent[0].requirers), ("not installed", 1));
    let found = empty.with(|world| {
        let request = Request::parse(&["install", "a"]).unwrap();
        let answer = world.resolve(&request, &empty.options).unwrap();
        let Verdict::Solved(solved) = answer.verdict else { panic!("refused") };
        world.why_in("w", &request, &empty.options, &solved).unwrap()
    });
    assert_eq!((found[0].state, found[0].reason.as_str()), ("goes in", "recommended"));
    assert_eq!(found[0].chain.len(), 3);
    let gone = case.with(|world| {
        let request = Request::parse(&["remove", "c"]).unwrap();
        let answer = world.resolve(&request, &case.options).unwrap();
        let Verdict::Solved(solved) = answer.verdict else { panic!("refused") };
        world.why_in("a", &request, &case.options, &solved).unwrap()
    });
    assert_eq!((gone[0].state, gone[0].chain.len()), ("goes", 3));
}
