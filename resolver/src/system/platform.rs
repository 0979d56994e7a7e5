//! Which platform the system is of, where nobody says so.
//!
//! libdnf's order (`module-resolution.md`, section 3): what was given; what the newest packages that provide
//! `system-release` state in the brackets of a `base-module(…)` provide, those of repositories before those installed; what
//! os-release says.

use crate::store::universe::{NameRef, PackageId, Universe};
use std::collections::BTreeSet;

/// What the newest release packages state; `None` where they state nothing, or different things.
pub(crate) fn of_packages(universe: &Universe<'_>) -> Option<String> {
    let repos = 0..universe.repos().len() as u32;
    let name = repos.clone().find_map(|repo| universe.find_name(repo, "system-release"))?;
    let named: Vec<NameRef> = repos
        .filter_map(|repo| Some(NameRef { repo, name: universe.translate(name, repo)? }))
        .collect();
    let mut packages: Vec<PackageId> =
        named.into_iter().flat_map(|name| universe.providers_of_name(name)).collect();
    packages.sort_unstable();
    packages.dedup();
    let is_newest = |package: &&PackageId| {
        !packages.iter().any(|other| {
            universe.compare_names(universe.name(*other), universe.name(**package)).is_eq()
                && universe.compare_evrs(*other, **package).is_gt()
        })
    };
    let newest: Vec<PackageId> = packages.iter().filter(is_newest).copied().collect();
    let (installed, available): (Vec<PackageId>, Vec<PackageId>) =
        newest.into_iter().partition(|package| universe.is_installed(*package));
    stated(universe, &available).or_else(|| stated(universe, &installed))
}

/// The one platform that packages state.
fn stated(universe: &Universe<'_>, packages: &[PackageId]) -> Option<String> {
    let provided = packages.iter().flat_map(|package| universe.provided_names(*package));
    let platforms: BTreeSet<&str> = provided
        .filter_map(|(name, _)| {
            universe.name_text(name).strip_prefix("base-module(")?.strip_suffix(')')
        })
        .collect();
    let mut platforms = platforms.into_iter();
    let (first, more) = (platforms.next()?, platforms.next());
    (more.is_none() && platform_parts(first).is_some()).then(|| first.to_owned())
}

/// Name and stream of a platform, `NAME:STREAM`; `None` where a text is none.
pub fn platform_parts(text: &str) -> Option<(&str, &str)> {
    text.split_once(':').filter(|(name, stream)| !name.is_empty() && !stream.is_empty())
}
