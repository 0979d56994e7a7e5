//! Walking through a small document that is held in memory, element by element.

use super::scan::{Flaw, Markup, Scanner};
use super::{local, newlines, text};
use crate::source::{Error, Fault, Limits, Opened};
use std::io::Read;

/// What a walk meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    /// An element begins; its name without prefix. Look at its attributes now.
    Open(&'a str),
    /// The innermost open element ends.
    Close,
    /// The document ends, properly.
    End,
}

/// Walks through a document and checks that its tags match.
pub(crate) struct Walk<'a> {
    document: &'a str,
    whole: &'a str,
    scanner: Scanner<'a>,
    open: Vec<&'a str>,
    /// Text directly inside the innermost open element since its start or the end of its last child.
    text: String,
    close_next: bool,
    most_depth: usize,
    rooted: bool,
    /// Byte offset where the last markup began.
    began: usize,
    /// Offset up to which lines were counted, and the line there.
    counted: usize,
    line: u64,
}

impl<'a> Walk<'a> {
    /// Starts at the beginning of a document; `document` names it in messages.
    pub(crate) fn new(document: &'a str, whole: &'a str, limits: &Limits) -> Self {
        let scanner = Scanner::new(whole, limits.attributes);
        let (open, text, close_next, most_depth, rooted) =
            (Vec::new(), String::new(), false, limits.depth, false);
        let (began, counted, line) = (0, 0, 1);
        Walk {
            document,
            whole,
            scanner,
            open,
            text,
            close_next,
            most_depth,
            rooted,
            began,
            counted,
            line,
        }
    }

    /// The next start or end of an element.
    pub(crate) fn next(&mut self) -> Result<Event<'a>, Error> {
        self.advance().map_err(|flaw| {
            let line = 1 + newlines(&self.whole.as_bytes()[..flaw.at]);
            Error::new(self.document, Some(line), flaw.fault)
        })
    }

    fn advance(&mut self) -> Result<Event<'a>, Box<Flaw>> {
        if std::mem::take(&mut self.close_next) {
            self.open.pop();
            return Ok(Event::Close);
        }
        loop {
            let step = self.scanner.step()?;
            self.began = step.at;
            let fail = |fault| Err(Flaw::new(step.at, fault));
            if !self.open.is_empty() {
                text::push_text(step.text, &mut self.text)
                    .map_err(|fault| Flaw::new(step.at, fault))?;
            } else if !step.text.trim_ascii().is_empty() {
                return fail(Fault::NotWellFormed("text stands outside the root element".into()));
            }
            match step.markup {
                Markup::Open { name, empty } => {
                    if self.open.is_empty() && std::mem::replace(&mut self.rooted, true) {
                        return fail(Fault::NotWellFormed("there is a second root element".into()));
                    }
                    if self.open.len() == self.most_depth {
                        return fail(Fault::Limit {
                            what: "the depth of elements",
                            limit: self.most_depth as u64,
                        });
                    }
                    self.text.clear();
                    self.open.push(name);
                    self.close_next = empty;
                    return Ok(Event::Open(local(name)));
                }
                Markup::Close { name } => {
                    if self.open.pop() != Some(name) {
                        return fail(Fault::NotWellFormed(format!("</{name}> closes nothing")));
                    }
                    return Ok(Event::Close);
                }
                Markup::CData(text) if !self.open.is_empty() => self.text.push_str(text),
                Markup::CData(_) => {
                    return fail(Fault::NotWellFormed(
                        "text stands outside the root element".into(),
                    ));
                }
                Markup::Comment | Markup::Declaration => {}
                Markup::End => {
                    return match self.open.last() {
                        None if self.rooted => Ok(Event::End),
                        None => fail(Fault::WrongKind("there is no element in it".into())),
                        Some(name) => fail(Fault::EndsInside(format!("<{name}>"))),
                    };
                }
            }
        }
    }

    /// The bytes of the last start or end tag in the document.
    pub(crate) fn range(&self) -> std::ops::Range<usize> {
        self.began..self.scanner.at()
    }

    /// How many elements are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The value of an attribute of the element that has just begun.
    pub(crate) fn attribute(&self, name: &str) -> Result<Option<String>, Error> {
        let Some(attribute) =
            self.scanner.attributes.iter().find(|attribute| attribute.name == name)
        else {
            return Ok(None);
        };
        let mut value = String::new();
        text::push_value(attribute.raw, &mut value).map_err(|fault| self.error(fault))?;
        Ok(Some(value))
    }

    /// After [`Event::Open`]: reads to the end of the element and gives the text directly inside it, trimmed. Its child
    /// elements are passed over, and their text with them.
    pub(crate) fn text(&mut self) -> Result<String, Error> {
        let depth = self.depth();
        let mut whole = String::new();
        loop {
            match self.next()? {
                Event::Open(_) => {
                    // Text before the child was cleared when the child began; it is only white space in practice.
                    self.skip()?;
                }
                Event::Close => {
                    whole.push_str(&self.text);
                    self.text.clear();
                    debug_assert_eq!(self.depth() + 1, depth);
                    return Ok(whole.trim().into());
                }
                Event::End => return Ok(whole),
            }
        }
    }

    /// After [`Event::Open`]: reads to the end of the element.
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        let depth = self.depth();
        while self.depth() >= depth {
            self.next()?;
        }
        self.text.clear();
        Ok(())
    }

    /// The line of the last start or end tag, from 1.
    pub(crate) fn line(&mut self) -> u64 {
        self.line += newlines(&self.whole.as_bytes()[self.counted..self.began]);
        self.counted = self.began;
        self.line
    }

    /// An error at this place.
    pub(crate) fn error(&self, fault: Fault) -> Error {
        let line = self.line + newlines(&self.whole.as_bytes()[self.counted..self.began]);
        Error::new(self.document, Some(line), fault)
    }
}

/// Reads a whole small document; with the name that stands for it in messages.
///
/// # Errors
/// Where reading fails, or the document is larger than the limit, or not the one that repomd.xml states.
pub(crate) fn read_bytes(mut opened: Opened<'_>, limit: u64) -> Result<(String, Vec<u8>), Error> {
    let document = opened.document().to_string();
    let fail = |fault| Error::new(&document, None, fault);
    let mut bytes = Vec::new();
    if let Err(error) = opened.by_ref().take(limit + 1).read_to_end(&mut bytes) {
        return Err(opened.explain(fail(error.into())));
    }
    if bytes.len() as u64 > limit {
        return Err(fail(Fault::Limit { what: "the size of the document", limit }));
    }
    opened.finish()?;
    Ok((document, bytes))
}

/// As [`read_bytes`], of a document that must be text.
///
/// # Errors
/// As [`read_bytes`], and where it is not text.
pub(crate) fn read_text(opened: Opened<'_>, limit: u64) -> Result<(String, String), Error> {
    let (document, bytes) = read_bytes(opened, limit)?;
    let (text, spoilt) = text::sanitize(bytes);
    match spoilt.first() {
        None => Ok((document, text)),
        Some(range) => {
            let line = 1 + newlines(&text.as_bytes()[..range.start]);
            Err(Error::new(&document, Some(line), Fault::NotText))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(whole: &str) -> Result<Vec<String>, Error> {
        let mut walk = Walk::new("x", whole, &Limits::default());
        let mut found = Vec::new();
        loop {
            match walk.next()? {
                Event::Open("t") => {
                    let kind = walk.attribute("a")?.unwrap_or_default();
                    found.push(kind + &walk.text()?);
                }
                Event::Open(_) | Event::Close => {}
                Event::End => return Ok(found),
            }
        }
    }

    #[test]
    fn texts_and_attributes() {
        let whole =
            "<r><p:t a='&lt;'> x &amp; <![CDATA[<y>]]> </p:t><t/><o><t>1<u>2</u>3</t></o></r>\n";
        assert_eq!(texts(whole).unwrap(), ["<x & <y>", "", "3"]);
    }

    #[test]
    fn faults_have_lines() {
        for (whole, line) in [
            ("<r>\n<a></b></r>", 2),
            ("<r>\n", 2),
            ("<r/>\n\n<r/>", 3),
            ("<r/>x", 1),
            ("", 1),
            ("<r>\n&nbsp;</r>", 2),
            ("<!DOCTYPE r>", 1),
        ] {
            assert_eq!(texts(whole).unwrap_err().line, Some(line), "{whole:?}");
        }
        let deep = "<a>".repeat(100);
        assert!(matches!(texts(&deep).unwrap_err().fault, Fault::Limit { .. }));
    }
}
