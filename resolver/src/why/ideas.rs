//! What might work where a request does not. Whether it does is another matter: see `trial`.

use super::scene::Scene;
use super::trial::Trials;
use crate::error::ResolveError;
use crate::request::{Request, Verb};
use crate::resolve::{Options, Solved};
use crate::store::universe::{NameRef, PackageId};
use crate::system::installed::InstalledPackage;
use crate::world::World;
use modex_formats::module::ModuleSpec;
use modex_formats::plan::{PlanFact, PlanHint};
use std::collections::BTreeSet;

/// Something to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Idea {
    /// The commands to give, one after the other, in dnf's words.
    pub(super) commands: Vec<Vec<String>>,
    /// What else is to be otherwise.
    pub(super) change: Change,
}

/// An option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    AllowErasing,
    NoBest,
    SkipBroken,
    NoExcludes,
    WithoutRepo(String),
    Hotfixes(String),
}

impl Change {
    /// The option as the command line spells it.
    pub(super) fn words(&self) -> Vec<String> {
        match self {
            Change::Nothing => Vec::new(),
            Change::AllowErasing => vec![String::from("--allow-erasing")],
            Change::NoBest => vec![String::from("--nobest")],
            Change::SkipBroken => vec![String::from("--skip-broken")],
            Change::NoExcludes => vec![String::from("--disable-excludes")],
            Change::WithoutRepo(id) => vec![format!("--disablerepo={id}")],
            Change::Hotfixes(id) => vec![format!("--setopt={id}.module_hotfixes=1")],
        }
    }
}

impl World<'_> {
    /// What would work in place of a refused request, each resolved before it is named, the cheapest first. `installed` is
    /// what the system was told to have. At most [`MOST_TRIALS`](super::MOST_TRIALS) ideas are tried.
    ///
    /// # Errors
    /// As [`World::resolve`].
    pub fn hints(
        &self,
        request: &Request,
        options: &Options,
        refused: &[PlanFact],
        installed: &[InstalledPackage],
    ) -> Result<Vec<PlanHint>, ResolveError> {
        let ideas = self.scene(options, |scene| {
            let mut ideas = Ideas::new(request.words.clone());
            ideas.of_refusal(scene, request, refused);
            ideas.all
        })?;
        let does_something = |_: &Idea, _: &World<'_>, solved: &Solved| {
            !solved.plan.packages.is_empty() || !solved.plan.states.is_empty()
        };
        Ok(Trials::new(self, options, installed).all(ideas, &request.words, does_something))
    }
}

/// A list of ideas, each once, about one command.
pub(super) struct Ideas {
    pub(super) all: Vec<Idea>,
    command: Vec<String>,
    /// Streams that hide what they ship and could be enabled: module and stream.
    streams: Vec<(String, String)>,
}

/// Of one kind, no more than these are worth a thought.
const MOST_OF_A_KIND: usize = 4;

impl Ideas {
    pub(super) fn new(command: Vec<String>) -> Self {
        Ideas { all: Vec::new(), command, streams: Vec::new() }
    }

    fn push(&mut self, idea: Idea) {
        if !self.all.contains(&idea) {
            self.all.push(idea);
        }
    }

    /// Module commands before the command.
    fn after(&mut self, before: &[String]) {
        let split = |words: &String| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let mut commands: Vec<Vec<String>> = before.iter().map(split).collect();
        commands.push(self.command.clone());
        self.push(Idea { commands, change: Change::Nothing });
    }

    /// The command with an option.
    pub(super) fn with(&mut self, change: Change) {
        self.push(Idea { commands: vec![self.command.clone()], change });
    }

    /// Another command in its place.
    pub(super) fn instead(&mut self, command: Vec<String>) {
        self.push(Idea { commands: vec![command], change: Change::Nothing });
    }

    /// The command with another word in the place of one.
    fn replace(&mut self, word: &str, by: &str) {
        let same = |known: &String| known == word || known.strip_prefix('@') == Some(word);
        let at = self.command.iter().map(|known| match (same(known), known.strip_prefix('@')) {
            (false, _) => known.clone(),
            (true, Some(_)) => format!("@{by}"),
            (true, None) => by.to_owned(),
        });
        let mut words: Vec<String> = Vec::with_capacity(self.command.len());
        for word in at {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        self.instead(words);
    }

    /// Everything that makes a stream active.
    pub(super) fn bring_in(&mut self, scene: &Scene<'_>, module: &str, stream: &str) {
        let states = &scene.world.system().modules;
        let spec = format!("{module}:{stream}");
        match states.enabled(module) {
            // It is wanted already: something else keeps it out.
            Some(enabled) if enabled == stream => {}
            Some(_) => {
                self.after(&[format!("module reset {module}"), format!("module enable {spec}")]);
                self.after(&[format!("module switch-to {spec}")]);
            }
            None => {
                if states.is_disabled(module)
                    && scene.streams.defaults().stream(module) == Some(stream)
                {
                    self.after(&[format!("module reset {module}")]);
                }
                self.after(&[format!("module enable {spec}")]);
            }
        }
    }

    /// Everything that keeps an active stream from hiding packages of these repositories.
    pub(super) fn set_free(&mut self, scene: &Scene<'_>, module: &str, repos: &BTreeSet<String>) {
        let states = &scene.world.system().modules;
        if states.enabled(module).is_some() && scene.streams.defaults().stream(module).is_none() {
            self.after(&[format!("module reset {module}")]);
        } else {
            self.after(&[format!("module disable {module}")]);
        }
        for repo in repos.iter().take(MOST_OF_A_KIND) {
            self.with(Change::Hotfixes(repo.clone()));
        }
    }

    /// What the facts of a refusal suggest.
    pub(super) fn of_refusal(
        &mut self,
        scene: &Scene<'_>,
        request: &Request,
        refused: &[PlanFact],
    ) {
        let options = scene.options;
        for fact in refused {
            match (fact.kind, &fact.stream) {
                ("hidden" | "no-match", Some(streams)) => self.of_hidden(scene, fact, streams),
                ("hidden" | "no-match", None) if !options.exclude.is_empty() => {
                    self.with(Change::NoExcludes);
                }
                ("not-best", _) if options.best => self.with(Change::NoBest),
                ("module", _) => self.of_module(scene, request, fact),
                _ => {}
            }
        }
        if self.streams.len() > 1 {
            let specs: Vec<String> =
                self.streams.iter().map(|(module, stream)| format!("{module}:{stream}")).collect();
            self.after(&[format!("module enable {}", specs.join(" "))]);
        }
        let is_about_installed =
            |fact: &PlanFact| fact.packages.iter().any(|it| is_installed(scene, it));
        if !options.allow_erasing && refused.iter().any(is_about_installed) {
            self.with(Change::AllowErasing);
        }
        for fact in refused.iter().filter(|fact| matches!(fact.kind, "asked" | "hidden")) {
            self.of_repositories(scene, fact);
        }
        for fact in refused.iter().filter(|fact| fact.kind == "no-match") {
            self.of_versions(scene, fact);
        }
        let is_install = matches!(request.verb, Verb::Install | Verb::Upgrade);
        if options.strict && is_install && request.packages.len() + request.modules.len() > 1 {
            self.with(Change::SkipBroken);
        }
    }

    /// Something hidden: by its own stream, which is not active, or by another one, which is.
    fn of_hidden(&mut self, scene: &Scene<'_>, fact: &PlanFact, streams: &str) {
        let hidden: BTreeSet<String> = fact
            .packages
            .iter()
            .filter_map(|nevra| scene.find(nevra))
            .map(|package| scene.repo(package).to_owned())
            .collect();
        for (number, name) in streams.split(", ").take(MOST_OF_A_KIND).enumerate() {
            let Some((module, stream)) = name.split_once(':') else { continue };
            let mut documents = scene.documents(module).into_iter();
            let is_active = documents
                .any(|document| scene.active.is_active(document) && scene.stream(document) == name);
            match is_active {
                true => self.set_free(scene, module, &hidden),
                false => {
                    let is_other = self.streams.iter().all(|(known, _)| known != module);
                    if number == 0
                        && is_other
                        && scene.world.system().modules.enabled(module).is_none()
                    {
                        self.streams.push((module.to_owned(), stream.to_owned()));
                    }
                    self.bring_in(scene, module, stream);
                }
            }
        }
    }

    /// A module argument that cannot be followed: other streams, other profiles, a switch.
    fn of_module(&mut self, scene: &Scene<'_>, request: &Request, fact: &PlanFact) {
        let states = &scene.world.system().modules;
        for module in states.0.keys() {
            let named = [format!("{module}:"), format!("module({module}")];
            let mut words = fact.text.split([' ', '\'']);
            if words.any(|word| named.iter().any(|name| word.starts_with(name))) {
                self.after(&[format!("module reset {module}")]);
            }
        }
        let Some(word) = &fact.dependency else {
            // Streams would be switched, which dnf does when told so only.
            for spec in request.modules.iter().filter_map(|it| ModuleSpec::parse(it)) {
                self.after(&[format!("module reset {}", spec.name)]);
            }
            let specs = request.modules.iter().cloned();
            let words = ["module", "switch-to"].into_iter().map(str::to_owned);
            return self.instead(words.chain(specs).collect());
        };
        let Some(spec) = ModuleSpec::parse(word) else { return };
        let meant = scene.streams.matching(&spec);
        let own = scene.streams_of(&meant);
        let mut others = scene.documents(&spec.name);
        if let [only] = &own[..] {
            let profiles = meant.first().map(|it| scene.profiles(*it)).unwrap_or_default();
            for profile in profiles.iter().take(MOST_OF_A_KIND) {
                self.replace(word, &format!("{only}/{profile}"));
            }
            others.retain(|other| scene.stream(*other) != *only);
        }
        others.sort_by_cached_key(|other| scene.stream(*other));
        others.dedup_by_key(|other| scene.stream(*other));
        for other in others.into_iter().take(MOST_OF_A_KIND) {
            let (stream, profiles) = (scene.stream(other), scene.profiles(other));
            match &spec.profile {
                Some(profile) => self.replace(word, &format!("{stream}/{profile}")),
                None => {
                    self.replace(word, &stream);
                    // Without a default profile nothing goes in unless one is named.
                    let usual = profiles.iter().find(|it| *it == "common").or(profiles.first());
                    let has_default = || {
                        let module = &spec.name;
                        let stream = stream.split_once(':').map_or("", |(_, stream)| stream);
                        let defaults = scene.streams.defaults();
                        !defaults.profiles(scene.universe, module, stream).is_empty()
                    };
                    if let Some(profile) = usual.filter(|_| !has_default()) {
                        self.replace(word, &format!("{stream}/{profile}"));
                    }
                }
            }
        }
    }

    /// The same name from another repository, without this one.
    fn of_repositories(&mut self, scene: &Scene<'_>, fact: &PlanFact) {
        let Some(package) = fact.packages.first().and_then(|it| scene.find(it)) else { return };
        let universe = scene.universe;
        let (own, _) = universe.locate(package);
        let elsewhere = universe.of_name(universe.name(package)).any(|other| {
            universe.locate(other).0 != own
                && !universe.is_installed(other)
                && !scene.visible.is_hidden(other)
        });
        if elsewhere && !universe.is_installed(package) {
            self.with(Change::WithoutRepo(scene.repo(package).to_owned()));
        }
    }

    /// A version that there is, in place of one that there is not.
    fn of_versions(&mut self, scene: &Scene<'_>, fact: &PlanFact) {
        let Some(word) = &fact.dependency else { return };
        let hidden = fact.packages.first().and_then(|it| scene.find(it));
        let name = hidden.map(|package| scene.universe.name(package));
        let name = name.or_else(|| scene.name_of(word));
        let best = name.and_then(|name| scene.best_of_name(name));
        if let Some(best) = best {
            self.replace(word, &scene.universe.nevra(best));
        }
    }
}

fn is_installed(scene: &Scene<'_>, nevra: &str) -> bool {
    let universe = scene.universe;
    scene.find_all(nevra).any(|package| universe.is_installed(package))
}

impl Scene<'_> {
    /// The packages of a full NEVRA, installed ones first.
    fn find_all<'f>(&'f self, nevra: &'f str) -> impl Iterator<Item = PackageId> + 'f {
        let parsed = modex_formats::rpm::Nevra::parse(nevra);
        let name = parsed.and_then(|it| self.known_name(it.name));
        let packages = name.into_iter().flat_map(|name| self.universe.of_name(name));
        packages.filter(move |package| self.universe.nevra(*package) == nevra)
    }

    /// The package of a full NEVRA, one of a repository where there is one.
    pub(super) fn find(&self, nevra: &str) -> Option<PackageId> {
        let all: Vec<PackageId> = self.find_all(nevra).collect();
        let of_repo = all.iter().copied().find(|package| !self.universe.is_installed(*package));
        of_repo.or_else(|| all.first().copied())
    }

    fn known_name(&self, name: &str) -> Option<NameRef> {
        (0..self.universe.repos().len() as u32).find_map(|repo| self.universe.find_name(repo, name))
    }

    /// The name in a word for a package of some version.
    fn name_of(&self, word: &str) -> Option<NameRef> {
        let is_version = |rest: &str| rest.starts_with(|it: char| it.is_ascii_digit());
        let cuts = word.rmatch_indices('-').filter(|(at, _)| is_version(&word[at + 1..]));
        let cuts = cuts.map(|(at, _)| &word[..at]);
        let mut names = cuts.filter_map(|name| self.known_name(name));
        names.find(|name| self.universe.of_name(*name).next().is_some())
    }

    /// The newest visible package of a name.
    pub(super) fn best_of_name(&self, name: NameRef) -> Option<PackageId> {
        let universe = self.universe;
        let visible = universe.of_name(name).filter(|package| {
            universe.arch(*package).fits()
                && !universe.is_installed(*package)
                && !self.visible.is_hidden(*package)
        });
        visible.max_by(|a, b| universe.compare_evrs(*a, *b))
    }

    /// The names of a document's profiles.
    fn profiles(&self, document: crate::streams::DocumentRef) -> Vec<String> {
        let hot = &self.universe.repo(document.repo).hot;
        let profiles = hot.modules.profiles(document.document);
        let mut found: Vec<String> =
            profiles.map(|(name, _)| self.streams.text(document, name).to_owned()).collect();
        found.dedup();
        found
    }
}
