//! Words for people, in packs: `PTXT` packages, `MTXT` module documents, `GRPS` groups, `PATH` paths that primary.xml lists.
//!
//! A pack is `records u32`, `per block u32`, `blocks + 1` offsets u32 into what follows, then one zstd frame a block. A frame
//! holds its records one after the other behind a u64 count, in the wire form that bincode 1 writes: integers little-endian, texts and
//! lists with a u64 length in front, `Option` as one byte. (`wincode` writes it here.) Reading one record decodes one block.

use super::fail;
use crate::index::{FormatError, file};
use std::marker::PhantomData;
use wincode::{SchemaRead, SchemaWrite};
use zerocopy::little_endian::U32;

/// Tags: packages, module documents, groups, paths.
pub const TAGS: [[u8; 4]; 4] = [*b"PTXT", *b"MTXT", *b"GRPS", *b"PATH"];

/// No block may be larger than this when decoded, in bytes. A single record that exceeds it is cut by the generator.
pub const MAX_BLOCK: usize = 8 << 20;

/// zstd level of the blocks: the publish step has seconds, not minutes.
const LEVEL: i32 = 6;

/// A kind of record: its section and how many share a block.
pub trait Record: Sized {
    /// Tag of the section.
    const TAG: [u8; 4];
    /// Records in a block; the last block may hold fewer.
    const PER_BLOCK: u32;

    /// The records of one block as bytes, not compressed.
    ///
    /// # Errors
    /// Damaged, with what the encoder says.
    fn encode(records: &[Self]) -> Result<Vec<u8>, FormatError>;

    /// The records of one decompressed block.
    ///
    /// # Errors
    /// Damaged, with what the decoder says.
    fn decode(bytes: &[u8]) -> Result<Vec<Self>, FormatError>;
}

/// Makes a type a [`Record`].
macro_rules! record {
    ($record:ty, $tag:expr, $per_block:expr) => {
        impl $crate::index::section::texts::Record for $record {
            const TAG: [u8; 4] = $tag;
            const PER_BLOCK: u32 = $per_block;

            fn encode(records: &[Self]) -> Result<Vec<u8>, $crate::index::FormatError> {
                wincode::serialize(records).map_err(|error| super::fail($tag, &error.to_string()))
            }

            fn decode(bytes: &[u8]) -> Result<Vec<Self>, $crate::index::FormatError> {
                wincode::deserialize_exact(bytes)
                    .map_err(|error| super::fail($tag, &error.to_string()))
            }
        }
    };
}

pub(super) use record;

/// What a package says of itself. Record id = package id.
#[derive(Clone, Debug, Default, PartialEq, Eq, SchemaRead, SchemaWrite)]
pub struct PackageText {
    /// One line.
    pub summary: String,
    /// Several paragraphs.
    pub description: String,
    /// Project page.
    pub url: String,
    /// Licence expression.
    pub license: String,
    /// File name of the source package.
    pub source_rpm: String,
    /// Seconds since 1970 of the build.
    pub build_time: u64,
}
record!(PackageText, TAGS[0], 64);

/// A [`PackageText`] whose texts lie elsewhere: packages stream by, and most of their texts need no copy of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PackageTextRef<'t> {
    /// Summary, description, url, license, file name of the source package.
    pub texts: [&'t str; 5],
    /// Seconds since 1970 of the build.
    pub build_time: u64,
}

impl PackageTextRef<'_> {
    /// The beginning of a block: room for the number of records, which [`PackageTextRef::end_block`] writes.
    pub fn begin_block(block: &mut Vec<u8>) {
        block.clear();
        block.extend_from_slice(&[0; 8]);
    }

    /// Appends the record to a block, in the wire form of [`PackageText`].
    pub fn append(&self, block: &mut Vec<u8>) {
        for text in self.texts {
            block.extend_from_slice(&(text.len() as u64).to_le_bytes());
            block.extend_from_slice(text.as_bytes());
        }
        block.extend_from_slice(&self.build_time.to_le_bytes());
    }

    /// The end of a block: what [`compress_bytes`] takes.
    pub fn end_block(block: &mut [u8], records: u64) {
        if let Some(count) = block.first_chunk_mut() {
            *count = records.to_le_bytes();
        }
    }
}

/// What a module document says beyond what resolving needs. Record id = document id; the key stands first.
#[derive(Clone, Debug, Default, PartialEq, Eq, SchemaRead, SchemaWrite)]
pub struct ModuleText {
    /// `NAME:STREAM:VERSION:CONTEXT:ARCH`.
    pub nsvca: String,
    /// One line.
    pub summary: String,
    /// Several paragraphs.
    pub description: String,
    /// Licences of the module's own files.
    pub module_licenses: Vec<String>,
    /// Licences of what it contains.
    pub content_licenses: Vec<String>,
    /// (Kind, link): community, documentation, tracker.
    pub references: Vec<(String, String)>,
    /// (Profile, description).
    pub profiles: Vec<(String, String)>,
    /// Names of packages that the module promises.
    pub api: Vec<String>,
    /// Names of packages that the build leaves out.
    pub filter: Vec<String>,
    /// What it is built from.
    pub components: Vec<ComponentText>,
    /// (Level, end of life as YYYY-MM-DD or empty).
    pub service_levels: Vec<(String, String)>,
    /// `xmd` as JSON.
    pub xmd: String,
}
record!(ModuleText, TAGS[1], 4);

/// One component of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, SchemaRead, SchemaWrite)]
pub struct ComponentText {
    /// Package or module name.
    pub name: String,
    /// Whether it is a module rather than a package.
    pub is_module: bool,
    /// Why it is there.
    pub rationale: String,
    /// Git reference.
    pub reference: String,
    /// Order in which it is built.
    pub build_order: i64,
}

/// A comps group.
#[derive(Clone, Debug, Default, PartialEq, Eq, SchemaRead, SchemaWrite)]
pub struct GroupText {
    /// Identifier, unique in the repository.
    pub id: String,
    /// Untranslated name.
    pub name: String,
    /// Untranslated description.
    pub description: String,
    /// Packages that always go in.
    pub mandatory: Vec<String>,
    /// Packages that go in by default.
    pub default: Vec<String>,
    /// Packages that go in when asked.
    pub optional: Vec<String>,
    /// (Package, the package that brings it along).
    pub conditional: Vec<(String, String)>,
}
record!(GroupText, TAGS[2], 16);

/// A path that primary.xml lists, with its owners; records are sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq, SchemaRead, SchemaWrite)]
pub struct PathOwners {
    /// Absolute path.
    pub path: String,
    /// Package ids, ascending.
    pub packages: Vec<u32>,
}
record!(PathOwners, TAGS[3], 256);

/// Records by id.
pub struct Pack<'a, R> {
    records: u32,
    offsets: &'a [U32],
    frames: &'a [u8],
    kind: PhantomData<R>,
}

impl<R> Clone for Pack<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Pack<'_, R> {}

impl<'a, R: Record> Pack<'a, R> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let short = || fail(R::TAG, "cut inside the pack");
        let (records, rest) = bytes.split_first_chunk::<4>().ok_or_else(short)?;
        let (per_block, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        let records = u32::from_le_bytes(*records);
        if u32::from_le_bytes(*per_block) != R::PER_BLOCK {
            return Err(fail(R::TAG, "another number of records in a block than the format says"));
        }
        let blocks = records.div_ceil(R::PER_BLOCK) as usize;
        let (offsets, frames) = rest.split_at_checked((blocks + 1) * 4).ok_or_else(short)?;
        Ok(Pack { records, offsets: file::rows(R::TAG, offsets)?, frames, kind: PhantomData })
    }

    /// Number of records.
    pub fn len(&self) -> u32 {
        self.records
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// The records of one block.
    ///
    /// # Errors
    /// Damaged, where the block's offsets, its frame or its records do not hold.
    pub fn block(&self, block: u32) -> Result<Vec<R>, FormatError> {
        let bounds = |at: usize| self.offsets.get(at).map(|offset| offset.get() as usize);
        let frame = bounds(block as usize)
            .zip(bounds(block as usize + 1))
            .and_then(|(start, end)| self.frames.get(start..end))
            .ok_or_else(|| fail(R::TAG, "a block is out of range"))?;
        if zstd::zstd_safe::find_frame_compressed_size(frame) != Ok(frame.len()) {
            return Err(fail(R::TAG, "a block is not one whole frame"));
        }
        let bytes = zstd::bulk::decompress(frame, MAX_BLOCK)
            .map_err(|error| fail(R::TAG, &error.to_string()))?;
        let records = R::decode(&bytes)?;
        let wanted = R::PER_BLOCK.min(self.records - block * R::PER_BLOCK);
        match records.len() == wanted as usize {
            true => Ok(records),
            false => Err(fail(R::TAG, "a block holds another number of records")),
        }
    }

    /// One record. Decodes its block.
    ///
    /// # Errors
    /// As [`Pack::block`]; also where there is no such record.
    pub fn get(&self, id: u32) -> Result<R, FormatError> {
        if id >= self.records {
            return Err(fail(R::TAG, "no such record"));
        }
        let mut records = self.block(id / R::PER_BLOCK)?;
        Ok(records.swap_remove((id % R::PER_BLOCK) as usize))
    }

    /// Every record in order; stops at the first damaged block.
    pub fn iter(&self) -> impl Iterator<Item = Result<R, FormatError>> + '_ {
        let mut failed = false;
        (0..self.records.div_ceil(R::PER_BLOCK))
            .map_while(move |block| {
                (!failed).then(|| {
                    let records = self.block(block);
                    failed = records.is_err();
                    records
                })
            })
            .flat_map(|block| match block {
                Ok(records) => records.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            })
    }

    pub(crate) fn check(&self, mut record: impl FnMut(u32, &R) -> bool) -> Result<(), FormatError> {
        if self.offsets.first().is_none_or(|start| start.get() != 0)
            || self.offsets.last().map(|end| end.get() as usize) != Some(self.frames.len())
        {
            return Err(fail(R::TAG, "offsets do not span the frames"));
        }
        for (found, id) in self.iter().zip(0..) {
            if !record(id, &found?) {
                return Err(fail(R::TAG, "a record is out of range or out of order"));
            }
        }
        Ok(())
    }
}

impl Pack<'_, PathOwners> {
    /// The owners of a path; empty where primary.xml lists it for none.
    ///
    /// # Errors
    /// As [`Pack::block`].
    pub fn owners(&self, path: &str) -> Result<Vec<u32>, FormatError> {
        let (mut low, mut high) = (0, self.records.div_ceil(PathOwners::PER_BLOCK));
        while low < high {
            let middle = low + (high - low) / 2;
            let records = self.block(middle)?;
            let (Some(first), Some(last)) = (records.first(), records.last()) else { break };
            if path < first.path.as_str() {
                high = middle;
            } else if path > last.path.as_str() {
                low = middle + 1;
            } else {
                let found = records.binary_search_by(|record| record.path.as_str().cmp(path));
                return Ok(found.map(|at| records[at].packages.clone()).unwrap_or_default());
            }
        }
        Ok(Vec::new())
    }
}

/// Compresses one block. Blocks are independent, so a generator may do this on many threads.
///
/// # Errors
/// Damaged, where the records are larger than [`MAX_BLOCK`] or cannot be encoded.
pub fn compress_block<R: Record>(records: &[R]) -> Result<Vec<u8>, FormatError> {
    compress_bytes::<R>(&R::encode(records)?, LEVEL)
}

/// Compresses one block of records that are encoded already ([`Record::encode`]), at a zstd level.
///
/// # Errors
/// Damaged, where they are larger than [`MAX_BLOCK`].
pub fn compress_bytes<R: Record>(bytes: &[u8], level: i32) -> Result<Vec<u8>, FormatError> {
    if bytes.len() > MAX_BLOCK {
        return Err(fail(R::TAG, "the records of one block are too large"));
    }
    zstd::bulk::compress(bytes, level).map_err(|error| fail(R::TAG, &error.to_string()))
}

/// A section of `records` records from its compressed blocks in order.
pub fn pack<R: Record>(records: u32, blocks: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&records.to_le_bytes());
    bytes.extend_from_slice(&R::PER_BLOCK.to_le_bytes());
    let mut end = 0u32;
    bytes.extend_from_slice(&end.to_le_bytes());
    for block in blocks {
        end += block.len() as u32;
        bytes.extend_from_slice(&end.to_le_bytes());
    }
    blocks.iter().for_each(|block| bytes.extend_from_slice(block));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borrowed_texts_have_the_same_bytes() {
        let texts = ["one line", "para\n\ngraphs", "https://example.org/", "MIT", "a-1-2.src.rpm"];
        let borrowed = PackageTextRef { texts, build_time: 1_700_000_000 };
        let [summary, description, url, license, source_rpm] = texts.map(String::from);
        let owned = PackageText {
            summary,
            description,
            url,
            license,
            source_rpm,
            build_time: borrowed.build_time,
        };
        let mut block = vec![7];
        PackageTextRef::begin_block(&mut block);
        borrowed.append(&mut block);
        PackageTextRef::default().append(&mut block);
        PackageTextRef::end_block(&mut block, 2);
        assert_eq!(block, PackageText::encode(&[owned, PackageText::default()]).unwrap());
    }
}
