//! `module info`.

use super::{Modules, Profile, with};
use crate::args::ModuleInfoArgs;
use crate::commands::finish;
use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_formats::index::section::modules::Sign;
use modex_formats::index::section::texts::ModuleText;
use modex_formats::rpm::Nevra;
use modex_resolver::store::universe::NameRef;
use modex_resolver::streams::DocumentRef;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Lines of one description: what, and its values one below the other.
type Lines = Vec<(String, Vec<String>)>;

pub(crate) fn info(args: &ModuleInfoArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    with(&opened, &world, |modules| {
        for pattern in args.patterns.iter().filter(|pattern| pattern.contains('/')) {
            writeln!(io::stderr(), "modex: the profile of `{pattern}` is passed over")?;
        }
        let found = modules.matching(&args.patterns);
        let described = found.iter().map(|document| match args.profile {
            true => Ok(of_profiles(modules, *document)),
            false => of_document(modules, *document),
        });
        let described: Vec<Lines> = described.collect::<Result<_, Failure>>()?;
        if args.world.json {
            let all: Vec<_> = described
                .iter()
                .map(|lines| json!(lines.iter().cloned().collect::<BTreeMap<_, _>>()))
                .collect();
            return finish(&opened, &world, Some(&all), found.is_empty(), out);
        }
        // Two repositories may say the same of a build; once is enough.
        let texts: BTreeSet<String> = described.iter().map(table).collect();
        let text = texts.into_iter().collect::<Vec<_>>().join("\n");
        out.write_all(text.as_bytes())?;
        if !found.is_empty() && !args.profile {
            writeln!(out, "\nHint: [d]efault, [e]nabled, [x]disabled, [i]nstalled, [a]ctive")?;
        }
        finish(&opened, &world, None, found.is_empty(), out)
    })
}

/// What a document says of itself; nothing for a fail-safe copy, of which no index has the texts.
pub(super) fn text(
    modules: &Modules<'_, '_, '_>,
    document: DocumentRef,
) -> Result<ModuleText, Failure> {
    match modules.opened.index(modules.world, document.repo) {
        Some(index) => Ok(index.cold()?.modules.get(document.document)?),
        None => Ok(ModuleText::default()),
    }
}

fn of_profiles(modules: &Modules<'_, '_, '_>, document: DocumentRef) -> Lines {
    let identity = modules.streams.identity(document);
    let profiles = modules.profiles(document, &identity);
    let name = (String::from("Name"), vec![identity.to_string()]);
    let profiles = profiles.into_iter().map(|profile| (profile.name, profile.packages));
    std::iter::once(name).chain(profiles).collect()
}

fn of_document(modules: &Modules<'_, '_, '_>, document: DocumentRef) -> Result<Lines, Failure> {
    let identity = modules.streams.identity(document);
    let text = text(modules, document)?;
    let profiles = modules.profiles(document, &identity);
    let defaults = modules.streams.defaults();
    let defaults = defaults.profiles(modules.universe, &identity.name, &identity.stream);
    let marks = modules.marks(document, &identity, true);
    let names: Vec<String> = profiles.iter().map(Profile::marked).collect();
    let one = |text: String| vec![text];
    let mut lines = vec![
        ("Name", one(identity.name.clone())),
        ("Stream", one(identity.stream.clone() + &marks)),
        ("Version", one(identity.version.to_string())),
        ("Context", one(identity.context.clone())),
        ("Architecture", one(identity.arch_or_noarch().to_owned())),
        ("Profiles", one(names.join(", "))),
        ("Default profiles", one(defaults.join(" "))),
        ("Repo", one(modules.repo(document).to_owned())),
        ("Summary", one(text.summary)),
        ("Description", text.description.trim().lines().map(str::to_owned).collect()),
        ("Requires", requires(modules, document)),
    ];
    let hot = &modules.universe.repo(document.repo).hot;
    let left = hot
        .modules
        .demodularized(document.document)
        .map(|name| modules.universe.name_text(NameRef { repo: document.repo, name }).to_owned());
    let left: Vec<String> = left.collect();
    if !left.is_empty() {
        lines.push(("Demodularized rpms", left));
    }
    lines.push(("Artifacts", artifacts(modules, document)));
    Ok(lines.into_iter().map(|(name, values)| (name.to_owned(), values)).collect())
}

/// `MODULE:[STREAM,STREAM]`, sorted.
fn requires(modules: &Modules<'_, '_, '_>, document: DocumentRef) -> Vec<String> {
    let hot = &modules.universe.repo(document.repo).hot;
    let text = |name: u32| modules.universe.name_text(NameRef { repo: document.repo, name });
    let mut found: BTreeMap<(u32, &str), Vec<String>> = BTreeMap::new();
    for row in hot.modules.requirements(document.document) {
        let streams = found.entry((row.stanza, text(row.module))).or_default();
        if let Some(stream) = row.stream {
            let sign = if row.sign == Sign::Unwanted { "-" } else { "" };
            streams.push(format!("{sign}{}", text(stream)));
        }
    }
    let lines: BTreeSet<String> = found
        .into_iter()
        .map(|((_, module), streams)| format!("{module}:[{}]", streams.join(",")))
        .collect();
    lines.into_iter().collect()
}

/// NEVRAs, sorted.
fn artifacts(modules: &Modules<'_, '_, '_>, document: DocumentRef) -> Vec<String> {
    let hot = &modules.universe.repo(document.repo).hot;
    let rows = hot.artifacts.of_document(document.document).into_iter().flatten();
    let mut found: Vec<String> = rows
        .filter_map(|artifact| {
            let row = hot.artifacts.get(artifact.get())?;
            let (name, arch) = (hot.names.get(row.name)?, hot.names.get(row.arch)?);
            let evr = modex_formats::rpm::Evr::parse(hot.evrs.text(row.evr)?);
            Some(Nevra { name, evr, arch }.to_string())
        })
        .collect();
    found.sort();
    found
}

/// dnf's table of two columns.
fn table(lines: &Lines) -> String {
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, values) in lines {
        let mut name = name.as_str();
        let nothing = [String::new()];
        for value in if values.is_empty() { &nothing[..] } else { &values[..] } {
            text.push_str(format!("{name:<width$} : {value}").trim_end());
            text.push('\n');
            name = "";
        }
    }
    text
}
