//! Why there is no build root with certain builds in it: a plain search, which takes what has no choice first and says what
//! it met first. Which build root there is where there is one is decided elsewhere, as libsolv does it.

use super::collect::Pool;
use super::known::{Build, Effort, Known};
use super::reason::{Reason, Wanted};
use super::{ExpandError, Options};
use modex_formats::module::ModuleRequire;
use std::collections::{BTreeSet, HashMap};

pub(super) struct Solver<'a> {
    pub(super) known: &'a Known,
    pub(super) pool: &'a Pool,
    pub(super) options: &'a Options,
}

/// What is decided so far.
#[derive(Default)]
struct State<'a> {
    /// Places of the builds, in the order in which they were decided, with the place of what needs them.
    trail: Vec<(usize, Option<usize>)>,
    /// The same places, sorted.
    places: BTreeSet<usize>,
    names: HashMap<&'a str, usize>,
    /// Which of its stanzas a build with several was decided to fulfil; the place of the build.
    stanzas: Vec<(usize, usize)>,
}

/// A decision, and what else could have been decided.
struct Decision {
    trail: usize,
    stanzas: usize,
    kind: Kind,
    left: std::vec::IntoIter<usize>,
}

#[derive(Clone, Copy)]
enum Kind {
    /// Which build is needed by the one at this place.
    Build(usize),
    /// Which stanza of the build at this place is fulfilled.
    Stanza(usize),
}

enum Step {
    Done,
    Decide(Kind, Vec<usize>),
    DeadEnd(Reason),
}

impl<'a> Solver<'a> {
    pub(super) fn build(&self, place: usize) -> &'a Build {
        &self.known.builds[self.pool.builds[place]]
    }

    /// Whether a build is one of those that another (`None`: the document that is expanded) asks for.
    /// Time: linear in the list.
    pub(super) fn fits(&self, by: Option<&Build>, require: &ModuleRequire, build: &Build) -> bool {
        let nsvca = &build.nsvca;
        if nsvca.name != require.module {
            return false;
        }
        let streams = &require.streams;
        let is_base = self.options.base_modules.contains(&nsvca.name);
        let provides = |stream: &str| {
            nsvca.stream == stream
                || is_base && build.virtual_streams.iter().any(|name| name == stream)
        };
        let negative_only = streams.iter().all(|stream| stream.starts_with('-'));
        // To the build service `-1` is but the name of a stream here.
        if negative_only && (streams.is_empty() || !self.options.mbs_exact) {
            return !streams.iter().any(|stream| provides(&stream[1..]));
        }
        streams.iter().any(|stream| {
            // Built on an older platform will do, built on a newer one will not.
            let floor = by.filter(|_| is_base).and_then(|by| by.floor(&nsvca.name, stream));
            provides(stream) && floor.is_none_or(|floor| build.base_version() >= floor)
        })
    }

    /// The build root with these builds in it, as places, or why there is none.
    ///
    /// # Errors
    /// Where the search takes too long.
    pub(super) fn solve(
        &self,
        fixed: &[usize],
        effort: &mut Effort,
    ) -> Result<Result<Vec<usize>, Reason>, ExpandError> {
        let mut state = State::default();
        let mut decisions: Vec<Decision> = Vec::new();
        let mut first: Option<Reason> = None;
        for place in fixed {
            state.add(*place, None, self);
        }
        loop {
            match self.step(&state, effort)? {
                Step::Done => {
                    return Ok(Ok(state.trail.into_iter().map(|(place, _)| place).collect()));
                }
                Step::Decide(kind, left) => decisions.push(Decision {
                    trail: state.trail.len(),
                    stanzas: state.stanzas.len(),
                    kind,
                    left: left.into_iter(),
                }),
                Step::DeadEnd(reason) => {
                    first.get_or_insert(reason);
                }
            }
            loop {
                let Some(decision) = decisions.last_mut() else {
                    // There was a dead end, else something would have been decided.
                    return Ok(Err(first.unwrap_or(Reason::Unknown)));
                };
                state.forget(decision.trail, decision.stanzas, self);
                match (decision.left.next(), decision.kind) {
                    (Some(place), Kind::Build(by)) => state.add(place, Some(by), self),
                    (Some(stanza), Kind::Stanza(place)) => state.stanzas.push((place, stanza)),
                    (None, _) => {
                        decisions.pop();
                        continue;
                    }
                }
                break;
            }
        }
    }

    /// What is to be done next: what leaves no choice first.
    fn step(&self, state: &State<'a>, effort: &mut Effort) -> Result<Step, ExpandError> {
        let mut choice = None;
        for place in state.places.iter().rev().copied() {
            let build = self.build(place);
            effort.spend(1)?;
            let stanza = match build.requires.len() {
                0 => continue,
                1 => 0,
                several => match state.stanzas.iter().find(|(of, _)| *of == place) {
                    Some((_, stanza)) => *stanza,
                    None => {
                        effort.spend(several)?;
                        choice.get_or_insert_with(|| (Kind::Stanza(place), (0..several).collect()));
                        continue;
                    }
                },
            };
            for require in &build.requires[stanza].requires {
                effort.spend(1 + require.streams.len())?;
                if let Some(chosen) = state.names.get(require.module.as_str()) {
                    if self.fits(Some(build), require, self.build(*chosen)) {
                        continue;
                    }
                    return Ok(Step::DeadEnd(self.conflict(state, *chosen, place, require)));
                }
                let candidates = self.pool.of(&require.module);
                effort.spend(candidates.len().saturating_mul(1 + require.streams.len()))?;
                let fitting: Vec<usize> = candidates
                    .iter()
                    .copied()
                    .filter(|place| self.fits(Some(build), require, self.build(*place)))
                    .collect();
                match fitting.len() {
                    0 => return Ok(Step::DeadEnd(self.missing(place, require))),
                    1 => return Ok(Step::Decide(Kind::Build(place), fitting)),
                    _ => choice.get_or_insert((Kind::Build(place), fitting)),
                };
            }
        }
        Ok(choice.map_or(Step::Done, |(kind, left)| Step::Decide(kind, left)))
    }

    fn missing(&self, by: usize, require: &ModuleRequire) -> Reason {
        Reason::Missing { module: require.module.clone(), by: self.wanted(by, require) }
    }

    /// Why what is chosen of a module is not what one more build asks for.
    fn conflict(
        &self,
        state: &State<'a>,
        chosen: usize,
        by: usize,
        require: &ModuleRequire,
    ) -> Reason {
        let nsvca = &self.build(chosen).nsvca;
        let first = state.trail.iter().find(|(place, _)| *place == chosen).and_then(|(_, by)| *by);
        let first = match first {
            Some(first) => {
                let requires =
                    self.build(first).requires.iter().flat_map(|stanza| &stanza.requires);
                let fits = |require: &&ModuleRequire| {
                    self.fits(Some(self.build(first)), require, self.build(chosen))
                };
                requires.into_iter().find(fits).map(|require| self.wanted(first, require))
            }
            None => None,
        };
        Reason::Conflict {
            module: nsvca.name.clone(),
            chosen: nsvca.stream.clone(),
            by: first,
            other: self.wanted(by, require),
        }
    }

    fn wanted(&self, by: usize, require: &ModuleRequire) -> Wanted {
        Wanted::new(&self.build(by).nsvca, &require.streams)
    }
}

impl<'a> State<'a> {
    fn add(&mut self, place: usize, by: Option<usize>, solver: &Solver<'a>) {
        self.names.insert(&solver.build(place).nsvca.name, place);
        self.trail.push((place, by));
        self.places.insert(place);
    }

    fn forget(&mut self, trail: usize, stanzas: usize, solver: &Solver<'a>) {
        for (place, _) in self.trail.drain(trail..) {
            self.names.remove(solver.build(place).nsvca.name.as_str());
            self.places.remove(&place);
        }
        self.stanzas.truncate(stanzas);
    }
}
