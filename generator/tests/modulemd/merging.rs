//! Sets merged by ourselves and by libmodulemd.

use crate::oracle;
use crate::support::{draw, lenient_set};
use modex_formats::module::{
    Defaults, Intent, ModuleStream, Nsvca, Obsoletes, OnStreamTie, Translation, Translations,
};
use modex_generator::modulemd::{MergeOptions, Modules, Source, merge, write};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

const STREAMS: [&str; 4] = ["1", "2", "10", "x"];

fn one_of<const N: usize>(texts: [&'static str; N]) -> BoxedStrategy<String> {
    select(texts.to_vec()).prop_map(String::from).boxed()
}

fn profiles() -> BoxedStrategy<Vec<(String, Vec<String>)>> {
    let sets = select(vec![vec![], vec!["a"], vec!["a"], vec!["a", "b"]])
        .prop_map(|set: Vec<&str>| set.into_iter().map(String::from).collect::<Vec<_>>());
    btree_map(one_of(STREAMS), sets, 0..3).prop_map(|map| map.into_iter().collect()).boxed()
}

fn defaults() -> BoxedStrategy<Defaults> {
    // Without a stream libmodulemd dumps the profiles of some other intent.
    let intent = (one_of(["1", "2"]).prop_map(Some), profiles())
        .prop_map(|(stream, profiles)| Intent { stream, profiles });
    let intents = btree_map(one_of(["server", "desktop"]), intent, 0..2);
    // Equal times are to be frequent, conflicts not.
    let modified = prop_oneof![4 => 0..2u64, 1 => any::<u64>()];
    (
        one_of(["a", "b"]),
        of(one_of(STREAMS)),
        modified,
        profiles(),
        prop_oneof![3 => Just(Vec::new()), 1 => intents.prop_map(|map| map.into_iter().collect())],
    )
        .prop_map(|(module, stream, modified, profiles, intents)| Defaults {
            module,
            stream,
            modified,
            profiles,
            intents,
        })
        .boxed()
}

fn obsoletes() -> BoxedStrategy<Obsoletes> {
    let modified = one_of(["2020-01-01T00:00Z", "2020-01-01T00:01Z", "2021-01-01T00:00Z"]);
    (
        one_of(["a", "b"]),
        one_of(["1", "2"]),
        of(one_of(["c", "d", ""])),
        modified,
        any::<bool>(),
        "[a-z]{3}",
    )
        .prop_map(|(module, stream, context, modified, reset, message)| Obsoletes {
            module,
            stream,
            context,
            modified,
            reset,
            message,
            ..Obsoletes::default()
        })
        .boxed()
}

fn translations() -> BoxedStrategy<Translations> {
    (one_of(["a", "b"]), one_of(["1", "2"]), 1..4u64, "[a-z]{3}")
        .prop_map(|(module, stream, modified, summary)| {
            let locale = Translation { summary: Some(summary), ..Translation::default() };
            Translations { module, stream, modified, locales: vec![("de".into(), locale)] }
        })
        .boxed()
}

fn stream() -> BoxedStrategy<ModuleStream> {
    (
        one_of(["a", "b"]),
        1..3u64,
        one_of(["c", "d"]),
        one_of(["x86_64", "i686", ""]),
        one_of(["s", "s", "t"]),
    )
        .prop_map(|(name, version, context, arch, summary)| {
            let mut stream = ModuleStream {
                nsvca: Nsvca { name, stream: "1".into(), version, context, arch },
                summary,
                ..ModuleStream::default()
            };
            stream.licences.module.push("MIT".into());
            stream
        })
        .boxed()
}

/// Sources as they are written; more than one document of a module and a stream may be in each.
fn sources() -> BoxedStrategy<Vec<(Modules, i32)>> {
    let documents = (
        vec(defaults(), 0..4),
        vec(obsoletes(), 0..4),
        vec(translations(), 0..3),
        vec(stream(), 0..4),
    );
    let modules = documents.prop_map(|(defaults, obsoletes, translations, streams)| Modules {
        defaults,
        obsoletes,
        translations,
        streams,
        unknown: Vec::new(),
    });
    vec((modules, prop_oneof![4 => Just(0), 1 => Just(7), 1 => Just(1000)]), 2..5).boxed()
}

/// A thousand sets of two to four sources, lax and strict.
#[test]
fn sets_merge_as_libmodulemd_merges_them() {
    if !oracle::is_here("sets_merge_as_libmodulemd_merges_them") {
        return;
    }
    let drawn = draw(&(sources(), prop_oneof![3 => Just(false), 1 => Just(true)]), 40, 1000);
    let cases: Vec<_> = drawn
        .iter()
        .map(|(sources, strict)| {
            let sources: Vec<_> = sources
                .iter()
                .map(|(modules, priority)| json!([write(modules), priority]))
                .collect();
            json!({ "op": "merge", "sources": sources, "strict": strict })
        })
        .collect();
    let (mut conflicts, mut several) = (0, 0);
    for (((sources, strict), case), answer) in drawn.iter().zip(&cases).zip(oracle::ask(&cases)) {
        let source = |(at, (modules, priority)): (usize, &(Modules, i32))| Source {
            place: at.to_string(),
            priority: *priority,
            modules: lenient_set(&write(modules)),
        };
        let sources: Vec<Source> = sources.iter().enumerate().map(source).collect();
        let on_stream_tie = if *strict { OnStreamTie::Conflict } else { OnStreamTie::NoStream };
        let merged = merge(&sources, MergeOptions { on_stream_tie, ..MergeOptions::default() });
        assert_eq!(
            merged.conflicts.is_empty(),
            answer.error.is_none(),
            "{:?} {:?}\n{case:#}",
            merged.conflicts,
            answer.error
        );
        if answer.error.is_some() {
            conflicts += 1;
            continue;
        }
        several += usize::from(merged.modules.defaults.len() > 1);
        same(&merged.modules, &answer.yaml, &case.to_string());
    }
    assert!(conflicts > 40 && several > 300, "{conflicts} conflicts, {several} others");
}

/// Fails where a set is not the one that libmodulemd dumped, with both texts.
fn same(ours: &Modules, dumped: &str, what: &str) {
    let theirs = lenient_set(dumped);
    let (ours, theirs) = (write(ours), write(&theirs));
    assert!(ours == theirs, "{what}\n======= ours:\n{ours}======= theirs:\n{theirs}");
}

/// What counts of several documents in one file.
#[test]
fn one_file_is_put_together_as_libmodulemd_does() {
    if !oracle::is_here("one_file_is_put_together_as_libmodulemd_does") {
        return;
    }
    let drawn = draw(&sources(), 41, 500);
    let texts: Vec<String> = drawn
        .iter()
        .map(|sources| sources.iter().map(|(modules, _)| write(modules)).collect())
        .collect();
    let cases: Vec<_> =
        texts.iter().map(|yaml| json!({ "op": "roundtrip", "yaml": yaml })).collect();
    for (text, answer) in texts.iter().zip(oracle::ask(&cases)) {
        same(&lenient_set(text), &answer.yaml, text);
    }
}
