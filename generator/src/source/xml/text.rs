//! From raw text and attribute values to what they mean.

use crate::source::Fault;
use memchr::memchr2;

/// Whether a text between tags means itself: no references, no carriage returns.
pub(crate) fn is_plain(raw: &str) -> bool {
    memchr2(b'&', b'\r', raw.as_bytes()).is_none()
}

/// Appends what a text between tags means.
///
/// # Errors
/// As [`resolve`].
pub(crate) fn push_text(raw: &str, out: &mut String) -> Result<(), Fault> {
    resolve(raw, out, |rest, out| {
        // Every line end is one line feed.
        match rest.strip_prefix("\r\n") {
            Some(after) => {
                out.push('\n');
                Some(after)
            }
            None => rest.strip_prefix('\r').inspect(|_| out.push('\n')),
        }
    })
}

/// Appends what an attribute value means: white space signs become blanks.
///
/// # Errors
/// As [`resolve`].
pub(crate) fn push_value(raw: &str, out: &mut String) -> Result<(), Fault> {
    resolve(raw, out, |rest, out| {
        let after = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\r', '\n', '\t']))?;
        out.push(' ');
        Some(after)
    })
}

/// Appends a text with its references resolved; `space` replaces the white space that it knows at the start of a text.
///
/// # Errors
/// [`Fault::Entities`] for a reference to anything but the five predefined entities, [`Fault::NotWellFormed`] for a bare
/// `&` or a reference to a character that XML forbids.
fn resolve<'a>(
    mut rest: &'a str,
    out: &mut String,
    space: impl Fn(&'a str, &mut String) -> Option<&'a str>,
) -> Result<(), Fault> {
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'\r' | b'\n' | b'\t'))
    {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(reference) = rest.strip_prefix('&') {
            // The longest reference worth reading is `#x10FFFF` with some zeros.
            let length = reference.bytes().take(32).position(|byte| byte == b';');
            let name = &reference[..length.ok_or_else(|| bad("an & stands alone"))?];
            out.push(character(name)?);
            rest = &reference[name.len() + 1..];
        } else if let Some(after) = space(rest, out) {
            rest = after;
        } else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Ok(())
}

fn character(name: &str) -> Result<char, Fault> {
    let number = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix('x') {
            Some(hex) if !hex.starts_with('+') => u32::from_str_radix(hex, 16),
            None if !digits.starts_with('+') => digits.parse(),
            _ => return Err(bad("a character reference is not a number")),
        },
        None => {
            return Ok(match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                _ => return Err(Fault::Entities),
            });
        }
    };
    let allowed = |c: &char| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    number
        .ok()
        .and_then(char::from_u32)
        .filter(allowed)
        .ok_or_else(|| bad("a character reference to no character that XML allows"))
}

fn bad(why: &str) -> Fault {
    Fault::NotWellFormed(why.into())
}

/// Makes UTF-8 text of a piece of a document. Bytes that are not UTF-8, and control characters that XML forbids, are
/// each replaced with `?`; the ranges where that happened are returned with the text, in order.
pub(crate) fn sanitize(mut bytes: Vec<u8>) -> (String, Vec<std::ops::Range<usize>>) {
    let mut spoilt = Vec::new();
    if bytes
        .chunks(4096)
        .any(|block| block.iter().fold(false, |found, byte| found | forbidden(*byte)))
    {
        for (at, byte) in bytes.iter_mut().enumerate().filter(|(_, byte)| forbidden(**byte)) {
            *byte = b'?';
            note(&mut spoilt, at..at + 1);
        }
    }
    loop {
        match String::from_utf8(bytes) {
            Ok(text) => {
                spoilt.sort_unstable_by_key(|range| range.start);
                return (text, spoilt);
            }
            Err(error) => {
                let mut at = error.utf8_error().valid_up_to();
                bytes = error.into_bytes();
                // From the first fault on, in one pass: the text may have many.
                for chunk in bytes[at..].to_vec().utf8_chunks() {
                    at += chunk.valid().len();
                    let length = chunk.invalid().len();
                    bytes[at..at + length].fill(b'?');
                    if length > 0 {
                        note(&mut spoilt, at..at + length);
                    }
                    at += length;
                }
            }
        }
    }
}

fn forbidden(byte: u8) -> bool {
    (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')
}

fn note(spoilt: &mut Vec<std::ops::Range<usize>>, range: std::ops::Range<usize>) {
    match spoilt.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ => spoilt.push(range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(raw: &str) -> Option<String> {
        let mut out = String::new();
        push_text(raw, &mut out).ok().map(|()| out)
    }

    fn value(raw: &str) -> Option<String> {
        let mut out = String::new();
        push_value(raw, &mut out).ok().map(|()| out)
    }

    #[test]
    fn references_and_line_ends() {
        assert_eq!(text("a&lt;b&#x41;&#66;\r\n\r\tc\n&amp;amp;").unwrap(), "a<bAB\n\n\tc\n&amp;");
        assert_eq!(value("a\r\nb\tc\nd&#10;&quot;&apos;&gt;").unwrap(), "a b c d\n\"'>");
        for bad in [
            "&",
            "& ",
            "&;",
            "&#;",
            "&#x;",
            "&#0;",
            "&#1;",
            "&#xd800;",
            "&#x110000;",
            "&#+65;",
            "&nbsp;",
            "&lt",
        ] {
            assert_eq!((text(bad), value(bad)), (None, None), "{bad}");
        }
        assert!(matches!(push_text("&x;", &mut String::new()), Err(Fault::Entities)));
        assert!(is_plain("a > b\n") && !is_plain("&") && !is_plain("\r"));
    }

    #[test]
    fn bad_bytes_are_marked_and_replaced_in_place() {
        let (text, spoilt) = sanitize(b"a\xff\xfeb\x01c\xc3\xa9\xc3".to_vec());
        assert_eq!(text, "a??b?cé?");
        assert_eq!(spoilt, [1..3, 4..5, 8..9]);
        assert_eq!(sanitize("é\n\t\r".into()), ("é\n\t\r".into(), vec![]));
    }

    proptest! {
        #[test]
        fn sanitizing_keeps_length_and_the_good_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let (text, spoilt) = sanitize(bytes.clone());
            prop_assert_eq!(text.len(), bytes.len());
            let bad: Vec<usize> = spoilt.iter().flat_map(|range| range.clone()).collect();
            prop_assert!(bad.windows(2).all(|pair| pair[0] < pair[1]));
            for (at, byte) in bytes.iter().enumerate() {
                prop_assert_eq!(text.as_bytes()[at], if bad.binary_search(&at).is_ok() { b'?' } else { *byte });
            }
        }

        #[test]
        fn agrees_with_quick_xml(raw in "[a&;#x4lt\\n]{0,12}") {
            if let (Some(ours), Ok(theirs)) = (text(&raw), quick_xml::escape::unescape(&raw)) {
                prop_assert_eq!(ours, theirs);
            }
        }
    }
}
