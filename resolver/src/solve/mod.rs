//! Stage three: which packages go in.
//!
//! libsolv's decisions in libsolv's order, over clauses that are made when the search first touches a package. Making
//! them lazily changes no answer, because a package that was never touched has no clause that could force anything; it is
//! what makes an answer a matter of a millisecond. The order of decisions follows `solver-order.md`.
//!
//! | file | holds |
//! |---|---|
//! | `state` | assignments, levels, reasons |
//! | `clause` | clauses, counters, the ring of open ones |
//! | `pool` | lists of packages that are remembered |
//! | `draft` | clauses before they are stored |
//! | `facts` | metadata made into clauses and partners |
//! | `demands` | who states something on what a package provides |
//! | `rich` | boolean dependencies |
//! | `propagate` | consequences, downwards and upwards |
//! | `learn` | decisions, contradictions, proofs |
//! | `policy` | which of several candidates |
//! | `wishes` | what is recommended and suggested, as a preference |
//! | `weak` | Recommends and Supplements |
//! | `minimise` | choices taken again |
//! | `eager` | small universes: all clauses first |
//! | `job` | what is asked and answered |
//! | `search` | the main loop |
//! | `installed` | what the installed system adds |
//! | `updates`, `sync` | which of it is to be updated, and to what |
//! | `choices` | preferring what is there |
//! | `splits` | packages that were split |
//! | `erase`, `cleandeps` | what goes, and what goes with it |
//! | `limit` | how many install-only packages stay |
//! | `explain` | why there is no answer |

mod choices;
mod clause;
mod cleandeps;
mod demands;
mod draft;
mod eager;
mod erase;
pub mod explain;
mod facts;
mod installed;
mod job;
mod learn;
mod limit;
mod minimise;
mod policy;
mod pool;
mod propagate;
mod rich;
mod search;
mod sources;
mod splits;
mod state;
mod sync;
mod updates;
mod weak;
mod wishes;

pub use job::{Gone, INSTALL_ONLY, Job, Outcome, Solution, SolveOptions, Wanted, Work};

use crate::store::paged::Paged;
use crate::store::universe::{DepRef, NameRef, PackageId, Universe};
use crate::visible::Visible;
use clause::{Cause, Clauses, Origin, Part};
use draft::Drafts;
use foldhash::{HashMap, HashSet};
use minimise::Branch;
use pool::{Pool, Span};
use state::{Lit, Reason, State};
use std::rc::Rc;
use wishes::Wishes;

enum Stop {
    Contradiction(Cause),
    Limit,
}

/// A search over one universe.
pub struct Solver<'u, 'a> {
    universe: &'u Universe<'a>,
    visible: &'u Visible<'u, 'a>,
    options: SolveOptions,
    jobs: Vec<Job>,
    /// The first this many jobs are the user's, to be met in the best version where that is asked for.
    best_jobs: usize,
    /// By job: its clause, where it is an install.
    job_clauses: Vec<Option<u32>>,
    /// The candidates of all install jobs.
    install_candidates: HashSet<u32>,
    state: State,
    clauses: Clauses,
    propagated: usize,
    branches: Vec<Branch>,
    /// Learnt clauses in order, each with what it was learnt from.
    learnt: Vec<(u32, Vec<Cause>)>,
    expanded: Paged<bool>,
    pool: Pool,
    providers: HashMap<DepRef, Span>,
    cnfs: HashMap<(DepRef, bool), Rc<rich::Cnf>>,
    partners: HashMap<u32, Span>,
    demands: demands::Demands,
    supplemented: HashMap<u32, Span>,
    /// Room for the clauses of one package.
    drafts: Drafts,
    /// By repository and dependency: a package, plus one, that met the dependency when last looked at; 0: not looked at.
    witnesses: Vec<Paged<u32>>,
    /// Recommends and Suggests; see [`wishes::of`].
    wishes: [Wishes; 2],
    /// Names asked for, with the architectures asked for: an inferior one among them is meant.
    exempt: Vec<(NameRef, u16)>,
    install_only: HashSet<u32>,
    weak_excluded: HashSet<u32>,
    extra: installed::InstalledState,
    updates: updates::Updates,
    choices: choices::Choices,
    splits: splits::Splits,
    cleaning: erase::Cleaning,
    /// Installed packages that were given up to make room.
    uninstalled: HashSet<u32>,
    /// The packages within reach, where the universe is small enough to know.
    considered: Option<Vec<bool>>,
    has_conflicts: bool,
    has_conditions: bool,
    has_supplements: bool,
    too_complex: bool,
    /// Literals of all boolean dependencies read so far.
    boolean_lits: usize,
    steps: u64,
    decisions: u32,
}

/// Solves a request. Where the answer has more install-only packages of a name than the limit allows, it is solved again
/// with jobs that say which of them stay; then anything unprotected may be erased.
pub fn solve<'u, 'a>(
    universe: &'u Universe<'a>,
    visible: &'u Visible<'u, 'a>,
    jobs: Vec<Job>,
    options: SolveOptions,
) -> Outcome {
    let best_jobs = jobs.len();
    let mut solver = Solver::new(universe, visible, jobs, best_jobs, options);
    let outcome = solver.run();
    let more = match outcome {
        Outcome::Solved(_) => solver.jobs_of_limit(),
        _ => Vec::new(),
    };
    if more.is_empty() {
        return solver.check_protected(outcome);
    }
    let (mut jobs, mut options) = (solver.jobs, solver.options);
    jobs.extend(more);
    options.allow_erasing = true;
    let mut solver = Solver::new(universe, visible, jobs, best_jobs, options);
    let outcome = solver.run();
    solver.check_protected(outcome)
}

/// The installed packages that nothing asked for needs, ids ascending: dnf's `autoremove`. `user_installed` are those that
/// were asked for.
pub fn unneeded(universe: &Universe<'_>, user_installed: &HashSet<PackageId>) -> Vec<PackageId> {
    let clean = cleandeps::CleanUp {
        kept: user_installed.iter().map(|package| package.0).collect(),
        everything: true,
        with_repositories: true,
        ..cleandeps::CleanUp::default()
    };
    let unused = clean.unused(universe, &mut cleandeps::Needs::new(universe, true));
    universe.installed().filter(|package| unused[*package as usize]).map(PackageId).collect()
}

impl<'u, 'a> Solver<'u, 'a> {
    fn new(
        universe: &'u Universe<'a>,
        visible: &'u Visible<'u, 'a>,
        jobs: Vec<Job>,
        best_jobs: usize,
        options: SolveOptions,
    ) -> Self {
        let packages = universe.len();
        let any = |test: &dyn Fn(&modex_formats::index::Hot<'a>) -> bool| {
            universe.repos().iter().any(|repo| test(&repo.hot))
        };
        let mut solver = Solver {
            universe,
            visible,
            options,
            jobs,
            best_jobs,
            job_clauses: Vec::new(),
            install_candidates: HashSet::default(),
            state: State::new(packages),
            clauses: Clauses::new(packages),
            propagated: 0,
            branches: Vec::new(),
            learnt: Vec::new(),
            expanded: Paged::new(packages as usize),
            pool: Pool::default(),
            providers: HashMap::default(),
            cnfs: HashMap::default(),
            partners: HashMap::default(),
            demands: demands::Demands::default(),
            supplemented: HashMap::default(),
            drafts: Drafts::default(),
            witnesses: universe
                .repos()
                .iter()
                .map(|repo| Paged::new(repo.hot.reldeps.len()))
                .collect(),
            wishes: Default::default(),
            exempt: Vec::new(),
            install_only: HashSet::default(),
            weak_excluded: HashSet::default(),
            extra: installed::InstalledState::default(),
            updates: updates::Updates::default(),
            choices: choices::Choices::default(),
            splits: splits::Splits::default(),
            cleaning: erase::Cleaning::default(),
            uninstalled: HashSet::default(),
            considered: None,
            has_conflicts: any(&|hot| !hot.reverse.conflicts.is_empty()),
            has_conditions: any(&|hot| !hot.reverse.conditions.is_empty()),
            has_supplements: any(&|hot| !hot.reverse.supplements.is_empty()),
            too_complex: false,
            boolean_lits: 0,
            steps: 0,
            decisions: 0,
        };
        solver.prepare();
        solver
    }

    /// Everything that is known before the first decision.
    fn prepare(&mut self) {
        let universe = self.universe;
        for capability in &self.options.install_only {
            let marked = self.marked_by(capability);
            self.install_only.extend(marked);
        }
        let installs = self.jobs.iter().filter(|job| job.work == Work::Install);
        let candidates: Vec<PackageId> =
            installs.flat_map(|job| job.candidates.iter().copied()).collect();
        let of_name =
            |package: &PackageId| (universe.name(*package), universe.arch(*package).score);
        self.exempt = candidates.iter().map(of_name).collect();
        self.install_candidates = candidates.iter().map(|package| package.0).collect();
        self.read_updates();
        self.prepare_installed();
        for number in 0..self.jobs.len() {
            self.add_job(number);
        }
        self.add_sync();
        if self.options.best {
            self.require_best();
        }
        self.give_way_to_jobs();
        self.close_small_universe();
    }

    /// The clauses of a job, where it makes any.
    fn add_job(&mut self, number: usize) {
        let mut clause = None;
        match self.jobs[number].work {
            Work::Install => {
                let candidates = self.jobs[number].candidates.iter();
                let mut lits: Vec<Lit> = candidates.map(|package| Lit::pos(package.0)).collect();
                lits.dedup();
                let place = number as u32;
                clause = Some(self.add_touched(&lits, Part::Job, place, Origin::Job(place)));
            }
            Work::Erase { clean_deps } => self.add_erase(number, clean_deps),
            Work::Update { .. } | Work::DistroSync { .. } => {}
        }
        self.job_clauses.push(clause);
    }

    fn is_install_only(&self, package: PackageId) -> bool {
        self.install_only.contains(&package.0)
    }

    /// Searches, giving up what may be given up, until there is an answer.
    fn run(&mut self) -> Outcome {
        loop {
            match self.search() {
                Ok(()) => return Outcome::Solved(self.solution()),
                Err(Stop::Limit) => return Outcome::GaveUp,
                Err(Stop::Contradiction(cause)) => {
                    let proof = self.proof(cause);
                    match self.give_up_weak(&proof) || self.make_room(&proof) {
                        true => self.forget_everything(),
                        false => return Outcome::Refused(self.refusal(&proof)),
                    }
                }
            }
        }
    }

    /// The answer as it stands, unless it takes what is protected.
    fn check_protected(&self, outcome: Outcome) -> Outcome {
        let Outcome::Solved(solution) = &outcome else { return outcome };
        let universe = self.universe;
        let is_replaced = |old: PackageId| {
            solution.installs.iter().any(|(new, _)| {
                universe.compare_names(universe.name(*new), universe.name(old)).is_eq()
                    && universe.arch(*new).colour & universe.arch(old).colour != 0
            })
        };
        let removed = solution.removals.iter().map(|(package, _)| *package);
        let lost: Vec<PackageId> = removed
            .filter(|package| self.is_protected(*package) && !is_replaced(*package))
            .collect();
        match lost.is_empty() {
            true => outcome,
            false => {
                Outcome::Refused(explain::Refusal { facts: vec![explain::Fact::Protected(lost)] })
            }
        }
    }

    /// All assignments, back to the beginning. Clauses stay.
    fn forget_everything(&mut self) {
        self.revert(0);
        self.branches.clear();
    }

    /// Everything a request leads to.
    fn solution(&self) -> Solution {
        let universe = self.universe;
        let weak: HashSet<u32> = self.weak_choices();
        let asked = &self.install_candidates;
        let installs = self
            .state
            .queue()
            .iter()
            .filter(|lit| lit.is_pos() && !universe.is_installed(PackageId(lit.package())))
            .map(|lit| {
                let package = lit.package();
                let wanted = match () {
                    () if asked.contains(&package) => Wanted::User,
                    () if weak.contains(&package) => Wanted::Weak,
                    () => Wanted::Dependency,
                };
                (PackageId(package), wanted)
            })
            .collect();
        let removals = universe
            .installed()
            .filter(|package| !self.state.is_true(*package))
            .map(|package| (PackageId(package), self.why_gone(package)))
            .collect();
        let new = self.state.queue().iter().filter(|lit| lit.is_pos()).map(|lit| lit.package());
        let beside = new.filter(|it| self.install_only.contains(it)).map(PackageId).collect();
        Solution { installs, removals, beside, decisions: self.decisions }
    }

    /// Packages that were decided by the weak stage: chosen without a clause.
    fn weak_choices(&self) -> HashSet<u32> {
        self.state
            .queue()
            .iter()
            .filter(|lit| {
                lit.is_pos() && self.state.reason(lit.package()) == Some(Reason::Decision(None))
            })
            .map(|lit| lit.package())
            .collect()
    }
}
