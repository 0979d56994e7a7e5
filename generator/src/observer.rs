//! Watching long work, and stopping it.

use std::ops::ControlFlow;
use std::path::Path;

/// What is being done.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Step<'s> {
    /// So many packages of a repository were read.
    Packages {
        /// The repository's folder.
        repository: &'s Path,
        /// The architecture whose index is being made.
        arch: &'s str,
        /// Number of packages so far.
        packages: u64,
    },
    /// The documents of a repository are read; its index is put together.
    Compiling {
        /// The repository's folder.
        repository: &'s Path,
        /// The architecture.
        arch: &'s str,
    },
    /// So many package files of a repository were looked at.
    PackageFiles {
        /// The repository's folder.
        repository: &'s Path,
        /// The architecture.
        arch: &'s str,
        /// Number of package files so far.
        read: u64,
    },
    /// The files of a repository are being written.
    Writing {
        /// The repository's folder.
        repository: &'s Path,
    },
}

/// Sees every step, some hundred a second, and may end the work at any of them: it then fails with
/// [`Error::Interrupted`](crate::Error::Interrupted) and leaves nothing behind.
pub trait Observer: Sync {
    /// The next step.
    fn step(&self, step: Step<'_>) -> ControlFlow<()>;
}

/// Sees nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn step(&self, _: Step<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
