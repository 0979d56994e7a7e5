//! Recommends and Supplements: what goes in if it can.

use super::rich::RichReader;
use super::state::{Lit, Value};
use super::{Solver, Stop};
use crate::store::universe::{DepRef, PackageId};
use foldhash::HashSet;
use modex_formats::index::section::relations::RelationKind;
use std::rc::Rc;

impl Solver<'_, '_> {
    /// One round. The level reached, and whether anything was tried.
    pub(super) fn add_weak(&mut self, level: u32) -> Result<(u32, bool), Stop> {
        let before: Vec<u32> = self.new_packages();
        let mut recommended = self.recommended_by(&before);
        let supplements = self.supplementing();
        recommended.retain(|package| !self.weak_excluded.contains(package));
        let supplements: Vec<u32> = supplements
            .into_iter()
            .filter(|package| !self.weak_excluded.contains(package))
            .collect();
        recommended.extend(&supplements);
        unique(&mut recommended);
        match recommended[..] {
            [] => return Ok((level, false)),
            [package] => return Ok((self.decide_and_learn(level, Lit::pos(package), None)?, true)),
            _ => {}
        }
        self.best_of_each(&mut recommended);
        let recommended: HashSet<u32> = recommended.into_iter().collect();
        let mut first: Vec<u32> =
            supplements.into_iter().filter(|package| recommended.contains(package)).collect();
        self.order_supplements(&mut first);
        let mut level = level;
        for package in first {
            if self.value(package) == Value::Open {
                let start = level;
                level = self.decide_and_learn(level, Lit::pos(package), None)?;
                if level <= start {
                    return Ok((level, true));
                }
            }
        }
        let queue: Vec<u32> = self.state.queue().iter().map(|lit| lit.package()).collect();
        for package in queue.into_iter().filter(|package| before.binary_search(package).is_ok()) {
            for dep in self.universe.statements(PackageId(package), RelationKind::Recommends) {
                let mut candidates = self.open_recommendation(dep);
                candidates.retain(|package| recommended.contains(package));
                if candidates.is_empty() {
                    continue;
                }
                let (start, length) = (level, self.state.queue().len());
                level = self.choose_and_decide(level, candidates, None)?;
                if level <= start || self.state.queue().len() < length {
                    return Ok((level, true));
                }
            }
        }
        Ok((level, true))
    }

    /// Packages that are in and were not installed before, ids ascending.
    fn new_packages(&self) -> Vec<u32> {
        let installed = self.universe.installed();
        let mut found: Vec<u32> = self
            .state
            .queue()
            .iter()
            .filter(|lit| lit.is_pos() && !installed.contains(&lit.package()))
            .map(|lit| lit.package())
            .collect();
        found.sort_unstable();
        found
    }

    fn recommended_by(&mut self, packages: &[u32]) -> Vec<u32> {
        let mut found = Vec::new();
        for package in packages {
            for dep in self.universe.statements(PackageId(*package), RelationKind::Recommends) {
                found.append(&mut self.open_recommendation(dep));
            }
        }
        unique(&mut found);
        found
    }

    /// The undecided packages that would meet a recommendation. Of a boolean one all parts that are not met count together.
    fn open_recommendation(&mut self, dep: DepRef) -> Vec<u32> {
        let mut found = Vec::new();
        if dep.dep.as_rich().is_none() {
            let providers = self.providers(dep);
            if !providers.iter().any(|package| self.state.is_true(*package)) {
                found.extend(providers.iter().filter(|id| self.value(**id) == Value::Open));
            }
            return found;
        }
        for clause in self.cnf(dep, true).iter() {
            let met = clause.iter().any(|lit| match (self.value(lit.package()), lit.is_pos()) {
                (Value::True, true) => true,
                (value, false) => value != Value::True,
                _ => false,
            });
            if !met {
                let open = clause
                    .iter()
                    .filter(|lit| lit.is_pos() && self.state.known(lit.package()) == Value::Open);
                found.extend(open.map(|lit| lit.package()));
            }
        }
        found
    }

    /// Undecided, visible packages that supplement something, because of a new package; ids ascending.
    fn supplementing(&mut self) -> Vec<u32> {
        let universe = self.universe;
        if !self.has_supplements {
            return Vec::new();
        }
        let mut owners: Vec<u32> = Vec::new();
        for package in self.new_packages() {
            owners.extend(self.supplementing_on(package).iter());
        }
        owners.sort_unstable();
        owners.dedup();
        let installed = universe.installed();
        let reader = RichReader::new(universe);
        let is_new = |package: PackageId| !installed.contains(&package.0);
        let mut found = Vec::new();
        for owner in owners {
            if self.value(owner) != Value::Open || universe.is_installed(PackageId(owner)) {
                continue;
            }
            let held =
                universe.statements(PackageId(owner), RelationKind::Supplements).any(|dep| {
                    let mut is_in = |other: PackageId| self.value(other.0) == Value::True;
                    reader.holds(dep, &mut is_in) && reader.holds_by_new(dep, &mut is_in, &is_new)
                });
            if held && self.may_supplement(owner) {
                found.push(owner);
            }
        }
        found
    }

    /// The packages that have a part of a Supplements that a package meets, remembered.
    fn supplementing_on(&mut self, package: u32) -> Rc<[u32]> {
        if let Some(known) = self.supplemented.get(&package) {
            return known.clone();
        }
        let owners = self.universe.stated_by(PackageId(package), |reverse| reverse.supplements);
        let found: Rc<[u32]> = owners.into_iter().map(|(owner, _)| owner.0).collect();
        self.supplemented.insert(package, found.clone());
        found
    }

    /// Not an install-only package whose name is in already, nor another architecture of a name that is in.
    fn may_supplement(&mut self, package: u32) -> bool {
        let universe = self.universe;
        let id = PackageId(package);
        let only = self.is_install_only(id);
        universe.of_name(universe.name(id)).into_iter().all(|other| {
            other == id
                || self.state.known(other.0) != Value::True
                || !(only || universe.arch_text(other) != universe.arch_text(id))
        })
    }
}

/// Drops repetitions, keeping the first of each.
fn unique(packages: &mut Vec<u32>) {
    let mut seen = HashSet::default();
    packages.retain(|package| seen.insert(*package));
}
