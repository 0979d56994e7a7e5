//! Which installed packages give way to which new one, and what a new one inherits from them.

use crate::solve::{Solution, Wanted};
use crate::store::universe::{NameRef, PackageId, Universe};
use crate::system::System;
use crate::system::installed::InstallReason;
use foldhash::HashMap;
use modex_formats::index::section::relations::RelationKind;

/// The installed packages that go in a solution, by what they are called.
pub(crate) struct Replaced<'s, 'u, 'a> {
    universe: &'u Universe<'a>,
    solution: &'s Solution,
    by_name: HashMap<&'a str, Vec<PackageId>>,
}

impl<'s, 'u, 'a> Replaced<'s, 'u, 'a> {
    pub(crate) fn new(universe: &'u Universe<'a>, solution: &'s Solution) -> Self {
        let mut by_name: HashMap<&str, Vec<PackageId>> = HashMap::default();
        for (old, _) in &solution.removals {
            by_name.entry(universe.name_text(universe.name(*old))).or_default().push(*old);
        }
        Replaced { universe, solution, by_name }
    }

    /// Those of the name of a package, ids ascending.
    pub(crate) fn same_name(&self, new: PackageId) -> &[PackageId] {
        let name = self.universe.name_text(self.universe.name(new));
        self.by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Those that a package obsoletes, each once.
    fn obsoleted(&self, new: PackageId) -> Vec<PackageId> {
        let universe = self.universe;
        let mut found = Vec::new();
        for dep in universe.statements(new, RelationKind::Obsoletes) {
            let Some(simple) = universe.simple(dep) else { continue };
            let name = universe.name_text(NameRef { repo: dep.repo, name: simple.name });
            let named = self.by_name.get(name).into_iter().flatten();
            found.extend(named.filter(|old| universe.names(dep, **old)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Those whose place a package takes, ids ascending: of the same name and a shared colour, of an install-only package the
    /// very same version and architecture; and what it obsoletes.
    pub(crate) fn places(&self, new: PackageId) -> Vec<PackageId> {
        let universe = self.universe;
        let is_beside = self.solution.beside.contains(&new);
        let meets = |old: &PackageId| match is_beside {
            true => {
                universe.evr(new) == universe.evr(*old)
                    && universe.arch_text(new) == universe.arch_text(*old)
            }
            false => universe.arch(new).colour & universe.arch(*old).colour != 0,
        };
        let mut found: Vec<PackageId> = self.same_name(new).iter().copied().filter(meets).collect();
        found.extend(self.obsoleted(new));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Why a package is there from now on. What replaces one keeps its reason, as in dnf's history.
    pub(crate) fn reason(
        &self,
        system: &System,
        new: PackageId,
        wanted: Wanted,
        of_profile: bool,
    ) -> InstallReason {
        let universe = self.universe;
        let replaced = self.same_name(new);
        let same_arch = |old: &&PackageId| universe.arch_text(**old) == universe.arch_text(new);
        let reason = match (replaced.iter().find(same_arch), wanted) {
            (Some(old), _) => system.reason(*old),
            // dnf looks for the reason of the new architecture, and finds none.
            (None, _) if !replaced.is_empty() => InstallReason::Unknown,
            (None, _) if of_profile => InstallReason::Group,
            (None, Wanted::User) => InstallReason::User,
            (None, Wanted::Dependency) => InstallReason::Dependency,
            (None, Wanted::Weak) => InstallReason::Weak,
        };
        if !replaced.is_empty() {
            return reason;
        }
        // What takes the place of obsolete packages is there for the best of all their reasons.
        self.obsoleted(new).into_iter().map(|old| system.reason(old)).fold(reason, Ord::max)
    }
}
