//! What is wrong with a module argument, in dnf 4.14's words.

use std::fmt;

/// What is wrong with an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No document matches.
    NoMatch,
    /// It means several streams of a module of which none is enabled or default.
    Ambiguous {
        /// The module.
        module: String,
        /// Its streams, sorted as versions.
        streams: Vec<String>,
    },
    /// It means several streams of a module, but not the one that is enabled or default.
    OtherStreams {
        /// The module.
        module: String,
    },
    /// The same command enables another stream of the module.
    TwoStreams {
        /// The module.
        module: String,
    },
    /// None of the documents became active.
    NotActive {
        /// The module.
        module: String,
        /// The stream.
        stream: String,
    },
    /// The newest active document has no such profile.
    NoSuchProfile {
        /// `MODULE:STREAM`.
        stream: String,
        /// The profiles it has, sorted.
        available: Vec<String>,
    },
    /// No profile was named, and the stream has no default profile.
    NoDefaultProfile {
        /// `MODULE:STREAM`.
        stream: String,
        /// The profiles it has, sorted.
        available: Vec<String>,
    },
    /// A default profile that the newest active document does not have.
    DefaultProfileMissing {
        /// The profile.
        profile: String,
        /// `MODULE:STREAM`.
        stream: String,
    },
    /// No document matches what is to be updated.
    NoSuchModule,
    /// None of the profiles that it means is installed.
    NoProfileInstalled,
    /// The stream is known of its fail-safe copy only.
    FailSafe {
        /// `MODULE:STREAM`.
        stream: String,
        /// What was to be done with it.
        verb: &'static str,
    },
    /// The stream is obsolete, and nobody has the module that follows it.
    Follower {
        /// `MODULE:STREAM` that follows.
        by: String,
    },
    /// A profile names a package that nobody has.
    NoPackage {
        /// The package.
        package: String,
    },
}

/// An argument that cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpecError {
    /// The argument as written.
    pub spec: String,
    /// What is wrong with it.
    pub trouble: Trouble,
}

impl SpecError {
    pub(crate) fn new(spec: &str, trouble: Trouble) -> Self {
        SpecError { spec: spec.to_owned(), trouble }
    }
}

/// dnf 4.14's words.
impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spec = &self.spec;
        match &self.trouble {
            Trouble::NoMatch => write!(f, "Unable to resolve argument {spec}"),
            Trouble::Ambiguous { module, streams } => write!(
                f,
                "Argument '{spec}' matches {} streams ('{}') of module '{module}', but none of the streams are enabled \
                 or default",
                streams.len(),
                streams.join("', '")
            ),
            Trouble::OtherStreams { module } => {
                write!(f, "Cannot enable more streams from module '{module}' at the same time")
            }
            Trouble::TwoStreams { module } => {
                write!(f, "Cannot enable multiple streams for module '{module}'")
            }
            Trouble::NotActive { module, stream } => {
                write!(
                    f,
                    "All matches for argument '{spec}' in module '{module}:{stream}' are not active"
                )
            }
            Trouble::NoSuchProfile { stream, available } if available.is_empty() => {
                write!(f, "Unable to match profile for argument {spec} ({stream} has none)")
            }
            Trouble::NoSuchProfile { stream, available } => write!(
                f,
                "Unable to match profile for argument {spec}. Available profiles for '{stream}': {}",
                available.join(", ")
            ),
            Trouble::NoDefaultProfile { stream, available } if available.is_empty() => {
                write!(f, "No profiles for module {stream}")
            }
            Trouble::NoDefaultProfile { stream, available } => write!(
                f,
                "No default profiles for module {stream}. Available profiles: {}",
                available.join(", ")
            ),
            Trouble::DefaultProfileMissing { profile, stream } => {
                write!(f, "Default profile {profile} not available in module {stream}")
            }
            Trouble::NoSuchModule => write!(f, "No such module: {spec}"),
            Trouble::NoProfileInstalled => {
                write!(f, "Unable to match profile in argument {spec}")
            }
            Trouble::FailSafe { stream, verb } => {
                let repo = crate::system::FAIL_SAFE_REPO;
                write!(
                    f,
                    "{verb} module '{stream}' from Fail-Safe repository {repo} is not allowed"
                )
            }
            Trouble::Follower { by } => {
                write!(
                    f,
                    "{spec} is obsoleted by {by}, of which no repository has the module: it stays"
                )
            }
            Trouble::NoPackage { package } => write!(f, "No match for package {package}"),
        }
    }
}
