//! Module documents: read, put together, converted and written.
//!
//! [`documents`] judges each document of a YAML stream by itself; [`read`](read()) puts those of a repository's
//! modules.yaml together as libmodulemd's index does. A document is a [`Document`]; what a build system is given is a
//! [`Packager`] or a stream without an identity, what a repository publishes are streams, defaults, obsoletes and
//! translations. [`merge`](merge()) makes one set of several, [`to_streams`] makes streams of a [`Packager`], and
//! [`write`](write()) and [`to_yaml`] make YAML of it all.

mod collection;
mod convert;
mod document;
mod hot;
mod identities;
mod merge;
mod needs;
mod packager;
mod read;
mod unique;
mod write;

pub(crate) use read::within_limits;
pub(crate) use write::Node;

pub use collection::{Collection, Modules, collect, read};
pub use convert::{ConvertError, to_one_stream, to_streams};
pub use document::{Document, Kind};
pub use hot::{HotError, hot_file};
pub use merge::{DefaultsConflict, Differing, MergeOptions, Merged, Source, merge};
pub use needs::{NeverMet, never_met};
pub use packager::{Configuration, Packager};
pub use read::{Judged, Mode, UnknownKey, documents};
pub use unique::{Place, Twice, twice};
pub use write::{to_yaml, write};

#[cfg(test)]
mod tests;
