//! One question through the library's door.

use crate::world::View;
use modex_formats::plan::{Action, PlanFact, PlanPackage, Reason};
use modex_resolver::streams::ModuleStates;
use modex_resolver::{Options, Request, Solved, Verdict, Warning, World};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked, and of which system.
pub(crate) struct Question<'q> {
    pub(crate) words: Vec<&'q str>,
    pub(crate) states: ModuleStates,
    pub(crate) platform: Option<&'q str>,
    pub(crate) weak: bool,
    pub(crate) best: bool,
    /// Whether an enabled stream may give way to another.
    pub(crate) stream_switch: bool,
    pub(crate) obsoletes: bool,
    /// Packages left out by hand, in dnf's words for packages.
    pub(crate) exclude: Vec<&'q str>,
    /// Whether installed packages may be erased to make room.
    pub(crate) allow_erasing: bool,
    /// Whether what cannot be installed is left out.
    pub(crate) skip_broken: bool,
}

impl Default for Question<'_> {
    fn default() -> Self {
        Question {
            words: Vec::new(),
            states: ModuleStates::default(),
            platform: Some("platform:el9"),
            weak: true,
            best: false,
            stream_switch: false,
            obsoletes: false,
            exclude: Vec::new(),
            allow_erasing: false,
            skip_broken: false,
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Answer {
    Done(Box<Done>),
    Refused(Vec<PlanFact>),
    GaveUp,
}

/// What is done.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) packages: Vec<PlanPackage>,
    /// What is installed and goes, replaced or not.
    pub(crate) remove: BTreeSet<String>,
    pub(crate) enabled: BTreeSet<String>,
    pub(crate) disabled: BTreeSet<String>,
    pub(crate) reset: BTreeSet<String>,
    pub(crate) profiles_added: BTreeSet<String>,
    pub(crate) profiles_removed: BTreeSet<String>,
    pub(crate) active: BTreeSet<String>,
    /// What is said of modules on the way.
    pub(crate) warnings: Vec<String>,
}

impl Done {
    /// What goes in, and why; what replaces something keeps its old reason.
    pub(crate) fn install(&self) -> BTreeMap<&str, Option<Reason>> {
        let goes_in = self.packages.iter().filter(|it| it.action != Action::Remove);
        goes_in
            .map(|it| {
                let is_new = it.action == Action::Install;
                (it.nevra.as_str(), is_new.then_some(it.reason))
            })
            .collect()
    }
}

/// The moment of every question.
const NOW: u64 = 202_611_221_200;

/// Asks.
pub(crate) fn ask(view: &View<'_>, question: &Question<'_>) -> Answer {
    let mut system = view.system.clone();
    system.platform = question.platform.map(str::to_owned);
    system.modules = question.states.clone();
    let options = Options {
        weak_deps: question.weak,
        best: question.best,
        stream_switch: question.stream_switch,
        module_obsoletes: question.obsoletes.then_some(NOW),
        exclude: owned(&question.exclude),
        allow_erasing: question.allow_erasing,
        strict: !question.skip_broken,
        ..Options::default()
    };
    let world = World::new(&view.repos, &system).unwrap();
    let answer = world.resolve(&Request::parse(&question.words).unwrap(), &options).unwrap();
    match answer.verdict {
        Verdict::Solved(solved) => Answer::Done(Box::new(done(*solved, answer.warnings))),
        Verdict::Refused(plan) => Answer::Refused(plan.refused),
        Verdict::GaveUp => Answer::GaveUp,
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn done(solved: Solved, warnings: Vec<Warning>) -> Done {
    let (packages, changes) = (solved.plan.packages, solved.modules);
    let pairs = |list: &[(String, String)], between: &str| -> BTreeSet<String> {
        list.iter().map(|(module, of)| format!("{module}{between}{of}")).collect()
    };
    let switched = changes.switched.iter().map(|(module, _, to)| format!("{module}:{to}"));
    let removed = packages.iter().filter(|it| it.action == Action::Remove).map(|it| &it.nevra);
    let replaced = packages.iter().flat_map(|it| &it.replaces);
    let said = warnings.into_iter().filter_map(|warning| match warning {
        Warning::Modular(problems) => Some(problems),
        _ => None,
    });
    Done {
        remove: removed.chain(replaced).cloned().collect(),
        enabled: pairs(&changes.enabled, ":").into_iter().chain(switched).collect(),
        disabled: changes.disabled.into_iter().collect(),
        reset: changes.reset.into_iter().collect(),
        profiles_added: pairs(&changes.profiles_added, "/"),
        profiles_removed: pairs(&changes.profiles_removed, "/"),
        active: solved.active.iter().map(ToString::to_string).collect(),
        warnings: said.flatten().collect(),
        packages,
    }
}
