//! What can be wrong with a file that claims to be ours.

use super::header::Kind;

/// Four states of a file with four different cures; the fourth, absent, is the caller's I/O error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// Some other file. Cure: look elsewhere.
    #[error("not a modex index")]
    NotOurs,
    /// One of ours, for another use than asked. Cure: look elsewhere.
    #[error("a {found} file where a {wanted} file is needed")]
    WrongKind {
        /// What the header says.
        found: Kind,
        /// What was asked for.
        wanted: Kind,
    },
    /// Written by a newer modex. Cure: upgrade, or index the repository here.
    #[error("written in format {found}, this modex reads up to {supported}")]
    TooNew {
        /// The version, or the required section, that is not known here.
        found: String,
        /// The newest version known here.
        supported: u16,
    },
    /// Bytes are not what they were. Cure: fetch or build it again.
    #[error("damaged: {what} ({place})")]
    Damaged {
        /// The section's tag, `header` or `contents`.
        place: String,
        /// What does not hold.
        what: String,
    },
}

impl FormatError {
    /// Damage in a named place.
    pub fn damaged(place: impl Into<String>, what: impl Into<String>) -> Self {
        FormatError::Damaged { place: place.into(), what: what.into() }
    }
}
