//! Who states something about a name or dependency; derived from the other sections, so that no search is needed.
//!
//! * `PRBY`: [`Lists`] by name: packages that provide the name, or own the path, other than by their own name.
//! * `RQBY`: [`Lists`] by simple dependency: packages that require it; bit 31 set: only as part of a boolean one.
//! * `CFBY`, `OBBY`, `SPBY`: pairs (simple dependency u32, package u32), sorted: packages that conflict with it, obsolete
//!   it, supplement it, alone or as part of a boolean dependency.
//! * `IFBY`: the same for dependencies that are a condition (right of `if` or `unless`, right of `without`) inside a
//!   boolean requirement.

use super::relations::RelationKind;
use super::reldeps::{DepId, RichDep};
use super::{check_ids, fail};
use crate::index::{File, FileBuilder, FormatError, Lists, ListsBuilder, write::column};
use crate::rpm::RichOp;
use std::ops::Range;
use zerocopy::little_endian::U32;

/// Tags: providers by name, requirers, conflicts, obsoletes, supplements, conditions.
pub const TAGS: [[u8; 4]; 6] = [*b"PRBY", *b"RQBY", *b"CFBY", *b"OBBY", *b"SPBY", *b"IFBY"];

const IN_RICH: u32 = 1 << 31;

/// A package that requires something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirer {
    /// Package id.
    pub package: u32,
    /// Only as part of a boolean dependency.
    pub in_rich: bool,
}

/// Pairs (dependency, package) sorted by dependency.
#[derive(Clone, Copy)]
pub struct Pairs<'a>(&'a [[U32; 2]]);

impl<'a> Pairs<'a> {
    /// The pairs whose dependency lies in a range. O(log n).
    pub fn of(
        &self,
        dependencies: Range<u32>,
    ) -> impl ExactSizeIterator<Item = (u32, u32)> + DoubleEndedIterator + use<'a> {
        let start = self.0.partition_point(|row| row[0].get() < dependencies.start);
        let end = start + self.0[start..].partition_point(|row| row[0].get() < dependencies.end);
        self.0[start..end].iter().map(|row| (row[0].get(), row[1].get()))
    }

    /// Whether there is no pair at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn check(&self, tag: [u8; 4], dependencies: usize, packages: usize) -> Result<(), FormatError> {
        check_ids(tag, dependencies, self.0.iter().map(|row| row[0].get()))?;
        check_ids(tag, packages, self.0.iter().map(|row| row[1].get()))?;
        match self.0.is_sorted_by(|a, b| a.map(U32::get) < b.map(U32::get)) {
            true => Ok(()),
            false => Err(fail(tag, "pairs are not in order")),
        }
    }
}

/// The derived sections.
#[derive(Clone, Copy)]
pub struct Reverse<'a> {
    providers: Lists<'a>,
    requirers: Lists<'a>,
    /// Packages that conflict with a dependency.
    pub conflicts: Pairs<'a>,
    /// Packages that obsolete a dependency.
    pub obsoletes: Pairs<'a>,
    /// Packages that supplement a dependency.
    pub supplements: Pairs<'a>,
    /// Packages whose requirement depends on a dependency as a condition.
    pub conditions: Pairs<'a>,
}

impl<'a> Reverse<'a> {
    pub(crate) fn open(file: &File<'a>, names: usize, reldeps: usize) -> Result<Self, FormatError> {
        let [prby, rqby, cfby, obby, spby, ifby] = TAGS;
        Ok(Reverse {
            providers: Lists::open(prby, file.section(prby)?, names)?,
            requirers: Lists::open(rqby, file.section(rqby)?, reldeps)?,
            conflicts: Pairs(file.rows(cfby)?),
            obsoletes: Pairs(file.rows(obby)?),
            supplements: Pairs(file.rows(spby)?),
            conditions: Pairs(file.rows(ifby)?),
        })
    }

    /// Packages that state a provide of the name, or own the path; ids ascending. Packages of that name are not here.
    pub fn providers(&self, name: u32) -> Option<&'a [U32]> {
        self.providers.get(name)
    }

    /// Packages that require a simple dependency; ids ascending.
    pub fn requirers(
        &self,
        reldep: u32,
    ) -> Option<impl ExactSizeIterator<Item = Requirer> + DoubleEndedIterator + use<'a>> {
        let list = self.requirers.get(reldep)?;
        Some(list.iter().map(|item| Requirer {
            package: item.get() & !IN_RICH,
            in_rich: item.get() & IN_RICH != 0,
        }))
    }

    pub(crate) fn check(
        &self,
        names: usize,
        reldeps: usize,
        packages: usize,
    ) -> Result<(), FormatError> {
        let [prby, rqby, cfby, obby, spby, ifby] = TAGS;
        let ascending = |items: &[U32]| match items
            .is_sorted_by(|a, b| a.get() & !IN_RICH < b.get() & !IN_RICH)
            && items.last().is_none_or(|item| ((item.get() & !IN_RICH) as usize) < packages)
        {
            true => Ok(()),
            false => Err("packages are not in order or out of range"),
        };
        let plain = |items: &[U32]| match items.iter().any(|item| item.get() & IN_RICH != 0) {
            true => Err("a mark where none belongs"),
            false => ascending(items),
        };
        debug_assert_eq!((self.providers.len(), self.requirers.len()), (names, reldeps));
        self.providers.check(prby, |_, items| plain(items))?;
        self.requirers.check(rqby, |_, items| ascending(items))?;
        self.conflicts.check(cfby, reldeps, packages)?;
        self.obsoletes.check(obby, reldeps, packages)?;
        self.supplements.check(spby, reldeps, packages)?;
        self.conditions.check(ifby, reldeps, packages)
    }
}

/// The forward statements, from which the sections are derived.
pub(crate) struct Forward<'t> {
    pub(crate) names: usize,
    pub(crate) simple_names: &'t dyn Fn(u32) -> u32,
    pub(crate) simple: usize,
    pub(crate) rich: &'t [RichDep],
    pub(crate) packages: usize,
    pub(crate) lists: &'t dyn Fn(u32, RelationKind) -> &'t [DepId],
}

impl Forward<'_> {
    /// Every simple dependency inside `dep`; the flag says whether it stands as a condition.
    fn atoms(&self, dep: DepId, condition: bool, visit: &mut impl FnMut(u32, bool)) {
        let Some(row) = dep.as_rich() else { return visit(dep.0, condition) };
        let RichDep { op, left, right, otherwise } = self.rich[row as usize];
        self.atoms(left, condition, visit);
        self.atoms(
            right,
            condition || matches!(op, RichOp::If | RichOp::Unless | RichOp::Without),
            visit,
        );
        if let Some(otherwise) = otherwise {
            self.atoms(otherwise, condition, visit);
        }
    }

    fn pairs(&self, kind: RelationKind) -> Vec<u8> {
        let mut pairs = Vec::new();
        for package in 0..self.packages as u32 {
            for dep in (self.lists)(package, kind) {
                self.atoms(*dep, false, &mut |atom, _| pairs.push((atom, package)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        column(pairs.into_iter().flat_map(|(atom, package)| [atom, package]))
    }

    pub(crate) fn write(&self, out: &mut FileBuilder) {
        let [prby, rqby, cfby, obby, spby, ifby] = TAGS;
        let mut providers = Vec::new();
        // Within one package and dependency the plain entry sorts first and the one inside a boolean is dropped.
        let mut requirers: Vec<(u32, u32, bool)> = Vec::new();
        let mut conditions = Vec::new();
        for package in 0..self.packages as u32 {
            for dep in (self.lists)(package, RelationKind::Provides) {
                providers.push(((self.simple_names)(dep.0), package));
            }
            for dep in (self.lists)(package, RelationKind::Requires) {
                self.atoms(*dep, false, &mut |atom, condition| {
                    requirers.push((atom, package, dep.as_rich().is_some()));
                    if condition {
                        conditions.push((atom, package));
                    }
                });
            }
        }
        providers.sort_unstable();
        providers.dedup();
        requirers.sort_unstable();
        requirers.dedup_by_key(|entry| (entry.0, entry.1));
        conditions.sort_unstable();
        conditions.dedup();
        let requirers: Vec<(u32, u32)> = requirers
            .into_iter()
            .map(|(atom, package, in_rich)| (atom, package | if in_rich { IN_RICH } else { 0 }))
            .collect();
        out.required(prby, ListsBuilder::from_pairs(self.names, &providers).finish());
        out.required(rqby, ListsBuilder::from_pairs(self.simple, &requirers).finish());
        out.required(cfby, self.pairs(RelationKind::Conflicts));
        out.required(obby, self.pairs(RelationKind::Obsoletes));
        out.required(spby, self.pairs(RelationKind::Supplements));
        out.required(
            ifby,
            column(conditions.into_iter().flat_map(|(atom, package)| [atom, package])),
        );
    }
}
