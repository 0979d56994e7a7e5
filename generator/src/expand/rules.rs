//! What builds need, as clauses: one of these places, or not this one. In libsolv's order.

use super::collect::Pool;
use super::known::{Build, Effort, Known};
use super::solve::Solver;
use super::{ExpandError, Options};
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

/// The clauses of all candidates.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// Sorted: those of the last place first, then by what is needed.
    pub(super) clauses: Vec<Vec<Lit>>,
    /// Those in which a place occurs.
    pub(super) of: Vec<Vec<usize>>,
    /// Those of what a place needs.
    pub(super) needs: Vec<std::ops::Range<usize>>,
    /// The rank of the name `NAME:STREAM:VERSION:CONTEXT`, by place.
    rank: Vec<usize>,
    /// What a place provides in which version.
    provides: Vec<Vec<(String, u128)>>,
}

impl Rules {
    /// # Errors
    /// Where there are too many.
    pub(super) fn new(
        known: &Known,
        pool: &Pool,
        options: &Options,
        effort: &mut Effort,
    ) -> Result<Rules, ExpandError> {
        let solver = Solver { known, pool, options };
        let count = pool.builds.len();
        let mut rules = Rules { of: vec![Vec::new(); count], ..Rules::default() };
        for at in (0..count).rev() {
            let mut clauses = clauses(&solver, at, effort)?;
            clauses.sort();
            clauses.dedup();
            rules.clauses.extend(clauses);
        }
        rules.needs = vec![0..0; count];
        for (number, clause) in rules.clauses.iter().enumerate() {
            if let Some(first) = clause.first() {
                let needs = &mut rules.needs[place(*first)];
                *needs =
                    if needs.is_empty() { number..number + 1 } else { needs.start..number + 1 };
            }
            clause.iter().for_each(|lit| rules.of[place(*lit)].push(number));
        }
        let mut names: Vec<(String, usize)> =
            (0..count).map(|at| (super::reason::nsvc(&solver.build(at).nsvca), at)).collect();
        names.sort_unstable();
        rules.rank = vec![0; count];
        names.iter().enumerate().for_each(|(rank, (_, at))| rules.rank[*at] = rank);
        rules.provides = (0..count).map(|at| provides(solver.build(at), options)).collect();
        Ok(rules)
    }

    /// The places as libsolv prefers them: by name; then the newer of what provides the same.
    pub(super) fn prefer(&self, places: &mut [usize]) {
        places.sort_by_key(|place| self.rank[*place]);
        let mut versions: BTreeMap<&str, Vec<(Reverse<u128>, usize)>> = BTreeMap::new();
        for (at, place) in places.iter().enumerate() {
            for (name, version) in &self.provides[*place] {
                versions.entry(name).or_default().push((Reverse(*version), at));
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
