//! The main loop, and the order of decisions; see `solver-order.md`, 4.

use super::minimise::Branch;
use super::state::{Lit, Value};
use super::{Solver, Stop};
use crate::store::universe::PackageId;

impl Solver<'_, '_> {
    /// libsolv's main loop.
    pub(super) fn search(&mut self) -> Result<(), Stop> {
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
            let (reached, again) = self.drop_unused(level)?;
            level = reached;
            if again {
                continue;
            }
            if self.options.weak_deps {
                let (reached, again) = self.add_weak(level)?;
                level = reached;
                if again {
                    continue;
                }
            }
            let (reached, again) = self.drop_undecided(level)?;
            level = reached;
            if again {
                continue;
            }
            if self.take_back_mistakes() || self.give_up_needless_choices() {
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
            let Some(clause) = clause else { continue };
            if self.clauses.get(clause).disabled || self.clauses.holds(clause) {
                continue;
            }
            let mut candidates = self.open_lits(clause);
            // What is there will do, unless it is to be updated.
            let is_installed = |package: &u32| self.universe.is_installed(PackageId(*package));
            if candidates.iter().any(is_installed)
                && !candidates.iter().any(|package| self.updates.is_wanted(*package))
            {
                candidates.retain(is_installed);
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
    pub(super) fn choose_and_decide(
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

    pub(super) fn branch_and_decide(
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
            // What could be cleaned up meets it best.
            let mut unused = candidates.iter().copied();
            if let Some(unused) =
                unused.find(|package| self.is_unused(*package) && !self.updates.is_wanted(*package))
            {
                candidates = vec![unused];
            }
            if prune && candidates.len() > 1 {
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
}
