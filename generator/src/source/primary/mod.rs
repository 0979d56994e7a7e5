//! primary.xml: the packages of a repository.
//!
//! The document is never held in memory: it is cut at `</package>`, the pieces are read on several threads, and chunks
//! of packages are delivered in document order. Peak memory is some pieces of 1 MiB a thread, unless a single package
//! is larger.

mod attributes;
mod chunk;
mod element;
mod read;

pub use chunk::{Chunk, Entry, EntryKind, FileKind, Package};

use super::xml::pipeline::{self, PIECE_BYTES, Plan};
use super::{Error, Limits, Opened, Report};

/// What a primary.xml came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Packages delivered.
    pub packages: u64,
    /// Packages in the document, dropped ones included.
    pub found: u64,
}

/// Reads a primary.xml and gives chunks of its packages to `sink`, in document order, on the calling thread.
///
/// `jobs` threads work at a time, the calling one among them; the outcome is the same for any number. What cannot be
/// used is left out and reported with its line: a package without name, architecture, version, checksum or location;
/// with a location outside the repository; with a dependency that cannot be understood; with text that is not UTF-8.
/// Duplicates are not looked for.
///
/// The file is compared with repomd.xml at the end, when every package has been delivered: do nothing irrevocable with
/// them before this function returns.
///
/// # Errors
/// Where the document cannot be read, is not well-formed, ends too early, declares entities, exceeds a limit, or is not
/// the file that repomd.xml describes; and whatever `sink` returns, at once.
///
/// # Example
/// ```
/// use modex_generator::source::{Error, Limits, Opened, Report, Stated, primary};
///
/// let xml = br#"<metadata packages="1"><package type="rpm"><name>foo</name><arch>noarch</arch>
///   <version epoch="0" ver="1" rel="2"/><location href="foo.rpm"/>
///   <checksum type="sha1">da39a3ee5e6b4b0d3255bfef95601890afd80709</checksum>
///   <format><rpm:requires><rpm:entry name="bar" flags="GE" ver="3"/></rpm:requires></format></package></metadata>"#;
/// let limits = Limits::default();
/// let mut report = Report::new(limits.problems);
/// let opened = Opened::stream("primary.xml", &xml[..], Stated::default(), &limits)?;
/// let mut names = Vec::new();
/// primary::read(opened, 2, &limits, &mut report, |chunk| {
///     for package in chunk.packages() {
///         let needs: Vec<_> = package.entries().map(|entry| format!("{} {}", entry.name, entry.evr)).collect();
///         names.push((package.nevra().to_string(), needs));
///     }
///     Ok::<_, Error>(())
/// })?;
/// assert_eq!(names, [("foo-0:1-2.noarch".to_string(), vec!["bar 3".to_string()])]);
/// assert!(report.is_clean());
/// # Ok::<_, Error>(())
/// ```
pub fn read<E: From<Error>>(
    opened: Opened<'_>,
    jobs: usize,
    limits: &Limits,
    report: &mut Report,
    sink: impl FnMut(&Chunk) -> Result<(), E>,
) -> Result<Summary, E> {
    read_pieces(opened, Plan { jobs, piece_bytes: PIECE_BYTES, limits }, report, sink)
}

fn read_pieces<E: From<Error>>(
    mut opened: Opened<'_>,
    plan: Plan<'_>,
    report: &mut Report,
    mut sink: impl FnMut(&Chunk) -> Result<(), E>,
) -> Result<Summary, E> {
    let mut packages = 0;
    let outcome = pipeline::run(
        &mut opened,
        "metadata",
        plan,
        report,
        |head| read::PrimaryReader::new(head, plan.limits),
        |chunk: &mut Chunk, lines| {
            chunk.lines = lines;
            packages += chunk.packages.len() as u64;
            if chunk.packages.is_empty() {
                return Ok(());
            }
            sink(chunk).map_err(Stop::Sink)
        },
    );
    match outcome {
        Ok(total) => {
            opened.finish()?;
            Ok(Summary { packages, found: total.packages })
        }
        Err(Stop::Document(error)) => Err(opened.explain(error).into()),
        Err(Stop::Sink(error)) => Err(error),
    }
}

/// Why reading stopped.
pub(crate) enum Stop<E> {
    /// Because of the document.
    Document(Error),
    /// Because the receiver said so.
    Sink(E),
}

impl<E> From<Error> for Stop<E> {
    fn from(error: Error) -> Self {
        Stop::Document(error)
    }
}

#[cfg(test)]
mod tests;
