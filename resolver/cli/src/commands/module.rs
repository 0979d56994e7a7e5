//! `module list` and `module info`.

use super::{finish, missing};
use crate::args::PatternArgs;
use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_formats::index::section::texts::ModuleText;
use modex_formats::module::{ModuleSpec, Nsvca, shown};
use modex_resolver::store::universe::{NameRef, Universe};
use modex_resolver::streams::{DocumentRef, StreamIndexes, StreamOptions, Streams};
use serde_json::json;
use std::io::{self, Write};

/// The documents that patterns mean, by NSVCA; all where there is no pattern.
fn matching(
    universe: &Universe<'_>,
    streams: &Streams<'_, '_>,
    patterns: &[String],
) -> Vec<DocumentRef> {
    let mut found: Vec<DocumentRef> = match patterns {
        [] => (0..universe.repos().len() as u32)
            .flat_map(|repo| {
                let count = universe.repo(repo).hot.modules.len() as u32;
                (0..count).map(move |document| DocumentRef { repo, document })
            })
            .collect(),
        patterns => {
            let mut found = Vec::new();
            for pattern in patterns {
                let spec = ModuleSpec::parse(pattern);
                let documents = spec.map(|spec| streams.matching(&spec)).unwrap_or_default();
                if documents.is_empty() {
                    missing("matches", pattern);
                }
                found.extend(documents);
            }
            found
        }
    };
    found.sort_by_key(|document| (streams.identity(*document), document.repo));
    found.dedup();
    found
}

/// A document's profiles, with their packages.
fn profiles(universe: &Universe<'_>, document: DocumentRef) -> Vec<(String, Vec<String>)> {
    let text = |name: u32| universe.name_text(NameRef { repo: document.repo, name }).to_owned();
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for (profile, package) in universe.repo(document.repo).hot.modules.profiles(document.document) {
        let profile = text(profile);
        if found.last().is_none_or(|(name, _)| *name != profile) {
            found.push((profile, Vec::new()));
        }
        if let (Some((_, packages)), Some(package)) = (found.last_mut(), package) {
            packages.push(text(package));
        }
    }
    found
}

pub(crate) fn list(args: &PatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    show(args, out, false)
}

pub(crate) fn info(args: &PatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    show(args, out, true)
}

fn show(args: &PatternArgs, out: &mut dyn Write, detailed: bool) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let universe = world.universe();
    let system = &opened.system;
    let platform = system.platform.as_deref().or(system.os_platform.as_deref());
    let indexes = StreamIndexes::new(universe, platform)?;
    let streams = Streams::new(universe, &indexes, &system.arch, StreamOptions::default())?;
    let active = streams.resolve(&system.modules);
    let found = matching(universe, &streams, &args.patterns);
    if !found.is_empty() && platform.is_none() {
        let note = "no platform was given (--platform): which streams are active is not known";
        writeln!(io::stderr(), "modex: {note}")?;
    }
    let mut all = Vec::new();
    let identities: Vec<_> = found.iter().map(|document| streams.identity(*document)).collect();
    // Users see contexts where they ask for one, or where it takes them to tell builds apart.
    let asked =
        |pattern: &String| ModuleSpec::parse(pattern).is_some_and(|spec| spec.context.is_some());
    let names = match args.patterns.iter().any(asked) {
        true => identities.iter().map(Nsvca::nsvc).collect(),
        false => shown(&identities),
    };
    for ((document, identity), shown) in found.iter().zip(&identities).zip(&names) {
        let default = streams.defaults().stream(&identity.name) == Some(identity.stream.as_str());
        let defaults = streams.defaults().profiles(universe, &identity.name, &identity.stream);
        let profiles = profiles(universe, *document);
        let repo = &universe.repo(document.repo).options.id;
        let cold = match opened.index(&world, document.repo) {
            Some(index) if detailed || args.world.json => {
                index.cold()?.modules.get(document.document)?
            }
            _ => ModuleText::default(),
        };
        let is_active = active.is_active(*document);
        if args.world.json {
            let profiles: Vec<_> = profiles
                .iter()
                .map(|(name, packages)| json!({ "name": name, "packages": packages, "default": defaults.contains(name) }))
                .collect();
            all.push(json!({
                "nsvca": identity.to_string(), "repo": repo, "default": default, "active": is_active,
                "profiles": profiles, "summary": cold.summary, "description": cold.description,
                "licenses": cold.module_licenses,
            }));
            continue;
        }
        let mark = |name: &String| {
            if defaults.contains(name) { format!("{name} [d]") } else { name.clone() }
        };
        let names: Vec<String> = profiles.iter().map(|(name, _)| mark(name)).collect();
        let state = match (default, is_active) {
            (true, true) => " [d][a]",
            (true, false) => " [d]",
            (false, true) => " [a]",
            (false, false) => "",
        };
        if !detailed {
            writeln!(out, "{shown}{state} {repo} {}", names.join(", "))?;
            continue;
        }
        writeln!(out, "Name         : {}", identity.name)?;
        writeln!(out, "Stream       : {}{state}", identity.stream)?;
        writeln!(out, "Version      : {}", identity.version)?;
        writeln!(out, "Context      : {}", identity.context)?;
        writeln!(out, "Architecture : {}", identity.arch)?;
        writeln!(out, "Repository   : {repo}")?;
        writeln!(out, "Summary      : {}", cold.summary)?;
        writeln!(
            out,
            "Description  : {}",
            cold.description.trim().replace('\n', "\n             : ")
        )?;
        for (name, packages) in &profiles {
            writeln!(out, "Profile      : {}: {}", mark(name), packages.join(", "))?;
        }
        writeln!(out)?;
    }
    finish(&opened, &world, args.world.json.then_some(&all), found.is_empty(), out)
}
