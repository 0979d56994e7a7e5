//! rpm's database: the installed packages.

mod database;
mod header;
mod package;
mod snapshot;

pub use package::Package;

pub(crate) use database::read;
pub(crate) use snapshot::Snapshot;
