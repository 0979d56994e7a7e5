//! `CSUM`: the digests of the package files, one after the other; `CSLN`: the length of each in bytes, u8. The length
//! tells the algorithm: 16 MD5, 20 SHA-1, 28 SHA-224, 32 SHA-256, 48 SHA-384, 64 SHA-512. Where all packages have the same
//! length, `CSLN` is that one byte.

use super::fail;
use crate::index::{File, FileBuilder, FormatError};

/// Tags: digests, their lengths.
pub const TAGS: [[u8; 4]; 2] = [*b"CSUM", *b"CSLN"];

/// Names of the algorithms as repodata writes them, with the length of a digest in bytes.
pub const ALGORITHMS: [(&str, usize); 6] =
    [("md5", 16), ("sha", 20), ("sha224", 28), ("sha256", 32), ("sha384", 48), ("sha512", 64)];

/// Digests by package.
#[derive(Clone, Copy)]
pub struct Checksums<'a> {
    digests: &'a [u8],
    lengths: &'a [u8],
}

impl<'a> Checksums<'a> {
    pub(crate) fn open(file: &File<'a>) -> Result<Self, FormatError> {
        let [csum, csln] = TAGS;
        Ok(Checksums { digests: file.section(csum)?, lengths: file.section(csln)? })
    }

    /// A package's digest with the name of its algorithm. O(1), where lengths are mixed O(packages before it).
    pub fn get(&self, package: u32) -> Option<(&'static str, &'a [u8])> {
        let package = package as usize;
        let (start, length) = match self.lengths {
            [length] => (package.checked_mul(usize::from(*length))?, usize::from(*length)),
            lengths => {
                let before: usize =
                    lengths.get(..package)?.iter().map(|length| usize::from(*length)).sum();
                (before, usize::from(*lengths.get(package)?))
            }
        };
        let (name, _) = ALGORITHMS.iter().find(|(_, known)| *known == length)?;
        Some((name, self.digests.get(start..start.checked_add(length)?)?))
    }

    pub(crate) fn check(&self, packages: usize) -> Result<(), FormatError> {
        let [csum, csln] = TAGS;
        let known =
            |length: &u8| ALGORITHMS.iter().any(|(_, known)| known == &usize::from(*length));
        if !self.lengths.iter().all(known) {
            return Err(fail(csln, "a length of no known algorithm"));
        }
        if matches!(self.lengths, [first, _, ..] if self.lengths.iter().all(|length| length == first))
        {
            return Err(fail(csln, "equal lengths that one byte would say"));
        }
        let total = match self.lengths {
            [length] if packages > 0 => packages.checked_mul(usize::from(*length)),
            lengths if lengths.len() == packages => {
                Some(lengths.iter().map(|length| usize::from(*length)).sum())
            }
            _ => None,
        };
        match total == Some(self.digests.len()) {
            true => Ok(()),
            false => Err(fail(csum, "not one digest a package")),
        }
    }
}

pub(crate) fn write(digests: &[u8], lengths: &[u8], out: &mut FileBuilder) {
    let [csum, csln] = TAGS;
    out.required(csum, digests.to_vec());
    match lengths {
        [first, rest @ ..] if rest.iter().all(|length| length == first) => {
            out.required(csln, vec![*first])
        }
        mixed => out.required(csln, mixed.to_vec()),
    }
}
