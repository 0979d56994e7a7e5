//! Module streams. Texts are name ids; [`NONE`] stands for "not stated".
//!
//! * `MODU`: one row of 40 bytes a stream document, sorted by module, stream, version, context, architecture: module,
//!   stream, context, architecture, resolve name (u32 each), place in the modules file (u32), version (u64), flags (u32,
//!   bit 0 `static_context`), reserved (u32). The resolve name is `NAME:STREAM:CONTEXT` of libdnf: documents that share it are versions of one
//!   thing.
//! * `MDEP`: requirements, 5 u32 a row: document, stanza, sign (0 any stream, 1 this stream, 2 not this stream), module,
//!   stream; sorted.
//! * `MPRO`: profiles, 3 u32 a row: document, profile, package name (`NONE`: a profile without packages); sorted.
//! * `MDEM`: demodularized package names, 2 u32 a row: document, name; sorted.
//! * `MDFT`: defaults, 16 bytes a row: module, stream, modified (u64); sorted by module. `MDPR`: default profiles, 3 u32 a
//!   row: module, stream, profile (`NONE`: the stream has none); sorted.

use super::intents::{self, IntentTables};
use super::obsoletes::{self, ObsoletesRow};
use super::{check_ids, fail, optional};
use crate::index::{File, FileBuilder, FormatError, NONE, write::column};
use std::ops::Range;
use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Tags: documents, requirements, profiles, demodularized names, defaults, default profiles.
pub const TAGS: [[u8; 4]; 6] = [*b"MODU", *b"MDEP", *b"MPRO", *b"MDEM", *b"MDFT", *b"MDPR"];

const STATIC: u32 = 1;

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned, Clone, Copy)]
#[repr(C)]
struct Row {
    module: U32,
    stream: U32,
    context: U32,
    arch: U32,
    resolve_name: U32,
    order: U32,
    version: U64,
    flags: U32,
    reserved: U32,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned, Clone, Copy)]
#[repr(C)]
struct DefaultRow {
    module: U32,
    stream: U32,
    modified: U64,
}

/// One stream document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Document {
    /// Module name.
    pub module: u32,
    /// Stream name.
    pub stream: u32,
    /// Version; 0 where not stated.
    pub version: u64,
    /// Context.
    pub context: Option<u32>,
    /// Architecture; `noarch` is meant where there is none.
    pub arch: Option<u32>,
    /// `NAME:STREAM:CONTEXT` as libdnf resolves it.
    pub resolve_name: u32,
    /// Place among the documents of the modules file.
    pub order: u32,
    /// `static_context: true`.
    pub is_static: bool,
}

/// Which streams of a module a stanza means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u32)]
pub enum Sign {
    /// Any stream.
    Any = 0,
    /// This one (rows of one stanza and module are alternatives).
    Wanted = 1,
    /// Not this one.
    Unwanted = 2,
}

/// One row of a document's requirements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Requirement {
    /// Number of the stanza, from 0.
    pub stanza: u32,
    /// Module name.
    pub module: u32,
    /// How `stream` is meant.
    pub sign: Sign,
    /// Stream name; `None` with [`Sign::Any`].
    pub stream: Option<u32>,
}

/// The defaults of one module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultStream {
    /// Module name.
    pub module: u32,
    /// Default stream.
    pub stream: Option<u32>,
    /// Number that decides which of two documents is newer.
    pub modified: u64,
}

/// The module sections.
#[derive(Clone, Copy)]
pub struct Modules<'a> {
    rows: &'a [Row],
    requirements: &'a [[U32; 5]],
    profiles: &'a [[U32; 3]],
    demodularized: &'a [[U32; 2]],
    defaults: &'a [DefaultRow],
    default_profiles: &'a [[U32; 3]],
}

/// The rows whose first number is `id`.
fn span<const N: usize>(rows: &[[U32; N]], id: u32) -> &[[U32; N]] {
    let start = rows.partition_point(|row| row[0].get() < id);
    let end = start + rows[start..].partition_point(|row| row[0].get() == id);
    &rows[start..end]
}

impl<'a> Modules<'a> {
    pub(crate) fn open(file: &File<'a>) -> Result<Self, FormatError> {
        let [modu, mdep, mpro, mdem, mdft, mdpr] = TAGS;
        Ok(Modules {
            rows: file.rows(modu)?,
            requirements: file.rows(mdep)?,
            profiles: file.rows(mpro)?,
            demodularized: file.rows(mdem)?,
            defaults: file.rows(mdft)?,
            default_profiles: file.rows(mdpr)?,
        })
    }

    /// Number of stream documents.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no stream document.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A document.
    pub fn get(&self, document: u32) -> Option<Document> {
        let row = self.rows.get(document as usize)?;
        Some(Document {
            module: row.module.get(),
            stream: row.stream.get(),
            version: row.version.get(),
            context: optional(row.context.get()),
            arch: optional(row.arch.get()),
            resolve_name: row.resolve_name.get(),
            order: row.order.get(),
            is_static: row.flags.get() & STATIC != 0,
        })
    }

    /// The documents of a module. O(log n).
    pub fn of_module(&self, module: u32) -> Range<u32> {
        let start = self.rows.partition_point(|row| row.module.get() < module);
        let end = start + self.rows[start..].partition_point(|row| row.module.get() == module);
        start as u32..end as u32
    }

    /// What a document requires, by stanza.
    pub fn requirements(
        &self,
        document: u32,
    ) -> impl ExactSizeIterator<Item = Requirement> + use<'a> {
        span(self.requirements, document).iter().map(|row| {
            let [_, stanza, sign, module, stream] = row.map(|number| number.get());
            let sign = [Sign::Any, Sign::Wanted, Sign::Unwanted]
                .into_iter()
                .find(|known| *known as u32 == sign);
            Requirement {
                stanza,
                module,
                sign: sign.unwrap_or(Sign::Any),
                stream: optional(stream),
            }
        })
    }

    /// A document's profiles: (profile name, package name); `None` for a profile without packages.
    pub fn profiles(
        &self,
        document: u32,
    ) -> impl ExactSizeIterator<Item = (u32, Option<u32>)> + use<'a> {
        span(self.profiles, document).iter().map(|row| (row[1].get(), optional(row[2].get())))
    }

    /// Names of packages that left the module with this document.
    pub fn demodularized(&self, document: u32) -> impl ExactSizeIterator<Item = u32> + use<'a> {
        span(self.demodularized, document).iter().map(|row| row[1].get())
    }

    /// Every module's defaults.
    pub fn defaults(&self) -> impl ExactSizeIterator<Item = DefaultStream> + use<'a> {
        self.defaults.iter().map(|row| DefaultStream {
            module: row.module.get(),
            stream: optional(row.stream.get()),
            modified: row.modified.get(),
        })
    }

    /// Whether there is a defaults document of a module. O(log n).
    pub fn has_defaults(&self, module: u32) -> bool {
        self.defaults.binary_search_by_key(&module, |row| row.module.get()).is_ok()
    }

    /// A module's default profiles: (stream, profile); `None`: explicitly none for that stream.
    pub fn default_profiles(
        &self,
        module: u32,
    ) -> impl ExactSizeIterator<Item = (u32, Option<u32>)> + use<'a> {
        span(self.default_profiles, module).iter().map(|row| (row[1].get(), optional(row[2].get())))
    }

    pub(crate) fn check(&self, names: usize) -> Result<(), FormatError> {
        let [modu, mdep, mpro, mdem, mdft, mdpr] = TAGS;
        let mut orders = vec![false; self.len()];
        for (id, row) in self.rows.iter().enumerate() {
            let stated = [row.module, row.stream, row.resolve_name].map(|number| number.get());
            let maybe = [row.context, row.arch].map(|number| number.get());
            check_ids(
                modu,
                names,
                stated.into_iter().chain(maybe.into_iter().filter_map(optional)),
            )?;
            if row.flags.get() & !STATIC != 0 || row.reserved.get() != 0 {
                return Err(fail(modu, "reserved bits are not zero"));
            }
            match orders.get_mut(row.order.get() as usize) {
                Some(taken) if !*taken => *taken = true,
                _ => return Err(fail(modu, "places in the modules file are not a permutation")),
            }
            if id > 0
                && self.get(id as u32 - 1).as_ref().map(sort_key)
                    > self.get(id as u32).as_ref().map(sort_key)
            {
                return Err(fail(modu, "documents are not in order"));
            }
        }
        check_rows(mdep, self.requirements, self.len(), |row| {
            row[2].get() <= 2
                && (row[3].get() as usize) < names
                && optional(row[4].get()).is_none_or(|id| (id as usize) < names)
                && (row[2].get() == 0) == (row[4].get() == NONE)
        })?;
        let named = |id: &U32| optional(id.get()).is_none_or(|id| (id as usize) < names);
        check_rows(mpro, self.profiles, self.len(), |row| {
            (row[1].get() as usize) < names && named(&row[2])
        })?;
        check_rows(mdem, self.demodularized, self.len(), |row| (row[1].get() as usize) < names)?;
        check_rows(mdpr, self.default_profiles, names, |row| {
            (row[1].get() as usize) < names && named(&row[2])
        })?;
        check_ids(mdft, names, self.defaults.iter().map(|row| row.module.get()))?;
        check_ids(mdft, names, self.defaults.iter().filter_map(|row| optional(row.stream.get())))?;
        if !self.default_profiles.iter().all(|row| self.has_defaults(row[0].get())) {
            return Err(fail(mdpr, "profiles of a module without defaults"));
        }
        match self.defaults.is_sorted_by(|a, b| a.module.get() < b.module.get()) {
            true => Ok(()),
            false => Err(fail(mdft, "defaults are not in order")),
        }
    }
}

fn sort_key(document: &Document) -> (u32, u32, u64, Option<u32>, Option<u32>, u32) {
    (
        document.module,
        document.stream,
        document.version,
        document.context,
        document.arch,
        document.order,
    )
}

fn check_rows<const N: usize>(
    tag: [u8; 4],
    rows: &[[U32; N]],
    owners: usize,
    sound: impl Fn(&[U32; N]) -> bool,
) -> Result<(), FormatError> {
    check_ids(tag, owners, rows.iter().map(|row| row[0].get()))?;
    if !rows.iter().all(sound) {
        return Err(fail(tag, "a damaged row"));
    }
    match rows.is_sorted_by(|a, b| a.map(|n| n.get()) < b.map(|n| n.get())) {
        true => Ok(()),
        false => Err(fail(tag, "rows are not in order")),
    }
}

/// What the module sections are written from. [`ModuleTables::sort`] brings the documents into the order of their rows.
#[derive(Clone, Debug, Default)]
pub struct ModuleTables {
    /// The documents, with what belongs to each.
    pub documents: Vec<DocumentTables>,
    /// The defaults.
    pub defaults: Vec<DefaultTables>,
    /// The defaults for single uses.
    pub intents: Vec<IntentTables>,
    /// The obsoletes.
    pub obsoletes: Vec<ObsoletesRow>,
}

/// Defaults of one module with their (stream, profile) rows.
pub type DefaultTables = (DefaultStream, Vec<(u32, Option<u32>)>);

/// One document and what belongs to it.
#[derive(Clone, Debug)]
pub struct DocumentTables {
    /// The row.
    pub document: Document,
    /// Requirements.
    pub requirements: Vec<Requirement>,
    /// (Profile, package name).
    pub profiles: Vec<(u32, Option<u32>)>,
    /// Package names.
    pub demodularized: Vec<u32>,
    /// Rows of the artifact table.
    pub artifacts: Vec<u32>,
    /// Distinct names of its binary artifacts.
    pub artifact_names: Vec<u32>,
}

impl ModuleTables {
    /// Brings everything into the order that the sections demand and drops repetitions.
    pub fn sort(&mut self) {
        self.documents.sort_by_key(|tables| sort_key(&tables.document));
        for tables in &mut self.documents {
            tables
                .requirements
                .sort_by_key(|row| (row.stanza, row.sign, row.module, row.stream.unwrap_or(NONE)));
            tables.requirements.dedup();
            tables.profiles.sort_by_key(|row| (row.0, row.1.unwrap_or(NONE)));
            tables.profiles.dedup();
            for list in
                [&mut tables.demodularized, &mut tables.artifacts, &mut tables.artifact_names]
            {
                list.sort_unstable();
                list.dedup();
            }
        }
        self.obsoletes.sort_unstable();
        self.intents.sort_unstable();
        for intent in &mut self.intents {
            intent.profiles.sort_by_key(|row| (row.0, row.1.unwrap_or(NONE)));
            intent.profiles.dedup();
        }
        self.defaults.sort_by_key(|(defaults, _)| defaults.module);
        for (_, profiles) in &mut self.defaults {
            profiles.sort_by_key(|row| (row.0, row.1.unwrap_or(NONE)));
            profiles.dedup();
        }
    }
}

pub(crate) fn write(tables: &ModuleTables, out: &mut FileBuilder) {
    let [modu, mdep, mpro, mdem, mdft, mdpr] = TAGS;
    let none = |id: Option<u32>| id.unwrap_or(NONE);
    let rows: Vec<Row> = tables
        .documents
        .iter()
        .map(|DocumentTables { document, .. }| Row {
            module: document.module.into(),
            stream: document.stream.into(),
            context: none(document.context).into(),
            arch: none(document.arch).into(),
            resolve_name: document.resolve_name.into(),
            order: document.order.into(),
            version: document.version.into(),
            flags: u32::from(document.is_static).into(),
            reserved: 0.into(),
        })
        .collect();
    out.required(modu, rows.as_bytes().to_vec());
    let documents = || tables.documents.iter().zip(0u32..);
    out.required(
        mdep,
        column(documents().flat_map(|(tables, id)| {
            let row =
                move |r: &Requirement| [id, r.stanza, r.sign as u32, r.module, none(r.stream)];
            tables.requirements.iter().flat_map(row)
        })),
    );
    out.required(
        mpro,
        column(documents().flat_map(|(tables, id)| {
            tables
                .profiles
                .iter()
                .flat_map(move |(profile, package)| [id, *profile, none(*package)])
        })),
    );
    out.required(
        mdem,
        column(documents().flat_map(|(tables, id)| {
            tables.demodularized.iter().flat_map(move |name| [id, *name])
        })),
    );
    let defaults: Vec<DefaultRow> = tables
        .defaults
        .iter()
        .map(|(row, _)| DefaultRow {
            module: row.module.into(),
            stream: none(row.stream).into(),
            modified: row.modified.into(),
        })
        .collect();
    out.required(mdft, defaults.as_bytes().to_vec());
    out.required(
        mdpr,
        column(tables.defaults.iter().flat_map(|(row, profiles)| {
            profiles.iter().flat_map(move |(stream, profile)| [row.module, *stream, none(*profile)])
        })),
    );
    intents::write(&tables.intents, out);
    obsoletes::write(&tables.obsoletes, out);
}
