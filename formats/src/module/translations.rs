//! What a module says of itself in other languages.

use serde::{Deserialize, Serialize};

/// One translations document. In one file the last one of a module and stream counts, however old; between repositories
/// the one with the larger `modified`, of equally old ones the first. It changes what is shown, never what is resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translations {
    /// The module it speaks of.
    pub module: String,
    /// The stream it speaks of.
    pub stream: String,
    /// When it was written, any growing number; never 0.
    pub modified: u64,
    /// By locale (`de`, `pt_BR`), sorted.
    pub locales: Vec<(String, Translation)>,
}

/// The texts of a module stream in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// One line.
    pub summary: Option<String>,
    /// Some paragraphs.
    pub description: Option<String>,
    /// Descriptions of profiles, sorted by profile.
    pub profiles: Vec<(String, String)>,
}
