//! Some packages of primary.xml, as they were read.

use crate::source::ChecksumKind;
use modex_formats::rpm::{Evr, Nevra, Relation};
use std::ops::Range;

/// Some consecutive packages of a primary.xml. Everything that was text stays in one buffer, most of it where it stood
/// in the document; a chunk makes a handful of allocations, whatever the number of its packages.
#[derive(Debug, Default)]
pub struct Chunk {
    pub(super) text: String,
    /// Text that does not stand in the document as it is; appended to `text` when the chunk is complete.
    pub(super) extra: String,
    pub(super) packages: Vec<PackageRow>,
    pub(super) entries: Vec<EntryRow>,
    pub(super) files: Vec<FileRow>,
    /// Lines of the document before this chunk.
    pub(super) lines: u64,
}

/// A range of a chunk's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) length: u32,
}

impl Span {
    pub(crate) fn of(self, text: &str) -> &str {
        let start = self.start as usize;
        &text[start..start + self.length as usize]
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct PackageRow {
    pub(super) name: Span,
    pub(super) arch: Span,
    pub(super) epoch: Span,
    pub(super) version: Span,
    pub(super) release: Span,
    pub(super) checksum: Option<ChecksumKind>,
    pub(super) pkgid: Span,
    pub(super) summary: Span,
    pub(super) description: Span,
    pub(super) url: Span,
    pub(super) licence: Span,
    pub(super) vendor: Span,
    pub(super) source_rpm: Span,
    pub(super) location: Span,
    pub(super) base: Option<Span>,
    pub(super) package_bytes: u64,
    pub(super) installed_bytes: u64,
    pub(super) archive_bytes: u64,
    pub(super) build_time: u64,
    pub(super) line: u64,
    pub(super) entries: Range<u32>,
    pub(super) files: Range<u32>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct EntryRow {
    pub(super) kind: EntryKind,
    pub(super) relation: Relation,
    pub(super) name: Span,
    pub(super) evr: Span,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct FileRow {
    pub(super) kind: FileKind,
    pub(super) path: Span,
}

/// What a dependency entry means to its package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum EntryKind {
    /// It needs this.
    Requires,
    /// It has this to offer.
    Provides,
    /// It cannot be installed together with this.
    Conflicts,
    /// It replaces this.
    Obsoletes,
    /// It should come with this.
    Recommends,
    /// It may come with this.
    Suggests,
    /// It should come where this is.
    Supplements,
    /// It may come where this is.
    Enhances,
}

impl EntryKind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [EntryKind; 8] = [
        Self::Requires,
        Self::Provides,
        Self::Conflicts,
        Self::Obsoletes,
        Self::Recommends,
        Self::Suggests,
        Self::Supplements,
        Self::Enhances,
    ];

    /// The name of its element in primary.xml.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requires => "requires",
            Self::Provides => "provides",
            Self::Conflicts => "conflicts",
            Self::Obsoletes => "obsoletes",
            Self::Recommends => "recommends",
            Self::Suggests => "suggests",
            Self::Supplements => "supplements",
            Self::Enhances => "enhances",
        }
    }
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum FileKind {
    /// A file, a link, a device.
    #[default]
    File,
    /// A folder.
    Dir,
    /// Something that belongs to the package but does not come with it.
    Ghost,
}

impl FileKind {
    pub(crate) fn from_attribute(text: &str) -> Self {
        match text {
            "dir" => Self::Dir,
            "ghost" => Self::Ghost,
            _ => Self::File,
        }
    }
}

impl Chunk {
    /// The packages, in document order.
    pub fn packages(&self) -> impl ExactSizeIterator<Item = Package<'_>> {
        self.packages.iter().map(|row| Package { chunk: self, row })
    }
}

/// A package of a [`Chunk`]: complete and plausible, every field as the document states it.
#[derive(Clone, Copy, Debug)]
pub struct Package<'c> {
    chunk: &'c Chunk,
    row: &'c PackageRow,
}

impl<'c> Package<'c> {
    fn text(self, span: Span) -> &'c str {
        span.of(&self.chunk.text)
    }

    /// Package name; not empty, no white space.
    pub fn name(self) -> &'c str {
        self.text(self.row.name)
    }

    /// Architecture; not empty, no white space.
    pub fn arch(self) -> &'c str {
        self.text(self.row.arch)
    }

    /// Epoch (digits without leading zeros, `0` where the document has none), version and release.
    pub fn evr(self) -> Evr<'c> {
        let release = Some(self.text(self.row.release)).filter(|release| !release.is_empty());
        Evr { epoch: self.text(self.row.epoch), version: self.text(self.row.version), release }
    }

    /// Its identity.
    pub fn nevra(self) -> Nevra<'c> {
        Nevra { name: self.name(), evr: self.evr(), arch: self.arch() }
    }

    /// Kind of the checksum of the package file, and its hexadecimal digits: the package's id in the other documents.
    pub fn checksum(self) -> (ChecksumKind, &'c str) {
        (self.row.checksum.unwrap_or(ChecksumKind::Sha256), self.text(self.row.pkgid))
    }

    /// One line; may be empty, as the other texts.
    pub fn summary(self) -> &'c str {
        self.text(self.row.summary)
    }

    /// Some paragraphs.
    pub fn description(self) -> &'c str {
        self.text(self.row.description)
    }

    /// The project's address.
    pub fn url(self) -> &'c str {
        self.text(self.row.url)
    }

    /// Licence.
    pub fn licence(self) -> &'c str {
        self.text(self.row.licence)
    }

    /// Who made it.
    pub fn vendor(self) -> &'c str {
        self.text(self.row.vendor)
    }

    /// File name of the source package; empty for a source package.
    pub fn source_rpm(self) -> &'c str {
        self.text(self.row.source_rpm)
    }

    /// Where the package file lies below the repository, or below [`Package::base`]: a relative path that does not
    /// leave.
    pub fn location(self) -> &'c str {
        self.text(self.row.location)
    }

    /// The `xml:base` of the location, as it stands there, unchecked.
    pub fn base(self) -> Option<&'c str> {
        self.row.base.map(|span| self.text(span))
    }

    /// Bytes of the package file; 0 where the document does not say.
    pub fn package_bytes(self) -> u64 {
        self.row.package_bytes
    }

    /// Bytes on disk when installed; 0 where the document does not say.
    pub fn installed_bytes(self) -> u64 {
        self.row.installed_bytes
    }

    /// Bytes of the payload, unpacked; 0 where the document does not say.
    pub fn archive_bytes(self) -> u64 {
        self.row.archive_bytes
    }

    /// When it was built, in seconds since 1970; 0 where the document does not say.
    pub fn build_time(self) -> u64 {
        self.row.build_time
    }

    /// Line of the document where it begins, from 1.
    pub fn line(self) -> u64 {
        self.chunk.lines + self.row.line
    }

    /// Its dependency entries, in document order.
    ///
    /// An entry that the document has twice, once of them as a pre-requirement, comes twice. Requirements of
    /// `rpmlib(…)` are left out, as dnf ignores them.
    pub fn entries(self) -> impl ExactSizeIterator<Item = Entry<'c>> {
        self.chunk.entries[self.row.entries.start as usize..self.row.entries.end as usize]
            .iter()
            .map(move |row| Entry {
                kind: row.kind,
                name: self.text(row.name),
                relation: row.relation,
                evr: self.text(row.evr),
            })
    }

    /// The paths that primary.xml lists for it, in document order: absolute ones only.
    pub fn files(self) -> impl ExactSizeIterator<Item = (&'c str, FileKind)> {
        let rows = &self.chunk.files[self.row.files.start as usize..self.row.files.end as usize];
        rows.iter().map(move |row| (self.text(row.path), row.kind))
    }
}

/// A dependency entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry<'c> {
    /// What it means to the package.
    pub kind: EntryKind,
    /// A name, a path, or the whole text of a boolean dependency, which begins with `(`
    /// ([`modex_formats::rpm::Dependency::parse`] reads it).
    pub name: &'c str,
    /// How the version is compared; [`Relation::ANY`] for boolean dependencies.
    pub relation: Relation,
    /// `[EPOCH:]VERSION[-RELEASE]`, the epoch left out where 0; empty exactly where the relation is [`Relation::ANY`].
    pub evr: &'c str,
}
