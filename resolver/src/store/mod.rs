//! From files to one id space: mapping, opening, and the universe that many indexes make.

pub mod arch;
pub(crate) mod bridge;
mod map;
mod open;
pub(crate) mod paged;
mod providers;
pub mod universe;

pub use map::MappedFile;
pub use open::{OpenError, OpenIndex, entry_for};
pub use universe::RepoOptions;
