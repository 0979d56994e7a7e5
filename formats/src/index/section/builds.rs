//! What build systems and translators want to know of modules, in packs: `MBLD` how a document was built, `MTRN`
//! translations. Both optional; [`texts`](super::texts) has the form of packs.

use super::texts::record;
use wincode::{SchemaRead, SchemaWrite};

/// Tags: builds, translations.
pub const TAGS: [[u8; 4]; 2] = [*b"MBLD", *b"MTRN"];

/// How a module document was built, and what it says that its format does not know. Record id = document id.
#[derive(Clone, Debug, Default, PartialEq, Eq, SchemaRead, SchemaWrite)]
pub struct ModuleBuild {
    /// By stanza: (module, streams as written; none means any).
    pub build_requires: Vec<Vec<(String, Vec<String>)>>,
    /// RPM macros, one a line.
    pub macros: String,
    /// Names of source packages that may be built.
    pub whitelist: Vec<String>,
    /// Architectures to build for; none means all.
    pub arches: Vec<String>,
    /// Where the components come from, in the order of the document's components.
    pub components: Vec<ComponentSource>,
    /// Kind of checksum, checksum, artifact.
    pub artifact_checksums: Vec<(String, String, String)>,
    /// (Path, JSON whose scalars are all strings) of keys that the format does not know.
    pub unknown: Vec<(String, String)>,
}
record!(ModuleBuild, TAGS[0], 4);

/// Where a component comes from and how it is built. Empty texts were not stated.
#[derive(Clone, Debug, Default, PartialEq, Eq, SchemaRead, SchemaWrite)]
pub struct ComponentSource {
    /// The key under which the document lists it.
    pub key: String,
    /// Its sources.
    pub repository: String,
    /// Its large sources.
    pub cache: String,
    /// Keys of components that are built before.
    pub build_after: Vec<String>,
    /// Only needed during the build.
    pub build_only: bool,
    /// Belongs to the build root.
    pub build_root: bool,
    /// Belongs to the build root of source packages.
    pub srpm_build_root: bool,
    /// Architectures to build for; none means all.
    pub arches: Vec<String>,
    /// Architectures whose packages are shipped as multilib.
    pub multilib: Vec<String>,
}

/// The words of a stream in other languages. Records are sorted by module and stream, none twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, SchemaRead, SchemaWrite)]
pub struct TranslationsText {
    /// Module name.
    pub module: String,
    /// Stream name.
    pub stream: String,
    /// The larger one is the newer one.
    pub modified: u64,
    /// By locale, sorted.
    pub locales: Vec<LocaleText>,
}
record!(TranslationsText, TAGS[1], 16);

/// The words in one language. Empty texts were not stated.
#[derive(Clone, Debug, Default, PartialEq, Eq, SchemaRead, SchemaWrite)]
pub struct LocaleText {
    /// The language, such as `pt_BR`.
    pub locale: String,
    /// One line.
    pub summary: String,
    /// Several paragraphs.
    pub description: String,
    /// (Profile, description), sorted.
    pub profiles: Vec<(String, String)>,
}
