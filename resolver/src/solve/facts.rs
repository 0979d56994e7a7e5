//! What the metadata says of one package, made into clauses and partners when the search first needs it.

use super::Solver;
use super::clause::{Origin, Part, compare_lits};
use super::rich::{Cnf, RichReader, TooComplex};
use super::state::{Lit, Value};
use crate::store::universe::{DepRef, NameRef, PackageId};
use modex_formats::index::section::relations::RelationKind;
use std::rc::Rc;

/// The boolean dependencies of one search together may have this many literals; with what is made of them, some 400 MB.
const MAX_ALL_LITS: usize = 1 << 23;

/// A clause before it is stored.
pub(super) struct Draft {
    pub(super) lits: Vec<Lit>,
    pub(super) origin: Origin,
}

impl<'u, 'a> Solver<'u, 'a> {
    /// The providers of a simple dependency, remembered.
    pub(super) fn providers(&mut self, dep: DepRef) -> Rc<[u32]> {
        if let Some(known) = self.providers.get(&dep) {
            return known.clone();
        }
        let found: Rc<[u32]> =
            self.universe.providers(dep).into_iter().map(|package| package.0).collect();
        self.providers.insert(dep, found.clone());
        found
    }

    /// A boolean dependency as clauses, remembered; no clause where there would be too many.
    pub(super) fn cnf(&mut self, dep: DepRef, wanted: bool) -> Rc<Cnf> {
        if let Some(known) = self.cnfs.get(&(dep, wanted)) {
            return known.clone();
        }
        let found = RichReader::new(self.universe).cnf(dep, wanted).unwrap_or_else(|TooComplex| {
            self.too_complex = true;
            Cnf::new()
        });
        self.boolean_lits += found.iter().map(Vec::len).sum::<usize>();
        self.too_complex |= self.boolean_lits > MAX_ALL_LITS;
        let found = Rc::new(found);
        self.cnfs.insert((dep, wanted), found.clone());
        found
    }

    /// The value of a package.
    pub(super) fn value(&mut self, package: u32) -> Value {
        let (universe, visible) = (self.universe, self.visible);
        self.state.value(package, |id| {
            !universe.is_installed(id) && (visible.is_hidden(id) || !universe.arch(id).fits())
        })
    }

    /// The clauses that a dependency of `package` makes; `wanted` false: of a conflict.
    pub(super) fn drafts(&mut self, package: u32, dep: DepRef, wanted: bool) -> Vec<Draft> {
        let own = Lit::neg(package);
        let origin = match wanted {
            true => Origin::Requires(package, dep),
            false => Origin::Conflicts(package, dep),
        };
        if dep.dep.as_rich().is_none() {
            let providers = self.providers(dep);
            if providers.binary_search(&package).is_ok() {
                return Vec::new();
            }
            let lits =
                std::iter::once(own).chain(providers.iter().map(|id| Lit::pos(*id))).collect();
            return vec![Draft { lits, origin }];
        }
        let cnf = self.cnf(dep, wanted);
        let draft = |mut lits: Vec<Lit>| {
            let on_itself_alone = !wanted && !lits.is_empty() && lits.iter().all(|lit| *lit == own);
            if lits.contains(&Lit::pos(package)) || on_itself_alone {
                return None;
            }
            lits.push(own);
            lits.sort_unstable();
            lits.dedup();
            Some(Draft { lits, origin: origin.clone() })
        };
        cnf.iter().cloned().filter_map(draft).collect()
    }

    /// Stores a clause unless the package has it already.
    pub(super) fn store(&mut self, draft: Draft, part: Part, place: u32) -> u32 {
        for lit in &draft.lits {
            self.value(lit.package());
        }
        let first = draft.lits.iter().find(|lit| !lit.is_pos()).map(|lit| lit.package());
        if let Some(package) = first
            && let Some(known) = self.clauses.against(package).find(|id| {
                self.clauses.get(*id).part == part && self.clauses.lits(*id) == draft.lits
            })
        {
            return known;
        }
        self.clauses.add(&draft.lits, part, place, draft.origin, &self.state)
    }

    /// Makes the clauses of a package that is in. They stay for good.
    pub(super) fn expand(&mut self, package: u32) {
        if std::mem::replace(self.expanded.slot(package), true) {
            return;
        }
        self.steps += 1;
        let mut drafts = self.all_drafts(package);
        drafts.sort_by(|a, b| compare_lits(&a.lits, &b.lits));
        drafts.dedup_by(|a, b| a.lits == b.lits);
        for draft in drafts {
            self.store(draft, Part::Package, 0);
        }
        if let Some(draft) = self.inferior_arch(package) {
            self.store(draft, Part::InferiorArch, package);
        }
        self.expand_choices(package);
    }

    /// What the requirements and boolean conflicts of a package say.
    pub(super) fn all_drafts(&mut self, package: u32) -> Vec<Draft> {
        let universe = self.universe;
        let id = PackageId(package);
        let mut drafts = Vec::new();
        for dep in universe.statements(id, RelationKind::Requires) {
            drafts.extend(self.binding_drafts(package, dep, true));
        }
        for dep in universe.statements(id, RelationKind::Conflicts) {
            if dep.dep.as_rich().is_some() {
                drafts.extend(self.binding_drafts(package, dep, false));
            }
        }
        drafts
    }

    /// The clauses of one dependency that bind. What an installed package states binds only as far as it holds now:
    /// what is broken already is not repaired.
    pub(super) fn binding_drafts(&mut self, package: u32, dep: DepRef, wanted: bool) -> Vec<Draft> {
        let installed = self.universe.installed();
        let mut drafts = self.drafts(package, dep, wanted);
        if installed.contains(&package) {
            drafts.retain(|draft| {
                draft.lits.iter().any(|lit| match lit.is_pos() {
                    true => installed.contains(&lit.package()),
                    false => !installed.contains(&lit.package()),
                })
            });
        }
        drafts
    }

    /// The lock-step clause of a package whose architecture is not the best of its name.
    fn inferior_arch(&mut self, package: u32) -> Option<Draft> {
        let universe = self.universe;
        let id = PackageId(package);
        let fit = universe.arch(id);
        let name = universe.name(id);
        if fit.is_noarch() {
            return None;
        }
        let siblings = universe.of_name(name);
        let considered = |other: &&PackageId| {
            !universe.is_installed(**other)
                && universe.arch(**other).fits()
                && self.is_considered(other.0)
        };
        let best = siblings
            .iter()
            .filter(considered)
            .map(|other| universe.arch(*other))
            .filter(|other| !other.is_noarch())
            .map(|other| other.score)
            .min()?;
        let asked_for = |(asked, score): &(NameRef, u16)| {
            *score > best && universe.compare_names(*asked, name).is_eq()
        };
        if fit.score <= best || self.exempt.iter().any(asked_for) {
            return None;
        }
        let allowed = |other: &PackageId| {
            universe.is_installed(*other) && universe.arch(*other).score == fit.score
        };
        let partner = |other: &&PackageId| {
            let arch = universe.arch(**other);
            **other != id
                && arch.fits()
                && (arch.is_noarch() || arch.score == best)
                && universe.evr_text(**other) == universe.evr_text(id)
        };
        let partners: Vec<PackageId> = siblings.iter().filter(partner).copied().collect();
        if universe.is_installed(id) && !partners.iter().any(|other| universe.is_installed(*other))
        {
            return None;
        }
        if !universe.is_installed(id) && siblings.iter().any(allowed) {
            return None;
        }
        let lits = std::iter::once(Lit::neg(package))
            .chain(partners.iter().map(|other| Lit::pos(other.0)))
            .collect();
        Some(Draft { lits, origin: Origin::LockStep(package) })
    }

    /// The packages that cannot be together with a package, highest id first, remembered.
    pub(super) fn partners(&mut self, package: u32) -> Rc<[u32]> {
        if let Some(known) = self.partners.get(&package) {
            return known.clone();
        }
        let universe = self.universe;
        let id = PackageId(package);
        let mut found: Vec<u32> = Vec::new();
        for dep in universe.statements(id, RelationKind::Conflicts) {
            if dep.dep.as_rich().is_none() {
                found.extend(self.providers(dep).iter());
            }
        }
        for dep in universe.statements(id, RelationKind::Obsoletes) {
            found.extend(universe.named(dep).into_iter().map(|other| other.0));
        }
        self.reverse_partners(id, &mut found);
        let colour = universe.arch(id).colour;
        for other in universe.of_name(universe.name(id)) {
            let arch = universe.arch(other);
            if arch.fits() && arch.colour & colour != 0 && !self.may_coexist(id, other) {
                found.push(other.0);
            }
        }
        let broken_already =
            |other: &u32| universe.is_installed(id) && universe.is_installed(PackageId(*other));
        found.retain(|other| *other != package && !broken_already(other));
        found.sort_unstable_by(|a, b| b.cmp(a));
        found.dedup();
        let found: Rc<[u32]> = found.into();
        self.partners.insert(package, found.clone());
        found
    }

    /// Those that conflict with or obsolete a package.
    fn reverse_partners(&self, id: PackageId, found: &mut Vec<u32>) {
        let universe = self.universe;
        if self.has_conflicts {
            for (owner, dep) in universe.stated_by(id, |reverse| reverse.conflicts) {
                // A boolean conflict has this as a part only; it makes clauses of its own.
                let no_rich = universe.repo(dep.repo).hot.reldeps.rich_len() == 0;
                if no_rich
                    || universe.statements(owner, RelationKind::Conflicts).any(|own| own == dep)
                {
                    found.push(owner.0);
                }
            }
        }
        found.extend(universe.obsoleters(id).into_iter().map(|other| other.0));
        found.retain(|other| universe.arch(PackageId(*other)).fits());
    }

    /// Install-only packages of one name live side by side, unless they are the same package.
    pub(super) fn may_coexist(&self, a: PackageId, b: PackageId) -> bool {
        self.is_install_only(a)
            && self.is_install_only(b)
            && !(self.universe.compare_evrs(a, b).is_eq()
                && self.universe.arch_text(a) == self.universe.arch_text(b))
    }
}
