//! Packages of modules that no active stream describes: dnf finds them when it has their files, and gives up.

use crate::explain::plain;
use crate::solve::Solution;
use crate::store::universe::{PackageId, Universe};
use crate::streams::ActiveStreams;
use modex_formats::plan::PlanFact;

/// Why the transaction is refused: a fact for each package that goes in, carries a modularity label as far as its repository's
/// index knows, and is listed by no active stream of any repository (`modular-filtering.md`, section 6). Repositories of
/// hotfixes are exempt.
pub(crate) fn refused(
    universe: &Universe<'_>,
    active: &ActiveStreams,
    solution: &Solution,
) -> Vec<PlanFact> {
    let is_orphan = |package: &PackageId| {
        let (repo, local) = universe.locate(*package);
        let repo = universe.repo(repo);
        if !repo.hot.orphans.has(local) || repo.options.module_hotfixes {
            return false;
        }
        let mut included = false;
        universe.visit_listing(*package, |document| included |= active.is_active(document));
        !included
    };
    let installs = solution.installs.iter().map(|(package, _)| *package);
    installs.filter(is_orphan).map(|package| tell(universe, package)).collect()
}

/// dnf 4.14's words.
fn tell(universe: &Universe<'_>, package: PackageId) -> PlanFact {
    let text = format!(
        "No available modular metadata for modular package '{}', it cannot be installed on the system",
        universe.identity(package).short()
    );
    PlanFact { packages: vec![universe.nevra(package)], ..plain("orphan", text) }
}
