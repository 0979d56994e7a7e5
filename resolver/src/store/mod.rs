//! From files to one id space: mapping, opening, and the universe that many indexes make.

pub mod arch;
mod map;
pub mod open;
pub(crate) mod paged;
pub mod providers;
pub mod universe;

pub use open::{OpenError, OpenIndex};
