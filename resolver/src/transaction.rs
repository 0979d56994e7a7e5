//! From a solution to a plan: what happens to which package, with sizes, checksums and locations.

use crate::error::ResolveError;
use crate::modules::{ModuleChanges, Profiles};
use crate::replaced::Replaced;
use crate::resolve::EnabledDocument;
use crate::solve::{Gone, Solution, Wanted};
use crate::store::universe::{PackageId, Universe};
use crate::streams::{ActiveStreams, DocumentRef, ModuleStates, Streams};
use crate::system::installed::InstallReason;
use crate::world::World;
use data_encoding::HEXLOWER;
use modex_formats::index::{FormatError, Warm};
use modex_formats::plan::{
    Action, ModuleChange, PlanChecksum, PlanModule, PlanPackage, PlanStates, PlanSwitch, Reason,
    Totals,
};
use modex_formats::rpm::Nevra;
use std::cmp::Ordering;
use std::collections::HashSet;

/// The packages of a plan, by action and NEVRA. `profile` names the packages that a module profile asked for.
///
/// # Errors
/// A warm file cannot be read, or does not know a package.
pub(crate) fn packages(
    world: &World<'_>,
    solution: &Solution,
    profile: &HashSet<PackageId>,
) -> Result<Vec<PlanPackage>, ResolveError> {
    let universe = world.universe();
    let replaced = Replaced::new(universe, solution);
    let mut changes: Vec<Change<'_>> = solution
        .installs
        .iter()
        .map(|(package, wanted)| {
            let old = replaced.places(*package);
            let identity = universe.identity(*package);
            Change {
                action: action(universe, *package, &old),
                nevra: identity.into(),
                identity,
                package: *package,
                why: Ok(*wanted),
                old,
            }
        })
        .collect();
    let places: HashSet<PackageId> =
        changes.iter().flat_map(|change| change.old.iter().copied()).collect();
    let gone = solution.removals.iter().filter(|(old, _)| !places.contains(old));
    changes.extend(gone.map(|(old, why)| Change {
        action: Action::Remove,
        nevra: universe.nevra(*old),
        identity: universe.identity(*old),
        package: *old,
        why: Err(*why),
        old: Vec::new(),
    }));
    // Places are sorted, changes are not moved.
    let mut order: Vec<usize> = (0..changes.len()).collect();
    order.sort_unstable_by_key(|place| (changes[*place].action, changes[*place].nevra.as_str()));

    let mut opened: Vec<Option<Warm<'_>>> = universe.repos().iter().map(|_| None).collect();
    let mut found = Vec::with_capacity(changes.len());
    for place in order {
        let change = &mut changes[place];
        let (repo, local) = universe.locate(change.package);
        let mut entry = PlanPackage {
            action: change.action,
            nevra: std::mem::take(&mut change.nevra),
            repo: universe.repo(repo).options.id.clone(),
            reason: match change.why {
                Err(Gone::Asked) => Reason::User,
                Err(Gone::Dependent) => Reason::Dependent,
                Err(Gone::Unused) => Reason::Unused,
                Ok(wanted) => {
                    let of_profile = profile.contains(&change.package);
                    match replaced.reason(world.system(), change.package, wanted, of_profile) {
                        InstallReason::User | InstallReason::Unknown => Reason::User,
                        InstallReason::Group => Reason::Profile,
                        InstallReason::Dependency => Reason::Dependency,
                        InstallReason::Weak => Reason::Weak,
                    }
                }
            },
            location: None,
            checksum: None,
            size: 0,
            installed_size: 0,
            replaces: change.old.iter().map(|old| universe.nevra(*old)).collect(),
        };
        if let Some(file) = world.file(change.package) {
            entry.location = Some(file.path.clone());
            let (kind, value) = ("sha256".to_owned(), HEXLOWER.encode(&file.sha256));
            entry.checksum = Some(PlanChecksum { kind, value });
            (entry.size, entry.installed_size) = (file.size, file.installed_size);
        } else if change.why.is_ok() {
            let slot = &mut opened[repo as usize];
            let warm = match slot {
                Some(open) => open,
                None => slot.insert(world.warm(repo)?),
            };
            let lost = || FormatError::damaged("SZDL", "a package is not in the warm file");
            let (kind, digest) = warm.checksums.get(local).ok_or_else(lost)?;
            entry.location = Some(location(&change.identity, local, warm).ok_or_else(lost)?);
            entry.checksum =
                Some(PlanChecksum { kind: kind.to_owned(), value: HEXLOWER.encode(digest) });
            entry.size = warm.sizes.download(local).ok_or_else(lost)?;
            entry.installed_size = warm.sizes.installed(local).ok_or_else(lost)?;
        }
        found.push(entry);
    }
    Ok(found)
}

/// What happens to one package.
struct Change<'a> {
    action: Action,
    nevra: String,
    identity: Nevra<'a>,
    package: PackageId,
    /// Why it goes in, or why it goes.
    why: Result<Wanted, Gone>,
    /// Installed packages whose place it takes.
    old: Vec<PackageId>,
}

fn action(universe: &Universe<'_>, new: PackageId, old: &[PackageId]) -> Action {
    let same_name = old
        .iter()
        .filter(|old| universe.compare_names(universe.name(new), universe.name(**old)).is_eq());
    // Of several architectures libsolv looks at the newest.
    let newest = same_name.max_by(|a, b| universe.compare_evrs(**a, **b));
    match newest.map(|old| universe.compare_evrs(new, *old)) {
        None => Action::Install,
        Some(Ordering::Less) => Action::Downgrade,
        Some(Ordering::Equal) => Action::Reinstall,
        Some(Ordering::Greater) => Action::Upgrade,
    }
}

/// Where a package's file lies: stated, or folder and `NAME-VERSION-RELEASE.ARCH.rpm`. `local` is its id in its index.
pub fn location(identity: &Nevra<'_>, local: u32, warm: &Warm<'_>) -> Option<String> {
    let (folder, file) = warm.locations.get(local)?;
    let Nevra { name, evr, arch } = identity;
    let dash = if evr.release.is_some() { "-" } else { "" };
    let release = evr.release.unwrap_or("");
    Some(match file {
        Some(file) => [folder, file].concat(),
        None => [folder, name, "-", evr.version, dash, release, ".", arch, ".rpm"].concat(),
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

/// The documents that are in force for enabled streams, the newest of each solvable and
/// architecture; fail-safe copies are not among them.
pub(crate) fn enabled(
    streams: &Streams<'_, '_>,
    active: &ActiveStreams,
    states: &ModuleStates,
) -> Vec<EnabledDocument> {
    let mut found = Vec::new();
    for group in active.groups() {
        let is_enabled = |document: &DocumentRef| {
            streams.row(*document).is_some_and(|row| {
                let enabled = states.enabled(streams.text(*document, row.module));
                enabled == Some(streams.text(*document, row.stream))
            })
        };
        if !group.first().is_some_and(is_enabled) {
            continue;
        }
        let build = |document: &DocumentRef| {
            let identity = streams.identity(*document);
            (identity.arch, identity.version)
        };
        let is_newest = |document: &&DocumentRef| {
            let (arch, version) = build(document);
            !group.iter().map(build).any(|(other, newer)| other == arch && newer > version)
        };
        let newest = group.iter().filter(is_newest);
        found.extend(newest.filter(|document| !streams.is_fail_safe(**document)).map(|document| {
            EnabledDocument {
                repo: streams.universe().repo(document.repo).options.id.clone(),
                nsvca: streams.identity(*document),
            }
        }));
    }
    found
}

/// What becomes of the decisions about modules, as a plan says it.
pub(crate) fn states(changes: &ModuleChanges) -> PlanStates {
    let joined = |pairs: &[(String, String)], between: &str| {
        pairs.iter().map(|(module, of)| format!("{module}{between}{of}")).collect()
    };
    let switched = changes.switched.iter().cloned();
    PlanStates {
        enabled: joined(&changes.enabled, ":"),
        switched: switched.map(|(module, from, to)| PlanSwitch { module, from, to }).collect(),
        disabled: changes.disabled.clone(),
        reset: changes.reset.clone(),
        profiles_installed: joined(&changes.profiles_added, "/"),
        profiles_removed: joined(&changes.profiles_removed, "/"),
    }
}

/// The sums of a plan.
pub(crate) fn totals(packages: &[PlanPackage]) -> Totals {
    let mut totals = Totals::default();
    for package in packages {
        *match package.action {
            Action::Install => &mut totals.install,
            Action::Upgrade => &mut totals.upgrade,
            Action::Downgrade => &mut totals.downgrade,
            Action::Reinstall => &mut totals.reinstall,
            Action::Remove => &mut totals.remove,
        } += 1;
        totals.download_size += package.size;
        totals.installed_size += package.installed_size;
    }
    totals
}
