//! What a mirror publishes (repomd, primary, filelists, modules, comps) compiled into modex indexes.
//!
//! [`source`] and [`modulemd`] read one document each, [`repository`] finds them, [`compile`](compile()) makes indexes of them,
//! [`publish`] puts those where clients find them, and [`verify`](verify()) proves that they belong together.
//!
//! ```no_run
//! use modex_generator::{Options, publish};
//!
//! let outcome = publish::index(&["/srv/mirror/baseos", "/srv/mirror/appstream"], &Options::default())?;
//! for published in &outcome {
//!     println!("{}: {}", published.repository.display(), published.pointer.name);
//! }
//! # Ok::<_, modex_generator::Error>(())
//! ```
#![forbid(unsafe_code)]

mod compile;
pub mod digest;
mod error;
pub mod expand;
pub mod lock;
mod lower;
pub mod modulemd;
pub mod observer;
mod package_files;
pub mod publish;
pub mod repository;
pub mod source;
mod verify;
mod workers;

pub use compile::{Index, Options, compile};
pub use error::Error;
pub use observer::{Observer, Step, Unobserved};
pub use package_files::PackageFiles;
pub use repository::Repository;
pub use verify::{Finding, Verdict, verify};
