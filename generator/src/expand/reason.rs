//! Why a combination cannot be built.

use super::error::listed;
use modex_formats::module::Nsvca;
use serde::Serialize;
use std::fmt;

/// Why a combination cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// The list of a module leaves none of its streams.
    NoStream {
        /// The module.
        module: String,
        /// Its streams that are known.
        known: Vec<String>,
    },
    /// A stream has no build at all.
    NoBuild {
        /// The module.
        module: String,
        /// The stream.
        stream: String,
        /// The module's streams that are known.
        known: Vec<String>,
    },
    /// A stream has builds, but none that goes with the base module of the combination.
    NoBuildAgainst {
        /// The module.
        module: String,
        /// The stream.
        stream: String,
        /// The base module and its stream.
        base: String,
        /// Streams of the base module that builds were made against.
        against: Vec<String>,
    },
    /// Two builds need different streams of one module.
    Conflict {
        /// The module.
        module: String,
        /// The stream that was chosen.
        chosen: String,
        /// Which build needs that one; `None` where it is part of the combination.
        by: Option<Wanted>,
        /// Which build needs another one.
        other: Wanted,
    },
    /// Nothing that fits what a build needs to run.
    Missing {
        /// The module.
        module: String,
        /// Which build needs what of it.
        by: Wanted,
    },
    /// The search ended without saying why.
    Unknown,
}

/// What a build needs of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wanted {
    /// The build, `NAME:STREAM:VERSION:CONTEXT`.
    pub build: String,
    /// The streams that will do; none where any will do.
    pub streams: Vec<String>,
}

impl Wanted {
    pub(super) fn new(nsvca: &Nsvca, streams: &[String]) -> Self {
        Wanted { build: nsvc(nsvca), streams: streams.to_vec() }
    }
}

/// `NAME:STREAM:VERSION:CONTEXT`
pub(super) fn nsvc(nsvca: &Nsvca) -> String {
    let Nsvca { name, stream, version, context, .. } = nsvca;
    format!("{name}:{stream}:{version}:{context}")
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NoStream { module, known } if known.is_empty() => {
                write!(f, "no stream of {module} is known")
            }
            Reason::NoStream { module, known } => {
                write!(f, "the list of {module} leaves none of its streams ({})", listed(known))
            }
            Reason::NoBuild { module, stream, known } if known.is_empty() => {
                write!(f, "no build of {module}:{stream}: no stream of {module} is known")
            }
            Reason::NoBuild { module, stream, known } => {
                write!(f, "no build of {module}:{stream} (there is {})", listed(known))
            }
            Reason::NoBuildAgainst { module, stream, base, against } => {
                write!(f, "no build of {module}:{stream} against {base} (only {})", listed(against))
            }
            Reason::Conflict { module, chosen, by: Some(by), other } => {
                write!(f, "{} needs {module}:{chosen}, {} needs ", by.build, other.build)?;
                f.write_str(&wish(module, &other.streams))
            }
            Reason::Conflict { module, chosen, by: None, other } => {
                let wish = wish(module, &other.streams);
                write!(f, "{} needs {wish}, not {module}:{chosen}", other.build)
            }
            Reason::Missing { module, by } => {
                let wish = wish(module, &by.streams);
                write!(f, "{} needs {wish}, of which no build fits", by.build)
            }
            Reason::Unknown => f.write_str("nothing fits"),
        }
    }
}

/// `gtk:1`, `gtk:[1, 2]`, `any gtk`
fn wish(module: &str, streams: &[String]) -> String {
    match streams {
        [] => format!("any {module}"),
        [one] if !one.starts_with('-') => format!("{module}:{one}"),
        several => format!("{module}:[{}]", listed(several)),
    }
}
