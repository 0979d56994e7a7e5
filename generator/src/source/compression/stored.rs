//! The bytes of a file as it is stored, hashed on their way to the decoder.

use crate::source::Fault;
use crate::source::checksum::{Checksum, ChecksumKind};
use sha2::digest::DynDigest;
use std::io::{self, BufRead, Read};

/// The file as stored, hashed as it passes.
pub(super) struct Stored<'a> {
    bytes: Box<dyn Read + Send + 'a>,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    /// Bytes read so far.
    pub(super) size: u64,
    pub(super) hash: Option<Hash>,
}

impl<'a> Stored<'a> {
    pub(super) fn new(bytes: Box<dyn Read + Send + 'a>, hash: Option<Hash>) -> Self {
        Stored { bytes, buffer: vec![0; 128 << 10], at: 0, end: 0, size: 0, hash }
    }

    /// Adds to the buffer; false at the end of the file.
    fn refill(&mut self) -> io::Result<bool> {
        if self.at == self.end {
            (self.at, self.end) = (0, 0);
        }
        let count = loop {
            match self.bytes.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        if let Some(hash) = &mut self.hash {
            hash.update(&self.buffer[self.end..self.end + count]);
        }
        self.end += count;
        self.size += count as u64;
        Ok(count > 0)
    }

    /// The first bytes, without consuming them: as many as asked for unless the file is shorter.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.end < count && self.refill()? {}
        Ok(&self.buffer[..self.end.min(count)])
    }

    /// Reads to the end of the file, but not far beyond the stated size.
    pub(super) fn drain(&mut self, stated: Option<u64>) -> io::Result<()> {
        self.at = self.end;
        while stated.is_none_or(|stated| self.size <= stated) && self.refill()? {
            self.at = self.end;
        }
        Ok(())
    }
}

impl Read for Stored<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Stored<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.end {
            self.refill()?;
        }
        Ok(&self.buffer[self.at..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.at = self.end.min(self.at + count);
    }
}

/// A running checksum.
pub(super) struct Hash(Box<dyn DynDigest + Send>);

impl Hash {
    /// For a stated checksum.
    ///
    /// # Errors
    /// Where it is of a kind that cannot be verified.
    pub(super) fn of(stated: &Option<Checksum>) -> Result<Option<Self>, Fault> {
        let Some(Checksum { kind, .. }) = stated else { return Ok(None) };
        let known =
            ChecksumKind::from_name(kind).ok_or_else(|| Fault::UnknownChecksum(kind.clone()))?;
        Ok(Some(Hash(known.hasher())))
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

/// Compares a stated checksum, where there is one, with the one found.
pub(super) fn check(
    what: &'static str,
    stated: &Option<Checksum>,
    hash: Option<Hash>,
) -> Result<(), Fault> {
    let (Some(stated), Some(hash)) = (stated, hash) else { return Ok(()) };
    let found = crate::digest::hex(&hash.0.finalize());
    if stated.hex.eq_ignore_ascii_case(&found) {
        return Ok(());
    }
    Err(Fault::Checksum { what, stated: stated.hex.clone(), found })
}
