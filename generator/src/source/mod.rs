//! What a mirror publishes, one reader for each kind of document.
//!
//! Every reader takes an [`Opened`] file and [`Limits`], and treats its document as hostile: it returns an [`Error`]
//! that names the document (and mostly the line), or leaves out what it cannot use and says so in a [`Report`]; it
//! never panics, and its memory has a stated bound.

mod checksum;
mod compression;
mod error;
mod limits;
mod location;
mod report;
pub(crate) mod xml;

pub mod comps;
pub mod filelists;
pub mod primary;
pub mod repomd;

pub use checksum::{Checksum, ChecksumKind};
pub use compression::{Measured, Opened, Stated};
pub use error::{Error, Fault};
pub use limits::Limits;
pub use report::{Problem, Report, Severity};

#[cfg(test)]
mod tests;
