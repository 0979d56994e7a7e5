//! What one modulemd stream document says.

use super::Nsvca;
use serde::{Deserialize, Serialize};

/// One module stream document, version 2 (version 1 is upgraded while reading).
///
/// Every list that the format calls a set is sorted bytewise and free of duplicates; maps are lists sorted by key. Two
/// documents with equal content are therefore equal values. Equality is libmodulemd's: it includes the order of the
/// dependency stanzas, and `xmd`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleStream {
    /// Which build this is.
    pub nsvca: Nsvca,
    /// Whether the context was chosen by the packager and is kept from build to build.
    pub static_context: bool,
    /// One line.
    pub summary: String,
    /// Some paragraphs.
    pub description: String,
    /// Licences of the document and of the packages.
    pub licences: Licences,
    /// The dependency stanzas, in document order. Clients require all of them (spec of the format: any of them).
    pub dependencies: Vec<Stanza>,
    /// Installation profiles, by name.
    pub profiles: Vec<Profile>,
    /// Names of the packages that are the module's interface.
    pub api: Vec<String>,
    /// Names of packages that the build made and the module does not ship.
    pub filter: Vec<String>,
    /// Names of packages that left the module and are plain packages again.
    pub demodularized: Vec<String>,
    /// Links.
    pub references: References,
    /// What the module was built from.
    pub components: Components,
    /// The packages of the module, as NEVRA texts with the epoch always written
    /// (`NAME-EPOCH:VERSION-RELEASE.ARCH`), source packages included.
    pub artifacts: Vec<String>,
    /// Checksums of artifacts, where the document has them.
    pub artifact_map: Vec<MappedArtifact>,
    /// Options for the build system.
    pub build_options: Option<BuildOptions>,
    /// The free extra data as JSON whose scalars are all strings; `None` where the document has none. It never
    /// influences anything.
    pub xmd: Option<String>,
    /// Promises about the module's life, by name.
    pub service_levels: Vec<ServiceLevel>,
}

/// Licences named by a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licences {
    /// Of the document itself; at least one.
    pub module: Vec<String>,
    /// Of the packages.
    pub content: Vec<String>,
}

/// One combination of dependencies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stanza {
    /// Needed to run, by module name: all of them.
    pub requires: Vec<ModuleRequire>,
    /// Needed to build, by module name. Never matters to a client.
    pub build_requires: Vec<ModuleRequire>,
}

/// A dependency on one module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ModuleRequire {
    /// Module name.
    pub module: String,
    /// Any one of these streams will do; none listed means any stream. Either all of them start with `-` (and exclude
    /// the stream that follows) or none does.
    pub streams: Vec<String>,
}

/// An installation profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Package names that it installs.
    pub rpms: Vec<String>,
    /// The `default` key: clients ignore it, default profiles come from defaults documents only.
    pub default: bool,
}

/// Links of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct References {
    /// The upstream community.
    pub community: Option<String>,
    /// Documentation.
    pub documentation: Option<String>,
    /// Bug tracker.
    pub tracker: Option<String>,
}

/// What a module was built from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Components {
    /// Source packages, by key.
    pub rpms: Vec<RpmComponent>,
    /// Included modules, by key.
    pub modules: Vec<ModuleComponent>,
}

/// A source package of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RpmComponent {
    /// The key under which the document lists it.
    pub key: String,
    /// The real name where it is not the key.
    pub name: Option<String>,
    /// Why it is here.
    pub rationale: String,
    /// Where its sources are.
    pub repository: Option<String>,
    /// Where its large sources are.
    pub cache: Option<String>,
    /// The commit, branch or tag, as text.
    pub reference: Option<String>,
    /// Place in the build order; 0 where unset. Never set where `buildafter` is.
    pub buildorder: i64,
    /// Keys of components to be built before.
    pub buildafter: Vec<String>,
    /// Whether it is only needed during the build.
    pub buildonly: bool,
    /// Whether it belongs to the build root.
    pub buildroot: bool,
    /// Whether it belongs to the build root of source packages.
    pub srpm_buildroot: bool,
    /// Architectures to build for; none means all.
    pub arches: Vec<String>,
    /// Architectures whose packages are shipped as multilib.
    pub multilib: Vec<String>,
}

/// A module included in a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleComponent {
    /// The key under which the document lists it.
    pub key: String,
    /// Why it is here.
    pub rationale: String,
    /// Where its sources are.
    pub repository: Option<String>,
    /// The commit, branch or tag, as text.
    pub reference: Option<String>,
    /// Place in the build order; 0 where unset.
    pub buildorder: i64,
    /// Whether it is only needed during the build.
    pub buildonly: bool,
}

/// The checksum of one artifact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedArtifact {
    /// Kind of checksum, such as `sha256`.
    pub digest: String,
    /// The checksum as written.
    pub checksum: String,
    /// The artifact, `NAME-EPOCH:VERSION-RELEASE.ARCH`.
    pub nevra: String,
}

/// Options for the build system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildOptions {
    /// RPM macros, one a line.
    pub macros: Option<String>,
    /// Names of source packages that may be built.
    pub whitelist: Vec<String>,
    /// Architectures to build for; none means all.
    pub arches: Vec<String>,
}

/// A promise about the module's life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLevel {
    /// Its name.
    pub name: String,
    /// The last day, `YYYY-MM-DD`.
    pub eol: Option<String>,
}
