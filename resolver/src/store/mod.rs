//! From files to one id space: mapping, opening, and the universe that many indexes make.

pub mod arch;
pub mod providers;
pub mod universe;
