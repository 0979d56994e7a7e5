//! `provides`, and packages as lines: one NEVRA a line.

use super::{collect, finish};
use crate::args::PatternArgs;
use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_resolver::World;
use modex_resolver::store::universe::PackageId;
use serde_json::json;
use std::io::Write;

pub(crate) fn provides(args: &PatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let found = collect(&world, &args.patterns, |words, pattern| {
        let matches = words.provides(pattern).or_else(|| words.find(pattern));
        matches.map(|matches| matches.packages).ok_or("provides")
    });
    print(&opened, &world, &found, args.world.json, out)
}

/// Packages as lines or as JSON.
pub(super) fn print(
    opened: &Opened,
    world: &World<'_>,
    packages: &[PackageId],
    json: bool,
    out: &mut dyn Write,
) -> Result<Ending, Failure> {
    let universe = world.universe();
    let repo = |package: PackageId| universe.repo(universe.locate(package).0).options.id.as_str();
    let mut all = Vec::new();
    for package in packages {
        let nevra = universe.nevra(*package);
        match json {
            true => all.push(json!({ "nevra": nevra, "repo": repo(*package) })),
            false => writeln!(out, "{nevra} {}", repo(*package))?,
        }
    }
    finish(opened, world, json.then_some(&all), packages.is_empty(), out)
}
