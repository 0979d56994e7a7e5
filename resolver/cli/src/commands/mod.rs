//! One file a command.

pub(crate) mod deps;
pub(crate) mod diff;
pub(crate) mod info;
pub(crate) mod list;
pub(crate) mod lock;
pub(crate) mod module;
pub(crate) mod query;
pub(crate) mod resolve;
pub(crate) mod state;
pub(crate) mod verify_lock;
pub(crate) mod why;
pub(crate) mod why_not;

use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_resolver::World;
use modex_resolver::request::Words;
use modex_resolver::store::universe::{PackageId, Universe};
use modex_resolver::visible::Visible;
use serde_json::Value;
use std::io::{self, Write};

/// The packages that patterns name, in load order, none twice; all where there is no pattern.
fn matching(world: &World<'_>, patterns: &[String]) -> Vec<PackageId> {
    match patterns {
        [] => (0..world.universe().len()).map(PackageId).collect(),
        _ => collect(world, patterns, |words, pattern| {
            words.find(pattern).map(|matches| matches.packages).ok_or("matches")
        }),
    }
}

/// The packages that `find` has for each pattern, in load order, none twice. Where it has none, it says what nothing does.
fn collect(
    world: &World<'_>,
    patterns: &[String],
    find: impl Fn(&Words<'_, '_>, &str) -> Result<Vec<PackageId>, &'static str>,
) -> Vec<PackageId> {
    let visible = Visible::all(world.universe());
    let owners = |repo: u32, path: &str| world.path_owners(repo, path);
    let words = Words::new(world.universe(), &visible, &owners);
    let mut found: Vec<PackageId> = Vec::new();
    for pattern in patterns {
        match find(&words, pattern) {
            Ok(packages) => found.extend(packages),
            Err(does) => missing(does, pattern),
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The packages that require something any of `packages` provides, with repetitions, in no order.
fn requirers<'u>(
    universe: &'u Universe<'_>,
    packages: Vec<PackageId>,
) -> impl Iterator<Item = PackageId> + 'u {
    let of = |package| universe.requirers(package, |_| true);
    packages.into_iter().flat_map(of).map(|(requirer, _)| requirer)
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
