//! `info`: what a package says of itself.

use super::{finish, matching};
use crate::args::PatternArgs;
use crate::error::{Ending, Failure};
use crate::render::bytes;
use crate::world::Opened;
use modex_formats::index::section::texts::PackageText;
use modex_resolver::transaction::location;
use serde_json::json;
use std::io::Write;

pub(crate) fn run(args: &PatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let universe = world.universe();
    let found = matching(&world, &args.patterns);
    let mut all = Vec::new();
    for package in &found {
        let (repo, local) = universe.locate(*package);
        let identity = universe.identity(*package);
        let (mut text, mut size, mut installed, mut place) =
            (PackageText::default(), None, None, String::new());
        if let Some(index) = opened.index(&world, repo) {
            let warm = index.warm()?;
            text = index.cold()?.packages.get(local)?;
            size = warm.sizes.download(local);
            installed = warm.sizes.installed(local);
            place = location(&identity, local, &warm).unwrap_or_default();
        }
        let id = &universe.repo(repo).options.id;
        if args.world.json {
            all.push(json!({
                "nevra": identity.to_string(), "repo": id, "size": size, "installed_size": installed,
                "location": place, "summary": text.summary, "description": text.description, "url": text.url,
                "license": text.license, "source": text.source_rpm, "build_time": text.build_time,
            }));
            continue;
        }
        let rows = [
            ("Name", identity.name.to_owned()),
            ("Epoch", identity.evr.epoch.to_owned()),
            ("Version", identity.evr.version.to_owned()),
            ("Release", identity.evr.release.unwrap_or("").to_owned()),
            ("Architecture", identity.arch.to_owned()),
            ("Size", size.map(bytes).unwrap_or_default()),
            ("Installed", installed.map(bytes).unwrap_or_default()),
            ("Source", text.source_rpm),
            ("Repository", id.clone()),
            ("Location", place),
            ("Summary", text.summary),
            ("URL", text.url),
            ("License", text.license),
            ("Description", text.description.trim().replace('\n', "\n             : ")),
        ];
        for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
            writeln!(out, "{name:<13}: {value}")?;
        }
        writeln!(out)?;
    }
    finish(&opened, &world, args.world.json.then_some(&all), found.is_empty(), out)
}
