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
        if self.universe.len() > EAGER {
            return;
        }
        let considered = self.closure();
        self.considered = Some(considered);
        for package in 0..self.universe.len() {
            if self.is_considered(package) && self.value(package) != Value::False {
                self.expand(package);
            }
        }
    }

    /// Whether the request can reach a package, as far as that is known.
    pub(super) fn is_considered(&self, package: u32) -> bool {
        self.considered.as_ref().is_none_or(|considered| considered[package as usize])
    }

    /// By package: whether the request can reach it. Hidden packages count, and lead on.
    fn closure(&mut self) -> Vec<bool> {
        let universe = self.universe;
        let mut considered = vec![false; universe.len() as usize];
        let mut todo: Vec<u32> = universe.installed().rev().collect();
        for package in universe.installed() {
            let package = PackageId(package);
            todo.extend(universe.of_name(universe.name(package)).map(|other| other.0));
            todo.extend(universe.obsoleters(package).iter().map(|other| other.0));
        }
        todo.extend(&self.install_candidates);
        loop {
            while let Some(package) = todo.pop() {
                if self.options.installed_only && !universe.installed().contains(&package) {
                    continue;
                }
                if !std::mem::replace(&mut considered[package as usize], true) {
                    self.reach(PackageId(package), &mut todo);
                }
            }
            // Whatever supplements or enhances something within reach is within reach itself.
            for package in 0..universe.len() {
                if !considered[package as usize]
                    && self.value(package) != Value::False
                    && self.may_be_called(PackageId(package), &considered)
                {
                    todo.push(package);
                    break;
                }
            }
            if todo.is_empty() {
                return considered;
            }
        }
    }

    /// What the clauses of a package want in, what it wishes for, and its siblings of the same version and a better
    /// architecture.
    fn reach(&mut self, package: PackageId, todo: &mut Vec<u32>) {
        let universe = self.universe;
        let reader = RichReader::new(universe);
        let drafts = self.all_drafts(package.0);
        for (lits, _) in drafts.iter() {
            todo.extend(lits.iter().filter(|lit| lit.is_pos()).map(|lit| lit.package()));
        }
        self.drafts = drafts;
        for kind in [RelationKind::Recommends, RelationKind::Suggests] {
            for dep in universe.statements(package, kind) {
                reader.wanted(dep, true, &mut |id| todo.push(id.0));
            }
        }
        let score = universe.arch(package).score;
        let better = |other: &PackageId| {
            let arch = universe.arch(*other);
            arch.fits()
                && arch.score < score
                && universe.evr_text(*other) == universe.evr_text(package)
        };
        let siblings = universe.of_name(universe.name(package));
        todo.extend(siblings.filter(better).map(|other| other.0));
    }

    fn may_be_called(&self, package: PackageId, considered: &[bool]) -> bool {
        let reader = RichReader::new(self.universe);
        let mut statements = [RelationKind::Supplements, RelationKind::Enhances]
            .into_iter()
            .flat_map(|kind| self.universe.statements(package, kind));
        statements.any(|dep| reader.is_possible(dep, &mut |other| considered[other.0 as usize]))
    }
}
