//! Clauses, their counters, and the ring of those that wait for a choice.

use super::state::{Lit, State, Value};
use crate::store::paged::Paged;
use crate::store::universe::DepRef;
use std::cmp::Ordering;

/// Which part of libsolv's rule table a clause belongs to; the order of the parts is the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Requirements and boolean conflicts, sorted by their literals.
    Package,
    /// Installed packages stay or are updated.
    Update,
    /// What was asked for.
    Job,
    /// 32-bit packages in lock step with 64-bit ones.
    InferiorArch,
    /// Distro-sync: what no repository has goes.
    Sync,
    /// What was asked for, in its best version.
    Best,
    /// Those that split an installed package come together.
    Split,
    /// Prefer what is installed; may be given up.
    Choice,
    /// Learnt from conflicts.
    Learnt,
}

/// Where a clause comes from, for explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A requirement of the package.
    Requires(u32, DepRef),
    /// A boolean conflict of the package.
    Conflicts(u32, DepRef),
    /// The installed package stays or is updated.
    Update(u32),
    /// The request with this number.
    Job(u32),
    /// The package needs its sibling of a better architecture at the same version.
    LockStep(u32),
    /// The request with this number, in its best version.
    Best(u32),
    /// The installed package may become nothing but the best of its updates.
    BestUpdate(u32),
    /// No repository has the installed package.
    Sync(u32),
    /// The package and those of other names state the same Obsoletes.
    Split(u32, DepRef),
    /// Meet this clause with what is installed.
    Choice(u32),
    /// The lesson with this number.
    Learnt(u32),
}

/// A clause, or a pair of packages that exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cause {
    /// The clause with this id.
    Clause(u32),
    /// These two.
    Pair(u32, u32),
}

/// A clause with counters that follow the assignments.
pub(super) struct Clause {
    start: u32,
    length: u32,
    /// Literals that hold.
    holding: u32,
    /// Undecided packages that the clause wants in.
    open_pos: u32,
    /// Undecided packages that the clause wants out.
    open_neg: u32,
    /// Part of the table.
    pub(super) part: Part,
    /// Place within the part, where the literals do not decide it.
    place: u32,
    /// Given up.
    pub(super) disabled: bool,
    in_ring: bool,
    /// Where it comes from.
    pub(super) origin: Origin,
}

impl Clause {
    /// Nothing holds and at most one literal is left.
    fn is_urgent(&self) -> bool {
        !self.disabled && self.holding == 0 && self.open_pos + self.open_neg <= 1
    }

    fn is_open(&self) -> bool {
        !self.disabled && self.holding == 0 && self.open_neg == 0 && self.open_pos >= 2
    }
}

/// Two linked lists of clauses by package: those that want it in, those that want it out. 0 ends a list.
struct Occurrences {
    heads: Paged<[u32; 2]>,
    /// Clause, and the next node.
    nodes: Vec<(u32, u32)>,
}

impl Occurrences {
    fn new(packages: u32) -> Self {
        Occurrences { heads: Paged::new(packages as usize), nodes: vec![(0, 0)] }
    }

    fn push(&mut self, lit: Lit, clause: u32) {
        let head = &mut self.heads.slot(lit.package())[usize::from(lit.is_pos())];
        self.nodes.push((clause, *head));
        *head = self.nodes.len() as u32 - 1;
    }

    /// The first node of the clauses that say this.
    fn head(&self, lit: Lit) -> u32 {
        self.heads.get(lit.package())[usize::from(lit.is_pos())]
    }

    /// The clauses that say this.
    fn of(&self, lit: Lit) -> impl Iterator<Item = u32> + '_ {
        let mut at = self.head(lit);
        std::iter::from_fn(move || {
            let (clause, next) = *self.nodes.get(at as usize).filter(|_| at != 0)?;
            at = next;
            Some(clause)
        })
    }
}

/// All clauses made so far.
pub(super) struct Clauses {
    clauses: Vec<Clause>,
    lits: Vec<Lit>,
    occurrences: Occurrences,
    /// Clauses that were open when last looked at, in table order.
    ring: Vec<u32>,
    /// Clauses that became open since.
    pending: Vec<u32>,
    /// Clauses touched so far, counted again at every touch: what the work is measured by.
    touched: u64,
}

impl Clauses {
    /// None yet.
    pub(super) fn new(packages: u32) -> Self {
        Clauses {
            clauses: Vec::new(),
            lits: Vec::new(),
            occurrences: Occurrences::new(packages),
            ring: Vec::new(),
            pending: Vec::new(),
            touched: 0,
        }
    }

    /// Clauses touched so far, each at every touch, and literals stored.
    pub(super) fn work(&self) -> u64 {
        self.touched + self.lits.len() as u64
    }

    /// Number of clauses.
    pub(super) fn len(&self) -> u32 {
        self.clauses.len() as u32
    }

    /// A clause.
    pub(super) fn get(&self, id: u32) -> &Clause {
        &self.clauses[id as usize]
    }

    /// A clause's literals, ascending for package clauses.
    pub(super) fn lits(&self, id: u32) -> &[Lit] {
        let clause = self.get(id);
        &self.lits[clause.start as usize..(clause.start + clause.length) as usize]
    }

    /// Adds a clause. Every package in it must have been touched.
    pub(super) fn add(
        &mut self,
        lits: &[Lit],
        part: Part,
        place: u32,
        origin: Origin,
        state: &State,
    ) -> u32 {
        let id = self.len();
        let (mut holding, mut open_pos, mut open_neg) = (0, 0, 0);
        for lit in lits {
            if state.is_never(lit.package()) && lit.is_pos() {
                continue;
            }
            match (state.known(lit.package()), lit.is_pos()) {
                (Value::Open, true) => open_pos += 1,
                (Value::Open, false) => open_neg += 1,
                (Value::True, true) | (Value::False, false) => holding += 1,
                _ => {}
            }
            self.occurrences.push(*lit, id);
        }
        let clause = Clause {
            start: self.lits.len() as u32,
            length: lits.len() as u32,
            holding,
            open_pos,
            open_neg,
            part,
            place,
            disabled: false,
            in_ring: false,
            origin,
        };
        self.lits.extend_from_slice(lits);
        self.clauses.push(clause);
        self.notice(id);
        id
    }

    /// Puts a clause that became open into the ring.
    fn notice(&mut self, id: u32) {
        let clause = &mut self.clauses[id as usize];
        if clause.is_open() && !clause.in_ring {
            clause.in_ring = true;
            self.pending.push(id);
        }
    }

    /// Gives a clause up.
    pub(super) fn disable(&mut self, id: u32) {
        self.clauses[id as usize].disabled = true;
    }

    /// Takes a clause up again.
    pub(super) fn enable(&mut self, id: u32) {
        self.clauses[id as usize].disabled = false;
        self.notice(id);
    }

    /// Follows an assignment, or takes it back.
    pub(super) fn follow(&mut self, lit: Lit, assigned: bool) {
        for (same, stated) in [(true, lit), (false, !lit)] {
            let positive = stated.is_pos();
            let mut at = self.occurrences.head(stated);
            while at != 0 {
                let (id, next) = self.occurrences.nodes[at as usize];
                at = next;
                self.touched += 1;
                let clause = &mut self.clauses[id as usize];
                let open = if positive { &mut clause.open_pos } else { &mut clause.open_neg };
                if assigned {
                    *open -= 1;
                    clause.holding += u32::from(same);
                } else {
                    *open += 1;
                    clause.holding -= u32::from(same);
                }
                if clause.is_open() && !clause.in_ring {
                    clause.in_ring = true;
                    self.pending.push(id);
                }
            }
        }
    }

    /// The clauses that an assignment left with at most one literal, in table order.
    pub(super) fn urgent(&self, lit: Lit) -> Vec<u32> {
        let mut found: Vec<u32> =
            self.occurrences.of(!lit).filter(|id| self.get(*id).is_urgent()).collect();
        if found.len() > 1 {
            found.sort_unstable_by(|a, b| self.compare(*a, *b));
        }
        found
    }

    /// Every clause that has at most one literal left, in table order.
    pub(super) fn all_urgent(&self) -> Vec<u32> {
        let mut found: Vec<u32> = (0..self.len()).filter(|id| self.get(*id).is_urgent()).collect();
        found.sort_unstable_by(|a, b| self.compare(*a, *b));
        found
    }

    /// Whether nothing of a clause holds and at most one literal is left.
    pub(super) fn is_urgent(&self, id: u32) -> bool {
        self.get(id).is_urgent()
    }

    /// Whether a clause holds, by what is assigned now.
    pub(super) fn holds(&self, id: u32) -> bool {
        self.get(id).holding > 0
    }

    /// The one undecided literal of an urgent clause; `None`: it is broken.
    pub(super) fn last_lit(&self, id: u32, state: &State) -> Option<Lit> {
        self.lits(id).iter().copied().find(|lit| state.known(lit.package()) == Value::Open)
    }

    /// The clauses of a package in which it stands as "out".
    pub(super) fn against(&self, package: u32) -> impl Iterator<Item = u32> + '_ {
        self.occurrences.of(Lit::neg(package))
    }

    /// The order of libsolv's rule table.
    pub(super) fn compare(&self, a: u32, b: u32) -> Ordering {
        let (left, right) = (self.get(a), self.get(b));
        left.part.cmp(&right.part).then_with(|| match left.part {
            Part::Package => compare_lits(self.lits(a), self.lits(b)).then(a.cmp(&b)),
            Part::Choice => match (&left.origin, &right.origin) {
                (Origin::Choice(first), Origin::Choice(second)) if first != second => {
                    self.compare(*first, *second)
                }
                _ => a.cmp(&b),
            },
            _ => left.place.cmp(&right.place).then(a.cmp(&b)),
        })
    }

    /// The next open clause behind `after` in table order, from the start where `None`; `None`: there is none up to the end.
    pub(super) fn next_open(&mut self, after: Option<u32>) -> Option<u32> {
        self.merge_pending();
        let start = after
            .map_or(0, |after| self.ring.partition_point(|id| self.compare(*id, after).is_le()));
        self.ring[start..].iter().copied().find(|id| self.get(*id).is_open())
    }

    /// Whether a clause waits for a choice.
    pub(super) fn is_open(&self, id: u32) -> bool {
        self.get(id).is_open()
    }

    fn merge_pending(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let mut pending = std::mem::take(&mut self.pending);
        let mut ring = std::mem::take(&mut self.ring);
        let mut keep = |id: &u32| {
            let clause = &mut self.clauses[*id as usize];
            clause.in_ring = clause.is_open();
            clause.in_ring
        };
        pending.retain(&mut keep);
        if ring.len() < 64 || pending.len() * 8 > ring.len() {
            ring.retain(&mut keep);
        }
        pending.sort_unstable_by(|a, b| self.compare(*a, *b));
        // Both parts are sorted: the standard sort finds the runs and merges them.
        ring.append(&mut pending);
        ring.sort_by(|a, b| self.compare(*a, *b));
        self.ring = ring;
        self.pending = pending;
    }
}

/// Literals as libsolv compares rules: element by element, 0 behind the last.
pub(super) fn compare_lits(a: &[Lit], b: &[Lit]) -> Ordering {
    let (mut left, mut right) = (a.iter(), b.iter());
    loop {
        match (left.next(), right.next()) {
            (Some(x), Some(y)) if x == y => continue,
            (None, None) => return Ordering::Equal,
            (x, y) => return x.map_or(0, |lit| lit.number()).cmp(&y.map_or(0, |lit| lit.number())),
        }
    }
}
