//! From text to tags: one forward pass, borrowing everything.

use crate::source::Fault;
use memchr::{memchr, memmem};

/// One attribute as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    /// Its name, prefix included.
    pub(crate) name: &'a str,
    /// The text between the quotes, references unresolved.
    pub(crate) raw: &'a str,
    /// Whether that text is the value: no references, no line breaks or tabs.
    pub(crate) plain: bool,
}

/// A piece of markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Markup<'a> {
    /// `<NAME …>`, or `<NAME …/>` where empty. The attributes are in [`Scanner::attributes`] until the next step.
    Open {
        /// Element name, prefix included.
        name: &'a str,
        /// Whether it closes itself.
        empty: bool,
    },
    /// `</NAME>`
    Close {
        /// Element name, prefix included.
        name: &'a str,
    },
    /// The content of a CDATA section: text that needs no resolving.
    CData(&'a str),
    /// The content of a processing instruction, the XML declaration included.
    Instruction(&'a str),
    /// A comment.
    Comment,
    /// The end of the input.
    End,
}

/// A piece of markup and the text before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step<'a> {
    /// Text since the last markup, references unresolved.
    pub(crate) text: &'a str,
    /// The markup.
    pub(crate) markup: Markup<'a>,
    /// Byte offset of the markup.
    pub(crate) at: usize,
}

/// A fault and the byte offset where it was noticed.
#[derive(Debug)]
pub(crate) struct Flaw {
    /// Byte offset in the scanned text.
    pub(crate) at: usize,
    /// What is wrong.
    pub(crate) fault: Fault,
}

impl Flaw {
    pub(crate) fn new(at: usize, fault: Fault) -> Box<Self> {
        Box::new(Flaw { at, fault })
    }
}

/// Cuts a text into markup. It does not know which element is open: matching tags is its user's business.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Attributes of the last [`Markup::Open`].
    pub(crate) attributes: Vec<Attribute<'a>>,
    most_attributes: usize,
}

const BLANK: u8 = 1;
const NAME_END: u8 = 2;
const VALUE_SIGN: u8 = 4;

/// What each byte means inside a tag.
static CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte <= b' ' as usize {
        class[byte] = NAME_END;
        if byte < b' ' as usize {
            class[byte] |= VALUE_SIGN;
        }
        byte += 1;
    }
    let mut index = 0;
    while index < 4 {
        class[b" \t\n\r"[index] as usize] |= BLANK;
        class[b"<&\"'"[index] as usize] |= VALUE_SIGN | NAME_END;
        index += 1;
    }
    class[b'>' as usize] = NAME_END;
    class[b'/' as usize] = NAME_END;
    class[b'=' as usize] = NAME_END;
    class
};

fn is(byte: u8, class: u8) -> bool {
    CLASS[usize::from(byte)] & class != 0
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str, most_attributes: usize) -> Self {
        Scanner { text, at: 0, attributes: Vec::with_capacity(8), most_attributes }
    }

    /// Byte offset behind the last markup.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The next markup with the text before it. After [`Markup::End`] it stays there.
    ///
    /// # Errors
    /// [`Fault::EndsInside`] where the input ends inside markup, [`Fault::Entities`] for a document type declaration,
    /// [`Fault::NotWellFormed`] for the rest.
    #[inline]
    pub(crate) fn step(&mut self) -> Result<Step<'a>, Box<Flaw>> {
        let bytes = self.text.as_bytes();
        let Some(length) = memchr(b'<', &bytes[self.at..]) else {
            let text = &self.text[self.at..];
            self.at = bytes.len();
            return Ok(Step { text, markup: Markup::End, at: self.at });
        };
        let at = self.at + length;
        let text = &self.text[self.at..at];
        let markup = match bytes.get(at + 1) {
            Some(b'/') => self.close(at)?,
            Some(b'!') => self.bang(at)?,
            Some(b'?') => {
                Markup::Instruction(self.until(at, 2, "?>", "a processing instruction")?)
            }
            _ => self.open(at)?,
        };
        Ok(Step { text, markup, at })
    }

    /// The content of something that starts with `skip` bytes and ends with `end`.
    fn until(
        &mut self,
        at: usize,
        skip: usize,
        end: &str,
        what: &str,
    ) -> Result<&'a str, Box<Flaw>> {
        let content = &self.text[at + skip..];
        let Some(length) = memmem::find(content.as_bytes(), end.as_bytes()) else {
            return Err(Flaw::new(at, Fault::EndsInside(what.into())));
        };
        self.at = at + skip + length + end.len();
        Ok(&content[..length])
    }

    fn bang(&mut self, at: usize) -> Result<Markup<'a>, Box<Flaw>> {
        let rest = &self.text[at..];
        if rest.starts_with("<!--") {
            self.until(at, 4, "-->", "a comment").map(|_| Markup::Comment)
        } else if rest.starts_with("<![CDATA[") {
            self.until(at, 9, "]]>", "a CDATA section").map(Markup::CData)
        } else if "<![CDATA[".starts_with(rest)
            || "<!--".starts_with(rest)
            || "<!DOCTYPE".starts_with(rest)
        {
            Err(Flaw::new(at, Fault::EndsInside("markup".into())))
        } else if rest.starts_with("<!DOCTYPE") || rest.starts_with("<!ENTITY") {
            Err(Flaw::new(at, Fault::Entities))
        } else {
            Err(bad(at, "unknown markup after <!"))
        }
    }

    fn close(&mut self, at: usize) -> Result<Markup<'a>, Box<Flaw>> {
        let bytes = self.text.as_bytes();
        let mut end = at + 2;
        while end < bytes.len() && !is(bytes[end], NAME_END) {
            end += 1;
        }
        let name = &self.text[at + 2..end];
        while end < bytes.len() && is(bytes[end], BLANK) {
            end += 1;
        }
        match bytes.get(end) {
            None => Err(ends(at)),
            Some(b'>') if !name.is_empty() => {
                self.at = end + 1;
                Ok(Markup::Close { name })
            }
            Some(_) => Err(bad(at, "an end tag is not closed")),
        }
    }

    #[inline]
    fn open(&mut self, at: usize) -> Result<Markup<'a>, Box<Flaw>> {
        let bytes = self.text.as_bytes();
        let mut end = at + 1;
        while end < bytes.len() && !is(bytes[end], NAME_END) {
            end += 1;
        }
        let name = &self.text[at + 1..end];
        if name.is_empty() {
            return Err(if end == bytes.len() { ends(at) } else { bad(at, "a tag has no name") });
        }
        self.attributes.clear();
        loop {
            let blanks = end;
            while end < bytes.len() && is(bytes[end], BLANK) {
                end += 1;
            }
            match bytes.get(end) {
                None => return Err(ends(at)),
                Some(b'>') => {
                    self.at = end + 1;
                    return Ok(Markup::Open { name, empty: false });
                }
                Some(b'/') => match bytes.get(end + 1) {
                    None => return Err(ends(at)),
                    Some(b'>') => {
                        self.at = end + 2;
                        return Ok(Markup::Open { name, empty: true });
                    }
                    Some(_) => return Err(bad(end, "a / stands inside a tag")),
                },
                Some(_) if blanks == end => {
                    return Err(bad(end, "white space is missing before an attribute"));
                }
                Some(_) => end = self.attribute(at, end)?,
            }
        }
    }

    /// Reads one attribute and returns the offset behind it.
    #[inline]
    fn attribute(&mut self, tag: usize, start: usize) -> Result<usize, Box<Flaw>> {
        let bytes = self.text.as_bytes();
        let mut end = start;
        while end < bytes.len() && !is(bytes[end], NAME_END) {
            end += 1;
        }
        let name = &self.text[start..end];
        while end < bytes.len() && is(bytes[end], BLANK) {
            end += 1;
        }
        match bytes.get(end) {
            None => return Err(ends(tag)),
            Some(b'=') if !name.is_empty() => end += 1,
            Some(_) => return Err(bad(start, "an attribute has no name or no value")),
        }
        while end < bytes.len() && is(bytes[end], BLANK) {
            end += 1;
        }
        let quote = match bytes.get(end) {
            None => return Err(ends(tag)),
            Some(quote @ (b'"' | b'\'')) => *quote,
            Some(_) => return Err(bad(end, "an attribute value is not quoted")),
        };
        let value = end + 1;
        let mut plain = true;
        end = value;
        loop {
            match bytes.get(end) {
                None => return Err(ends(tag)),
                Some(byte) if !is(*byte, VALUE_SIGN) => {}
                Some(byte) if *byte == quote => break,
                Some(b'<') => return Err(bad(end, "a < stands inside an attribute value")),
                Some(b'"' | b'\'') => {}
                Some(_) => plain = false,
            }
            end += 1;
        }
        if self.attributes.len() == self.most_attributes {
            let limit = self.most_attributes as u64;
            return Err(Flaw::new(
                tag,
                Fault::Limit { what: "the number of attributes of an element", limit },
            ));
        }
        self.attributes.push(Attribute { name, raw: &self.text[value..end], plain });
        Ok(end + 1)
    }
}

#[cold]
fn bad(at: usize, why: &str) -> Box<Flaw> {
    Flaw::new(at, Fault::NotWellFormed(why.into()))
}

#[cold]
fn ends(at: usize) -> Box<Flaw> {
    Flaw::new(at, Fault::EndsInside("a tag".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use quick_xml::events::Event;

    fn all(text: &str) -> Result<Vec<String>, Fault> {
        let mut scanner = Scanner::new(text, 8);
        let mut found = Vec::new();
        loop {
            let step = scanner.step().map_err(|flaw| flaw.fault)?;
            if !step.text.is_empty() {
                found.push(format!("text {}", step.text));
            }
            found.push(match step.markup {
                Markup::Open { name, empty } => {
                    let values =
                        scanner.attributes.iter().map(|a| format!(" {}={}", a.name, a.raw));
                    format!(
                        "{} {name}{}",
                        if empty { "empty" } else { "open" },
                        values.collect::<String>()
                    )
                }
                Markup::Close { name } => format!("close {name}"),
                Markup::CData(text) => format!("cdata {text}"),
                Markup::Instruction(text) => format!("instruction {text}"),
                Markup::Comment => "comment".into(),
                Markup::End => return Ok(found),
            });
        }
    }

    /// The same list from quick-xml.
    fn judge(text: &str) -> Option<Vec<String>> {
        let mut reader = quick_xml::Reader::from_str(text);
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        let mut found: Vec<String> = Vec::new();
        let mut joining = false;
        loop {
            let event = reader.read_event().ok()?;
            let tag = |word: &str, tag: &quick_xml::events::BytesStart<'_>| -> Option<String> {
                let mut line = format!("{word} {}", tag.name().0);
                for attribute in tag.attributes().with_checks(false) {
                    let attribute = attribute.ok()?;
                    line += &format!(" {}={}", attribute.key.0, attribute.value);
                }
                Some(line)
            };
            let piece = match &event {
                Event::Text(text) => Some(text.borrow().into_inner().into_owned()),
                Event::GeneralRef(name) => Some(format!("&{};", name.borrow().into_inner())),
                _ => None,
            };
            if let Some(piece) = piece {
                match found.last_mut() {
                    Some(last) if joining => last.push_str(&piece),
                    _ => found.push(format!("text {piece}")),
                }
                joining = true;
                continue;
            }
            joining = false;
            found.push(match event {
                Event::Start(start) => tag("open", &start)?,
                Event::Empty(start) => tag("empty", &start)?,
                Event::End(end) => format!("close {}", end.name().0),
                Event::CData(text) => format!("cdata {}", text.into_inner()),
                Event::Comment(_) => "comment".into(),
                Event::PI(text) => format!("instruction {}", text.into_inner()),
                Event::Decl(_) | Event::DocType(_) => return None,
                Event::Eof => return Some(found),
                Event::Text(_) | Event::GeneralRef(_) => unreachable!(),
            });
        }
    }

    #[test]
    fn every_kind_of_markup() {
        let text = "<?a b?> x<b c='1' d = \"2>'\" ><e/>&lt;<![CDATA[<&]]>y</b ><!-- > -->";
        let want = [
            "instruction a b",
            "text  x",
            "open b c=1 d=2>'",
            "empty e",
            "text &lt;",
            "cdata <&",
            "text y",
            "close b",
            "comment",
        ];
        assert_eq!(all(text).unwrap(), want);
        let mut scanner = Scanner::new("<a b='&lt;' c='\t' d='x'/>", 8);
        scanner.step().unwrap();
        assert_eq!(
            scanner.attributes.iter().map(|a| a.plain).collect::<Vec<_>>(),
            [false, false, true]
        );
    }

    #[test]
    fn faults_are_told_apart() {
        for ends in [
            "<",
            "<a",
            "<a b='",
            "<a b=",
            "<a /",
            "</a",
            "<!-- -",
            "<![CDA",
            "<![CDATA[]]",
            "<?a",
            "<!DOC",
        ] {
            assert!(matches!(all(ends), Err(Fault::EndsInside(_))), "{ends}");
        }
        for bad in [
            "<>",
            "< a>",
            "</>",
            "</a b>",
            "<a b>",
            "<a b=1>",
            "<a b='<'>",
            "<a b='1'c='2'>",
            "<a / >",
            "<!x>",
        ] {
            assert!(matches!(all(bad), Err(Fault::NotWellFormed(_))), "{bad}");
        }
        assert!(matches!(all("<!DOCTYPE a>"), Err(Fault::Entities)));
        assert!(matches!(all(&format!("<a {}>", "b='1' ".repeat(9))), Err(Fault::Limit { .. })));
    }

    proptest! {
        /// What this scanner accepts, quick-xml accepts, and sees the same in it.
        #[test]
        fn agrees_with_quick_xml(parts in prop::collection::vec(
            prop_oneof![
                Just("<a"), Just(">"), Just("/>"), Just("</a"), Just(" b='1'"), Just(" c=\"x'>\""), Just(" "), Just("t"),
                Just("&amp;"), Just("<!--"), Just("-->"), Just("<![CDATA["), Just("]]>"), Just("<?p"), Just("?>"),
                Just("\n"), Just("é"), Just("="), Just("'"), Just("<b:c d='&lt;'>"), Just("</b:c>"), Just("-"),
            ], 0..24)) {
            let text = parts.concat();
            if let Ok(found) = all(&text) {
                prop_assert_eq!(Some(found), judge(&text), "{}", text);
            }
        }

        #[test]
        fn never_panics(text in "\\PC{0,80}") {
            let _ = all(&text);
        }
    }
}
