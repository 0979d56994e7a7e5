//! The first 64 bytes of every index file, and the table of contents behind them.

use super::FormatError;
use std::fmt;
use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The first eight bytes. The high first byte and the line ends show a transfer that meddled with "text".
pub const MAGIC: [u8; 8] = *b"\x8dMODEX\r\n";

/// The newest layout this crate writes and reads.
pub const FORMAT_VERSION: u16 = 1;

/// The longest table of contents accepted.
pub(super) const MAX_SECTIONS: u32 = 256;

/// Digest of what the index was made from; equal in the hot, warm and cold file of one build.
pub type SourceDigest = [u8; 32];

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Kind {
    /// All that solving touches.
    Hot = 1,
    /// Sizes, checksums, locations.
    Warm = 2,
    /// Words for people.
    Cold = 3,
}

impl Kind {
    pub(super) fn from_number(number: u16) -> Option<Self> {
        [Kind::Hot, Kind::Warm, Kind::Cold].into_iter().find(|kind| *kind as u16 == number)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Hot => "hot",
            Kind::Warm => "warm",
            Kind::Cold => "cold",
        })
    }
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned, Clone, Copy)]
#[repr(C)]
pub(super) struct Header {
    pub(super) magic: [u8; 8],
    pub(super) version: U16,
    pub(super) kind: U16,
    pub(super) sections: U32,
    pub(super) length: U64,
    pub(super) source: SourceDigest,
    pub(super) reserved: U32,
    /// CRC-32 of the 60 bytes before it followed by the table of contents.
    pub(super) crc: U32,
}

/// Bit 0 of [`Entry::flags`]: a reader that does not know the tag must refuse the file.
pub(super) const REQUIRED: u32 = 1;

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned, Clone, Copy)]
#[repr(C)]
pub(super) struct Entry {
    pub(super) tag: [u8; 4],
    pub(super) flags: U32,
    pub(super) offset: U64,
    pub(super) length: U64,
    pub(super) crc: U32,
    pub(super) reserved: U32,
}

pub(super) const HEADER_LENGTH: usize = size_of::<Header>();
pub(super) const ENTRY_LENGTH: usize = size_of::<Entry>();

/// CRC-32 (IEEE) over the header without its last field and the table of contents.
pub(super) fn contents_crc(header: &Header, contents: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&header.as_bytes()[..HEADER_LENGTH - 4]);
    crc.update(contents);
    crc.finalize()
}

/// Reads and checks header and table of contents: magic, version, length, CRC, order, bounds, padding rule.
pub(super) fn read(bytes: &[u8]) -> Result<(Header, &[Entry]), FormatError> {
    let Some(magic) = bytes.get(..MAGIC.len()) else { return Err(FormatError::NotOurs) };
    if magic != MAGIC {
        return Err(FormatError::NotOurs);
    }
    let damaged = |what: &str| FormatError::damaged("header", what);
    let (header, rest) =
        Header::read_from_prefix(bytes).map_err(|_| damaged("shorter than a header"))?;
    if header.version.get() != FORMAT_VERSION {
        let found = header.version.get().to_string();
        return Err(if header.version.get() > FORMAT_VERSION {
            FormatError::TooNew { found, supported: FORMAT_VERSION }
        } else {
            damaged("a format version that never was")
        });
    }
    if header.length.get() != bytes.len() as u64 {
        return Err(damaged("the file's length is not what the header says"));
    }
    if header.sections.get() > MAX_SECTIONS {
        return Err(damaged("too many sections"));
    }
    let length = header.sections.get() as usize * ENTRY_LENGTH;
    let contents = rest.get(..length).ok_or_else(|| damaged("cut inside the table of contents"))?;
    if contents_crc(&header, contents) != header.crc.get() {
        return Err(damaged("header checksum"));
    }
    if header.reserved.get() != 0 {
        return Err(damaged("reserved bytes are not zero"));
    }
    let entries = <[Entry]>::ref_from_bytes(contents).map_err(|_| damaged("table of contents"))?;
    check_contents(entries, (HEADER_LENGTH + length) as u64, bytes.len() as u64)?;
    Ok((header, entries))
}

/// Sections follow each other in the order of the table, each at the next multiple of eight, the last one ends the file.
fn check_contents(entries: &[Entry], start: u64, end: u64) -> Result<(), FormatError> {
    let damaged = |what: &str| Err(FormatError::damaged("contents", what));
    let mut at = start;
    for (number, entry) in entries.iter().enumerate() {
        if entries[..number].iter().any(|earlier| earlier.tag == entry.tag) {
            return damaged("a section stands twice");
        }
        if entry.reserved.get() != 0 || entry.flags.get() & !REQUIRED != 0 {
            return damaged("reserved bits are not zero");
        }
        if entry.offset.get() != at.next_multiple_of(8) {
            return damaged("a section does not start where the one before it ends");
        }
        at = match entry.offset.get().checked_add(entry.length.get()) {
            Some(next) if next <= end => next,
            _ => return damaged("a section reaches past the end of the file"),
        };
    }
    if at != end {
        return damaged("bytes behind the last section");
    }
    Ok(())
}
