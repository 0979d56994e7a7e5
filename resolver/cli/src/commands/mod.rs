//! One file a command.

pub(crate) mod deps;
pub(crate) mod info;
pub(crate) mod list;
pub(crate) mod module;
pub(crate) mod resolve;

use crate::error::Failure;
use modex_resolver::request::Words;
use modex_resolver::store::universe::{PackageId, Universe};

/// The packages that patterns name, in load order, none twice; all where there is no pattern.
fn matching(universe: &Universe<'_>, words: &Words<'_, '_>, patterns: &[String]) -> Vec<PackageId> {
    if patterns.is_empty() {
        return (0..universe.len()).map(PackageId).collect();
    }
    let found = patterns
        .iter()
        .filter_map(|pattern| words.find(pattern))
        .flat_map(|matches| matches.packages);
    let mut found: Vec<PackageId> = found.collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Fails where an index turned out to be damaged while it was read.
fn sound(universe: &Universe<'_>) -> Result<(), Failure> {
    match universe.damage() {
        None => Ok(()),
        Some(place) => Err(Failure::new(format!("an index is damaged (section {place})"))
            .hint("remove the cache so that it is checked again")),
    }
}
