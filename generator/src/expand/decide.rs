//! libsolv's search: what it decides in which order, and what it learns from conflicts.

use super::ExpandError;
use super::known::Effort;
use super::rules::{Lit, Rules, lit, place};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// Why a place is in or out.
#[derive(Clone, Copy)]
enum Cause {
    Decision,
    Clause(usize),
    /// Another build of the same module is in.
    Rival(usize),
}

#[derive(Clone, Copy)]
struct Value {
    is_in: bool,
    level: usize,
    cause: Cause,
}

/// A choice that may be revised: the level before it, and the candidates, each with whether it was tried.
struct Branch {
    level: usize,
    candidates: Vec<(usize, bool)>,
}

/// A search among what the fixed builds can need.
pub(super) struct Search<'a> {
    rules: &'a Rules<'a>,
    effort: &'a mut Effort,
    /// Sorted as libsolv does: what the last place needs first.
    clauses: Vec<&'a [Lit]>,
    /// Those of what a place needs.
    needs: HashMap<usize, Range<usize>>,
    /// Those in which a place occurs.
    of: HashMap<usize, Vec<usize>>,
    /// Places of the builds of a module.
    rivals: HashMap<&'a str, Vec<usize>>,
    values: HashMap<usize, Value>,
    trail: Vec<Lit>,
    /// How much of the trail has been followed.
    followed: usize,
    chosen: BTreeSet<usize>,
    learnt: Vec<Vec<Lit>>,
    branches: Vec<Branch>,
    level: usize,
}

impl<'a> Search<'a> {
    /// # Errors
    /// Where there is too much to search.
    pub(super) fn new(
        rules: &'a Rules<'a>,
        effort: &'a mut Effort,
        fixed: &[usize],
    ) -> Result<Self, ExpandError> {
        let mut search = Search {
            rules,
            effort,
            clauses: Vec::new(),
            needs: HashMap::new(),
            of: HashMap::new(),
            rivals: HashMap::new(),
            values: HashMap::new(),
            trail: Vec::new(),
            followed: 0,
            chosen: BTreeSet::new(),
            learnt: Vec::new(),
            branches: Vec::new(),
            level: 1,
        };
        let mut places: BTreeSet<usize> = fixed.iter().copied().collect();
        let mut todo: Vec<usize> = places.iter().copied().collect();
        while let Some(at) = todo.pop() {
            for clause in rules.needs(at, search.effort)? {
                search.effort.spend(1 + clause.len())?;
                let wanted = clause.iter().filter(|lit| **lit > 0).map(|lit| place(*lit));
                todo.extend(wanted.filter(|wanted| places.insert(*wanted)));
            }
        }
        for at in places.into_iter().rev() {
            let name = rules.solver.build(at).nsvca.name.as_str();
            search.rivals.entry(name).or_default().push(at);
            let first = search.clauses.len();
            for clause in rules.needs(at, search.effort)? {
                for lit in clause {
                    search.of.entry(place(*lit)).or_default().push(search.clauses.len());
                }
                search.clauses.push(clause);
            }
            search.needs.insert(at, first..search.clauses.len());
        }
        Ok(search)
    }

    /// The build root with these builds in it, as places. `None` where there is none.
    ///
    /// # Errors
    /// Where the search takes too long.
    pub(super) fn run(mut self, fixed: &[usize]) -> Result<Option<Vec<usize>>, ExpandError> {
        for number in 0..self.clauses.len() {
            if let [only] = self.clauses[number] {
                self.set(*only, Cause::Clause(number));
            }
        }
        for place in fixed {
            if self.follow()?.is_some() {
                return Ok(None);
            }
            match self.values.get(place) {
                Some(value) if value.is_in => {}
                Some(_) => return Ok(None),
                None => {
                    self.level += 1;
                    self.set(lit(*place), Cause::Decision);
                }
            }
        }
        let floor = self.level;
        let mut at = None;
        loop {
            while let Some(conflict) = self.follow()? {
                if self.level <= floor {
                    return Ok(None);
                }
                self.learn(conflict, floor)?;
                at = None;
            }
            if let Some(clause) = self.next_open(at)? {
                let mut candidates: Vec<usize> = self.open(clause).collect();
                self.effort.spend(candidates.len())?;
                self.rules.prefer(&mut candidates);
                let Some(first) = candidates.first().copied() else { return Ok(None) };
                let candidates =
                    candidates.into_iter().map(|place| (place, place == first)).collect();
                self.branches.push(Branch { level: self.level, candidates });
                self.decide(first);
                at = Some(clause);
            } else if !self.minimise() {
                let chosen = self.trail.iter().filter(|lit| **lit > 0);
                return Ok(Some(chosen.map(|lit| place(*lit)).collect()));
            } else {
                at = None;
            }
        }
    }

    fn decide(&mut self, place: usize) {
        self.level += 1;
        self.set(lit(place), Cause::Decision);
    }

    /// Sets what is still open.
    fn set(&mut self, lit: Lit, cause: Cause) {
        let at = place(lit);
        if !self.values.contains_key(&at) {
            self.values.insert(at, Value { is_in: lit > 0, level: self.level, cause });
            self.trail.push(lit);
            if lit > 0 {
                self.chosen.insert(at);
            }
        }
    }

    /// Whether a literal holds; `None` where that is open.
    fn holds(&self, lit: Lit) -> Option<bool> {
        self.values.get(&place(lit)).map(|value| value.is_in == (lit > 0))
    }

    fn clause(&self, number: usize) -> &[Lit] {
        match number.checked_sub(self.clauses.len()) {
            None => self.clauses[number],
            Some(learnt) => &self.learnt[learnt],
        }
    }

    /// Everything that follows; a clause of which nothing holds.
    fn follow(&mut self) -> Result<Option<Vec<Lit>>, ExpandError> {
        while let Some(done) = self.trail.get(self.followed).copied() {
            self.followed += 1;
            let at = place(done);
            let own = self.clauses.len();
            let learnt = own..own + self.learnt.len();
            let of = self.of.get(&at).cloned().unwrap_or_default();
            for number in of.into_iter().chain(learnt) {
                self.effort.spend(1 + self.clause(number).len())?;
                let mut open = None;
                let mut several = false;
                for lit in self.clause(number) {
                    match self.holds(*lit) {
                        Some(false) => {}
                        Some(true) => several = true,
                        None => several |= open.replace(*lit).is_some(),
                    }
                    if several {
                        break;
                    }
                }
                match open {
                    _ if several => {}
                    Some(lit) => self.set(lit, Cause::Clause(number)),
                    None => return Ok(Some(self.clause(number).to_vec())),
                }
            }
            if done > 0 {
                let name = self.rules.solver.build(at).nsvca.name.as_str();
                let rivals = self.rivals.get(name).cloned().unwrap_or_default();
                self.effort.spend(rivals.len())?;
                for rival in rivals.into_iter().filter(|rival| *rival != at) {
                    if self.holds(lit(rival)) == Some(true) {
                        return Ok(Some(vec![-done, -lit(rival)]));
                    }
                    self.set(-lit(rival), Cause::Rival(at));
                }
            }
        }
        Ok(None)
    }

    /// The places that a clause leaves to choose from.
    fn open(&self, number: usize) -> impl Iterator<Item = usize> + '_ {
        let open = self.clause(number).iter().filter(|lit| self.holds(**lit).is_none());
        open.map(|lit| place(*lit))
    }

    /// The next clause that leaves a choice, behind this one and then from the beginning.
    fn next_open(&mut self, after: Option<usize>) -> Result<Option<usize>, ExpandError> {
        let own = self.clauses.len();
        let needs = self.chosen.iter().rev().filter_map(|place| self.needs.get(place)).cloned();
        let (mut next, mut wrapped, mut spent) = (None, None, 0);
        for number in needs.flatten().chain(own..own + self.learnt.len()) {
            let clause = self.clause(number);
            let mut cost = 0;
            let is_open = clause.iter().all(|lit| {
                cost += 1;
                match self.holds(*lit) {
                    Some(holds) => !holds,
                    None => *lit > 0,
                }
            });
            spent += cost;
            if !is_open {
                continue;
            }
            if after.is_none_or(|after| number > after) {
                next = Some(number);
                break;
            }
            wrapped.get_or_insert(number);
        }
        self.effort.spend(spent)?;
        Ok(next.or(wrapped))
    }

    /// Learns why a conflict came about, and goes back to where that says something.
    fn learn(&mut self, conflict: Vec<Lit>, floor: usize) -> Result<(), ExpandError> {
        let mut marked: BTreeSet<usize> = BTreeSet::new();
        let mut rest: Vec<Lit> = Vec::new();
        let mut open = 0usize;
        let mut clause = conflict;
        let mut at = self.trail.len();
        let last = loop {
            self.effort.spend(1 + clause.len())?;
            for lit in clause.drain(..) {
                let Some(value) = self.values.get(&place(lit)) else { continue };
                if value.level <= 1 || !marked.insert(place(lit)) {
                    continue;
                }
                if value.level == self.level { open += 1 } else { rest.push(lit) }
            }
            let marks = |lit: &Lit| marked.contains(&place(*lit));
            let is_last = |lit: &Lit| {
                self.values.get(&place(*lit)).is_some_and(|value| value.level == self.level)
            };
            while at > 0 && !self.trail.get(at - 1).is_some_and(|lit| marks(lit) && is_last(lit)) {
                at -= 1;
            }
            let Some(found) = at.checked_sub(1).and_then(|at| self.trail.get(at)).copied() else {
                break None;
            };
            at -= 1;
            open = open.saturating_sub(1);
            let cause = self.values.get(&place(found)).map(|value| value.cause);
            match cause {
                _ if open == 0 => break Some(found),
                Some(Cause::Clause(number)) => {
                    let own = self.clause(number).iter().copied();
                    clause = own.filter(|lit| *lit != found).collect();
                }
                Some(Cause::Rival(rival)) => clause = vec![-lit(rival)],
                _ => break Some(found),
            }
        };
        let level = |lit: &Lit| self.values.get(&place(*lit)).map_or(0, |value| value.level);
        let back = rest.iter().map(level).max().unwrap_or(1).max(floor);
        self.revert(back);
        if let Some(last) = last {
            rest.insert(0, -last);
            self.learnt.push(rest);
            self.set(-last, Cause::Clause(self.clauses.len() + self.learnt.len() - 1));
        }
        Ok(())
    }

    /// Forgets what was decided above a level.
    fn revert(&mut self, level: usize) {
        while let Some(last) = self.trail.last().copied() {
            let at = place(last);
            if self.values.get(&at).is_none_or(|value| value.level <= level) {
                break;
            }
            self.values.remove(&at);
            self.chosen.remove(&at);
            self.trail.pop();
        }
        self.followed = self.followed.min(self.trail.len());
        self.branches.retain(|branch| branch.level < level);
        self.level = level;
    }

    /// Goes back to the earliest choice of which another candidate got in anyhow; whether there is one.
    fn minimise(&mut self) -> bool {
        let got_in = |branch: &Branch| {
            branch.candidates.iter().position(|(place, tried)| {
                let value = self.values.get(place);
                !tried && value.is_some_and(|value| value.is_in && value.level > branch.level)
            })
        };
        let found = self
            .branches
            .iter()
            .enumerate()
            .find_map(|(number, branch)| got_in(branch).map(|candidate| (number, candidate)));
        let Some((number, candidate)) = found else { return false };
        self.branches.truncate(number + 1);
        let Some(mut branch) = self.branches.pop() else { return false };
        branch.candidates[candidate].1 = true;
        let (level, place) = (branch.level, branch.candidates[candidate].0);
        self.revert(level);
        self.branches.push(branch);
        self.decide(place);
        true
    }
}
