//! What the packages that are in recommend and suggest: a preference among candidates, and what the weak stage goes through.

use super::Solver;
use super::pool::{Pool, Span};
use super::rich::Cnf;
use super::state::State;
use crate::store::universe::PackageId;
use foldhash::{HashMap, HashSet};
use modex_formats::index::section::relations::RelationKind;
use std::rc::Rc;

/// One Recommends or Suggests.
#[derive(Clone)]
pub(super) enum Wish {
    /// A simple one: the packages that meet it.
    Simple(Span),
    /// A boolean one as clauses.
    Boolean(Rc<Cnf>),
}

/// The Recommends, or the Suggests, of everything that is in; read as far as somebody asked.
///
/// Every entry stands with the place in the queue of the package that makes the statement, ascending, so that what is
/// taken back comes off the end.
#[derive(Default)]
pub(super) struct Wishes {
    stated: Vec<(u32, Wish)>,
    /// Packages that simple ones ask for.
    wanted: HashSet<u32>,
    wanted_log: Vec<(u32, u32)>,
    /// By package: the clauses of boolean ones that ask for it where other packages are in, as those others.
    asking: HashMap<u32, Vec<Rc<[u32]>>>,
    asking_log: Vec<(u32, u32)>,
    /// How much of the queue was read.
    read: usize,
}

impl Wishes {
    /// What is stated, each with the place in the queue of the package that states it.
    pub(super) fn stated(&self) -> &[(u32, Wish)] {
        &self.stated
    }

    /// Forgets what packages beyond a place in the queue wished for.
    pub(super) fn forget(&mut self, length: usize) {
        let beyond = |place: u32| place as usize >= length;
        self.read = self.read.min(length);
        while self.stated.pop_if(|entry| beyond(entry.0)).is_some() {}
        while let Some((_, package)) = self.wanted_log.pop_if(|entry| beyond(entry.0)) {
            self.wanted.remove(&package);
        }
        while let Some((_, package)) = self.asking_log.pop_if(|entry| beyond(entry.0)) {
            self.asking.get_mut(&package).map(Vec::pop);
        }
    }

    fn add(&mut self, place: u32, wish: Wish, pool: &Pool) {
        match &wish {
            Wish::Simple(packages) => pool[*packages].iter().for_each(|id| self.want(place, *id)),
            Wish::Boolean(cnf) => {
                for lits in cnf.iter() {
                    let packages = |wanted: bool| {
                        lits.iter()
                            .filter(move |lit| lit.is_pos() == wanted)
                            .map(|lit| lit.package())
                    };
                    let unwanted: Rc<[u32]> = packages(false).collect();
                    for package in packages(true) {
                        if unwanted.is_empty() {
                            self.want(place, package);
                        } else {
                            self.asking.entry(package).or_default().push(unwanted.clone());
                            self.asking_log.push((place, package));
                        }
                    }
                }
            }
        }
        self.stated.push((place, wish));
    }

    fn want(&mut self, place: u32, package: u32) {
        if self.wanted.insert(package) {
            self.wanted_log.push((place, package));
        }
    }

    /// Whether a simple one asks for a package, or a clause of a boolean one whose unwanted packages are all in.
    fn ask_for(&self, package: u32, state: &State) -> bool {
        let all_in = |unwanted: &Rc<[u32]>| unwanted.iter().all(|other| state.is_true(*other));
        self.wanted.contains(&package)
            || self.asking.get(&package).is_some_and(|found| found.iter().any(all_in))
    }
}

/// Which of a search's two [`Wishes`] a kind of statement is: Recommends first, then Suggests.
pub(super) fn of(kind: RelationKind) -> usize {
    usize::from(kind != RelationKind::Recommends)
}

impl Solver<'_, '_> {
    /// Whether something that is in states a Recommends or Suggests that the package meets.
    pub(super) fn is_wished(&mut self, package: u32, kind: RelationKind) -> bool {
        self.read_wishes(kind);
        self.wishes[of(kind)].ask_for(package, &self.state)
    }

    /// Reads on to the end of the queue.
    pub(super) fn read_wishes(&mut self, kind: RelationKind) {
        let at = of(kind);
        loop {
            let place = self.wishes[at].read;
            let Some(lit) = self.state.queue().get(place).copied() else { return };
            self.wishes[at].read += 1;
            if !lit.is_pos() {
                continue;
            }
            for dep in self.universe.statements(PackageId(lit.package()), kind) {
                let wish = match dep.dep.as_rich() {
                    None => Wish::Simple(self.providers(dep)),
                    Some(_) => Wish::Boolean(self.cnf(dep, true)),
                };
                self.wishes[at].add(place as u32, wish, &self.pool);
            }
        }
    }
}
