//! One file a command.

pub(crate) mod deps;
pub(crate) mod info;
pub(crate) mod list;
pub(crate) mod module;
pub(crate) mod resolve;

use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_resolver::World;
use modex_resolver::request::Words;
use modex_resolver::store::universe::{PackageId, Universe};
use serde_json::Value;
use std::io::{self, Write};

/// The packages that patterns name, in load order, none twice; all where there is no pattern.
fn matching(universe: &Universe<'_>, words: &Words<'_, '_>, patterns: &[String]) -> Vec<PackageId> {
    if patterns.is_empty() {
        return (0..universe.len()).map(PackageId).collect();
    }
    let mut found: Vec<PackageId> = Vec::new();
    for pattern in patterns {
        match words.find(pattern) {
            Some(matches) => found.extend(matches.packages),
            None => missing("matches", pattern),
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Ends a command that shows things: prints them where JSON is wanted, and makes sure that nothing read was damaged.
fn finish(
    opened: &Opened,
    world: &World<'_>,
    json: Option<&[Value]>,
    is_empty: bool,
    out: &mut dyn Write,
) -> Result<Ending, Failure> {
    if let Some(all) = json {
        serde_json::to_writer_pretty(&mut *out, all)?;
        writeln!(out)?;
    }
    opened.check(world)?;
    Ok(if is_empty { Ending::No } else { Ending::Answered })
}

/// Says that nothing matches, provides or requires a pattern: results are on stdout, this is talk.
fn missing(does: &str, pattern: &str) {
    let _ = writeln!(io::stderr(), "modex: nothing {does} `{pattern}`");
}
