//! rpm's database: the installed packages.

mod database;
mod package;
mod snapshot;

pub use package::Package;

pub(crate) use database::{locate, read};
pub(crate) use snapshot::{Snapshot, mark};
