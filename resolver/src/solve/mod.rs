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
//! | `rich` | boolean dependencies |
//! | `propagate` | consequences, downwards and upwards |
//! | `learn` | decisions, contradictions, proofs |
//! | `policy` | which of several candidates |
//! | `wishes` | what is recommended and suggested, as a preference |
//! | `weak` | Recommends and Supplements |
//! | `minimise` | choices taken again |
//! | `eager` | small universes: all clauses first |
//! | `installed` | what the installed system adds |
//! | `explain` | why there is no answer |

mod clause;
mod draft;
mod eager;
pub mod explain;
mod facts;
mod installed;
mod learn;
mod minimise;
mod policy;
mod pool;
mod propagate;
mod rich;
mod state;
mod weak;
mod wishes;

use crate::store::paged::Paged;
use crate::store::universe::{DepRef, NameRef, PackageId, Universe};
use crate::visible::Visible;
use clause::{Cause, Clauses, Origin, Part};
use draft::Drafts;
use foldhash::{HashMap, HashSet};
use minimise::Branch;
use pool::{Pool, Span};
use state::{Lit, Reason, State, Value};
use std::rc::Rc;
use wishes::Wishes;

/// What is to be done with the packages of a job; the words are libsolv's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// One of them is in.
    Install,
    /// Installed ones are updated; others make what is installed of their name, or obsoleted by them, be updated. dnf asks
    /// for everything `targeted`.
    Update {
        /// To one of these packages and to nothing else.
        targeted: bool,
    },
    /// As an update, to what the repositories have, be it older.
    DistroSync {
        /// To one of these packages and to nothing else. Meant anyhow where none of them is installed.
        targeted: bool,
    },
    /// Each of them is out.
    Erase {
        /// With what was installed for its sake only.
        clean_deps: bool,
    },
}

/// One thing asked for. Install jobs are made by [`Job::install`], jobs for everything by [`Job::everything`].
#[derive(Clone, Debug)]
pub struct Job {
    /// What is to be done.
    pub work: Work,
    /// The packages that it is about, ids ascending: for an install every package that would do.
    pub candidates: Vec<PackageId>,
    /// It is about every visible package, installed ones included unless it is a distro-sync; `candidates` is empty then.
    pub everything: bool,
    /// What the user wrote.
    pub words: String,
    /// Given up, rather than the whole request, where it cannot be met.
    pub weak: bool,
}

impl Job {
    /// Installs one of these, ids ascending; `words` is what the user wrote.
    pub fn install(candidates: Vec<PackageId>, words: &str) -> Self {
        Job::new(Work::Install, candidates, words)
    }

    /// A job about these packages, ids ascending.
    pub fn new(work: Work, candidates: Vec<PackageId>, words: &str) -> Self {
        Job { work, candidates, everything: false, words: words.to_owned(), weak: false }
    }

    /// A job about everything.
    pub fn everything(work: Work, words: &str) -> Self {
        Job { everything: true, ..Job::new(work, Vec::new(), words) }
    }
}

/// How to solve.
#[derive(Clone, Debug)]
pub struct SolveOptions {
    /// Follow Recommends and Supplements.
    pub weak_deps: bool,
    /// What was asked for must come in its best version.
    pub best: bool,
    /// Capabilities whose providers are added beside older versions instead of replacing them.
    pub install_only: Vec<String>,
    /// How many packages of one install-only name may be installed; 0: as many as one likes.
    pub install_only_limit: u32,
    /// Installed packages may be erased to make room (`--allowerasing`).
    pub allow_erasing: bool,
    /// Installed packages that must not be erased.
    pub protected: HashSet<PackageId>,
    /// Installed packages that no clean-up takes, as they were asked for.
    pub user_installed: HashSet<PackageId>,
    /// The running kernel, where it is known and installed: no limit takes it.
    pub running_kernel: Option<PackageId>,
    /// The packages of the repositories are out of the question, as for dnf's `remove`.
    pub installed_only: bool,
    /// Units of work (assignments, clauses and literals touched) before giving up; 50 million are about a second.
    pub limit: u64,
}

impl Default for SolveOptions {
    fn default() -> Self {
        SolveOptions {
            weak_deps: true,
            best: false,
            install_only: INSTALL_ONLY.map(str::to_owned).to_vec(),
            install_only_limit: 3,
            allow_erasing: false,
            protected: HashSet::default(),
            user_installed: HashSet::default(),
            running_kernel: None,
            installed_only: false,
            limit: 200_000_000,
        }
    }
}

/// dnf's default `installonlypkgs`.
pub const INSTALL_ONLY: [&str; 9] = [
    "kernel",
    "kernel-PAE",
    "installonlypkg(kernel)",
    "installonlypkg(kernel-module)",
    "installonlypkg(vm)",
    "multiversion(kernel)",
    "kernel-core",
    "kernel-modules",
    "kernel-devel",
];

/// Why a package goes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Asked for.
    User,
    /// Required.
    Dependency,
    /// Recommended or supplementing.
    Weak,
}

/// What goes in and out.
#[derive(Clone, Debug, Default)]
pub struct Solution {
    /// Packages to install, in the order of decision.
    pub installs: Vec<(PackageId, Wanted)>,
    /// Installed packages that go, ids ascending.
    pub removals: Vec<PackageId>,
    /// Decisions made; a measure of work.
    pub decisions: u32,
}

/// The result of a search.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// There is an answer.
    Solved(Solution),
    /// There is none; the proof as facts.
    Refused(explain::Refusal),
    /// The limit was reached: hostile or absurd input.
    GaveUp,
}

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
    job_clauses: Vec<u32>,
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

/// Solves a request.
pub fn solve<'u, 'a>(
    universe: &'u Universe<'a>,
    visible: &'u Visible<'u, 'a>,
    jobs: Vec<Job>,
    options: SolveOptions,
) -> Outcome {
    Solver::new(universe, visible, jobs, options).run()
}

impl<'u, 'a> Solver<'u, 'a> {
    fn new(
        universe: &'u Universe<'a>,
        visible: &'u Visible<'u, 'a>,
        jobs: Vec<Job>,
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
            job_clauses: Vec::new(),
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
        for capability in self.options.install_only.clone() {
            for repo in 0..universe.repos().len() as u32 {
                let Some(name) = universe.find_name(repo, &capability) else { continue };
                let hot = &universe.repo(repo).hot;
                let named = universe.sound(hot.packages.of_name(name.name), "NMPK");
                let providing = universe.sound(hot.reverse.providers(name.name), "PRBY");
                let all = named
                    .iter()
                    .chain(providing)
                    .map(|local| universe.package(repo, local.get()).0);
                self.install_only.extend(all);
            }
        }
        self.exempt = self
            .jobs
            .iter()
            .flat_map(|job| job.candidates.iter())
            .map(|package| (universe.name(*package), universe.arch(*package).score))
            .collect();
        self.prepare_installed();
        for number in 0..self.jobs.len() {
            let mut lits: Vec<Lit> =
                self.jobs[number].candidates.iter().map(|package| Lit::pos(package.0)).collect();
            lits.dedup();
            for lit in &lits {
                self.value(lit.package());
            }
            let place = number as u32;
            let clause = self.clauses.add(&lits, Part::Job, place, Origin::Job(place), &self.state);
            self.job_clauses.push(clause);
        }
        if self.options.best {
            self.require_best();
        }
        self.close_small_universe();
    }

    /// Best rules: where the policy leaves fewer candidates than a request has, one of those it is.
    fn require_best(&mut self) {
        for number in 0..self.jobs.len() {
            let all: Vec<u32> =
                self.jobs[number].candidates.iter().map(|package| package.0).collect();
            // libsolv cuts by policy what is not hidden, before it knows what can be installed.
            let mut best: Vec<u32> =
                all.iter().copied().filter(|package| !self.state.is_never(*package)).collect();
            let visible = best.len();
            self.best_of_each(&mut best);
            if best.is_empty() || best.len() == visible {
                continue;
            }
            best.sort_unstable();
            let lits: Vec<Lit> = best.into_iter().map(Lit::pos).collect();
            let place = number as u32;
            self.clauses.add(&lits, Part::Best, place, Origin::Best(place), &self.state);
        }
    }

    fn is_install_only(&self, package: PackageId) -> bool {
        self.install_only.contains(&package.0)
    }

    fn run(mut self) -> Outcome {
        loop {
            match self.search() {
                Ok(()) => return Outcome::Solved(self.solution()),
                Err(Stop::Limit) => return Outcome::GaveUp,
                Err(Stop::Contradiction(cause)) => {
                    let proof = self.proof(cause);
                    match self.give_up_weak(&proof) {
                        true => self.forget_everything(),
                        false => return Outcome::Refused(self.refusal(&proof)),
                    }
                }
            }
        }
    }

    /// All assignments, back to the beginning. Clauses stay.
    fn forget_everything(&mut self) {
        self.revert(0);
        self.branches.clear();
    }

    /// libsolv's main loop.
    fn search(&mut self) -> Result<(), Stop> {
        let mut level = 0;
        let mut job_floor = None;
        loop {
            if level == 0 {
                level = self.assert_facts()?;
                job_floor = None;
            }
            if job_floor.is_none_or(|floor| level < floor) {
                let start = level;
                level = self.decide_jobs(level)?;
                if level < start {
                    continue;
                }
                level = self.keep_installed(level)?;
                if level < start {
                    continue;
                }
                job_floor = Some(level + 1);
            }
            let start = level;
            level = self.decide_dependencies(level)?;
            if level < start {
                continue;
            }
            if self.options.weak_deps {
                let (reached, again) = self.add_weak(level)?;
                level = reached;
                if again {
                    continue;
                }
            }
            if self.give_up_needless_choice() {
                self.forget_everything();
                level = 0;
                continue;
            }
            match self.minimise()? {
                Some(reached) => level = reached,
                None => return Ok(()),
            }
        }
    }

    /// Level 1: clauses with one literal, and everything that follows.
    fn assert_facts(&mut self) -> Result<u32, Stop> {
        for clause in self.clauses.all_urgent() {
            self.fire(clause, 1).map_err(Stop::Contradiction)?;
        }
        // With nothing assigned yet, everything that follows from level 1 is drawn in one go.
        self.propagated = 0;
        self.settle(1)
    }

    /// Every request in order.
    fn decide_jobs(&mut self, mut level: u32) -> Result<u32, Stop> {
        let start = level;
        let mut number = 0;
        while let Some(clause) = self.job_clauses.get(number).copied() {
            number += 1;
            if self.clauses.get(clause).disabled || self.clauses.holds(clause) {
                continue;
            }
            let mut candidates = self.open_lits(clause);
            if candidates.iter().any(|package| self.universe.is_installed(PackageId(*package))) {
                candidates.retain(|package| self.universe.is_installed(PackageId(*package)));
            }
            if candidates.is_empty() {
                continue;
            }
            let before = level;
            level = self.choose_job(level, candidates, clause)?;
            if level < start {
                return Ok(level);
            }
            if level <= before {
                number = 0;
            }
        }
        Ok(level)
    }

    fn open_lits(&self, clause: u32) -> Vec<u32> {
        let open = |lit: &&Lit| lit.is_pos() && self.state.known(lit.package()) == Value::Open;
        self.clauses.lits(clause).iter().filter(open).map(|lit| lit.package()).collect()
    }

    /// Chooses by the full policy and decides, leaving a branch where there was a choice. The level reached.
    fn choose_and_decide(
        &mut self,
        level: u32,
        mut candidates: Vec<u32>,
        clause: Option<u32>,
    ) -> Result<u32, Stop> {
        if candidates.len() > 1 {
            self.choose(&mut candidates);
        }
        self.branch_and_decide(level, candidates, clause)
    }

    fn branch_and_decide(
        &mut self,
        level: u32,
        candidates: Vec<u32>,
        clause: Option<u32>,
    ) -> Result<u32, Stop> {
        let first = candidates[0];
        if candidates.len() > 1 {
            let candidates =
                candidates.into_iter().map(|package| (package, package == first)).collect();
            self.branches.push(Branch { level, clause, candidates });
        }
        self.decide_and_learn(level, Lit::pos(first), clause)
    }

    /// Open clauses in table order, round and round; see `solver-order.md` 4.1.
    fn decide_dependencies(&mut self, level: u32) -> Result<u32, Stop> {
        let start = level;
        let mut level = level;
        let mut postponed: Option<u32> = None;
        let mut prune = true;
        let mut at: Option<u32> = None;
        // The clause at which a whole round without a decision is complete; `None`: the start of the table.
        let mut origin: Option<u32> = None;
        let mut wrapped = false;
        loop {
            let next = self.clauses.next_open(at);
            let past_origin = |clause: u32| match origin {
                Some(origin) => self.clauses.compare(clause, origin).is_gt(),
                None => true,
            };
            let clause = match next {
                Some(clause) if !(wrapped && past_origin(clause)) => clause,
                None if !wrapped => {
                    wrapped = true;
                    at = None;
                    continue;
                }
                _ => match postponed.take() {
                    Some(first) if prune => {
                        prune = false;
                        wrapped = false;
                        origin = Some(first);
                        if !self.clauses.is_open(first) {
                            at = Some(first);
                            continue;
                        }
                        first
                    }
                    _ => return Ok(level),
                },
            };
            at = Some(clause);
            let mut candidates = self.open_lits(clause);
            if candidates.len() < 2 {
                continue;
            }
            if prune {
                self.narrow(&mut candidates);
                if candidates.len() > 1 {
                    postponed = postponed.or(Some(clause));
                    continue;
                }
            }
            level = self.choose_and_decide(level, candidates, Some(clause))?;
            if level < start {
                return Ok(level);
            }
            origin = Some(clause);
            wrapped = false;
        }
    }

    /// Everything a request leads to.
    fn solution(&self) -> Solution {
        let universe = self.universe;
        let weak: HashSet<u32> = self.weak_choices();
        let asked: HashSet<u32> = self
            .jobs
            .iter()
            .flat_map(|job| job.candidates.iter())
            .map(|package| package.0)
            .collect();
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
            .map(PackageId)
            .collect();
        Solution { installs, removals, decisions: self.decisions }
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
