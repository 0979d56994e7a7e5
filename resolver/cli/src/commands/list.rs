//! `list` and `provides`: one NEVRA a line.

use super::{matching, missing};
use crate::args::PatternArgs;
use crate::error::{Ending, Failure};
use crate::world::World;
use modex_resolver::request::Words;
use modex_resolver::store::universe::{PackageId, Universe};
use modex_resolver::visible::Visible;
use serde_json::json;
use std::io::Write;

pub(crate) fn run(args: &PatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let world = World::open(&args.world)?;
    let universe = world.universe()?;
    let visible = Visible::all(&universe);
    let owners = |repo: u32, path: &str| world.owners(repo, path);
    let found = matching(&universe, &Words::new(&universe, &visible, &owners), &args.patterns);
    print(&world, &universe, &found, args.world.json, out)
}

pub(crate) fn provides(args: &PatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let world = World::open(&args.world)?;
    let universe = world.universe()?;
    let visible = Visible::all(&universe);
    let owners = |repo: u32, path: &str| world.owners(repo, path);
    let words = Words::new(&universe, &visible, &owners);
    let mut found: Vec<PackageId> = Vec::new();
    for pattern in &args.patterns {
        match words.provides(pattern).or_else(|| words.find(pattern)) {
            Some(matches) => found.extend(matches.packages),
            None => missing("provides", pattern),
        }
    }
    found.sort_unstable();
    found.dedup();
    print(&world, &universe, &found, args.world.json, out)
}

/// Packages as lines or as JSON.
pub(super) fn print(
    world: &World,
    universe: &Universe<'_>,
    packages: &[PackageId],
    json: bool,
    out: &mut dyn Write,
) -> Result<Ending, Failure> {
    let repo = |package: PackageId| universe.repo(universe.locate(package).0).options.id.as_str();
    if json {
        let all: Vec<_> = packages
            .iter()
            .map(|it| json!({ "nevra": universe.nevra(*it), "repo": repo(*it) }))
            .collect();
        serde_json::to_writer_pretty(&mut *out, &all)?;
        writeln!(out)?;
    } else {
        for package in packages {
            writeln!(out, "{} {}", universe.nevra(*package), repo(*package))?;
        }
    }
    world.sound(universe)?;
    Ok(if packages.is_empty() { Ending::No } else { Ending::Answered })
}
