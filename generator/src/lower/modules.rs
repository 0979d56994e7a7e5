//! Stream documents, defaults and obsoletes into the module tables, and the streams as solvables.

use crate::modulemd::Modules;
use modex_formats::index::section::intents::IntentTables;
use modex_formats::index::section::modules::{
    DefaultStream, Document, DocumentTables, Requirement, Sign,
};
use modex_formats::index::section::obsoletes::ObsoletesRow;
use modex_formats::index::{BuildError, HotBuilder, ModuleSolvable};
use modex_formats::module::{
    Defaults, Intent, ModuleRequire, ModuleStream, Obsoletes, resolve_context,
};
use modex_formats::rpm::{Evr, Nevra};
use std::collections::HashMap;

/// Puts one modules file into the builder: its stream documents in document order, its defaults and its obsoletes. Called
/// once, before the builder finishes.
///
/// # Errors
/// Where the format cannot hold it.
pub(crate) fn modules(modules: &Modules, builder: &mut HotBuilder) -> Result<(), BuildError> {
    let streams = &modules.streams[..];
    let names = resolve_names(streams);
    for (place, (stream, resolve_name)) in streams.iter().zip(&names).enumerate() {
        let tables = document(stream, place as u32, resolve_name, builder);
        builder.modules().documents.push(tables);
    }
    for defaults in &modules.defaults {
        let tables = default_stream(defaults, builder);
        builder.modules().defaults.push(tables);
        let intents = intents(defaults, builder);
        builder.modules().intents.extend(intents);
    }
    for obsoletes in &modules.obsoletes {
        let row = obsoletes_row(obsoletes, builder);
        builder.modules().obsoletes.push(row);
    }
    if !streams.is_empty() {
        solvables(streams, &names, builder)?;
    }
    Ok(())
}

/// `NAME:STREAM:CONTEXT` of every document, with its resolve context.
fn resolve_names(streams: &[ModuleStream]) -> Vec<String> {
    let mut builds: HashMap<(&str, &str), Vec<&ModuleStream>> = HashMap::new();
    for stream in streams {
        builds.entry((&stream.nsvca.name, &stream.nsvca.stream)).or_default().push(stream);
    }
    let name = |stream: &ModuleStream| {
        let (name, stream_name) = (stream.nsvca.name.as_str(), stream.nsvca.stream.as_str());
        let others = builds.get(&(name, stream_name)).into_iter().flatten().copied();
        format!("{name}:{stream_name}:{}", resolve_context(stream, others))
    };
    streams.iter().map(name).collect()
}

/// One stream document as rows; its texts and artifacts go into the builder.
fn document(
    stream: &ModuleStream,
    order: u32,
    resolve_name: &str,
    builder: &mut HotBuilder,
) -> DocumentTables {
    let identity = &stream.nsvca;
    let stated =
        |text: &str, builder: &mut HotBuilder| (!text.is_empty()).then(|| builder.name(text).0);
    let row = Document {
        module: builder.name(&identity.name).0,
        stream: builder.name(&identity.stream).0,
        version: identity.version,
        context: stated(&identity.context, builder),
        arch: stated(&identity.arch, builder),
        resolve_name: builder.name(resolve_name).0,
        order,
        is_static: stream.static_context,
    };
    let mut tables = DocumentTables {
        document: row,
        requirements: requirements(stream, builder),
        profiles: Vec::new(),
        demodularized: stream.demodularized.iter().map(|name| builder.name(name).0).collect(),
        artifacts: Vec::new(),
        artifact_names: Vec::new(),
    };
    for profile in &stream.profiles {
        let name = builder.name(&profile.name).0;
        if profile.rpms.is_empty() {
            tables.profiles.push((name, None));
        }
        for package in &profile.rpms {
            tables.profiles.push((name, Some(builder.name(package).0)));
        }
    }
    // An artifact that is no NEVRA fails its document while the file is read.
    for nevra in stream.artifacts.iter().filter_map(|text| Nevra::parse(text)) {
        let Evr { epoch, version, release } = nevra.evr;
        let evr = Evr::join(epoch, version, release.unwrap_or(""));
        tables.artifacts.push(builder.artifact(nevra.name, &evr, nevra.arch));
        if !matches!(nevra.arch, "src" | "nosrc") {
            tables.artifact_names.push(builder.name(nevra.name).0);
        }
    }
    tables
}

/// The streams that a requirement wants, and those that it does not want. Only a leading `-` excludes; libdnf looks for
/// one anywhere, which is a mistake.
fn wanted_and_unwanted(require: &ModuleRequire) -> (Vec<&str>, Vec<&str>) {
    let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
    for stream in &require.streams {
        match stream.strip_prefix('-') {
            Some(stream) => unwanted.push(stream),
            None => wanted.push(stream.as_str()),
        }
    }
    (wanted, unwanted)
}

fn requirements(stream: &ModuleStream, builder: &mut HotBuilder) -> Vec<Requirement> {
    let mut rows = Vec::new();
    for (stanza, number) in stream.dependencies.iter().zip(0u32..) {
        for require in &stanza.requires {
            let module = builder.name(&require.module).0;
            let (wanted, unwanted) = wanted_and_unwanted(require);
            let signed = wanted
                .iter()
                .map(|stream| (Sign::Wanted, stream))
                .chain(unwanted.iter().map(|stream| (Sign::Unwanted, stream)));
            for (sign, stream) in signed {
                let stream = Some(builder.name(stream).0);
                rows.push(Requirement { stanza: number, module, sign, stream });
            }
            if require.streams.is_empty() {
                rows.push(Requirement { stanza: number, module, sign: Sign::Any, stream: None });
            }
        }
    }
    rows
}

fn default_stream(
    defaults: &Defaults,
    builder: &mut HotBuilder,
) -> (DefaultStream, Vec<(u32, Option<u32>)>) {
    let row = DefaultStream {
        module: builder.name(&defaults.module).0,
        stream: defaults.stream.as_ref().map(|stream| builder.name(stream).0),
        modified: defaults.modified,
    };
    (row, default_profiles(&defaults.profiles, builder))
}

fn intents(defaults: &Defaults, builder: &mut HotBuilder) -> Vec<IntentTables> {
    let module = builder.name(&defaults.module).0;
    let table = |(name, intent): &(String, Intent)| IntentTables {
        module,
        intent: builder.name(name).0,
        stream: intent.stream.as_ref().map(|stream| builder.name(stream).0),
        profiles: default_profiles(&intent.profiles, builder),
    };
    defaults.intents.iter().map(table).collect()
}

/// (Stream, profile); `None` for a stream that has no default profile.
fn default_profiles(
    stated: &[(String, Vec<String>)],
    builder: &mut HotBuilder,
) -> Vec<(u32, Option<u32>)> {
    let mut profiles = Vec::new();
    for (stream, names) in stated {
        let stream = builder.name(stream).0;
        if names.is_empty() {
            profiles.push((stream, None));
        }
        for name in names {
            profiles.push((stream, Some(builder.name(name).0)));
        }
    }
    profiles
}

fn obsoletes_row(obsoletes: &Obsoletes, builder: &mut HotBuilder) -> ObsoletesRow {
    let context = obsoletes.context.as_deref().filter(|context| !context.is_empty());
    let mut name = |text: &str| builder.name(text).0;
    ObsoletesRow {
        module: name(&obsoletes.module),
        stream: name(&obsoletes.stream),
        context: context.map(&mut name),
        modified: moment(&obsoletes.modified),
        eol: obsoletes.eol_date.as_deref().map(moment),
        reset: obsoletes.reset,
        message: name(super::cut(&obsoletes.message, 4 << 10)),
        obsoleted_by: obsoletes
            .obsoleted_by
            .as_ref()
            .map(|by| (name(&by.module), name(&by.stream))),
    }
}

/// `YYYY-MM-DDTHH:MMZ` as the number that its digits make.
fn moment(text: &str) -> u64 {
    let digits = text.bytes().filter(u8::is_ascii_digit);
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

/// The streams as solvables, in libdnf's order: static contexts first, then by module name and place.
fn solvables(
    streams: &[ModuleStream],
    names: &[String],
    builder: &mut HotBuilder,
) -> Result<(), BuildError> {
    let mut order: Vec<usize> = (0..streams.len()).collect();
    order.sort_by_key(|at| (!streams[*at].static_context, streams[*at].nsvca.name.as_str(), *at));
    let mut inner = HotBuilder::default();
    for at in order {
        let stream = &streams[at];
        ModuleSolvable {
            resolve_name: &names[at],
            module: &stream.nsvca.name,
            stream: &stream.nsvca.stream,
            version: stream.nsvca.version,
            arch: &stream.nsvca.arch,
        }
        .add(&mut inner)?;
        for require in stream.dependencies.iter().flat_map(|stanza| &stanza.requires) {
            let (wanted, unwanted) = wanted_and_unwanted(require);
            ModuleSolvable::require(&mut inner, &require.module, &wanted, &unwanted)?;
        }
    }
    builder.module_solvables(inner.finish()?);
    Ok(())
}
