//! Boolean dependencies: as clauses, and evaluated against what is in.

use crate::store::universe::{DepRef, PackageId, Universe};
use modex_formats::index::section::reldeps::DepId;
use modex_formats::rpm::RichOp;

use super::state::Lit;

/// A boolean dependency whose clauses together have more literals than this is refused: no real one comes near.
pub(super) const MAX_LITS: usize = 1 << 22;

/// The expression grows beyond all bounds when written as clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooComplex;

/// A conjunction of clauses. No clause: always true. An empty clause: never true.
pub(super) type Cnf = Vec<Vec<Lit>>;

/// Reads boolean dependencies of a universe.
pub(super) struct RichReader<'u, 'a> {
    universe: &'u Universe<'a>,
    installed_only: bool,
}

impl<'u, 'a> RichReader<'u, 'a> {
    /// A reader.
    pub(super) fn new(universe: &'u Universe<'a>) -> Self {
        RichReader { universe, installed_only: false }
    }

    /// For clauses, packages of the repositories do not exist.
    pub(super) fn installed_only(self, installed_only: bool) -> Self {
        RichReader { installed_only, ..self }
    }

    /// The packages that meet a simple dependency.
    fn providers(&self, dep: DepRef) -> Vec<PackageId> {
        let mut found = self.universe.providers(dep);
        if self.installed_only {
            found.retain(|package| self.universe.is_installed(*package));
        }
        found
    }

    fn parts(&self, dep: DepRef) -> Option<(RichOp, DepRef, DepRef, Option<DepRef>)> {
        let row = dep.dep.as_rich()?;
        let rich = self
            .universe
            .sound(self.universe.repo(dep.repo).hot.reldeps.rich(row).map(Some), "RICH")?;
        let at = |id: DepId| DepRef { repo: dep.repo, dep: id };
        Some((rich.op, at(rich.left), at(rich.right), rich.otherwise.map(at)))
    }

    /// The dependency as clauses; negated where `wanted` is false.
    ///
    /// # Errors
    /// Where the clauses grow beyond [`MAX_LITS`].
    pub(super) fn cnf(&self, dep: DepRef, wanted: bool) -> Result<Cnf, TooComplex> {
        let Some((op, left, right, otherwise)) = self.parts(dep) else {
            let providers = self.providers(dep);
            return Ok(match wanted {
                true => vec![providers.into_iter().map(|package| Lit::pos(package.0)).collect()],
                false => providers.into_iter().map(|package| vec![Lit::neg(package.0)]).collect(),
            });
        };
        let met = |wanted| self.cnf(right, wanted);
        match (op, wanted) {
            (RichOp::And, true) | (RichOp::Or, false) => {
                both(self.cnf(left, wanted)?, met(wanted)?)
            }
            (RichOp::Or, true) | (RichOp::And, false) => {
                either(&self.cnf(left, wanted)?, &met(wanted)?)
            }
            // A if B: A or not B; with C: (A or not B) and (C or B). The negation of `unless` goes the same way.
            (RichOp::If, true) | (RichOp::Unless, false) => {
                let condition = op == RichOp::Unless;
                let then = either(&self.cnf(left, wanted)?, &met(condition)?)?;
                match otherwise {
                    Some(dep) => both(then, either(&self.cnf(dep, wanted)?, &met(!condition)?)?),
                    None => Ok(then),
                }
            }
            // A unless B: A and not B; with C: (A and not B) or (C and B), written out in full: a clause that follows
            // from the others is among them, and takes part in decisions.
            (RichOp::Unless, true) | (RichOp::If, false) => {
                let condition = op == RichOp::If;
                let then = both(self.cnf(left, wanted)?, met(condition)?)?;
                match otherwise {
                    Some(dep) => either(&then, &both(self.cnf(dep, wanted)?, met(!condition)?)?),
                    None => Ok(then),
                }
            }
            (RichOp::With | RichOp::Without, _) => {
                let packages = self.packages(dep);
                Ok(match wanted {
                    true => vec![packages.into_iter().map(|package| Lit::pos(package.0)).collect()],
                    false => {
                        packages.into_iter().map(|package| vec![Lit::neg(package.0)]).collect()
                    }
                })
            }
        }
    }

    /// Whether `with` or `without` occurs in a dependency.
    pub(super) fn has_with(&self, dep: DepRef) -> bool {
        match self.parts(dep) {
            None => false,
            Some((RichOp::With | RichOp::Without, ..)) => true,
            Some((_, left, right, otherwise)) => {
                self.has_with(left)
                    || self.has_with(right)
                    || otherwise.is_some_and(|dep| self.has_with(dep))
            }
        }
    }

    /// The single packages that satisfy a dependency by themselves: what `with` and `without` are about.
    pub(super) fn packages(&self, dep: DepRef) -> Vec<PackageId> {
        let Some((op, left, right, otherwise)) = self.parts(dep) else {
            return self.providers(dep);
        };
        // A condition is taken to hold, and not to hold.
        let right = if matches!(op, RichOp::If | RichOp::Unless) { otherwise } else { Some(right) };
        let other = right.map(|dep| self.packages(dep)).unwrap_or_default();
        let mut found = self.packages(left);
        match op {
            RichOp::With => found.retain(|package| other.binary_search(package).is_ok()),
            RichOp::Without => found.retain(|package| other.binary_search(package).is_err()),
            RichOp::And | RichOp::Or | RichOp::If | RichOp::Unless => {
                found.extend(other);
                found.sort_unstable();
                found.dedup();
            }
        }
        found
    }

    /// Whether a dependency holds where exactly the packages that pass `is_in` are installed.
    pub(super) fn holds(&self, dep: DepRef, is_in: &mut dyn FnMut(PackageId) -> bool) -> bool {
        let Some((op, left, right, otherwise)) = self.parts(dep) else {
            return self.universe.any_provider(dep, is_in);
        };
        match op {
            RichOp::And => self.holds(left, is_in) && self.holds(right, is_in),
            RichOp::Or => self.holds(left, is_in) || self.holds(right, is_in),
            RichOp::If => match (self.holds(right, is_in), otherwise) {
                (true, _) => self.holds(left, is_in),
                (false, Some(otherwise)) => self.holds(otherwise, is_in),
                (false, None) => true,
            },
            RichOp::Unless => match (self.holds(right, is_in), otherwise) {
                (false, _) => self.holds(left, is_in),
                (true, Some(otherwise)) => self.holds(otherwise, is_in),
                (true, None) => false,
            },
            RichOp::With | RichOp::Without => self.packages(dep).into_iter().any(is_in),
        }
    }

    /// Every package that would help a dependency to hold; where `wanted` is false, to fail.
    pub(super) fn wanted(&self, dep: DepRef, wanted: bool, visit: &mut dyn FnMut(PackageId)) {
        match self.parts(dep) {
            Some((op, left, right, otherwise)) if !matches!(op, RichOp::With | RichOp::Without) => {
                let is_condition = matches!(op, RichOp::If | RichOp::Unless);
                self.wanted(left, wanted, visit);
                self.wanted(right, wanted != is_condition, visit);
                if let Some(otherwise) = otherwise {
                    self.wanted(otherwise, wanted, visit);
                }
            }
            _ if wanted => self.packages(dep).into_iter().for_each(visit),
            _ => {}
        }
    }

    /// Whether a dependency could come to hold where the packages that pass `is_near` may be installed.
    pub(super) fn is_possible(
        &self,
        dep: DepRef,
        is_near: &mut dyn FnMut(PackageId) -> bool,
    ) -> bool {
        let Some((op, left, right, otherwise)) = self.parts(dep) else {
            return self.universe.any_provider(dep, is_near);
        };
        match op {
            RichOp::And => self.is_possible(left, is_near) && self.is_possible(right, is_near),
            RichOp::Or => self.is_possible(left, is_near) || self.is_possible(right, is_near),
            RichOp::If | RichOp::Unless if otherwise.is_some() => {
                otherwise.is_some_and(|dep| self.is_possible(dep, is_near))
                    || self.is_possible(left, is_near)
            }
            RichOp::If => true,
            RichOp::Unless => self.is_possible(left, is_near),
            RichOp::With | RichOp::Without => self.packages(dep).into_iter().any(is_near),
        }
    }

    /// Whether a dependency that holds does so because of a package that passes `is_new`: "not B" of `A if B` alone does not count.
    pub(super) fn holds_by_new(
        &self,
        dep: DepRef,
        is_in: &mut dyn FnMut(PackageId) -> bool,
        is_new: &dyn Fn(PackageId) -> bool,
    ) -> bool {
        let Some((op, left, right, otherwise)) = self.parts(dep) else {
            return self.universe.any_provider(dep, |package| is_new(package) && is_in(package));
        };
        match op {
            RichOp::And => {
                self.holds(left, is_in)
                    && self.holds(right, is_in)
                    && (self.holds_by_new(left, is_in, is_new)
                        || self.holds_by_new(right, is_in, is_new))
            }
            RichOp::Or => {
                self.holds_by_new(left, is_in, is_new) || self.holds_by_new(right, is_in, is_new)
            }
            RichOp::If | RichOp::Unless => {
                let condition = self.holds(right, is_in);
                let (met, unmet) = match (op, otherwise) {
                    (RichOp::If, None) => return self.holds_by_new(left, is_in, is_new),
                    (RichOp::If, Some(otherwise)) => (Some(left), Some(otherwise)),
                    (_, otherwise) => (otherwise, Some(left)),
                };
                match (condition, met, unmet) {
                    (true, Some(part), _) => {
                        self.holds(part, is_in)
                            && (self.holds_by_new(part, is_in, is_new)
                                || self.holds_by_new(right, is_in, is_new))
                    }
                    (false, _, Some(part)) => self.holds_by_new(part, is_in, is_new),
                    _ => false,
                }
            }
            RichOp::With | RichOp::Without => {
                self.packages(dep).into_iter().any(|package| is_new(package) && is_in(package))
            }
        }
    }
}

/// Clauses that both hold. What can never be met swallows the rest, as libsolv has it: nobody is recommended by a part of it.
fn both(mut a: Cnf, b: Cnf) -> Result<Cnf, TooComplex> {
    a.extend(b);
    match a.iter().any(Vec::is_empty) {
        true => Ok(vec![Vec::new()]),
        false => bounded(a),
    }
}

fn either(a: &Cnf, b: &Cnf) -> Result<Cnf, TooComplex> {
    let size = |cnf: &Cnf| cnf.iter().map(Vec::len).sum::<usize>();
    if size(a).saturating_mul(b.len()) + size(b).saturating_mul(a.len()) > MAX_LITS {
        return Err(TooComplex);
    }
    let mut found = Vec::with_capacity(a.len() * b.len());
    for left in a {
        for right in b {
            let mut clause = left.clone();
            clause.extend_from_slice(right);
            clause.sort_unstable();
            clause.dedup();
            if !clause.iter().any(|lit| clause.binary_search(&!*lit).is_ok()) {
                found.push(clause);
            }
        }
    }
    bounded(found)
}

fn bounded(cnf: Cnf) -> Result<Cnf, TooComplex> {
    match cnf.iter().map(Vec::len).sum::<usize>() > MAX_LITS {
        true => Err(TooComplex),
        false => Ok(cnf),
    }
}
