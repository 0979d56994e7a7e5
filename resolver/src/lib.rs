//! Indexes, system state and a request in; dnf's answer and the reason for it out. Synchronous and offline.
//!
//! ```no_run
//! use modex_resolver::store::{OpenIndex, RepoOptions};
//! use modex_resolver::{Options, Request, System, Verdict, World};
//! use std::path::Path;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Beside each repository's repodata lies the pointer to its index; repomd.xml names it (record type `modex`).
//! let checked = Path::new("/var/cache/modex/checked");
//! let open = |pointer| OpenIndex::open_pointer(Path::new(pointer), "x86_64", Some(checked));
//! let baseos = open("/srv/BaseOS/repodata/5be1…-modex.json")?;
//! let appstream = open("/srv/AppStream/repodata/91f0…-modex.json")?;
//! let repos = [(RepoOptions::new("baseos"), &baseos), (RepoOptions::new("appstream"), &appstream)];
//!
//! let system = System::new("x86_64", Some("platform:el9"));
//! let world = World::new(&repos, &system)?;
//! let request = Request::parse(&["install", "bash", "@nodejs:20/common"])?;
//! match world.resolve(&request, &Options::default())?.verdict {
//!     Verdict::Solved(solved) => {
//!         solved.plan.packages.iter().for_each(|package| println!("{}", package.nevra));
//!     }
//!     Verdict::Refused(plan) => plan.refused.iter().for_each(|fact| println!("{}", fact.text)),
//!     Verdict::GaveUp => println!("too complex"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The plan is [`modex_formats::plan::Plan`]: what goes in, for which reason, from where, with checksums and sizes in
//! bytes; with `serde` it is JSON. What is installed comes as a list of NEVRAs ([`system::installed`],
//! [`System::install`]).
//!
//! | step | of | in |
//! |---|---|---|
//! | files are mapped and checked | an index | [`store::OpenIndex`] |
//! | many indexes get one id space | a [`World`] | [`store::universe`] |
//! | which streams are active | a request | [`streams`] |
//! | what they hide | a request | [`visible`] |
//! | what words mean | a request | [`request`], [`commands`] |
//! | which packages go in | a request | [`solve`] |
//! | why, why not, and what would work | a refusal, a package | [`why`] |
//!
//! [`World::resolve`] takes these steps in dnf's order; who needs less than an answer (a list, a look-up) takes them alone.
//! No input, however damaged or hostile, panics or runs away: files are checked whole when first met, every access is
//! bounds-checked, the search is limited.
#![deny(unsafe_code)]

mod artifacts;
pub mod commands;
mod error;
mod explain;
mod modules;
mod orphans;
mod replaced;
pub mod request;
mod resolve;
pub mod solve;
pub mod store;
pub mod streams;
pub mod system;
pub mod transaction;
pub mod visible;
pub mod why;
mod world;

pub use commands::is_upgrade;
pub use error::ResolveError;
pub use modules::ModuleChanges;
pub use request::{ModuleVerb, Request, RequestError, Verb};
pub use resolve::{Answer, EnabledDocument, Options, Solved, Verdict, Warning};
pub use system::System;
pub use world::World;
