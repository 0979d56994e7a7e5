//! From a solution to a plan: what happens to which package, with sizes, checksums and locations.

use crate::module_request::ModuleChanges;
use crate::profiles::Profiles;
use crate::solve::{Solution, Wanted};
use crate::store::universe::{PackageId, Universe};
use crate::streams::{ActiveStreams, Streams};
use data_encoding::HEXLOWER;
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::{FormatError, Warm};
use modex_formats::plan::{
    Action, ModuleChange, PlanChecksum, PlanModule, PlanPackage, Reason, Totals,
};
use std::cmp::Ordering;
use std::collections::HashSet;

/// The packages of a plan, by action and NEVRA. `warm` gives the warm file of a repository by its number, once; `profile`
/// names the packages that a module profile asked for.
///
/// # Errors
/// What `warm` says, or damaged, where a warm file does not know a package.
pub(crate) fn packages<'w, E: From<FormatError>>(
    universe: &Universe<'_>,
    solution: &Solution,
    profile: &HashSet<u32>,
    mut warm: impl FnMut(u32) -> Result<Warm<'w>, E>,
) -> Result<Vec<PlanPackage>, E> {
    let mut found = Vec::with_capacity(solution.installs.len() + solution.removals.len());
    let mut replaced: HashSet<u32> = HashSet::new();
    let mut opened: Vec<Option<Warm<'w>>> = universe.repos().iter().map(|_| None).collect();
    for (package, wanted) in &solution.installs {
        let old: Vec<PackageId> = solution
            .removals
            .iter()
            .copied()
            .filter(|old| takes_place(universe, *package, *old))
            .collect();
        replaced.extend(old.iter().map(|old| old.0));
        let (repo, local) = universe.locate(*package);
        let slot = &mut opened[repo as usize];
        let warm = match slot {
            Some(open) => open,
            None => slot.insert(warm(repo)?),
        };
        let lost = || FormatError::damaged("SZDL", "a package is not in the warm file");
        let (kind, digest) = warm.checksums.get(local).ok_or_else(lost)?;
        found.push(PlanPackage {
            action: action(universe, *package, &old),
            nevra: universe.nevra(*package),
            repo: universe.repo(repo).options.id.clone(),
            reason: match wanted {
                _ if profile.contains(&package.0) => Reason::Profile,
                Wanted::User => Reason::User,
                Wanted::Dependency => Reason::Dependency,
                Wanted::Weak => Reason::Weak,
            },
            location: Some(location(universe, *package, warm).ok_or_else(lost)?),
            checksum: Some(PlanChecksum { kind: kind.to_owned(), value: HEXLOWER.encode(digest) }),
            size: warm.sizes.download(local).ok_or_else(lost)?,
            installed_size: warm.sizes.installed(local).ok_or_else(lost)?,
            replaces: old.iter().map(|old| universe.nevra(*old)).collect(),
        });
    }
    for old in solution.removals.iter().filter(|old| !replaced.contains(&old.0)) {
        found.push(PlanPackage {
            action: Action::Remove,
            nevra: universe.nevra(*old),
            repo: universe.repo(universe.locate(*old).0).options.id.clone(),
            reason: Reason::Replaced,
            location: None,
            checksum: None,
            size: 0,
            installed_size: 0,
            replaces: Vec::new(),
        });
    }
    found.sort_by(|a, b| a.action.cmp(&b.action).then_with(|| a.nevra.cmp(&b.nevra)));
    Ok(found)
}

/// Same name and a shared colour, or an Obsoletes.
fn takes_place(universe: &Universe<'_>, new: PackageId, old: PackageId) -> bool {
    let same_name = universe.compare_names(universe.name(new), universe.name(old)).is_eq();
    (same_name && universe.arch(new).colour & universe.arch(old).colour != 0)
        || universe.statements(new, RelationKind::Obsoletes).any(|dep| universe.names(dep, old))
}

fn action(universe: &Universe<'_>, new: PackageId, old: &[PackageId]) -> Action {
    let same_name = old
        .iter()
        .find(|old| universe.compare_names(universe.name(new), universe.name(**old)).is_eq());
    match same_name.map(|old| universe.compare_evrs(new, *old)) {
        None => Action::Install,
        Some(Ordering::Less) => Action::Downgrade,
        Some(_) => Action::Upgrade,
    }
}

/// Where a package's file lies: stated, or folder and `NAME-VERSION-RELEASE.ARCH.rpm`.
pub fn location(universe: &Universe<'_>, package: PackageId, warm: &Warm<'_>) -> Option<String> {
    let (folder, file) = warm.locations.get(universe.locate(package).1)?;
    Some(match file {
        Some(file) => format!("{folder}{file}"),
        None => {
            let evr = universe.evr(package);
            let name = universe.name_text(universe.name(package));
            let release = evr.release.map(|release| format!("-{release}")).unwrap_or_default();
            format!("{folder}{name}-{}{release}.{}.rpm", evr.version, universe.arch_text(package))
        }
    })
}

/// The streams that a request enables, each as its newest active document, by NSVCA.
pub(crate) fn modules(
    streams: &Streams<'_, '_>,
    active: &ActiveStreams,
    changes: &ModuleChanges,
    profiles: &Profiles,
) -> Vec<PlanModule> {
    let enabled = changes.enabled.iter().map(|(module, stream)| (module, stream));
    let switched = changes.switched.iter().map(|(module, _, stream)| (module, stream));
    let enabled: HashSet<(&String, &String)> = enabled.chain(switched).collect();
    if enabled.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<PlanModule> = Vec::new();
    for group in active.groups() {
        let newest =
            group.iter().max_by_key(|document| streams.row(**document).map(|row| row.version));
        let Some(document) = newest else { continue };
        let identity = streams.identity(*document);
        if !enabled.contains(&(&identity.name, &identity.stream)) {
            continue;
        }
        let of_module = profiles.installed.iter().filter(|(module, ..)| *module == identity.name);
        found.push(PlanModule {
            repo: streams.universe().repo(document.repo).options.id.clone(),
            profiles: of_module.map(|(_, _, profile)| profile.clone()).collect(),
            nsvca: identity.to_string(),
            change: ModuleChange::Enable,
        });
    }
    found.sort_by(|a, b| a.nsvca.cmp(&b.nsvca));
    found
}

/// The sums of a plan.
pub(crate) fn totals(packages: &[PlanPackage]) -> Totals {
    let mut totals = Totals::default();
    for package in packages {
        *match package.action {
            Action::Install => &mut totals.install,
            Action::Upgrade => &mut totals.upgrade,
            Action::Downgrade => &mut totals.downgrade,
            Action::Remove => &mut totals.remove,
        } += 1;
        totals.download_size += package.size;
        totals.installed_size += package.installed_size;
    }
    totals
}
