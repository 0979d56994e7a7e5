//! What goes wrong, and what to try.

use std::fmt;

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
}
