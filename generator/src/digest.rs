//! Digests: of files, and of what an index was made from.

use crate::source::Checksum;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use modex_formats::index::{FORMAT_VERSION, SourceDigest};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io;
use std::path::Path;

/// SHA-256 of some bytes, in hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of a file, in hexadecimal digits.
///
/// # Errors
/// It cannot be read.
pub fn sha256_of_file(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hex(&hash.finalize()))
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Appends the bytes that hexadecimal digits stand for; nothing and `None` where the text is something else.
pub(crate) fn unhex(text: &str, into: &mut Vec<u8>) -> Option<()> {
    let start = into.len();
    into.resize(start + HEXLOWER_PERMISSIVE.decode_len(text.len()).ok()?, 0);
    let decoded = HEXLOWER_PERMISSIVE.decode_mut(text.as_bytes(), &mut into[start..]);
    if decoded.is_err() {
        into.truncate(start);
    }
    decoded.ok().map(|_| ())
}

/// What an index is made from: equal digests mean equal indexes, as long as the program is the same.
///
/// SHA-256 over the format version (u16), the architecture, the number of documents (u64), for each of them (in the
/// order given) its record type, the kind and the digits of its checksum, then the number of asked paths (u64) and the
/// paths; where package files were read and orphans found, then the number of these (u64) and their ids (u32). Every text has
/// its length in front (u64); numbers are little-endian.
pub(crate) fn source_digest<'a>(
    arch: &str,
    documents: &[(&str, &Checksum)],
    asked: impl ExactSizeIterator<Item = &'a str>,
    orphans: &[u32],
) -> SourceDigest {
    let mut hash = Sha256::new();
    hash.update(FORMAT_VERSION.to_le_bytes());
    let text = |hash: &mut Sha256, text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    text(&mut hash, arch);
    hash.update((documents.len() as u64).to_le_bytes());
    for (kind, checksum) in documents {
        text(&mut hash, kind);
        text(&mut hash, &checksum.kind);
        text(&mut hash, &checksum.hex.to_ascii_lowercase());
    }
    hash.update((asked.len() as u64).to_le_bytes());
    asked.for_each(|path| text(&mut hash, path));
    if !orphans.is_empty() {
        hash.update((orphans.len() as u64).to_le_bytes());
        orphans.iter().for_each(|id| hash.update(id.to_le_bytes()));
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_go_both_ways() {
        let mut bytes = Vec::new();
        assert_eq!(unhex("00fF10", &mut bytes), Some(()));
        assert_eq!((bytes.as_slice(), hex(&bytes)), (&[0, 255, 16][..], "00ff10".into()));
        assert!(unhex("0", &mut bytes).is_none() && unhex("0g", &mut bytes).is_none());
    }

    #[test]
    fn every_part_counts() {
        let checksum = |hex: &str| Checksum { kind: "sha256".into(), hex: hex.into() };
        let (a, b) = (checksum("aa"), checksum("bb"));
        let digest = |arch, documents: &[(&str, &Checksum)], asked: &[&str]| {
            source_digest(arch, documents, asked.iter().copied(), &[])
        };
        let orphans =
            |ids: &[u32]| source_digest("x86_64", &[("primary", &a)], [].into_iter(), ids);
        let all = [
            digest("x86_64", &[("primary", &a)], &["/bin/sh"]),
            digest("aarch64", &[("primary", &a)], &["/bin/sh"]),
            digest("x86_64", &[("primary", &b)], &["/bin/sh"]),
            digest("x86_64", &[("modules", &a)], &["/bin/sh"]),
            digest("x86_64", &[("primary", &a), ("modules", &b)], &["/bin/sh"]),
            digest("x86_64", &[("primary", &a)], &["/bin", "/sh"]),
            digest("x86_64", &[("primary", &a)], &[]),
            orphans(&[1]),
            orphans(&[1, 2]),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[..at].contains(one), "{at}");
        }
        let upper = checksum("AA");
        assert_eq!(digest("x86_64", &[("primary", &upper)], &["/bin/sh"]), all[0]);
    }
}
