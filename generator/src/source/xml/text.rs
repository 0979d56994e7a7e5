//! From raw text and attribute values to what they mean.

use crate::source::Fault;
use memchr::memchr2;
use quick_xml::XmlVersion;
use quick_xml::escape::{EscapeError, unescape};
use quick_xml::events::BytesText;
use quick_xml::events::attributes::Attribute;
use quick_xml::name::QName;

/// Whether a text between tags means itself: no references, no carriage returns.
pub(crate) fn is_plain(raw: &str) -> bool {
    memchr2(b'&', b'\r', raw.as_bytes()).is_none()
}

/// Appends what a text between tags means: references resolved, every line end one line feed.
///
/// # Errors
/// [`Fault::Entities`] for a reference to anything but the five predefined entities, [`Fault::NotWellFormed`] for a bare
/// `&` or a reference to a character that XML forbids.
pub(crate) fn push_text(raw: &str, out: &mut String) -> Result<(), Fault> {
    let lines = BytesText::from_escaped(raw).xml10_content();
    push(&unescape(&lines).map_err(fault)?, out)
}

/// Appends what an attribute value means: white space signs become blanks.
///
/// # Errors
/// As [`push_text`].
pub(crate) fn push_value(raw: &str, out: &mut String) -> Result<(), Fault> {
    let attribute = Attribute { key: QName("value"), value: raw.into() };
    match attribute.normalized_value(XmlVersion::Implicit1_0) {
        Ok(value) => push(&value, out),
        Err(quick_xml::Error::Escape(error)) => Err(fault(error)),
        Err(error) => Err(Fault::NotWellFormed(error.to_string())),
    }
}

/// Appends a resolved text. The raw one holds no forbidden characters, so they come from references.
fn push(text: &str, out: &mut String) -> Result<(), Fault> {
    let bad =
        |c: char| matches!(c, '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}') && !"\t\n\r".contains(c);
    if text.contains(bad) {
        return Err(Fault::NotWellFormed(
            "a character reference to no character that XML allows".into(),
        ));
    }
    out.push_str(text);
    Ok(())
}

fn fault(error: EscapeError) -> Fault {
    match error {
        EscapeError::UnrecognizedEntity(..) => Fault::Entities,
        EscapeError::UnterminatedEntity(_) => Fault::NotWellFormed("an & stands alone".into()),
        error => Fault::NotWellFormed(error.to_string()),
    }
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
    }
}
