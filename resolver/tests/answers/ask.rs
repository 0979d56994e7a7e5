//! One question through the three stages, in the order of the command line of `modex`.

use crate::world::View;
use modex_formats::plan::{Action, PlanFact, PlanPackage, Reason};
use modex_resolver::module_request::{ModuleRequest, SpecError};
use modex_resolver::profiles::Profiles;
use modex_resolver::request::Words;
use modex_resolver::solve::{Job, Outcome, SolveOptions, solve};
use modex_resolver::store::universe::{PackageId, Universe};
use modex_resolver::streams::{
    ActiveStreams, ErrorClass, ModuleStates, StreamIndexes, StreamOptions, Streams,
};
use modex_resolver::visible::Visible;
use modex_resolver::{explain, transaction};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What is asked, and of which system.
pub(crate) struct Question<'q> {
    pub(crate) words: Vec<&'q str>,
    pub(crate) states: ModuleStates,
    pub(crate) platform: Option<&'q str>,
    pub(crate) weak: bool,
    pub(crate) best: bool,
    /// Whether an enabled stream may give way to another.
    pub(crate) stream_switch: bool,
    /// Packages left out by hand, in dnf's words for packages.
    pub(crate) exclude: Vec<&'q str>,
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
            exclude: Vec::new(),
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

/// Asks.
pub(crate) fn ask(view: &View<'_>, question: &Question<'_>) -> Answer {
    let universe = view.universe();
    let answer = answer(view, &universe, question);
    assert_eq!(universe.damage(), None, "{:?}", question.words);
    answer
}

fn answer(view: &View<'_>, universe: &Universe<'_>, question: &Question<'_>) -> Answer {
    let indexes = StreamIndexes::new(universe, question.platform).unwrap();
    let streams = Streams::new(universe, &indexes, view.arch, StreamOptions::default()).unwrap();
    let mut modules = ModuleRequest::new(question.states.clone());
    let request = Request::of(&question.words);
    let (matched, mut errors) = modules.enable(&streams, &request.enable);
    errors.extend(modules.disable(&streams, &request.disable));
    errors.extend(modules.reset(&streams, &request.reset));
    let active = streams.resolve(modules.states());
    let documents = matched.iter().flat_map(|it| it.documents.iter().copied());
    if let Err(trouble) = modules.enable_tree(&streams, &active, documents) {
        errors.push(SpecError { spec: request.enable.join(" "), trouble });
    }
    let mut profiles = Profiles::default();
    if errors.is_empty() && request.installs_profiles {
        let (chosen, more) = Profiles::choose(&streams, &active, &matched, &mut modules);
        profiles = chosen;
        errors.extend(more);
    }
    let visible = Visible::new(universe, &active);
    let nothing: &dyn Fn(u32, &str) -> Vec<u32> = &|_, _| Vec::new();
    let excluded: HashSet<PackageId> = {
        let everything = Visible::all(universe);
        let words = Words::new(universe, &everything, nothing);
        let found = question.exclude.iter().filter_map(|word| words.find(word));
        found.flat_map(|it| it.packages).filter(|it| !universe.is_installed(*it)).collect()
    };
    let seen = Visible::without(
        universe,
        (0..universe.len())
            .map(PackageId)
            .filter(|package| visible.is_hidden(*package) || excluded.contains(package)),
    );
    let (mut jobs, more) = profiles.jobs(universe, &seen);
    errors.extend(more);
    let mut refused: Vec<PlanFact> =
        errors.iter().map(|error| fact("module", error.to_string())).collect();
    let problems = || active.problems.iter().flatten().map(ToString::to_string);
    // dnf goes on where only default streams gave way; without profiles to install it has nothing else to tell.
    let fails = active.class > ErrorClass::InDefaults && !request.installs_profiles;
    if !refused.is_empty() || (fails && !request.enable.is_empty()) {
        refused.extend(problems().map(|text| fact("module", text)));
    }
    let owners = |repo: u32, path: &str| view.owners(repo, path);
    let words = Words::new(universe, &seen, &owners);
    for word in &request.packages {
        match words.install(word) {
            Some(marked) => jobs.extend(marked.jobs),
            None => refused.push(PlanFact {
                dependency: Some((*word).to_owned()),
                ..fact("no-match", format!("nothing visible matches `{word}`"))
            }),
        }
    }
    if !refused.is_empty() {
        return Answer::Refused(refused);
    }
    let options =
        SolveOptions { weak_deps: question.weak, best: question.best, ..SolveOptions::default() };
    let solution = match solve(universe, &seen, jobs.clone(), options) {
        Outcome::GaveUp => return Answer::GaveUp,
        Outcome::Refused(refusal) => {
            return Answer::Refused(facts(universe, &jobs, &refusal, &visible));
        }
        Outcome::Solved(solution) => solution,
    };
    let installs = || solution.installs.iter().map(|(package, _)| *package);
    if let Err(trouble) = modules.enable_for(&streams, &active, installs()) {
        let error = SpecError { spec: question.words.join(" "), trouble };
        return Answer::Refused(vec![fact("module", error.to_string())]);
    }
    let changes = modules.changes();
    if !changes.switched.is_empty() && !question.stream_switch {
        let text = "It is not possible to switch enabled streams of a module unless explicitly enabled via \
                    configuration option module_stream_switch.";
        return Answer::Refused(vec![fact("module", text.to_owned())]);
    }
    let names: HashSet<&str> = profiles.packages.iter().map(|it| it.name.as_str()).collect();
    let of_profile = installs()
        .filter(|package| names.contains(universe.name_text(universe.name(*package))))
        .map(|package| package.0)
        .collect();
    let packages = transaction::packages(universe, &solution, &of_profile, |repo| {
        let index = view.index(repo).expect("what is installed does not go in");
        Ok::<_, Box<dyn std::error::Error>>(index.warm()?)
    });
    let pairs = |list: &[(String, String)], between: &str| -> BTreeSet<String> {
        list.iter().map(|(module, of)| format!("{module}{between}{of}")).collect()
    };
    let switched = changes.switched.iter().map(|(module, _, to)| format!("{module}:{to}"));
    Answer::Done(Box::new(Done {
        packages: packages.unwrap(),
        remove: solution.removals.iter().map(|package| universe.nevra(*package)).collect(),
        enabled: pairs(&changes.enabled, ":").into_iter().chain(switched).collect(),
        disabled: changes.disabled.iter().cloned().collect(),
        reset: changes.reset.iter().cloned().collect(),
        profiles_added: pairs(&changes.profiles_added, "/"),
        profiles_removed: pairs(&changes.profiles_removed, "/"),
        active: active_documents(&streams, &active),
        warnings: problems().collect(),
    }))
}

/// dnf's words by what they do.
#[derive(Default)]
struct Request<'q> {
    packages: Vec<&'q str>,
    /// Module arguments whose streams get enabled.
    enable: Vec<&'q str>,
    /// Whether the profiles of those get installed.
    installs_profiles: bool,
    disable: Vec<&'q str>,
    reset: Vec<&'q str>,
}

impl<'q> Request<'q> {
    fn of(words: &[&'q str]) -> Self {
        let mut request = Request::default();
        match words {
            ["install", rest @ ..] => {
                let (modules, packages) = rest.iter().partition(|word| word.starts_with('@'));
                let modules: Vec<&str> = modules;
                request.packages = packages;
                request.enable = modules.into_iter().map(|word| &word[1..]).collect();
                request.installs_profiles = true;
            }
            ["module", "install", rest @ ..] => {
                request.enable = rest.to_vec();
                request.installs_profiles = true;
            }
            ["module", "enable", rest @ ..] => request.enable = rest.to_vec(),
            ["module", "disable", rest @ ..] => request.disable = rest.to_vec(),
            ["module", "reset", rest @ ..] => request.reset = rest.to_vec(),
            _ => panic!("{words:?} are on the list of what is left to later"),
        }
        request
    }
}

fn facts(
    universe: &Universe<'_>,
    jobs: &[Job],
    refusal: &modex_resolver::solve::explain::Refusal,
    modular: &Visible<'_, '_>,
) -> Vec<PlanFact> {
    let by = |package| {
        let words = if modular.is_hidden(package) { "modules" } else { "an exclude" };
        Some(explain::Hider { streams: None, words: words.to_owned() })
    };
    explain::facts(universe, jobs, refusal, &by)
}

fn fact(kind: &'static str, text: String) -> PlanFact {
    PlanFact { kind, text, packages: Vec::new(), dependency: None, stream: None }
}

fn active_documents(streams: &Streams<'_, '_>, active: &ActiveStreams) -> BTreeSet<String> {
    active.documents().map(|document| streams.identity(document).to_string()).collect()
}
