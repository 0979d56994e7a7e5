//! What an installed system adds to the search: it stays, or is updated.
//!
//! Without installed packages nothing of this makes a clause.

use super::clause::{Origin, Part};
use super::job::Work;
use super::rich::RichReader;
use super::state::{Lit, Value};
use super::{Solver, Stop};
use crate::store::universe::{NameRef, PackageId};
use foldhash::{HashMap, HashSet};
use modex_formats::index::section::relations::RelationKind;

/// The rules that hold one installed package.
pub(super) struct Held {
    /// Its update clause: it stays, or one of those it may be updated to goes in.
    pub(super) clause: u32,
    /// Its feature rule, where it differs: the same with older versions and other architectures. It binds nobody; it tells
    /// what to take where the update clause was given up.
    pub(super) feature: Option<Vec<u32>>,
    /// An install-only package that is to be updated: what to install beside it.
    pub(super) special: Option<Vec<u32>>,
}

/// What the search remembers about the installed system.
#[derive(Default)]
pub(super) struct InstalledState {
    /// By installed package.
    pub(super) held: Vec<Held>,
    /// By installed package: a job takes it, so nothing is to be chosen in its place.
    pub(super) given_up: Vec<bool>,
    /// By installed package that is to be the best: the clauses that say so.
    pub(super) best: HashMap<u32, Vec<u32>>,
    /// Where the ring of installed packages stopped last.
    position: u32,
}

impl<'u, 'a> Solver<'u, 'a> {
    /// Update clauses of all installed packages, and what weak dependencies must leave alone.
    pub(super) fn prepare_installed(&mut self) {
        let installed = self.universe.installed();
        if installed.is_empty() {
            return;
        }
        for package in installed.clone() {
            let (update, feature, special) = self.update_rules(PackageId(package));
            let lits: Vec<Lit> = update.into_iter().map(Lit::pos).collect();
            let clause = self.add_touched(&lits, Part::Update, package, Origin::Update(package));
            self.extra.held.push(Held { clause, feature, special });
        }
        self.extra.given_up = vec![false; installed.len()];
        self.exclude_unmet_weak();
    }

    /// Adds a clause of packages that may not have been touched yet.
    pub(super) fn add_touched(
        &mut self,
        lits: &[Lit],
        part: Part,
        place: u32,
        origin: Origin,
    ) -> u32 {
        for lit in lits {
            self.value(lit.package());
        }
        self.clauses.add(lits, part, place, origin, &self.state)
    }

    /// The update rule, the feature rule where it differs, and the updates of an install-only package. The package itself is
    /// the first of each rule.
    fn update_rules(&mut self, old: PackageId) -> (Vec<u32>, Option<Vec<u32>>, Option<Vec<u32>>) {
        let all = self.updaters(old);
        let with_old =
            |others: Vec<u32>| std::iter::once(old.0).chain(others).collect::<Vec<u32>>();
        let is_synced = self.updates.is_synced(old.0, true);
        if is_synced && !self.may_stay(old) {
            let may_stay = |new: &u32| {
                let new = PackageId(*new);
                !self.universe.is_installed(new) || self.may_stay(new)
            };
            if !all.iter().any(may_stay) {
                return (vec![old.0], None, None);
            }
        }
        let mut legal = all.clone();
        if !is_synced {
            legal.retain(|new| self.is_legal_update(old, PackageId(*new)));
        }
        let mut update = legal.clone();
        update.retain(|new| self.takes_its_place(old, PackageId(*new)));
        let mut special = None;
        if update.len() < legal.len() && self.updates.is_wanted(old.0) {
            special = Some(legal);
        }
        let feature = (update != all).then(|| with_old(all));
        (with_old(update), feature, special)
    }

    /// Not an install-only package that would live beside the old one.
    fn takes_its_place(&self, old: PackageId, new: PackageId) -> bool {
        let universe = self.universe;
        !self.is_install_only(new)
            || universe.statements(new, RelationKind::Obsoletes).any(|dep| universe.names(dep, old))
            || self.are_identical(old, new)
    }

    /// Same name (and colour), or an Obsoletes.
    pub(super) fn replaces(&self, new: PackageId, old: PackageId) -> bool {
        let universe = self.universe;
        (universe.compare_names(universe.name(new), universe.name(old)).is_eq()
            && universe.arch(new).colour & universe.arch(old).colour != 0
            && !self.may_coexist(new, old))
            || universe.statements(new, RelationKind::Obsoletes).any(|dep| universe.names(dep, old))
    }

    /// No change between architecture classes, and, unless the jobs allow it, no older version.
    pub(super) fn is_legal_update(&self, old: PackageId, new: PackageId) -> bool {
        let universe = self.universe;
        let (before, after) = (universe.arch(old), universe.arch(new));
        let same_class = before.is_noarch() || after.is_noarch() || before.score == after.score;
        let is_older = || {
            universe.compare_names(universe.name(old), universe.name(new)).is_eq()
                && universe.compare_evrs(new, old).is_lt()
        };
        same_class && (self.updates.downgrade || !is_older())
    }

    /// Installable packages that may take the place of an installed one, older ones and those of other architectures
    /// included; ids ascending.
    fn updaters(&self, old: PackageId) -> Vec<u32> {
        let universe = self.universe;
        let colour = universe.arch(old).colour;
        let fits = |new: &PackageId| {
            *new != old && universe.arch(*new).colour & colour != 0 && self.is_installable(*new)
        };
        let mut found: Vec<u32> =
            universe.of_name(universe.name(old)).filter(fits).map(|new| new.0).collect();
        let mut obsoleters = universe.obsoleters(old);
        obsoleters.retain(|new| {
            universe.compare_names(universe.name(*new), universe.name(old)).is_ne() && fits(new)
        });
        let name = universe.name(old);
        let providing: Vec<PackageId> =
            obsoleters.iter().copied().filter(|new| self.provides_name(*new, name)).collect();
        let obsoleters = if providing.is_empty() { obsoleters } else { providing };
        found.extend(obsoleters.into_iter().map(|new| new.0));
        found.sort_unstable();
        found.dedup();
        found
    }

    fn provides_name(&self, package: PackageId, name: NameRef) -> bool {
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
                let name = NameRef { repo: dep.repo, name: simple.name };
                let providers = universe.providers_of_name(name);
                if !providers.iter().any(|other| universe.is_installed(*other)) {
                    excluded.extend(providers.iter().map(|other| other.0));
                }
            }
            for (owner, dep) in self.stated_by(package, |reverse| reverse.supplements) {
                let plain = universe
                    .statements(owner, RelationKind::Supplements)
                    .any(|stated| stated == dep);
                let new_name = universe.installed_of_name(universe.name(owner)).next().is_none();
                if plain && new_name {
                    excluded.insert(owner.0);
                }
            }
        }
        self.weak_excluded = excluded;
    }

    /// Update clauses that are in the way of jobs are given up, with all that goes with them.
    pub(super) fn give_way_to_jobs(&mut self) {
        let installed = self.universe.installed();
        if installed.is_empty() {
            return;
        }
        let mut taken = self.taken_by_jobs();
        taken.extend(self.find_unused());
        for package in taken {
            self.extra.given_up[package as usize] = true;
            self.disable(self.extra.held[package as usize].clause);
            for clause in self.extra.best.get(&package).cloned().unwrap_or_default() {
                self.disable(clause);
            }
        }
    }

    /// Installed packages that jobs take: erased, or replaced by whatever an install job could choose.
    pub(super) fn taken_by_jobs(&self) -> Vec<u32> {
        let installed = self.universe.installed();
        let mut taken: Vec<u32> = Vec::new();
        for number in 0..self.jobs.len() {
            if self.is_given_up_job(number) {
                continue;
            }
            let job = &self.jobs[number];
            let candidates = &job.candidates;
            let is_installed = |package: &PackageId| self.universe.is_installed(*package);
            match job.work {
                Work::Install if candidates.is_empty() || candidates.iter().any(is_installed) => {}
                Work::Install => taken.extend(installed.clone().filter(|old| {
                    candidates.iter().all(|new| self.replaces(*new, PackageId(*old)))
                })),
                Work::Erase { .. } => {
                    let erased = candidates.iter().copied().filter(is_installed);
                    taken.extend(erased.map(|package| package.0));
                }
                Work::Update { .. } | Work::DistroSync { .. } => {}
            }
        }
        taken
    }

    /// Installed packages, as a ring from where it stopped last: what is to be updated is, what is out is updated, what is
    /// undecided stays. The level reached.
    pub(super) fn keep_installed(&mut self, mut level: u32) -> Result<u32, Stop> {
        let origin = level;
        let count = self.universe.installed().end;
        let first_pass = u32::from(!self.updates.any());
        let mut pass = first_pass;
        while pass < 2 {
            let start = level;
            let (mut at, mut done) = (self.extra.position, 0);
            while done < count {
                at = if at >= count { 0 } else { at };
                let turn = self.hold(at, pass == 0, level)?;
                level = turn.level;
                if turn.is_over {
                    at += 1;
                    done += 1;
                } else if level < start {
                    break;
                } else if turn.fell {
                    done = 0;
                }
            }
            if done < count {
                self.extra.position = at;
                if level < origin {
                    return Ok(level);
                }
                pass = first_pass;
            } else {
                self.extra.position = 0;
                pass += 1;
            }
        }
        Ok(level)
    }

    /// One installed package's turn.
    fn hold(&mut self, package: u32, updates_only: bool, level: u32) -> Result<Turn, Stop> {
        let over = |level| Turn { level, is_over: true, fell: false };
        let value = self.state.known(package);
        let is_special = self.extra.held[package as usize].special.is_some();
        if (value == Value::True && !is_special)
            || (updates_only && !self.updates.is_wanted(package))
        {
            return Ok(over(level));
        }
        let mut level = level;
        let mut candidates = Vec::new();
        let is_given_up = self.extra.given_up[package as usize];
        if !is_given_up && (value == Value::False || self.updates.is_wanted(package)) {
            candidates = self.update_candidates(package);
        }
        if !candidates.is_empty() {
            let (before, clause) = (level, self.extra.held[package as usize].clause);
            level = self.choose_and_decide(before, candidates, Some(clause))?;
            if level <= before {
                return Ok(Turn { level, is_over: false, fell: level < before });
            }
        }
        if self.state.known(package) == Value::Open && !self.is_unused(package) {
            let before = level;
            level = self.decide_and_learn(before, Lit::pos(package), None)?;
            if level <= before {
                return Ok(Turn { level, is_over: false, fell: level < before });
            }
        }
        Ok(over(level))
    }

    /// What may be chosen in place of an installed package; nothing where that is done.
    fn update_candidates(&mut self, package: u32) -> Vec<u32> {
        let held = &self.extra.held[package as usize];
        if let Some(special) = held.special.clone() {
            return self.special_candidates(package, special);
        }
        let clause = held.clause;
        let feature = held.feature.as_ref().filter(|_| self.clauses.get(clause).disabled).cloned();
        let count = feature.as_ref().map_or(self.clauses.lits(clause).len(), Vec::len);
        let mut candidates = Vec::with_capacity(count);
        for place in 0..count {
            let member = match &feature {
                Some(feature) => feature[place],
                None => self.clauses.lits(clause)[place].package(),
            };
            match self.value(member) {
                Value::True => return Vec::new(),
                Value::Open => candidates.push(member),
                Value::False => {}
            }
        }
        self.updates.keep_targets(package, &mut candidates);
        candidates
    }

    /// The one install-only package to install beside an installed one.
    fn special_candidates(&mut self, package: u32, special: Vec<u32>) -> Vec<u32> {
        let mut candidates = Vec::new();
        if self.state.known(package) != Value::False {
            candidates.push(package);
        }
        for member in special {
            if self.value(member) != Value::False {
                candidates.push(member);
            }
        }
        self.updates.keep_targets(package, &mut candidates);
        if candidates.len() > 1 {
            self.choose(&mut candidates);
        }
        candidates.truncate(1);
        candidates.retain(|best| *best != package && self.state.known(*best) == Value::Open);
        candidates
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

    /// In the end what is still undecided of the installed system goes. The level reached, and whether anything went wrong.
    pub(super) fn drop_undecided(&mut self, mut level: u32) -> Result<(u32, bool), Stop> {
        for package in self.universe.installed() {
            if self.state.known(package) == Value::Open {
                let before = level;
                level = self.decide_and_learn(before, Lit::neg(package), None)?;
                if level < before {
                    return Ok((level, true));
                }
            }
        }
        Ok((level, false))
    }

    /// Whether a job was given up.
    pub(super) fn is_given_up_job(&self, number: usize) -> bool {
        self.job_clauses[number].is_some_and(|clause| self.clauses.get(clause).disabled)
    }
}

/// What came of an installed package's turn.
struct Turn {
    /// The level reached.
    level: u32,
    /// It is the next one's turn.
    is_over: bool,
    /// The level fell below that before the decision.
    fell: bool,
}
