//! Streams that should no longer be used. Texts are name ids; [`NONE`] stands for "not stated". Optional: written where a
//! modules file has such documents, never without a row.
//!
//! * `MOBS`: one row of 48 bytes an obsoletes document, sorted by module, stream, context, modified, none twice: module, stream,
//!   context, message, module and stream that follow it (u32 each, both or neither `NONE`), modified (u64), end of life (u64,
//!   0: in force at once), flags (u32, bit 0 `reset`), reserved (u32).
//!
//! A moment is its UTC digits `YYYYMMDDHHMM` as one number.

use super::{check_ids, fail, optional};
use crate::index::{File, FileBuilder, FormatError, NONE};
use std::ops::Range;
use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Tag of the section.
pub const TAG: [u8; 4] = *b"MOBS";

const RESET: u32 = 1;

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned, Clone, Copy)]
#[repr(C)]
struct Row {
    module: U32,
    stream: U32,
    context: U32,
    message: U32,
    by_module: U32,
    by_stream: U32,
    modified: U64,
    eol: U64,
    flags: U32,
    reserved: U32,
}

/// One obsoletes document. The order of values is the order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObsoletesRow {
    /// Module name.
    pub module: u32,
    /// Stream name.
    pub stream: u32,
    /// The only context it speaks of.
    pub context: Option<u32>,
    /// When it was decided, as `YYYYMMDDHHMM`.
    pub modified: u64,
    /// From when on it is in force, as `YYYYMMDDHHMM`; at once where `None`.
    pub eol: Option<u64>,
    /// The stream is not obsolete after all.
    pub reset: bool,
    /// What to tell the user.
    pub message: u32,
    /// The module and stream to go on with.
    pub obsoleted_by: Option<(u32, u32)>,
}

impl ObsoletesRow {
    fn key(&self) -> (u32, u32, Option<u32>, u64) {
        (self.module, self.stream, self.context, self.modified)
    }
}

/// The obsoletes of a repository.
#[derive(Clone, Copy)]
pub struct ObsoletesRows<'a> {
    rows: &'a [Row],
}

impl<'a> ObsoletesRows<'a> {
    pub(crate) fn open(file: &File<'a>) -> Result<Self, FormatError> {
        Ok(ObsoletesRows { rows: file.optional_rows(TAG)? })
    }

    /// Number of documents.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A document.
    pub fn get(&self, row: u32) -> Option<ObsoletesRow> {
        let row = self.rows.get(row as usize)?;
        let by = optional(row.by_module.get()).zip(optional(row.by_stream.get()));
        Some(ObsoletesRow {
            module: row.module.get(),
            stream: row.stream.get(),
            context: optional(row.context.get()),
            modified: row.modified.get(),
            eol: (row.eol.get() != 0).then(|| row.eol.get()),
            reset: row.flags.get() & RESET != 0,
            message: row.message.get(),
            obsoleted_by: by,
        })
    }

    /// The documents about a module. O(log n).
    pub fn of_module(&self, module: u32) -> Range<u32> {
        let start = self.rows.partition_point(|row| row.module.get() < module);
        let end = start + self.rows[start..].partition_point(|row| row.module.get() == module);
        start as u32..end as u32
    }

    pub(crate) fn check(&self, names: usize) -> Result<(), FormatError> {
        let mut before = None;
        for (id, row) in (0..).zip(self.rows) {
            let stated = [row.module, row.stream, row.message].map(U32::get);
            let maybe = [row.context, row.by_module, row.by_stream].map(U32::get);
            check_ids(TAG, names, stated)?;
            check_ids(TAG, names, maybe.into_iter().filter_map(optional))?;
            if (row.by_module.get() == NONE) != (row.by_stream.get() == NONE) {
                return Err(fail(TAG, "half a stream that follows"));
            }
            if row.flags.get() & !RESET != 0 || row.reserved.get() != 0 {
                return Err(fail(TAG, "reserved bits are not zero"));
            }
            let moments =
                [row.modified.get()].into_iter().chain((row.eol.get() != 0).then(|| row.eol.get()));
            if !moments.into_iter().all(is_moment) {
                return Err(fail(TAG, "a moment that is none"));
            }
            let key = self.get(id).as_ref().map(ObsoletesRow::key);
            if id > 0 && before >= key {
                return Err(fail(TAG, "rows are not in order"));
            }
            before = key;
        }
        Ok(())
    }
}

/// Whether the digits are those of a minute: years 1 to 9999, days up to 31 in every month.
fn is_moment(digits: u64) -> bool {
    let (year, rest) = (digits / 100_000_000, digits % 100_000_000);
    let (month, day) = (rest / 1_000_000, rest / 10_000 % 100);
    let (hour, minute) = (rest / 100 % 100, rest % 100);
    (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
}

/// Writes the section, where there is anything in it. `rows` are sorted.
pub(crate) fn write(rows: &[ObsoletesRow], out: &mut FileBuilder) {
    if rows.is_empty() {
        return;
    }
    let none = |id: Option<u32>| id.unwrap_or(NONE);
    let rows: Vec<Row> = rows
        .iter()
        .map(|row| Row {
            module: row.module.into(),
            stream: row.stream.into(),
            context: none(row.context).into(),
            message: row.message.into(),
            by_module: none(row.obsoleted_by.map(|by| by.0)).into(),
            by_stream: none(row.obsoleted_by.map(|by| by.1)).into(),
            modified: row.modified.into(),
            eol: row.eol.unwrap_or(0).into(),
            flags: u32::from(row.reset).into(),
            reserved: 0.into(),
        })
        .collect();
    out.optional(TAG, rows.as_bytes().to_vec());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        for good in [202002272359, 101010000, 999912310000] {
            assert!(is_moment(good), "{good}");
        }
        for bad in [
            0,
            1,
            202013010000,
            202000010000,
            202001320000,
            202001012400,
            202001010060,
            1000001010000,
        ] {
            assert!(!is_moment(bad), "{bad}");
        }
    }
}
