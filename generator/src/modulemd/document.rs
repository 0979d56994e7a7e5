//! What one document says, whatever its kind.

use super::Packager;
use modex_formats::module::{Defaults, ModuleStream, Obsoletes, Translations};
use serde::Serialize;
use std::fmt;

/// One document, as plain data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// `modulemd`, version 2 (version 1 becomes version 2). Without a name or a stream it is the input of a build
    /// system; no repository takes it.
    Stream(Box<ModuleStream>),
    /// `modulemd-packager`, version 2: a stream that has no identity yet.
    PackagerV2(Box<ModuleStream>),
    /// `modulemd-packager`, version 3.
    PackagerV3(Box<Packager>),
    /// `modulemd-defaults`, version 1. Without a module it is about nothing.
    Defaults(Defaults),
    /// `modulemd-obsoletes`, version 1.
    Obsoletes(Obsoletes),
    /// `modulemd-translations`, version 1.
    Translations(Translations),
}

/// The kind and version that a document states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `modulemd` (or `modulemd-stream`), version 1.
    StreamV1,
    /// `modulemd` (or `modulemd-stream`), version 2.
    StreamV2,
    /// `modulemd-packager`, version 2.
    PackagerV2,
    /// `modulemd-packager`, version 3.
    PackagerV3,
    /// `modulemd-defaults`, version 1.
    Defaults,
    /// `modulemd-obsoletes`, version 1.
    Obsoletes,
    /// `modulemd-translations`, version 1.
    Translations,
}

impl Kind {
    /// The kind of a document, from its `document` and its `version`.
    ///
    /// # Errors
    /// Where no such documents exist, with which of the two is wrong.
    pub fn of(document: &str, version: u64) -> Result<Kind, String> {
        Ok(match (document, version) {
            ("modulemd" | "modulemd-stream", 1) => Kind::StreamV1,
            ("modulemd" | "modulemd-stream", 2) => Kind::StreamV2,
            ("modulemd-packager", 2) => Kind::PackagerV2,
            ("modulemd-packager", 3) => Kind::PackagerV3,
            ("modulemd-defaults", 1) => Kind::Defaults,
            ("modulemd-obsoletes", 1) => Kind::Obsoletes,
            ("modulemd-translations", 1) => Kind::Translations,
            (
                "modulemd"
                | "modulemd-stream"
                | "modulemd-packager"
                | "modulemd-defaults"
                | "modulemd-obsoletes"
                | "modulemd-translations",
                _,
            ) => return Err(format!("version {version} of {document} is not known")),
            _ => return Err(format!("documents of the kind {document:?} are not known")),
        })
    }

    /// Whether it is the input of a build system, which repositories never hold.
    pub fn is_packager(self) -> bool {
        matches!(self, Kind::PackagerV2 | Kind::PackagerV3)
    }
}

/// `modulemd v2`
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::StreamV1 => "modulemd v1",
            Kind::StreamV2 => "modulemd v2",
            Kind::PackagerV2 => "modulemd-packager v2",
            Kind::PackagerV3 => "modulemd-packager v3",
            Kind::Defaults => "modulemd-defaults v1",
            Kind::Obsoletes => "modulemd-obsoletes v1",
            Kind::Translations => "modulemd-translations v1",
        })
    }
}
