//! Small universes are closed before the search: every package that the request can reach makes its clauses at once.
//!
//! It is what libsolv always does. On a repository of thousands of packages it would cost more than the whole search and
//! has never changed an answer there; in a small one it is cheap, and there the difference shows: a package that can
//! never be installed is known as such before the first choice is made.

use super::Solver;
use super::rich::RichReader;
use super::state::Value;
use crate::store::universe::PackageId;
use modex_formats::index::section::relations::RelationKind;

/// Universes of up to this many packages are closed eagerly.
pub(super) const EAGER: u32 = 2_000;

impl Solver<'_, '_> {
    /// Finds everything the request can reach, and makes its clauses.
    pub(super) fn close_small_universe(&mut self) {
        let universe = self.universe;
        if universe.len() > EAGER {
            return;
        }
        let mut considered = vec![false; universe.len() as usize];
        let mut todo: Vec<u32> = universe.installed().rev().collect();
        for package in universe.installed() {
            let update = self.update_clause(package);
            todo.extend(self.clauses.lits(update).iter().map(|lit| lit.package()));
        }
        todo.extend(
            self.jobs.iter().flat_map(|job| job.candidates.iter()).map(|package| package.0),
        );
        loop {
            while let Some(package) = todo.pop() {
                if self.value(package) == Value::False
                    || std::mem::replace(&mut considered[package as usize], true)
                {
                    continue;
                }
                self.reach(PackageId(package), &mut todo);
            }
            for package in 0..universe.len() {
                if !considered[package as usize]
                    && self.value(package) != Value::False
                    && self.may_be_called(PackageId(package), &considered)
                {
                    todo.push(package);
                }
            }
            if todo.is_empty() {
                break;
            }
        }
        self.considered = Some(considered.clone());
        for (package, _) in considered.iter().enumerate().filter(|(_, considered)| **considered) {
            self.expand(package as u32);
        }
    }

    /// What a package names in its requirements and wishes, and its siblings of the same version.
    fn reach(&mut self, package: PackageId, todo: &mut Vec<u32>) {
        let universe = self.universe;
        for kind in [RelationKind::Requires, RelationKind::Recommends, RelationKind::Suggests] {
            for dep in universe.statements(package, kind) {
                RichReader::new(universe).mentioned(dep, &mut |id| todo.push(id.0));
            }
        }
        let score = universe.arch(package).score;
        todo.extend(
            universe
                .of_name(universe.name(package))
                .into_iter()
                .filter(|other| {
                    universe.arch(*other).score < score
                        && universe.compare_evrs(*other, package).is_eq()
                })
                .map(|other| other.0),
        );
    }

    fn may_be_called(&self, package: PackageId, considered: &[bool]) -> bool {
        let reader = RichReader::new(self.universe);
        let mut statements = [RelationKind::Supplements, RelationKind::Enhances]
            .into_iter()
            .flat_map(|kind| self.universe.statements(package, kind));
        statements.any(|dep| reader.is_possible(dep, &mut |other| considered[other.0 as usize]))
    }
}
