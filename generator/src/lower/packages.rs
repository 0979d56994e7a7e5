//! Packages, as they stream by.

use super::locations::{Identity, LocationBuilder, base_fault};
use super::paths::PathTable;
use super::texts::TextPack;
use crate::Error;
use crate::digest::unhex;
use crate::source::primary::{Chunk, Entry, EntryKind, Package};
use crate::source::{Problem, Report, Severity};
use crate::workers::Workers;
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::section::texts::PackageTextRef;
use modex_formats::index::{BuildError, HotBuilder, TextId, WarmTables};
use modex_formats::rpm::{Dependency, Evr, arch};
use std::collections::{BTreeSet, HashSet};

/// Most bytes that a package keeps of its summary, description, URL, licence and source package. Together they are less
/// than a package's share of a block.
const MOST_BYTES: [(&str, usize); 5] = [
    ("summary", 8 << 10),
    ("description", 64 << 10),
    ("URL", 8 << 10),
    ("licence", 32 << 10),
    ("source package", 8 << 10),
];

/// What becomes of the packages of one repository in the index of one architecture.
pub(crate) struct Packages<'w> {
    policy: Vec<&'w str>,
    document: String,
    /// Names, versions, dependencies.
    pub(crate) builder: HotBuilder,
    /// Sizes and digests; locations when everything was read.
    pub(crate) warm: WarmTables,
    /// Texts for people.
    pub(crate) texts: TextPack<'w>,
    /// Paths that primary.xml lists.
    pub(crate) paths: PathTable,
    /// Packages of architectures that do not fit.
    pub(crate) foreign: u64,
    /// Every architecture met.
    pub(crate) arches: BTreeSet<String>,
    locations: LocationBuilder,
    identities: HashSet<(TextId, TextId, TextId)>,
    evr: String,
}

impl<'w> Packages<'w> {
    pub(crate) fn new(arch: &'w str, document: &str, workers: &'w Workers) -> Self {
        Packages {
            policy: arch::policy(arch),
            document: document.into(),
            builder: HotBuilder::default(),
            warm: WarmTables::default(),
            texts: TextPack::new(workers),
            paths: PathTable::default(),
            foreign: 0,
            arches: BTreeSet::new(),
            locations: LocationBuilder::default(),
            identities: HashSet::new(),
            evr: String::new(),
        }
    }

    /// Adds the next packages of primary.xml.
    pub(crate) fn add(&mut self, chunk: &Chunk, report: &mut Report) -> Result<(), Stop> {
        chunk.packages().try_for_each(|package| self.package(package, report))
    }

    fn package(&mut self, package: Package<'_>, report: &mut Report) -> Result<(), Stop> {
        if !self.arches.contains(package.arch()) {
            self.arches.insert(package.arch().into());
        }
        // Source packages are never installed, but queries show them, and active modules hide them.
        let is_source = matches!(package.arch(), "src" | "nosrc");
        if !is_source && !arch::fit(&self.policy, package.arch()).fits() {
            self.foreign += 1;
            return Ok(());
        }
        let mut problem = Reporter { document: &self.document, package, report };
        if let Some(fault) = package.base().and_then(base_fault) {
            problem.add(Severity::Dropped, fault.into());
            return Ok(());
        }
        let (kind, digits) = package.checksum();
        let digests = self.warm.digests.len();
        if unhex(digits, &mut self.warm.digests).is_none() {
            problem.add(Severity::Dropped, "its checksum is no hexadecimal number".into());
            return Ok(());
        }
        let evr = package.evr();
        join(&mut self.evr, evr);
        let identity = (
            self.builder.name(package.name()),
            self.builder.version(&self.evr),
            self.builder.name(package.arch()),
        );
        if !self.identities.insert(identity) {
            self.warm.digests.truncate(digests);
            problem.add(Severity::Dropped, "a package of the same identity came before it".into());
            return Ok(());
        }
        let id = self.builder.packages();
        self.builder.package(package.name(), &self.evr, package.arch())?;
        self.warm.digest_lengths.push(kind.length() as u8);
        self.warm.sizes.push((package.package_bytes(), package.installed_bytes()));
        let identity = Identity {
            name: package.name(),
            version: evr.version,
            release: evr.release,
            arch: package.arch(),
        };
        self.locations.push(identity, package.base(), package.location());
        for entry in package.entries() {
            statement(&mut self.builder, entry, &mut problem);
        }
        for (path, _) in package.files() {
            self.paths.push(id, path);
        }
        let record = record(package, &mut problem);
        self.texts.push(record).map_err(|error| Stop::Other(error.into()))
    }

    /// Closes the tables that grew with the packages.
    pub(crate) fn end(&mut self) {
        self.warm.locations = std::mem::take(&mut self.locations).finish();
        self.identities = HashSet::new();
    }
}

/// What a package says of itself.
fn record<'c>(package: Package<'c>, problem: &mut Reporter<'_>) -> PackageTextRef<'c> {
    let mut texts = [
        package.summary(),
        package.description(),
        package.url(),
        package.licence(),
        package.source_rpm(),
    ];
    for (text, (what, most)) in texts.iter_mut().zip(MOST_BYTES) {
        if text.len() > most {
            *text = super::cut(text, most);
            problem.add(Severity::Doubted, format!("its {what} is cut after {most} bytes"));
        }
    }
    PackageTextRef { texts, build_time: package.build_time() }
}

/// A statement of the current package.
fn statement(builder: &mut HotBuilder, entry: Entry<'_>, problem: &mut Reporter<'_>) {
    let kind = kind(entry.kind);
    if !entry.name.starts_with('(') {
        builder.simple(kind, entry.name, entry.relation, entry.evr);
        return;
    }
    let mut drop = |why: &str| {
        let text = super::cut(entry.name, 200);
        problem.add(Severity::Dropped, format!("it {} `{text}`: {why}", kind.word()));
    };
    match Dependency::parse(entry.name) {
        Ok(Dependency::Rich(_)) if kind == RelationKind::Provides => {
            drop("a boolean expression cannot be provided");
        }
        Ok(dependency) => builder.statement(kind, &dependency),
        Err(error) => drop(&error.to_string()),
    }
}

fn kind(kind: EntryKind) -> RelationKind {
    match kind {
        EntryKind::Requires => RelationKind::Requires,
        EntryKind::Provides => RelationKind::Provides,
        EntryKind::Conflicts => RelationKind::Conflicts,
        EntryKind::Obsoletes => RelationKind::Obsoletes,
        EntryKind::Recommends => RelationKind::Recommends,
        EntryKind::Suggests => RelationKind::Suggests,
        EntryKind::Supplements => RelationKind::Supplements,
        EntryKind::Enhances => RelationKind::Enhances,
    }
}

/// As [`Evr::join`], into a text that is there already.
fn join(text: &mut String, evr: Evr<'_>) {
    text.clear();
    if evr.epoch != "0" {
        text.push_str(evr.epoch);
        text.push(':');
    }
    text.push_str(evr.version);
    if let Some(release) = evr.release {
        text.push('-');
        text.push_str(release);
    }
}

/// Reports what is wrong with a package.
struct Reporter<'r> {
    document: &'r str,
    package: Package<'r>,
    report: &'r mut Report,
}

impl Reporter<'_> {
    fn add(&mut self, severity: Severity, what: String) {
        self.report.add(Problem {
            severity,
            document: self.document.into(),
            line: Some(self.package.line()),
            column: None,
            subject: super::cut(&self.package.nevra().to_string(), 200).into(),
            what,
        });
    }
}

/// Why reading ended early.
pub(crate) enum Stop {
    /// Because of the document.
    Document(crate::source::Error),
    /// Because there is more than the format can hold.
    TooMuch(BuildError),
    /// For another reason.
    Other(Error),
}

impl From<crate::source::Error> for Stop {
    fn from(error: crate::source::Error) -> Self {
        Stop::Document(error)
    }
}

impl From<BuildError> for Stop {
    fn from(error: BuildError) -> Self {
        Stop::TooMuch(error)
    }
}
