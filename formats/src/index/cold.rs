//! The cold file: words, read when somebody asks for them.

use super::section::texts::{GroupText, ModuleText, Pack, PackageText, PathOwners, Record, TAGS};
use super::{File, FormatError, Kind, SourceDigest};

/// A cold file, borrowed from its mapped bytes. Ids are those of the hot file with the same source digest.
#[derive(Clone, Copy)]
pub struct Cold<'a> {
    /// What the index was made from.
    pub source: SourceDigest,
    /// By package id.
    pub packages: Pack<'a, PackageText>,
    /// By document id.
    pub modules: Pack<'a, ModuleText>,
    /// Sorted by id.
    pub groups: Pack<'a, GroupText>,
    /// Sorted by path.
    pub paths: Pack<'a, PathOwners>,
}

impl<'a> Cold<'a> {
    /// Checks header, table of contents and the sizes of all sections. O(sections).
    ///
    /// # Errors
    /// Any [`FormatError`].
    pub fn open(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let file = File::open_as(bytes, Kind::Cold, &TAGS)?;
        Ok(Cold {
            source: file.source(),
            packages: Pack::open(file.section(PackageText::TAG)?)?,
            modules: Pack::open(file.section(ModuleText::TAG)?)?,
            groups: Pack::open(file.section(GroupText::TAG)?)?,
            paths: Pack::open(file.section(PathOwners::TAG)?)?,
        })
    }
}
