//! The documents of several repositories or files as one set.

use super::collection::last_of_each;
use super::identities::{Found, Identities};
use super::{Modules, UnknownKey};
use modex_formats::module::defaults::{self, OnConflict, OnStreamTie};
use modex_formats::module::{Defaults, Nsvca, Translations};
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// A set of documents to be merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// What to call it where something is reported: a path, a repository.
    pub place: String,
    /// Larger is stronger. dnf gives repositories 0 and the files of `/etc/dnf/modules.defaults.d` 1000.
    pub priority: i32,
    /// Its documents.
    pub modules: Modules,
}

/// How to merge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MergeOptions {
    /// What equally old documents with different default streams are.
    pub on_stream_tie: OnStreamTie,
    /// What a conflict of defaults costs.
    pub on_conflict: OnConflict,
}

/// What came of a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The merged set. Defaults are sorted by module.
    pub modules: Modules,
    /// Defaults that could not be merged, by priority, then by module. libmodulemd merges nothing at all where there are
    /// any.
    pub conflicts: Vec<DefaultsConflict>,
    /// Stream documents that were left out though they say something else than the one of their identity that was kept.
    pub differing: Vec<Differing>,
}

/// Defaults of one priority that cannot be reconciled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultsConflict {
    /// The module.
    pub module: String,
    /// What they disagree about.
    pub what: String,
    /// The sources of that priority that have defaults of the module.
    pub places: Vec<String>,
}

/// Two stream documents of one identity that say different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// The identity of the one that was left out.
    pub nsvca: Nsvca,
    /// The source of the one that was kept.
    pub kept: String,
    /// The source of the one that was left out.
    pub left_out: String,
}

/// `module MODULE: WHAT (PLACE, PLACE)`
impl fmt::Display for DefaultsConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "module {}: {} ({})", self.module, self.what, self.places.join(", "))
    }
}

/// `NSVCA differs: PLACE is kept, PLACE is left out`
impl fmt::Display for Differing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Differing { nsvca, kept, left_out } = self;
        write!(f, "{nsvca} differs: {kept} is kept, {left_out} is left out")
    }
}

/// Merges sets of documents as libmodulemd 2.14's `ModuleIndexMerger` does. Sources are taken by growing priority, those
/// of one priority as they come.
///
/// * Streams: the first document of an identity stays, so that of the *lowest* priority; one that lacks a part of its
///   identity gives way to any that it could be. What differs is reported.
/// * Defaults: within a priority by the rule of [`merge_with`](defaults::merge_with); a higher priority replaces a module's
///   defaults as a whole.
/// * Obsoletes: of those with the same module, stream, context and time the last one stays, in its place.
/// * Translations: the one with the larger `modified` stays whatever the priority, of equally old ones the first.
pub fn merge(sources: &[Source], options: MergeOptions) -> Merged {
    let mut sources: Vec<&Source> = sources.iter().collect();
    sources.sort_by_key(|source| source.priority);
    let mut merged = Merged::default();
    merge_streams(&sources, &mut merged);
    merge_defaults(&sources, options, &mut merged);
    let obsoletes = sources.iter().flat_map(|source| source.modules.obsoletes.iter().cloned());
    merged.modules.obsoletes = last_of_each(obsoletes.collect());
    merged.modules.translations = newest_of_each(&sources);
    merged
}

fn merge_streams(sources: &[&Source], merged: &mut Merged) {
    let mut identities = Identities::default();
    // The source of each stream that was kept.
    let mut places: Vec<&str> = Vec::new();
    let Merged { modules, differing, .. } = merged;
    for source in sources {
        let mut unknown: HashMap<usize, Vec<&UnknownKey>> = HashMap::new();
        for (at, key) in &source.modules.unknown {
            unknown.entry(*at).or_default().push(key);
        }
        for (place, stream) in source.modules.streams.iter().enumerate() {
            match identities.find(&stream.nsvca, &modules.streams) {
                Found::Nothing => {
                    let at = modules.streams.len();
                    identities.add(&stream.nsvca, at);
                    places.push(&source.place);
                    modules.streams.push(stream.clone());
                    let keys = unknown.remove(&place).into_iter().flatten();
                    modules.unknown.extend(keys.map(|key| (at, key.clone())));
                }
                Found::One(at) if modules.streams[at] == *stream => {}
                Found::One(at) | Found::Several(at) => differing.push(Differing {
                    nsvca: stream.nsvca.clone(),
                    kept: places[at].into(),
                    left_out: source.place.clone(),
                }),
            }
        }
    }
}

fn merge_defaults(sources: &[&Source], options: MergeOptions, merged: &mut Merged) {
    let mut result: Vec<Defaults> = Vec::new();
    for level in sources.chunk_by(|a, b| a.priority == b.priority) {
        let documents = level.iter().map(|source| &source.modules.defaults);
        // What a conflict costs is settled once all of them are known.
        let of_level =
            defaults::merge_with(documents, options.on_stream_tie, OnConflict::NoneForTheModule);
        defaults::override_with(&mut result, of_level.defaults);
        let mut places: BTreeMap<String, Vec<String>> =
            of_level.conflicts.iter().map(|one| (one.module.clone(), Vec::new())).collect();
        // A weaker priority does not stand in for what cannot be told.
        result.retain(|defaults| !places.contains_key(&defaults.module));
        for source in level.iter().filter(|_| !of_level.conflicts.is_empty()) {
            for defaults in &source.modules.defaults {
                if let Some(places) = places.get_mut(&defaults.module) {
                    places.push(source.place.clone());
                }
            }
        }
        for conflict in of_level.conflicts {
            let places = places.remove(&conflict.module).unwrap_or_default();
            let (module, what) = (conflict.module, conflict.what);
            merged.conflicts.push(DefaultsConflict { module, what, places });
        }
    }
    if options.on_conflict == OnConflict::NoneForTheModule || merged.conflicts.is_empty() {
        merged.modules.defaults = result;
    }
}

/// By module and stream.
fn newest_of_each(sources: &[&Source]) -> Vec<Translations> {
    let mut newest: BTreeMap<(&str, &str), &Translations> = BTreeMap::new();
    for one in sources.iter().flat_map(|source| &source.modules.translations) {
        let known = newest.entry((&one.module, &one.stream)).or_insert(one);
        if one.modified > known.modified {
            *known = one;
        }
    }
    newest.into_values().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use modex_formats::module::{ModuleStream, Obsoletes};

    fn stream(version: u64, arch: &str, summary: &str) -> ModuleStream {
        let (name, stream) = ("m".into(), "1".into());
        let nsvca = Nsvca { name, stream, version, context: "c".into(), arch: arch.into() };
        ModuleStream { nsvca, summary: summary.into(), ..ModuleStream::default() }
    }

    fn source(place: &str, priority: i32, modules: Modules) -> Source {
        Source { place: place.into(), priority, modules }
    }

    #[test]
    fn the_first_stream_stays_and_unknown_keys_follow_it() {
        let key = |path: &str| UnknownKey { path: path.into(), json: "\"\"".into() };
        let weak = Modules {
            streams: vec![stream(1, "x", "one"), stream(2, "x", "two")],
            unknown: vec![(1, key("weak"))],
            ..Modules::default()
        };
        let strong = Modules {
            streams: vec![
                stream(1, "x", "other"),
                stream(2, "x", "two"),
                stream(3, "x", ""),
                stream(0, "", ""),
            ],
            unknown: vec![(1, key("gone")), (2, key("strong"))],
            ..Modules::default()
        };
        let sources = [source("strong", 10, strong), source("weak", 0, weak)];
        let merged = merge(&sources, MergeOptions::default());
        let summaries: Vec<_> = merged.modules.streams.iter().map(|s| s.summary.as_str()).collect();
        assert_eq!(summaries, ["one", "two", ""]);
        assert_eq!(merged.modules.unknown, [(1, key("weak")), (2, key("strong"))]);
        let said: Vec<_> = merged.differing.iter().map(ToString::to_string).collect();
        let end = "weak is kept, strong is left out";
        assert_eq!(said, [format!("m:1:1:c:x differs: {end}"), format!("m:1::c: differs: {end}")]);
    }

    #[test]
    fn a_conflict_costs_as_much_as_was_asked_for() {
        let defaults = |module: &str, profile: &str| Defaults {
            module: module.into(),
            profiles: vec![("1".into(), vec![profile.into()])],
            ..Defaults::default()
        };
        let with = |defaults| Modules { defaults, ..Modules::default() };
        let sources = [
            source("a", 0, with(vec![defaults("m", "p"), defaults("n", "p")])),
            source("b", 0, with(vec![defaults("m", "q")])),
            source("c", 5, with(vec![defaults("o", "p")])),
        ];
        let merged = merge(&sources, MergeOptions::default());
        assert_eq!(merged.modules.defaults, []);
        assert_eq!(
            merged.conflicts[0].to_string(),
            "module m: stream 1 has two sets of default profiles of equal age (a, b)"
        );
        let options =
            MergeOptions { on_conflict: OnConflict::NoneForTheModule, ..MergeOptions::default() };
        assert_eq!(
            merge(&sources, options).modules.defaults,
            [defaults("n", "p"), defaults("o", "p")]
        );
    }

    #[test]
    fn obsoletes_and_translations() {
        let obsoletes = |message: &str, modified: &str| Obsoletes {
            message: message.into(),
            modified: modified.into(),
            ..Obsoletes::default()
        };
        let translations = |stream: &str, modified| Translations {
            stream: stream.into(),
            modified,
            ..Default::default()
        };
        let sources = [
            source(
                "a",
                9,
                Modules {
                    obsoletes: vec![obsoletes("a", "1"), obsoletes("b", "2")],
                    translations: vec![translations("x", 5), translations("y", 5)],
                    ..Modules::default()
                },
            ),
            source(
                "b",
                0,
                Modules {
                    obsoletes: vec![obsoletes("c", "1"), obsoletes("d", "3")],
                    translations: vec![translations("x", 6), translations("y", 4)],
                    ..Modules::default()
                },
            ),
        ];
        let modules = merge(&sources, MergeOptions::default()).modules;
        assert_eq!(
            modules.obsoletes,
            [obsoletes("d", "3"), obsoletes("a", "1"), obsoletes("b", "2")]
        );
        assert_eq!(modules.translations, [translations("x", 6), translations("y", 5)]);
    }
}
