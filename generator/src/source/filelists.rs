//! filelists.xml: which of the paths that anyone asks for belong to which package.
//!
//! The document lists every path of every package and is mostly the largest of a repository. It is read as primary.xml
//! is, piece by piece on several threads; only the paths that are asked for leave the reader.

use super::primary::{FileKind, Stop};
use super::xml::head::Head;
use super::xml::packages::{Event, Names, Packages};
use super::xml::pipeline::{self, PIECE_BYTES, PieceReader, PieceText, Plan};
use super::xml::scan::Flaw;
use super::xml::text;
use super::{Error, Limits, Opened, Problem, Report, Severity};

/// A path that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FoundPath<'c> {
    /// Checksum of the package, as in primary.xml: hexadecimal digits, as the document has them.
    pub pkgid: &'c str,
    /// The path.
    pub path: &'c str,
    /// What stands there.
    pub kind: FileKind,
}

/// What a filelists.xml came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Packages in the document.
    pub packages: u64,
    /// Paths found that were asked for.
    pub paths: u64,
}

/// Reads a filelists.xml and gives each path for which `asked` is true to `sink`, in document order, on the calling
/// thread. `asked` is called from several threads.
///
/// `jobs` threads work at a time; the outcome is the same for any number. A package without a `pkgid`, or with text
/// that is not UTF-8, is left out and reported. As with primary.xml, the file is compared with repomd.xml at the end.
///
/// # Errors
/// Where the document cannot be read, is not well-formed, ends too early, declares entities, exceeds a limit, or is not
/// the file that repomd.xml describes; and whatever `sink` returns, at once.
///
/// # Example
/// ```
/// use modex_generator::source::{Error, Limits, Opened, Report, Stated, filelists};
/// use std::collections::HashSet;
///
/// let xml = br#"<filelists packages="1"><package pkgid="ab12" name="foo" arch="noarch"><version ver="1"/>
///   <file>/usr/bin/foo</file><file type="dir">/usr/share/foo</file></package></filelists>"#;
/// let asked = HashSet::from(["/usr/bin/foo", "/usr/bin/perl"]);
/// let limits = Limits::default();
/// let opened = Opened::stream("filelists.xml", &xml[..], Stated::default(), &limits)?;
/// let mut found = Vec::new();
/// filelists::read(opened, 2, &limits, &mut Report::new(10), &|path| asked.contains(path), |hit| {
///     found.push(format!("{} {}", hit.pkgid, hit.path));
///     Ok::<_, Error>(())
/// })?;
/// assert_eq!(found, ["ab12 /usr/bin/foo"]);
/// # Ok::<_, Error>(())
/// ```
pub fn read<E: From<Error>>(
    opened: Opened<'_>,
    jobs: usize,
    limits: &Limits,
    report: &mut Report,
    asked: &(impl Fn(&str) -> bool + Sync),
    sink: impl FnMut(FoundPath<'_>) -> Result<(), E>,
) -> Result<Summary, E> {
    read_pieces(opened, Plan { jobs, piece_bytes: PIECE_BYTES, limits }, report, asked, sink)
}

fn read_pieces<E: From<Error>>(
    mut opened: Opened<'_>,
    plan: Plan<'_>,
    report: &mut Report,
    asked: &(impl Fn(&str) -> bool + Sync),
    mut sink: impl FnMut(FoundPath<'_>) -> Result<(), E>,
) -> Result<Summary, E> {
    let mut paths = 0;
    let outcome = pipeline::run(
        &mut opened,
        "filelists",
        plan,
        report,
        |head: &Head| FilelistsReader { names: Names::new(head), limits: plan.limits, asked },
        |hits: &mut Hits, _| {
            paths += hits.hits.len() as u64;
            let mut pkgid = "";
            hits.hits.iter().try_for_each(|hit| match hit {
                Hit::Package(range) => {
                    pkgid = &hits.found[range.0..range.1];
                    paths -= 1;
                    Ok(())
                }
                Hit::Path(kind, range) => {
                    let path = &hits.found[range.0..range.1];
                    sink(FoundPath { pkgid, path, kind: *kind }).map_err(Stop::Sink)
                }
            })
        },
    );
    match outcome {
        Ok(total) => {
            opened.finish()?;
            Ok(Summary { packages: total.packages, paths })
        }
        Err(Stop::Document(error)) => Err(opened.explain(error).into()),
        Err(Stop::Sink(error)) => Err(error),
    }
}

struct FilelistsReader<'l, A> {
    names: Names,
    limits: &'l Limits,
    asked: &'l A,
}

/// What was found in a piece.
#[derive(Default)]
struct Hits {
    hits: Vec<Hit>,
    /// The texts of the hits.
    found: String,
    /// The piece itself: kept for its buffer only.
    piece: String,
}

enum Hit {
    /// The paths that follow belong to this package.
    Package((usize, usize)),
    /// A path.
    Path(FileKind, (usize, usize)),
}

impl Hits {
    fn push(&mut self, text: &str, hit: impl FnOnce((usize, usize)) -> Hit) {
        let start = self.found.len();
        self.found.push_str(text);
        self.hits.push(hit((start, self.found.len())));
    }
}

impl<A: Fn(&str) -> bool + Sync> PieceReader for FilelistsReader<'_, A> {
    type Rows = Hits;

    fn read(
        &self,
        piece: &PieceText,
        rows: &mut Hits,
        report: &mut Report,
    ) -> Result<u64, Box<Flaw>> {
        let mut packages = Packages::new(&self.names, piece, self.limits);
        let mut package = Open::default();
        let mut depth = 0;
        let mut file = None;
        let mut path = Path::default();
        loop {
            let (text, event) = packages.next()?;
            if file.is_some() && depth == 1 && !text.is_empty() {
                package.unreadable |= path.add(text);
            }
            match event {
                Event::Begin(line) => {
                    let attributes = packages.attributes();
                    let value = |name| {
                        attributes.iter().find(|a| a.name == name && a.plain).map_or("", |a| a.raw)
                    };
                    let (hits, found) = (rows.hits.len(), rows.found.len());
                    package = Open {
                        line,
                        name: value("name"),
                        pkgid: value("pkgid"),
                        hits,
                        found,
                        unreadable: false,
                    };
                    depth = 0;
                }
                Event::Open(name) => {
                    depth += 1;
                    if depth == 1 && name == "file" {
                        let kind =
                            packages.attributes().iter().find(|attribute| attribute.name == "type");
                        file = Some(
                            kind.map_or(FileKind::File, |kind| FileKind::from_attribute(kind.raw)),
                        );
                        path.clear();
                    }
                }
                Event::CData(text) if file.is_some() && depth == 1 => path.add_plain(text),
                Event::CData(_) => {}
                Event::Close => {
                    depth -= 1;
                    if let Some(kind) = file.take_if(|_| depth == 0)
                        && (self.asked)(path.text())
                    {
                        if rows.hits.len() == package.hits {
                            rows.push(package.pkgid, Hit::Package);
                        }
                        rows.push(path.text(), |range| Hit::Path(kind, range));
                    }
                }
                Event::End(health) => {
                    let what = match health.problem() {
                        Some(problem) => problem,
                        None if package.unreadable => "a path of it cannot be read",
                        None if package.pkgid.is_empty() => "it has no pkgid",
                        None => continue,
                    };
                    rows.hits.truncate(package.hits);
                    rows.found.truncate(package.found);
                    report.add(Problem {
                        severity: Severity::Dropped,
                        document: String::new(),
                        line: Some(package.line),
                        column: None,
                        subject: if package.name.is_empty() {
                            "a package".into()
                        } else {
                            package.name.into()
                        },
                        what: what.into(),
                    });
                }
                Event::Done => return Ok(packages.count),
            }
        }
    }

    fn keep(rows: &mut Hits, text: String) {
        rows.piece = text;
    }

    fn recycle(rows: &mut Hits) -> Vec<u8> {
        rows.hits.clear();
        rows.found.clear();
        std::mem::take(&mut rows.piece).into_bytes()
    }
}

/// The package that is being read.
#[derive(Default)]
struct Open<'t> {
    line: u64,
    name: &'t str,
    pkgid: &'t str,
    /// Hits and text before it.
    hits: usize,
    found: usize,
    unreadable: bool,
}

/// A path: the text where it stands, or joined from parts.
#[derive(Default)]
struct Path<'t> {
    whole: Option<&'t str>,
    joined: String,
}

impl<'t> Path<'t> {
    fn clear(&mut self) {
        self.whole = None;
        self.joined.clear();
    }

    fn text(&self) -> &str {
        self.whole.unwrap_or(&self.joined)
    }

    fn add_plain(&mut self, text: &'t str) {
        self.join();
        self.joined.push_str(text);
    }

    /// True where the text cannot be read.
    fn add(&mut self, raw: &'t str) -> bool {
        if self.whole.is_none() && self.joined.is_empty() && text::is_plain(raw) {
            self.whole = Some(raw);
            return false;
        }
        self.join();
        text::push_text(raw, &mut self.joined).is_err()
    }

    fn join(&mut self) {
        if let Some(whole) = self.whole.take() {
            self.joined.push_str(whole);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Fault, Stated};

    fn run(text: &str, jobs: usize, piece_bytes: usize) -> (Result<Vec<String>, Error>, Report) {
        let limits = Limits::default();
        let mut report = Report::new(10);
        let mut found = Vec::new();
        let opened =
            Opened::stream("filelists.xml", text.as_bytes(), Stated::default(), &limits).unwrap();
        let plan = Plan { jobs, piece_bytes, limits: &limits };
        let asked = |path: &str| path.starts_with("/a");
        let outcome = read_pieces(opened, plan, &mut report, &asked, |hit| {
            found.push(format!("{} {:?} {}", hit.pkgid, hit.kind, hit.path));
            Ok::<_, Error>(())
        });
        let paths = found.len() as u64;
        (outcome.map(|summary| assert_eq!(summary.paths, paths)).map(|()| found), report)
    }

    const TEXT: &str = "<?xml version='1.0'?>\n<filelists packages='4'>
<package pkgid='01' name='x' arch='i686'><version epoch='0' ver='1' rel='1'/>
  <file>/a</file><file type='dir'>/b</file><file type='ghost'>/a&amp;<![CDATA[<c>]]>d</file></package>
<package pkgid='02' name='y'><file>/b</file><other><file>/a</file></other></package>
<package name='z'><file>/a</file></package><!-- </package> -->
<package pkgid='04' name='w'><file>/a/4</file></package>
</filelists>\n";

    #[test]
    fn the_paths_that_are_asked_for() {
        for (jobs, piece_bytes) in [(1, 1 << 20), (1, 10), (2, 10), (4, 100)] {
            let (found, report) = run(TEXT, jobs, piece_bytes);
            assert_eq!(found.unwrap(), ["01 File /a", "01 Ghost /a&<c>d", "04 File /a/4"]);
            let problems: Vec<_> = report.problems.iter().map(ToString::to_string).collect();
            assert_eq!(problems, ["filelists.xml:6: z: it has no pkgid (dropped)"]);
        }
    }

    #[test]
    fn hostile_documents() {
        for (bad, why) in [("&nbsp;", "cannot be read"), ("\u{1}", "not UTF-8")] {
            let (found, report) = run(&TEXT.replacen("/b", bad, 1), 1, 10);
            assert_eq!(found.unwrap(), ["04 File /a/4"]);
            assert!(report.problems[0].what.contains(why), "{:?}", report.problems[0]);
        }
        for end in (0..TEXT.len() - 2).step_by(7) {
            assert!(run(&TEXT[..end], 2, 10).0.is_err(), "{end}");
        }
        for (from, to) in
            [("<file>", "<!DOCTYPE x><file>"), ("</file>", "</fil>"), ("<file>", "<package>")]
        {
            assert!(run(&TEXT.replacen(from, to, 1), 2, 10).0.is_err(), "{to}");
        }
        let limit = run(&TEXT.replacen("<file>", &"<x>".repeat(99), 1), 1, 10).0.unwrap_err();
        assert!(matches!(limit.fault, Fault::Limit { .. }));
    }

    #[test]
    fn a_stub_is_a_document() {
        let (found, report) = run("<filelists xmlns='x' packages='0'>\n</filelists>", 2, 10);
        assert!(found.unwrap().is_empty() && report.is_clean());
    }
}
