//! RPM's words: versions, package names, dependencies.
//!
//! Source of the rules: rpm 4.18 and libsolv 0.7.23 as dnf 4.14 uses them. Everything here is plain data and pure
//! functions; which package satisfies what in a repository is the index's and the resolver's business.

pub mod arch;
pub mod evr;
pub mod file;
pub mod header;
pub mod nevra;
pub mod reldep;
pub mod rich;

pub use evr::Evr;
pub use header::{Header, HeaderError};
pub use nevra::Nevra;
pub use reldep::{Relation, Reldep};
pub use rich::{Dependency, RichOp};
