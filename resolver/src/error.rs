//! What keeps a request from being answered at all.

use crate::store::OpenError;
use crate::streams::StreamsError;
use modex_formats::index::FormatError;

/// Why a request cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// An architecture that nobody knows; [`arch::COMMON`](crate::store::arch::COMMON) are those to name in a hint.
    #[error("`{0}` is no architecture that is known here")]
    Arch(String),
    /// A platform that is none, or module metadata that cannot be used.
    #[error(transparent)]
    Streams(#[from] StreamsError),
    /// A file of a repository's index cannot be used.
    #[error("repository `{repo}`: {error}")]
    Index {
        /// The repository's id.
        repo: String,
        /// What is wrong.
        error: OpenError,
    },
    /// What an index holds was found damaged while it was read.
    #[error("an index is damaged (section {0})")]
    Damaged(&'static str),
    /// Indexes do not fit together.
    #[error(transparent)]
    Format(#[from] FormatError),
}
