//! `requires` and `whatrequires`.

use super::{collect, finish, list, matching, requirers};
use crate::args::DepArgs;
use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_formats::index::section::relations::RelationKind;
use modex_resolver::store::universe::PackageId;
use serde_json::json;
use std::io::Write;

pub(crate) fn requires(args: &DepArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let universe = world.universe();
    let found = matching(&world, &args.patterns);
    let mut all = Vec::new();
    for package in &found {
        let words: Vec<String> = universe
            .statements(*package, RelationKind::Requires)
            .map(|dep| universe.words(dep))
            .collect();
        if args.world.json {
            all.push(json!({ "nevra": universe.nevra(*package), "requires": words }));
        } else {
            writeln!(out, "{}", universe.nevra(*package))?;
            words.iter().try_for_each(|word| writeln!(out, "  {word}"))?;
        }
    }
    finish(&opened, &world, args.world.json.then_some(&all), found.is_empty(), out)
}

pub(crate) fn whatrequires(args: &DepArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let universe = world.universe();
    let found = collect(&world, &args.patterns, |words, pattern| {
        // The packages of that name, and everybody who provides it: whoever requires what they provide.
        let meant = words.find(pattern).ok_or("matches")?.packages;
        let found: Vec<PackageId> = requirers(universe, meant).collect();
        if found.is_empty() { Err("requires") } else { Ok(found) }
    });
    list::print(&opened, &world, &found, args.world.json, out)
}
