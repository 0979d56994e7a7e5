//! A package file (`NAME-VERSION-RELEASE.ARCH.rpm`): a lead, the signature header, the header of the package, the payload.
//!
//! Only what stands before the payload is read. Source: rpm's `docs/manual/format_v4.md` (rpm 4.18).

use super::{Header, HeaderError};
use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// What every package file begins with, before the kind of the package.
const LEAD: [u8; 4] = [0xed, 0xab, 0xee, 0xdb];
const LEAD_BYTES: u64 = 96;

/// What each header of a file begins with: magic bytes, version 1, four bytes of no meaning.
const HEADER_START: [u8; 4] = [0x8e, 0xad, 0xe8, 0x01];

/// Larger headers than this are refused, as by rpm.
const MAX_HEADER: u64 = 256 << 20;

/// Tags of the signature header: SHA-256 of the package's header in hexadecimal digits; bytes of header and payload.
const SIGNATURE_SHA256: u32 = 273;
const SIGNATURE_SIZE: u32 = 1000;
const SIGNATURE_LONG_SIZE: u32 = 270;

/// Why a package file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("it is no package file")]
    Foreign,
    /// It ends too early.
    #[error("it is cut short")]
    Cut,
    /// A header is damaged.
    #[error("its header is damaged: {0}")]
    Header(#[from] HeaderError),
    /// The header is not the one that the file's own digest was made of.
    #[error("its header is damaged: it does not have the digest that the file states")]
    Digest,
}

/// What stands before the payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The package's header, from its sizes on: what [`Header::parse`] takes.
    pub header: Vec<u8>,
    /// How long the whole file must be, where it says so.
    pub file_bytes: Option<u64>,
}

impl Head {
    /// Reads from the beginning of a file up to its payload. The header must have the digest that the file states, where it
    /// states one. Memory is bounded by what there is to read, and by 512 MiB.
    ///
    /// # Errors
    /// Any [`FileError`].
    pub fn read(mut input: impl Read) -> Result<Self, FileError> {
        let mut lead = Vec::new();
        input.by_ref().take(LEAD_BYTES).read_to_end(&mut lead)?;
        if !lead.is_empty() && lead.iter().zip(LEAD).any(|(found, wanted)| *found != wanted) {
            return Err(FileError::Foreign);
        }
        if lead.len() as u64 != LEAD_BYTES {
            return Err(FileError::Cut);
        }
        let bytes = read_header(&mut input)?;
        let signature = Header::parse(&bytes)?;
        // The signature header is filled up to eight bytes; the start before its sizes has eight.
        let filling = (8 - bytes.len() as u64 % 8) % 8;
        read_exactly(&mut input, filling)?;
        let header = read_header(&mut input)?;
        if let Some(stated) = signature.text(SIGNATURE_SHA256)? {
            let mut digest = Sha256::new();
            digest.update(HEADER_START);
            digest.update([0; 4]);
            digest.update(&header);
            let found: String =
                digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            if !stated.eq_ignore_ascii_case(&found) {
                return Err(FileError::Digest);
            }
        }
        let behind = match signature.long(SIGNATURE_LONG_SIZE)? {
            Some(size) => Some(size),
            None => signature.number(SIGNATURE_SIZE)?.map(u64::from),
        };
        let before = LEAD_BYTES + 8 + bytes.len() as u64 + filling;
        let file_bytes = behind.map(|behind| before.saturating_add(behind));
        Ok(Head { header, file_bytes })
    }
}

/// Reads a header with its sizes, its start left out.
fn read_header(input: &mut impl Read) -> Result<Vec<u8>, FileError> {
    let start = read_exactly(input, 16)?;
    let size = |at: usize| {
        let bytes = start.get(at..).and_then(<[u8]>::first_chunk);
        bytes.map_or(0, |bytes| u64::from(u32::from_be_bytes(*bytes)))
    };
    if !start.starts_with(&HEADER_START) {
        return Err(HeaderError::Sizes.into());
    }
    let bytes = size(8) * 16 + size(12);
    if bytes > MAX_HEADER {
        return Err(HeaderError::Sizes.into());
    }
    let mut header = start[8..].to_vec();
    header.extend(read_exactly(input, bytes)?);
    Ok(header)
}

/// Reads so many bytes; takes no memory for what is not there.
fn read_exactly(input: &mut impl Read, bytes: u64) -> Result<Vec<u8>, FileError> {
    let mut found = Vec::new();
    input.take(bytes).read_to_end(&mut found)?;
    match found.len() as u64 == bytes {
        true => Ok(found),
        false => Err(FileError::Cut),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header of texts and its data, from the sizes on.
    fn header(texts: &[(u32, &str)]) -> Vec<u8> {
        let (mut index, mut data) = (Vec::new(), Vec::new());
        for (tag, text) in texts {
            for number in [*tag, 6, data.len() as u32, 1] {
                index.extend(number.to_be_bytes());
            }
            data.extend(text.as_bytes());
            data.push(0);
        }
        let sizes = [texts.len() as u32, data.len() as u32].map(u32::to_be_bytes);
        [sizes.as_flattened(), &index, &data].concat()
    }

    fn file(signature: &[(u32, &str)], package: &[(u32, &str)]) -> Vec<u8> {
        let start = [&HEADER_START[..], &[0; 4]].concat();
        let mut bytes = [&LEAD[..], &[0; 92], &start, &header(signature)].concat();
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        [&bytes, &start[..], &header(package), b"payload"].concat()
    }

    #[test]
    fn heads() {
        let package = [(1000, "bash"), (1022, "noarch")];
        for signature in [&[][..], &[(1, "a")], &[(1, "abcd"), (2, "ef")]] {
            let head = Head::read(&file(signature, &package)[..]).unwrap();
            assert_eq!(head, Head { header: header(&package), file_bytes: None });
        }
        let mut digest = Sha256::new();
        digest.update([&HEADER_START[..], &[0; 4], &header(&package)].concat());
        let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02X}")).collect();
        assert!(Head::read(&file(&[(273, &digest)], &package)[..]).is_ok());
        let wrong = Head::read(&file(&[(273, &digest[1..])], &package)[..]);
        assert!(matches!(wrong, Err(FileError::Digest)));
    }

    #[test]
    fn no_heads() {
        let whole = file(&[(1, "a")], &[(1000, "bash")]);
        for end in 0..whole.len() - b"payload".len() {
            assert!(matches!(Head::read(&whole[..end]), Err(FileError::Cut)), "{end}");
        }
        for foreign in [&[0; 200][..], b"text"] {
            assert!(matches!(Head::read(foreign), Err(FileError::Foreign)));
        }
        for at in [96, 104, 108] {
            let mut bytes = whole.clone();
            bytes[at] = 0xff;
            let error = Head::read(&bytes[..]).unwrap_err();
            assert!(matches!(error, FileError::Header(HeaderError::Sizes)), "{at}: {error}");
        }
    }
}
