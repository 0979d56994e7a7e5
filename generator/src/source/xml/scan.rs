//! From text to tags: one forward pass of quick-xml, everything borrowed from the text, with offsets in it.

use crate::source::Fault;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::{Error, Reader};
use std::borrow::Cow;

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
    /// The XML declaration, naming an encoding that is read.
    Declaration,
    /// A comment or a processing instruction.
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
    reader: Reader<&'a [u8]>,
    /// Bytes in front of the text that the reader sees (byte order marks).
    skipped: usize,
    /// Attributes of the last [`Markup::Open`].
    pub(crate) attributes: Vec<Attribute<'a>>,
    most_attributes: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str, most_attributes: usize) -> Self {
        // The reader would skip a byte order mark without counting it.
        let seen = text.trim_start_matches('\u{feff}');
        let mut reader = Reader::from_str(seen);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        // References are resolved where their text is wanted.
        config.allow_dangling_amp = true;
        let skipped = text.len() - seen.len();
        Scanner { text, reader, skipped, attributes: Vec::with_capacity(8), most_attributes }
    }

    /// Byte offset behind the last markup.
    pub(crate) fn at(&self) -> usize {
        self.skipped + self.reader.buffer_position() as usize
    }

    /// The next markup with the text before it. After [`Markup::End`] it stays there.
    ///
    /// # Errors
    /// [`Fault::EndsInside`] where the input ends inside markup, [`Fault::Entities`] for a document type declaration,
    /// [`Fault::Refused`] for another encoding than UTF-8, [`Fault::NotWellFormed`] for the rest.
    #[inline]
    pub(crate) fn step(&mut self) -> Result<Step<'a>, Box<Flaw>> {
        let start = self.at();
        loop {
            let at = self.at();
            let event = self.reader.read_event().map_err(|error| self.flaw(at, error))?;
            let markup = match event {
                Event::Text(_) | Event::GeneralRef(_) => continue,
                Event::Start(tag) => Markup::Open { name: self.open(at, &tag)?, empty: false },
                Event::Empty(tag) => Markup::Open { name: self.open(at, &tag)?, empty: true },
                Event::End(tag) => match self.part(at + 2, tag.name().0.len())? {
                    "" => return Err(bad(at, "an end tag has no name")),
                    name => Markup::Close { name },
                },
                Event::CData(text) => Markup::CData(self.part(at + 9, text.len())?),
                Event::Comment(_) | Event::PI(_) => Markup::Comment,
                Event::Decl(declaration) => {
                    check_encoding(&declaration).map_err(|fault| Flaw::new(at, fault))?;
                    Markup::Declaration
                }
                Event::DocType(_) => return Err(Flaw::new(at, Fault::Entities)),
                Event::Eof => Markup::End,
            };
            return Ok(Step { text: self.part(start, at - start)?, markup, at });
        }
    }

    /// A part of the text; an error where the reader's offsets do not fit it, which no input should bring about.
    #[inline]
    fn part(&self, start: usize, length: usize) -> Result<&'a str, Box<Flaw>> {
        self.text.get(start..start + length).ok_or_else(|| bad(start, "it cannot be read"))
    }

    /// The name of a start tag, whose attributes are read.
    #[inline]
    fn open(&mut self, at: usize, tag: &BytesStart<'a>) -> Result<&'a str, Box<Flaw>> {
        let name = tag.name().0.len();
        if name == 0 {
            return Err(bad(at, "a tag has no name"));
        }
        let content = self.part(at + 1, tag.len())?;
        self.attributes.clear();
        if content.len() == name {
            return Ok(content);
        }
        for attribute in Attributes::new(content, name).with_checks(false) {
            let attribute = attribute
                .map_err(|error| Flaw::new(at, Fault::NotWellFormed(error.to_string())))?;
            let Cow::Borrowed(raw) = attribute.value else {
                return Err(bad(at, "it cannot be read"));
            };
            let sign = |byte: u8| byte < b' ' || byte == b'&' || byte == b'<';
            let plain = !raw.bytes().any(sign);
            if !plain && raw.contains('<') {
                return Err(bad(at, "a < stands inside an attribute value"));
            }
            if self.attributes.len() == self.most_attributes {
                let limit = self.most_attributes as u64;
                let what = "the number of attributes of an element";
                return Err(Flaw::new(at, Fault::Limit { what, limit }));
            }
            self.attributes.push(Attribute { name: attribute.key.0, raw, plain });
        }
        Ok(&content[..name])
    }

    #[cold]
    fn flaw(&self, at: usize, error: Error) -> Box<Flaw> {
        let rest = self.text.get(at..).unwrap_or("");
        let unclear =
            ["<!--", "<![CDATA[", "<!DOCTYPE"].iter().any(|start| start.starts_with(rest));
        let fault = match error {
            _ if rest.starts_with("<!DOCTYPE") => Fault::Entities,
            Error::Syntax(_) if !rest.starts_with("<!") || rest.starts_with("<!--") || unclear => {
                Fault::EndsInside("markup".into())
            }
            Error::Syntax(_) if rest.starts_with("<![CDATA[") => {
                Fault::EndsInside("a CDATA section".into())
            }
            error => Fault::NotWellFormed(error.to_string()),
        };
        Flaw::new(at, fault)
    }
}

/// Refuses an XML declaration that names another encoding.
fn check_encoding(declaration: &BytesDecl<'_>) -> Result<(), Fault> {
    let name = match declaration.encoding() {
        None => return Ok(()),
        Some(Err(error)) => return Err(Fault::NotWellFormed(error.to_string())),
        Some(Ok(name)) => name,
    };
    if name.eq_ignore_ascii_case("utf-8") || name.eq_ignore_ascii_case("us-ascii") {
        return Ok(());
    }
    Err(Fault::Refused(format!("its encoding is {name:?}; only UTF-8 is read")))
}

#[cold]
fn bad(at: usize, why: &str) -> Box<Flaw> {
    Flaw::new(at, Fault::NotWellFormed(why.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is found; every piece is checked to stand where the scanner says.
    fn all(text: &str) -> Result<Vec<String>, Fault> {
        let mut scanner = Scanner::new(text, 8);
        let mut found = Vec::new();
        let mut behind = scanner.at();
        loop {
            let step = scanner.step().map_err(|flaw| flaw.fault)?;
            assert_eq!(&text[behind..step.at], step.text, "{text:?}");
            behind = scanner.at();
            if !step.text.is_empty() {
                found.push(format!("text {}", step.text));
            }
            let (markup, whole) = (step.markup, &text[step.at..behind]);
            let inside = |name: &str| name.as_ptr() as usize - whole.as_ptr() as usize;
            match markup {
                Markup::Open { name, empty } => {
                    assert_eq!((inside(name), whole.ends_with("/>")), (1, empty), "{text:?}");
                    let values =
                        scanner.attributes.iter().map(|a| format!(" {}={}", a.name, a.raw));
                    let word = if empty { "empty" } else { "open" };
                    found.push(format!("{word} {name}{}", values.collect::<String>()));
                }
                Markup::Close { name } => {
                    assert_eq!(inside(name), 2, "{text:?}");
                    found.push(format!("close {name}"));
                }
                Markup::CData(content) => {
                    assert_eq!(whole, format!("<![CDATA[{content}]]>"));
                    found.push(format!("cdata {content}"));
                }
                Markup::Declaration => found.push("declaration".into()),
                Markup::Comment => found.push("comment".into()),
                Markup::End => {
                    assert_eq!(behind, text.len());
                    return Ok(found);
                }
            }
        }
    }

    #[test]
    fn every_kind_of_markup() {
        let text = "<?xml version='1.0' encoding='UTF-8'?> x<?a b?><b c='1' d = \"2>'\" ><e/>&lt;&\
                    <![CDATA[<&]]>y</b ><!-- > -->";
        let want = [
            "declaration",
            "text  x",
            "comment",
            "open b c=1 d=2>'",
            "empty e",
            "text &lt;&",
            "cdata <&",
            "text y",
            "close b",
            "comment",
        ];
        for marks in ["", "\u{feff}", "\u{feff}\u{feff}"] {
            assert_eq!(all(&format!("{marks}{text}")).unwrap(), want);
        }
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
            "<!",
            "<!-- -",
            "<![CDA",
            "<![CDATA[]]",
            "<?a",
            "<!DOC",
        ] {
            assert!(matches!(all(ends), Err(Fault::EndsInside(_))), "{ends}: {:?}", all(ends));
        }
        for bad in
            ["<>", "< a>", "</>", "<a b>", "<a b=1>", "<a b='<'>", "<a b='</package>'>", "<!x>"]
        {
            assert!(matches!(all(bad), Err(Fault::NotWellFormed(_))), "{bad}: {:?}", all(bad));
        }
        for entities in ["<!DOCTYPE a>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!DOCTYPE a ["] {
            assert!(matches!(all(entities), Err(Fault::Entities)), "{entities}");
        }
        let latin = "<?xml version='1.0' encoding='latin1'?>";
        assert!(matches!(all(latin), Err(Fault::Refused(_))));
        assert!(matches!(all(&format!("<a {}>", "b='1' ".repeat(9))), Err(Fault::Limit { .. })));
    }

    proptest! {
        /// The offsets fit whatever is accepted: `all` asserts it.
        #[test]
        fn everything_stands_where_it_says(parts in prop::collection::vec(
            prop_oneof![
                Just("<a"), Just(">"), Just("/>"), Just("</a"), Just(" b='1'"), Just(" c=\"x'>\""), Just(" "), Just("t"),
                Just("&amp;"), Just("<!--"), Just("-->"), Just("<![CDATA["), Just("]]>"), Just("<?p"), Just("?>"),
                Just("\n"), Just("é"), Just("="), Just("'"), Just("<b:c d='&lt;'>"), Just("</b:c>"), Just("-"),
                Just("\u{feff}"), Just("&"), Just("<?xml version='1.0'?>"), Just("/"), Just("<"),
            ], 0..24)) {
            let _ = all(&parts.concat());
        }

        #[test]
        fn never_panics(text in "\\PC{0,80}") {
            let _ = all(&text);
        }
    }
}
