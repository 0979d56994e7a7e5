//! Why a command could not be done.

use modex_generator::Error;
use std::io;
use std::path::Path;

#[derive(Debug)]
pub(crate) enum Failure {
    /// Nobody reads our output any more.
    ClosedPipe,
    /// To be told, with what to try.
    Told { what: String, hint: Option<String> },
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>, hint: Option<&str>) -> Self {
        Failure::Told { what: what.into(), hint: hint.map(String::from) }
    }

    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Failure::new(format!("{}: {error}", path.display()), None)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::new(error.to_string(), error.hint())
    }
}

/// Of stdout.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Failure::new(format!("stdout: {error}"), None),
        }
    }
}
