//! Package splits, as yum knew them: where packages of several names state the very same Obsoletes of something installed,
//! one of each name takes its place.

use super::Solver;
use super::clause::{Origin, Part};
use super::state::Lit;
use crate::store::universe::{DepRef, PackageId};
use foldhash::HashMap;
use modex_formats::index::section::relations::RelationKind;

/// By Obsoletes as written: the packages that state it, by name; empty where they all have one name.
pub(super) type Splits = HashMap<String, Vec<Vec<u32>>>;

impl Solver<'_, '_> {
    /// The clauses that bind a new package to those of other names that split the same installed package.
    pub(super) fn expand_splits(&mut self, package: u32) {
        let universe = self.universe;
        let id = PackageId(package);
        if universe.installed().is_empty() || universe.is_installed(id) {
            return;
        }
        for dep in universe.statements(id, RelationKind::Obsoletes) {
            let old: Vec<PackageId> = universe
                .named(dep)
                .into_iter()
                .filter(|other| universe.is_installed(*other))
                .collect();
            if old.is_empty() {
                continue;
            }
            let words = universe.words(dep);
            if !self.splits.contains_key(&words) {
                let groups = self.find_split(&old, dep);
                self.splits.insert(words.clone(), groups);
            }
            let groups = self.splits.get(&words).cloned().unwrap_or_default();
            if !groups.iter().any(|group| group.contains(&package)) {
                continue;
            }
            for (place, group) in groups.into_iter().enumerate() {
                if !group.contains(&package) {
                    let lits: Vec<Lit> = std::iter::once(Lit::neg(package))
                        .chain(group.into_iter().map(Lit::pos))
                        .collect();
                    let origin = Origin::Split(package, dep);
                    self.add_touched(&lits, Part::Split, place as u32, origin);
                }
            }
        }
    }

    /// All packages that state an Obsoletes of these installed packages, by name.
    fn find_split(&self, old: &[PackageId], dep: DepRef) -> Vec<Vec<u32>> {
        let universe = self.universe;
        let mut found: Vec<u32> = Vec::new();
        for old in old {
            let colour = universe.arch(*old).colour;
            let states = |other: PackageId| {
                universe.arch(other).colour & colour != 0
                    && self.is_installable(other)
                    && universe
                        .statements(other, RelationKind::Obsoletes)
                        .any(|stated| universe.are_same(stated, dep))
            };
            let named = universe.of_name(universe.name(*old));
            for other in universe.obsoleters(*old).into_iter().chain(named) {
                if !found.contains(&other.0) && states(other) {
                    found.push(other.0);
                }
            }
        }
        let mut best = found.clone();
        self.best_versions(&mut best);
        if best.len() < 2 {
            return Vec::new();
        }
        let of_name = |first: &u32| -> Vec<u32> {
            let name = universe.name(PackageId(*first));
            let same = |other: &u32| {
                universe.compare_names(universe.name(PackageId(*other)), name).is_eq()
            };
            found.iter().copied().filter(same).collect()
        };
        best.iter().map(of_name).collect()
    }
}
