//! The index of one repository and architecture: three files of sections, little-endian, readable without parsing.
//!
//! | file | read | holds |
//! |---|---|---|
//! | [`Hot`] | by every command | all that solving touches: names, versions, dependencies, who provides what, modules |
//! | [`Warm`] | once per package of an answer | sizes, checksums, locations |
//! | [`Cold`] | when somebody asks for words | summaries, descriptions, licences, components, groups, path lists |
//!
//! `SPEC.md` has every byte. A section lives in one file below [`section`]: its tag, its layout, its writer, its
//! check and its accessors are neighbours so that they cannot drift apart.
//!
//! Opening a file checks the header, the table of contents and the sizes, in time that does not depend on the number
//! of packages. [`check`] proves everything else, once, when a file enters a cache. Accessors never trust a number
//! from the file: what is out of range is a [`FormatError::Damaged`], never a panic.

mod build;
pub mod check;
mod error;
mod file;
mod header;
mod list;
pub mod section;
mod solvable;
mod strings;
mod write;

mod cold;
mod hot;
mod warm;

pub use build::{BuildError, HotBuilder, TextId};
pub use cold::Cold;
pub use error::FormatError;
pub use file::File;
pub use header::{FORMAT_VERSION, Kind, MAGIC, SourceDigest};
pub use hot::{Hot, HotTables};
pub use list::{Lists, ListsBuilder};
pub use solvable::{ModuleSolvable, any_stream, one_stream};
pub use strings::{Strings, StringsBuilder};
pub use warm::{Warm, WarmTables};
pub use write::FileBuilder;

/// "None" wherever a row could name an id.
pub const NONE: u32 = u32::MAX;
