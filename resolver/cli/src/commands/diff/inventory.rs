//! What a document says there is.

use crate::document::{Document, Entry, PlanFile, of_lock, of_plan};
use crate::error::Failure;
use modex_formats::lock::RpmsLock;
use modex_formats::module::Nsvca;
use modex_resolver::streams::ModuleState;
use modex_root::State;
use std::collections::{BTreeMap, BTreeSet};

/// What packages are compared under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// The architecture of a lock file, where that is not the same everywhere.
    pub(super) section: Option<String>,
    /// Whether it goes: of plans only.
    pub(super) goes: bool,
    pub(super) name: String,
    pub(super) arch: String,
}

/// One side of a comparison.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    /// The architectures of a lock file or plan.
    pub(super) arches: BTreeSet<String>,
    /// Whether it is a lock file.
    pub(super) is_lock: bool,
    /// Whether it is all that is on a machine.
    pub(super) is_machine: bool,
    /// Whether it tells only what changes.
    pub(super) is_change: bool,
    pub(super) packages: BTreeMap<Key, Vec<Entry>>,
    /// The decisions about modules; `None` of a module about which there is none any more. Nothing at all where the document
    /// tells nothing of modules.
    pub(super) modules: Option<BTreeMap<String, Option<ModuleState>>>,
    /// The module builds that packages are of, without architecture.
    pub(super) builds: BTreeSet<Nsvca>,
    /// The checksums of repositories' modules documents, by section and repository.
    pub(super) metadata: BTreeMap<(Option<String>, String), String>,
}

impl Inventory {
    pub(super) fn of(document: &Document) -> Result<Self, Failure> {
        let mut side = Inventory::default();
        match document {
            Document::State(state) => side.state(state),
            Document::Plans(plans) => plans.iter().try_for_each(|plan| side.plan(plan))?,
            Document::Lock(lock) => side.lock(lock)?,
            Document::List(list) => {
                side.is_machine = true;
                let entries = list.iter().map(|it| Entry::installed(&it.name, &it.evr, &it.arch));
                side.add(None, false, entries);
            }
        }
        for entries in side.packages.values_mut() {
            entries.sort_by(|a, b| {
                (&a.evr, &a.repo, &a.checksum).cmp(&(&b.evr, &b.repo, &b.checksum))
            });
            entries.dedup();
        }
        Ok(side)
    }

    /// Forgets of which part of a lock file things are.
    pub(super) fn join_sections(&mut self) {
        let packages = std::mem::take(&mut self.packages).into_iter();
        self.packages = packages.map(|(key, of)| (Key { section: None, ..key }, of)).collect();
        let metadata = std::mem::take(&mut self.metadata).into_iter();
        self.metadata = metadata.map(|((_, repo), sum)| ((None, repo), sum)).collect();
    }

    fn add(&mut self, section: Option<&str>, goes: bool, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            let key = Key {
                section: section.map(str::to_owned),
                goes,
                name: entry.name.clone(),
                arch: entry.arch.clone(),
            };
            self.packages.entry(key).or_default().push(entry);
        }
    }

    fn state(&mut self, state: &State) {
        self.is_machine = true;
        let packages = state.packages.iter();
        let entries = packages.map(|it| Entry::installed(&it.name, &it.evr, &it.arch));
        self.add(None, false, entries);
        let decided = state.modules.iter();
        let decided =
            decided.filter_map(|(name, file)| Some((name.clone(), Some(file.decision()?))));
        self.modules = Some(decided.collect());
        let labels = state.packages.iter().filter_map(|it| it.modularity_label.as_deref());
        self.builds.extend(labels.filter_map(Nsvca::parse));
    }

    fn plan(&mut self, plan: &PlanFile) -> Result<(), Failure> {
        self.is_change = true;
        self.arches.insert(plan.arch.clone());
        for goes in [false, true] {
            self.add(None, goes, of_plan(plan, goes)?);
        }
        let modules = self.modules.get_or_insert_default();
        let states = &plan.states;
        let enabled = |stream: &str| {
            Some(ModuleState::Enabled { stream: stream.to_owned(), profiles: Vec::new() })
        };
        let named = states.enabled.iter().filter_map(|text| text.split_once(':'));
        modules.extend(named.map(|(module, stream)| (module.to_owned(), enabled(stream))));
        modules.extend(states.switched.iter().map(|it| (it.module.clone(), enabled(&it.to))));
        modules.extend(states.disabled.iter().map(|it| (it.clone(), Some(ModuleState::Disabled))));
        modules.extend(states.reset.iter().map(|module| (module.clone(), None)));
        for text in &states.profiles_installed {
            let Some((module, profile)) = text.split_once('/') else { continue };
            if let Some(Some(ModuleState::Enabled { profiles, .. })) = modules.get_mut(module) {
                profiles.push(profile.to_owned());
            }
        }
        let builds = plan.modules.iter().filter_map(|module| Nsvca::parse(&module.nsvca));
        self.builds.extend(builds.map(|build| Nsvca { arch: String::new(), ..build }));
        Ok(())
    }

    fn lock(&mut self, lock: &RpmsLock) -> Result<(), Failure> {
        self.arches = lock.arches.iter().map(|arch| arch.arch.clone()).collect();
        self.is_lock = true;
        for (at, arch) in lock.arches.iter().enumerate() {
            let section = Some(arch.arch.as_str());
            for (list, files) in [("packages", &arch.packages), ("source", &arch.source)] {
                self.add(section, false, of_lock(files, &format!("arches[{at}].{list}"))?);
            }
            for file in &arch.module_metadata {
                let repo = file.repoid.clone().unwrap_or_default();
                let sum = file.checksum.clone().unwrap_or_default().to_ascii_lowercase();
                self.metadata.insert((section.map(str::to_owned), repo), sum);
            }
        }
        Ok(())
    }
}
