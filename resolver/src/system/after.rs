//! The system as it is after an answer was followed: what the next command starts from.

use super::installed::{InstallReason, InstalledPackage, Statements};
use crate::replaced::Replaced;
use crate::resolve::Solved;
use crate::store::universe::{PackageId, Universe};
use crate::world::World;
use modex_formats::index::section::relations::RelationKind;
use modex_formats::rpm::Evr;
use std::collections::HashSet;

impl World<'_> {
    /// The installed packages after an answer: of those that were there before the ones that stay, and those that go in
    /// with what their repository says of them. What replaces a package keeps its reason, as in dnf's history.
    pub fn installed_after(
        &self,
        solved: &Solved,
        before: &[InstalledPackage],
    ) -> Vec<InstalledPackage> {
        let universe = self.universe();
        let removed = &solved.solution.removals;
        let key = |package: PackageId| {
            let name = universe.name_text(universe.name(package));
            (name, universe.evr_text(package), universe.arch_text(package))
        };
        let gone: HashSet<(&str, &str, &str)> =
            removed.iter().map(|(package, _)| key(*package)).collect();
        let needed: HashSet<(&str, &str, &str)> =
            solved.needed.iter().map(|package| key(*package)).collect();
        let mut found: Vec<InstalledPackage> = Vec::with_capacity(before.len());
        for old in before {
            let key = (old.name.as_str(), old.evr.as_str(), old.arch.as_str());
            if gone.contains(&key) {
                continue;
            }
            let mut old = old.clone();
            if needed.contains(&key) {
                old.reason = InstallReason::Dependency;
            }
            found.push(old);
        }
        let replaced = Replaced::new(universe, &solved.solution);
        for (package, wanted) in &solved.solution.installs {
            let of_profile = solved.of_profile.contains(package);
            let reason = replaced.reason(self.system(), *package, *wanted, of_profile);
            found.push(installed(universe, *package, reason));
        }
        found
    }
}

/// A package as an installed one.
fn installed(
    universe: &Universe<'_>,
    package: PackageId,
    reason: InstallReason,
) -> InstalledPackage {
    let identity = universe.identity(package);
    let (mut relations, mut files) = (Vec::new(), Vec::new());
    for kind in RelationKind::ALL {
        for dep in universe.statements(package, kind) {
            let hot = &universe.repo(dep.repo).hot;
            match universe.simple(dep) {
                Some(simple) if simple.file => {
                    let path = universe.sound(hot.names.get(simple.name), "NAMS");
                    files.push(path.to_owned());
                }
                _ => relations.extend(hot.dependency(dep.dep).ok().map(|dep| (kind, dep))),
            }
        }
    }
    let Evr { epoch, version, release } = identity.evr;
    InstalledPackage {
        name: identity.name.to_owned(),
        evr: Evr::join(epoch, version, release.unwrap_or("")),
        arch: identity.arch.to_owned(),
        statements: Statements::Known { relations, files, to_install: Vec::new() },
        reason,
    }
}
