//! What goes: packages that jobs erase, what may be erased to make room, and what is cleaned up after them.

use super::clause::{Cause, Origin, Part};
use super::cleandeps::{CleanUp, Needs};
use super::job::{Gone, Work};
use super::rich::RichReader;
use super::state::{Lit, Reason, Value};
use super::{Solver, Stop};
use crate::store::universe::PackageId;
use foldhash::HashSet;
use modex_formats::index::section::relations::RelationKind;

/// What the search remembers about cleaning up.
#[derive(Default)]
pub(super) struct Cleaning {
    /// It is asked for.
    is_on: bool,
    /// Installed packages that were given up for the sake of what is cleaned up.
    seeds: Vec<u32>,
    /// Packages that turned out to be needed.
    mistakes: Vec<u32>,
    /// By installed package: it is not needed any more.
    unused: Vec<bool>,
    /// What installed packages need, once somebody asked.
    needs: Option<Needs>,
}

impl<'u, 'a> Solver<'u, 'a> {
    /// The clauses of an erase job: its packages go, and no other package of their name comes in their place unless another
    /// job asks for it.
    pub(super) fn add_erase(&mut self, number: usize, clean_deps: bool) {
        self.cleaning.is_on |= clean_deps && !self.universe.installed().is_empty();
        let universe = self.universe;
        let mut gone: Vec<u32> = Vec::new();
        let mut add = |package: u32| {
            if !gone.contains(&package) {
                gone.push(package);
            }
        };
        for package in &self.jobs[number].candidates {
            add(package.0);
            if !universe.is_installed(*package) {
                continue;
            }
            let colour = universe.arch(*package).colour;
            for other in universe.of_name(universe.name(*package)) {
                let in_its_place = !universe.is_installed(other)
                    && universe.arch(other).colour & colour != 0
                    && !self.install_candidates.contains(&other.0);
                if in_its_place {
                    add(other.0);
                }
            }
        }
        let place = number as u32;
        for package in gone {
            self.add_touched(&[Lit::neg(package)], Part::Job, place, Origin::Job(place));
        }
    }

    /// Whether a clean-up is asked for and would take a package.
    pub(super) fn is_unused(&self, package: u32) -> bool {
        self.cleaning.unused.get(package as usize).copied().unwrap_or(false)
    }

    /// The installed packages that the jobs leave unused, where they are to be cleaned up.
    pub(super) fn find_unused(&mut self) -> Vec<u32> {
        if !self.cleaning.is_on {
            return Vec::new();
        }
        let is_installed = |package: &u32| self.universe.is_installed(PackageId(*package));
        let mut clean = CleanUp {
            kept: self.options.user_installed.iter().map(|package| package.0).collect(),
            seeds: self.cleaning.seeds.clone(),
            mistakes: self.cleaning.mistakes.clone(),
            with_repositories: !self.options.installed_only,
            ..CleanUp::default()
        };
        for number in 0..self.jobs.len() {
            if self.is_given_up_job(number) {
                continue;
            }
            let job = &self.jobs[number];
            let packages = job.candidates.iter().map(|package| package.0);
            match job.work {
                Work::Install => clean.wanted.extend(packages),
                Work::Erase { clean_deps } => {
                    let erased: Vec<u32> = packages.filter(is_installed).collect();
                    if clean_deps {
                        clean.cleaned.extend(&erased);
                    }
                    clean.erased.extend(erased);
                }
                Work::Update { .. } | Work::DistroSync { .. } => {}
            }
        }
        clean.kept.extend(clean.wanted.iter().copied().filter(is_installed));
        clean.kept.retain(is_installed);
        let universe = self.universe;
        let needs = self
            .cleaning
            .needs
            .get_or_insert_with(|| Needs::new(universe, clean.with_repositories));
        self.cleaning.unused = clean.unused(universe, needs);
        self.universe.installed().filter(|package| self.is_unused(*package)).collect()
    }

    /// Decides that what is unused goes. The level reached, and whether something went wrong.
    pub(super) fn drop_unused(&mut self, mut level: u32) -> Result<(u32, bool), Stop> {
        if !self.cleaning.is_on {
            return Ok((level, false));
        }
        for package in self.universe.installed() {
            if self.is_unused(package) && self.state.known(package) == Value::Open {
                let before = level;
                level = self.decide_and_learn(before, Lit::neg(package), None)?;
                if level < before {
                    return Ok((level, true));
                }
            }
        }
        Ok((level, false))
    }

    /// Takes back from the clean-up what turned out to be needed. Whether there was anything.
    pub(super) fn take_back_mistakes(&mut self) -> bool {
        if !self.cleaning.is_on {
            return false;
        }
        let universe = self.universe;
        let mut found = false;
        for package in universe.installed() {
            if self.state.is_true(package) {
                for dep in universe.statements(PackageId(package), RelationKind::Requires) {
                    let providers: Vec<u32> = match dep.dep.as_rich() {
                        None => {
                            let providers = self.providers(dep);
                            self.pool[providers].to_vec()
                        }
                        Some(_) => {
                            let reader = RichReader::new(universe);
                            reader.packages(dep).into_iter().map(|other| other.0).collect()
                        }
                    };
                    for other in providers {
                        if other != package && self.is_unused(other) && !self.state.is_true(other) {
                            self.take_back(other);
                            found = true;
                        }
                    }
                }
            }
            if self.is_unused(package) && self.is_mistake(package) {
                self.take_back(package);
                found = true;
            }
        }
        found
    }

    /// Whether a package was cleaned up that is recommended by what is in, or was replaced by less than its update.
    fn is_mistake(&mut self, package: u32) -> bool {
        let held = &self.extra.held[package as usize];
        let (clause, feature) = (held.clause, held.feature.clone());
        let is_true = |clause: u32| {
            let mut lits = self.clauses.lits(clause).iter();
            lits.any(|lit| lit.is_pos() && self.state.is_true(lit.package()))
        };
        let update_holds = is_true(clause);
        let feature_holds = match &feature {
            Some(feature) => feature.iter().any(|other| self.state.is_true(*other)),
            None => update_holds,
        };
        if !feature_holds {
            return self.is_recommended(package);
        }
        let best = self.extra.best.get(&package).into_iter().flatten();
        !update_holds || best.into_iter().any(|clause| !is_true(*clause))
    }

    fn take_back(&mut self, package: u32) {
        self.cleaning.mistakes.push(package);
        self.cleaning.unused[package as usize] = false;
        if self.taken_by_jobs().contains(&package) || self.uninstalled.contains(&package) {
            return;
        }
        self.extra.given_up[package as usize] = false;
        self.clauses.enable(self.extra.held[package as usize].clause);
        for clause in self.extra.best.get(&package).into_iter().flatten() {
            self.clauses.enable(*clause);
        }
    }

    /// With `--allowerasing`: gives up the update clause of one installed package that the proof rests on. Whether there was
    /// one. Those that could have become something else go first, then the highest id; an orphan goes at once.
    pub(super) fn make_room(&mut self, proof: &[Cause]) -> bool {
        if !self.options.allow_erasing {
            return false;
        }
        let origins: Vec<Origin> = proof
            .iter()
            .filter_map(|cause| match cause {
                Cause::Clause(clause) => Some(self.clauses.get(*clause).origin),
                Cause::Pair(..) => None,
            })
            .collect();
        let must_be_best: HashSet<u32> = origins
            .iter()
            .filter_map(|origin| match origin {
                Origin::BestUpdate(package) => Some(*package),
                _ => None,
            })
            .collect();
        let (mut other, mut only): (Option<u32>, Option<u32>) = (None, None);
        for origin in &origins {
            let Origin::Update(package) = *origin else { continue };
            if !self.may_erase(package) || must_be_best.contains(&package) {
                continue;
            }
            let held = &self.extra.held[package as usize];
            if held.feature.is_some() {
                other = other.max(Some(package));
                continue;
            }
            only = only.max(Some(package));
            if self.clauses.lits(held.clause).len() == 1 {
                (other, only) = (None, Some(package));
                break;
            }
        }
        let Some(package) = other.or(only) else { return false };
        self.uninstalled.insert(package);
        self.disable(self.extra.held[package as usize].clause);
        let mut jobs = origins.iter().filter_map(|origin| match origin {
            Origin::Job(number) | Origin::Best(number) => Some(self.jobs[*number as usize].work),
            _ => None,
        });
        let first = jobs.next();
        let cleans = |work: &Work| matches!(work, Work::Erase { clean_deps: true });
        let for_clean_up = first.as_ref().is_some_and(cleans) && jobs.all(|work| cleans(&work));
        if for_clean_up && !self.cleaning.seeds.contains(&package) {
            self.cleaning.seeds.push(package);
            self.give_way_to_jobs();
        }
        true
    }

    /// Whether an installed package may be erased to make room.
    fn may_erase(&self, package: u32) -> bool {
        !self.is_protected(PackageId(package))
    }

    /// Whether an installed package must not go.
    pub(super) fn is_protected(&self, package: PackageId) -> bool {
        self.options.protected.contains(&package) || self.options.running_kernel == Some(package)
    }

    /// Why an installed package that is out goes.
    pub(super) fn why_gone(&self, package: u32) -> Gone {
        let by_job = match self.state.reason(package) {
            Some(Reason::Clause(clause)) => {
                matches!(self.clauses.get(clause).origin, Origin::Job(_) | Origin::Best(_))
            }
            _ => false,
        };
        match () {
            () if by_job => Gone::Asked,
            () if self.is_unused(package) => Gone::Unused,
            () if self.state.reason(package) == Some(Reason::Decision(None)) => Gone::Unused,
            () => Gone::Dependent,
        }
    }
}
