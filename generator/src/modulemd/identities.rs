//! Finding the stream documents of an identity.

use modex_formats::module::{ModuleStream, Nsvca};
use std::collections::HashMap;

/// Where the documents of each identity are in a list that grows. A search and an addition take constant time each, but
/// for the first search of each kind, which looks at the whole list.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// By kind of search: tables by identities in which the parts that it does not look at are blank.
    tables: [Option<HashMap<Nsvca, Found>>; KINDS],
}

/// Kinds of searches: which of version, context and architecture are looked at.
const KINDS: usize = 8;

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    One(usize),
    /// Several; the first of them.
    Several(usize),
}

impl Identities {
    /// Searches as libmodulemd does: an identity that lacks a part is taken for every one that has it. `streams` is the
    /// list, of which every document was [added](Self::add).
    pub(super) fn find(&mut self, nsvca: &Nsvca, streams: &[ModuleStream]) -> Found {
        let kind = kind(nsvca);
        let table = self.tables[kind].get_or_insert_with(|| {
            let mut table = HashMap::new();
            for (at, stream) in streams.iter().enumerate() {
                insert(&mut table, kind, &stream.nsvca, at);
            }
            table
        });
        table.get(nsvca).copied().unwrap_or(Found::Nothing)
    }

    /// Notes where a document is.
    pub(super) fn add(&mut self, nsvca: &Nsvca, at: usize) {
        for (kind, table) in self.tables.iter_mut().enumerate() {
            if let Some(table) = table {
                insert(table, kind, nsvca, at);
            }
        }
    }
}

/// The kind of search that an identity asks for: a bit for each part that it has.
fn kind(nsvca: &Nsvca) -> usize {
    usize::from(nsvca.version != 0)
        | usize::from(!nsvca.context.is_empty()) << 1
        | usize::from(!nsvca.arch.is_empty()) << 2
}

fn insert(table: &mut HashMap<Nsvca, Found>, kind: usize, nsvca: &Nsvca, at: usize) {
    let part =
        |bit: usize, text: &str| if kind >> bit & 1 == 1 { text.into() } else { String::new() };
    let key = Nsvca {
        name: nsvca.name.clone(),
        stream: nsvca.stream.clone(),
        version: if kind & 1 == 1 { nsvca.version } else { 0 },
        context: part(1, &nsvca.context),
        arch: part(2, &nsvca.arch),
    };
    let found = table.entry(key).or_insert(Found::Nothing);
    *found = match *found {
        Found::Nothing => Found::One(at),
        Found::One(first) | Found::Several(first) => Found::Several(first),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn identity() -> impl Strategy<Value = Nsvca> {
        let part = |texts: &'static [&'static str]| proptest::sample::select(texts);
        (part(&["1", "2"]), 0u64..3, part(&["", "c", "d"]), part(&["", "x", "y"])).prop_map(
            |(stream, version, context, arch)| Nsvca {
                name: "m".into(),
                stream: stream.into(),
                version,
                context: context.into(),
                arch: arch.into(),
            },
        )
    }

    proptest! {
        #[test]
        fn a_search_finds_what_looking_at_each_finds(all in proptest::collection::vec(identity(), 0..40)) {
            let (mut identities, mut streams) = (Identities::default(), Vec::<ModuleStream>::new());
            for nsvca in all {
                let mut same = (0..streams.len()).filter(|at| nsvca.finds(&streams[*at].nsvca));
                let want = match (same.next(), same.next()) {
                    (None, _) => Found::Nothing,
                    (Some(at), None) => Found::One(at),
                    (Some(at), Some(_)) => Found::Several(at),
                };
                prop_assert_eq!(identities.find(&nsvca, &streams), want);
                identities.add(&nsvca, streams.len());
                streams.push(ModuleStream { nsvca, ..ModuleStream::default() });
            }
        }
    }
}
