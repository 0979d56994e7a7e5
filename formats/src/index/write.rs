//! Putting sections behind a header.

use super::header::{
    ENTRY_LENGTH, Entry, FORMAT_VERSION, HEADER_LENGTH, Header, Kind, MAGIC, REQUIRED,
    SourceDigest, contents_crc,
};
use zerocopy::IntoBytes;

/// Collects the sections of one file; [`FileBuilder::finish`] gives its bytes. The order of the calls is the order in
/// the file.
pub struct FileBuilder {
    kind: Kind,
    source: SourceDigest,
    sections: Vec<([u8; 4], u32, Vec<u8>)>,
}

impl FileBuilder {
    /// An empty file.
    pub fn new(kind: Kind, source: SourceDigest) -> Self {
        FileBuilder { kind, source, sections: Vec::new() }
    }

    /// Adds a section without which the file cannot be understood.
    pub fn required(&mut self, tag: [u8; 4], bytes: Vec<u8>) {
        self.sections.push((tag, REQUIRED, bytes));
    }

    /// Adds a section that older readers may pass over.
    pub fn optional(&mut self, tag: [u8; 4], bytes: Vec<u8>) {
        self.sections.push((tag, 0, bytes));
    }

    /// The whole file.
    pub fn finish(self) -> Vec<u8> {
        let contents_end = HEADER_LENGTH + self.sections.len() * ENTRY_LENGTH;
        let mut entries = Vec::with_capacity(self.sections.len());
        let mut at = contents_end;
        for (tag, flags, bytes) in &self.sections {
            let offset = at.next_multiple_of(8);
            entries.push(Entry {
                tag: *tag,
                flags: (*flags).into(),
                offset: (offset as u64).into(),
                length: (bytes.len() as u64).into(),
                crc: crc32fast::hash(bytes).into(),
                reserved: 0.into(),
            });
            at = offset + bytes.len();
        }
        let mut header = Header {
            magic: MAGIC,
            version: FORMAT_VERSION.into(),
            kind: (self.kind as u16).into(),
            sections: (self.sections.len() as u32).into(),
            length: (at as u64).into(),
            source: self.source,
            reserved: 0.into(),
            crc: 0.into(),
        };
        header.crc = contents_crc(&header, entries.as_bytes()).into();
        let mut file = Vec::with_capacity(at);
        file.extend_from_slice(header.as_bytes());
        file.extend_from_slice(entries.as_bytes());
        for (_, _, bytes) in self.sections {
            file.resize(file.len().next_multiple_of(8), 0);
            file.extend_from_slice(&bytes);
        }
        file
    }
}

/// A column of numbers as bytes.
pub(super) fn column(numbers: impl IntoIterator<Item = u32>) -> Vec<u8> {
    numbers.into_iter().flat_map(u32::to_le_bytes).collect()
}
