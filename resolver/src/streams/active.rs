//! Which documents are active.

use super::indexes::DocumentRef;
use super::reason::Reason;

/// How far the resolution had to give way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorClass {
    /// Everything wanted is active, in its newest version.
    #[default]
    None,
    /// Some default stream is not.
    InDefaults,
    /// Some stream is active in an older version only.
    InLatest,
    /// Some enabled stream is not active.
    Error,
    /// Nothing is active.
    CannotResolve,
}

/// The outcome of stage one.
#[derive(Clone, Debug, Default)]
pub struct ActiveStreams {
    /// By repository, by document.
    flags: Vec<Vec<bool>>,
    /// For each solvable picked: the documents that share its name.
    groups: Vec<Vec<DocumentRef>>,
    /// How far the resolution had to give way.
    pub class: ErrorClass,
    /// Where it had to: the chain of facts of each problem, always those of the strictest attempt.
    pub problems: Vec<Vec<Reason>>,
}

impl ActiveStreams {
    /// `documents`: how many there are in each repository.
    pub(super) fn new(documents: impl Iterator<Item = usize>) -> Self {
        ActiveStreams {
            flags: documents.map(|count| vec![false; count]).collect(),
            ..Self::default()
        }
    }

    /// Makes the documents of one picked solvable active.
    pub(super) fn activate(&mut self, group: Vec<DocumentRef>) {
        for document in &group {
            let flag = self
                .flags
                .get_mut(document.repo as usize)
                .and_then(|flags| flags.get_mut(document.document as usize));
            if let Some(flag) = flag {
                *flag = true;
            }
        }
        self.groups.push(group);
    }

    /// Whether a document is active.
    pub fn is_active(&self, document: DocumentRef) -> bool {
        self.flags
            .get(document.repo as usize)
            .and_then(|flags| flags.get(document.document as usize))
            .is_some_and(|flag| *flag)
    }

    /// All active documents: for each solvable that was picked, those that share its name.
    pub fn groups(&self) -> impl Iterator<Item = &[DocumentRef]> {
        self.groups.iter().map(Vec::as_slice)
    }

    /// All active documents.
    pub fn documents(&self) -> impl Iterator<Item = DocumentRef> + '_ {
        self.groups.iter().flatten().copied()
    }

    /// Whether nothing is active.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}
