//! Finding the stream documents of an identity.

use modex_formats::module::{ModuleStream, Nsvca};
use std::collections::HashMap;

/// Where the documents of each identity are in a list that grows.
#[derive(Default)]
pub(super) struct Identities {
    /// By name and stream.
    families: HashMap<(String, String), Vec<usize>>,
    exact: HashMap<Nsvca, usize>,
}

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    One(usize),
    /// Several; the first of them.
    Several(usize),
}

impl Identities {
    /// Searches as libmodulemd does: an identity that lacks a part is taken for every one that has it.
    pub(super) fn find(&self, nsvca: &Nsvca, streams: &[ModuleStream]) -> Found {
        let complete = nsvca.version != 0 && !nsvca.context.is_empty() && !nsvca.arch.is_empty();
        if complete {
            return self.exact.get(nsvca).map_or(Found::Nothing, |at| Found::One(*at));
        }
        let family = self.families.get(&(nsvca.name.clone(), nsvca.stream.clone()));
        let mut same = family.into_iter().flatten().filter(|at| nsvca.finds(&streams[**at].nsvca));
        match (same.next(), same.next()) {
            (None, _) => Found::Nothing,
            (Some(at), None) => Found::One(*at),
            (Some(at), Some(_)) => Found::Several(*at),
        }
    }

    /// Notes where a document is.
    pub(super) fn add(&mut self, nsvca: &Nsvca, at: usize) {
        self.families.entry((nsvca.name.clone(), nsvca.stream.clone())).or_default().push(at);
        self.exact.insert(nsvca.clone(), at);
    }
}
