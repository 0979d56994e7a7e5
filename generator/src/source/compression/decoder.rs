//! Telling compressions apart and undoing them.

use super::stored::Stored;
use crate::source::Fault;
use std::io::{self, Read};

/// The decoder for whatever the file is compressed with.
pub(super) enum Decoder<'a> {
    Plain(Stored<'a>),
    Gzip(flate2::bufread::MultiGzDecoder<Stored<'a>>),
    Xz(liblzma::bufread::XzDecoder<Stored<'a>>),
    Bzip2(bzip2::bufread::MultiBzDecoder<Stored<'a>>),
    Zstd(zstd::stream::read::Decoder<'static, Stored<'a>>),
}

impl<'a> Decoder<'a> {
    /// By the first bytes of the file. `memory` bounds what xz may use, in bytes.
    pub(super) fn detect(mut stored: Stored<'a>, memory: u64) -> io::Result<Self> {
        Ok(match stored.peek(6)? {
            [0x1f, 0x8b, ..] => Decoder::Gzip(flate2::bufread::MultiGzDecoder::new(stored)),
            [0xfd, b'7', b'z', b'X', b'Z', 0] => {
                let stream = liblzma::stream::Stream::new_stream_decoder(
                    memory,
                    liblzma::stream::CONCATENATED,
                )?;
                Decoder::Xz(liblzma::bufread::XzDecoder::new_stream(stored, stream))
            }
            [b'B', b'Z', b'h', ..] => Decoder::Bzip2(bzip2::bufread::MultiBzDecoder::new(stored)),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
                Decoder::Zstd(zstd::stream::read::Decoder::with_buffer(stored)?)
            }
            [0, b'Z', b'C', b'K', ..] => {
                return Err(Fault::Refused(
                    "zchunk files are not read; use the record of the plain document".into(),
                )
                .into());
            }
            _ => Decoder::Plain(stored),
        })
    }

    pub(super) fn stored(&mut self) -> &mut Stored<'a> {
        match self {
            Decoder::Plain(stored) => stored,
            Decoder::Gzip(decoder) => decoder.get_mut(),
            Decoder::Xz(decoder) => decoder.get_mut(),
            Decoder::Bzip2(decoder) => decoder.get_mut(),
            Decoder::Zstd(decoder) => decoder.get_mut(),
        }
    }
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (format, result) = match self {
            Decoder::Plain(stored) => return stored.read(buffer),
            Decoder::Gzip(decoder) => ("gzip", decoder.read(buffer)),
            Decoder::Xz(decoder) => ("xz", decoder.read(buffer)),
            Decoder::Bzip2(decoder) => ("bzip2", decoder.read(buffer)),
            Decoder::Zstd(decoder) => ("zstd", decoder.read(buffer)),
        };
        result.map_err(|error| match error.raw_os_error() {
            Some(_) => error,
            None if error.kind() == io::ErrorKind::Interrupted => error,
            None => Fault::Damaged { format, why: error.to_string() }.into(),
        })
    }
}
