//! Unit propagation in both directions, over clauses that exist and over those that the metadata would make.

use super::Solver;
use super::clause::{Cause, Part};
use super::rich::RichReader;
use super::state::{Lit, Reason, Value};
use crate::store::universe::{DepRef, PackageId};
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::section::reldeps::DepId;

impl Solver<'_, '_> {
    /// Assigns an open package.
    pub(super) fn assign(&mut self, lit: Lit, level: u32, reason: Reason) {
        self.state.assign(lit, level, reason);
        self.clauses.follow(lit, true);
    }

    /// Draws every consequence. The first contradiction met, if any.
    pub(super) fn propagate(&mut self, level: u32) -> Result<(), Cause> {
        while let Some(lit) = self.state.queue().get(self.propagated).copied() {
            self.propagated += 1;
            self.steps += 1;
            if lit.is_pos() {
                self.exclude_partners(lit.package(), level)?;
                self.expand(lit.package());
                self.met_conditions(lit.package(), level)?;
            } else {
                self.starve_requirers(lit.package(), level)?;
            }
            for clause in self.clauses.urgent(lit) {
                self.fire(clause, level)?;
            }
        }
        Ok(())
    }

    /// Takes the last literal of an urgent clause.
    pub(super) fn fire(&mut self, clause: u32, level: u32) -> Result<(), Cause> {
        if !self.clauses.is_urgent(clause) {
            return Ok(());
        }
        match self.clauses.last_lit(clause, &self.state) {
            Some(lit) => {
                self.assign(lit, level, Reason::Clause(clause));
                Ok(())
            }
            None => Err(Cause::Clause(clause)),
        }
    }

    fn exclude_partners(&mut self, package: u32, level: u32) -> Result<(), Cause> {
        for place in self.partners(package).places() {
            let other = self.pool.at(place);
            match self.value(other) {
                Value::True => return Err(Cause::Pair(package, other)),
                Value::Open => self.assign(Lit::neg(other), level, Reason::Pair(package)),
                Value::False => {}
            }
        }
        Ok(())
    }

    /// A package is out: whoever has no provider left for something it provided is out as well.
    fn starve_requirers(&mut self, package: u32, level: u32) -> Result<(), Cause> {
        let mut starved: Vec<(u32, DepRef, bool)> = Vec::new();
        for place in self.demands(package) {
            let (repo, rows) = self.demands.at(place);
            for row in rows {
                if !self.has_witness(repo, row) {
                    let dep = DepRef { repo, dep: DepId(row) };
                    self.starve_row(dep, PackageId(package), &mut starved);
                }
            }
        }
        starved.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for (requirer, dep, in_rich) in starved {
            // A package that is in has made its clauses, or will when its turn comes.
            if self.value(requirer) != Value::Open {
                continue;
            }
            match in_rich {
                false => self.refute(requirer, dep, level)?,
                true => self.refute_rich(requirer, level)?,
            }
        }
        Ok(())
    }

    /// Whether a package that is not out is known to meet a dependency.
    fn has_witness(&mut self, repo: u32, row: u32) -> bool {
        match self.witnesses[repo as usize].get(row) {
            0 => false,
            witness => self.state.known(witness - 1) != Value::False,
        }
    }

    /// Looks for a witness of a dependency that `package` met; without one, its requirers starve.
    fn starve_row(
        &mut self,
        dep: DepRef,
        package: PackageId,
        starved: &mut Vec<(u32, DepRef, bool)>,
    ) {
        let universe = self.universe;
        let Some(requirers) = universe.repo(dep.repo).hot.reverse.requirers(dep.dep.0) else {
            return;
        };
        if requirers.len() == 0 || !universe.provides(package, dep) {
            return;
        }
        let mut witness = None;
        universe.any_provider(dep, |other| {
            let alive = self.value(other.0) != Value::False;
            witness = alive.then_some(other.0);
            alive
        });
        if let Some(witness) = witness {
            *self.witnesses[dep.repo as usize].slot(dep.dep.0) = witness + 1;
        }
        for requirer in requirers {
            if witness.is_none() || (requirer.in_rich && self.has_with(dep.repo, requirer.package))
            {
                starved.push((
                    universe.package(dep.repo, requirer.package).0,
                    dep,
                    requirer.in_rich,
                ));
            }
        }
    }

    /// Whether a boolean requirement of a package wants one package to meet two dependencies: it can starve while both are met.
    fn has_with(&self, repo: u32, local: u32) -> bool {
        let universe = self.universe;
        let reader = RichReader::new(universe);
        universe
            .statements(universe.package(repo, local), RelationKind::Requires)
            .any(|dep| reader.has_with(dep))
    }

    /// Makes the clauses of one requirement of an open package and fires those that put it out.
    fn refute(&mut self, package: u32, dep: DepRef, level: u32) -> Result<(), Cause> {
        let mut drafts = self.empty_drafts();
        self.add_binding(package, dep, true, &mut drafts);
        let mut result = Ok(());
        for (lits, origin) in drafts.iter() {
            let broken = lits.iter().all(|lit| {
                lit.package() == package
                    || match self.value(lit.package()) {
                        Value::Open => false,
                        Value::True => !lit.is_pos(),
                        Value::False => lit.is_pos(),
                    }
            });
            if broken {
                let clause = self.store(lits, origin, Part::Package, 0);
                result = self.fire(clause, level);
            }
            if result.is_err() {
                break;
            }
        }
        self.drafts = drafts;
        result
    }

    fn refute_rich(&mut self, package: u32, level: u32) -> Result<(), Cause> {
        for dep in self.universe.statements(PackageId(package), RelationKind::Requires) {
            if dep.dep.as_rich().is_some() && self.value(package) == Value::Open {
                self.refute(package, dep, level)?;
            }
        }
        Ok(())
    }

    /// A package is in: whoever requires something only if it is, and cannot have that, is out.
    fn met_conditions(&mut self, package: u32, level: u32) -> Result<(), Cause> {
        if !self.has_conditions {
            return Ok(());
        }
        let stated = self.stated_by(package, |reverse| reverse.conditions);
        let mut owners: Vec<u32> = stated.into_iter().map(|(owner, _)| owner.0).collect();
        owners.sort_unstable_by(|a, b| b.cmp(a));
        owners.dedup();
        for owner in owners {
            if self.value(owner) == Value::Open {
                self.refute_rich(owner, level)?;
            }
        }
        Ok(())
    }
}
