//! A file as a set of sections.

use super::header::{self, Entry, Kind, REQUIRED, SourceDigest};
use super::{FORMAT_VERSION, FormatError};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

/// A file whose header and table of contents hold. Borrowed from the mapped bytes; opening costs no allocation.
#[derive(Clone, Copy)]
pub struct File<'a> {
    bytes: &'a [u8],
    entries: &'a [Entry],
    kind: Kind,
    source: SourceDigest,
}

impl<'a> File<'a> {
    /// Checks header, table of contents and sizes. O(sections).
    ///
    /// # Errors
    /// [`FormatError::NotOurs`], [`FormatError::TooNew`] or [`FormatError::Damaged`].
    pub fn open(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let (header, entries) = header::read(bytes)?;
        let kind = Kind::from_number(header.kind.get())
            .ok_or_else(|| FormatError::damaged("header", "unknown kind"))?;
        Ok(File { bytes, entries, kind, source: header.source })
    }

    /// The same, and that the file is of the wanted kind and that every required section is known here.
    ///
    /// # Errors
    /// Those of [`File::open`], [`FormatError::WrongKind`].
    pub fn open_as(bytes: &'a [u8], wanted: Kind, known: &[[u8; 4]]) -> Result<Self, FormatError> {
        let file = Self::open(bytes)?;
        if file.kind != wanted {
            return Err(FormatError::WrongKind { found: file.kind, wanted });
        }
        for entry in file.entries.iter().filter(|entry| entry.flags.get() & REQUIRED != 0) {
            if !known.contains(&entry.tag) {
                let found = format!("{FORMAT_VERSION} with section {}", entry.tag.escape_ascii());
                return Err(FormatError::TooNew { found, supported: FORMAT_VERSION });
            }
        }
        Ok(file)
    }

    /// What the file is for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What the file was made from.
    pub fn source(&self) -> SourceDigest {
        self.source
    }

    /// Length of the whole file in bytes.
    pub fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Every section: tag, whether it is required, bytes, in file order.
    pub fn sections(&self) -> impl Iterator<Item = ([u8; 4], bool, &'a [u8])> + '_ {
        self.entries
            .iter()
            .map(|entry| (entry.tag, entry.flags.get() & REQUIRED != 0, self.slice(entry)))
    }

    fn slice(&self, entry: &Entry) -> &'a [u8] {
        let start = entry.offset.get() as usize;
        // In bounds: `header::read` checked every entry against the length of these very bytes.
        self.bytes.get(start..start + entry.length.get() as usize).unwrap_or(&[])
    }

    /// The bytes of one section, where the file has it.
    pub fn find(&self, tag: [u8; 4]) -> Option<&'a [u8]> {
        self.entries.iter().find(|entry| entry.tag == tag).map(|entry| self.slice(entry))
    }

    /// The bytes of one section.
    ///
    /// # Errors
    /// Damaged, where the section is missing.
    pub fn section(&self, tag: [u8; 4]) -> Result<&'a [u8], FormatError> {
        self.find(tag).ok_or_else(|| {
            FormatError::damaged(tag.escape_ascii().to_string(), "section is missing")
        })
    }

    /// One section as rows.
    ///
    /// # Errors
    /// Damaged, where the section is missing or does not hold a whole number of rows.
    pub fn rows<T: FromBytes + Immutable + KnownLayout + Unaligned>(
        &self,
        tag: [u8; 4],
    ) -> Result<&'a [T], FormatError> {
        rows(tag, self.section(tag)?)
    }

    /// An optional section as rows; none where it is missing.
    ///
    /// # Errors
    /// Damaged, where the section does not hold a whole number of rows, or not one.
    pub fn optional_rows<T: FromBytes + Immutable + KnownLayout + Unaligned>(
        &self,
        tag: [u8; 4],
    ) -> Result<&'a [T], FormatError> {
        if self.find(tag).is_none() {
            return Ok(&[]);
        }
        let found = self.rows(tag)?;
        match found.is_empty() {
            false => Ok(found),
            true => {
                let tag = tag.escape_ascii().to_string();
                Err(FormatError::damaged(tag, "a section without rows"))
            }
        }
    }

    /// Checks every section's CRC-32 and that the padding between sections is zero. O(bytes).
    ///
    /// # Errors
    /// Damaged, with the section's tag.
    pub fn check_bytes(&self) -> Result<(), FormatError> {
        let mut at = header::HEADER_LENGTH + self.entries.len() * header::ENTRY_LENGTH;
        for entry in self.entries {
            let bytes = self.slice(entry);
            let start = entry.offset.get() as usize;
            if self.bytes.get(at..start).is_none_or(|padding| padding.iter().any(|byte| *byte != 0))
            {
                return Err(FormatError::damaged("contents", "padding is not zero"));
            }
            if crc32fast::hash(bytes) != entry.crc.get() {
                return Err(FormatError::damaged(entry.tag.escape_ascii().to_string(), "checksum"));
            }
            at = start + bytes.len();
        }
        Ok(())
    }
}

/// Bytes as rows of a fixed width.
pub(super) fn rows<T: FromBytes + Immutable + KnownLayout + Unaligned>(
    tag: [u8; 4],
    bytes: &[u8],
) -> Result<&[T], FormatError> {
    <[T]>::ref_from_bytes(bytes).map_err(|_| {
        FormatError::damaged(tag.escape_ascii().to_string(), "not a whole number of rows")
    })
}
