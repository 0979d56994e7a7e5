//! Clauses of distro-sync jobs, and of updates that must be the best.

use super::Solver;
use super::clause::{Origin, Part};
use super::state::Lit;
use crate::store::universe::PackageId;

impl Solver<'_, '_> {
    /// Installed packages that no repository has any more go, unless nothing could come in their place.
    pub(super) fn add_sync(&mut self) {
        if !self.updates.is_sync() {
            return;
        }
        for package in self.universe.installed() {
            let id = PackageId(package);
            if !self.updates.is_synced(package, true) || self.updates.is_good(package, true) {
                continue;
            }
            if self.may_stay(id) {
                self.updates.mark_good(package);
                continue;
            }
            let held = &self.extra.held[package as usize];
            let mut lits = vec![Lit::neg(package)];
            if let Some(special) = &held.special {
                lits.extend(special.iter().map(|new| Lit::pos(*new)));
            } else if self.clauses.lits(held.clause).len() == 1
                && held.feature.as_ref().is_none_or(|feature| feature.len() == 1)
            {
                self.updates.mark_good(package);
                continue;
            }
            self.add_touched(&lits, Part::Sync, package, Origin::Sync(package));
        }
    }

    /// In distro-sync an installed package counts as one of the repositories that have it: it is no candidate beside packages of
    /// a repository with a better priority, and takes their place where its own is better.
    pub(super) fn drop_less_placed(&self, candidates: &mut Vec<u32>) {
        let universe = self.universe;
        if candidates.len() < 2 || !self.updates.is_sync() {
            return;
        }
        let is_installed = |package: u32| universe.is_installed(PackageId(package));
        let priority =
            |package: PackageId| universe.repo(universe.locate(package).0).options.priority;
        let Some(new) = candidates.iter().find(|package| !is_installed(**package)) else { return };
        let mut best = priority(PackageId(*new));
        let mut kept: Vec<u32> = Vec::new();
        for package in candidates.iter().copied() {
            let id = PackageId(package);
            if !is_installed(package) && priority(id) > best {
                continue;
            }
            if self.updates.is_synced(package, is_installed(package)) && is_installed(package) {
                let same: Vec<i32> = universe
                    .of_name(universe.name(id))
                    .filter(|other| {
                        !universe.is_installed(*other) && self.are_identical(id, *other)
                    })
                    .map(priority)
                    .filter(|own| *own <= best)
                    .collect();
                let Some(own) = same.iter().copied().min() else { continue };
                if own < best {
                    best = own;
                    kept.clear();
                }
            }
            kept.push(package);
        }
        if !kept.is_empty() {
            *candidates = kept;
        }
    }

    /// Best rules of requests: where the policy leaves fewer candidates than a request has, one of those it is.
    pub(super) fn require_best(&mut self) {
        for number in 0..self.best_jobs {
            if self.job_clauses[number].is_none() {
                continue;
            }
            let all: Vec<u32> =
                self.jobs[number].candidates.iter().map(|package| package.0).collect();
            // libsolv cuts by policy what is not hidden, before it knows what can be installed.
            let mut best: Vec<u32> =
                all.iter().copied().filter(|package| !self.state.is_never(*package)).collect();
            let visible = best.len();
            self.best_of_each(&mut best);
            if best.is_empty() || best.len() == visible {
                continue;
            }
            best.sort_unstable();
            let lits: Vec<Lit> = best.into_iter().map(Lit::pos).collect();
            let place = number as u32;
            self.clauses.add(&lits, Part::Best, place, Origin::Best(place), &self.state);
        }
        for package in self.universe.installed() {
            if self.updates.is_wanted_best(package) {
                self.require_best_update(package);
            }
        }
    }

    /// The best of the update rule, or of the feature rule, and nothing else. Where the package may be erased it is enough that
    /// nothing else of the rule goes in.
    fn require_best_update(&mut self, package: u32) {
        let held = &self.extra.held[package as usize];
        let update: Vec<u32> =
            self.clauses.lits(held.clause).iter().map(|lit| lit.package()).collect();
        let feature = held.feature.clone();
        let mut best = match &held.special {
            Some(special) => std::iter::once(package).chain(special.iter().copied()).collect(),
            None => update.clone(),
        };
        self.keep_best_updates(package, &mut best);
        if best.is_empty() {
            return;
        }
        if let Some(feature) = &feature {
            let mut more = feature.clone();
            self.keep_best_updates(package, &mut more);
            more.retain(|new| !best.contains(new));
            best.extend(more);
        }
        let wanted = best.iter().map(|new| Lit::pos(*new));
        let mut rules: Vec<Vec<Lit>> = Vec::new();
        if self.options.allow_erasing && !self.is_protected(PackageId(package)) {
            let others = feature.unwrap_or(update);
            let others = others.into_iter().filter(|other| !best.contains(other));
            rules.extend(others.map(|other| {
                std::iter::once(Lit::neg(other)).chain(wanted.clone()).collect::<Vec<Lit>>()
            }));
        } else {
            rules.push(wanted.collect());
        }
        let place = self.jobs.len() as u32 + package;
        for lits in rules {
            let clause = self.add_touched(&lits, Part::Best, place, Origin::BestUpdate(package));
            self.extra.best.entry(package).or_default().push(clause);
        }
    }

    fn keep_best_updates(&mut self, package: u32, candidates: &mut Vec<u32>) {
        self.updates.keep_targets(package, candidates);
        if self.updates.is_synced(package, true) {
            candidates.retain(|new| {
                self.updates.is_good(*new, self.universe.is_installed(PackageId(*new)))
            });
        }
        self.best_of_each(candidates);
    }
}
