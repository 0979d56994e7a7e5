//! What builds need, as clauses: one of these places, or not this one. In libsolv's order.

use super::known::{Build, Effort};
use super::reason::nsvc;
use super::solve::Solver;
use super::{ExpandError, Options};
use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A place that goes in (positive) or stays out (negative), counted from 1.
pub(super) type Lit = i64;

pub(super) fn lit(place: usize) -> Lit {
    place as Lit + 1
}

pub(super) fn place(lit: Lit) -> usize {
    (lit.unsigned_abs() as usize).saturating_sub(1)
}

/// What all candidates need; of each when it is first asked for.
pub(super) struct Rules<'a> {
    pub(super) solver: &'a Solver<'a>,
    needs: Vec<OnceCell<Vec<Vec<Lit>>>>,
    /// The rank of the name `NAME:STREAM:VERSION:CONTEXT`, by place.
    rank: Vec<usize>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(solver: &'a Solver<'a>) -> Self {
        let count = solver.pool.builds.len();
        let mut names: Vec<(String, usize)> =
            (0..count).map(|at| (nsvc(&solver.build(at).nsvca), at)).collect();
        names.sort_unstable();
        let mut rank = vec![0; count];
        names.iter().enumerate().for_each(|(place, (_, at))| rank[*at] = place);
        Rules { solver, needs: (0..count).map(|_| OnceCell::new()).collect(), rank }
    }

    /// What a place needs, sorted.
    ///
    /// # Errors
    /// Where it is too much.
    pub(super) fn needs(&self, at: usize, effort: &mut Effort) -> Result<&[Vec<Lit>], ExpandError> {
        if let Some(known) = self.needs[at].get() {
            return Ok(known);
        }
        let mut clauses = clauses(self.solver, at, effort)?;
        clauses.sort();
        clauses.dedup();
        Ok(self.needs[at].get_or_init(|| clauses))
    }

    /// The places as libsolv prefers them: by name; then the newer of what provides the same.
    pub(super) fn prefer(&self, places: &mut [usize]) {
        places.sort_by_key(|place| self.rank[*place]);
        let mut versions: BTreeMap<String, Vec<(Reverse<u128>, usize)>> = BTreeMap::new();
        for (at, place) in places.iter().enumerate() {
            for (name, version) in provides(self.solver.build(*place), self.solver.options) {
                versions.entry(name).or_default().push((Reverse(version), at));
            }
        }
        let mut badness = vec![0usize; places.len()];
        for mut list in versions.into_values() {
            list.sort_unstable();
            let mut level = 0;
            for (before, (version, at)) in list.iter().enumerate() {
                let older = before.checked_sub(1).is_some_and(|before| list[before].0 < *version);
                level += usize::from(older);
                badness[*at] += level;
            }
        }
        let mut keyed: Vec<_> = badness.into_iter().zip(places.iter().copied()).collect();
        keyed.sort_by_key(|(badness, _)| *badness);
        places.iter_mut().zip(keyed).for_each(|(slot, (_, place))| *slot = place);
    }
}

/// Several stanzas are joined: one of every choice of a requirement from each.
fn clauses(
    solver: &Solver<'_>,
    at: usize,
    effort: &mut Effort,
) -> Result<Vec<Vec<Lit>>, ExpandError> {
    let build = solver.build(at);
    let mut joined: Vec<Vec<Lit>> = Vec::new();
    for (number, stanza) in build.requires.iter().enumerate() {
        let mut lists: Vec<Vec<Lit>> = Vec::new();
        for require in &stanza.requires {
            let candidates = solver.pool.of(&require.module);
            effort.spend(1 + candidates.len().saturating_mul(1 + require.streams.len()))?;
            let fits = |place: &&usize| solver.fits(Some(build), require, solver.build(**place));
            lists.push(candidates.iter().filter(fits).map(|place| lit(*place)).collect());
        }
        if number == 0 {
            joined = lists;
            continue;
        }
        let mut all = Vec::new();
        for before in &joined {
            for list in &lists {
                effort.spend(1 + before.len() + list.len())?;
                all.push(before.iter().chain(list).copied().collect());
            }
        }
        joined = all;
    }
    let own = lit(at);
    joined.retain(|list| !list.contains(&own));
    for list in &mut joined {
        list.push(-own);
        list.sort_unstable();
        list.dedup();
    }
    Ok(joined)
}

/// libsolv takes texts of four and more digits for hashes, which are not newer or older.
fn provides(build: &Build, options: &Options) -> Vec<(String, u128)> {
    let nsvca = &build.nsvca;
    let is_base = options.base_modules.contains(&nsvca.name);
    let version = if is_base { build.base_version() } else { nsvca.version.into() };
    // The number of a platform is written with a point.
    let plain = !is_base || super::stream_version(&nsvca.stream, false) == 0;
    if plain && version >= 1000 {
        return Vec::new();
    }
    let virtuals = build.virtual_streams.iter().filter(|_| is_base);
    let named = |stream: &String| (format!("{}:{stream}", nsvca.name), version);
    virtuals.chain([&nsvca.stream]).map(named).collect()
}
