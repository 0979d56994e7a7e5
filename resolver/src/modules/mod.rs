//! What a command does to modules: the streams it enables or forgets, and the packages it moves for that.
//!
//! The rules are dnf 4.14's (`module_base.py`) and libdnf's (`ModulePackageContainer.cpp`), see `module-resolution.md`,
//! sections 5 to 9.
//!
//! | file | holds |
//! |---|---|
//! | `stage` | stage one of a command as a whole |
//! | `request` | which streams arguments enable, disable or reset, and what that changes |
//! | `trouble` | what is wrong with an argument |
//! | `obsoletes` | streams that give way by themselves |
//! | `install` | the packages of profiles that go in |
//! | `update` | the packages of streams that get newer |
//! | `switch` | the packages of a stream that is left |
//! | `remove` | the packages of profiles that go |
//! | `keep` | the packages that installed profiles hold |
//! | `let_go` | packages that go where nothing needs them |
//! | `documents` | what documents say of packages |

mod documents;
mod install;
mod keep;
mod let_go;
mod obsoletes;
mod remove;
mod request;
mod stage;
mod switch;
mod trouble;
mod update;

pub use request::ModuleChanges;

pub(crate) use install::Profiles;
pub(crate) use let_go::let_go;
pub(crate) use request::ModuleRequest;
pub(crate) use stage::{ModuleJobs, Stage};
pub(crate) use trouble::{SpecError, Trouble};
