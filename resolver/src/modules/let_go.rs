//! Packages that profiles brought and no profile names any more: they go where nothing needs them.

use crate::solve::{Job, Work, unneeded};
use crate::store::universe::{PackageId, Universe};
use crate::system::System;
use crate::system::installed::InstallReason;
use foldhash::HashSet;

/// The jobs, and the packages that stay because something needs them: from now on they are there as dependencies.
///
/// Only what came with a group or a profile is let go. Whether something needs it is asked as if none of `packages` had
/// been asked for.
pub(crate) fn let_go(
    universe: &Universe<'_>,
    system: &System,
    user_installed: &HashSet<PackageId>,
    packages: &[PackageId],
    clean_deps: bool,
) -> (Vec<Job>, Vec<PackageId>) {
    if packages.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let asked: HashSet<PackageId> =
        user_installed.iter().copied().filter(|package| !packages.contains(package)).collect();
    let unneeded = unneeded(universe, &asked);
    let of_groups = packages.iter().copied();
    let (go, stay): (Vec<PackageId>, Vec<PackageId>) = of_groups
        .filter(|package| system.reason(*package) == InstallReason::Group)
        .partition(|package| unneeded.contains(package));
    let work = Work::Erase { clean_deps };
    let job = |package: PackageId| Job::new(work, vec![package], &universe.nevra(package));
    (go.into_iter().map(job).collect(), stay)
}
