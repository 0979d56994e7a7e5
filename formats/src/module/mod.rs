//! The words of modularity: module streams, defaults, obsoletes, as plain data and pure functions.
//!
//! Source of the rules: libmodulemd 2.14/2.15 for what a document says and how documents merge, libdnf 0.69 and dnf
//! 4.14 for what a client makes of it. Reading YAML is the generator's business; choosing streams is the resolver's.

pub mod context;
pub mod defaults;
pub mod nsvca;
pub mod obsoletes;
pub mod stream;
pub mod translations;

pub use context::{requires_text, resolve_context};
pub use defaults::{Defaults, Intent, Merged, OnConflict, OnStreamTie};
pub use nsvca::Nsvca;
pub use obsoletes::{ModuleName, Obsoletes};
pub use stream::{
    BuildOptions, Components, Licences, MappedArtifact, ModuleComponent, ModuleRequire,
    ModuleStream, Profile, References, RpmComponent, ServiceLevel, Stanza,
};
pub use translations::{Translation, Translations};
