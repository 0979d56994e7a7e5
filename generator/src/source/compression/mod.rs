//! Opening a published file: decompressing and checking it against repomd.xml while it streams.

mod decoder;
mod stored;

use self::decoder::Decoder;
use self::stored::{Hash, Stored, check};
use super::checksum::Checksum;
use super::{Error, Fault, Limits};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What repomd.xml states about a file. Only what is stated is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// Of the file as stored.
    pub checksum: Option<Checksum>,
    /// Bytes of the file as stored.
    pub size: Option<u64>,
    /// Of the decompressed document. Checking it costs about a tenth of the reading time, and the checksum of the
    /// stored file covers the same bytes, so [`Record::stated`](super::repomd::Record::stated) leaves it out.
    pub open_checksum: Option<Checksum>,
    /// Bytes of the decompressed document.
    pub open_size: Option<u64>,
}

/// What a file was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Bytes as stored.
    pub size: u64,
    /// Bytes decompressed.
    pub open_size: u64,
}

/// A file that is being read: yields the decompressed bytes.
///
/// Plain, gzip, xz, bzip2 and zstd data is told apart by its first bytes, whatever the file is called; several
/// compressed members in a row are one document. Reading fails as soon as the document grows beyond the limit. Call
/// [`Opened::finish`] at the end: only then is it known whether this was the right file.
pub struct Opened<'a> {
    document: String,
    decoder: Decoder<'a>,
    stated: Stated,
    limit: u64,
    open_size: u64,
    open_hash: Option<Hash>,
}

impl<'a> Opened<'a> {
    /// Opens a file. Its name, without the folders, stands for it in messages.
    ///
    /// # Errors
    /// Where the file cannot be opened or its first bytes are not those of a format that is read.
    pub fn file(path: &Path, stated: Stated, limits: &Limits) -> Result<Opened<'static>, Error> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let failed = |error: io::Error| Error::new(&path.to_string_lossy(), None, error.into());
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        Opened::sized(&name, Box::new(file), Some(size), stated, limits)
    }

    /// Reads from any source of bytes; `name` stands for it in messages.
    ///
    /// # Errors
    /// As [`Opened::file`].
    pub fn stream(
        name: &str,
        bytes: impl Read + Send + 'a,
        stated: Stated,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let size = stated.size;
        Opened::sized(name, Box::new(bytes), size, stated, limits)
    }

    fn sized(
        name: &str,
        bytes: Box<dyn Read + Send + 'a>,
        size: Option<u64>,
        stated: Stated,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let fail = |fault| Error::new(name, None, fault);
        let hash = Hash::of(&stated.checksum).map_err(fail)?;
        let open_hash = Hash::of(&stated.open_checksum).map_err(fail)?;
        let stored = Stored::new(bytes, hash);
        let decoder =
            Decoder::detect(stored, limits.decoder_memory).map_err(|error| fail(error.into()))?;
        let limit = limits.open_bytes_for(size);
        Ok(Opened { document: name.into(), decoder, stated, limit, open_size: 0, open_hash })
    }

    /// The name that stands for it in messages.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// Reads what is left and compares with what repomd.xml states.
    ///
    /// # Errors
    /// Where reading fails, or a size or checksum differs.
    pub fn finish(mut self) -> Result<Measured, Error> {
        io::copy(&mut self, &mut io::sink())
            .map_err(|error| Error::new(&self.document, None, error.into()))?;
        let document = self.document.clone();
        self.verify(true).map_err(|fault| Error::new(&document, None, fault))
    }

    /// The better explanation of a fault in the document: where the file is not the one that repomd.xml describes,
    /// that.
    pub fn explain(mut self, error: Error) -> Error {
        match self.verify(false) {
            Err(fault @ (Fault::Size { .. } | Fault::Checksum { .. })) => {
                Error::new(&error.document, None, fault)
            }
            _ => error,
        }
    }

    fn verify(&mut self, opened: bool) -> Result<Measured, Fault> {
        let stored = self.decoder.stored();
        stored.drain(self.stated.size)?;
        let (size, open_size) = (stored.size, self.open_size);
        if let Some(stated) = self.stated.size.filter(|stated| *stated != size) {
            return Err(Fault::Size { what: "size", stated, found: size });
        }
        let hash = stored.hash.take();
        check("checksum", &self.stated.checksum, hash)?;
        if opened {
            if let Some(stated) = self.stated.open_size.filter(|stated| *stated != open_size) {
                return Err(Fault::Size { what: "open size", stated, found: open_size });
            }
            check("open checksum", &self.stated.open_checksum, self.open_hash.take())?;
        }
        Ok(Measured { size, open_size })
    }
}

impl Read for Opened<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.decoder.read(buffer)?;
        self.open_size += count as u64;
        if self.open_size > self.limit {
            return Err(Fault::Limit { what: "the decompressed size", limit: self.limit }.into());
        }
        if let Some(hash) = &mut self.open_hash {
            hash.update(&buffer[..count]);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::hex;
    use crate::source::checksum::ChecksumKind;
    use std::io::Write;

    fn packed(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text).unwrap();
        let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 1);
        xz.write_all(text).unwrap();
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bzip2.write_all(text).unwrap();
        vec![
            ("plain", text.to_vec()),
            ("gzip", gzip.finish().unwrap()),
            ("xz", xz.finish().unwrap()),
            ("bzip2", bzip2.finish().unwrap()),
            ("zstd", zstd::encode_all(text, 3).unwrap()),
        ]
    }

    fn read(bytes: &[u8], stated: Stated, limits: &Limits) -> Result<(Vec<u8>, Measured), Error> {
        let mut opened = Opened::stream("x", bytes, stated, limits)?;
        let mut text = Vec::new();
        opened.read_to_end(&mut text).map_err(|error| Error::new("x", None, error.into()))?;
        Ok((text, opened.finish()?))
    }

    fn stated(bytes: &[u8], text: &[u8]) -> Stated {
        let sum = |bytes: &[u8]| {
            let mut hasher = ChecksumKind::Sha256.hasher();
            hasher.update(bytes);
            Some(Checksum { kind: "sha256".into(), hex: hex(&hasher.finalize()) })
        };
        Stated {
            checksum: sum(bytes),
            size: Some(bytes.len() as u64),
            open_checksum: sum(text),
            open_size: Some(text.len() as u64),
        }
    }

    #[test]
    fn every_format_is_told_by_its_first_bytes_and_may_have_several_members() {
        let text = b"some text ".repeat(5000);
        for (format, bytes) in packed(&text) {
            let twice = [&bytes[..], &bytes[..]].concat();
            for (bytes, text) in [(bytes, text.clone()), (twice, text.repeat(2))] {
                let (found, measured) =
                    read(&bytes, stated(&bytes, &text), &Limits::default()).unwrap();
                assert_eq!(found, text, "{format}");
                assert_eq!(
                    measured,
                    Measured { size: bytes.len() as u64, open_size: text.len() as u64 }
                );
            }
        }
        assert_eq!(read(b"", Stated::default(), &Limits::default()).unwrap().0, b"");
        assert!(read(b"\0ZCK1 and more", Stated::default(), &Limits::default()).is_err());
    }

    #[test]
    fn another_file_than_stated_is_an_error() {
        for (_, bytes) in packed(b"some text") {
            let good = stated(&bytes, b"some text");
            let sum = |kind: &str| Some(Checksum { kind: kind.into(), hex: "00".repeat(32) });
            let cases = [
                ("size", Stated { size: Some(7), ..good.clone() }),
                ("checksum", Stated { checksum: sum("sha256"), ..good.clone() }),
                ("open size", Stated { open_size: Some(7), ..good.clone() }),
                ("open checksum", Stated { open_checksum: sum("sha256"), ..good.clone() }),
                ("md5", Stated { checksum: sum("md5"), ..good.clone() }),
            ];
            for (word, stated) in cases {
                let error = read(&bytes, stated, &Limits::default()).unwrap_err();
                assert!(error.to_string().contains(word) && error.hint().is_some(), "{error}");
            }
        }
    }

    #[test]
    fn bombs_and_damage_are_errors() {
        let limits = Limits { open_floor: 1 << 20, open_ratio: 10, ..Limits::default() };
        for (format, bytes) in packed(&vec![0; 4 << 20]).into_iter().skip(1) {
            let known = Stated { size: Some(bytes.len() as u64), ..Stated::default() };
            let error = read(&bytes, known, &limits).unwrap_err();
            assert!(
                matches!(error.fault, Fault::Limit { limit: 0x10_0000, .. }),
                "{format}: {error}"
            );
        }
        for (format, bytes) in packed(&b"some text ".repeat(5000)).into_iter().skip(1) {
            let error = read(&bytes[..bytes.len() / 2], Stated::default(), &limits).unwrap_err();
            assert!(matches!(error.fault, Fault::Damaged { .. }), "{format}: {error}");
        }
    }

    #[test]
    fn a_wrong_file_explains_a_fault_in_it() {
        let fault = || Error::new("x", Some(3), Fault::NotText);
        let open = |size| {
            Opened::stream(
                "x",
                &b"text"[..],
                Stated { size, ..Stated::default() },
                &Limits::default(),
            )
        };
        assert!(matches!(open(Some(4)).unwrap().explain(fault()).fault, Fault::NotText));
        assert!(matches!(open(Some(5)).unwrap().explain(fault()).fault, Fault::Size { .. }));
    }
}
