//! What is noted about a document while it is read.

use super::UnknownKey;
use std::cell::{Cell, RefCell};
use std::fmt;

/// How many unknown keys of a document are kept.
pub(super) const MAX_UNKNOWN: usize = 100;

/// What is noted about a document while it is read.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Whether a key that is not known is an error. Some kinds of documents decide that for themselves.
    pub(super) strict: Cell<bool>,
    /// What is odd.
    pub(super) doubts: RefCell<Vec<String>>,
    /// Keys that are not known, with paths from the map that is being read.
    pub(super) unknown: RefCell<Vec<UnknownKey>>,
    /// The key at which reading stopped.
    pub(super) unexpected: RefCell<Option<String>>,
}

impl Notes {
    pub(super) fn doubt(&self, what: String) {
        let mut doubts = self.doubts.borrow_mut();
        if doubts.len() < 8 {
            doubts.push(what);
        }
    }

    /// Forgets what was noted, before the document is read once more.
    pub(super) fn forget(&self) {
        self.doubts.borrow_mut().clear();
        self.unknown.borrow_mut().clear();
    }

    /// Runs what reads the inside of `key`, so that paths noted meanwhile begin with it.
    pub(super) fn inside<T>(&self, key: impl fmt::Display, read: impl FnOnce() -> T) -> T {
        let before = self.unknown.borrow().len();
        let outcome = read();
        for unknown in &mut self.unknown.borrow_mut()[before..] {
            unknown.path = format!("{key}.{}", unknown.path);
        }
        outcome
    }
}
