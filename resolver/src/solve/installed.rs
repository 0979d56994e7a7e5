//! What an installed system adds to the search: it stays, or is updated, and is preferred.
//!
//! Without installed packages nothing of this makes a clause. Nothing is ever removed to make room: that takes
//! `--allowerasing`, which is not here yet.

use super::clause::{Cause, Origin, Part};
use super::rich::RichReader;
use super::state::{Lit, Value};
use super::{Solver, Stop};
use crate::store::universe::PackageId;
use foldhash::HashSet;
use modex_formats::index::section::relations::RelationKind;

/// A choice rule: which clause it narrows, and to which packages.
pub(super) struct Choice {
    clause: u32,
    original: u32,
    preferred: Vec<u32>,
}

/// What the search remembers about the installed system.
#[derive(Default)]
pub(super) struct InstalledState {
    /// By installed package: its update clause.
    updates: Vec<u32>,
    choices: Vec<Choice>,
}

impl Solver<'_, '_> {
    /// Update clauses of all installed packages, and what weak dependencies must leave alone.
    pub(super) fn prepare_installed(&mut self) {
        let installed = self.universe.installed();
        for package in installed.clone() {
            let mut lits = vec![Lit::pos(package)];
            lits.extend(
                self.updaters(PackageId(package)).into_iter().map(|other| Lit::pos(other.0)),
            );
            for lit in &lits {
                self.value(lit.package());
            }
            let clause = self.clauses.add(
                &lits,
                Part::Update,
                package,
                Origin::Update(package),
                &self.state,
            );
            self.extra.updates.push(clause);
        }
        if installed.is_empty() {
            return;
        }
        self.exclude_unmet_weak();
        for number in 0..self.jobs.len() {
            let candidates = self.jobs[number].candidates.clone();
            if candidates.iter().any(|package| self.universe.is_installed(*package))
                || candidates.is_empty()
            {
                continue;
            }
            for package in installed.clone() {
                if candidates.iter().all(|other| self.replaces(*other, PackageId(package))) {
                    self.clauses.disable(self.extra.updates[package as usize]);
                }
            }
        }
    }

    /// Same name (and colour), or an Obsoletes.
    fn replaces(&self, new: PackageId, old: PackageId) -> bool {
        let universe = self.universe;
        (universe.compare_names(universe.name(new), universe.name(old)).is_eq()
            && universe.arch(new).colour & universe.arch(old).colour != 0)
            || universe.statements(new, RelationKind::Obsoletes).any(|dep| universe.names(dep, old))
    }

    /// No change between architecture classes. An older version will do: dnf lets the solver downgrade.
    fn is_legal_update(&self, old: PackageId, new: PackageId) -> bool {
        let (before, after) = (self.universe.arch(old), self.universe.arch(new));
        before.is_noarch() || after.is_noarch() || before.score == after.score
    }

    /// Visible packages that may take the place of an installed one, ids ascending.
    fn updaters(&mut self, old: PackageId) -> Vec<PackageId> {
        let universe = self.universe;
        let mut found = Vec::new();
        for new in universe.of_name(universe.name(old)) {
            let fits = new != old
                && self.value(new.0) != Value::False
                && universe.arch(new).colour & universe.arch(old).colour != 0;
            if fits && self.is_legal_update(old, new) && !self.may_coexist(old, new) {
                found.push(new);
            }
        }
        let mut obsoleters = universe.obsoleters(old);
        obsoleters.retain(|new| {
            !universe.compare_names(universe.name(*new), universe.name(old)).is_eq()
                && self.value(new.0) != Value::False
                && self.is_legal_update(old, *new)
        });
        let name = universe.name(old);
        let providing: Vec<PackageId> =
            obsoleters.iter().copied().filter(|new| self.provides_name(*new, name)).collect();
        found.extend(if providing.is_empty() { obsoleters } else { providing });
        found.sort_unstable();
        found.dedup();
        found
    }

    fn provides_name(&self, package: PackageId, name: crate::store::universe::NameRef) -> bool {
        let universe = self.universe;
        universe
            .provided(package)
            .into_iter()
            .any(|(provided, ..)| universe.compare_names(provided, name).is_eq())
    }

    /// dnf's `exclude_from_weak_autodetect`: what an installed package recommends in vain, and what supplements an installed
    /// package without being installed, was declined before and stays out.
    fn exclude_unmet_weak(&mut self) {
        let universe = self.universe;
        let mut excluded: HashSet<u32> = HashSet::default();
        for package in universe.installed() {
            for dep in universe.statements(PackageId(package), RelationKind::Recommends) {
                let Some(simple) = universe.simple(dep) else { continue };
                let name = crate::store::universe::NameRef { repo: dep.repo, name: simple.name };
                let providers = universe.providers_of_name(name);
                if !providers.iter().any(|other| universe.is_installed(*other)) {
                    excluded.extend(providers.iter().map(|other| other.0));
                }
            }
            for (owner, dep) in
                universe.stated_by(PackageId(package), |reverse| reverse.supplements)
            {
                let plain = universe
                    .statements(owner, RelationKind::Supplements)
                    .any(|stated| stated == dep);
                let new_name = !universe
                    .of_name(universe.name(owner))
                    .any(|other| universe.is_installed(other));
                if plain && new_name {
                    excluded.insert(owner.0);
                }
            }
        }
        self.weak_excluded = excluded;
    }

    /// Installed packages, ids ascending: what is out is updated, what is undecided stays. The level reached.
    pub(super) fn keep_installed(&mut self, mut level: u32) -> Result<u32, Stop> {
        let start = level;
        let count = self.universe.installed().end;
        let mut at = 0;
        let mut quiet = 0;
        while quiet < count {
            let package = at;
            at = (at + 1) % count;
            quiet += 1;
            let before = level;
            match self.state.known(package) {
                Value::True => continue,
                Value::Open => level = self.decide_and_learn(level, Lit::pos(package), None)?,
                Value::False => {
                    let clause = self.extra.updates[package as usize];
                    if self.clauses.get(clause).disabled || self.clauses.holds(clause) {
                        continue;
                    }
                    let candidates = self.open_lits(clause);
                    if candidates.is_empty() {
                        continue;
                    }
                    level = self.choose_and_decide(level, candidates, Some(clause))?;
                }
            }
            if level < start {
                return Ok(level);
            }
            if level <= before {
                quiet = 0;
            }
        }
        Ok(level)
    }

    /// The choice for a request: the full policy, then what the installed system, as if it all stayed, suggests and recommends.
    pub(super) fn choose_job(
        &mut self,
        level: u32,
        mut candidates: Vec<u32>,
        clause: u32,
    ) -> Result<u32, Stop> {
        if candidates.len() > 1 {
            self.choose(&mut candidates);
        }
        if candidates.len() > 1 && !self.universe.installed().is_empty() {
            for (forward, backward) in [
                (RelationKind::Suggests, RelationKind::Enhances),
                (RelationKind::Recommends, RelationKind::Supplements),
            ] {
                let mut order: Vec<(bool, u32)> = candidates
                    .iter()
                    .map(|package| (!self.will_be_wished(*package, forward, backward), *package))
                    .collect();
                order.sort_by_key(|entry| entry.0);
                candidates = order.into_iter().map(|(_, package)| package).collect();
            }
        }
        self.branch_and_decide(level, candidates, Some(clause))
    }

    fn will_be_wished(&self, package: u32, forward: RelationKind, backward: RelationKind) -> bool {
        let universe = self.universe;
        let id = PackageId(package);
        let reader = RichReader::new(universe);
        let stays = |other: PackageId| match self.state.known(other.0) {
            Value::True => true,
            Value::Open => universe.is_installed(other),
            Value::False => false,
        };
        let new = self.state.queue().iter().filter(|lit| lit.is_pos()).map(|lit| lit.package());
        universe.is_installed(id)
            || universe.statements(id, backward).any(|dep| reader.holds(dep, &mut { stays }))
            || universe.installed().chain(new).filter(|other| stays(PackageId(*other))).any(
                |other| {
                    universe.statements(PackageId(other), forward).any(|dep| {
                        match dep.dep.as_rich() {
                            None => universe.provides(id, dep),
                            Some(_) => false,
                        }
                    })
                },
            )
    }

    /// Choice rules of a new package: where a requirement can be met by what is installed or updates it, prefer that.
    pub(super) fn expand_choices(&mut self, package: u32) {
        let installed = self.universe.installed();
        if installed.is_empty() {
            return;
        }
        let own: Vec<u32> = self
            .clauses
            .against(package)
            .filter(|id| self.clauses.get(*id).part == Part::Package)
            .collect();
        for original in own {
            if self.extra.choices.iter().any(|choice| choice.original == original) {
                continue;
            }
            let Some(preferred) = self.preferred(original) else { continue };
            let mut lits: Vec<Lit> =
                self.clauses.lits(original).iter().copied().filter(|lit| !lit.is_pos()).collect();
            lits.extend(preferred.iter().map(|other| Lit::pos(*other)));
            let clause =
                self.clauses.add(&lits, Part::Choice, 0, Origin::Choice(original), &self.state);
            self.extra.choices.push(Choice { clause, original, preferred });
        }
    }

    /// The members of a clause to prefer: what is installed, and what updates it, where something else could be chosen.
    /// `None` where there is nothing to prefer, or where it is preferred anyhow.
    fn preferred(&self, clause: u32) -> Option<Vec<u32>> {
        let members: Vec<u32> = self
            .clauses
            .lits(clause)
            .iter()
            .filter(|lit| lit.is_pos())
            .map(|lit| lit.package())
            .collect();
        let (mut preferred, mut updates, mut free) = (Vec::new(), Vec::new(), false);
        for member in members.iter().copied() {
            let id = PackageId(member);
            if self.universe.is_installed(id) {
                preferred.push(member);
                continue;
            }
            match self.updated_by(id) {
                Some(old) if self.is_legal_update(old, id) => {
                    preferred.push(member);
                    updates.push((old, member));
                }
                Some(_) => {}
                None => free = true,
            }
        }
        if !free || updates.is_empty() {
            return None;
        }
        let inside = |old: PackageId| {
            let update = self.extra.updates[old.0 as usize];
            self.clauses.lits(update).iter().all(|lit| members.contains(&lit.package()))
        };
        let needless = updates.iter().all(|(old, _)| inside(*old));
        (!needless).then_some(preferred)
    }

    /// The installed package that a new one would replace: of its name (and colour), or obsoleted by it.
    fn updated_by(&self, new: PackageId) -> Option<PackageId> {
        let universe = self.universe;
        let colour = universe.arch(new).colour;
        let rival = universe
            .of_name(universe.name(new))
            .find(|old| universe.is_installed(*old) && universe.arch(*old).colour & colour != 0);
        rival.or_else(|| {
            universe
                .statements(new, RelationKind::Obsoletes)
                .flat_map(|dep| universe.named(dep))
                .find(|old| universe.is_installed(*old))
        })
    }

    /// Drops the first choice rule whose requirement was met by something it did not prefer. Whether there was one.
    pub(super) fn give_up_needless_choice(&mut self) -> bool {
        let is_needless = |choice: &Choice| {
            !self.clauses.get(choice.clause).disabled
                && self.clauses.lits(choice.original).iter().any(|lit| {
                    lit.is_pos()
                        && self.state.is_true(lit.package())
                        && !choice.preferred.contains(&lit.package())
                })
        };
        let needless = (0..self.extra.choices.len())
            .filter(|at| is_needless(&self.extra.choices[*at]))
            .min_by(|a, b| {
                let clause = |at: usize| self.extra.choices[at].clause;
                self.clauses.compare(clause(*a), clause(*b))
            });
        needless.inspect(|at| self.disable_choice(*at)).is_some()
    }

    /// Disables a choice rule and all others that offer one of the packages it did not prefer.
    fn disable_choice(&mut self, at: usize) {
        let choice = &self.extra.choices[at];
        let others: HashSet<u32> = self
            .clauses
            .lits(choice.original)
            .iter()
            .filter(|lit| lit.is_pos() && !choice.preferred.contains(&lit.package()))
            .map(|lit| lit.package())
            .collect();
        let meeting: Vec<u32> = self
            .extra
            .choices
            .iter()
            .enumerate()
            .filter(|(place, other)| {
                *place == at
                    || self
                        .clauses
                        .lits(other.original)
                        .iter()
                        .any(|lit| lit.is_pos() && others.contains(&lit.package()))
            })
            .map(|(_, other)| other.clause)
            .collect();
        meeting.into_iter().for_each(|clause| self.disable(clause));
    }

    /// Gives up the last weak rule of a proof, if it rests on one.
    pub(super) fn give_up_weak(&mut self, proof: &[Cause]) -> bool {
        let weak = proof.iter().filter_map(|cause| match cause {
            Cause::Clause(clause) => match &self.clauses.get(*clause).origin {
                Origin::Choice(_) => Some(*clause),
                Origin::Job(number) | Origin::Best(number) if self.jobs[*number as usize].weak => {
                    Some(*clause)
                }
                _ => None,
            },
            Cause::Pair(..) => None,
        });
        let Some(last) = weak.max_by(|a, b| self.clauses.compare(*a, *b)) else { return false };
        match self.extra.choices.iter().position(|choice| choice.clause == last) {
            Some(at) => self.disable_choice(at),
            None => self.disable(last),
        }
        true
    }

    /// Disables a clause and everything learnt from it.
    fn disable(&mut self, clause: u32) {
        self.clauses.disable(clause);
        let mut gone: HashSet<u32> = HashSet::default();
        gone.insert(clause);
        // Learnt clauses rest on earlier ones only, so one pass in order of learning finds all.
        for (learnt, causes) in &self.learnt {
            if causes.iter().any(|cause| matches!(cause, Cause::Clause(id) if gone.contains(id))) {
                gone.insert(*learnt);
                self.clauses.disable(*learnt);
            }
        }
    }
}
