//! The warm file: what is touched once per package of an answer.

use super::section::checksums::{self, Checksums};
use super::section::locations::{self, LocationTables, Locations};
use super::section::sizes::{self, Sizes};
use super::{File, FileBuilder, FormatError, Kind, SourceDigest};

/// A warm file, borrowed from its mapped bytes. Ids are those of the hot file with the same source digest.
#[derive(Clone, Copy)]
pub struct Warm<'a> {
    /// What the index was made from.
    pub source: SourceDigest,
    /// Download and installed sizes.
    pub sizes: Sizes<'a>,
    /// Digests of the package files.
    pub checksums: Checksums<'a>,
    /// Where the package files lie.
    pub locations: Locations<'a>,
}

impl<'a> Warm<'a> {
    /// Checks header, table of contents and the sizes of all sections. O(sections).
    ///
    /// # Errors
    /// Any [`FormatError`].
    pub fn open(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let known: Vec<[u8; 4]> = [&sizes::TAGS[..], &checksums::TAGS, &locations::TAGS].concat();
        let file = File::open_as(bytes, Kind::Warm, &known)?;
        Ok(Warm {
            source: file.source(),
            sizes: Sizes::open(&file)?,
            checksums: Checksums::open(&file)?,
            locations: Locations::open(&file)?,
        })
    }
}

/// What a warm file is written from.
#[derive(Debug, Default)]
pub struct WarmTables {
    /// (Download, installed) bytes by package.
    pub sizes: Vec<(u64, u64)>,
    /// All digests, one after the other.
    pub digests: Vec<u8>,
    /// Length of each digest in bytes.
    pub digest_lengths: Vec<u8>,
    /// Locations.
    pub locations: LocationTables,
}

impl WarmTables {
    /// The bytes of the file.
    pub fn to_bytes(&self, source: SourceDigest) -> Vec<u8> {
        let mut out = FileBuilder::new(Kind::Warm, source);
        sizes::write(&self.sizes, &mut out);
        checksums::write(&self.digests, &self.digest_lengths, &mut out);
        locations::write(&self.locations, &mut out);
        out.finish()
    }
}
