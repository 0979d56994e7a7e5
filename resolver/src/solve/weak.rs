//! Recommends and Supplements: what goes in if it can.

use super::pool::Span;
use super::rich::RichReader;
use super::state::{Lit, Value};
use super::wishes::{self, Wish};
use super::{Solver, Stop};
use crate::store::universe::PackageId;
use modex_formats::index::section::relations::RelationKind;

impl Solver<'_, '_> {
    /// One round. The level reached, and whether anything was tried.
    pub(super) fn add_weak(&mut self, level: u32) -> Result<(u32, bool), Stop> {
        let wishes = self.wishes_of_new();
        let mut recommended = Vec::new();
        for wish in &wishes {
            self.open_recommendation(wish, &mut recommended);
        }
        let supplements = self.supplementing();
        recommended.extend(&supplements);
        recommended.retain(|package| !self.weak_excluded.contains(package));
        recommended.sort_unstable();
        recommended.dedup();
        match recommended[..] {
            [] => return Ok((level, false)),
            [package] => return Ok((self.decide_and_learn(level, Lit::pos(package), None)?, true)),
            _ => {}
        }
        self.best_of_each(&mut recommended);
        recommended.sort_unstable();
        let is_recommended = |package: &u32| recommended.binary_search(package).is_ok();
        let mut first: Vec<u32> = supplements.into_iter().filter(is_recommended).collect();
        self.order_supplements(&mut first);
        let mut level = level;
        for package in first {
            if self.value(package) == Value::Open {
                let start = level;
                level = self.decide_and_learn(level, Lit::pos(package), None)?;
                if level <= start {
                    return Ok((level, true));
                }
            }
        }
        for wish in &wishes {
            let mut candidates = Vec::new();
            self.open_recommendation(wish, &mut candidates);
            candidates.retain(is_recommended);
            if candidates.is_empty() {
                continue;
            }
            let (start, length) = (level, self.state.queue().len());
            level = self.choose_and_decide(level, candidates, None)?;
            if level <= start || self.state.queue().len() < length {
                return Ok((level, true));
            }
        }
        Ok((level, true))
    }

    /// Packages that are in and were not installed before, in the order of decision.
    fn new_packages(&self) -> impl Iterator<Item = u32> + '_ {
        let installed = self.universe.installed();
        let is_new = move |lit: &&Lit| lit.is_pos() && !installed.contains(&lit.package());
        self.state.queue().iter().filter(is_new).map(|lit| lit.package())
    }

    /// What new packages recommend, in the order of decision.
    fn wishes_of_new(&mut self) -> Vec<Wish> {
        self.read_wishes(RelationKind::Recommends);
        let (installed, queue) = (self.universe.installed(), self.state.queue());
        let stated = self.wishes[wishes::of(RelationKind::Recommends)].stated().iter();
        stated
            .filter(|(place, _)| !installed.contains(&queue[*place as usize].package()))
            .map(|(_, wish)| wish.clone())
            .collect()
    }

    /// Adds the undecided packages that would meet a recommendation. Of a boolean one all parts that are not met count
    /// together.
    fn open_recommendation(&mut self, wish: &Wish, found: &mut Vec<u32>) {
        let cnf = match wish {
            Wish::Simple(providers) => {
                if !self.pool[*providers].iter().any(|package| self.state.is_true(*package)) {
                    for place in providers.places() {
                        let package = self.pool.at(place);
                        if self.value(package) == Value::Open {
                            found.push(package);
                        }
                    }
                }
                return;
            }
            Wish::Boolean(cnf) => cnf,
        };
        for clause in cnf.iter() {
            let met = clause.iter().any(|lit| match (self.value(lit.package()), lit.is_pos()) {
                (Value::True, true) => true,
                (value, false) => value != Value::True,
                _ => false,
            });
            if !met {
                let open = clause
                    .iter()
                    .filter(|lit| lit.is_pos() && self.state.known(lit.package()) == Value::Open);
                found.extend(open.map(|lit| lit.package()));
            }
        }
    }

    /// Undecided, visible packages that supplement something, because of a new package; ids ascending.
    fn supplementing(&mut self) -> Vec<u32> {
        let universe = self.universe;
        if !self.has_supplements {
            return Vec::new();
        }
        let mut owners: Vec<u32> = Vec::new();
        for package in self.new_packages().collect::<Vec<u32>>() {
            let calling = self.supplementing_on(package);
            owners.extend(&self.pool[calling]);
        }
        owners.sort_unstable();
        owners.dedup();
        let installed = universe.installed();
        let reader = RichReader::new(universe);
        let is_new = |package: PackageId| !installed.contains(&package.0);
        let mut found = Vec::new();
        for owner in owners {
            if self.value(owner) != Value::Open || universe.is_installed(PackageId(owner)) {
                continue;
            }
            let held =
                universe.statements(PackageId(owner), RelationKind::Supplements).any(|dep| {
                    let mut is_in = |other: PackageId| self.value(other.0) == Value::True;
                    reader.holds(dep, &mut is_in) && reader.holds_by_new(dep, &mut is_in, &is_new)
                });
            if held && self.may_supplement(owner) {
                found.push(owner);
            }
        }
        found
    }

    /// The packages that have a part of a Supplements that a package meets, remembered.
    fn supplementing_on(&mut self, package: u32) -> Span {
        if let Some(known) = self.supplemented.get(&package) {
            return *known;
        }
        let owners = self.stated_by(package, |reverse| reverse.supplements);
        let found = self.pool.keep(owners.into_iter().map(|(owner, _)| owner.0));
        self.supplemented.insert(package, found);
        found
    }

    /// Not an install-only package whose name is in already, nor another architecture of a name that is in.
    fn may_supplement(&mut self, package: u32) -> bool {
        let universe = self.universe;
        let id = PackageId(package);
        let only = self.is_install_only(id);
        universe.of_name(universe.name(id)).all(|other| {
            other == id
                || self.state.known(other.0) != Value::True
                || !(only || universe.arch_text(other) != universe.arch_text(id))
        })
    }
}
