//! Why a document cannot be expanded.

use super::Reason;
use crate::modulemd::{ConvertError, Kind};

/// Why nothing could be expanded. A combination that cannot be built is no error but [dropped](super::Outcome::Dropped).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpandError {
    /// It is no input of a build system.
    #[error("a {0} document has nothing to expand")]
    Kind(Kind),
    /// A name or stream was asked for that is not the document's.
    #[error("the document is of {what} `{document}`, not `{asked}`")]
    Identity {
        /// `module` or `stream`.
        what: &'static str,
        /// According to the document.
        document: String,
        /// As asked for.
        asked: String,
    },
    /// No stanza is built against a base module that is known.
    #[error("no stream of {0} that the stanzas build against is known")]
    NoBaseModule(String),
    /// More than one stream, and no default.
    #[error("several streams of {module} to choose from: {}", listed(.streams))]
    Ambiguous {
        /// The module.
        module: String,
        /// Its streams; none where any stream will do.
        streams: Vec<String>,
    },
    /// An override of a module that no stanza names.
    #[error("no stanza has {module} among its {what}, so there is nothing to override")]
    UnusedOverride {
        /// The module.
        module: String,
        /// `buildrequires` or `requires`.
        what: &'static str,
    },
    /// The build service gives up here: a stream without any build.
    #[error("cannot find any module builds for {module}:{stream}")]
    NoBuilds {
        /// The module.
        module: String,
        /// The stream.
        stream: String,
    },
    /// The build service gives up here: a stanza of which no combination can be built.
    #[error("no combination of stanza {stanza} can be built: {reason}")]
    Unsatisfied {
        /// Which stanza, from 1.
        stanza: usize,
        /// Why the first combination cannot be built.
        reason: Reason,
    },
    /// More than is sound to try.
    #[error("{what} exceeds the limit of {limit}")]
    Limit {
        /// What is too much.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// A static context that is not one, or dependencies of it that are not single streams.
    #[error("static context `{context}`: {what}")]
    StaticContext {
        /// The context.
        context: String,
        /// What is wrong with it.
        what: String,
    },
    /// A packager document of version 3 that has no streams.
    #[error(transparent)]
    Packager(#[from] ConvertError),
    /// `xmd` is not of the shape that the build service needs.
    #[error("xmd: {0}")]
    Xmd(String),
    /// An expansion was asked for a build that it does not have.
    #[error("there is no build {0}")]
    NoSuchBuild(usize),
    /// A stream of the platform that cannot be one.
    #[error("`{0}` is no platform stream")]
    PlatformStream(String),
    /// A point in time that cannot be one.
    #[error("`{0}` is no point in time")]
    CommitTime(String),
}

impl ExpandError {
    /// What to try, where there is something to try.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            ExpandError::Kind(_) => "give a modulemd of version 2 or a modulemd-packager document",
            ExpandError::NoBaseModule(_) => {
                "list the platform under buildrequires, and name its streams with --platform-streams"
            }
            ExpandError::Ambiguous { .. } => "choose one with --default NAME:STREAM",
            ExpandError::NoBuilds { .. } | ExpandError::Unsatisfied { .. } => {
                "without --mbs-exact the other combinations are kept"
            }
            ExpandError::Limit { .. } => "list fewer streams, or split the document",
            ExpandError::StaticContext { .. } => {
                "each needs buildrequires and requires, maps from module to one stream"
            }
            ExpandError::PlatformStream(_) => "write STREAM, or STREAM=VIRTUAL+VIRTUAL",
            ExpandError::CommitTime(_) => "write seconds since 1970, or 2018-02-05T13:51:54Z",
            ExpandError::Identity { .. }
            | ExpandError::Packager(_)
            | ExpandError::NoSuchBuild(_)
            | ExpandError::UnusedOverride { .. }
            | ExpandError::Xmd(_) => return None,
        })
    }
}

/// Some names in a message; not all of very many.
pub(super) fn listed(names: &[String]) -> String {
    const SHOWN: usize = 12;
    match names.len() {
        0 => "any".into(),
        len if len <= SHOWN => names.join(", "),
        len => format!("{} and {} more", names[..SHOWN].join(", "), len - SHOWN),
    }
}
