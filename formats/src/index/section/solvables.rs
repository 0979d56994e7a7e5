//! `MSLV` (optional): the module streams as solvables, a whole hot file of their own. `MSLD` (with it): the document id u32
//! of each solvable.
//!
//! libdnf chooses streams with the package solver, over one solvable for each stream document; so do we, and the inner
//! file lets the same solver read them from mapped bytes. What a solvable looks like is [`ModuleSolvable`]'s business;
//! their order is libdnf's: documents with a static context first, then the others, each by module name, then by place
//! in the modules file. The inner file has the source digest of the outer one, no documents and no inner file.
//!
//! [`ModuleSolvable`]: crate::index::ModuleSolvable

use super::fail;
use super::modules::{Document, DocumentTables, Modules, Requirement, Sign};
use super::relations::RelationKind;
use super::reldeps::{DepId, RichDep, SimpleDep};
use crate::index::{File, FileBuilder, FormatError, Hot, HotTables, write::column};
use crate::index::{any_stream, one_stream};
use crate::rpm::RichOp;
use std::collections::{BTreeMap, BTreeSet};
use zerocopy::little_endian::U32;

/// Tags: the inner file, documents by solvable.
pub const TAGS: [[u8; 4]; 2] = [*b"MSLV", *b"MSLD"];

/// The module streams as solvables.
#[derive(Clone, Copy)]
pub struct Solvables<'a> {
    bytes: &'a [u8],
    documents: &'a [U32],
}

impl<'a> Solvables<'a> {
    /// `None` where the file has no such sections.
    pub(crate) fn open(file: &File<'a>, documents: usize) -> Result<Option<Self>, FormatError> {
        let [mslv, msld] = TAGS;
        let Some(bytes) = file.find(mslv) else {
            return match file.find(msld) {
                None => Ok(None),
                Some(_) => Err(fail(msld, "documents of solvables that are not there")),
            };
        };
        let solvables = Solvables { bytes, documents: file.rows(msld)? };
        match solvables.documents.len() == documents {
            true => Ok(Some(solvables)),
            false => Err(fail(msld, "not one solvable a document")),
        }
    }

    /// The bytes of the inner file.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The document that a solvable stands for.
    pub fn document(&self, solvable: u32) -> Option<u32> {
        Some(self.documents.get(solvable as usize)?.get())
    }

    /// Every solvable is its document's, and they stand in libdnf's order; `inner` passed its own check.
    pub(crate) fn check(&self, inner: &Hot<'_>, outer: &Hot<'_>) -> Result<(), FormatError> {
        let [mslv, msld] = TAGS;
        let (mut before, mut rows) = (None, Rows::new());
        for (solvable, id) in self.documents.iter().enumerate() {
            let Some(document) = outer.modules.get(id.get()) else {
                return Err(fail(msld, "a document id is out of range"));
            };
            let place = Some(order(&document));
            if place <= before {
                return Err(fail(msld, "solvables are not in order"));
            }
            before = place;
            let same = || {
                let row = inner.packages.get(solvable as u32)?;
                let arch = match document.arch {
                    Some(arch) => outer.names.get(arch)?,
                    None => "noarch",
                };
                Some(
                    inner.names.get(row.name)? == outer.names.get(document.resolve_name)?
                        && inner.evrs.text(row.evr)? == document.version.to_string()
                        && inner.names.get(row.arch)? == arch,
                )
            };
            if same() != Some(true)
                || states(inner, outer, &mut rows, solvable as u32, id.get()) != Some(true)
            {
                return Err(fail(mslv, "a solvable is not its document's"));
            }
        }
        Ok(())
    }
}

/// The rows of the inner file that speak of a module and, where there is one, its stream, once they were asked for. A text is put
/// together once for each of them: long names in many rows must not make the check slow.
type Rows = BTreeMap<(u32, Option<u32>), u32>;

fn row(
    inner: &Hot<'_>,
    outer: &Hot<'_>,
    rows: &mut Rows,
    module: u32,
    stream: Option<u32>,
) -> Option<u32> {
    if let Some(row) = rows.get(&(module, stream)) {
        return Some(*row);
    }
    let name = outer.names.get(module)?;
    let text = match stream {
        Some(stream) => one_stream(name, outer.names.get(stream)?),
        None => any_stream(name),
    };
    let plain = |dep: SimpleDep| dep.version.is_none() && !dep.file;
    let mut found = inner.reldeps.of_name(inner.names.find(&text)?);
    let found = found.find(|row| inner.reldeps.simple(*row).is_some_and(plain))?;
    rows.insert((module, stream), found);
    Some(found)
}

/// Whether a solvable states what follows from its document's rows, and nothing else. `None` where something is missing.
fn states(
    inner: &Hot<'_>,
    outer: &Hot<'_>,
    known: &mut Rows,
    solvable: u32,
    document: u32,
) -> Option<bool> {
    let mut term = |module: u32, stream: Option<u32>| row(inner, outer, known, module, stream);
    let found = |kind| inner.relations.of(solvable, kind);
    let same = |kind, want: &mut Vec<u32>| {
        want.sort_unstable();
        want.dedup();
        Some(found(kind)?.map(|dep| dep.0).eq(want.iter().copied()))
    };

    let own = outer.modules.get(document)?;
    let mut provides = vec![term(own.module, None)?, term(own.module, Some(own.stream))?];
    let mut conflicts = vec![term(own.module, None)?];
    let mut requires = BTreeSet::new();
    let mut rows: Vec<Requirement> = outer.modules.requirements(document).collect();
    rows.sort_by_key(|row| (row.stanza, row.module));
    for rows in rows.chunk_by(|a, b| (a.stanza, a.module) == (b.stanza, b.module)) {
        let mut wanted = Vec::new();
        for row in rows {
            match (row.sign, row.stream) {
                (Sign::Wanted, stream) => wanted.push(term(row.module, stream)?),
                (Sign::Unwanted, stream) => conflicts.push(term(row.module, stream)?),
                (Sign::Any, _) => {}
            }
        }
        if wanted.is_empty() {
            wanted.push(term(rows[0].module, None)?);
        }
        requires.insert(wanted);
    }
    let required: Option<BTreeSet<Vec<u32>>> =
        found(RelationKind::Requires)?.map(|dep| alternatives(inner, dep)).collect();
    let nothing_else = RelationKind::ALL[3..].iter().all(|kind| {
        inner.relations.slice(solvable, *kind).is_some_and(|statements| statements.is_empty())
    });
    Some(
        same(RelationKind::Provides, &mut provides)?
            && same(RelationKind::Conflicts, &mut conflicts)?
            && required? == requires
            && nothing_else
            && !inner.packages.provides_own_name(solvable),
    )
}

/// The operands of a chain of `or`, or the one dependency that it is; `None` for any other expression.
fn alternatives(inner: &Hot<'_>, mut dep: DepId) -> Option<Vec<u32>> {
    let mut operands = Vec::new();
    while let Some(row) = dep.as_rich() {
        let RichDep { op: RichOp::Or, left, right, otherwise: None } = inner.reldeps.rich(row)?
        else {
            return None;
        };
        operands.push(left.as_rich().is_none().then_some(left.0)?);
        dep = right;
    }
    operands.push(dep.0);
    Some(operands)
}

/// Where a document's solvable stands among those of its index.
fn order(document: &Document) -> (bool, u32, u32) {
    (!document.is_static, document.module, document.order)
}

/// The order in which solvables are written: indexes into `documents`.
pub(crate) fn in_order(documents: &[DocumentTables]) -> Vec<u32> {
    let mut ids: Vec<u32> = (0..documents.len() as u32).collect();
    ids.sort_by_key(|id| order(&documents[*id as usize].document));
    ids
}

/// Writes the inner file of `tables`, whose solvables stand in the order of `documents`.
pub(crate) fn write(
    inner: &HotTables,
    documents: &[DocumentTables],
    source: crate::index::SourceDigest,
    out: &mut FileBuilder,
) -> Result<(), FormatError> {
    let [mslv, msld] = TAGS;
    if inner.module_solvables.is_some() || !inner.modules.documents.is_empty() {
        return Err(fail(mslv, "module solvables with modules of their own"));
    }
    if inner.packages.len() != documents.len() {
        return Err(fail(mslv, "not one solvable a document"));
    }
    out.optional(mslv, inner.to_bytes(source)?);
    out.optional(msld, column(in_order(documents)));
    Ok(())
}

impl<'a> Modules<'a> {
    /// The documents of a module that share a resolve name, in the order of their ids.
    pub fn of_resolve_name(
        &self,
        module: u32,
        resolve_name: u32,
    ) -> impl Iterator<Item = u32> + use<'a> {
        let modules = *self;
        self.of_module(module).filter(move |id| {
            modules.get(*id).is_some_and(|document| document.resolve_name == resolve_name)
        })
    }
}
