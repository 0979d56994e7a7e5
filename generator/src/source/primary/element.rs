//! What one `<package>` element says, checked while it is read.

use super::chunk::{Chunk, FileKind, FileRow, PackageRow, Span};
use crate::source::xml::text;
use crate::source::{ChecksumKind, Fault, Limits, Severity};

/// The texts of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Name,
    Arch,
    Checksum,
    Summary,
    Description,
    Url,
    Licence,
    Vendor,
    SourceRpm,
    File(FileKind),
}

/// The package that is being read. The first thing that is wrong with it is remembered; what follows is then only read
/// past.
pub(super) struct Element<'r, 't> {
    pub(super) rows: &'r mut Chunk,
    pub(super) whole: &'t str,
    pub(super) limits: &'r Limits,
    pub(super) row: PackageRow,
    pub(super) wrong: Option<String>,
    pub(super) doubts: Vec<String>,
    /// What was there already: texts and elements come once.
    seen: u32,
    /// The text being collected: its only part, or where its parts are joined.
    part: Option<Span>,
    joined: Option<usize>,
    /// The last entry's epoch, version, release and joined text: the next one often has the same.
    pub(super) last_evr: (&'t str, &'t str, &'t str, Span),
}

impl<'r, 't> Element<'r, 't> {
    pub(super) fn new(rows: &'r mut Chunk, whole: &'t str, limits: &'r Limits) -> Self {
        let last_evr = ("", "", "", Span::default());
        let row = PackageRow::default();
        Element {
            rows,
            whole,
            limits,
            row,
            wrong: None,
            doubts: vec![],
            seen: 0,
            part: None,
            joined: None,
            last_evr,
        }
    }

    pub(super) fn begin(&mut self, line: u64) {
        let (entries, files) = (self.rows.entries.len() as u32, self.rows.files.len() as u32);
        self.row = PackageRow {
            line,
            entries: entries..entries,
            files: files..files,
            ..PackageRow::default()
        };
        self.wrong = None;
        self.seen = 0;
    }

    /// Ends the package: keeps it if nothing is wrong. Returns what there is to report, with the package's name.
    pub(super) fn end(&mut self) -> Vec<(Severity, String, String)> {
        if self.wrong.is_none() {
            self.wrong = self.missing().map(String::from);
        }
        let mut problems = Vec::new();
        if self.wrong.is_some() || !self.doubts.is_empty() {
            let subject = self.subject();
            let doubts =
                self.doubts.drain(..).map(|what| (Severity::Doubted, subject.clone(), what));
            problems.extend(doubts);
            problems
                .extend(self.wrong.take().map(|what| (Severity::Dropped, subject.clone(), what)));
        }
        if problems.last().is_some_and(|(severity, ..)| *severity == Severity::Dropped) {
            // Only what becomes of the package matters.
            problems.drain(..problems.len() - 1);
            self.rows.entries.truncate(self.row.entries.start as usize);
            self.rows.files.truncate(self.row.files.start as usize);
        } else {
            self.row.entries.end = self.rows.entries.len() as u32;
            self.row.files.end = self.rows.files.len() as u32;
            self.rows.packages.push(std::mem::take(&mut self.row));
        }
        problems
    }

    fn missing(&self) -> Option<&'static str> {
        let PackageRow { name, arch, version, location, checksum, pkgid, .. } = &self.row;
        let word =
            |span: &Span| !self.text_of(*span).bytes().any(|byte| byte.is_ascii_whitespace());
        let fits = |kind: ChecksumKind| kind.fits(self.text_of(*pkgid));
        if name.length == 0 {
            Some("it has no name")
        } else if arch.length == 0 {
            Some("it has no architecture")
        } else if version.length == 0 {
            Some("it has no version")
        } else if !word(name) || !word(arch) || !word(version) || !word(&self.row.release) {
            Some("its name, architecture or version has white space in it")
        } else if location.length == 0 {
            Some("it has no location")
        } else if pkgid.length == 0 {
            Some("it has no checksum")
        } else if !checksum.is_some_and(fits) {
            Some("its checksum is not of the type that it says")
        } else {
            None
        }
    }

    /// The NEVRA as far as it is known.
    fn subject(&self) -> String {
        let PackageRow { name, arch, epoch, version, release, .. } = self.row;
        if name.length == 0 {
            return "a package".into();
        }
        let epoch = if epoch.length == 0 { "0" } else { self.text_of(epoch) };
        let [name, version, release, arch] =
            [name, version, release, arch].map(|span| self.text_of(span));
        format!("{name}-{epoch}:{version}-{release}.{arch}").chars().take(200).collect()
    }

    /// Something that makes everything else that may be wrong meaningless.
    pub(super) fn spoil(&mut self, what: &str) {
        self.wrong = Some(what.into());
    }

    pub(super) fn wrong(&mut self, what: impl Into<String>) {
        if self.wrong.is_none() {
            self.wrong = Some(what.into());
        }
    }

    /// Whether something comes a second time.
    pub(super) fn twice(&mut self, bit: u32, what: &str) -> bool {
        let twice = self.seen & bit != 0;
        self.seen |= bit;
        if twice {
            self.wrong(format!("it has two {what}"));
        }
        twice
    }

    pub(super) fn text_of(&self, span: Span) -> &str {
        match (span.start as usize).checked_sub(self.whole.len()) {
            None => span.of(self.whole),
            Some(start) => &self.rows.extra[start..start + span.length as usize],
        }
    }

    /// The range of a text that stands in the document.
    pub(super) fn borrowed(&self, part: &'t str) -> Span {
        let start = part.as_ptr() as usize - self.whole.as_ptr() as usize;
        Span { start: start as u32, length: part.len() as u32 }
    }

    /// The range of everything added to the extra text since it had this length.
    pub(super) fn added(&self, start: usize) -> Span {
        let length = self.rows.extra.len() - start;
        Span { start: (self.whole.len() + start) as u32, length: length as u32 }
    }

    pub(super) fn add_text(&mut self, raw: &'t str) {
        if self.part.is_none() && self.joined.is_none() && text::is_plain(raw) {
            self.part = Some(self.borrowed(raw));
            return;
        }
        self.join();
        if let Err(fault) = text::push_text(raw, &mut self.rows.extra) {
            self.unreadable(&fault);
        }
    }

    pub(super) fn add_cdata(&mut self, text: &'t str) {
        self.join();
        self.rows.extra.push_str(text);
    }

    /// Moves what was collected to the extra text, so that more can be joined to it.
    fn join(&mut self) {
        if self.joined.is_none() {
            self.joined = Some(self.rows.extra.len());
            if let Some(part) = self.part.take() {
                self.rows.extra.push_str(part.of(self.whole));
            }
        }
    }

    pub(super) fn unreadable(&mut self, fault: &Fault) {
        self.wrong(match fault {
            Fault::Entities => {
                "it refers to an entity; only the five predefined ones are accepted".to_string()
            }
            fault => fault.to_string(),
        });
    }

    /// The collected text is complete.
    pub(super) fn end_text(&mut self, text: Text) {
        let part = self.part.take();
        let span = match self.joined.take() {
            Some(start) => self.added(start),
            None => part.unwrap_or_default(),
        };
        let (bit, field, what) = match text {
            Text::File(kind) => return self.file(kind, span),
            Text::Name => (0, &mut self.row.name, "names"),
            Text::Arch => (1, &mut self.row.arch, "architectures"),
            Text::Checksum => (2, &mut self.row.pkgid, "checksums"),
            Text::Summary => (3, &mut self.row.summary, "summaries"),
            Text::Description => (4, &mut self.row.description, "descriptions"),
            Text::Url => (5, &mut self.row.url, "URLs"),
            Text::Licence => (6, &mut self.row.licence, "licences"),
            Text::Vendor => (7, &mut self.row.vendor, "vendors"),
            Text::SourceRpm => (8, &mut self.row.source_rpm, "source packages"),
        };
        *field = span;
        let limit = if bit < 3 { self.limits.name_bytes } else { self.limits.text_bytes };
        if span.length as usize > limit {
            self.wrong("one of its texts is longer than the limit");
        }
        self.twice(1 << bit, what);
    }

    fn file(&mut self, kind: FileKind, path: Span) {
        if !self.text_of(path).starts_with('/') {
            if self.wrong.is_none() && self.doubts.is_empty() {
                self.doubts.push("a file path that is not absolute was left out".into());
            }
        } else if path.length as usize > self.limits.name_bytes {
            self.wrong("a file path is longer than the limit");
        } else if self.rows.files.len() - self.row.files.start as usize == self.limits.files {
            self.wrong("it has more files than the limit");
        } else if self.wrong.is_none() {
            self.rows.files.push(FileRow { kind, path });
        }
    }
}
