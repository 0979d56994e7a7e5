//! repomd.xml: which documents a repository has.

use super::checksum::{Checksum, ChecksumKind};
use super::compression::Stated;
use super::xml::walk::{self, Event, Walk};
use super::{Error, Fault, Limits, Opened, Problem, Report, Severity, location};
use std::ops::Range;

/// A repomd.xml.
#[derive(Clone, Debug)]
pub struct Repomd {
    /// What the repository calls this state of itself.
    pub revision: Option<String>,
    /// One record a type, in document order. All types are kept, those that nobody here reads too (`primary_zck`,
    /// `primary_db`, …).
    pub records: Vec<Record>,
    text: String,
    end_tag: usize,
}

/// One document of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The type: `primary`, `filelists`, `modules`, `group`, …
    pub kind: String,
    /// Where it lies below the repository: a relative path that does not leave it.
    pub location: String,
    /// The `xml:base` of the location, as it stands there, unchecked.
    pub base: Option<String>,
    /// Of the file as stored. Its type may be one that cannot be verified.
    pub checksum: Option<Checksum>,
    /// Of the decompressed document.
    pub open_checksum: Option<Checksum>,
    /// Bytes of the file as stored.
    pub size: Option<u64>,
    /// Bytes of the decompressed document.
    pub open_size: Option<u64>,
    /// Seconds since 1970.
    pub timestamp: Option<u64>,
    /// Where the record stands in the document, in bytes, from `<data` up to and including `</data>`.
    pub range: Range<usize>,
}

impl Record {
    /// What a reader of the document has to find. The open checksum is left out: see [`Stated::open_checksum`].
    pub fn stated(&self) -> Stated {
        let (checksum, size, open_size) = (self.checksum.clone(), self.size, self.open_size);
        Stated { checksum, size, open_checksum: None, open_size }
    }
}

impl Repomd {
    /// The record of a type.
    pub fn record(&self, kind: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.kind == kind)
    }

    /// The whole document, byte for byte.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The byte offset of `</repomd>`: where a further record can be put in, so that nothing else changes.
    pub fn end_tag(&self) -> usize {
        self.end_tag
    }
}

/// Reads a repomd.xml.
///
/// Left out and reported are records without type or location, with a location outside the repository, with a size that
/// is no number or a checksum that is not of its type, and further records of a type. A record without checksum is
/// doubted.
///
/// # Errors
/// Where the document cannot be read or is no repomd.xml.
///
/// # Example
/// ```
/// use modex_generator::source::{Error, Limits, Opened, Report, Stated, repomd};
///
/// let xml = br#"<repomd><revision>7</revision><data type="primary"><location href="repodata/primary.xml.gz"/>
///   <checksum type="sha1">da39a3ee5e6b4b0d3255bfef95601890afd80709</checksum><size>0</size></data></repomd>"#;
/// let limits = Limits::default();
/// let mut report = Report::new(limits.problems);
/// let opened = Opened::stream("repomd.xml", &xml[..], Stated::default(), &limits)?;
/// let repomd = repomd::read(opened, &limits, &mut report)?;
/// assert_eq!(repomd.revision.as_deref(), Some("7"));
/// assert_eq!(repomd.record("primary").unwrap().location, "repodata/primary.xml.gz");
/// assert_eq!(repomd.record("primary").unwrap().stated().size, Some(0));
/// assert_eq!(&repomd.text()[repomd.end_tag()..], "</repomd>");
/// # Ok::<_, Error>(())
/// ```
pub fn read(opened: Opened<'_>, limits: &Limits, report: &mut Report) -> Result<Repomd, Error> {
    let (document, text) = walk::read_text(opened, limits.small_xml_bytes)?;
    let mut walk = Walk::new(&document, &text, limits);
    match walk.next()? {
        Event::Open("repomd") => {}
        _ => return Err(walk.error(Fault::WrongKind("its root element is not <repomd>".into()))),
    }
    let mut revision = None;
    let mut records: Vec<Record> = Vec::new();
    loop {
        match walk.next()? {
            Event::Open("revision") => {
                revision = Some(walk.text()?).filter(|text| !text.is_empty())
            }
            Event::Open("data") => {
                let line = walk.line();
                let mut problem = |severity, subject: &str, what: String| {
                    let (document, subject) = (document.clone(), format!("record {subject}"));
                    report.add(Problem {
                        severity,
                        document,
                        line: Some(line),
                        column: None,
                        subject,
                        what,
                    });
                };
                let (record, wrong) = read_record(&mut walk)?;
                if records.len() == limits.records {
                    let limit = limits.records as u64;
                    return Err(walk.error(Fault::Limit { what: "the number of records", limit }));
                }
                let twice = records.iter().any(|known| known.kind == record.kind);
                match wrong {
                    Some(wrong) => problem(Severity::Dropped, &record.kind, wrong),
                    None if twice => {
                        problem(
                            Severity::Doubted,
                            &record.kind,
                            "it comes twice; the first one is used".into(),
                        );
                    }
                    None => {
                        if record.checksum.is_none() {
                            problem(Severity::Doubted, &record.kind, "it has no checksum".into());
                        }
                        records.push(record);
                    }
                }
            }
            Event::Open(_) => walk.skip()?,
            Event::Close => break,
            Event::End => return Err(walk.error(Fault::EndsInside("<repomd>".into()))),
        }
    }
    let end_tag = walk.range().start;
    if !text[end_tag..].starts_with("</") {
        return Err(walk.error(Fault::WrongKind("it lists no documents".into())));
    }
    walk.next()?;
    Ok(Repomd { revision, records, end_tag, text })
}

/// Reads one record; also what is wrong with it, where something is.
fn read_record(walk: &mut Walk<'_>) -> Result<(Record, Option<String>), Error> {
    let start = walk.range().start;
    let mut wrong: Option<String> = None;
    let mut note = |what: String| wrong = wrong.take().or(Some(what));
    let mut record = Record {
        kind: walk.attribute("type")?.unwrap_or_default(),
        location: String::new(),
        base: None,
        checksum: None,
        open_checksum: None,
        size: None,
        open_size: None,
        timestamp: None,
        range: start..start,
    };
    loop {
        match walk.next()? {
            Event::Open("location") => {
                record.location = walk.attribute("href")?.unwrap_or_default();
                record.base = walk.attribute("xml:base")?;
                walk.skip()?;
            }
            Event::Open(name @ ("checksum" | "open-checksum")) => {
                let kind = walk.attribute("type")?.unwrap_or_default();
                let hex = walk.text()?;
                if ChecksumKind::from_name(&kind).is_some_and(|known| !known.fits(&hex)) {
                    note(format!("its {name} is not of the type {kind}"));
                }
                let place = if name == "checksum" {
                    &mut record.checksum
                } else {
                    &mut record.open_checksum
                };
                *place = Some(Checksum { kind, hex });
            }
            Event::Open(name @ ("size" | "open-size" | "timestamp")) => {
                let text = walk.text()?;
                // Old createrepo wrote fractions of seconds.
                let digits =
                    if name == "timestamp" { text.split('.').next().unwrap_or("") } else { &text };
                let number = digits.parse().ok().filter(|_| !digits.starts_with('+'));
                match name {
                    "size" => record.size = number,
                    "open-size" => record.open_size = number,
                    _ => record.timestamp = number,
                }
                if number.is_none() && name != "timestamp" {
                    note(format!("its {name} is no number"));
                }
            }
            Event::Open(_) => walk.skip()?,
            Event::Close | Event::End => break,
        }
    }
    record.range.end = walk.range().end;
    if record.kind.is_empty() {
        note("it has no type".into());
    }
    if let Some(fault) = location::fault(&record.location) {
        note(fault.into());
    }
    Ok((record, wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> (Result<Repomd, Error>, Report) {
        let limits = Limits::default();
        let mut report = Report::new(100);
        let opened =
            Opened::stream("repomd.xml", text.as_bytes(), Stated::default(), &limits).unwrap();
        (read(opened, &limits, &mut report), report)
    }

    fn record(kind: &str, href: &str, more: &str) -> String {
        let sum = "0a".repeat(32);
        format!(
            "  <data type=\"{kind}\">\n<checksum type=\"sha256\">{sum}</checksum><location href=\"{href}\"/>{more}</data>\n"
        )
    }

    fn document(records: &[String]) -> String {
        format!(
            "\u{feff}<?xml version=\"1.0\"?>\n<repomd xmlns=\"r\">\n{}</repomd>\n",
            records.concat()
        )
    }

    #[test]
    fn records_and_their_places() {
        let more = "<open-checksum type=\"md5\">x</open-checksum><size>7</size><open-size>8</open-size>\
                    <timestamp>9.5</timestamp><database_version>10</database_version>";
        let text =
            document(&[record("primary", "repodata/p.xml", more), record("primary_zck", "z", "")]);
        let (repomd, report) = run(&text);
        let repomd = repomd.unwrap();
        assert!(report.is_clean(), "{report:?}");
        assert_eq!(
            (repomd.text(), repomd.revision.as_ref(), repomd.records.len()),
            (&text[..], None, 2)
        );
        let primary = repomd.record("primary").unwrap();
        assert_eq!(
            (primary.size, primary.open_size, primary.timestamp),
            (Some(7), Some(8), Some(9))
        );
        assert_eq!(primary.open_checksum.as_ref().unwrap().kind, "md5");
        assert_eq!(primary.stated().open_checksum, None);
        let whole = &text[primary.range.clone()];
        assert!(whole.starts_with("<data") && whole.ends_with("</data>"), "{whole}");
        assert!(text[repomd.end_tag()..].starts_with("</repomd>"));
    }

    #[test]
    fn bad_records_are_left_out() {
        for (bad, why) in [
            (record("p", "/etc/passwd", ""), "absolute"),
            (record("p", "../p.xml", ""), "leaves"),
            (record("p", "http://host/p.xml", ""), "scheme"),
            (record("p", "", ""), "empty"),
            (record("p", "a\\b", ""), "backslash"),
            (record("", "p.xml", ""), "type"),
            (record("p", "p.xml", "<size>x</size>"), "number"),
            (record("p", "p.xml", "<open-size>-1</open-size>"), "number"),
            (record("p", "p.xml", "").replace("0a0a", "0a"), "checksum"),
            ("<data type='p'/>".into(), "empty"),
        ] {
            let (repomd, report) = run(&document(&[bad, record("good", "g", "")]));
            assert_eq!(
                repomd.unwrap().records.iter().map(|r| &r.kind[..]).collect::<Vec<_>>(),
                ["good"],
                "{why}"
            );
            assert_eq!(report.dropped, 1);
            assert!(report.problems[0].what.contains(why), "{why}: {}", report.problems[0]);
            assert_eq!(report.problems[0].line, Some(3));
        }
        let (repomd, report) = run(&document(&[record("p", "a", ""), record("p", "b", "")]));
        assert_eq!(repomd.unwrap().record("p").unwrap().location, "a");
        assert_eq!((report.dropped, report.doubted), (0, 1));
    }

    #[test]
    fn broken_documents_are_errors() {
        let text = document(&[record("p", "a", "")]);
        for end in 0..text.len() - 1 {
            assert!(!text.is_char_boundary(end) || run(&text[..end]).0.is_err(), "{end}");
        }
        for bad in [
            "<metadata/>",
            "<repomd/>",
            "",
            "text",
            "<!DOCTYPE repomd><repomd></repomd>",
            "<repomd>\0</repomd>",
        ] {
            assert!(run(bad).0.is_err(), "{bad}");
        }
    }
}
