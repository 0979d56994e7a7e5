//! Why there is no answer: the proof as a chain of facts, from what was asked to what cannot be.

use super::Solver;
use super::clause::{Cause, Origin};
use crate::store::universe::{DepRef, PackageId};
use foldhash::{HashMap, HashSet};
use modex_formats::index::section::relations::RelationKind;

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The request with this number can only be met by these packages, best first.
    Asked {
        /// Number of the job.
        job: usize,
        /// Its candidates.
        candidates: Vec<PackageId>,
    },
    /// Nothing provides what a package requires.
    NothingProvides {
        /// The package.
        package: PackageId,
        /// The requirement.
        dep: DepRef,
    },
    /// A package requires something that only these provide, and none of them can be installed.
    Requires {
        /// The package.
        package: PackageId,
        /// The requirement.
        dep: DepRef,
        /// Its providers, best first.
        providers: Vec<PackageId>,
    },
    /// A package is hidden by modules.
    Hidden(PackageId),
    /// Two packages cannot be together.
    Excludes {
        /// One.
        package: PackageId,
        /// The other.
        other: PackageId,
        /// How.
        how: Exclusion,
    },
    /// A package conflicts with a combination of others.
    ConflictsRich {
        /// The package.
        package: PackageId,
        /// The boolean conflict.
        dep: DepRef,
    },
    /// A package needs its sibling of a better architecture in the same version, and cannot have it.
    InferiorArch(PackageId),
    /// An installed package can neither stay nor be updated.
    Installed(PackageId),
    /// A request must be met in its best version, and cannot.
    NotBest {
        /// Number of the job.
        job: usize,
    },
    /// The request with this number takes this package.
    MustGo {
        /// Number of the job.
        job: usize,
        /// The package.
        package: PackageId,
    },
    /// An installed package must become the best of its updates, and cannot.
    NotBestUpdate(PackageId),
    /// No repository has an installed package any more.
    Lost(PackageId),
    /// Packages that split an installed one must come together, and cannot.
    Split {
        /// The package.
        package: PackageId,
        /// The Obsoletes that they share.
        dep: DepRef,
    },
    /// These installed packages are protected, and would go.
    Protected(Vec<PackageId>),
    /// This many facts of a long chain are left out here.
    Omitted(usize),
}

/// Why two packages cannot be together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// The first one states a conflict that the second one meets.
    Conflicts(DepRef),
    /// The first one obsoletes the second one.
    Obsoletes(DepRef),
    /// They have the same name.
    SameName,
}

/// The facts that together refute a request.
#[derive(Clone, Debug, Default)]
pub struct Refusal {
    /// From what was asked to what cannot be; the first chain first.
    pub facts: Vec<Fact>,
}

/// Of longer explanations the middle is left out.
const MAX_FACTS: usize = 64;

impl Fact {
    fn is_about_pair(&self, a: PackageId, b: PackageId) -> bool {
        matches!(self, Fact::Excludes { package, other, .. }
            if (*package, *other) == (a, b) || (*package, *other) == (b, a))
    }
}

/// Keeps the beginning and the end, and says how much is left out.
fn shorten(facts: &mut Vec<Fact>) {
    if facts.len() > MAX_FACTS {
        let omitted = facts.len() - MAX_FACTS;
        facts.splice(MAX_FACTS / 2..MAX_FACTS / 2 + omitted, [Fact::Omitted(omitted)]);
    }
}

/// The clauses of a proof, by the package that they hold back.
struct Proof {
    by_package: HashMap<u32, u32>,
    pairs: HashMap<u32, Vec<u32>>,
    jobs: Vec<u32>,
}

impl Solver<'_, '_> {
    pub(super) fn refusal(&mut self, causes: &[Cause]) -> Refusal {
        let mut proof =
            Proof { by_package: HashMap::default(), pairs: HashMap::default(), jobs: Vec::new() };
        for cause in causes {
            match *cause {
                Cause::Pair(a, b) => {
                    proof.pairs.entry(a).or_default().push(b);
                    proof.pairs.entry(b).or_default().push(a);
                }
                Cause::Clause(clause) => match self.clauses.get(clause).origin {
                    Origin::Job(_)
                    | Origin::Best(_)
                    | Origin::Update(_)
                    | Origin::BestUpdate(_)
                    | Origin::Sync(_) => proof.jobs.push(clause),
                    Origin::Requires(package, _)
                    | Origin::Conflicts(package, _)
                    | Origin::Split(package, _)
                    | Origin::LockStep(package) => {
                        let known = proof.by_package.entry(package).or_insert(clause);
                        // The shortest reason is the one to tell.
                        if self.clauses.lits(clause).len() < self.clauses.lits(*known).len() {
                            *known = clause;
                        }
                    }
                    Origin::Choice(_) | Origin::Learnt(_) => {}
                },
            }
        }
        proof.jobs.sort_unstable_by(|a, b| self.clauses.compare(*a, *b));
        let mut refusal = Refusal::default();
        let mut told = HashSet::default();
        for clause in proof.jobs.clone() {
            let candidates = self.best_first(clause);
            match self.clauses.get(clause).origin {
                Origin::Job(job) if self.job_clauses[job as usize].is_none() => {
                    let gone = self.clauses.lits(clause).iter().map(|lit| lit.package());
                    refusal.facts.extend(
                        gone.map(PackageId)
                            .map(|package| Fact::MustGo { job: job as usize, package }),
                    );
                }
                Origin::Job(job) => {
                    refusal
                        .facts
                        .push(Fact::Asked { job: job as usize, candidates: candidates.clone() });
                }
                Origin::Best(job) => refusal.facts.push(Fact::NotBest { job: job as usize }),
                Origin::Update(package)
                    if self.options.allow_erasing && self.is_protected(PackageId(package)) =>
                {
                    refusal.facts.push(Fact::Protected(vec![PackageId(package)]));
                }
                Origin::Update(package) => refusal.facts.push(Fact::Installed(PackageId(package))),
                Origin::BestUpdate(package) => {
                    refusal.facts.push(Fact::NotBestUpdate(PackageId(package)));
                }
                Origin::Sync(package) => refusal.facts.push(Fact::Lost(PackageId(package))),
                _ => {}
            }
            if let Some(first) = candidates.first() {
                self.follow(*first, &proof, &mut told, &mut refusal.facts);
            }
        }
        shorten(&mut refusal.facts);
        refusal
    }

    /// The packages that a clause wants in, in the order the policy would try them; hidden ones last.
    fn best_first(&mut self, clause: u32) -> Vec<PackageId> {
        let all: Vec<u32> = self
            .clauses
            .lits(clause)
            .iter()
            .filter(|lit| lit.is_pos())
            .map(|lit| lit.package())
            .collect();
        let (hidden, mut open): (Vec<u32>, Vec<u32>) =
            all.into_iter().partition(|package| self.state.is_never(*package));
        let mut best = open.clone();
        self.best_of_each(&mut best);
        open.retain(|package| !best.contains(package));
        best.into_iter().chain(open.into_iter().rev()).chain(hidden).map(PackageId).collect()
    }

    /// Tells why a package cannot go in, and of what that rests on. Chains may be as long as the universe: no recursion.
    fn follow(
        &mut self,
        package: PackageId,
        proof: &Proof,
        told: &mut HashSet<u32>,
        facts: &mut Vec<Fact>,
    ) {
        let mut chain = Vec::new();
        let mut next = Some(package);
        while let Some(package) = next.take().filter(|package| told.insert(package.0)) {
            if self.state.is_never(package.0) {
                if self.visible.is_hidden(package) {
                    facts.push(Fact::Hidden(package));
                }
                break;
            }
            chain.push(package);
            let Some(clause) = proof.by_package.get(&package.0).copied() else { break };
            let providers = self.best_first(clause);
            match self.clauses.get(clause).origin {
                Origin::Requires(_, dep) if providers.is_empty() => {
                    facts.push(Fact::NothingProvides { package, dep })
                }
                Origin::Requires(_, dep) => {
                    next = Some(providers[0]);
                    facts.push(Fact::Requires { package, dep, providers });
                }
                Origin::Conflicts(_, dep) => facts.push(Fact::ConflictsRich { package, dep }),
                Origin::Split(_, dep) => {
                    facts.push(Fact::Split { package, dep });
                    next = providers.first().copied();
                }
                Origin::LockStep(_) => {
                    facts.push(Fact::InferiorArch(package));
                    next = providers.first().copied();
                }
                _ => {}
            }
        }
        for package in chain.into_iter().rev() {
            for other in proof.pairs.get(&package.0).into_iter().flatten().copied().map(PackageId) {
                if !facts.iter().any(|fact| fact.is_about_pair(package, other)) {
                    facts.push(self.exclusion(package, other));
                }
            }
        }
    }

    fn exclusion(&self, a: PackageId, b: PackageId) -> Fact {
        let universe = self.universe;
        for (package, other) in [(a, b), (b, a)] {
            for dep in universe.statements(package, RelationKind::Conflicts) {
                if dep.dep.as_rich().is_none() && universe.provides(other, dep) {
                    return Fact::Excludes { package, other, how: Exclusion::Conflicts(dep) };
                }
            }
            for dep in universe.statements(package, RelationKind::Obsoletes) {
                if universe.names(dep, other) {
                    return Fact::Excludes { package, other, how: Exclusion::Obsoletes(dep) };
                }
            }
        }
        Fact::Excludes { package: a, other: b, how: Exclusion::SameName }
    }
}
