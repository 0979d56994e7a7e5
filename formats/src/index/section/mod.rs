//! One file per group of sections: tags, rows, writer, check, accessors.
//!
//! Hot: [`names`], [`evrs`], [`packages`], [`reldeps`], [`relations`], [`reverse`], [`modules`],
//! [`intents`], [`obsoletes`], [`artifacts`], [`orphans`], [`installing`], [`solvables`].
//! Warm: [`sizes`], [`checksums`], [`locations`]. Cold: [`texts`], [`builds`].

pub mod artifacts;
pub mod builds;
pub mod checksums;
pub mod evrs;
pub mod installing;
pub mod intents;
pub mod locations;
pub mod modules;
pub mod names;
pub mod obsoletes;
pub mod orphans;
pub mod packages;
pub mod relations;
pub mod reldeps;
pub mod reverse;
pub mod sizes;
pub mod solvables;
pub mod texts;

use super::{FormatError, NONE};

/// A check that failed, in the section `tag`.
fn fail(tag: [u8; 4], what: &str) -> FormatError {
    FormatError::damaged(tag.escape_ascii().to_string(), what)
}

/// Every id is below `count`.
fn check_ids(
    tag: [u8; 4],
    count: usize,
    ids: impl IntoIterator<Item = u32>,
) -> Result<(), FormatError> {
    match ids.into_iter().all(|id| (id as usize) < count) {
        true => Ok(()),
        false => Err(fail(tag, "an id is out of range")),
    }
}

/// The id, unless it says that there is none.
fn optional(id: u32) -> Option<u32> {
    (id != NONE).then_some(id)
}
