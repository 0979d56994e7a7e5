//! What the metadata says of one package, made into clauses and partners when the search first needs it.

use super::Solver;
use super::clause::{Origin, Part};
use super::draft::Drafts;
use super::pool::Span;
use super::rich::{Cnf, RichReader, TooComplex};
use super::state::{Lit, Value};
use crate::store::universe::{DepRef, NameRef, PackageId};
use modex_formats::index::section::relations::RelationKind;
use std::rc::Rc;

/// The boolean dependencies of one search together may have this many literals; with what is made of them, some 400 MB.
const MAX_ALL_LITS: usize = 1 << 23;

impl<'u, 'a> Solver<'u, 'a> {
    /// The providers of a simple dependency, remembered.
    pub(super) fn providers(&mut self, dep: DepRef) -> Span {
        if let Some(known) = self.providers.get(&dep) {
            return *known;
        }
        let universe = self.universe;
        let found = self
            .pool
            .keep_sorted(|items| universe.each_provider(dep, |package| items.push(package.0)));
        self.providers.insert(dep, found);
        found
    }

    /// A boolean dependency as clauses, remembered; no clause where there would be too many.
    pub(super) fn cnf(&mut self, dep: DepRef, wanted: bool) -> Rc<Cnf> {
        if let Some(known) = self.cnfs.get(&(dep, wanted)) {
            return known.clone();
        }
        let reader = RichReader::new(self.universe).installed_only(self.options.installed_only);
        let found = reader.cnf(dep, wanted).unwrap_or_else(|TooComplex| {
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
        let (universe, visible, updates) = (self.universe, self.visible, &self.updates);
        let installed_only = self.options.installed_only;
        self.state.value(package, |id| {
            !universe.is_installed(id)
                && (installed_only
                    || visible.is_hidden(id)
                    || !universe.arch(id).fits()
                    || (updates.is_synced(id.0, false) && !updates.is_good(id.0, false)))
        })
    }

    /// Whether a package is installed, or could be as far as the repositories are concerned.
    pub(super) fn is_installable(&self, package: PackageId) -> bool {
        self.universe.is_installed(package)
            || !(self.options.installed_only
                || self.visible.is_hidden(package)
                || !self.universe.arch(package).fits())
    }

    /// Room for clauses; whoever takes it puts it back.
    pub(super) fn empty_drafts(&mut self) -> Drafts {
        let mut drafts = std::mem::take(&mut self.drafts);
        drafts.clear();
        drafts
    }

    /// Adds the clauses that a dependency of `package` makes; `wanted` false: of a conflict.
    fn add_drafts(&mut self, package: u32, dep: DepRef, wanted: bool, drafts: &mut Drafts) {
        let own = Lit::neg(package);
        let origin = match wanted {
            true => Origin::Requires(package, dep),
            false => Origin::Conflicts(package, dep),
        };
        if dep.dep.as_rich().is_none() {
            let providers = self.providers(dep);
            let providers = &self.pool[providers];
            if providers.binary_search(&package).is_err() {
                let lits = providers.iter().map(|id| Lit::pos(*id));
                drafts.push(std::iter::once(own).chain(lits), origin);
            }
            return;
        }
        for lits in self.cnf(dep, wanted).iter() {
            let on_itself_alone = !wanted && !lits.is_empty() && lits.iter().all(|lit| *lit == own);
            if !lits.contains(&Lit::pos(package)) && !on_itself_alone {
                drafts.push_sorted(lits.iter().copied().chain([own]), origin);
            }
        }
    }

    /// Adds the clauses of one dependency that bind. What an installed package states binds only as far as it holds now:
    /// what is broken already is not repaired; and not where only its installation needed it.
    pub(super) fn add_binding(
        &mut self,
        package: u32,
        dep: DepRef,
        wanted: bool,
        drafts: &mut Drafts,
    ) {
        let installed = self.universe.installed();
        if wanted && installed.contains(&package) && self.universe.is_past(PackageId(package), dep)
        {
            return;
        }
        let before = drafts.len();
        self.add_drafts(package, dep, wanted, drafts);
        if installed.contains(&package) {
            // A requirement that nothing can ever meet is broken as a whole.
            let alone = [Lit::neg(package)];
            let is_hopeless = wanted && drafts.iter().skip(before).any(|(lits, _)| *lits == alone);
            drafts.retain_from(before, |lits| {
                !is_hopeless
                    && lits.iter().any(|lit| lit.is_pos() == installed.contains(&lit.package()))
            });
        }
    }

    /// Stores a clause unless the package has it already.
    pub(super) fn store(&mut self, lits: &[Lit], origin: Origin, part: Part, place: u32) -> u32 {
        let first = lits.iter().find(|lit| !lit.is_pos()).map(|lit| lit.package());
        if let Some(package) = first
            && let Some(known) = self
                .clauses
                .against(package)
                .find(|id| self.clauses.get(*id).part == part && self.clauses.lits(*id) == lits)
        {
            return known;
        }
        self.add(lits, origin, part, place)
    }

    /// Stores a clause that the package has not.
    fn add(&mut self, lits: &[Lit], origin: Origin, part: Part, place: u32) -> u32 {
        for lit in lits {
            self.value(lit.package());
        }
        self.clauses.add(lits, part, place, origin, &self.state)
    }

    /// Makes the clauses of a package that is in. They stay for good.
    pub(super) fn expand(&mut self, package: u32) {
        if std::mem::replace(self.expanded.slot(package), true) {
            return;
        }
        self.steps += 1;
        let mut drafts = self.all_drafts(package);
        drafts.sort();
        let has_some = self.clauses.against(package).next().is_some();
        for (lits, origin) in drafts.iter() {
            match has_some {
                true => self.store(lits, origin, Part::Package, 0),
                false => self.add(lits, origin, Part::Package, 0),
            };
        }
        self.drafts = drafts;
        if let Some((lits, origin)) = self.inferior_arch(package) {
            self.store(&lits, origin, Part::InferiorArch, package);
        }
        self.expand_splits(package);
        self.expand_choices(package);
    }

    /// What the requirements and boolean conflicts of a package say, in the solver's own room.
    pub(super) fn all_drafts(&mut self, package: u32) -> Drafts {
        let universe = self.universe;
        let id = PackageId(package);
        let mut drafts = self.empty_drafts();
        for dep in universe.statements(id, RelationKind::Requires) {
            self.add_binding(package, dep, true, &mut drafts);
        }
        for dep in universe.statements(id, RelationKind::Conflicts) {
            if dep.dep.as_rich().is_some() {
                self.add_binding(package, dep, false, &mut drafts);
            }
        }
        drafts
    }

    /// The lock-step clause of a package whose architecture is not the best of its name.
    fn inferior_arch(&mut self, package: u32) -> Option<(Vec<Lit>, Origin)> {
        let universe = self.universe;
        let id = PackageId(package);
        let fit = universe.arch(id);
        let name = universe.name(id);
        if fit.is_noarch() {
            return None;
        }
        let siblings: Vec<PackageId> = universe.of_name(name).collect();
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
            *score > 1 && *score != best && universe.compare_names(*asked, name).is_eq()
        };
        // Installed packages do not count for the best, and may be better than it.
        if fit.score == best || self.exempt.iter().any(asked_for) {
            return None;
        }
        let allowed = |old: &PackageId| {
            let in_lock_step = |other: &PackageId| {
                let arch = universe.arch(*other);
                other != old
                    && universe.arch_text(*other) != universe.arch_text(*old)
                    && (arch.is_noarch() || arch.score == best)
                    && universe.evr_text(*other) == universe.evr_text(*old)
            };
            universe.is_installed(*old)
                && universe.arch(*old).score == fit.score
                && !self.updates.is_synced(old.0, true)
                && !siblings.iter().any(in_lock_step)
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
        Some((lits, Origin::LockStep(package)))
    }

    /// The packages that cannot be together with a package, highest id first, remembered.
    pub(super) fn partners(&mut self, package: u32) -> Span {
        if let Some(known) = self.partners.get(&package) {
            return *known;
        }
        let universe = self.universe;
        let id = PackageId(package);
        let mut found: Vec<u32> = Vec::new();
        for dep in universe.statements(id, RelationKind::Conflicts) {
            if dep.dep.as_rich().is_none() {
                let providers = self.providers(dep);
                found.extend(&self.pool[providers]);
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
        let found = self.pool.keep(found);
        self.partners.insert(package, found);
        found
    }

    /// Those that conflict with or obsolete a package.
    fn reverse_partners(&mut self, id: PackageId, found: &mut Vec<u32>) {
        let universe = self.universe;
        if self.has_conflicts {
            for (owner, dep) in self.stated_by(id.0, |reverse| reverse.conflicts) {
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
