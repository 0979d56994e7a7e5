//! Stage one of a command: what becomes of the streams, and what that asks of packages.

use super::install::{Profiles, Unnamed};
use super::remove::{self, Removal};
use super::request::ModuleRequest;
use super::switch::Switch;
use super::trouble::{SpecError, Trouble};
use super::update::{self, Update};
use super::{documents::visible_of_name, obsoletes};
use crate::request::{ModuleVerb, Request, Verb};
use crate::solve::{Job, Work};
use crate::store::universe::{PackageId, Universe};
use crate::streams::{ActiveStreams, Streams};
use crate::visible::Visible;

/// Stage one, done.
pub(crate) struct Stage {
    /// The decisions about modules after the command.
    pub(crate) modules: ModuleRequest,
    /// The streams that are active after it.
    pub(crate) active: ActiveStreams,
    /// What keeps the command from being followed.
    pub(crate) errors: Vec<SpecError>,
    /// What dnf says of arguments that it passes over.
    pub(crate) notes: Vec<SpecError>,
    /// The profiles that the command installs.
    pub(crate) profiles: Profiles,
    /// Whether streams that cannot be active refuse the command.
    pub(crate) must_be_active: bool,
    strict: bool,
    moves: Moves,
}

/// What else packages are to do.
enum Moves {
    Nothing,
    Update(Vec<Update>),
    Remove(Removal),
    Switch(Switch),
}

/// What packages are to do, as jobs.
#[derive(Default)]
pub(crate) struct ModuleJobs {
    /// The jobs.
    pub(crate) jobs: Vec<Job>,
    /// Installed packages that go where nothing needs them.
    pub(crate) unless_needed: Vec<PackageId>,
    /// What keeps the command from being followed.
    pub(crate) errors: Vec<SpecError>,
    /// What is passed over.
    pub(crate) notes: Vec<SpecError>,
    /// Installed packages that other active streams ship too: they stay.
    pub(crate) shared: Vec<PackageId>,
}

impl Stage {
    /// Follows the module arguments of a command. `obsoletes` is the moment (`YYYYMMDDHHMM`) at which obsolete streams give
    /// way first; `None`: they do not. Not `strict`: arguments that cannot be followed are passed over.
    pub(crate) fn new(
        streams: &Streams<'_, '_>,
        mut modules: ModuleRequest,
        request: &Request,
        obsoletes: Option<u64>,
        strict: bool,
    ) -> Self {
        let mut notes = Vec::new();
        if let Some(now) = obsoletes {
            notes = obsoletes::apply(streams, now, &mut modules);
        }
        let specs = &request.modules;
        let mut stage = Stage {
            modules,
            active: ActiveStreams::default(),
            errors: Vec::new(),
            notes,
            profiles: Profiles::default(),
            must_be_active: false,
            strict,
            moves: Moves::Nothing,
        };
        match request.verb {
            Verb::Module(ModuleVerb::Disable) => {
                stage.errors = stage.modules.disable(streams, specs);
                stage.must_be_active = true;
                stage.resolve(streams);
            }
            Verb::Module(ModuleVerb::Reset) => {
                stage.errors = stage.modules.reset(streams, specs);
                stage.resolve(streams);
            }
            Verb::Module(ModuleVerb::Enable) => {
                stage.must_be_active = true;
                stage.enable(streams, specs, None);
            }
            Verb::Module(ModuleVerb::Install) | Verb::Install => {
                stage.enable(streams, specs, Some(Unnamed::Defaults));
            }
            Verb::Module(ModuleVerb::SwitchTo) => stage.enable(streams, specs, Some(Unnamed::Left)),
            Verb::Module(ModuleVerb::Update) | Verb::Upgrade => {
                stage.resolve(streams);
                let (updates, errors, notes) =
                    update::choose(streams, &stage.active, specs, &mut stage.modules);
                stage.moves = Moves::Update(updates);
                stage.errors = errors;
                stage.notes.extend(notes);
            }
            Verb::Module(ModuleVerb::Remove { .. }) | Verb::Remove => {
                stage.resolve(streams);
                let all = request.verb == Verb::Module(ModuleVerb::Remove { all: true });
                let (removal, errors, notes) =
                    remove::choose(streams, &stage.active, specs, all, &mut stage.modules);
                stage.moves = Moves::Remove(removal);
                stage.errors = errors;
                stage.notes.extend(notes);
            }
            Verb::DistroSync | Verb::Downgrade | Verb::Reinstall | Verb::Autoremove => {
                stage.resolve(streams);
            }
        }
        stage.be_lenient();
        stage
    }

    /// Not strict: what cannot be followed is said, and the rest goes on. That a stream is known of a copy only stays an
    /// error, and so does what stops `update` and `remove`.
    fn be_lenient(&mut self) {
        let moves = matches!(self.moves, Moves::Update(_) | Moves::Remove(_));
        if !self.strict && !moves {
            let is_hard = |error: &SpecError| matches!(error.trouble, Trouble::FailSafe { .. });
            let (hard, soft) = std::mem::take(&mut self.errors).into_iter().partition(is_hard);
            self.errors = hard;
            self.notes.extend::<Vec<SpecError>>(soft);
            self.must_be_active = false;
        }
    }

    fn resolve(&mut self, streams: &Streams<'_, '_>) {
        self.active = streams.resolve(self.modules.states());
    }

    /// Enables the streams of arguments with all that they require, and chooses profiles where some are to go in.
    fn enable(&mut self, streams: &Streams<'_, '_>, specs: &[String], install: Option<Unnamed>) {
        let switches = install == Some(Unnamed::Left);
        let before = switches.then(|| streams.resolve(self.modules.states()));
        let (matched, errors) = self.modules.enable(streams, specs);
        self.errors = errors;
        self.resolve(streams);
        let documents = matched.iter().flat_map(|it| it.documents.iter().copied());
        if let Err(trouble) = self.modules.enable_tree(streams, &self.active, documents) {
            self.errors.push(SpecError::new(&specs.join(" "), trouble));
        }
        let Some(unnamed) = install else { return };
        let (profiles, errors) =
            Profiles::choose(streams, &self.active, &matched, unnamed, &mut self.modules);
        self.profiles = profiles;
        self.errors.extend(errors);
        if let Some(before) = before {
            let switch = Switch::new(streams, &before, &matched, &self.profiles);
            self.moves = Moves::Switch(switch);
        }
    }

    /// What packages are to do.
    /// `clean_deps`: what only removed packages needed goes with them.
    pub(crate) fn jobs(
        &self,
        universe: &Universe<'_>,
        visible: &Visible<'_, '_>,
        clean_deps: bool,
    ) -> ModuleJobs {
        let (mut jobs, errors) = self.profiles.jobs(universe, visible);
        let mut found = ModuleJobs::default();
        if self.strict {
            found.errors = errors;
        } else {
            jobs.iter_mut().for_each(|job| job.weak = true);
            found.notes = errors;
        }
        let installed = |name: &String| {
            let named = visible_of_name(universe, visible, name).into_iter();
            named.filter(|package| universe.is_installed(*package)).collect::<Vec<_>>()
        };
        match &self.moves {
            Moves::Nothing => {}
            Moves::Update(updates) => jobs.extend(update::jobs(updates, universe, visible)),
            Moves::Switch(switch) => {
                let (more, gone) = switch.jobs(universe, visible, &self.profiles);
                jobs.extend(more);
                found.unless_needed = gone;
            }
            Moves::Remove(removal) => {
                found.unless_needed = removal.of_profiles.iter().flat_map(installed).collect();
                found.shared = removal.shared.iter().flat_map(installed).collect();
                let erased = removal.of_streams.iter().flat_map(installed);
                let work = Work::Erase { clean_deps };
                jobs.extend(erased.map(|it| Job::new(work, vec![it], &universe.nevra(it))));
            }
        }
        found.jobs = jobs;
        found
    }
}
