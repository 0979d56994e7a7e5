//! Decisions, contradictions and what is learnt from them.

use super::clause::{Cause, Origin, Part};
use super::state::{Lit, Reason};
use super::{Solver, Stop};
use foldhash::{HashSet, HashSetExt};

/// What a contradiction teaches.
struct Lesson {
    /// The literal to assert, then those that were kept.
    lits: Vec<Lit>,
    /// Level to return to.
    level: u32,
    causes: Vec<Cause>,
    /// Literals looked at.
    work: u64,
}

impl Solver<'_, '_> {
    /// Decides a literal one level up and draws the consequences; on contradictions learns and falls back. The level
    /// reached.
    pub(super) fn decide_and_learn(
        &mut self,
        level: u32,
        lit: Lit,
        clause: Option<u32>,
    ) -> Result<u32, Stop> {
        self.decisions += 1;
        self.assign(lit, level + 1, Reason::Decision(clause));
        self.settle(level + 1)
    }

    /// Propagates, learning from every contradiction, until there is none. The level reached.
    pub(super) fn settle(&mut self, mut level: u32) -> Result<u32, Stop> {
        loop {
            if self.steps + self.clauses.work() > self.options.limit || self.too_complex {
                return Err(Stop::Limit);
            }
            let Err(conflict) = self.propagate(level) else { return Ok(level) };
            if level <= 1 {
                return Err(Stop::Contradiction(conflict));
            }
            let lesson = self.analyse(conflict, level);
            self.steps += lesson.work;
            level = lesson.level;
            self.revert(level);
            let asserted = lesson.lits[0];
            let place = self.clauses.len();
            let origin = Origin::Learnt(self.learnt.len() as u32);
            let clause = self.clauses.add(&lesson.lits, Part::Learnt, place, origin, &self.state);
            self.learnt.push((clause, lesson.causes));
            self.assign(asserted, level, Reason::Clause(clause));
        }
    }

    /// Takes back everything above a level.
    pub(super) fn revert(&mut self, level: u32) {
        while let Some(lit) = self.state.pop_above(level) {
            self.clauses.follow(lit, false);
        }
        let length = self.state.queue().len();
        self.propagated = self.propagated.min(length);
        self.branches.retain(|branch| branch.level < level);
        self.wishes.iter_mut().for_each(|wishes| wishes.forget(length));
    }

    /// The literals of a cause.
    pub(super) fn cause_lits(&self, cause: Cause) -> Vec<Lit> {
        match cause {
            Cause::Clause(clause) => self.clauses.lits(clause).to_vec(),
            Cause::Pair(a, b) => vec![Lit::neg(a), Lit::neg(b)],
        }
    }

    /// The cause that forced a package, if it was not decided.
    pub(super) fn cause_of(&self, package: u32) -> Option<Cause> {
        match self.state.reason(package)? {
            Reason::Decision(_) => None,
            Reason::Clause(clause) => Some(Cause::Clause(clause)),
            Reason::Pair(other) => Some(Cause::Pair(other, package)),
        }
    }

    /// First unique implication point. Literals of level 1 are dropped, those of lower levels kept in the order met.
    fn analyse(&self, conflict: Cause, level: u32) -> Lesson {
        let mut seen: HashSet<u32> = HashSet::new();
        let mut causes = vec![conflict];
        let mut kept = Vec::new();
        let mut rest = 0;
        let mut at = self.state.queue().len();
        let mut cause = conflict;
        let mut skip = None;
        let mut proofs: Vec<u32> = Vec::new();
        let mut work = 0;
        loop {
            for lit in self.cause_lits(cause) {
                work += 1;
                if Some(lit.package()) == skip || !seen.insert(lit.package()) {
                    continue;
                }
                match self.state.level(lit.package()) {
                    0 | 1 => proofs.push(lit.package()),
                    found if found == level => rest += 1,
                    _ => kept.push(lit),
                }
            }
            let lit = loop {
                at -= 1;
                let lit = self.state.queue()[at];
                if seen.contains(&lit.package()) && self.state.level(lit.package()) == level {
                    break lit;
                }
            };
            rest -= 1;
            if rest == 0 {
                let mut lits = vec![!lit];
                lits.append(&mut kept);
                let level =
                    lits[1..].iter().map(|lit| self.state.level(lit.package())).max().unwrap_or(1);
                // What held at level 1 belongs to the proof as well.
                while let Some(package) = proofs.pop() {
                    if let Some(cause) = self.cause_of(package) {
                        causes.push(cause);
                        for lit in self.cause_lits(cause) {
                            if seen.insert(lit.package()) {
                                proofs.push(lit.package());
                            }
                        }
                    }
                }
                return Lesson { lits, level, causes, work };
            }
            // Not the last one of its level, so it was forced: only the first of a level is decided.
            let Some(next) = self.cause_of(lit.package()) else { continue };
            cause = next;
            skip = Some(lit.package());
            causes.push(cause);
        }
    }

    /// Every cause that a contradiction at level 1 rests on, the latest first, learnt ones replaced by what they were learnt from. Their own
    /// sources are not asked why their literals are as they are now: that was another time.
    pub(super) fn proof(&self, conflict: Cause) -> Vec<Cause> {
        let mut seen: HashSet<Cause> = HashSet::new();
        let mut packages: HashSet<u32> = HashSet::new();
        let mut found = Vec::new();
        self.roots(conflict, &mut seen, &mut found);
        packages.extend(self.cause_lits(conflict).iter().map(|lit| lit.package()));
        // A reason is made of what was assigned before, so one pass backwards finds all.
        for lit in self.state.queue().iter().rev() {
            if packages.contains(&lit.package())
                && let Some(cause) = self.cause_of(lit.package())
            {
                self.roots(cause, &mut seen, &mut found);
                packages.extend(self.cause_lits(cause).iter().map(|lit| lit.package()));
            }
        }
        found
    }

    /// The causes that are not learnt among a cause and everything it was learnt from.
    fn roots(&self, cause: Cause, seen: &mut HashSet<Cause>, found: &mut Vec<Cause>) {
        let mut todo = vec![cause];
        while let Some(cause) = todo.pop() {
            if !seen.insert(cause) {
                continue;
            }
            match cause {
                Cause::Clause(clause) => match self.clauses.get(clause).origin {
                    Origin::Learnt(lesson) => {
                        todo.extend(self.learnt[lesson as usize].1.iter().rev())
                    }
                    _ => found.push(cause),
                },
                Cause::Pair(..) => found.push(cause),
            }
        }
    }
}
