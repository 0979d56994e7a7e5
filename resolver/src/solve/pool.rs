//! Many short lists of packages in one block: a search remembers thousands of them, and gives all of them back at once.

use std::ops::{Index, Range};

/// A list in a [`Pool`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The places of its items, for who has to touch the search in between.
    pub(super) fn places(self) -> Range<u32> {
        self.start..self.end
    }
}

/// The lists of one search.
#[derive(Default)]
pub(super) struct Pool {
    items: Vec<u32>,
}

impl Pool {
    /// Keeps a list.
    pub(super) fn keep(&mut self, items: impl IntoIterator<Item = u32>) -> Span {
        let start = self.items.len() as u32;
        self.items.extend(items);
        Span { start, end: self.items.len() as u32 }
    }

    /// Keeps what `fill` appends: ascending, none twice.
    pub(super) fn keep_sorted(&mut self, fill: impl FnOnce(&mut Vec<u32>)) -> Span {
        let start = self.items.len();
        fill(&mut self.items);
        self.items[start..].sort_unstable();
        let mut end = start;
        for at in start..self.items.len() {
            if at == start || self.items[at] != self.items[end - 1] {
                self.items[end] = self.items[at];
                end += 1;
            }
        }
        self.items.truncate(end);
        Span { start: start as u32, end: end as u32 }
    }

    /// The item at a place of a list.
    pub(super) fn at(&self, place: u32) -> u32 {
        self.items[place as usize]
    }
}

impl Index<Span> for Pool {
    type Output = [u32];

    fn index(&self, span: Span) -> &[u32] {
        &self.items[span.start as usize..span.end as usize]
    }
}
