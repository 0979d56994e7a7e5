//! Defaults for single uses (intents). Texts are name ids; [`NONE`] stands for "not stated". Optional: written where a defaults
//! document has intents. No client of today names an intent; two documents that disagree about one still cannot be merged.
//!
//! Neither is there without the other, nor `MDIN` without a row.
//!
//! * `MDIN`: 3 u32 a row: module, intent, default stream; sorted by module and intent, none twice.
//! * `MDIP`: default profiles, 4 u32 a row: module, intent, stream, profile (`NONE`: the stream has none); sorted.

use super::{check_ids, fail, optional};
use crate::index::{File, FileBuilder, FormatError, NONE, write::column};
use zerocopy::little_endian::U32;

/// Tags: intents, their default profiles.
pub const TAGS: [[u8; 4]; 2] = [*b"MDIN", *b"MDIP"];

/// Defaults of a module for one use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IntentTables {
    /// Module name.
    pub module: u32,
    /// Name of the use.
    pub intent: u32,
    /// Default stream.
    pub stream: Option<u32>,
    /// (Stream, profile); `None`: explicitly none for that stream.
    pub profiles: Vec<(u32, Option<u32>)>,
}

/// The intents of a repository's defaults.
#[derive(Clone, Copy)]
pub struct Intents<'a> {
    streams: &'a [[U32; 3]],
    profiles: &'a [[U32; 4]],
}

impl<'a> Intents<'a> {
    pub(crate) fn open(file: &File<'a>) -> Result<Self, FormatError> {
        let [mdin, mdip] = TAGS;
        if file.find(mdin).is_none() && file.find(mdip).is_none() {
            return Ok(Intents { streams: &[], profiles: &[] });
        }
        let intents = Intents { streams: file.rows(mdin)?, profiles: file.rows(mdip)? };
        match intents.streams.is_empty() {
            false => Ok(intents),
            true => Err(fail(mdin, "a section without rows")),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.streams.is_empty() && self.profiles.is_empty()
    }

    /// The intents of a module, by name id. O(log n) and what is found.
    pub fn of_module(&self, module: u32) -> impl Iterator<Item = IntentTables> + use<'a> {
        let profiles = self.profiles;
        let start = self.streams.partition_point(|row| row[0].get() < module);
        let rows = self.streams[start..].iter().take_while(move |row| row[0].get() == module);
        rows.map(move |row| {
            let [module, intent, stream] = row.map(|number| number.get());
            let key = |row: &[U32; 4]| (row[0].get(), row[1].get());
            let from = profiles.partition_point(|row| key(row) < (module, intent));
            let own = profiles[from..].iter().take_while(|row| key(row) == (module, intent));
            IntentTables {
                module,
                intent,
                stream: optional(stream),
                profiles: own.map(|row| (row[2].get(), optional(row[3].get()))).collect(),
            }
        })
    }

    /// `has_defaults` tells of which modules there are defaults.
    pub(crate) fn check(
        &self,
        names: usize,
        has_defaults: impl Fn(u32) -> bool,
    ) -> Result<(), FormatError> {
        let [mdin, mdip] = TAGS;
        check_ids(mdin, names, self.streams.iter().flat_map(|row| [row[0].get(), row[1].get()]))?;
        check_ids(mdin, names, self.streams.iter().filter_map(|row| optional(row[2].get())))?;
        let stated = |row: &[U32; 4]| [row[0].get(), row[1].get(), row[2].get()];
        check_ids(mdip, names, self.profiles.iter().flat_map(stated))?;
        check_ids(mdip, names, self.profiles.iter().filter_map(|row| optional(row[3].get())))?;
        let key = |row: &[U32; 3]| [row[0].get(), row[1].get()];
        if !self.streams.is_sorted_by(|a, b| key(a) < key(b)) {
            return Err(fail(mdin, "rows are not in order"));
        }
        if !self.streams.iter().all(|row| has_defaults(row[0].get())) {
            return Err(fail(mdin, "intents of a module without defaults"));
        }
        let known = |row: &[U32; 4]| {
            self.streams.binary_search_by_key(&[row[0].get(), row[1].get()], key).is_ok()
        };
        if !self.profiles.iter().all(known) {
            return Err(fail(mdip, "profiles of an intent that is not there"));
        }
        match self.profiles.is_sorted_by(|a, b| a.map(U32::get) < b.map(U32::get)) {
            true => Ok(()),
            false => Err(fail(mdip, "rows are not in order")),
        }
    }
}

/// Writes the sections, where there is anything in them. `tables` are sorted by module and intent, profiles ascend.
pub(crate) fn write(tables: &[IntentTables], out: &mut FileBuilder) {
    let [mdin, mdip] = TAGS;
    if tables.is_empty() {
        return;
    }
    let none = |id: Option<u32>| id.unwrap_or(NONE);
    out.optional(
        mdin,
        column(tables.iter().flat_map(|row| [row.module, row.intent, none(row.stream)])),
    );
    let profiles = |row: &IntentTables| {
        let (module, intent) = (row.module, row.intent);
        let of = row.profiles.iter();
        of.flat_map(move |(stream, profile)| [module, intent, *stream, none(*profile)])
            .collect::<Vec<_>>()
    };
    out.optional(mdip, column(tables.iter().flat_map(profiles)));
}
