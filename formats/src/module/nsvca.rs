//! Name, stream, version, context, architecture: the identity of a module build.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The identity of one module stream document.
///
/// The order is name, stream, version (as a number), context, architecture; texts bytewise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Nsvca {
    /// Module name.
    pub name: String,
    /// Stream name: a text, never a number (`5.30` is not `5.3`). Nothing forbids a `:` in it, so the joined text of an
    /// identity cannot always be split again: keep the fields.
    pub stream: String,
    /// 0 where the document has none.
    pub version: u64,
    /// Empty where the document has none.
    pub context: String,
    /// Empty where the document has none; clients then read `noarch` ([`Nsvca::arch_or_noarch`]).
    pub arch: String,
}

impl Nsvca {
    /// The architecture as clients see it.
    pub fn arch_or_noarch(&self) -> &str {
        if self.arch.is_empty() { "noarch" } else { &self.arch }
    }

    /// Whether a search for `self` finds `other`, as libmodulemd searches: name and stream must be equal, each other
    /// part must be equal unless `self` lacks it.
    pub fn finds(&self, other: &Nsvca) -> bool {
        self.name == other.name
            && self.stream == other.stream
            && (self.version == 0 || self.version == other.version)
            && (self.context.is_empty() || self.context == other.context)
            && (self.arch.is_empty() || self.arch == other.arch)
    }
}

/// `NAME:STREAM:VERSION:CONTEXT:ARCH`, always four colons; a part that the document lacks is empty, version 0 too.
impl fmt::Display for Nsvca {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.name, self.stream)?;
        if self.version != 0 {
            write!(f, "{}", self.version)?;
        }
        write!(f, ":{}:{}", self.context, self.arch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nsvca(version: u64, context: &str, arch: &str) -> Nsvca {
        Nsvca {
            name: "a".into(),
            stream: "1".into(),
            version,
            context: context.into(),
            arch: arch.into(),
        }
    }

    #[test]
    fn text_and_order() {
        assert_eq!(nsvca(0, "c0", "x86_64").to_string(), "a:1::c0:x86_64");
        assert_eq!(nsvca(7, "", "").to_string(), "a:1:7::");
        assert!(nsvca(9, "z", "z") < nsvca(10, "a", "a"), "versions are numbers");
        assert_eq!(nsvca(1, "c", "").arch_or_noarch(), "noarch");
    }

    #[test]
    fn a_missing_part_finds_every_value() {
        assert!(nsvca(1, "c", "").finds(&nsvca(1, "c", "x86_64")));
        assert!(nsvca(0, "", "").finds(&nsvca(5, "d", "i686")));
        assert!(!nsvca(1, "c", "x86_64").finds(&nsvca(1, "c", "")));
    }
}
