//! Which dependencies, of all repositories, are on a name that a package provides: remembered, because a search asks whenever it puts
//! the package in or out.

use super::Solver;
use crate::store::universe::{DepRef, PackageId};
use foldhash::HashMap;
use modex_formats::index::section::reverse::{Pairs, Reverse};
use std::ops::Range;

/// What was asked so far.
#[derive(Default)]
pub(super) struct Demands {
    /// By package: its part of `rows`.
    known: HashMap<u32, (u32, u32)>,
    /// A repository and rows of its dependencies, those of one name together.
    rows: Vec<(u32, Range<u32>)>,
}

impl Demands {
    /// A part of what [`Solver::demands`] names.
    pub(super) fn at(&self, place: u32) -> (u32, Range<u32>) {
        self.rows[place as usize].clone()
    }
}

impl<'a> Solver<'_, 'a> {
    /// Where the rows of a package are remembered.
    pub(super) fn demands(&mut self, package: u32) -> Range<u32> {
        let Demands { known, rows } = &mut self.demands;
        let (start, end) = *known.entry(package).or_insert_with(|| {
            let start = rows.len() as u32;
            self.universe.visit_rows_on(PackageId(package), |repo, found| rows.push((repo, found)));
            (start, rows.len() as u32)
        });
        start..end
    }

    /// The packages that state, in the relation that `reverse` turns around, something a package satisfies; see
    /// [`Universe::stated_in`](crate::store::universe::Universe::stated_in).
    pub(super) fn stated_by(
        &mut self,
        package: u32,
        reverse: impl Fn(&Reverse<'a>) -> Pairs<'a>,
    ) -> Vec<(PackageId, DepRef)> {
        let places = self.demands(package);
        let rows = places.map(|place| self.demands.at(place));
        self.universe.stated_in(PackageId(package), rows, reverse)
    }
}
