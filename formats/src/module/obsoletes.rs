//! A stream that should no longer be used, and what follows it.

use serde::{Deserialize, Serialize};

/// One obsoletes document. In one file, a later one of the same module, stream, context and time replaces an earlier
/// one.
///
/// Points in time are texts `YYYY-MM-DDTHH:MMZ`, so their bytewise order is their order in time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obsoletes {
    /// The module it speaks of.
    pub module: String,
    /// The stream it speaks of.
    pub stream: String,
    /// The only context it speaks of; `None` for all of them.
    pub context: Option<String>,
    /// When this was decided. The newest one that is in force counts; with equal times one that names a context beats
    /// one that does not.
    pub modified: String,
    /// Says that the stream is not obsolete after all. Then there is neither an `eol_date` nor an `obsoleted_by`.
    pub reset: bool,
    /// From when on it is in force; at once where `None`.
    pub eol_date: Option<String>,
    /// What to tell the user.
    pub message: String,
    /// The stream to go on with.
    pub obsoleted_by: Option<ModuleName>,
}

/// A module and one of its streams.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ModuleName {
    /// Module name.
    pub module: String,
    /// Stream name.
    pub stream: String,
}
