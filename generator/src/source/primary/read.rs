//! Reading a piece of primary.xml: which element stands where.

use super::chunk::{Chunk, EntryKind, FileKind};
use super::element::{Element, Text};
use crate::source::xml::head::Head;
use crate::source::xml::packages::{Event, Names, Packages};
use crate::source::xml::pipeline::{PieceReader, PieceText};
use crate::source::xml::scan::{Attribute, Flaw};
use crate::source::{Limits, Problem, Report};

/// Reads pieces of one document.
pub(super) struct PrimaryReader<'l> {
    names: Names,
    limits: &'l Limits,
}

impl<'l> PrimaryReader<'l> {
    pub(super) fn new(head: &Head, limits: &'l Limits) -> Self {
        PrimaryReader { names: Names::new(head), limits }
    }
}

/// In which element of a package the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Directly in the package.
    Package,
    /// In its `format` element.
    Format,
    /// In a list of dependency entries.
    Entries(EntryKind),
    /// In an element whose text is wanted.
    Text(Text),
    /// In an element that is of no interest.
    Elsewhere,
}

impl PieceReader for PrimaryReader<'_> {
    type Rows = Chunk;

    fn read(
        &self,
        piece: &PieceText,
        rows: &mut Chunk,
        report: &mut Report,
    ) -> Result<u64, Box<Flaw>> {
        let mut packages = Packages::new(&self.names, piece, self.limits);
        let mut element = Element::new(rows, &piece.text, self.limits);
        // Where the reader stands, and above it where it stood before.
        let mut place = Place::Package;
        let mut outer = Vec::with_capacity(8);
        let mut line = 0;
        loop {
            let (text, event) = packages.next()?;
            if !text.is_empty() && matches!(place, Place::Text(_)) {
                element.add_text(text);
            }
            match event {
                Event::Begin(begun) => {
                    line = begun;
                    place = Place::Package;
                    element.begin(line);
                }
                Event::Open(name) => {
                    outer.push(place);
                    place = open(place, name, packages.attributes(), &mut element);
                }
                Event::CData(text) if matches!(place, Place::Text(_)) => element.add_cdata(text),
                Event::CData(_) => {}
                Event::Close => {
                    if let Place::Text(text) = place {
                        element.end_text(text);
                    }
                    place = outer.pop().unwrap_or(Place::Package);
                }
                Event::End(health) => {
                    if let Some(problem) = health.problem() {
                        element.spoil(problem);
                    }
                    for (severity, subject, what) in element.end() {
                        // The name of the document is added where it is known.
                        report.add(Problem {
                            severity,
                            document: String::new(),
                            line: Some(line),
                            column: None,
                            subject,
                            what,
                        });
                    }
                }
                Event::Done => return Ok(packages.count),
            }
        }
    }

    fn keep(rows: &mut Chunk, text: String) {
        rows.text = text;
        rows.text.push_str(&rows.extra);
    }

    fn recycle(rows: &mut Chunk) -> Vec<u8> {
        rows.extra.clear();
        rows.packages.clear();
        rows.entries.clear();
        rows.files.clear();
        std::mem::take(&mut rows.text).into_bytes()
    }
}

/// The place that an element opens. What its attributes say goes to the package.
#[inline]
fn open<'t>(
    place: Place,
    name: &'t str,
    attributes: &[Attribute<'t>],
    element: &mut Element<'_, 't>,
) -> Place {
    match (place, name) {
        (Place::Entries(kind), "entry") => element.entry(kind, attributes),
        (Place::Package, "version") => element.version(attributes),
        (Place::Package, "time") => element.time(attributes),
        (Place::Package, "size") => element.size(attributes),
        (Place::Package, "location") => element.location(attributes),
        (Place::Text(_), _) => element.wrong("an element stands inside a text"),
        (Place::Package, name) => {
            return match name {
                "name" => Place::Text(Text::Name),
                "arch" => Place::Text(Text::Arch),
                "checksum" => {
                    element.checksum_kind(attributes);
                    Place::Text(Text::Checksum)
                }
                "summary" => Place::Text(Text::Summary),
                "description" => Place::Text(Text::Description),
                "url" => Place::Text(Text::Url),
                "format" => Place::Format,
                _ => Place::Elsewhere,
            };
        }
        (Place::Format, name) => {
            return match name {
                "file" => {
                    let kind = attributes.iter().find(|attribute| attribute.name == "type");
                    Place::Text(Text::File(
                        kind.map_or(FileKind::File, |kind| FileKind::from_attribute(kind.raw)),
                    ))
                }
                "license" => Place::Text(Text::Licence),
                "vendor" => Place::Text(Text::Vendor),
                "sourcerpm" => Place::Text(Text::SourceRpm),
                _ => match EntryKind::ALL.into_iter().find(|kind| kind.name() == name) {
                    Some(kind) => Place::Entries(kind),
                    None => Place::Elsewhere,
                },
            };
        }
        (Place::Entries(_) | Place::Elsewhere, _) => {}
    }
    Place::Elsewhere
}
