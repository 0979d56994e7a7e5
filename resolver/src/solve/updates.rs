//! Which installed packages are to be updated, and to what: the jobs `Update` and `DistroSync` before any clause is made.

use super::Solver;
use super::job::{Job, Work};
use crate::store::universe::PackageId;
use foldhash::{HashMap, HashSet};
use modex_formats::index::section::relations::RelationKind;

/// What update and distro-sync jobs ask for.
#[derive(Default)]
pub(super) struct Updates {
    /// By installed package: it is to be updated.
    wanted: Vec<bool>,
    /// By installed package: to nothing but the best.
    best: Vec<bool>,
    /// By installed package: the only packages to update it to, where there is a limit.
    targets: HashMap<u32, Vec<u32>>,
    /// An older version will do.
    pub(super) downgrade: bool,
    sync: Option<Sync>,
}

/// What distro-sync jobs are about.
#[derive(Default)]
struct Sync {
    /// Every package of the repositories is involved, and good.
    everything: bool,
    /// Packages whose name is involved.
    involved: HashSet<u32>,
    /// Packages that are good to be installed, or to stay.
    good: HashSet<u32>,
}

impl Updates {
    /// Whether anything is to be updated.
    pub(super) fn any(&self) -> bool {
        self.wanted.contains(&true)
    }

    /// Whether a package is installed and to be updated.
    pub(super) fn is_wanted(&self, package: u32) -> bool {
        self.wanted.get(package as usize).copied().unwrap_or(false)
    }

    /// Whether a package is installed and to be updated to nothing but the best.
    pub(super) fn is_wanted_best(&self, package: u32) -> bool {
        self.is_wanted(package) && self.best.get(package as usize).copied().unwrap_or(false)
    }

    /// Drops what an installed package must not be updated to.
    pub(super) fn keep_targets(&self, installed: u32, candidates: &mut Vec<u32>) {
        if let Some(targets) = self.targets.get(&installed) {
            candidates.retain(|package| targets.binary_search(package).is_ok());
        }
    }

    /// Whether distro-sync concerns a package, which is installed or not.
    pub(super) fn is_synced(&self, package: u32, is_installed: bool) -> bool {
        self.sync.as_ref().is_some_and(|sync| {
            sync.involved.contains(&package) || (sync.everything && !is_installed)
        })
    }

    /// Whether distro-sync may install a package, or keep it.
    pub(super) fn is_good(&self, package: u32, is_installed: bool) -> bool {
        self.sync
            .as_ref()
            .is_some_and(|sync| sync.good.contains(&package) || (sync.everything && !is_installed))
    }

    /// Whether a package is good because a job is about its name.
    pub(super) fn is_named_good(&self, package: u32) -> bool {
        self.sync.as_ref().is_some_and(|sync| sync.good.contains(&package))
    }

    /// An installed package that distro-sync may keep.
    pub(super) fn mark_good(&mut self, package: u32) {
        if let Some(sync) = &mut self.sync {
            sync.good.insert(package);
        }
    }

    /// Whether there are distro-sync jobs.
    pub(super) fn is_sync(&self) -> bool {
        self.sync.is_some()
    }

    fn involve(&mut self, package: u32) {
        self.sync.get_or_insert_default().involved.insert(package);
    }

    fn want(&mut self, installed: u32) {
        self.wanted[installed as usize] = true;
    }

    fn want_best(&mut self, installed: u32) {
        self.best[installed as usize] = true;
    }

    fn target(&mut self, installed: u32, package: u32) {
        self.want(installed);
        self.targets.entry(installed).or_default().push(package);
    }
}

impl<'u, 'a> Solver<'u, 'a> {
    /// Reads the jobs.
    pub(super) fn read_updates(&mut self) {
        let count = self.universe.installed().len();
        self.updates.wanted = vec![false; count];
        self.updates.best = vec![false; count];
        self.updates.downgrade =
            self.jobs.iter().any(|job| matches!(job.work, Work::Install | Work::DistroSync { .. }));
        let jobs = std::mem::take(&mut self.jobs);
        for job in &jobs {
            match job.work {
                Work::Update { targeted } => self.read_update(job, targeted),
                Work::DistroSync { targeted } => self.read_sync(job, targeted),
                Work::Install | Work::Erase { .. } => {}
            }
        }
        self.jobs = jobs;
        for targets in self.updates.targets.values_mut() {
            targets.sort_unstable();
            targets.dedup();
        }
        for package in self.universe.installed() {
            if self.updates.is_synced(package, true) {
                self.updates.want(package);
            }
        }
    }

    fn read_update(&mut self, job: &Job, targeted: bool) {
        if job.everything {
            // Nothing that may take the place of an installed package is outside of everything.
            for package in self.universe.installed() {
                self.updates.want(package);
                if self.has_rival(package) {
                    self.updates.want_best(package);
                }
            }
            return;
        }
        let is_installed = |package: &&PackageId| self.universe.is_installed(**package);
        let installed: Vec<PackageId> =
            job.candidates.iter().filter(is_installed).copied().collect();
        if !targeted && !installed.is_empty() {
            for package in installed {
                self.updates.want(package.0);
                self.updates.want_best(package.0);
            }
            return;
        }
        for package in &job.candidates {
            self.add_target(*package);
        }
    }

    /// Whether a package of a repository has the name of an installed one, or obsoletes it.
    fn has_rival(&self, installed: u32) -> bool {
        let universe = self.universe;
        let id = PackageId(installed);
        let is_new = |other: PackageId| !universe.is_installed(other) && self.is_installable(other);
        universe.of_name(universe.name(id)).any(is_new)
            || universe.obsoleters(id).into_iter().any(is_new)
    }

    fn add_target(&mut self, package: PackageId) {
        let universe = self.universe;
        if universe.is_installed(package) {
            for other in universe.installed_of_name(universe.name(package)) {
                self.updates.target(other.0, package.0);
            }
            return;
        }
        let mut identical = None;
        let mut aims: Vec<u32> = Vec::new();
        for old in universe.installed_of_name(universe.name(package)) {
            aims.push(old.0);
            if self.are_identical(old, package) {
                identical = Some(old.0);
            }
        }
        aims.extend(self.obsoleted(package).into_iter().map(|old| old.0));
        for old in aims {
            self.updates.want_best(old);
            self.updates.target(old, package.0);
            if let Some(same) = identical {
                self.updates.target(old, same);
            }
        }
    }

    /// Installed packages of another name that a package obsoletes.
    pub(super) fn obsoleted(&self, package: PackageId) -> Vec<PackageId> {
        let universe = self.universe;
        let name = universe.name(package);
        universe
            .statements(package, RelationKind::Obsoletes)
            .flat_map(|dep| universe.named(dep))
            .filter(|old| {
                universe.is_installed(*old)
                    && universe.compare_names(universe.name(*old), name).is_ne()
            })
            .collect()
    }

    /// Whether two packages are one and the same.
    pub(super) fn are_identical(&self, a: PackageId, b: PackageId) -> bool {
        let universe = self.universe;
        universe.evr(a) == universe.evr(b)
            && universe.arch_text(a) == universe.arch_text(b)
            && universe.compare_names(universe.name(a), universe.name(b)).is_eq()
    }

    fn read_sync(&mut self, job: &Job, targeted: bool) {
        let universe = self.universe;
        self.updates.sync.get_or_insert_default();
        if job.everything {
            if let Some(sync) = &mut self.updates.sync {
                sync.everything = true;
            }
            for package in universe.installed() {
                if self.has_rival(package) {
                    self.updates.involve(package);
                    self.updates.want_best(package);
                }
            }
            return;
        }
        let is_installed = |package: &PackageId| universe.is_installed(*package);
        let targeted = targeted || !job.candidates.iter().any(is_installed);
        for package in &job.candidates {
            if is_installed(package) || (targeted && self.is_installable(*package)) {
                self.sync_to(*package, targeted);
            }
        }
    }

    fn sync_to(&mut self, package: PackageId, targeted: bool) {
        let universe = self.universe;
        let is_installed = universe.is_installed(package);
        self.updates.involve(package.0);
        if targeted {
            self.updates.mark_good(package.0);
        }
        for other in universe.of_name(universe.name(package)) {
            self.updates.involve(other.0);
            if universe.is_installed(other) {
                self.updates.want_best(other.0);
                if targeted {
                    self.involve_obsoleters(other, false);
                }
            } else if !targeted {
                self.updates.mark_good(other.0);
            }
        }
        if is_installed {
            self.involve_obsoleters(package, !targeted);
        } else if targeted {
            for dep in universe.statements(package, RelationKind::Obsoletes) {
                for old in universe.named(dep) {
                    self.updates.involve(old.0);
                    if universe.is_installed(old) {
                        self.updates.want_best(old.0);
                        self.involve_obsoleters(old, false);
                    }
                }
            }
        }
    }

    fn involve_obsoleters(&mut self, old: PackageId, good: bool) {
        for new in self.universe.obsoleters(old) {
            if !self.universe.is_installed(new) && self.is_installable(new) {
                self.updates.involve(new.0);
                if good {
                    self.updates.mark_good(new.0);
                }
            }
        }
    }

    /// Whether distro-sync may leave an installed package: it is good, or the same as a good one. A hidden one is as good, where
    /// the jobs are about some packages only.
    pub(super) fn may_stay(&self, package: PackageId) -> bool {
        let universe = self.universe;
        let is_good = |other: PackageId| match universe.is_installed(other) {
            true => self.updates.is_good(other.0, true),
            false => {
                let named = self.updates.is_named_good(other.0) && universe.arch(other).fits();
                named || (self.updates.is_good(other.0, false) && self.is_installable(other))
            }
        };
        is_good(package)
            || universe
                .of_name(universe.name(package))
                .any(|other| is_good(other) && self.are_identical(package, other))
    }
}
