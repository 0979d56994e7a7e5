//! Choice rules: where a requirement can be met by what is installed or by its updates, that is preferred.

use super::Solver;
use super::clause::{Cause, Origin, Part};
use super::state::Lit;
use crate::store::universe::PackageId;
use foldhash::{HashMap, HashSet};

/// A choice rule: which clause it narrows, and to which packages.
pub(super) struct Choice {
    clause: u32,
    original: u32,
    preferred: Vec<u32>,
}

/// The choice rules of a search.
#[derive(Default)]
pub(super) struct Choices {
    rules: Vec<Choice>,
    /// The clauses that were looked at.
    known: HashSet<u32>,
    /// By installed package that is to be updated: what may come of it, best only, where some of it lacks what was asked.
    outcomes: HashMap<u32, Vec<u32>>,
}

impl Solver<'_, '_> {
    /// Choice rules of a package that goes in.
    pub(super) fn expand_choices(&mut self, package: u32) {
        if self.universe.installed().is_empty() {
            return;
        }
        let own: Vec<u32> = self
            .clauses
            .against(package)
            .filter(|id| self.clauses.get(*id).part == Part::Package)
            .collect();
        for original in own {
            // One member alone leaves no choice.
            let members = self.clauses.lits(original).iter().filter(|lit| lit.is_pos()).count();
            if members < 2 || !self.choices.known.insert(original) {
                continue;
            }
            let Some(preferred) = self.preferred(original) else { continue };
            let mut lits: Vec<Lit> =
                self.clauses.lits(original).iter().copied().filter(|lit| !lit.is_pos()).collect();
            lits.extend(preferred.iter().map(|other| Lit::pos(*other)));
            let clause =
                self.clauses.add(&lits, Part::Choice, 0, Origin::Choice(original), &self.state);
            self.choices.rules.push(Choice { clause, original, preferred });
        }
    }

    /// The members of a clause to prefer: what is installed, and what updates it, where something else could be chosen.
    /// `None` where there is nothing to prefer, or where it is preferred anyhow.
    fn preferred(&mut self, clause: u32) -> Option<Vec<u32>> {
        let lits = self.clauses.lits(clause);
        let members = || lits.iter().filter(|lit| lit.is_pos()).map(|lit| lit.package());
        let is_free = |member: u32| {
            let id = PackageId(member);
            !self.universe.is_installed(id) && self.updated_by(id).is_none()
        };
        if !members().any(is_free) {
            return None;
        }
        let stays = |lit: &Lit| {
            let package = lit.package();
            !lit.is_pos()
                && self.universe.is_installed(PackageId(package))
                && !self.updates.is_wanted(package)
        };
        let by_what_stays = lits.iter().any(stays);
        // Installed packages, each with itself or what updates it.
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for member in members() {
            let id = PackageId(member);
            if self.universe.is_installed(id) {
                pairs.push((member, member));
            } else if let Some(old) = self.updated_by(id) {
                let is_synced = self.updates.is_synced(old.0, true);
                if (is_synced || self.is_legal_update(old, id)) && !self.is_unsynced(id) {
                    pairs.push((old.0, member));
                }
            }
        }
        let members: Vec<u32> = members().collect();
        if !by_what_stays {
            pairs.retain(|(old, _)| {
                !self.updates.is_wanted(*old) || !self.will_lose(*old, &members)
            });
        }
        let inside = |old: u32| {
            let update = self.extra.held[old as usize].clause;
            self.clauses.lits(update).iter().all(|lit| members.contains(&lit.package()))
        };
        let needless = pairs.iter().all(|(old, _)| inside(*old));
        (!needless).then(|| pairs.into_iter().map(|(_, member)| member).collect())
    }

    /// Whether distro-sync rules a package of a repository out.
    fn is_unsynced(&self, package: PackageId) -> bool {
        self.updates.is_synced(package.0, false) && !self.updates.is_good(package.0, false)
    }

    /// Whether an installed package that is to be updated becomes something that is none of these.
    fn will_lose(&mut self, installed: u32, members: &[u32]) -> bool {
        let update = self.extra.held[installed as usize].clause;
        let rule: Vec<u32> = self.clauses.lits(update).iter().map(|lit| lit.package()).collect();
        if rule.iter().all(|package| members.contains(package)) {
            return false;
        }
        let outcome = match self.choices.outcomes.get(&installed) {
            Some(known) => known,
            None => {
                let mut best = rule;
                self.best_of_each(&mut best);
                self.choices.outcomes.entry(installed).or_insert(best)
            }
        };
        !outcome.iter().any(|package| members.contains(package))
    }

    /// The installed package that a new one would replace: of its name (and colour), or obsoleted by it.
    fn updated_by(&self, new: PackageId) -> Option<PackageId> {
        let universe = self.universe;
        let colour = universe.arch(new).colour;
        let rival = universe
            .installed_of_name(universe.name(new))
            .find(|old| universe.arch(*old).colour & colour != 0);
        rival.or_else(|| {
            universe
                .statements(new, modex_formats::index::section::relations::RelationKind::Obsoletes)
                .flat_map(|dep| universe.named(dep))
                .find(|old| universe.is_installed(*old))
        })
    }

    /// Drops every choice rule whose requirement was met by something it did not prefer. Whether there was one.
    pub(super) fn give_up_needless_choices(&mut self) -> bool {
        let mut order: Vec<usize> = (0..self.choices.rules.len()).collect();
        let rule = |at: usize| self.choices.rules[at].clause;
        order.sort_by(|a, b| self.clauses.compare(rule(*a), rule(*b)));
        let mut gave_up = false;
        for at in order {
            if self.is_needless(at) {
                self.disable_choice(at);
                gave_up = true;
            }
        }
        gave_up
    }

    fn is_needless(&self, at: usize) -> bool {
        let choice = &self.choices.rules[at];
        !self.clauses.get(choice.clause).disabled
            && self.clauses.lits(choice.original).iter().any(|lit| {
                lit.is_pos()
                    && self.state.is_true(lit.package())
                    && !choice.preferred.contains(&lit.package())
            })
    }

    /// Disables a choice rule and all others that offer one of the packages it did not prefer.
    fn disable_choice(&mut self, at: usize) {
        let choice = &self.choices.rules[at];
        let others: HashSet<u32> = self
            .clauses
            .lits(choice.original)
            .iter()
            .filter(|lit| lit.is_pos() && !choice.preferred.contains(&lit.package()))
            .map(|lit| lit.package())
            .collect();
        let offers = |other: &Choice| {
            let mut lits = self.clauses.lits(other.original).iter();
            lits.any(|lit| lit.is_pos() && others.contains(&lit.package()))
        };
        let rules = self.choices.rules.iter().enumerate();
        let meeting: Vec<u32> = rules
            .filter(|(place, other)| *place == at || offers(other))
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
        match self.choices.rules.iter().position(|choice| choice.clause == last) {
            Some(at) => self.disable_choice(at),
            None => self.give_up_clause(last),
        }
        true
    }

    /// A weak request goes with its best rule.
    fn give_up_clause(&mut self, clause: u32) {
        if let Origin::Job(number) | Origin::Best(number) = self.clauses.get(clause).origin {
            let of_job = |id: &u32| {
                matches!(self.clauses.get(*id).origin,
                    Origin::Job(other) | Origin::Best(other) if other == number)
            };
            let together: Vec<u32> = (0..self.clauses.len()).filter(of_job).collect();
            together.into_iter().for_each(|id| self.disable(id));
        }
        self.disable(clause);
    }

    /// Disables a clause and everything learnt from it.
    pub(super) fn disable(&mut self, clause: u32) {
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
