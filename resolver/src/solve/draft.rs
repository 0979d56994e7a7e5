//! Clauses before they are stored: sorted, and each once.

use super::clause::{Origin, compare_lits};
use super::state::Lit;
use std::ops::Range;

/// The clauses of a few dependencies.
#[derive(Default)]
pub(super) struct Drafts {
    lits: Vec<Lit>,
    drafts: Vec<(Range<usize>, Origin)>,
}

impl Drafts {
    /// Back to none.
    pub(super) fn clear(&mut self) {
        self.lits.clear();
        self.drafts.clear();
    }

    /// Number of clauses.
    pub(super) fn len(&self) -> usize {
        self.drafts.len()
    }

    /// Adds a clause whose literals ascend.
    pub(super) fn push(&mut self, lits: impl Iterator<Item = Lit>, origin: Origin) {
        let start = self.lits.len();
        self.lits.extend(lits);
        self.drafts.push((start..self.lits.len(), origin));
    }

    /// Adds a clause whose literals are in any order and may repeat.
    pub(super) fn push_sorted(&mut self, lits: impl Iterator<Item = Lit>, origin: Origin) {
        let mut lits: Vec<Lit> = lits.collect();
        lits.sort_unstable();
        lits.dedup();
        self.push(lits.into_iter(), origin);
    }

    /// Drops the clauses from the given one on that fail a test.
    pub(super) fn retain_from(&mut self, first: usize, mut test: impl FnMut(&[Lit]) -> bool) {
        let mut number = 0;
        let lits = &self.lits;
        self.drafts.retain(|(range, _)| {
            number += 1;
            number <= first || test(&lits[range.clone()])
        });
    }

    /// In libsolv's order, each once: the first that said it.
    pub(super) fn sort(&mut self) {
        let lits = |range: &Range<usize>| &self.lits[range.clone()];
        self.drafts.sort_by(|a, b| compare_lits(lits(&a.0), lits(&b.0)));
        self.drafts.dedup_by(|a, b| lits(&a.0) == lits(&b.0));
    }

    /// The clauses.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[Lit], Origin)> {
        self.drafts.iter().map(|(range, origin)| (&self.lits[range.clone()], *origin))
    }
}
