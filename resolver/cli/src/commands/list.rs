//! `list` and `provides`: one NEVRA a line.

use super::{finish, matching, missing};
use crate::args::PatternArgs;
use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_resolver::World;
use modex_resolver::request::Words;
use modex_resolver::store::universe::PackageId;
use modex_resolver::visible::Visible;
use serde_json::json;
use std::io::Write;

pub(crate) fn run(args: &PatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let universe = world.universe();
    let visible = Visible::all(universe);
    let owners = |repo: u32, path: &str| world.path_owners(repo, path);
    let found = matching(universe, &Words::new(universe, &visible, &owners), &args.patterns);
    print(&opened, &world, &found, args.world.json, out)
}

pub(crate) fn provides(args: &PatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let universe = world.universe();
    let visible = Visible::all(universe);
    let owners = |repo: u32, path: &str| world.path_owners(repo, path);
    let words = Words::new(universe, &visible, &owners);
    let mut found: Vec<PackageId> = Vec::new();
    for pattern in &args.patterns {
        match words.provides(pattern).or_else(|| words.find(pattern)) {
            Some(matches) => found.extend(matches.packages),
            None => missing("provides", pattern),
        }
    }
    found.sort_unstable();
    found.dedup();
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
