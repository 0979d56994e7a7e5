//! `RELN`, `RELV`: the distinct dependencies on one name, sorted by name id, then by value: the name's id, and a value
//! of bits 0-2 relation (1 `>`, 2 `=`, 4 `<`; 0 any version), bit 3 "a file that the package owns", bits 4-31 version
//! id. `RICH`: boolean dependencies, 16 bytes: operator u32, left, right and otherwise as dependency ids.
//!
//! A dependency id below 2^31 is a row of `RELN`/`RELV`; from 2^31 on, the rest is a row of `RICH`. An expression's
//! parts stand before it, so no expression can contain itself.

use super::{check_ids, fail};
use crate::index::{File, FileBuilder, FormatError, NONE, write::column};
use crate::rpm::{Relation, RichOp, rich::MAX_OPERANDS};
use std::ops::Range;
use zerocopy::little_endian::U32;

/// Tags: names, values, boolean dependencies.
pub const TAGS: [[u8; 4]; 3] = [*b"RELN", *b"RELV", *b"RICH"];
/// Most version ids.
pub const MAX_EVRS: usize = 1 << 28;

const FILE: u32 = 8;

/// A dependency's id: a simple or a boolean one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DepId(pub u32);

impl DepId {
    const RICH: u32 = 1 << 31;

    /// The id of a boolean dependency.
    pub fn rich(row: u32) -> Self {
        DepId(row | Self::RICH)
    }

    /// The row of a boolean dependency, `None` for a simple one.
    pub fn as_rich(self) -> Option<u32> {
        (self.0 & Self::RICH != 0).then_some(self.0 & !Self::RICH)
    }
}

/// A dependency on one name, as ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SimpleDep {
    /// Name id.
    pub name: u32,
    /// The comparison and its version id; `None`: any version.
    pub version: Option<(Relation, u32)>,
    /// A path that the package owns rather than a capability it states.
    pub file: bool,
}

impl SimpleDep {
    fn value(&self) -> u32 {
        let version =
            self.version.map_or(0, |(relation, evr)| u32::from(relation.bits()) | evr << 4);
        version | if self.file { FILE } else { 0 }
    }

    fn from_row(name: u32, value: u32) -> Option<Self> {
        let relation = Relation::from_bits((value & 7) as u8)?;
        let version = (relation != Relation::ANY).then_some((relation, value >> 4));
        Some(SimpleDep { name, version, file: value & FILE != 0 })
    }

    /// The order of the rows.
    pub fn sort_key(&self) -> (u32, u32) {
        (self.name, self.value())
    }
}

/// A boolean dependency, as ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RichDep {
    /// The operator.
    pub op: RichOp,
    /// Left of it.
    pub left: DepId,
    /// Right of it; the condition of `if` and `unless`.
    pub right: DepId,
    /// Behind `else`.
    pub otherwise: Option<DepId>,
}

/// Dependencies by id.
#[derive(Clone, Copy)]
pub struct Reldeps<'a> {
    names: &'a [U32],
    values: &'a [U32],
    rich: &'a [[U32; 4]],
}

impl<'a> Reldeps<'a> {
    pub(crate) fn open(file: &File<'a>) -> Result<Self, FormatError> {
        let [reln, relv, rich] = TAGS;
        let reldeps =
            Reldeps { names: file.rows(reln)?, values: file.rows(relv)?, rich: file.rows(rich)? };
        match reldeps.names.len() == reldeps.values.len() {
            true => Ok(reldeps),
            false => Err(fail(relv, "columns of different length")),
        }
    }

    /// Number of simple dependencies.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Number of boolean dependencies.
    pub fn rich_len(&self) -> usize {
        self.rich.len()
    }

    /// A simple dependency.
    pub fn simple(&self, row: u32) -> Option<SimpleDep> {
        SimpleDep::from_row(
            self.names.get(row as usize)?.get(),
            self.values.get(row as usize)?.get(),
        )
    }

    /// The name id of a simple dependency.
    pub fn name(&self, row: u32) -> Option<u32> {
        Some(self.names.get(row as usize)?.get())
    }

    /// A boolean dependency by row.
    pub fn rich(&self, row: u32) -> Option<RichDep> {
        let [op, left, right, otherwise] = self.rich.get(row as usize)?.map(U32::get);
        let op = RichOp::from_number(u8::try_from(op).ok()?)?;
        let otherwise = (otherwise != NONE).then_some(DepId(otherwise));
        // A part that does not stand before the whole would let an expression contain itself.
        let earlier = |dep: DepId| dep.as_rich().is_none_or(|part| part < row);
        let sound = earlier(DepId(left)) && earlier(DepId(right)) && otherwise.is_none_or(earlier);
        sound.then_some(RichDep { op, left: DepId(left), right: DepId(right), otherwise })
    }

    /// The rows of all simple dependencies on a name. O(log n).
    pub fn of_name(&self, name: u32) -> Range<u32> {
        let start = self.names.partition_point(|found| found.get() < name);
        let end =
            start + self.names[start..].iter().take_while(|found| found.get() == name).count();
        start as u32..end as u32
    }

    /// The rows of all simple dependencies on the name of `row`, found from there. O(length of the answer).
    pub fn around(&self, row: u32) -> Range<u32> {
        let Some(name) = self.names.get(row as usize) else { return 0..0 };
        let row = row as usize;
        let before = self.names[..row].iter().rev().take_while(|found| *found == name).count();
        let after = self.names[row..].iter().take_while(|found| *found == name).count();
        (row - before) as u32..(row + after) as u32
    }

    pub(crate) fn check(&self, names: usize, evrs: usize) -> Result<(), FormatError> {
        let [reln, relv, rich] = TAGS;
        check_ids(reln, names, self.names.iter().map(|id| id.get()))?;
        let mut before = None;
        for row in 0..self.len() as u32 {
            let Some(dep) = self.simple(row) else { return Err(fail(relv, "an unknown relation")) };
            if dep.value() != self.values[row as usize].get() {
                return Err(fail(relv, "a version without a relation"));
            }
            if dep.file && dep.version.is_some() {
                return Err(fail(relv, "an owned file with a version"));
            }
            if dep.version.is_some_and(|(_, evr)| evr as usize >= evrs) {
                return Err(fail(relv, "a version id is out of range"));
            }
            if before >= Some(dep.sort_key()) {
                return Err(fail(reln, "dependencies are not in order"));
            }
            before = Some(dep.sort_key());
        }
        // Parts may be shared, so a short chain of rows can spell out an endless expression: the operands are what counts.
        let mut operands: Vec<usize> = Vec::with_capacity(self.rich.len());
        for row in 0..self.rich.len() as u32 {
            let Some(dep) = self.rich(row) else {
                return Err(fail(rich, "a damaged boolean dependency"));
            };
            if dep.otherwise.is_some() && !matches!(dep.op, RichOp::If | RichOp::Unless) {
                return Err(fail(rich, "an else without a condition"));
            }
            let mut sum = 0;
            for part in [Some(dep.left), Some(dep.right), dep.otherwise].into_iter().flatten() {
                sum += match part.as_rich() {
                    Some(part) => operands[part as usize],
                    None if self.simple(part.0).is_some_and(|dep| !dep.file) => 1,
                    None => return Err(fail(rich, "an operand is out of range or an owned file")),
                };
            }
            if sum > MAX_OPERANDS {
                return Err(fail(rich, "a boolean dependency has too many operands"));
            }
            operands.push(sum);
        }
        Ok(())
    }

    /// Whether an id names a row.
    pub(crate) fn has(&self, dep: DepId) -> bool {
        dep.as_rich().map_or((dep.0 as usize) < self.len(), |row| (row as usize) < self.rich.len())
    }
}

pub(crate) fn write(simple: &[SimpleDep], rich: &[RichDep], out: &mut FileBuilder) {
    let [reln, relv, tag] = TAGS;
    out.required(reln, column(simple.iter().map(|dep| dep.name)));
    out.required(relv, column(simple.iter().map(SimpleDep::value)));
    let row = |dep: &RichDep| {
        [dep.op as u32, dep.left.0, dep.right.0, dep.otherwise.map_or(NONE, |id| id.0)]
    };
    out.required(tag, column(rich.iter().flat_map(row)));
}
