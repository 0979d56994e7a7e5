//! `module provides` and `module repoquery`: from packages to modules, and from modules to packages.

use super::with;
use crate::args::{ModuleRepoqueryArgs, PatternArgs};
use crate::commands::{finish, matching};
use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_resolver::store::universe::PackageId;
use modex_resolver::streams::DocumentRef;
use modex_resolver::visible::Visible;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// For each package of a name the module builds that ship it, active or not.
pub(crate) fn provides(args: &PatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    with(&opened, &world, |modules| {
        let universe = modules.universe;
        let mut found: BTreeMap<(String, DocumentRef), PackageId> = BTreeMap::new();
        for package in matching(&world, &args.patterns) {
            for document in universe.listed_by(package) {
                found.entry((universe.identity(package).short(), document)).or_insert(package);
            }
        }
        let mut all = Vec::new();
        let mut texts = BTreeSet::new();
        for ((nevra, document), package) in &found {
            let identity = modules.streams.identity(*document);
            let name = universe.name_text(universe.name(*package));
            let profiles = modules.profiles(*document, &identity);
            let profiles: Vec<String> = profiles
                .into_iter()
                .filter(|profile| profile.packages.iter().any(|package| package == name))
                .map(|profile| profile.name)
                .collect();
            let summary = super::info::text(modules, *document)?.summary;
            let repo = modules.repo(*document);
            if args.world.json {
                all.push(json!({
                    "nevra": universe.nevra(*package), "nsvca": identity.to_string(), "profiles": profiles,
                    "repo": repo, "summary": summary, "active": modules.active.is_active(*document),
                }));
                continue;
            }
            texts.insert(format!(
                "{nevra}\nModule   : {identity}\nProfiles : {}\nRepo     : {repo}\nSummary  : {summary}\n",
                profiles.join(" ")
            ));
        }
        let text = texts.into_iter().collect::<Vec<_>>().join("\n");
        out.write_all(text.as_bytes())?;
        // That nothing ships a package is an answer, as for dnf.
        finish(&opened, &world, args.world.json.then_some(&all), false, out)
    })
}

/// The packages of active module builds: those in the repositories, and the installed ones of their names.
pub(crate) fn repoquery(
    args: &ModuleRepoqueryArgs,
    out: &mut dyn Write,
) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    with(&opened, &world, |modules| {
        let universe = modules.universe;
        let meant: BTreeSet<DocumentRef> = modules
            .matching(&args.patterns)
            .into_iter()
            .filter(|document| modules.active.is_active(*document))
            .collect();
        let names: BTreeSet<&str> = meant
            .iter()
            .flat_map(|document| {
                let hot = &universe.repo(document.repo).hot;
                let rows = hot.artifacts.of_document(document.document).into_iter().flatten();
                rows.filter_map(|artifact| hot.names.get(hot.artifacts.get(artifact.get())?.name))
            })
            .collect();
        let visible = Visible::new(universe, &modules.active);
        let mut found = BTreeSet::new();
        for package in (0..universe.len()).map(PackageId) {
            let is_meant = match universe.is_installed(package) {
                true => {
                    args.of.of_system && names.contains(universe.name_text(universe.name(package)))
                }
                false => {
                    (args.of.available || !args.of.of_system)
                        && !visible.is_hidden(package)
                        && universe.listed_by(package).iter().any(|it| meant.contains(it))
                }
            };
            if is_meant {
                found.insert(universe.identity(package).short());
            }
        }
        let all: Vec<_> = found.iter().map(|nevra| json!(nevra)).collect();
        if !args.world.json {
            found.iter().try_for_each(|nevra| writeln!(out, "{nevra}"))?;
        }
        finish(&opened, &world, args.world.json.then_some(&all), found.is_empty(), out)
    })
}
