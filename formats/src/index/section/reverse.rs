//! Who states something about a name or dependency; derived from the other sections, so that no search is needed.
//!
//! * `PRBY`: [`Lists`] by name: packages that provide the name, or own the path, other than by their own name.
//! * `RQBY`: [`Lists`] by simple dependency: packages that require it; bit 31 set: only as part of a boolean one.
//! * `CFBY`, `OBBY`, `SPBY`: pairs (simple dependency u32, package u32), sorted: packages that conflict with it, obsolete
//!   it, supplement it, alone or as part of a boolean dependency.
//! * `IFBY`: the same for dependencies that are a condition (right of `if` or `unless`, right of `without`) inside a
//!   boolean requirement.

use super::fail;
use super::packages::Packages;
use super::relations::{RelationKind, Relations};
use super::reldeps::{DepId, Reldeps, RichDep};
use crate::index::{File, FileBuilder, FormatError, Lists, ListsBuilder, Strings, write::column};
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
    pub fn of(&self, dependencies: Range<u32>) -> impl Iterator<Item = (u32, u32)> + use<'a> {
        let start = self.0.partition_point(|row| row[0].get() < dependencies.start);
        let found = self.0[start..].iter().map(|row| (row[0].get(), row[1].get()));
        found.take_while(move |(dependency, _)| *dependency < dependencies.end)
    }

    /// Whether there is no pair at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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

    /// Every section says what follows from the statements, and nothing else. O(bytes), with at most [`MAX_OPERANDS`] steps a
    /// statement.
    ///
    /// [`MAX_OPERANDS`]: crate::rpm::rich::MAX_OPERANDS
    pub(crate) fn check(
        &self,
        names: &Strings<'_>,
        packages: &Packages<'_>,
        reldeps: &Reldeps<'_>,
        relations: &Relations<'_>,
    ) -> Result<(), FormatError> {
        let [prby, rqby, cfby, obby, spby, ifby] = TAGS;
        debug_assert_eq!(
            (self.providers.len(), self.requirers.len()),
            (names.len(), reldeps.len())
        );
        let mut providers = Walk::through(prby, &self.providers)?;
        let mut requirers = Walk::through(rqby, &self.requirers)?;
        let mut pairs = [
            (RelationKind::Conflicts, PairWalk::through(cfby, self.conflicts)?),
            (RelationKind::Obsoletes, PairWalk::through(obby, self.obsoletes)?),
            (RelationKind::Supplements, PairWalk::through(spby, self.supplements)?),
        ];
        let mut conditions = PairWalk::through(ifby, self.conditions)?;
        let mut found = Vec::new();
        for package in 0..packages.len() as u32 {
            let statements = |kind| relations.of(package, kind).into_iter().flatten();
            let mut before = None;
            for name in statements(RelationKind::Provides).map(|dep| reldeps.name(dep.0)) {
                // Provides ascend, so those of one name are neighbours.
                if name != before {
                    providers.step(name, package)?;
                }
                before = name;
            }
            operands(reldeps, statements(RelationKind::Requires), &mut found);
            let mut before = None;
            for (atom, mark, _) in &found {
                if before != Some(atom) {
                    requirers.step(Some(*atom), package | mark)?;
                }
                before = Some(atom);
            }
            let mut before = None;
            for (atom, ..) in found.iter().filter(|(.., condition)| *condition) {
                if before != Some(atom) {
                    conditions.step(*atom, package)?;
                }
                before = Some(atom);
            }
            for (kind, pairs) in &mut pairs {
                operands(reldeps, statements(*kind), &mut found);
                found.dedup_by_key(|operand| operand.0);
                found.iter().try_for_each(|(atom, ..)| pairs.step(*atom, package))?;
            }
        }
        providers.finish()?;
        requirers.finish()?;
        conditions.finish()?;
        pairs.iter().try_for_each(|(_, pairs)| pairs.finish())
    }
}

const NOT_DERIVED: &str = "does not follow from what packages state";

/// A pass through lists whose items must come up in order of packages.
struct Walk<'a> {
    tag: [u8; 4],
    left: Vec<&'a [U32]>,
}

impl<'a> Walk<'a> {
    fn through(tag: [u8; 4], lists: &Lists<'a>) -> Result<Self, FormatError> {
        lists.check(tag, |_, _| Ok(()))?;
        let left = (0..lists.len() as u32).map(|list| lists.get(list).unwrap_or(&[])).collect();
        Ok(Walk { tag, left })
    }

    fn step(&mut self, list: Option<u32>, item: u32) -> Result<(), FormatError> {
        match list.and_then(|list| self.left.get_mut(list as usize)) {
            Some(left) if left.first().is_some_and(|first| first.get() == item) => {
                *left = &left[1..];
                Ok(())
            }
            _ => Err(fail(self.tag, NOT_DERIVED)),
        }
    }

    fn finish(&self) -> Result<(), FormatError> {
        match self.left.iter().all(|left| left.is_empty()) {
            true => Ok(()),
            false => Err(fail(self.tag, NOT_DERIVED)),
        }
    }
}

/// The same for pairs: each is looked up, and all of them must have come up.
struct PairWalk<'a> {
    tag: [u8; 4],
    pairs: &'a [[U32; 2]],
    found: usize,
}

impl<'a> PairWalk<'a> {
    fn through(tag: [u8; 4], Pairs(pairs): Pairs<'a>) -> Result<Self, FormatError> {
        match pairs.is_sorted_by(|a, b| a.map(U32::get) < b.map(U32::get)) {
            true => Ok(PairWalk { tag, pairs, found: 0 }),
            false => Err(fail(tag, "pairs are not in order")),
        }
    }

    fn step(&mut self, atom: u32, package: u32) -> Result<(), FormatError> {
        self.found += 1;
        match self.pairs.binary_search_by_key(&[atom, package], |pair| pair.map(U32::get)) {
            Ok(_) => Ok(()),
            Err(_) => Err(fail(self.tag, NOT_DERIVED)),
        }
    }

    fn finish(&self) -> Result<(), FormatError> {
        match self.found == self.pairs.len() {
            true => Ok(()),
            false => Err(fail(self.tag, NOT_DERIVED)),
        }
    }
}

/// Every simple dependency inside the statements of one package, with [`IN_RICH`] where it is part of a boolean one and whether it
/// stands as a condition; sorted, none twice.
fn operands(
    reldeps: &Reldeps<'_>,
    statements: impl Iterator<Item = DepId>,
    found: &mut Vec<(u32, u32, bool)>,
) {
    found.clear();
    let compact = |found: &mut Vec<(u32, u32, bool)>| {
        found.sort_unstable();
        found.dedup();
    };
    // Expressions may share their parts: without this, a small table could fill the memory with repetitions.
    let mut most = 1 << 16;
    for dep in statements {
        let mark = if dep.as_rich().is_some() { IN_RICH } else { 0 };
        atoms(&|row| reldeps.rich(row), dep, false, &mut |atom, condition| {
            found.push((atom, mark, condition));
        });
        if found.len() > most {
            compact(found);
            most = most.max(found.len() * 2);
        }
    }
    compact(found);
}

/// Every simple dependency inside `dep`; the flag says whether it stands as a condition. The table must be a checked one, else
/// this may never end.
fn atoms(
    rich: &impl Fn(u32) -> Option<RichDep>,
    dep: DepId,
    condition: bool,
    visit: &mut impl FnMut(u32, bool),
) {
    let Some(row) = dep.as_rich() else { return visit(dep.0, condition) };
    let Some(RichDep { op, left, right, otherwise }) = rich(row) else { return };
    atoms(rich, left, condition, visit);
    let conditional = matches!(op, RichOp::If | RichOp::Unless | RichOp::Without);
    atoms(rich, right, condition || conditional, visit);
    if let Some(otherwise) = otherwise {
        atoms(rich, otherwise, condition, visit);
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
    fn atoms(&self, dep: DepId, visit: &mut impl FnMut(u32, bool)) {
        atoms(&|row| self.rich.get(row as usize).copied(), dep, false, visit);
    }

    fn pairs(&self, kind: RelationKind) -> Vec<u8> {
        let mut pairs = Vec::new();
        for package in 0..self.packages as u32 {
            for dep in (self.lists)(package, kind) {
                self.atoms(*dep, &mut |atom, _| pairs.push((atom, package)));
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
                self.atoms(*dep, &mut |atom, condition| {
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
