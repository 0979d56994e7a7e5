//! Finding the stream documents of an identity.

use modex_formats::module::{ModuleStream, Nsvca};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// Where the documents of each identity are in a list that grows.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// By which parts are asked for; each index is made when it is first needed.
    indexes: BTreeMap<Parts, HashMap<Nsvca, Found>>,
}

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    One(usize),
    /// Several; the first of them.
    Several(usize),
}

/// Whether a version, a context, an architecture is there.
type Parts = [bool; 3];

impl Identities {
    /// Searches as libmodulemd does: an identity that lacks a part is taken for every one that has it. `streams` are all
    /// that were added, in order.
    pub(super) fn find(&mut self, nsvca: &Nsvca, streams: &[ModuleStream]) -> Found {
        let parts = [nsvca.version != 0, !nsvca.context.is_empty(), !nsvca.arch.is_empty()];
        let index = self.indexes.entry(parts).or_insert_with(|| {
            let mut index = HashMap::new();
            for (at, stream) in streams.iter().enumerate() {
                note(&mut index, &stream.nsvca, parts, at);
            }
            index
        });
        index.get(nsvca).copied().unwrap_or(Found::Nothing)
    }

    /// Notes where a document is.
    pub(super) fn add(&mut self, nsvca: &Nsvca, at: usize) {
        for (parts, index) in &mut self.indexes {
            note(index, nsvca, *parts, at);
        }
    }
}

/// Adds what is left of an identity when it is asked for these parts only.
fn note(index: &mut HashMap<Nsvca, Found>, nsvca: &Nsvca, parts: Parts, at: usize) {
    let [version, context, arch] = parts;
    let text = |there: bool, text: &String| if there { text.clone() } else { String::new() };
    let key = Nsvca {
        name: nsvca.name.clone(),
        stream: nsvca.stream.clone(),
        version: if version { nsvca.version } else { 0 },
        context: text(context, &nsvca.context),
        arch: text(arch, &nsvca.arch),
    };
    match index.entry(key) {
        Entry::Vacant(place) => {
            place.insert(Found::One(at));
        }
        Entry::Occupied(mut place) => {
            if let Found::One(first) = *place.get() {
                place.insert(Found::Several(first));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_finds_everything() {
        let identities = [(0, "", ""), (0, "c", ""), (1, "c", "x"), (1, "c", "y"), (2, "d", "x")];
        let nsvca = |(version, context, arch): (u64, &str, &str)| Nsvca {
            name: "m".into(),
            stream: "1".into(),
            version,
            context: context.into(),
            arch: arch.into(),
        };
        let streams: Vec<_> = identities
            .iter()
            .map(|one| ModuleStream { nsvca: nsvca(*one), ..ModuleStream::default() })
            .collect();
        let mut found = Identities::default();
        for version in 0..4 {
            for context in ["", "c", "d", "e"] {
                for arch in ["", "x", "y", "z"] {
                    let asked = nsvca((version, context, arch));
                    for known in 0..=streams.len() {
                        let streams = &streams[..known];
                        let hits = streams.iter().enumerate();
                        let hits: Vec<_> = hits
                            .filter_map(|(at, one)| asked.finds(&one.nsvca).then_some(at))
                            .collect();
                        let want = match hits[..] {
                            [] => Found::Nothing,
                            [only] => Found::One(only),
                            [first, ..] => Found::Several(first),
                        };
                        assert_eq!(Identities::default().find(&asked, streams), want);
                        if known == identities.len() {
                            assert_eq!(found.find(&asked, streams), want);
                        }
                    }
                }
            }
        }
        found.add(&nsvca((3, "e", "z")), 5);
        assert_eq!(found.find(&nsvca((3, "", "")), &streams), Found::One(5));
        assert_eq!(found.find(&nsvca((0, "", "")), &streams), Found::Several(0));
    }
}
