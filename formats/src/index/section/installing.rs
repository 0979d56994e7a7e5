//! Requirements that only installing needs. Optional: in the index of an installed system, never in one of a repository.
//!
//! * `REQI`: rows of two u32, ascending: a package, and one of its requirements that scripts needed while it was installed
//!   (`Requires(pre)`, `Requires(post)`) and nothing needs any more.

use super::fail;
use super::relations::{RelationKind, Relations};
use super::reldeps::DepId;
use crate::index::{File, FileBuilder, FormatError, write::column};
use zerocopy::little_endian::U32;

/// Tag of the section.
pub const TAG: [u8; 4] = *b"REQI";

/// Requirements that only installing needs.
#[derive(Clone, Copy)]
pub struct Installing<'a> {
    rows: &'a [[U32; 2]],
}

impl<'a> Installing<'a> {
    pub(crate) fn open(file: &File<'a>) -> Result<Self, FormatError> {
        Ok(Installing { rows: file.optional_rows(TAG)? })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows: a package, and a requirement of it.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (u32, DepId)> + use<'a> {
        self.rows.iter().map(|row| (row[0].get(), DepId(row[1].get())))
    }

    /// Whether a requirement of a package is one of them. O(log n).
    pub fn has(&self, package: u32, dep: DepId) -> bool {
        let place = |row: &[U32; 2]| (row[0].get(), row[1].get());
        self.rows.binary_search_by_key(&(package, dep.0), place).is_ok()
    }

    pub(crate) fn check(&self, relations: &Relations<'_>) -> Result<(), FormatError> {
        let place = |row: &[U32; 2]| (row[0].get(), row[1].get());
        if !self.rows.is_sorted_by(|a, b| place(a) < place(b)) {
            return Err(fail(TAG, "rows are not in order"));
        }
        let is_stated = |(package, dep): (u32, DepId)| {
            // Lists of requirements ascend.
            let stated = relations.slice(package, RelationKind::Requires).unwrap_or_default();
            stated.binary_search_by_key(&dep.0, |it| it.get()).is_ok()
        };
        match self.rows().all(is_stated) {
            true => Ok(()),
            false => Err(fail(TAG, "no requirement of the package")),
        }
    }
}

/// Writes the section, where there is anything in it. Rows ascend.
pub(crate) fn write(rows: &[(u32, DepId)], out: &mut FileBuilder) {
    if !rows.is_empty() {
        out.optional(TAG, column(rows.iter().flat_map(|(package, dep)| [*package, dep.0])));
    }
}
