//! What dnf remembers of modules: state files, defaults of the machine, fail-safe copies.

mod apply;
pub mod failsafe;
pub(crate) mod files;

pub(crate) use apply::to_say;
pub use apply::{Applied, NewState};
pub use files::ModuleFile;
