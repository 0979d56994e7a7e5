//! Who is in, who is out, since when and why.

use crate::store::paged::Paged;
use crate::store::universe::PackageId;

/// A package that goes in (positive) or stays out (negative). Never 0, so that clauses sort as libsolv sorts its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Lit(i32);

impl Lit {
    /// The package goes in.
    pub(super) fn pos(package: u32) -> Self {
        Lit(package as i32 + 1)
    }

    /// The package stays out.
    pub(super) fn neg(package: u32) -> Self {
        Lit(-(package as i32) - 1)
    }

    /// The package.
    pub(super) fn package(self) -> u32 {
        self.0.unsigned_abs() - 1
    }

    /// Whether it says "in".
    pub(super) fn is_pos(self) -> bool {
        self.0 > 0
    }

    /// As libsolv's number, for ordering.
    pub(super) fn number(self) -> i32 {
        self.0
    }
}

impl std::ops::Not for Lit {
    type Output = Lit;

    fn not(self) -> Lit {
        Lit(-self.0)
    }
}

/// Why a literal was assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Chosen, for the sake of a clause where there is one.
    Decision(Option<u32>),
    /// The clause left nothing else.
    Clause(u32),
    /// That package is in, and the two exclude each other.
    Pair(u32),
}

/// What is known of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing yet.
    Open,
    /// It goes in.
    True,
    /// It stays out.
    False,
}

const UNTOUCHED: i32 = 0;
const OPEN: i32 = i32::MAX;
/// Out from the beginning and for ever: hidden, or of a foreign architecture.
const NEVER: i32 = i32::MIN;

/// One package.
#[derive(Clone, Copy, Default)]
struct Assignment {
    /// Untouched, open, never, or the level, negative for "out".
    level: i32,
    /// Place of the reason, valid while assigned.
    why: u32,
}

/// Assignments, in order.
pub(super) struct State {
    packages: Paged<Assignment>,
    why: Vec<Reason>,
    queue: Vec<Lit>,
}

impl State {
    /// Nothing assigned.
    pub(super) fn new(packages: u32) -> Self {
        let packages = packages as usize;
        State { packages: Paged::new(packages), why: Vec::new(), queue: Vec::new() }
    }

    /// The value of a package; `never` is asked on first touch.
    pub(super) fn value(&mut self, package: u32, never: impl FnOnce(PackageId) -> bool) -> Value {
        let level = &mut self.packages.slot(package).level;
        if *level == UNTOUCHED {
            *level = if never(PackageId(package)) { NEVER } else { OPEN };
        }
        Self::read(*level)
    }

    /// The value of a package; open where it was not touched yet.
    pub(super) fn known(&self, package: u32) -> Value {
        Self::read(self.packages.get(package).level)
    }

    fn read(level: i32) -> Value {
        match level {
            OPEN | UNTOUCHED => Value::Open,
            level if level > 0 => Value::True,
            _ => Value::False,
        }
    }

    /// Whether a package is in.
    pub(super) fn is_true(&self, package: u32) -> bool {
        self.known(package) == Value::True
    }

    /// Whether a package was out from the beginning.
    pub(super) fn is_never(&self, package: u32) -> bool {
        self.packages.get(package).level == NEVER
    }

    /// The level at which a package was assigned; 1 for what was out from the beginning.
    pub(super) fn level(&self, package: u32) -> u32 {
        match self.packages.get(package).level {
            NEVER => 1,
            OPEN | UNTOUCHED => 0,
            level => level.unsigned_abs(),
        }
    }

    /// Assigns an open package.
    pub(super) fn assign(&mut self, lit: Lit, level: u32, reason: Reason) {
        debug_assert_eq!(self.known(lit.package()), Value::Open, "assigned twice");
        let package = lit.package();
        let level = if lit.is_pos() { level as i32 } else { -(level as i32) };
        *self.packages.slot(package) = Assignment { level, why: self.why.len() as u32 };
        self.why.push(reason);
        self.queue.push(lit);
    }

    /// Takes back the last assignment, if it is above `level`.
    pub(super) fn pop_above(&mut self, level: u32) -> Option<Lit> {
        let lit = *self.queue.last()?;
        if self.level(lit.package()) <= level {
            return None;
        }
        self.queue.pop();
        self.why.pop();
        self.packages.slot(lit.package()).level = OPEN;
        Some(lit)
    }

    /// Why an assigned package is what it is; `None` for what was out from the beginning.
    pub(super) fn reason(&self, package: u32) -> Option<Reason> {
        if self.is_never(package) {
            return None;
        }
        self.why.get(self.packages.get(package).why as usize).copied()
    }

    /// All assignments in order.
    pub(super) fn queue(&self) -> &[Lit] {
        &self.queue
    }
}
