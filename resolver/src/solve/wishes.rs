//! What the packages that are in recommend and suggest: a preference among candidates.

use super::Solver;
use super::state::{Lit, Value};
use crate::store::universe::{DepRef, PackageId};
use foldhash::HashSet;
use modex_formats::index::section::relations::RelationKind;

/// The Recommends, or the Suggests, of everything that is in; read as far as somebody asked.
#[derive(Default)]
pub(super) struct Wishes {
    /// Packages that simple ones ask for, and with each the place in the queue of the first package that did.
    wanted: HashSet<u32>,
    log: Vec<(u32, u32)>,
    /// Boolean ones, with the place in the queue: what they ask for changes with every assignment.
    rich: Vec<(u32, DepRef)>,
    wanted_by_rich: HashSet<u32>,
    /// The assignments for which the boolean ones were last read.
    stamp: u64,
    /// How much of the queue was read.
    read: usize,
}

impl Wishes {
    /// Forgets what packages beyond a place in the queue wished for.
    pub(super) fn forget(&mut self, length: usize) {
        self.read = self.read.min(length);
        while let Some((_, package)) = self.log.pop_if(|entry| entry.0 as usize >= length) {
            self.wanted.remove(&package);
        }
        while self.rich.pop_if(|entry| entry.0 as usize >= length).is_some() {}
    }
}

impl Solver<'_, '_> {
    /// Whether something that is in states a Recommends or Suggests that the package meets.
    pub(super) fn is_wished(&mut self, package: u32, kind: RelationKind) -> bool {
        let mut wishes = std::mem::take(self.wishes(kind));
        self.read_wishes(&mut wishes, kind);
        let found = wishes.wanted.contains(&package) || wishes.wanted_by_rich.contains(&package);
        *self.wishes(kind) = wishes;
        found
    }

    fn wishes(&mut self, kind: RelationKind) -> &mut Wishes {
        match kind {
            RelationKind::Recommends => &mut self.recommended,
            _ => &mut self.suggested,
        }
    }

    fn read_wishes(&mut self, wishes: &mut Wishes, kind: RelationKind) {
        while let Some(lit) = self.state.queue().get(wishes.read).copied() {
            let place = wishes.read as u32;
            wishes.read += 1;
            if !lit.is_pos() {
                continue;
            }
            for dep in self.universe.statements(PackageId(lit.package()), kind) {
                if dep.dep.as_rich().is_some() {
                    wishes.rich.push((place, dep));
                    continue;
                }
                for package in self.providers(dep).iter().copied() {
                    if wishes.wanted.insert(package) {
                        wishes.log.push((place, package));
                    }
                }
            }
        }
        if wishes.stamp != self.state.stamp() {
            wishes.stamp = self.state.stamp();
            wishes.wanted_by_rich.clear();
            for (_, dep) in &wishes.rich {
                wishes.wanted_by_rich.extend(self.wanted_by_rich(*dep));
            }
        }
    }

    /// The packages that clauses of a boolean wish ask for, where what they demand to be out is in.
    fn wanted_by_rich(&mut self, dep: DepRef) -> Vec<u32> {
        let mut found = Vec::new();
        for clause in self.cnf(dep, true).iter() {
            let (wanted, unwanted): (Vec<Lit>, Vec<Lit>) =
                clause.iter().partition(|lit| lit.is_pos());
            if unwanted.iter().all(|lit| self.value(lit.package()) == Value::True) {
                found.extend(wanted.iter().map(|lit| lit.package()));
            }
        }
        found
    }
}
