//! From a request to an answer: which streams are active, what they hide, which packages go in.

use crate::commands::{Marker, Marks, Skip};
use crate::error::ResolveError;
use crate::explain::{self, HiddenBy};
use crate::modules::{
    ModuleChanges, ModuleJobs, ModuleRequest, Profiles, SpecError, Stage, let_go,
};
use crate::orphans;
use crate::request::{ModuleVerb, Request, Verb, Words};
use crate::solve::{INSTALL_ONLY, Outcome, Solution, SolveOptions, solve};
use crate::store::universe::{PackageId, RepoOptions};
use crate::streams::{ErrorClass, ModuleStates, Streams};
use crate::system::installed::InstallReason;
use crate::transaction;
use crate::visible::Visible;
use crate::world::World;
use data_encoding::HEXLOWER;
use modex_formats::module::Nsvca;
use modex_formats::plan::{PLAN_VERSION, Plan, PlanFact, PlanIndex, PlanStates, Totals};
use modex_formats::rpm::Nevra;
use std::collections::HashSet;

/// How to resolve; as dnf is set up where nothing is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Follow Recommends and Supplements (`install_weak_deps`).
    pub weak_deps: bool,
    /// What is asked for must come in its best version (`best`).
    pub best: bool,
    /// An enabled stream may give way to another (`module_stream_switch`).
    pub stream_switch: bool,
    /// Streams that are obsolete at this moment (`YYYYMMDDHHMM`, UTC) give way first (`module_obsoletes`); `None`: they
    /// stay.
    pub module_obsoletes: Option<u64>,
    /// Packages of the repositories that are left out (`excludepkgs`), in dnf's words for packages.
    pub exclude: Vec<String>,
    /// Where there is any: the only packages of the repositories that are not left out (`includepkgs`).
    pub include: Vec<String>,
    /// Every architecture of a name is installed (`multilib_policy=all`), not the best one.
    pub every_arch: bool,
    /// Installed packages may be erased to make room (`--allowerasing`).
    pub allow_erasing: bool,
    /// What cannot be installed fails the command; off: it is left out (`--skip-broken`).
    pub strict: bool,
    /// What only removed packages needed goes with them (`clean_requirements_on_remove`).
    pub clean_requirements: bool,
    /// Names and capabilities of packages that are added beside older versions (`installonlypkgs`).
    pub install_only: Vec<String>,
    /// How many packages of one install-only name may be installed (`installonly_limit`); 0: any number.
    pub install_only_limit: u32,
    /// Names of packages that must not be removed (`protected_packages`).
    pub protected: Vec<String>,
    /// The release of the running kernel, as `uname -r` says it: its package must not be removed.
    pub running_kernel: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            weak_deps: true,
            best: false,
            stream_switch: false,
            module_obsoletes: None,
            exclude: Vec::new(),
            include: Vec::new(),
            every_arch: false,
            allow_erasing: false,
            strict: true,
            clean_requirements: true,
            install_only: INSTALL_ONLY.map(str::to_owned).to_vec(),
            install_only_limit: 3,
            protected: vec![String::from("dnf")],
            running_kernel: None,
        }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What came of it.
    pub verdict: Verdict,
    /// What dnf would say beside it, in this order.
    pub warnings: Vec<Warning>,
}

/// What came of a request.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It can be done.
    Solved(Box<Solved>),
    /// It cannot be done. The plan has no packages; its `refused` tells why.
    Refused(Box<Plan>),
    /// The search took too long: no real repository is that complex.
    GaveUp,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Solved {
    /// Packages and streams, for machines.
    pub plan: Plan,
    /// What becomes of the decisions about modules, beyond what a plan can say.
    pub modules: ModuleChanges,
    /// The decisions about modules afterwards.
    pub states: ModuleStates,
    /// The stream documents that are in force, sorted.
    pub active: Vec<Nsvca>,
    /// Of the streams that are enabled now the documents that are in force, the newest of each context.
    pub enabled: Vec<EnabledDocument>,
    /// The packages behind the plan.
    pub(crate) solution: Solution,
    /// Those of them that profiles name.
    pub(crate) of_profile: HashSet<PackageId>,
    /// Installed packages that are there as dependencies from now on.
    pub(crate) needed: Vec<PackageId>,
}

/// A document of a stream that is enabled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnabledDocument {
    /// Id of its repository.
    pub repo: String,
    /// The document.
    pub nsvca: Nsvca,
}

/// Something that does not stand in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Default streams had to give way: dnf's "Modular dependency problems", a line each.
    Modular(Vec<String>),
    /// This stream of this module is enabled, and neither a repository nor a fail-safe copy has it.
    Lost {
        /// The module.
        module: String,
        /// The stream.
        stream: String,
    },
    /// Modules were asked for on a system without a platform.
    NoPlatform,
    /// An argument that is passed over, in dnf's words.
    Note(String),
    /// This installed package, by its NEVRA, stays: another active stream ships it too.
    Shared(String),
    /// This installed package, by its NEVRA, is what was asked for.
    AlreadyInstalled(String),
    /// This word comes to nothing.
    Skipped {
        /// The word.
        word: String,
        /// Why.
        why: Skip,
    },
}

impl World<'_> {
    /// Answers a request as dnf 4.14 would. Takes milliseconds on real repositories; the search is bounded
    /// ([`SolveOptions::limit`]). The warm file of every repository that has a package in the answer is opened, and for a
    /// path that no hot file knows the cold files.
    ///
    /// # Errors
    /// There can be no answer, neither yes nor no. That there is no solution is an answer.
    pub fn resolve(&self, request: &Request, options: &Options) -> Result<Answer, ResolveError> {
        let mut warnings = Vec::new();
        let solved =
            self.with_streams(|streams| self.solved(streams, request, options, &mut warnings));
        let verdict = match solved {
            Ok(solved) => Verdict::Solved(Box::new(solved)),
            Err(Stop::Refused(refused)) => {
                Verdict::Refused(Box::new(Plan { refused, ..self.plan(request, options) }))
            }
            Err(Stop::GaveUp) => Verdict::GaveUp,
            Err(Stop::Error(error)) => return Err(error),
        };
        self.check()?;
        Ok(Answer { verdict, warnings })
    }

    /// The three stages in their order.
    fn solved(
        &self,
        streams: &Streams<'_, '_>,
        request: &Request,
        options: &Options,
        warnings: &mut Vec<Warning>,
    ) -> Result<Solved, Stop> {
        let (universe, system) = (self.universe(), self.system());
        if self.indexed().next().is_none() && wants_repository(request) {
            return Err(Stop::Refused(vec![explain::plain("no-repository", NO_REPOSITORY.into())]));
        }
        let enabled =
            system.modules.0.keys().filter_map(|it| Some((it, system.modules.enabled(it)?)));
        let lost = enabled.filter(|(module, stream)| !streams.has_stream(module, stream));
        warnings.extend(lost.map(|(module, stream)| Warning::Lost {
            module: module.clone(),
            stream: stream.to_owned(),
        }));
        // Stage one: which streams are active.
        let before = ModuleRequest::new(system.modules.clone());
        // Who only removes loads no repository, and follows nothing in one.
        let obsoletes = options.module_obsoletes.filter(|_| !is_about_installed(request));
        let mut stage = Stage::new(streams, before, request, obsoletes, options.strict);
        let active = std::mem::take(&mut stage.active);
        // Stage two: what they hide, and what the words mean among the rest.
        let mut visible = Visible::new(universe, &active);
        visible.exclude(self.excluded(options));
        let hidden_by = |package| explain::hider(streams, &visible, package);
        let clean_deps = options.clean_requirements;
        let ModuleJobs { mut jobs, unless_needed, errors, notes, shared } =
            stage.jobs(universe, &visible, clean_deps);
        let user_installed = self.user_installed();
        let (gone, needed) = let_go(universe, system, &user_installed, &unless_needed, clean_deps);
        jobs.extend(gone);
        warnings
            .extend(stage.notes.iter().chain(&notes).map(|note| Warning::Note(note.to_string())));
        let kept = shared.iter().map(|package| universe.nevra(*package));
        warnings.extend(kept.map(Warning::Shared));
        let errors = stage.errors.iter().chain(&errors);
        let mut refused: Vec<PlanFact> =
            errors.map(|error| explain::module(request, error)).collect();
        // To enable a stream that cannot be active is refused; to install its profiles is an error by itself.
        let must_be_active = stage.must_be_active && active.class > ErrorClass::InDefaults;
        if must_be_active || !refused.is_empty() {
            let problems = explain::problems(&active);
            refused.extend(problems.map(|text| explain::plain("module", text)));
        } else if active.class != ErrorClass::None {
            warnings.push(Warning::Modular(explain::problems(&active).collect()));
        } else if self.platform().is_none() && !request.modules.is_empty() {
            warnings.push(Warning::NoPlatform);
        }
        if !request.files.is_empty() && !jobs.is_empty() {
            refused.push(explain::plain("files", NO_FILES.to_owned()));
        }
        let marks = self.mark(request, options, &visible, &hidden_by, &user_installed);
        warnings.extend(marks.warnings);
        refused.extend(marks.refused);
        jobs.extend(marks.jobs);
        self.check()?;
        if !refused.is_empty() {
            return Err(Stop::Refused(refused));
        }
        // Stage three: which packages go in.
        let how = self.how(request, options, user_installed);
        let outcome = solve(universe, &visible, jobs.clone(), how);
        self.check()?;
        let solution = match outcome {
            Outcome::Solved(solution) => solution,
            Outcome::Refused(refusal) => {
                return Err(Stop::Refused(explain::facts(universe, &jobs, &refusal, &hidden_by)));
            }
            Outcome::GaveUp => return Err(Stop::GaveUp),
        };
        // And back: what goes in enables its streams.
        let installs = solution.installs.iter().map(|(package, _)| *package);
        if let Err(trouble) = stage.modules.enable_for(streams, &active, installs) {
            let error = SpecError::new(&request.words.join(" "), trouble);
            return Err(Stop::Refused(vec![explain::module(request, &error)]));
        }
        let changes = stage.modules.changes();
        let may_switch =
            options.stream_switch || request.verb == Verb::Module(ModuleVerb::SwitchTo);
        if !changes.switched.is_empty() && !may_switch {
            return Err(Stop::Refused(vec![explain::plain("module", NO_SWITCH.to_owned())]));
        }
        let orphans = orphans::refused(universe, &active, &solution);
        if !orphans.is_empty() {
            return Err(Stop::Refused(orphans));
        }
        let mut plan = self.plan(request, options);
        plan.modules = transaction::modules(streams, &active, &changes, &stage.profiles);
        plan.states = transaction::states(&changes);
        let of_profile = self.of_profile(&solution, &stage.profiles);
        plan.packages = transaction::packages(self, &solution, &of_profile)?;
        plan.totals = transaction::totals(&plan.packages);
        let enabled = match is_about_installed(request) {
            true => Vec::new(),
            false => transaction::enabled(streams, &active, stage.modules.states()),
        };
        let mut active: Vec<Nsvca> = active.documents().map(|it| streams.identity(it)).collect();
        active.sort();
        let marked = needed.iter().map(|package| universe.nevra(*package));
        plan.now_dependencies = marked.collect();
        let states = stage.modules.states().clone();
        Ok(Solved { plan, modules: changes, states, active, enabled, solution, of_profile, needed })
    }

    /// The packages of the repositories that are left out by hand. What is installed stays.
    pub(crate) fn excluded(&self, options: &Options) -> Vec<PackageId> {
        let universe = self.universe();
        let (everything, owners) = (Visible::all(universe), self.owners());
        let words = Words::new(universe, &everything, &owners).with_sources(true);
        let meant = |list: &[String]| -> HashSet<PackageId> {
            list.iter().filter_map(|word| words.find(word)).flat_map(|it| it.packages).collect()
        };
        let mut excluded = meant(&options.exclude);
        let included_anywhere = meant(&options.include);
        let of_repo = |repo: u32, package: &PackageId| universe.locate(*package).0 == repo;
        for (repo, index) in (0..).zip(universe.repos()) {
            let RepoOptions { exclude, include, .. } = &index.options;
            if !exclude.is_empty() {
                excluded.extend(meant(exclude).into_iter().filter(|it| of_repo(repo, it)));
            }
            if !include.is_empty() || !options.include.is_empty() {
                let included = meant(include);
                let is_included = |package: &PackageId| {
                    included.contains(package) || included_anywhere.contains(package)
                };
                let all = (0..index.len()).map(|local| universe.package(repo, local));
                excluded.extend(all.filter(|package| !is_included(package)));
            }
        }
        excluded.into_iter().filter(|it| !universe.is_installed(*it)).collect()
    }

    /// What the command makes of the package words.
    fn mark(
        &self,
        request: &Request,
        options: &Options,
        visible: &Visible<'_, '_>,
        hidden_by: &HiddenBy<'_>,
        user_installed: &foldhash::HashSet<PackageId>,
    ) -> Marks {
        let (universe, owners) = (self.universe(), self.owners());
        let everything = Visible::all(universe);
        let is_file = |word: &str| request.files.iter().any(|file| file == word);
        let marker = Marker {
            universe,
            words: &Words::new(universe, visible, &owners)
                .installed_only(is_about_installed(request))
                .every_arch(options.every_arch),
            all_words: &Words::new(universe, &everything, &owners),
            file: &|word| self.package_of_file(word).filter(|_| is_file(word)),
            hidden_by,
            strict: options.strict,
            // To dnf, modules and groups are always something.
            must_do: request.verb != Verb::Upgrade || request.modules.is_empty(),
            clean_deps: options.clean_requirements || request.verb == Verb::Autoremove,
        };
        // dnf takes the files first.
        let words = &[&request.files[..], &request.packages].concat();
        if words.is_empty() && !request.modules.is_empty() {
            return Marks::default();
        }
        match request.verb {
            Verb::Install => marker.install(words),
            Verb::Upgrade => marker.upgrade(words),
            Verb::DistroSync => marker.sync(words),
            Verb::Downgrade => marker.downgrade(words),
            Verb::Reinstall => marker.reinstall(words),
            Verb::Remove => marker.remove(words),
            Verb::Autoremove if words.is_empty() => marker.autoremove(user_installed),
            Verb::Autoremove => marker.remove(words),
            Verb::Module(_) => Marks::default(),
        }
    }

    /// How a request is solved.
    fn how(
        &self,
        request: &Request,
        options: &Options,
        user_installed: foldhash::HashSet<PackageId>,
    ) -> SolveOptions {
        let universe = self.universe();
        let installed = || universe.installed().map(PackageId);
        let name = |package: PackageId| universe.name_text(universe.name(package));
        let is_protected = |package: &PackageId| {
            options.protected.iter().any(|protected| protected == name(*package))
        };
        let is_kernel = |package: PackageId, release: &str| {
            let Nevra { evr, arch, .. } = universe.identity(package);
            release == format!("{}-{}.{arch}", evr.version, evr.release.unwrap_or(""))
        };
        let kernel = |of_name: &str| {
            let release = options.running_kernel.as_deref()?;
            installed().find(|package| name(*package) == of_name && is_kernel(*package, release))
        };
        let installed_only = is_about_installed(request);
        SolveOptions {
            weak_deps: options.weak_deps,
            best: options.best,
            install_only: options.install_only.clone(),
            install_only_limit: options.install_only_limit,
            allow_erasing: options.allow_erasing || installed_only,
            protected: installed().filter(is_protected).collect(),
            user_installed,
            running_kernel: kernel("kernel-core").or_else(|| kernel("kernel")),
            installed_only,
            ..SolveOptions::default()
        }
    }

    /// The installed packages that were asked for, or of which nobody knows.
    fn user_installed(&self) -> foldhash::HashSet<PackageId> {
        let is_dependency = |package: &PackageId| {
            matches!(
                self.system().reason(*package),
                InstallReason::Dependency | InstallReason::Weak
            )
        };
        let installed = self.universe().installed().map(PackageId);
        installed.filter(|package| !is_dependency(package)).collect()
    }

    fn owners(&self) -> impl Fn(u32, &str) -> Vec<u32> + '_ {
        |repo, path| self.path_owners(repo, path)
    }

    /// The packages that go in and that profiles name.
    fn of_profile(&self, solution: &Solution, profiles: &Profiles) -> HashSet<PackageId> {
        let universe = self.universe();
        let names: HashSet<&str> = profiles.packages.iter().map(|it| it.name.as_str()).collect();
        let installs = solution.installs.iter().map(|(package, _)| *package);
        installs
            .filter(|package| names.contains(universe.name_text(universe.name(*package))))
            .collect()
    }

    /// A plan of which nothing is known but the question.
    fn plan(&self, request: &Request, options: &Options) -> Plan {
        let indexes = self.indexed().map(|(repo, index)| PlanIndex {
            repo: repo.options.id.clone(),
            source: HEXLOWER.encode(&repo.hot.source),
            hot: index.entry().hot.sha256.clone(),
        });
        Plan {
            version: PLAN_VERSION,
            request: request.words.clone(),
            arch: self.system().arch.clone(),
            platform: self.platform().map(str::to_owned),
            weak_deps: options.weak_deps,
            best: options.best,
            modules: Vec::new(),
            states: PlanStates::default(),
            packages: Vec::new(),
            now_dependencies: Vec::new(),
            totals: Totals::default(),
            refused: Vec::new(),
            hints: Vec::new(),
            indexes: indexes.collect(),
        }
    }
}

/// Whether dnf leaves the repositories out: it removes what it is told, and looks for no replacement.
fn is_about_installed(request: &Request) -> bool {
    match request.verb {
        Verb::Remove => request.modules.is_empty(),
        Verb::Autoremove => !request.packages.is_empty(),
        _ => false,
    }
}

/// Whether dnf does not even start without an enabled repository.
fn wants_repository(request: &Request) -> bool {
    let from_repositories = Verb::takes_files(request.verb) || request.verb == Verb::DistroSync;
    from_repositories && request.files.is_empty()
}

/// As dnf 4.14 has it, which names the folders as well.
const NO_REPOSITORY: &str = "There are no enabled repositories";

/// dnf 4.14's words.
const NO_SWITCH: &str = "It is not possible to switch enabled streams of a module unless explicitly enabled via \
                         configuration option module_stream_switch.";

/// dnf 4.14's words and what to do: it takes no package files once modules have made it want packages.
const NO_FILES: &str = "Cannot add local packages, because transaction job already exists; name modules and package files in \
                        commands of their own";

/// Why there is nothing to be done.
enum Stop {
    Refused(Vec<PlanFact>),
    GaveUp,
    Error(ResolveError),
}

impl<E: Into<ResolveError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop::Error(error.into())
    }
}
