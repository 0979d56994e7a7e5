//! Cutting a stream of `<package>` elements into pieces that can be read on their own.

use super::head::{self, Head};
use super::newlines;
use crate::source::{Fault, Limits};
use memchr::{memchr, memmem};
use std::io::{self, Read};

/// A part of the document, in document order.
pub(crate) enum Piece {
    /// Whole `<package>` elements and what stands between them.
    Body(Vec<u8>),
    /// What follows the last `</package>`; always the last piece.
    Tail(Vec<u8>),
    /// A package larger than the limit, passed over.
    Oversized {
        /// How many lines end in it.
        lines: u64,
    },
}

impl Piece {
    /// What it takes in memory.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Piece::Body(bytes) | Piece::Tail(bytes) => bytes.len(),
            Piece::Oversized { .. } => 0,
        }
    }
}

/// Cuts a document behind `</package>` tags. Comments, CDATA sections and processing instructions that hold such a tag
/// are not cut; the other places where it could stand without being one are not well-formed.
pub(crate) struct Cutter<R> {
    input: R,
    /// Read, but not yet given out; begins between two packages.
    rest: Vec<u8>,
    end_tag: Vec<u8>,
    piece_bytes: usize,
    package_bytes: usize,
    finished: bool,
}

/// The root element must begin within so many bytes.
const HEAD_BYTES: usize = 1 << 20;

impl<R: Read> Cutter<R> {
    /// Reads the document up to the start of its root element, which must be called `root`, prefix aside.
    ///
    /// # Errors
    /// Where the document does not begin with such an element, has a document type declaration or says that it is not
    /// UTF-8.
    pub(crate) fn open(
        mut input: R,
        root: &str,
        piece_bytes: usize,
        limits: &Limits,
    ) -> Result<(Self, Head), (u64, Fault)> {
        let mut bytes = Vec::new();
        let (head, at) = loop {
            let before = bytes.len();
            let wanted = (2 * before).max(piece_bytes.clamp(1, 64 << 10));
            let eof = fill(&mut input, &mut bytes, wanted).map_err(|error| (0, error.into()))?;
            match head::read(&bytes, root, limits.attributes) {
                Ok(found) => break found,
                Err((_, Fault::EndsInside(_))) if !eof && before < HEAD_BYTES => {}
                Err((at, Fault::EndsInside(_))) if !eof => {
                    let limit = HEAD_BYTES as u64;
                    let fault = Fault::Limit { what: "what precedes the first package", limit };
                    return Err((1 + newlines(&bytes[..at]), fault));
                }
                Err((at, fault)) => return Err((1 + newlines(&bytes[..at]), fault)),
            }
        };
        let end_tag = format!("</{}", head.package).into_bytes();
        let rest = bytes.split_off(at);
        // Offsets inside a piece have 32 bits.
        let package_bytes = limits.package_bytes.min(1 << 30);
        Ok((Cutter { input, rest, end_tag, piece_bytes, package_bytes, finished: false }, head))
    }

    /// The next piece, in the given buffer, whose content does not matter.
    pub(crate) fn next(&mut self, mut buffer: Vec<u8>) -> io::Result<Option<Piece>> {
        if self.finished {
            return Ok(None);
        }
        buffer.clear();
        buffer.append(&mut self.rest);
        let mut wanted = self.piece_bytes;
        loop {
            let eof = fill(&mut self.input, &mut buffer, wanted)?;
            let cut = self.last_cut(&buffer);
            if cut > 0 {
                self.rest.extend_from_slice(&buffer[cut..]);
                buffer.truncate(cut);
                return Ok(Some(Piece::Body(buffer)));
            }
            if eof {
                self.finished = true;
                return Ok(Some(Piece::Tail(buffer)));
            }
            if buffer.len() > self.package_bytes {
                return self.pass_over(buffer).map(Some);
            }
            wanted = buffer.len().saturating_mul(2).min(self.package_bytes + 1);
        }
    }

    /// The offset behind the last `</package>`; 0 where there is none.
    fn last_cut(&self, buffer: &[u8]) -> usize {
        if memmem::find(buffer, b"<!").is_none() && memmem::find(buffer, b"<?").is_none() {
            let mut end = buffer.len();
            while let Some(at) = memmem::rfind(&buffer[..end], &self.end_tag) {
                if let Tag::Complete(behind) = self.end_tag_at(&buffer[at..]) {
                    return at + behind;
                }
                end = at;
            }
            return 0;
        }
        let mut place = Place::default();
        let mut cut = 0;
        while let Some(behind) = self.next_cut(buffer, &mut place) {
            cut = behind;
        }
        cut
    }

    /// Reads on to the end of a package that is too large, keeping next to nothing of it.
    fn pass_over(&mut self, mut buffer: Vec<u8>) -> io::Result<Piece> {
        let mut place = Place::default();
        let mut lines = 0;
        loop {
            if let Some(behind) = self.next_cut(&buffer, &mut place) {
                lines += newlines(&buffer[..behind]);
                self.rest.extend_from_slice(&buffer[behind..]);
                return Ok(Piece::Oversized { lines });
            }
            lines += newlines(&buffer[..place.at]);
            buffer.drain(..place.at);
            place.at = 0;
            let wanted = buffer.len() + self.piece_bytes;
            if fill(&mut self.input, &mut buffer, wanted)? {
                // The document may end inside: then its tail is an open package, and whoever reads that will say so.
                if self.next_cut(&buffer, &mut place.clone()).is_none() {
                    self.finished = true;
                    let mut tail = self.end_tag.clone();
                    tail.remove(1);
                    tail.push(b'>');
                    return Ok(Piece::Tail(tail));
                }
            }
        }
    }

    /// The offset behind the next `</package>` from the place on. Where there is none (yet), the place is moved to
    /// where the search must go on when more is read.
    fn next_cut(&self, buffer: &[u8], place: &mut Place) -> Option<usize> {
        loop {
            if let Some(end) = place.inside {
                match memmem::find(&buffer[place.at..], end) {
                    Some(length) => {
                        *place = Place { at: place.at + length + end.len(), inside: None }
                    }
                    None => {
                        place.at = place.at.max(buffer.len().saturating_sub(end.len() - 1));
                        return None;
                    }
                }
            }
            let Some(length) = memchr(b'<', &buffer[place.at..]) else {
                place.at = buffer.len();
                return None;
            };
            place.at += length;
            let rest = &buffer[place.at..];
            let skipped: [(&[u8], &'static [u8]); 3] =
                [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];
            if let Some((start, end)) = skipped.iter().find(|(start, _)| rest.starts_with(start)) {
                *place = Place { at: place.at + start.len(), inside: Some(end) };
                continue;
            }
            if skipped.iter().any(|(start, _)| start.starts_with(rest)) {
                return None;
            }
            match self.end_tag_at(rest) {
                Tag::Complete(behind) => {
                    place.at += behind;
                    return Some(place.at);
                }
                Tag::Incomplete => return None,
                Tag::Other => place.at += 1,
            }
        }
    }

    fn end_tag_at(&self, rest: &[u8]) -> Tag {
        let Some(after) = rest.strip_prefix(&self.end_tag[..]) else {
            return if self.end_tag.starts_with(rest) { Tag::Incomplete } else { Tag::Other };
        };
        let blanks = after.iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
        match after.get(blanks) {
            Some(b'>') => Tag::Complete(self.end_tag.len() + blanks + 1),
            Some(_) => Tag::Other,
            None => Tag::Incomplete,
        }
    }
}

/// What a `<` is the start of.
enum Tag {
    /// `</package>`, so many bytes long.
    Complete(usize),
    /// Maybe `</package>`, if more were known.
    Incomplete,
    /// Something else.
    Other,
}

/// Where a search stands.
#[derive(Clone, Default)]
struct Place {
    at: usize,
    /// The end of the comment or its like that it stands in.
    inside: Option<&'static [u8]>,
}

/// Reads until the buffer holds so many bytes. True at the end of the input.
fn fill(input: &mut impl Read, buffer: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
    let mut end = buffer.len();
    if end >= wanted {
        return Ok(false);
    }
    buffer.resize(wanted, 0);
    while end < wanted {
        match input.read(&mut buffer[end..]) {
            Ok(0) => break,
            Ok(count) => end += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    buffer.truncate(end);
    Ok(end < wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The pieces, `|` after each body, and the number of oversized packages.
    fn pieces(text: &str, piece_bytes: usize, package_bytes: usize) -> (Vec<String>, usize) {
        let limits = Limits { package_bytes, ..Limits::default() };
        let (mut cutter, head) = Cutter::open(text.as_bytes(), "m", piece_bytes, &limits).unwrap();
        assert_eq!(head.package, "package");
        let (mut found, mut oversized) = (Vec::new(), 0);
        while let Some(piece) = cutter.next(Vec::new()).unwrap() {
            match piece {
                Piece::Body(bytes) => found.push(String::from_utf8(bytes).unwrap() + "|"),
                Piece::Tail(bytes) => found.push(String::from_utf8(bytes).unwrap()),
                Piece::Oversized { .. } => oversized += 1,
            }
        }
        (found, oversized)
    }

    #[test]
    fn bodies_end_behind_packages() {
        let text = "<?xml version='1.0'?>\n<m packages='2'><package>a</package> <package>b</package\n> </m>";
        let (found, _) = pieces(text, 1, 1000);
        assert_eq!(found, ["<package>a</package>|", " <package>b</package\n>|", " </m>"]);
        let (found, _) = pieces(text, 1000, 1000);
        assert_eq!(found, ["<package>a</package> <package>b</package\n>|", " </m>"]);
        let (found, _) = pieces("<m/>", 10, 1000);
        assert_eq!(found, [""]);
    }

    #[test]
    fn hidden_end_tags_are_not_cut() {
        for hidden in
            ["<!-- </package> -->", "<![CDATA[</package>]]>", "<?p </package>?>", "</packages>"]
        {
            let text = format!("<m><package>{hidden}</package>{hidden}<package/></package></m>");
            for bytes in 1..text.len() {
                let (found, _) = pieces(&text, bytes, 1000);
                let whole = format!("<package>{hidden}</package>|");
                assert!(
                    found[0] == whole || found[0].starts_with(&whole[..whole.len() - 1]),
                    "{bytes}: {found:?}"
                );
                assert_eq!(found.concat().replace('|', ""), text[3..], "{bytes}");
            }
        }
    }

    #[test]
    fn too_large_packages_are_passed_over() {
        let long = format!("<package>{}<!--</package>--></package>", "\n".repeat(300));
        let text = format!("<m><package>1</package>{long}<package>2</package>{long}</m>");
        for bytes in [1, 7, 50, 400] {
            let (found, oversized) = pieces(&text, bytes, 100);
            if bytes < 100 {
                assert_eq!(oversized, 2, "{bytes}");
                assert_eq!(
                    found.concat().replace('|', ""),
                    "<package>1</package><package>2</package></m>",
                    "{bytes}"
                );
            }
        }
        assert_eq!(pieces(&format!("<m><package>{}", "x".repeat(500)), 7, 100).0, ["<package>"]);
    }

    proptest! {
        /// Nothing is lost, whatever the size of the pieces.
        #[test]
        fn pieces_join_to_the_document(parts in prop::collection::vec(prop_oneof![
            Just("<package>"), Just("</package>"), Just("</package "), Just(">"), Just("<!--"), Just("-->"), Just("<![CDATA["),
            Just("]]>"), Just("x"), Just("<?"), Just("?>"), Just("</packag"), Just("<"),
        ], 0..20), bytes in 1usize..60) {
            let body = parts.concat();
            let (found, _) = pieces(&format!("<m>{body}"), bytes, 1 << 20);
            prop_assert_eq!(found.concat().replace('|', ""), body);
        }
    }
}
