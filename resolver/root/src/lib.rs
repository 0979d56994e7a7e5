//! The state of a machine: what dnf and rpm keep below an installroot, read without a trace and, where asked for, written as dnf
//! writes it.
//!
//! ```no_run
//! use modex_root::{ReadOptions, Root};
//! use std::path::Path;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let root = Root::open(Path::new("/srv/image"))?;
//! let state = root.read_state(&ReadOptions::default())?;
//! println!("{:?}: {} packages", state.os_release_platform, state.packages.len());
//! for repository in state.enabled_repositories() {
//!     println!("{} in {}", repository.id, root.metadata(repository)?.display());
//! }
//! state.to_json(std::io::stdout())?;
//! # Ok(())
//! # }
//! ```
//!
//! | part | of the root |
//! |---|---|
//! | [`State::config`], [`State::repositories`], [`State::variables`] | `etc/dnf/dnf.conf`, `etc/yum.repos.d/*.repo`, `etc/dnf/vars`, `etc/dnf/protected.d` |
//! | [`State::modules`] | `etc/dnf/modules.d/*.module` |
//! | [`State::module_defaults`], [`State::fail_safe`] | `etc/dnf/modules.defaults.d`, `var/lib/dnf/modulefailsafe` |
//! | [`State::packages`] | `rpmdb.sqlite`; their reasons from `var/lib/dnf/history.sqlite` |
//!
//! Unlike dnf this takes nothing from the machine that it runs on where the root lacks it: no dnf.conf, repositories or variables of `/`.
//! No YAML is read here; module documents are passed on as texts. No input, however damaged or hostile, panics or runs away.
#![forbid(unsafe_code)]

pub mod config;
mod error;
mod history;
mod ini;
mod inside;
pub mod modules;
mod os_release;
mod package_file;
mod rpmdb;
mod save;
mod state;
mod value;

pub use error::{Note, RootError};
pub use inside::Root;
pub use package_file::read_package_file;
pub use rpmdb::Package;
pub use save::save;
pub use state::{FORMAT, PackageFacts, ReadOptions, State, VERSION};
