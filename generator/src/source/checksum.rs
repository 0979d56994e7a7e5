//! Checksums as repository metadata states them.

use sha2::digest::DynDigest;

/// A kind of checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChecksumKind {
    /// `sha1`, also written `sha`: broken as a proof of origin, still found in old repositories.
    Sha1,
    /// `sha224`
    Sha224,
    /// `sha256`: what createrepo_c writes by default.
    Sha256,
    /// `sha384`
    Sha384,
    /// `sha512`
    Sha512,
}

impl ChecksumKind {
    /// From a `type` attribute. `None` for every other kind; md5 is no longer read at all.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "sha" | "sha1" => Self::Sha1,
            "sha224" => Self::Sha224,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            _ => return None,
        })
    }

    /// The name in a `type` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// Length in bytes; the text has twice as many hexadecimal digits.
    pub fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Whether a text can be a checksum of this kind: the right number of hexadecimal digits.
    pub fn fits(self, text: &str) -> bool {
        text.len() == 2 * self.length() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    pub(crate) fn hasher(self) -> Box<dyn DynDigest + Send> {
        match self {
            Self::Sha1 => Box::new(sha1::Sha1::default()),
            Self::Sha224 => Box::new(sha2::Sha224::default()),
            Self::Sha256 => Box::new(sha2::Sha256::default()),
            Self::Sha384 => Box::new(sha2::Sha384::default()),
            Self::Sha512 => Box::new(sha2::Sha512::default()),
        }
    }
}

/// A stated checksum. Kinds that this program cannot verify are kept as they are, and refused when they are needed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Checksum {
    /// The `type` attribute.
    pub kind: String,
    /// Hexadecimal digits, as stated.
    pub hex: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_know_their_names_and_lengths() {
        for name in ["sha1", "sha224", "sha256", "sha384", "sha512"] {
            let kind = ChecksumKind::from_name(name).unwrap();
            assert_eq!(kind.name(), name);
            let mut hasher = kind.hasher();
            hasher.update(b"abc");
            let text = crate::digest::hex(&hasher.finalize());
            assert!(
                kind.fits(&text) && !kind.fits(&text[1..]) && !kind.fits(&text.replace('a', "g")),
                "{text}"
            );
        }
        assert_eq!(ChecksumKind::from_name("md5"), None);
        assert_eq!(ChecksumKind::from_name("sha"), Some(ChecksumKind::Sha1));
    }
}
