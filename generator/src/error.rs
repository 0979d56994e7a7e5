//! What can keep a repository from being indexed or published.

use crate::source;
use modex_formats::index::{BuildError, FormatError};
use std::io;
use std::path::{Path, PathBuf};

/// Why nothing came of it. What could be kept apart from the rest is no error but a [`source::Problem`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A document of a repository cannot be used.
    #[error("{}: {error}", folder(.repository))]
    Document {
        /// The repository's folder.
        repository: PathBuf,
        /// Which document and why.
        error: source::Error,
    },
    /// A folder is not a repository, or not one that can be indexed.
    #[error("{}: {what}", folder(.repository))]
    NoRepository {
        /// The folder.
        repository: PathBuf,
        /// What is missing.
        what: String,
        /// What to try.
        hint: &'static str,
    },
    /// Two arguments name the same repository.
    #[error("{} and {} are the same repository", folder(.first), folder(.second))]
    SameRepository {
        /// As given first.
        first: PathBuf,
        /// As given again.
        second: PathBuf,
    },
    /// An architecture that cannot be one.
    #[error("`{0}` is no architecture")]
    Architecture(String),
    /// Reading or writing failed.
    #[error("{}: {error}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A repository holds more than the format can.
    #[error("{}: {error}", folder(.repository))]
    TooMuch {
        /// The repository's folder.
        repository: PathBuf,
        /// What there is too much of.
        error: BuildError,
    },
    /// The index that was built does not hold what the format demands: an error in this program.
    #[error("{}: the new index is unsound: {error}", folder(.repository))]
    Unsound {
        /// The repository's folder.
        repository: PathBuf,
        /// What does not hold.
        error: FormatError,
    },
    /// Somebody else is publishing here.
    #[error("{}: another process is publishing here", .0.display())]
    Locked(PathBuf),
    /// repomd.xml is not the one that was read.
    #[error("{}: changed while the repository was being indexed", .0.display())]
    Changed(PathBuf),
    /// The observer said stop.
    #[error("interrupted")]
    Interrupted,
    /// The machine gives no threads.
    #[error("threads cannot be started: {0}")]
    Threads(String),
}

/// The folder as the user knows it.
fn folder(path: &Path) -> String {
    path.display().to_string()
}

impl Error {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |error| Error::Io { path, error }
    }

    /// Says which repository an error of a document or of an index belongs to.
    pub(crate) fn in_repository(self, dir: &Path) -> Self {
        match self {
            Error::Document { error, .. } => Error::Document { repository: dir.into(), error },
            Error::Unsound { error, .. } => Error::Unsound { repository: dir.into(), error },
            other => other,
        }
    }

    /// What to try, where there is something to try.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Error::Document { error, .. } => return error.hint(),
            Error::NoRepository { hint, .. } => hint,
            Error::SameRepository { .. } => "name each repository once",
            Error::Architecture(_) => "use a name such as x86_64, aarch64, ppc64le or s390x",
            Error::Io { error, .. } => match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "nothing is half-published; free some space and run it again"
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    "nothing is half-published; use --output DIR to write somewhere else"
                }
                io::ErrorKind::NotADirectory => "name a folder, or one that can be made",
                _ => return None,
            },
            Error::TooMuch { .. } => "split the repository",
            Error::Unsound { .. } => "please report this, with the repository's metadata",
            Error::Locked(_) => "wait until it is done, then run it again",
            Error::Changed(_) => "nothing is half-published; run it again",
            Error::Interrupted => "nothing is half-published; run it again",
            Error::Threads(_) => "use --jobs 1",
        })
    }
}

/// A document's error, before it is known which repository it belongs to.
impl From<source::Error> for Error {
    fn from(error: source::Error) -> Self {
        Error::Document { repository: PathBuf::new(), error }
    }
}

/// An index's error, before it is known which repository it belongs to.
impl From<FormatError> for Error {
    fn from(error: FormatError) -> Self {
        Error::Unsound { repository: PathBuf::new(), error }
    }
}
