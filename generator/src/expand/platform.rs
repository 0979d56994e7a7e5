//! Streams of the platform: the number in their name, and virtual streams.

use super::ExpandError;
use std::str::FromStr;

/// The number in the name of a platform stream: from the first digit on, while there are digits and dots; each part gets
/// two digits or more. With `padded`, zeros are added behind up to six digits, so that `el8` and `el8.1.0` compare.
/// 0 where the name has no digit. Numbers beyond 38 digits are all the same one.
///
/// `f27` is 270000 padded and 27 unpadded, `el8.1.0` is 80100 both ways (spec of the rule: Module Build Service).
pub fn stream_version(stream: &str, padded: bool) -> u128 {
    let Some(start) = stream.find(|c: char| c.is_ascii_digit()) else { return 0 };
    let rest = &stream[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let numbers = rest[..end].trim_end_matches('.');
    let mut digits: String = numbers.split('.').map(|part| format!("{part:0>2}")).collect();
    if padded {
        digits = format!("{digits:0<6}");
    }
    digits.parse().unwrap_or(u128::MAX)
}

/// Where the numbers compatible with this one begin: its major version.
pub(super) fn major(version: u128) -> u128 {
    version - version % 10_000
}

/// A number that dependencies on the platform state: meant is one of the form `x.y.z`. The build service takes for that
/// what it writes with five characters, and it writes `100.0`: so `el9.1` and `f100` count too.
pub(super) fn stated(version: u128) -> Option<u128> {
    (version >= 100).then_some(version)
}

/// A stream of the platform, without a document: `el8.1.0=el8`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformStream {
    /// Its name.
    pub stream: String,
    /// The virtual streams that it provides.
    pub virtual_streams: Vec<String>,
}

/// `STREAM`, or `STREAM=VIRTUAL+VIRTUAL` with the virtual streams that it provides.
impl FromStr for PlatformStream {
    type Err = ExpandError;

    fn from_str(text: &str) -> Result<Self, ExpandError> {
        let (stream, virtuals) = match text.split_once('=') {
            Some((stream, virtuals)) => (stream, virtuals.split('+').map(String::from).collect()),
            None => (text, Vec::new()),
        };
        let fine = |name: &str| !name.is_empty() && !name.starts_with('-');
        if fine(stream) && virtuals.iter().all(|name| fine(name)) {
            return Ok(PlatformStream { stream: stream.into(), virtual_streams: virtuals });
        }
        Err(ExpandError::PlatformStream(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_specification() {
        for (stream, padded, unpadded) in [
            ("f27", 270_000, 27),
            ("f27.02.30", 270_230, 270_230),
            ("el8", 80_000, 8),
            ("el8.1.0", 80_100, 80_100),
            ("fl7.0.1-beta", 70_001, 70_001),
            ("rhel-8.1", 80_100, 801),
            ("el8.100.1", 810_001, 810_001),
            ("el8..", 80_000, 8),
            ("rawhide", 0, 0),
            ("", 0, 0),
            ("é9", 90_000, 9),
        ] {
            assert_eq!(stream_version(stream, true), padded, "{stream}");
            assert_eq!(stream_version(stream, false), unpadded, "{stream}");
        }
        assert_eq!(stream_version(&"9".repeat(100_000), true), u128::MAX);
    }

    #[test]
    fn streams_without_a_document() {
        let read = |text: &str| text.parse::<PlatformStream>().ok();
        let of = |stream: &str, virtuals: &[&str]| {
            let virtual_streams = virtuals.iter().map(|name| name.to_string()).collect();
            Some(PlatformStream { stream: stream.into(), virtual_streams })
        };
        assert_eq!(read("f29"), of("f29", &[]));
        assert_eq!(read("el8.1.0=el8+el"), of("el8.1.0", &["el8", "el"]));
        assert!(
            ["", "-f29", "=el8", "f29=", "f29=a++b"].into_iter().all(|text| read(text).is_none())
        );
    }
}
