//! The documents that come out.

use super::context::{Contexts, contexts};
use super::input::{Group, Input};
use super::known::Build;
use super::version::prefixed;
use super::{ExpandError, Options, Used};
use modex_formats::module::{ModuleRequire, Stanza};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// The stanza of a build, from the one it was expanded from and the streams that were chosen.
///
/// A module that is only required keeps its list. One that is in both has the stream in both where the two lists are the
/// same set of texts (both are sorted); where they are not, the list that is required stays as it is.
pub(super) fn stanza(original: &Stanza, streams: &[(String, String)]) -> Stanza {
    let chosen: HashMap<&str, &String> =
        streams.iter().map(|(module, stream)| (module.as_str(), stream)).collect();
    let of = |require: &ModuleRequire| match chosen.get(require.module.as_str()) {
        Some(stream) => {
            ModuleRequire { module: require.module.clone(), streams: vec![stream.to_string()] }
        }
        None => require.clone(),
    };
    let built: HashMap<&str, &[String]> = original
        .build_requires
        .iter()
        .map(|require| (require.module.as_str(), require.streams.as_slice()))
        .collect();
    let requires =
        original.requires.iter().map(|require| match built.get(require.module.as_str()) {
            Some(streams) if *streams == require.streams => of(require),
            _ => require.clone(),
        });
    Stanza {
        requires: requires.collect(),
        build_requires: original.build_requires.iter().map(of).collect(),
    }
}

/// The stanzas of the document of a build: its own, and where the build service is followed exactly, in front the others
/// that it was expanded with; those that equal the original are gone with it.
pub(super) fn stanzas(group: &Group, at: usize, own: Stanza, options: &Options) -> Vec<Stanza> {
    let mut stanzas = Vec::new();
    if options.mbs_exact {
        let others = group.stanzas.iter().filter(|other| **other != group.stanzas[at]);
        stanzas.extend(others.cloned());
    }
    stanzas.push(own);
    stanzas
}

/// The hashes of a build.
pub(super) fn hashes(used: &[Used], stanzas: &[Stanza], options: &Options) -> Contexts {
    let streams: BTreeMap<&str, &str> =
        used.iter().map(|used| (used.name.as_str(), used.stream.as_str())).collect();
    contexts(&streams, &options.base_modules, &stanzas.iter().collect::<Vec<_>>())
}

/// What a document says of a build that it was built against.
pub(super) fn used(build: &Build) -> Used {
    Used {
        name: build.nsvca.name.clone(),
        stream: build.nsvca.stream.clone(),
        version: build.nsvca.version,
        context: build.nsvca.context.clone(),
        reference: build.reference.clone(),
        koji_tag: build.koji_tag.clone(),
        assumed: build.assumed,
    }
}

/// The version of a build: the time of the commit, else the document's own; with the platform in front.
pub(super) fn version(own: u64, used: &[Used], options: &Options) -> u64 {
    let (version, prefix) = match options.commit_time {
        Some(time) => (time.version(), true),
        None => (own, options.mbs_exact),
    };
    if !prefix {
        return version;
    }
    let of = |base: &String| used.iter().find(|used| used.name == *base);
    let platform = options.base_modules.iter().find_map(of);
    prefixed(version, platform.map(|platform| platform.stream.as_str()))
}

/// The extra data of a build, as JSON whose scalars are all strings.
pub(super) fn xmd(input: &Input, group: &Group, used: &[Used]) -> Result<String, ExpandError> {
    let mut xmd = input.xmd.clone();
    let mbs = xmd.entry("mbs").or_insert_with(|| Value::Object(Map::new()));
    let Some(mbs) = mbs.as_object_mut() else {
        return Err(ExpandError::Xmd("mbs is no map".into()));
    };
    let modules: Map<String, Value> =
        used.iter().map(|used| (used.name.clone(), record(used))).collect();
    mbs.insert("buildrequires".into(), Value::Object(modules));
    mbs.insert("mse".into(), "TRUE".into());
    if group.context.is_some() {
        mbs.insert("static_context".into(), "TRUE".into());
    }
    Ok(Value::Object(xmd).to_string())
}

fn record(used: &Used) -> Value {
    let mut record = json!({
        "stream": used.stream,
        "version": used.version.to_string(),
        "context": used.context,
    });
    for (key, value) in [("ref", &used.reference), ("koji_tag", &used.koji_tag)] {
        if let Some(value) = value {
            record[key] = value.as_str().into();
        }
    }
    record
}
