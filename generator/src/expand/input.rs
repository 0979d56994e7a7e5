//! The documents that can be expanded, brought to one shape.

use super::{ExpandError, Options};
use crate::modulemd::{Document, Kind, Packager, to_streams};
use modex_formats::module::{BuildOptions, ModuleRequire, ModuleStream, Stanza};
use serde_json::{Map, Value};

/// A document that can be expanded.
#[derive(Debug)]
pub(super) struct Input {
    /// The document without what expansion decides.
    pub(super) template: ModuleStream,
    /// Its extra data, without the static contexts.
    pub(super) xmd: Map<String, Value>,
    /// What is expanded together: all stanzas of a document, or the only one of a static context.
    pub(super) groups: Vec<Group>,
}

/// What is expanded together.
#[derive(Debug)]
pub(super) struct Group {
    /// The context that the packager chose.
    pub(super) context: Option<String>,
    pub(super) stanzas: Vec<Stanza>,
    /// Options of this configuration, where it is one.
    pub(super) build_options: Option<BuildOptions>,
}

impl Input {
    pub(super) fn of(document: &Document, options: &Options) -> Result<Input, ExpandError> {
        let (mut template, mut groups) = match document {
            Document::Stream(stream) | Document::PackagerV2(stream) => {
                let mut template = stream.as_ref().clone();
                let stanzas = std::mem::take(&mut template.dependencies);
                (template, vec![Group { context: None, stanzas, build_options: None }])
            }
            Document::PackagerV3(packager) => packager_v3(packager)?,
            Document::Defaults(_) => return Err(ExpandError::Kind(Kind::Defaults)),
            Document::Obsoletes(_) => return Err(ExpandError::Kind(Kind::Obsoletes)),
            Document::Translations(_) => return Err(ExpandError::Kind(Kind::Translations)),
        };
        identify("module", &mut template.nsvca.name, options.name.as_ref())?;
        identify("stream", &mut template.nsvca.stream, options.stream.as_ref())?;
        template.nsvca.context.clear();
        template.static_context = false;
        let mut xmd = match template.xmd.take() {
            Some(json) => match serde_json::from_str(&json) {
                Ok(Value::Object(map)) => map,
                Ok(_) => return Err(ExpandError::Xmd("it is no map".into())),
                Err(error) => return Err(ExpandError::Xmd(error.to_string())),
            },
            None => Map::new(),
        };
        if xmd.get("mbs").is_some_and(|mbs| !mbs.is_object()) {
            return Err(ExpandError::Xmd("mbs is no map".into()));
        }
        if let Some(contexts) = static_contexts(&mut xmd)? {
            groups = contexts;
        }
        for group in &mut groups {
            for stanza in &mut group.stanzas {
                normalise(&mut stanza.requires);
                normalise(&mut stanza.build_requires);
            }
        }
        Ok(Input { template, xmd, groups })
    }
}

/// Modules in bytewise order, their lists as sets.
pub(super) fn normalise(requires: &mut [ModuleRequire]) {
    for require in requires.iter_mut() {
        require.streams.sort();
        require.streams.dedup();
    }
    requires.sort();
}

/// Fills in what the document leaves to the build system.
fn identify(
    what: &'static str,
    document: &mut String,
    asked: Option<&String>,
) -> Result<(), ExpandError> {
    match asked {
        Some(asked) if document.is_empty() => document.clone_from(asked),
        Some(asked) if asked != document => {
            let (document, asked) = (document.clone(), asked.clone());
            return Err(ExpandError::Identity { what, document, asked });
        }
        _ => {}
    }
    Ok(())
}

/// One group for each configuration, in the order of their contexts.
fn packager_v3(packager: &Packager) -> Result<(ModuleStream, Vec<Group>), ExpandError> {
    let mut packager = packager.clone();
    // Which profiles are the default is for a defaults document to say.
    packager.profiles.iter_mut().for_each(|profile| profile.default = false);
    let streams = to_streams(&packager)?.streams;
    let template = streams.first().cloned().unwrap_or_default();
    let group = |stream: ModuleStream| Group {
        context: Some(stream.nsvca.context),
        stanzas: stream.dependencies,
        build_options: stream.build_options,
    };
    let groups = streams.into_iter().map(group).collect();
    Ok((ModuleStream { dependencies: Vec::new(), build_options: None, ..template }, groups))
}

/// Takes `mbs_options.contexts` out of the extra data.
fn static_contexts(xmd: &mut Map<String, Value>) -> Result<Option<Vec<Group>>, ExpandError> {
    let options = xmd.get_mut("mbs_options").and_then(Value::as_object_mut);
    let Some(contexts) = options.and_then(|options| options.remove("contexts")) else {
        return Ok(None);
    };
    let Value::Object(contexts) = contexts else {
        return Err(ExpandError::Xmd("mbs_options.contexts is no map".into()));
    };
    let groups = contexts.iter().map(|(context, value)| static_context(context, value));
    groups.collect::<Result<_, _>>().map(Some)
}

fn static_context(context: &str, value: &Value) -> Result<Group, ExpandError> {
    let wrong =
        |what: &str| ExpandError::StaticContext { context: context.into(), what: what.into() };
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !(1..=13).contains(&context.len()) || !context.chars().all(word) {
        return Err(wrong("it is not 1 to 13 ASCII letters, digits and _"));
    }
    let list = |key: &str| {
        let Some(Value::Object(modules)) = value.get(key) else {
            return Err(wrong(&format!("it has no map {key}")));
        };
        let one = |(module, stream): (&String, &Value)| match stream.as_str() {
            Some(stream) if !stream.is_empty() && !stream.starts_with('-') => {
                Ok(ModuleRequire { module: module.clone(), streams: vec![stream.into()] })
            }
            _ => Err(wrong(&format!("{key}.{module} is not one stream"))),
        };
        modules.iter().map(one).collect::<Result<Vec<_>, _>>()
    };
    let stanza = Stanza { build_requires: list("buildrequires")?, requires: list("requires")? };
    Ok(Group { context: Some(context.into()), stanzas: vec![stanza], build_options: None })
}
