//! Name, stream, version, context, architecture: the identity of a module build, and how it is written.
//!
//! | text | where |
//! |---|---|
//! | `N:S:V` | what users see |
//! | `N:S:V:C`, `N:S:V:C:A` | where it takes the context (and the architecture) to tell builds apart; libmodulemd, dnf |
//! | `N-S-V-C`, `N-S-V.C` | build systems; koji writes a `-` of the stream as `_` |

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
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

    /// Splits `N:S`, `N:S:V`, `N:S:V:C` or `N:S:V:C:A`; a part may be empty behind the stream. `None` where it is none of
    /// these, or the version no number. A stream with a `:` in it cannot be told from two parts.
    pub fn parse(text: &str) -> Option<Nsvca> {
        let parts: Vec<&str> = text.split(':').collect();
        let part = |at: usize| parts.get(at).copied().unwrap_or("");
        if !(2..=5).contains(&parts.len()) || part(0).is_empty() || part(1).is_empty() {
            return None;
        }
        Some(Nsvca {
            name: part(0).into(),
            stream: part(1).into(),
            version: if part(2).is_empty() { 0 } else { version(part(2))? },
            context: part(3).into(),
            arch: part(4).into(),
        })
    }

    /// Splits `N-S-V-C` or `N-S-V.C` from the right, where names may have dashes and streams must not. `None` where it is
    /// neither.
    pub fn parse_dashed(text: &str) -> Option<Nsvca> {
        let (rest, context) = text.rsplit_once(['-', '.'])?;
        let (rest, number) = rest.rsplit_once('-')?;
        let (name, stream) = rest.rsplit_once('-')?;
        let sound = ![name, stream, context].contains(&"");
        let (name, stream, context) = (name.into(), stream.into(), context.into());
        let version = version(number)?;
        sound.then_some(Nsvca { name, stream, version, context, arch: String::new() })
    }

    /// `N:S:V`; `N:S` where there is no version.
    pub fn nsv(&self) -> String {
        match self.version {
            0 => format!("{}:{}", self.name, self.stream),
            version => format!("{}:{}:{version}", self.name, self.stream),
        }
    }

    /// `N:S:V:C`
    pub fn nsvc(&self) -> String {
        let version = if self.version == 0 { String::new() } else { self.version.to_string() };
        format!("{}:{}:{version}:{}", self.name, self.stream, self.context)
    }

    /// `N-S-V-C`
    pub fn dashed(&self) -> String {
        format!("{}-{}-{}-{}", self.name, self.stream, self.version, self.context)
    }

    /// Whether a text is one of the whole spellings of this identity, from `N:S` on. This cannot be mistaken, whatever
    /// characters the parts have.
    pub fn is_spelled(&self, text: &str) -> bool {
        let koji = || {
            let stream = self.stream.replace('-', "_");
            format!("{}-{stream}-{}.{}", self.name, self.version, self.context)
        };
        text == self.to_string()
            || text == self.nsvc()
            || text == self.nsv()
            || text == format!("{}:{}", self.name, self.stream)
            || text == self.dashed()
            || text == koji()
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

fn version(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// What to show a user for each of these identities: `N:S:V`, and only where that is the same for different builds the
/// context too, and where that is the same the architecture. O(n).
pub fn shown<'a>(identities: impl IntoIterator<Item = &'a Nsvca> + Clone) -> Vec<String> {
    // By the shorter text: the longer one of all that share it, until they differ.
    let ambiguous = |short: &dyn Fn(&Nsvca) -> String| {
        let mut first: HashMap<String, Option<&Nsvca>> = HashMap::new();
        for identity in identities.clone() {
            let known = first.entry(short(identity)).or_insert(Some(identity));
            if known.is_some_and(|known| known != identity) {
                *known = None;
            }
        }
        first
    };
    let (by_nsv, by_nsvc) = (ambiguous(&Nsvca::nsv), ambiguous(&Nsvca::nsvc));
    let show = |identity: &Nsvca| {
        let (nsv, nsvc) = (identity.nsv(), identity.nsvc());
        if by_nsv.get(&nsv).is_some_and(Option::is_some) {
            nsv
        } else if by_nsvc.get(&nsvc).is_some_and(Option::is_some) {
            nsvc
        } else {
            identity.to_string()
        }
    };
    identities.clone().into_iter().map(show).collect()
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

    #[test]
    fn spellings() {
        let full = Nsvca::parse("perl-x:5.30:8010:6e5:x86_64").unwrap();
        assert_eq!((full.version, &full.context[..], &full.arch[..]), (8010, "6e5", "x86_64"));
        assert_eq!(Nsvca::parse(&full.to_string()), Some(full.clone()));
        assert_eq!(full.nsv(), "perl-x:5.30:8010");
        assert_eq!(full.nsvc(), "perl-x:5.30:8010:6e5");
        assert_eq!(full.dashed(), "perl-x-5.30-8010-6e5");
        let built = Nsvca { arch: String::new(), ..full.clone() };
        for text in ["perl-x-5.30-8010-6e5", "perl-x-5.30-8010.6e5"] {
            assert_eq!(Nsvca::parse_dashed(text), Some(built.clone()), "{text}");
            assert!(full.is_spelled(text), "{text}");
        }
        for text in [
            "perl-x:5.30",
            "perl-x:5.30:8010",
            "perl-x:5.30:8010:6e5",
            "perl-x:5.30:8010:6e5:x86_64",
        ] {
            assert!(full.is_spelled(text), "{text}");
            assert!(Nsvca::parse(text).unwrap().finds(&full), "{text}");
        }
        assert_eq!(Nsvca::parse("a:1::c").unwrap().to_string(), "a:1::c:");
        for text in
            ["", "a", ":1", "a:", "a:1:x", "a:1:-1", "a:1:18446744073709551616", "a:1:1:c:x:y"]
        {
            assert_eq!(Nsvca::parse(text), None, "{text}");
        }
        for text in ["", "a-1-c", "a-1-x-c", "-1-1-c", "a-1-1-", "a-1--c"] {
            assert_eq!(Nsvca::parse_dashed(text), None, "{text}");
        }
        let odd = Nsvca { stream: "a-b:c".into(), ..nsvca(1, "c", "") };
        assert!(odd.is_spelled("a:a-b:c:1:c") && odd.is_spelled("a-a_b:c-1.c"));
        assert!(!odd.is_spelled("a:a-b"));
    }

    #[test]
    fn users_see_no_more_than_they_need() {
        let all = [
            nsvca(1, "c", "x"),
            nsvca(2, "c", "x"),
            nsvca(2, "d", "x"),
            nsvca(2, "d", "y"),
            nsvca(1, "c", "x"),
            nsvca(0, "", ""),
        ];
        assert_eq!(shown(&all), ["a:1:1", "a:1:2:c", "a:1:2:d:x", "a:1:2:d:y", "a:1:1", "a:1"]);
    }
}
