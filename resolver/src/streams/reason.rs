//! Why a stream cannot be active, in the solver's facts turned back into modules.

use super::Streams;
use super::indexes::DocumentRef;
use crate::solve::Job;
use crate::solve::explain::{Exclusion, Fact};
use crate::store::universe::PackageId;
use std::fmt;

/// A stream document, or the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solvable {
    /// The document; `None` for the platform.
    pub document: Option<DocumentRef>,
    /// `NAME:STREAM:VERSION:CONTEXT.ARCH` with the context that the document states.
    pub words: String,
}

/// One link of the chain that ends at what cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// This stream is wanted: `module(NAME:STREAM)`; it can only come as one of these.
    Asked {
        /// What is wanted.
        stream: String,
        /// Its documents of fitting architectures.
        candidates: Vec<Solvable>,
    },
    /// It must come in its newest version, and cannot.
    NotBest {
        /// What is wanted.
        stream: String,
    },
    /// No stream meets a requirement.
    NothingProvides {
        /// Who requires.
        module: Solvable,
        /// What.
        requirement: String,
    },
    /// Only streams that cannot be meet a requirement.
    Requires {
        /// Who requires.
        module: Solvable,
        /// What.
        requirement: String,
        /// What would meet it.
        providers: Vec<Solvable>,
    },
    /// Its module is disabled.
    Disabled(Solvable),
    /// Two streams exclude each other.
    Conflicts {
        /// One.
        module: Solvable,
        /// What it conflicts with.
        conflict: String,
        /// The other.
        other: Solvable,
    },
    /// Two versions of one thing.
    SameName {
        /// One.
        module: Solvable,
        /// The other.
        other: Solvable,
    },
    /// There is a document of a better architecture, and it cannot be.
    InferiorArch(Solvable),
    /// The search took too long.
    GaveUp,
    /// Something that module metadata cannot say.
    Other(String),
}

/// dnf 4.14's words.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Asked { stream, candidates } if candidates.is_empty() => {
                write!(f, "nothing provides requested {stream}")
            }
            Reason::Asked { .. } => f.write_str("conflicting requests"),
            Reason::NotBest { .. } => f.write_str("cannot install the best candidate for the job"),
            Reason::NothingProvides { module, requirement } => {
                write!(f, "nothing provides {requirement} needed by module {}", module.words)
            }
            Reason::Requires { module, requirement, .. } => write!(
                f,
                "module {} requires {requirement}, but none of the providers can be installed",
                module.words
            ),
            Reason::Disabled(module) => write!(f, "module {} is disabled", module.words),
            Reason::Conflicts { module, conflict, other } => write!(
                f,
                "module {} conflicts with {conflict} provided by {}",
                module.words, other.words
            ),
            Reason::SameName { module, other } => {
                write!(f, "cannot install both modules {} and {}", module.words, other.words)
            }
            Reason::InferiorArch(module) => write!(f, "{} has inferior architecture", module.words),
            Reason::GaveUp => f.write_str("the module streams took too long to resolve"),
            Reason::Other(words) => f.write_str(words),
        }
    }
}

impl Streams<'_, '_> {
    fn solvable(&self, solvable: PackageId) -> Solvable {
        let document = self.document(solvable);
        let words = match document {
            Some(document) => {
                let identity = self.identity(document);
                format!(
                    "{}:{}:{}:{}.{}",
                    identity.name,
                    identity.stream,
                    identity.version,
                    identity.context,
                    identity.arch_or_noarch()
                )
            }
            None => self.solvables.name_text(self.solvables.name(solvable)).to_owned(),
        };
        Solvable { document, words }
    }

    fn all(&self, solvables: &[PackageId]) -> Vec<Solvable> {
        solvables.iter().map(|solvable| self.solvable(*solvable)).collect()
    }

    /// A fact of the solver in the words of modules; `jobs` are those that were solved.
    pub(super) fn reason(&self, fact: &Fact, jobs: &[Job]) -> Reason {
        let stream = |job: usize| jobs.get(job).map(|job| job.words.clone()).unwrap_or_default();
        match fact {
            Fact::Asked { job, candidates } => {
                Reason::Asked { stream: stream(*job), candidates: self.all(candidates) }
            }
            Fact::NotBest { job } => Reason::NotBest { stream: stream(*job) },
            Fact::NothingProvides { package, dep } => Reason::NothingProvides {
                module: self.solvable(*package),
                requirement: self.solvables.words(*dep),
            },
            Fact::Requires { package, dep, providers } => Reason::Requires {
                module: self.solvable(*package),
                requirement: self.solvables.words(*dep),
                providers: self.all(providers),
            },
            Fact::Hidden(package) => Reason::Disabled(self.solvable(*package)),
            Fact::Excludes { package, other, how: Exclusion::Conflicts(dep) } => {
                Reason::Conflicts {
                    module: self.solvable(*package),
                    conflict: self.solvables.words(*dep),
                    other: self.solvable(*other),
                }
            }
            Fact::Excludes { package, other, .. } => {
                Reason::SameName { module: self.solvable(*package), other: self.solvable(*other) }
            }
            Fact::InferiorArch(package) => Reason::InferiorArch(self.solvable(*package)),
            Fact::Protected(packages) => {
                Reason::Other(format!("{} installed modules are protected", packages.len()))
            }
            Fact::Omitted(count) => Reason::Other(format!("{count} more steps of the same kind")),
            Fact::Installed(package)
            | Fact::NotBestUpdate(package)
            | Fact::Lost(package)
            | Fact::MustGo { package, .. }
            | Fact::Split { package, .. } => Reason::Other(format!(
                "problem with installed module {}",
                self.solvable(*package).words
            )),
            Fact::ConflictsRich { package, dep } => Reason::Other(format!(
                "module {} conflicts with {}",
                self.solvable(*package).words,
                self.solvables.words(*dep)
            )),
        }
    }
}
