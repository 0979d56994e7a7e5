//! dnf.conf, variables and repositories.

pub mod main;
pub mod metadata;
pub mod repositories;
mod variables;

pub use main::MainConfig;
pub use metadata::NoMetadata;
pub use repositories::Repository;
pub(crate) use variables::{base, release, variables};

use crate::error::{Note, RootError};
use crate::ini::Document;
use crate::inside::Root;

/// More bytes than this are no configuration file.
const LIMIT: u64 = 4 << 20;

/// A configuration file; `None` where there is none.
fn document(root: &Root, inside: &str) -> Result<Option<Document>, RootError> {
    let Some(bytes) = root.read(inside, LIMIT)? else { return Ok(None) };
    match Document::parse(&String::from_utf8_lossy(&bytes)) {
        Ok(document) => Ok(Some(document)),
        Err(error) => Err(RootError::Malformed {
            path: root.path(inside)?,
            line: error.line,
            problem: error.problem.into(),
        }),
    }
}

/// A file that dnf warns of and passes over.
fn passed_over(path: &str, error: &RootError) -> Note {
    let (line, problem) = match error {
        RootError::Malformed { line, problem, .. } => (Some(*line), problem.clone()),
        other => (None, other.problem()),
    };
    Note { path: path.to_owned(), line, problem: format!("{problem}; the file is passed over") }
}

/// An option whose value is none.
fn no_value(path: &str, section: &str, key: &str, value: &str) -> Note {
    Note {
        path: path.to_owned(),
        line: None,
        problem: format!("[{section}] `{key}={value}` is no value for it and is passed over"),
    }
}
