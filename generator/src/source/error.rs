//! Why a document could not be read at all.

use std::{fmt, io};

/// A document that could not be read. What the reader could keep apart from the rest is no error but a
/// [`Problem`](super::Problem) in the report.
#[derive(Debug)]
pub struct Error {
    /// File name of the document, as given by the caller.
    pub document: String,
    /// Line in the opened document, from 1, where the fault has one.
    pub line: Option<u64>,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a document.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Reading failed.
    #[error("it cannot be read: {0}")]
    Io(io::Error),
    /// The compressed data is broken.
    #[error("damaged {format} data: {why}")]
    Damaged {
        /// Name of the compression.
        format: &'static str,
        /// What the decoder says.
        why: String,
    },
    /// A limit is exceeded.
    #[error("{what} exceeds the limit of {limit}")]
    Limit {
        /// What is too large or too many.
        what: &'static str,
        /// The limit, in bytes or in number.
        limit: u64,
    },
    /// The size is not the one that repomd.xml states.
    #[error("its {what} is {found} bytes, repomd.xml says {stated}")]
    Size {
        /// `size` (as stored) or `open size` (decompressed).
        what: &'static str,
        /// Bytes according to repomd.xml.
        stated: u64,
        /// Bytes found.
        found: u64,
    },
    /// The checksum is not the one that repomd.xml states.
    #[error("its {what} is {found}, repomd.xml says {stated}")]
    Checksum {
        /// `checksum` (as stored) or `open checksum` (decompressed).
        what: &'static str,
        /// According to repomd.xml.
        stated: String,
        /// As found.
        found: String,
    },
    /// A checksum of a kind that cannot be verified.
    #[error("checksums of type {0:?} cannot be verified")]
    UnknownChecksum(String),
    /// The markup or syntax is broken.
    #[error("it is not well-formed: {0}")]
    NotWellFormed(String),
    /// The document ends where it must not.
    #[error("it ends inside {0}")]
    EndsInside(String),
    /// It declares or needs entities.
    #[error("document type declarations and their entities are not accepted")]
    Entities,
    /// It is not UTF-8 text, or holds characters that its format forbids.
    #[error("it is not plain UTF-8 text")]
    NotText,
    /// It is another kind of document.
    #[error("it is not the expected document: {0}")]
    WrongKind(String),
    /// It says something that cannot be followed.
    #[error("{0}")]
    Refused(String),
}

impl Error {
    pub(crate) fn new(document: &str, line: Option<u64>, fault: Fault) -> Self {
        Error { document: document.into(), line, fault }
    }

    /// What to try, where there is something to try.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self.fault {
            Fault::Damaged { .. } | Fault::EndsInside(_) => {
                "the file may be half copied: sync the repository again"
            }
            Fault::Size { .. } | Fault::Checksum { .. } => {
                "repomd.xml and the file are of different moments: sync the repository again"
            }
            Fault::Limit { .. } => {
                "no known repository comes near it: look at the document before you trust it"
            }
            Fault::UnknownChecksum(_) => "publish the repository with sha256 checksums",
            _ => return None,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            Fault::Io(error) => Some(error),
            _ => None,
        }
    }
}

/// A fault that travelled through a `Read` comes out as itself.
impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.downcast::<Fault>() {
            Ok(fault) => fault,
            Err(error) => Fault::Io(error),
        }
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Io(error) => error,
            fault => io::Error::other(fault),
        }
    }
}
