//! The cold file: words, read when somebody asks for them.

use super::section::builds::{self, ModuleBuild, TranslationsText};
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
    /// By document id. `None` where the file has none.
    pub builds: Option<Pack<'a, ModuleBuild>>,
    /// Sorted by module and stream. `None` where the file has none.
    pub translations: Option<Pack<'a, TranslationsText>>,
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
        let file = File::open_as(bytes, Kind::Cold, &[&TAGS[..], &builds::TAGS].concat())?;
        Ok(Cold {
            source: file.source(),
            packages: Pack::open(file.section(PackageText::TAG)?)?,
            modules: Pack::open(file.section(ModuleText::TAG)?)?,
            builds: file.find(ModuleBuild::TAG).map(Pack::open).transpose()?,
            translations: file.find(TranslationsText::TAG).map(Pack::open).transpose()?,
            groups: Pack::open(file.section(GroupText::TAG)?)?,
            paths: Pack::open(file.section(PathOwners::TAG)?)?,
        })
    }
}
