//! Combinations that are kept as stanzas that have no others.

use super::Options;
use modex_formats::module::{ModuleRequire, Stanza};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A stream to put some of the combinations in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The name of the stream: the old one, or with what is special about it behind.
    pub stream: String,
    /// The stanza to write into its document.
    pub stanza: Stanza,
}

/// A stanza split so that the combinations of the parts are exactly those that are kept: the largest part first, it
/// keeps the name of the stream. None where nothing is kept.
///
/// The base module's streams go together where the same is kept with them, then the next module's, and so on.
pub(super) fn split(
    stanza: &Stanza,
    stream: &str,
    kept: &[&BTreeMap<String, String>],
    options: &Options,
) -> Vec<Part> {
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (module, stream) in kept.iter().copied().flatten() {
        values.entry(module).or_default().insert(stream);
    }
    // Those of which one stream is left are the same in every part.
    let varies = |module: &&str| values.get(*module).is_some_and(|streams| streams.len() > 1);
    let mut modules: Vec<&str> =
        stanza.build_requires.iter().map(|require| require.module.as_str()).collect();
    modules.sort_by_key(|module| !options.base_modules.iter().any(|base| base == module));
    let (modules, fixed): (Vec<&str>, Vec<&str>) = modules.into_iter().partition(varies);
    let rows: Rows<'_> = kept
        .iter()
        .map(|streams| {
            let row = modules.iter().filter_map(|module| streams.get(*module));
            row.map(String::as_str).collect()
        })
        .collect();
    let mut parts = rectangles(&rows, modules.len());
    parts.sort_by_key(|lists| std::cmp::Reverse(lists.iter().map(Vec::len).product::<usize>()));
    let whole = parts.first().cloned().unwrap_or_default();
    parts
        .into_iter()
        .enumerate()
        .map(|(at, lists)| {
            let differs = || lists.iter().zip(&whole).filter(|(list, of)| list != of);
            let special: Vec<&str> =
                differs().take(1).flat_map(|(list, _)| list.iter().copied()).collect();
            let name =
                if at == 0 { stream.to_owned() } else { format!("{stream}_{}", special.join("_")) };
            Part {
                stream: name,
                stanza: {
                    let fixed = fixed.iter().map(|module| {
                        (*module, values.get(module).into_iter().flatten().copied().collect())
                    });
                    narrowed(stanza, &modules.iter().copied().zip(lists).chain(fixed).collect())
                },
            }
        })
        .collect()
}

/// Combinations: a stream of each module.
type Rows<'a> = BTreeSet<Vec<&'a str>>;

/// A list of streams of each module.
type Lists<'a> = Vec<Vec<&'a str>>;

/// Lists whose combinations are exactly these rows, each once. Time: rows times the square of their width.
fn rectangles<'a>(rows: &Rows<'a>, width: usize) -> Vec<Lists<'a>> {
    if rows.is_empty() {
        return Vec::new();
    }
    let mut parts: Vec<(Lists<'a>, Rows<'a>)> = vec![(Vec::new(), rows.clone())];
    for _ in 0..width {
        let mut next = Vec::new();
        for (lists, rows) in parts {
            let mut by_first: BTreeMap<&str, Rows<'_>> = BTreeMap::new();
            for row in &rows {
                if let [first, rest @ ..] = &row[..] {
                    by_first.entry(first).or_default().insert(rest.to_vec());
                }
            }
            let mut by_rest: BTreeMap<Rows<'_>, Vec<&str>> = BTreeMap::new();
            for (first, rest) in by_first {
                by_rest.entry(rest).or_default().push(first);
            }
            for (rest, firsts) in by_rest {
                let mut lists = lists.clone();
                lists.push(firsts);
                next.push((lists, rest));
            }
        }
        parts = next;
    }
    parts.into_iter().map(|(lists, _)| lists).collect()
}

/// The stanza with these lists to build against; where the list to run with was the same, there too.
fn narrowed(stanza: &Stanza, lists: &BTreeMap<&str, Vec<&str>>) -> Stanza {
    let list = |module: &str| {
        let streams = lists.get(module).into_iter().flatten();
        streams.map(|stream| stream.to_string()).collect::<Vec<_>>()
    };
    let built: BTreeMap<&str, &[String]> = stanza
        .build_requires
        .iter()
        .map(|require| (require.module.as_str(), require.streams.as_slice()))
        .collect();
    let mut new = stanza.clone();
    for require in &mut new.requires {
        if built.get(require.module.as_str()) == Some(&require.streams.as_slice()) {
            require.streams = list(&require.module);
        }
    }
    for ModuleRequire { module, streams } in &mut new.build_requires {
        *streams = list(module);
    }
    new
}
