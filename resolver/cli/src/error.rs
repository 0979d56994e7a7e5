//! What goes wrong, and what to try.

use std::path::Path;
use std::{fmt, io};

/// An error of the program: what and where, and apart from it a hint.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) what: String,
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(what: impl fmt::Display) -> Self {
        Failure { what: what.to_string(), hint: None }
    }

    /// A file that the system does not give: without the system's words for "not there", which say less.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Failure::new(match error.kind() {
            io::ErrorKind::NotFound => format!("`{}` is missing", path.display()),
            _ => format!("`{}`: {error}", path.display()),
        })
    }

    /// The same failure with words before it.
    pub(crate) fn about(self, what: impl fmt::Display) -> Self {
        Failure { what: format!("{what}: {}", self.what), ..self }
    }

    pub(crate) fn hint(self, hint: impl fmt::Display) -> Self {
        Failure { hint: Some(hint.to_string()), ..self }
    }
}

/// A `Failure` is no `std::error::Error` itself: what is wrong and what to try are printed apart.
impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::new(error)
    }
}

/// How a command ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Exit status 0.
    Answered,
    /// Exit status 1: there is no solution, or nothing was found.
    No,
    /// Exit status 100: there are updates, as dnf's `check-update` says it.
    Updates,
}
