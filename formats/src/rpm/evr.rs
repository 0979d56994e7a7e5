//! Epoch, version, release: the text form and its order.

use std::cmp::Ordering;

/// A version as written in metadata, `[EPOCH:]VERSION[-RELEASE]`, split into its parts.
///
/// Two texts may compare equal without being identical (`1.0` and `1.00`): keep the text where identity matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Evr<'a> {
    /// Decimal digits, `"0"` where the text has none: a missing epoch equals 0 on both sides of a comparison.
    pub epoch: &'a str,
    /// The upstream version; may be empty in hostile input.
    pub version: &'a str,
    /// The release, `None` where missing or empty.
    pub release: Option<&'a str>,
}

impl<'a> Evr<'a> {
    /// Splits a text at the first `:` that follows only digits and at the last `-`, as libsolv does. Never fails.
    pub fn parse(text: &'a str) -> Self {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (epoch, rest) = match text.as_bytes().get(digits) {
            Some(b':') if digits > 0 => (&text[..digits], &text[digits + 1..]),
            _ => ("0", text),
        };
        match rest.rsplit_once('-') {
            Some((version, release)) => {
                Evr { epoch, version, release: (!release.is_empty()).then_some(release) }
            }
            None => Evr { epoch, version: rest, release: None },
        }
    }

    /// The shortest text: no epoch where it is 0, no `-` where there is no release.
    pub fn join(epoch: &str, version: &str, release: &str) -> String {
        let epoch = epoch.trim_start_matches('0');
        let mut text = String::with_capacity(epoch.len() + version.len() + release.len() + 2);
        if !epoch.is_empty() {
            text.push_str(epoch);
            text.push(':');
        }
        text.push_str(version);
        if !release.is_empty() {
            text.push('-');
            text.push_str(release);
        }
        text
    }

    /// The order by epoch and version alone.
    pub(crate) fn compare_epoch_version(&self, other: &Self) -> Ordering {
        segments(self.epoch, other.epoch).then_with(|| segments(self.version, other.version))
    }

    /// The order of packages: epoch, version, release; a missing release sorts before every release.
    pub fn compare(&self, other: &Self) -> Ordering {
        self.compare_epoch_version(other).then_with(|| match (self.release, other.release) {
            (Some(a), Some(b)) => segments(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
    }

    /// Appends bytes whose bytewise order is that of [`Evr::compare`]: for sorting many versions without comparing texts.
    pub fn push_sort_key(&self, key: &mut Vec<u8>) {
        push_segments(self.epoch, key);
        push_segments(self.version, key);
        key.push(u8::from(self.release.is_some()));
        if let Some(release) = self.release {
            push_segments(release, key);
        }
    }

    /// The order of versions inside dependencies: where either side has no release, releases are not compared and the
    /// answer says so.
    pub fn compare_in_dependency(&self, other: &Self) -> DependencyOrder {
        match (self.compare_epoch_version(other), self.release, other.release) {
            (Ordering::Equal, Some(a), Some(b)) => DependencyOrder::Known(segments(a, b)),
            (Ordering::Equal, None, Some(_)) => DependencyOrder::LeftHasNoRelease,
            (Ordering::Equal, Some(_), None) => DependencyOrder::RightHasNoRelease,
            (order, ..) => DependencyOrder::Known(order),
        }
    }
}

/// How two versions stand to each other inside a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DependencyOrder {
    /// They compare like packages.
    Known(Ordering),
    /// Equal as far as the left one goes; it names no release.
    LeftHasNoRelease,
    /// Equal as far as the right one goes; it names no release.
    RightHasNoRelease,
}

/// rpm's segment rule for one part of a version. The rule itself is the `rpm-version` crate's.
fn segments(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    rpm_version::Evr::new("", a, "").cmp(&rpm_version::Evr::new("", b, ""))
}

/// The same rule as bytes: every segment behind a byte that ranks its kind. `~` ranks below the end, `^` right above it.
fn push_segments(text: &str, key: &mut Vec<u8>) {
    const TILDE: u8 = 1;
    const END: u8 = 2;
    const CARET: u8 = 3;
    const LETTERS: u8 = 4;
    const DIGITS: u8 = 5;
    let mut rest = text.as_bytes();
    while let Some(first) = rest.first() {
        let run = |of: fn(&u8) -> bool| rest.iter().take_while(|byte| of(byte)).count();
        let length = match first {
            b'~' => {
                key.push(TILDE);
                1
            }
            b'^' => {
                key.push(CARET);
                1
            }
            b'0'..=b'9' => {
                let length = run(u8::is_ascii_digit);
                let zeros = run(|byte| *byte == b'0');
                let digits = &rest[zeros..length];
                key.push(DIGITS);
                key.extend_from_slice(&(digits.len() as u32).to_be_bytes());
                key.extend_from_slice(digits);
                length
            }
            byte if byte.is_ascii_alphabetic() => {
                let length = run(u8::is_ascii_alphabetic);
                key.push(LETTERS);
                key.extend_from_slice(&rest[..length]);
                // Below every letter: a prefix sorts first.
                key.push(0);
                length
            }
            _ => 1,
        };
        rest = &rest[length..];
    }
    key.push(END);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order(a: &str, b: &str) -> Ordering {
        Evr::parse(a).compare(&Evr::parse(b))
    }

    #[test]
    fn parts() {
        let all = Evr::parse("1:2.3-4.el9");
        assert_eq!((all.epoch, all.version, all.release), ("1", "2.3", Some("4.el9")));
        let odd = Evr::parse("a:1-2-3");
        assert_eq!((odd.epoch, odd.version, odd.release), ("0", "a:1-2", Some("3")));
        assert_eq!(Evr::parse("1-").release, None);
        assert_eq!(Evr::join("00", "1", ""), "1");
        assert_eq!(Evr::join("02", "1", "3"), "2:1-3");
    }

    /// Verdicts of rpm 4.18 for the cases in which implementations go wrong.
    #[test]
    fn order_is_rpms() {
        use Ordering::{Equal, Greater, Less};
        for (a, b, want) in [
            ("1.0", "1.00", Equal),
            ("1.0", "1", Greater),
            ("1.0a", "1.0", Greater),
            ("1.0", "1.0.a", Less),
            ("1.0~rc1", "1.0", Less),
            ("1.0~rc1", "1.0~rc2", Less),
            ("1.0~", "1.0", Less),
            ("1.0^", "1.0", Greater),
            ("1.0^git1", "1.0.1", Less),
            ("1.0^git1", "1.0~rc1", Greater),
            ("1.0^git1~pre", "1.0^git1", Less),
            ("a", "1", Less),
            ("10", "9", Greater),
            ("0010", "10", Equal),
            ("abc", "abc1", Less),
            ("2a", "2.0", Less),
            ("1.0+x", "1.0x", Equal),
            ("1_2", "1.2", Equal),
            ("1..2", "1.2", Equal),
            ("fc4", "fc.4", Equal),
            ("1.", "1", Equal),
            ("20101121", "20101121.1", Less),
            ("6.0.rc1", "6.0", Greater),
            ("~", "~~", Greater),
            ("é", "1", Less),
            ("1", "1-1", Less),
            ("1:1", "2", Greater),
            ("0:1-1", "1-1", Equal),
        ] {
            assert_eq!(order(a, b), want, "{a} against {b}");
            assert_eq!(order(b, a), want.reverse(), "{b} against {a}");
            let [key_a, key_b] = [a, b].map(|text| {
                let mut key = Vec::new();
                Evr::parse(text).push_sort_key(&mut key);
                key
            });
            assert_eq!(key_a.cmp(&key_b), want, "the keys of {a} and {b}");
        }
    }

    proptest! {
        /// Sorting by keys is sorting by the rule.
        #[test]
        fn keys_sort_as_versions_compare(
            a in "([0-9]:)?[0a1b~^.é_]{0,8}(-[0a1b~^.]{0,4})?",
            b in "([0-9]:)?[0a1b~^.é_]{0,8}(-[0a1b~^.]{0,4})?",
        ) {
            let [key_a, key_b] = [&a, &b].map(|text| {
                let mut key = Vec::new();
                Evr::parse(text).push_sort_key(&mut key);
                key
            });
            prop_assert_eq!(key_a.cmp(&key_b), order(&a, &b), "{} against {}", a, b);
        }
    }
}
