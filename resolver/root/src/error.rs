//! What goes wrong, and what to try.

use modex_formats::rpm::file::FileError;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// Why the state of a root cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RootError {
    /// The root itself is not there, or is no folder.
    #[error("`{}` is not a folder that can be read: {source}", path.display())]
    NoRoot {
        /// As it was given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file or folder of the root that the system does not give.
    #[error("`{}`: {source}", path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that cannot be written or removed; where it belongs to the state of modules, all files of that are as they were.
    #[error("`{}` cannot be written: {source}; all stays as it was", path.display())]
    Write {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that is larger than such a file can sensibly be.
    #[error("`{}` is larger than {limit} bytes", path.display())]
    TooLarge {
        /// Where.
        path: PathBuf,
        /// In bytes.
        limit: u64,
    },
    /// A line of a file that dnf cannot go on with either.
    #[error("`{}`, line {line}: {problem}", path.display())]
    Malformed {
        /// Where.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A database that is none, or damaged.
    #[error("`{}`: {problem}", path.display())]
    Database {
        /// Where.
        path: PathBuf,
        /// In SQLite's words.
        problem: String,
    },
    /// A header in rpm's database that cannot be read.
    #[error("`{}`, header {number}: {problem}", path.display())]
    Header {
        /// Where.
        path: PathBuf,
        /// Its number in the database.
        number: i64,
        /// What is wrong.
        problem: String,
    },
    /// rpm's database is of a kind that is not read here.
    #[error("`{}` is a database of the kind {kind}, which is not read here", path.display())]
    OtherDatabase {
        /// Where.
        path: PathBuf,
        /// rpm's name for the kind.
        kind: &'static str,
    },
    /// Somebody is changing a database.
    #[error("`{}` is in use", path.display())]
    Busy {
        /// Where.
        path: PathBuf,
    },
    /// A package file that is none, or damaged.
    #[error("`{}`: {problem}", path.display())]
    PackageFile {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        problem: FileError,
    },
    /// A state file that is of another program or format.
    #[error("not a state file of modex: {0}")]
    NoState(String),
    /// A word that can be no file's name within a folder of the root.
    #[error("`{0}` cannot be the name of a file")]
    FileName(String),
}

/// What to try where the system forbids to read.
const MAY_READ: &str =
    "ask as a user who may read it, or let such a user write the state with `modex state export`";

fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "module")
}

impl RootError {
    pub(crate) fn file(path: &Path, source: io::Error) -> Self {
        RootError::File { path: path.to_owned(), source }
    }

    /// A file that cannot be written, without the name of an unfinished one beside it.
    pub(crate) fn unwritten(path: &Path, error: &io::Error) -> Self {
        let source = error.raw_os_error().map_or(error.kind().into(), io::Error::from_raw_os_error);
        RootError::Write { path: path.to_owned(), source }
    }

    pub(crate) fn database(path: &Path, problem: impl ToString) -> Self {
        RootError::Database { path: path.to_owned(), problem: problem.to_string() }
    }

    /// What is wrong, without the place.
    pub(crate) fn problem(&self) -> String {
        match self {
            RootError::File { source, .. } => source.to_string(),
            RootError::TooLarge { limit, .. } => format!("larger than {limit} bytes"),
            other => other.to_string(),
        }
    }

    /// What to try.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            RootError::NoRoot { source, .. } | RootError::File { source, .. }
                if source.kind() == io::ErrorKind::PermissionDenied =>
            {
                MAY_READ.into()
            }
            RootError::NoRoot { .. } => {
                "--installroot takes the folder that holds `etc` and `usr`".into()
            }
            RootError::Malformed { path, .. } => match is_module(path) {
                true => "repair or remove the file; dnf does not start with it either".into(),
                false => "repair the line".into(),
            },
            RootError::File { path, .. } | RootError::TooLarge { path, .. } if is_module(path) => {
                "it is no state file of a module; move it away".into()
            }
            RootError::Write { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied => "ask as a user who may write there".into(),
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "make room there and ask again".into()
                }
                _ => return None,
            },
            RootError::Database { path, .. } if path.ends_with("history.sqlite") => {
                "dnf fails on it as well: bring back a copy of it, or move it away; dnf begins a new one then, and all \
                 packages count as asked for"
                    .into()
            }
            RootError::Database { .. } | RootError::Header { .. } => {
                "`rpm --root DIR --rebuilddb` repairs what can be repaired".into()
            }
            RootError::OtherDatabase { .. } => {
                "convert it (`rpm --root DIR --rebuilddb --define '_db_backend sqlite'`), or say --installed with the \
                 output of `rpm --root DIR -qa --qf '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\\n'`"
                    .into()
            }
            RootError::Busy { .. } => "try again when rpm or dnf has finished".into(),
            RootError::PackageFile { problem: FileError::Cut | FileError::Digest, .. } => {
                "fetch it again".into()
            }
            RootError::NoState(_) => "`modex state export` writes such a file".into(),
            _ => return None,
        })
    }
}

/// Something that was passed over, as dnf passes it over, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The file, as a path below the root.
    pub path: String,
    /// Line number from 1, where one line is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What is wrong, and what follows.
    pub problem: String,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "`{}`, line {line}: {}", self.path, self.problem),
            None => write!(f, "`{}`: {}", self.path, self.problem),
        }
    }
}
