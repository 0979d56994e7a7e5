//! Stepping through the packages of a piece of primary.xml or filelists.xml.

use super::head::Head;
use super::pipeline::PieceText;
use super::scan::{Attribute, Flaw, Markup, Scanner};
use super::{local, newlines};
use crate::source::{Fault, Limits};

/// How the elements of a document are called.
pub(crate) struct Names {
    root: String,
    package: String,
}

impl Names {
    pub(crate) fn new(head: &Head) -> Self {
        // A root that closed itself has no end tag to wait for.
        let root = if head.empty { String::new() } else { head.root.clone() };
        Names { root, package: head.package.clone() }
    }
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event<'t> {
    /// A package begins on this line of the piece.
    Begin(u64),
    /// An element begins inside the package; its name without prefix.
    Open(&'t str),
    /// Text of a CDATA section inside the package; empty for a comment, which only stands between texts.
    CData(&'t str),
    /// The innermost element inside the package ends.
    Close,
    /// The package ends.
    End(Health),
    /// The piece ends, properly.
    Done,
}

/// Whether a package was fit to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// It was.
    Good,
    /// It holds bytes that are not text.
    Spoilt,
    /// It is larger than the limit.
    Large,
}

impl Health {
    /// What to report.
    pub(crate) fn problem(self) -> Option<&'static str> {
        match self {
            Health::Good => None,
            Health::Spoilt => {
                Some("it holds bytes that are not UTF-8 or characters that XML forbids")
            }
            Health::Large => Some("it is larger than the limit"),
        }
    }
}

/// Steps through a piece and checks what both kinds of documents have in common: tags match, packages do not stand
/// inside packages, the last piece ends with the root element.
pub(crate) struct Packages<'p, 't> {
    names: &'p Names,
    piece: &'t PieceText,
    limits: &'p Limits,
    scanner: Scanner<'t>,
    /// The open elements.
    open: Vec<&'t str>,
    inside: bool,
    close_next: bool,
    /// How many packages began.
    pub(crate) count: u64,
    package_at: usize,
    counted: usize,
    line: u64,
    /// How many of the spoilt ranges lie behind.
    spoilt: usize,
}

impl<'p, 't> Packages<'p, 't> {
    pub(crate) fn new(names: &'p Names, piece: &'t PieceText, limits: &'p Limits) -> Self {
        let scanner = Scanner::new(&piece.text, limits.attributes);
        let open = Vec::with_capacity(limits.depth.min(64));
        let (inside, close_next, count, package_at, counted, line, spoilt) =
            (false, false, 0, 0, 0, 1, 0);
        Packages {
            names,
            piece,
            limits,
            scanner,
            open,
            inside,
            close_next,
            count,
            package_at,
            counted,
            line,
            spoilt,
        }
    }

    /// Attributes of the element (or package) that has just begun.
    pub(crate) fn attributes(&self) -> &[Attribute<'t>] {
        &self.scanner.attributes
    }

    /// The next event, with the text between it and the one before, references unresolved.
    ///
    /// # Errors
    /// Whatever makes the document unreadable as a whole.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<(&'t str, Event<'t>), Box<Flaw>> {
        if std::mem::take(&mut self.close_next) {
            let at = self.scanner.at();
            if let Some(event) = self.close(at) {
                return Ok(("", event));
            }
        }
        loop {
            let step = self.scanner.step()?;
            let event = match step.markup {
                Markup::Open { name, empty } => {
                    let event = self.begin(name, step.at)?;
                    self.close_next = empty;
                    event
                }
                Markup::Close { name } => match self.open.last() {
                    Some(opened) if *opened == name => self.close(step.at),
                    None if self.piece.tail && name == self.names.root => return self.after_root(),
                    _ => return Err(not_well_formed(step.at, format!("</{name}> closes nothing"))),
                },
                Markup::Declaration => {
                    return Err(not_well_formed(
                        step.at,
                        "an XML declaration stands inside".into(),
                    ));
                }
                Markup::CData(text) => Some(Event::CData(text)).filter(|_| self.inside),
                Markup::Comment => Some(Event::CData("")).filter(|_| self.inside),
                Markup::End => return self.end(step.at),
            };
            if let Some(event) = event {
                return Ok((step.text, event));
            }
        }
    }

    /// An element begins; what stands between packages is of no interest.
    fn begin(&mut self, name: &'t str, at: usize) -> Result<Option<Event<'t>>, Box<Flaw>> {
        if self.open.len() == self.limits.depth {
            let limit = self.limits.depth as u64;
            return Err(Flaw::new(at, Fault::Limit { what: "the depth of elements", limit }));
        }
        let event = if name == self.names.package {
            if !self.open.is_empty() {
                return Err(not_well_formed(
                    at,
                    format!("a <{name}> stands inside another element"),
                ));
            }
            self.refuse_spoilt(at)?;
            self.count_lines(at);
            self.inside = true;
            self.count += 1;
            self.package_at = at;
            Some(Event::Begin(self.line))
        } else if self.inside {
            Some(Event::Open(local(name)))
        } else if self.open.is_empty() && local(name) == "package" {
            let why =
                format!("packages are called <{name}> here and <{}> elsewhere", self.names.package);
            return Err(Flaw::new(at, Fault::Refused(why)));
        } else {
            None
        };
        self.open.push(name);
        Ok(event)
    }

    /// The innermost element ends.
    fn close(&mut self, at: usize) -> Option<Event<'t>> {
        self.open.pop();
        if !self.inside {
            return None;
        }
        if !self.open.is_empty() {
            return Some(Event::Close);
        }
        self.inside = false;
        self.count_lines(at);
        let end = self.scanner.at();
        let spoilt = &self.piece.spoilt[self.spoilt..];
        let lost = spoilt.iter().take_while(|range| range.start < end).count();
        self.spoilt += lost;
        Some(Event::End(match () {
            () if lost > 0 => Health::Spoilt,
            () if end - self.package_at > self.limits.package_bytes => Health::Large,
            () => Health::Good,
        }))
    }

    /// The end of the piece.
    fn end(&mut self, at: usize) -> Result<(&'t str, Event<'t>), Box<Flaw>> {
        self.refuse_spoilt(at)?;
        let inside = match self.open.last() {
            Some(name) => name,
            None if self.piece.tail && !self.names.root.is_empty() => &self.names.root[..],
            None => return Ok(("", Event::Done)),
        };
        Err(Flaw::new(at, Fault::EndsInside(format!("<{inside}>"))))
    }

    /// Nothing but white space, comments and instructions may follow the root element.
    fn after_root(&mut self) -> Result<(&'t str, Event<'t>), Box<Flaw>> {
        loop {
            let step = self.scanner.step()?;
            self.refuse_spoilt(step.at)?;
            if !step.text.trim_ascii().is_empty() {
                return Err(not_well_formed(step.at, "text follows the root element".into()));
            }
            match step.markup {
                Markup::End => return Ok(("", Event::Done)),
                Markup::Comment => {}
                _ => {
                    return Err(not_well_formed(
                        step.at,
                        "an element follows the root element".into(),
                    ));
                }
            }
        }
    }

    fn count_lines(&mut self, at: usize) {
        self.line += newlines(&self.piece.text.as_bytes()[self.counted..at]);
        self.counted = at;
    }

    /// Bytes that are no text may be lost with a package, but not between packages.
    fn refuse_spoilt(&mut self, at: usize) -> Result<(), Box<Flaw>> {
        match self.piece.spoilt.get(self.spoilt) {
            Some(range) if range.start < at => Err(Flaw::new(range.start, Fault::NotText)),
            _ => Ok(()),
        }
    }
}

fn not_well_formed(at: usize, why: String) -> Box<Flaw> {
    Flaw::new(at, Fault::NotWellFormed(why))
}
