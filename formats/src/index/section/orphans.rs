//! Packages of modules that no document describes. Optional: written where somebody read the package files and found one, never
//! without a row. Clients refuse to install one of them, unless another repository describes it.
//!
//! * `ORPH`: u32 package ids, ascending, of packages whose file carries a modularity label (RPM tag 5096) and that are no
//!   artifact of any document of this index.

use super::artifacts::Artifacts;
use super::{check_ids, fail};
use crate::index::{File, FileBuilder, FormatError, write::column};
use zerocopy::little_endian::U32;

/// Tag of the section.
pub const TAG: [u8; 4] = *b"ORPH";

/// The packages of modules that no document describes, as far as anybody looked.
#[derive(Clone, Copy)]
pub struct Orphans<'a> {
    rows: &'a [U32],
}

impl<'a> Orphans<'a> {
    pub(crate) fn open(file: &File<'a>) -> Result<Self, FormatError> {
        Ok(Orphans { rows: file.optional_rows(TAG)? })
    }

    /// Number of packages.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none, or nobody looked.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether a package is one of them. O(log n).
    pub fn has(&self, package: u32) -> bool {
        self.rows.binary_search_by_key(&package, |id| id.get()).is_ok()
    }

    /// The packages, ascending.
    pub fn packages(&self) -> impl ExactSizeIterator<Item = u32> + use<'a> {
        self.rows.iter().map(|id| id.get())
    }

    pub(crate) fn check(
        &self,
        packages: usize,
        artifacts: &Artifacts<'_>,
    ) -> Result<(), FormatError> {
        check_ids(TAG, packages, self.packages())?;
        if !self.rows.is_sorted_by(|a, b| a.get() < b.get()) {
            return Err(fail(TAG, "packages are not in order"));
        }
        match self.packages().any(|package| artifacts.of_package(package).is_some()) {
            false => Ok(()),
            true => Err(fail(TAG, "a package that a document lists")),
        }
    }
}

/// Writes the section, where there is anything in it. `packages` ascend.
pub(crate) fn write(packages: &[u32], out: &mut FileBuilder) {
    if !packages.is_empty() {
        out.optional(TAG, column(packages.iter().copied()));
    }
}
