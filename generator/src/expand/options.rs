//! What can be asked of an expansion.

use super::{CommitTime, PlatformStream};
use std::collections::BTreeMap;

/// What can be asked of an expansion.
#[derive(Clone, Debug)]
pub struct Options {
    /// Modules that every other one is built on; the first one that a stanza names counts.
    pub base_modules: Vec<String>,
    /// Streams of the first base module, besides those that have documents.
    pub platform_streams: Vec<PlatformStream>,
    /// The stream to take of a module where its list leaves a choice.
    pub defaults: BTreeMap<String, String>,
    /// Whether a choice without a default is an error.
    pub ambiguous_is_error: bool,
    /// Whether to do all that the build service does, its oddities too.
    pub mbs_exact: bool,
    /// Whether a stream that is named and has no document is taken for built against each of the platform's streams.
    pub assume: bool,
    /// Lists to put in the place of those of `buildrequires`, by module.
    pub build_requires: BTreeMap<String, Vec<String>>,
    /// Lists to put in the place of those of `requires`, by module.
    pub requires: BTreeMap<String, Vec<String>>,
    /// Name of the module, where the document has none.
    pub name: Option<String>,
    /// Name of the stream, where the document has none.
    pub stream: Option<String>,
    /// When the source was committed; `None` keeps the document's version.
    pub commit_time: Option<CommitTime>,
    /// How much is tried.
    pub limits: ExpandLimits,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            base_modules: vec!["platform".into()],
            platform_streams: Vec::new(),
            defaults: BTreeMap::new(),
            ambiguous_is_error: false,
            mbs_exact: false,
            assume: false,
            build_requires: BTreeMap::new(),
            requires: BTreeMap::new(),
            name: None,
            stream: None,
            commit_time: None,
            limits: ExpandLimits::default(),
        }
    }
}

/// How much is tried before an expansion gives up. The defaults take some seconds and some hundred MB at the worst.
#[derive(Clone, Copy, Debug)]
pub struct ExpandLimits {
    /// Combinations of streams, in all stanzas.
    pub combinations: u64,
    /// Streams in all combinations, and modules in all build roots.
    pub cells: u64,
    /// Looks at a candidate or at a required stream.
    pub steps: u64,
}

impl Default for ExpandLimits {
    fn default() -> Self {
        ExpandLimits { combinations: 10_000, cells: 1_000_000, steps: 10_000_000 }
    }
}
