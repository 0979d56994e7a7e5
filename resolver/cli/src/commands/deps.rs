//! `requires` and `whatrequires`.

use super::{finish, list, matching, missing};
use crate::args::DepArgs;
use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_formats::index::section::relations::RelationKind;
use modex_resolver::request::Words;
use modex_resolver::store::universe::PackageId;
use modex_resolver::visible::Visible;
use serde_json::json;
use std::io::Write;

pub(crate) fn requires(args: &DepArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let universe = world.universe();
    let visible = Visible::all(universe);
    let owners = |repo: u32, path: &str| world.path_owners(repo, path);
    let found = matching(universe, &Words::new(universe, &visible, &owners), &args.patterns);
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
    let visible = Visible::all(universe);
    let owners = |repo: u32, path: &str| world.path_owners(repo, path);
    let words = Words::new(universe, &visible, &owners);
    let mut found: Vec<PackageId> = Vec::new();
    for pattern in &args.patterns {
        // The packages of that name, and everybody who provides it: whoever requires what they provide.
        let Some(meant) = words.find(pattern).map(|it| it.packages) else {
            missing("matches", pattern);
            continue;
        };
        let before = found.len();
        for package in meant {
            universe.satisfied_by(package, |repo, rows, meets| {
                for row in rows.filter(|row| meets(*row)) {
                    let requirers = universe.repo(repo).hot.reverse.requirers(row);
                    found.extend(
                        requirers
                            .into_iter()
                            .flatten()
                            .map(|it| universe.package(repo, it.package)),
                    );
                }
            });
        }
        if found.len() == before {
            missing("requires", pattern);
        }
    }
    found.sort_unstable();
    found.dedup();
    list::print(&opened, &world, &found, args.world.json, out)
}
