//! Artifacts: the packages that module streams list, joined to the packages that are there.
//!
//! * `ARTI`: 3 u32 a row, sorted, none twice: name, version, architecture (all as name or version ids).
//! * `MART`: [`Lists`] by document: its artifacts. `ARDO`: [`Lists`] by artifact: the documents that list it.
//! * `ARPK`: pairs (package u32, artifact u32), sorted: packages of this index that are artifacts.
//! * `MNAM`: [`Lists`] by document: distinct names of its binary artifacts; what they name is hidden elsewhere while the
//!   document is active.

use super::modules::DocumentTables;
use super::packages::Packages;
use super::{check_ids, fail};
use crate::index::{File, FileBuilder, FormatError, Lists, ListsBuilder, Strings, write::column};
use zerocopy::little_endian::U32;

/// Tags: artifacts, artifacts by document, documents by artifact, artifacts by package, names by document.
pub const TAGS: [[u8; 4]; 5] = [*b"ARTI", *b"MART", *b"ARDO", *b"ARPK", *b"MNAM"];

/// An artifact's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Artifact {
    /// Name id.
    pub name: u32,
    /// Version id.
    pub evr: u32,
    /// Name id of the architecture.
    pub arch: u32,
}

/// The artifact sections.
#[derive(Clone, Copy)]
pub struct Artifacts<'a> {
    rows: &'a [[U32; 3]],
    by_document: Lists<'a>,
    documents: Lists<'a>,
    packages: &'a [[U32; 2]],
    names: Lists<'a>,
}

impl<'a> Artifacts<'a> {
    pub(crate) fn open(file: &File<'a>, documents: usize) -> Result<Self, FormatError> {
        let [arti, mart, ardo, arpk, mnam] = TAGS;
        let rows: &[[U32; 3]] = file.rows(arti)?;
        Ok(Artifacts {
            rows,
            by_document: Lists::open(mart, file.section(mart)?, documents)?,
            documents: Lists::open(ardo, file.section(ardo)?, rows.len())?,
            packages: file.rows(arpk)?,
            names: Lists::open(mnam, file.section(mnam)?, documents)?,
        })
    }

    /// Number of distinct artifacts.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// An artifact.
    pub fn get(&self, artifact: u32) -> Option<Artifact> {
        let [name, evr, arch] = self.rows.get(artifact as usize)?.map(|number| number.get());
        Some(Artifact { name, evr, arch })
    }

    /// The artifacts of a name. O(log n).
    pub fn of_name(&self, name: u32) -> std::ops::Range<u32> {
        let start = self.rows.partition_point(|row| row[0].get() < name);
        let end = start + self.rows[start..].partition_point(|row| row[0].get() == name);
        start as u32..end as u32
    }

    /// What a document lists.
    pub fn of_document(&self, document: u32) -> Option<&'a [U32]> {
        self.by_document.get(document)
    }

    /// Who lists an artifact.
    pub fn documents(&self, artifact: u32) -> Option<&'a [U32]> {
        self.documents.get(artifact)
    }

    /// The artifact that a package is. O(log n).
    pub fn of_package(&self, package: u32) -> Option<u32> {
        let at = self.packages.binary_search_by_key(&package, |row| row[0].get()).ok()?;
        Some(self.packages[at][1].get())
    }

    /// Every package that is an artifact, with the artifact; by package.
    pub fn packages(&self) -> impl ExactSizeIterator<Item = (u32, u32)> + use<'a> {
        self.packages.iter().map(|row| (row[0].get(), row[1].get()))
    }

    /// Distinct names of a document's binary artifacts.
    pub fn names(&self, document: u32) -> Option<&'a [U32]> {
        self.names.get(document)
    }

    pub(crate) fn check(
        &self,
        texts: &Strings<'_>,
        evrs: usize,
        documents: usize,
        packages: &Packages<'_>,
    ) -> Result<(), FormatError> {
        let [arti, mart, ardo, arpk, mnam] = TAGS;
        let names = texts.len();
        check_ids(arti, names, self.rows.iter().flat_map(|row| [row[0].get(), row[2].get()]))?;
        check_ids(arti, evrs, self.rows.iter().map(|row| row[1].get()))?;
        if !self.rows.is_sorted_by(|a, b| a.map(|n| n.get()) < b.map(|n| n.get())) {
            return Err(fail(arti, "artifacts are not in order"));
        }
        let ascending = |count: usize, items: &[U32]| match items
            .is_sorted_by(|a, b| a.get() < b.get())
            && items.last().is_none_or(|item| (item.get() as usize) < count)
        {
            true => Ok(()),
            false => Err("a list is not in order or out of range"),
        };
        self.by_document.check(mart, |_, items| ascending(self.len(), items))?;
        self.documents.check(ardo, |artifact, items| {
            let lists = |document: u32| {
                let list = self.by_document.get(document)?;
                Some(list.binary_search_by_key(&artifact, |item| item.get()).is_ok())
            };
            match items.iter().all(|document| lists(document.get()) == Some(true)) {
                true => ascending(documents, items),
                false => Err("the two directions differ"),
            }
        })?;
        if self.documents.items() != self.by_document.items() {
            return Err(fail(ardo, "the two directions differ"));
        }
        let source = ["src", "nosrc"].map(|arch| texts.find(arch));
        let mut binary = Vec::new();
        self.names.check(mnam, |document, items| {
            let artifacts = self.by_document.get(document).unwrap_or(&[]).iter();
            let rows = artifacts.filter_map(|artifact| self.get(artifact.get()));
            binary.clear();
            binary.extend(rows.filter(|row| !source.contains(&Some(row.arch))).map(|row| row.name));
            binary.dedup();
            match items.iter().map(|name| name.get()).eq(binary.iter().copied()) {
                true => Ok(()),
                false => Err("not the names of the binary artifacts"),
            }
        })?;
        if !self.packages.is_sorted_by(|a, b| a[0].get() < b[0].get()) {
            return Err(fail(arpk, "packages are not in order"));
        }
        let joined = |row: &[U32; 2]| {
            let (package, artifact) = (packages.get(row[0].get())?, self.get(row[1].get())?);
            Some(
                package.name == artifact.name
                    && package.evr == artifact.evr
                    && package.arch == artifact.arch,
            )
        };
        if !self.packages.iter().all(|row| joined(row) == Some(true)) {
            return Err(fail(arpk, "a package is not the artifact it is joined to"));
        }
        let is_artifact = |package: &u32| {
            packages.get(*package).is_some_and(|row| {
                let key = [row.name, row.evr, row.arch];
                self.rows.binary_search_by_key(&key, |row| row.map(|number| number.get())).is_ok()
            })
        };
        let wanted = if self.is_empty() { 0 } else { packages.len() as u32 };
        match (0..wanted).filter(is_artifact).count() == self.packages.len() {
            true => Ok(()),
            false => Err(fail(arpk, "an artifact that is here is not joined")),
        }
    }
}

pub(crate) fn write(
    artifacts: &[Artifact],
    documents: &[DocumentTables],
    packages: &[(u32, u32)],
    out: &mut FileBuilder,
) {
    let [arti, mart, ardo, arpk, mnam] = TAGS;
    out.required(arti, column(artifacts.iter().flat_map(|row| [row.name, row.evr, row.arch])));
    let mut by_document = ListsBuilder::default();
    let mut names = ListsBuilder::default();
    let mut reverse = Vec::new();
    for (tables, document) in documents.iter().zip(0u32..) {
        by_document.push(tables.artifacts.iter().copied());
        names.push(tables.artifact_names.iter().copied());
        reverse.extend(tables.artifacts.iter().map(|artifact| (*artifact, document)));
    }
    reverse.sort_unstable();
    out.required(mart, by_document.finish());
    out.required(ardo, ListsBuilder::from_pairs(artifacts.len(), &reverse).finish());
    out.required(
        arpk,
        column(packages.iter().flat_map(|(package, artifact)| [*package, *artifact])),
    );
    out.required(mnam, names.finish());
}
