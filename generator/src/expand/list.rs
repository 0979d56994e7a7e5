//! One list of streams: overridden, made real, expanded.

use super::known::Known;
use super::{ExpandError, Options};
use modex_formats::module::{ModuleRequire, Stanza};
use std::collections::{BTreeMap, HashSet};

/// The stanzas as they are written out later: with the lists that the request overrides, and with real streams in the
/// place of virtual ones of the platform.
pub(super) fn overridden(
    stanzas: &[Stanza],
    options: &Options,
) -> Result<Vec<Stanza>, ExpandError> {
    let mut stanzas = stanzas.to_vec();
    put(&mut stanzas, &options.build_requires, "buildrequires", |stanza| {
        &mut stanza.build_requires
    })?;
    put(&mut stanzas, &options.requires, "requires", |stanza| &mut stanza.requires)?;
    Ok(stanzas)
}

fn put(
    stanzas: &mut [Stanza],
    overrides: &BTreeMap<String, Vec<String>>,
    what: &'static str,
    lists: impl Fn(&mut Stanza) -> &mut Vec<ModuleRequire>,
) -> Result<(), ExpandError> {
    let mut used = HashSet::new();
    for require in stanzas.iter_mut().flat_map(lists) {
        if let Some((module, streams)) = overrides.get_key_value(&require.module) {
            require.streams = sorted(streams.clone());
            used.insert(module);
        }
    }
    match overrides.keys().find(|module| !used.contains(module)) {
        Some(module) => Err(ExpandError::UnusedOverride { module: module.clone(), what }),
        None => Ok(()),
    }
}

/// Puts the real stream in the place of each virtual one that the stanzas build against.
pub(super) fn realise(stanzas: &mut [Stanza], known: &Known, base_modules: &[String]) {
    let requires = stanzas.iter_mut().flat_map(|stanza| &mut stanza.build_requires);
    for require in requires.filter(|require| base_modules.contains(&require.module)) {
        let positive = require.streams.iter_mut().filter(|stream| !stream.starts_with('-'));
        for stream in positive {
            if let Some(real) = known.real_stream(&require.module, stream) {
                *stream = real;
            }
        }
        require.streams = sorted(std::mem::take(&mut require.streams));
    }
}

/// The list as a set.
fn sorted(mut streams: Vec<String>) -> Vec<String> {
    streams.sort();
    streams.dedup();
    streams
}

/// The streams that a list stands for, none of them with a `-`. None at all where the list excludes all there are.
/// Time: linear in the list and in the streams of the module.
pub(super) fn expanded(
    require: &ModuleRequire,
    known: &Known,
    options: &Options,
) -> Result<Vec<String>, ExpandError> {
    let ModuleRequire { module, streams } = require;
    let default = options.defaults.get(module);
    let ambiguous = |streams: &[String]| {
        let (module, streams) = (module.clone(), streams.to_vec());
        Err(ExpandError::Ambiguous { module, streams })
    };
    let negative_only = streams.iter().all(|stream| stream.starts_with('-'));
    let mut result = match default {
        Some(default) if negative_only => vec![default.clone()],
        None if negative_only && options.ambiguous_is_error => return ambiguous(&[]),
        _ if negative_only => known.streams(module),
        _ => streams.iter().filter(|stream| !stream.starts_with('-')).cloned().collect(),
    };
    if negative_only {
        let excluded: HashSet<&str> =
            streams.iter().filter_map(|stream| stream.strip_prefix('-')).collect();
        result.retain(|stream| !excluded.contains(stream.as_str()));
    }
    if result.len() > 1 {
        match default {
            Some(default) => result = vec![default.clone()],
            None if options.ambiguous_is_error => return ambiguous(&result),
            None => {}
        }
    }
    Ok(result)
}
