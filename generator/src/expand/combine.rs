//! The combinations of one stanza: every choice of one stream a module, each with the build root that is best for it.

use super::collect::Pool;
use super::decide::Search;
use super::known::{Build, Effort, Known};
use super::platform::{stated, stream_version};
use super::reason::Reason;
use super::rules::Rules;
use super::solve::Solver;
use super::{ExpandError, Options};
use modex_formats::module::{ModuleRequire, Stanza};

/// What limits an expansion, as far as it was used up.
pub(super) struct Efforts {
    pub(super) combinations: Effort,
    pub(super) cells: Effort,
    pub(super) steps: Effort,
}

impl Efforts {
    pub(super) fn new(options: &Options) -> Self {
        let limits = options.limits;
        Efforts {
            combinations: Effort::new("the number of combinations", limits.combinations),
            cells: Effort::new("the number of modules in all combinations", limits.cells),
            steps: Effort::new("the effort of solving", limits.steps),
        }
    }
}

/// One combination.
#[derive(Debug)]
pub(super) struct Tried {
    /// Which of the group's stanzas, from 0.
    pub(super) stanza: usize,
    /// Module and stream, in the order of the stanza's modules.
    pub(super) streams: Vec<(String, String)>,
    pub(super) outcome: Result<Root, Reason>,
}

/// A build root.
#[derive(Clone, Debug)]
pub(super) struct Root {
    /// Where its builds are among those that are known.
    pub(super) builds: Vec<usize>,
    /// How many other choices of builds for the same streams would do.
    pub(super) others: usize,
}

/// A module that a stanza builds against.
struct Member {
    module: String,
    /// Its streams, each with the places of its builds.
    streams: Vec<(String, Vec<usize>)>,
    is_base: bool,
}

/// Tries all combinations of stanzas whose lists are expanded; the modules of a stanza in bytewise order, streams in the
/// order of their list, the last module's changing first.
pub(super) fn combine(
    stanzas: &[Stanza],
    known: &mut Known,
    options: &Options,
    efforts: &mut Efforts,
) -> Result<Vec<Tried>, ExpandError> {
    for stanza in stanzas {
        spend_combinations(stanza, efforts)?;
    }
    let pool = Pool::collect(stanzas, known, options, &mut efforts.steps)?;
    let solver = Solver { known, pool: &pool, options };
    let roots = Roots { solver: &solver, rules: &Rules::new(&solver) };
    let mut tried = Vec::new();
    for (at, stanza) in stanzas.iter().enumerate() {
        let before = tried.len();
        let testable = roots.try_stanza(at, stanza, efforts, &mut tried)?;
        if !options.mbs_exact {
            continue;
        }
        if stanza.build_requires.is_empty() {
            // The build service is done with such a stanza, and forgets the others.
            tried.drain(..before);
            break;
        }
        let all: &[Tried] = &tried[before..];
        let kept = all.iter().any(|one| one.outcome.is_ok());
        if let (true, false, Some(reason)) = (testable, kept, first_reason(all)) {
            return Err(ExpandError::Unsatisfied { stanza: at + 1, reason });
        }
    }
    Ok(tried)
}

/// Counts before anything is tried: there may be very many.
fn spend_combinations(stanza: &Stanza, efforts: &mut Efforts) -> Result<(), ExpandError> {
    let combinations = combinations(stanza);
    efforts.combinations.spend(combinations)?;
    efforts.cells.spend(combinations.saturating_mul(stanza.build_requires.len()))
}

/// How many combinations the expanded lists of a stanza give.
pub(super) fn combinations(stanza: &Stanza) -> usize {
    let sizes = stanza.build_requires.iter().map(|require| require.streams.len().max(1));
    sizes.fold(1, usize::saturating_mul)
}

fn first_reason(tried: &[Tried]) -> Option<Reason> {
    tried.iter().find_map(|one| one.outcome.as_ref().err().cloned())
}

/// What build roots are found with.
struct Roots<'a> {
    solver: &'a Solver<'a>,
    rules: &'a Rules<'a>,
}

impl<'a> Roots<'a> {
    /// The build root with these builds in it, as places, or why there is none.
    fn solve(
        &self,
        fixed: &[usize],
        effort: &mut Effort,
    ) -> Result<Result<Vec<usize>, Reason>, ExpandError> {
        match Search::new(self.rules, effort, fixed)?.run(fixed)? {
            Some(places) => Ok(Ok(places)),
            None => self.solver.solve(fixed, effort),
        }
    }

    /// Tries the combinations of a stanza; whether there was one of whose modules each has a build.
    fn try_stanza(
        &self,
        stanza: usize,
        requires: &Stanza,
        efforts: &mut Efforts,
        tried: &mut Vec<Tried>,
    ) -> Result<bool, ExpandError> {
        let mut members = Vec::with_capacity(requires.build_requires.len());
        for require in &requires.build_requires {
            members.push(self.member(require, &mut efforts.steps)?);
        }
        if let Some(empty) = members.iter().find(|member| member.streams.is_empty()) {
            let (module, known) = (empty.module.clone(), self.known.streams(&empty.module));
            let outcome = Err(Reason::NoStream { module, known });
            tried.push(Tried { stanza, streams: Vec::new(), outcome });
            return Ok(false);
        }
        let mut testable = false;
        let mut odometer = vec![0; members.len()];
        loop {
            efforts.steps.spend(1 + members.len())?;
            let chosen: Vec<(&Member, &str, &[usize])> = members
                .iter()
                .zip(&odometer)
                .map(|(member, at)| {
                    let (stream, builds) = &member.streams[*at];
                    (member, stream.as_str(), builds.as_slice())
                })
                .collect();
            testable |= chosen.iter().all(|(_, _, builds)| !builds.is_empty());
            let outcome = self.try_streams(&chosen, efforts)?;
            let streams = chosen
                .iter()
                .map(|(member, stream, _)| (member.module.clone(), stream.to_string()));
            tried.push(Tried { stanza, streams: streams.collect(), outcome });
            if !advance(&mut odometer, |at| members[at].streams.len()) {
                return Ok(testable);
            }
        }
    }

    /// A module with the builds of its streams. One whose list is empty has none, or as the build service has it, all
    /// those that were found for another reason. It also has the streams of the platform that provide one of the list.
    fn member(&self, require: &ModuleRequire, effort: &mut Effort) -> Result<Member, ExpandError> {
        let module = require.module.clone();
        let places = self.pool.of(&module);
        effort.spend(places.len() + require.streams.len())?;
        let is_base = self.options.base_modules.contains(&module);
        let mut names: Vec<&String> = require.streams.iter().collect();
        if self.options.mbs_exact && (names.is_empty() || is_base) {
            effort.spend(places.len().saturating_mul(names.len()))?;
            let builds = places.iter().map(|place| self.build(*place));
            let others = builds.filter(|build| names.is_empty() || provides(build, &names));
            names.extend(others.map(|build| &build.nsvca.stream).collect::<Vec<_>>());
        }
        let mut at = std::collections::HashMap::new();
        let mut streams: Vec<(String, Vec<usize>)> = Vec::new();
        for name in names {
            at.entry(name).or_insert_with(|| {
                streams.push((name.clone(), Vec::new()));
                streams.len() - 1
            });
        }
        for place in places {
            if let Some(at) = at.get(&self.build(*place).nsvca.stream) {
                streams[*at].1.push(*place);
            }
        }
        Ok(Member { module, streams, is_base })
    }

    /// The best build root for a choice of streams.
    fn try_streams(
        &self,
        chosen: &[(&Member, &str, &[usize])],
        efforts: &mut Efforts,
    ) -> Result<Result<Root, Reason>, ExpandError> {
        if let Some((member, stream, _)) =
            chosen.iter().find(|(member, _, builds)| member.is_base && builds.is_empty())
        {
            return Ok(Err(self.no_build(&member.module, stream, None)));
        }
        let base = chosen.iter().find(|(member, ..)| member.is_base);
        let base = base.and_then(|(_, _, builds)| builds.first()).map(|place| self.build(*place));
        let mut choices: Vec<Vec<usize>> = Vec::with_capacity(chosen.len());
        for (member, stream, places) in chosen {
            let mut fitting = places.to_vec();
            if let Some(base) = base.filter(|_| !member.is_base) {
                efforts.steps.spend(places.len())?;
                fitting.retain(|place| self.runs_on(self.build(*place), base));
            }
            if fitting.is_empty() {
                return Ok(Err(self.no_build(&member.module, stream, base)));
            }
            choices.push(fitting);
        }
        let root = self.best(&choices, efforts)?;
        if let Ok(root) = &root {
            efforts.cells.spend(root.builds.len())?;
        }
        Ok(root)
    }

    /// The build root whose builds are the newest, and among equal ones the first.
    fn best(
        &self,
        choices: &[Vec<usize>],
        efforts: &mut Efforts,
    ) -> Result<Result<Root, Reason>, ExpandError> {
        let age =
            |places: &[usize]| places.iter().map(|place| self.pool.age[*place]).sum::<usize>();
        let ages = |places: &Vec<usize>| places.iter().map(|place| self.pool.age[*place]).min();
        let least: usize = choices.iter().filter_map(ages).sum();
        let mut best: Option<(usize, Vec<usize>)> = None;
        let mut reason = None;
        let mut odometer = vec![0; choices.len()];
        loop {
            efforts.steps.spend(1 + choices.len())?;
            let fixed: Vec<usize> =
                choices.iter().zip(&odometer).map(|(places, at)| places[*at]).collect();
            // What else comes into the build root does not make it younger.
            if best.as_ref().is_none_or(|(best, _)| age(&fixed) < *best) {
                match self.solve(&fixed, &mut efforts.steps)? {
                    Ok(places) if best.as_ref().is_none_or(|(best, _)| age(&places) < *best) => {
                        best = Some((age(&places), places));
                    }
                    Ok(_) => {}
                    Err(why) => {
                        reason.get_or_insert(why);
                    }
                }
            }
            let done = best.as_ref().is_some_and(|(best, _)| *best <= least);
            if done || !advance(&mut odometer, |at| choices[at].len()) {
                break;
            }
        }
        let others = choices.iter().map(Vec::len).fold(1, usize::saturating_mul) - 1;
        Ok(match best {
            Some((_, places)) => {
                let builds = places.into_iter().map(|place| self.pool.builds[place]).collect();
                Ok(Root { builds, others })
            }
            None => Err(reason.unwrap_or(Reason::Unknown)),
        })
    }

    /// Whether a build can be together with this build of a base module, as far as it says so itself.
    fn runs_on(&self, build: &Build, base: &Build) -> bool {
        let accepts = |stanza: &Stanza| {
            let mut requires = stanza.requires.iter();
            requires.all(|require| {
                require.module != base.nsvca.name || self.fits(Some(build), require, base)
            })
        };
        build.requires.is_empty() || build.requires.iter().any(accepts)
    }

    fn no_build(&self, module: &str, stream: &str, base: Option<&Build>) -> Reason {
        let builds = self.known.builds(module, stream);
        let (module, stream) = (module.to_owned(), stream.to_owned());
        if builds.is_empty() {
            let known = self.known.streams(&module);
            return Reason::NoBuild { module, stream, known };
        }
        let base = base.map(|build| &build.nsvca);
        let against = builds.iter().flat_map(|at| self.known.builds[*at].against.iter());
        let fits = |name: &String| base.is_none_or(|base| *name == base.name);
        let mut against: Vec<String> = against
            .filter(|(name, _)| fits(name))
            .flat_map(|(name, streams)| {
                streams.iter().map(move |stream| format!("{name}:{stream}"))
            })
            .collect();
        against.sort();
        against.dedup();
        let base = base.map_or_else(
            || self.options.base_modules.join(" or "),
            |base| format!("{}:{}", base.name, base.stream),
        );
        Reason::NoBuildAgainst { module, stream, base, against }
    }
}

/// Whether a build of a base module provides one of these as a virtual stream, with the number that its name states.
fn provides(build: &Build, streams: &[&String]) -> bool {
    let number = |stream: &str| stated(stream_version(stream, false));
    let exact = |stream: &str| number(stream).is_none_or(|number| number == build.base_version());
    streams.iter().any(|stream| build.virtual_streams.contains(stream) && exact(stream))
}

impl<'a> std::ops::Deref for Roots<'a> {
    type Target = Solver<'a>;

    fn deref(&self) -> &Solver<'a> {
        self.solver
    }
}

/// The next choice, the last place changing first; whether there is one.
fn advance(odometer: &mut [usize], size: impl Fn(usize) -> usize) -> bool {
    for at in (0..odometer.len()).rev() {
        odometer[at] += 1;
        if odometer[at] < size(at) {
            return true;
        }
        odometer[at] = 0;
    }
    false
}
