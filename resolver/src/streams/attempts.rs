//! The four attempts of libdnf, from strict to lax.

use super::active::{ActiveStreams, ErrorClass};
use super::indexes::DocumentRef;
use super::reason::Reason;
use super::{ModuleState, ModuleStates, Streams};
use crate::solve::explain::{Fact, Refusal};
use crate::solve::{Job, Outcome, Solution, SolveOptions, solve};
use crate::store::universe::PackageId;
use crate::visible::Visible;
use modex_formats::index::{any_stream, one_stream};

/// Problems beyond this many are not told.
const MAX_PROBLEMS: usize = 32;

/// A stream that is to be active.
struct Wanted<'s> {
    module: &'s str,
    stream: &'s str,
    /// Where its first document stands among libdnf's.
    place: (bool, u32, &'s str),
    is_default: bool,
}

impl Streams<'_, '_> {
    /// Finds the active streams: every stream that is enabled, every default stream of a module about which nothing was
    /// decided, and what they require.
    pub fn resolve(&self, states: &ModuleStates) -> ActiveStreams {
        let wanted = self.wanted(states);
        let documents = self.universe.repos().iter().map(|repo| repo.hot.modules.len());
        let mut active = ActiveStreams::new(documents);
        if wanted.is_empty() {
            return active;
        }
        let disabled = self.disabled(states);
        let visible = Visible::without(&self.solvables, disabled.iter().copied());
        let mut jobs: Vec<Job> = wanted
            .iter()
            .map(|wanted| {
                let candidates = self.of_stream(wanted.module, wanted.stream);
                Job::install(candidates, &one_stream(wanted.module, wanted.stream))
            })
            .collect();
        let first = match self.attempt(&visible, &jobs, true) {
            Ok(solution) => {
                self.activate(&solution, &mut active);
                return active;
            }
            Err(refusal) => refusal,
        };
        active.problems = self.problems(&visible, &jobs, true, &first);
        for (job, wanted) in jobs.iter_mut().zip(&wanted) {
            job.weak = wanted.is_default;
        }
        if let Ok(solution) = self.attempt(&visible, &jobs, true) {
            active.class = ErrorClass::InDefaults;
            self.activate(&solution, &mut active);
            return active;
        }
        let third = match self.attempt(&visible, &jobs, false) {
            Ok(solution) => {
                active.class = ErrorClass::InLatest;
                self.activate(&solution, &mut active);
                return active;
            }
            Err(refusal) => refusal,
        };
        let mut excluded = self.in_conflict(&visible, &jobs, &third);
        excluded.extend(disabled);
        let visible = Visible::without(&self.solvables, excluded);
        jobs.iter_mut().for_each(|job| job.weak = true);
        active.class = match self.attempt(&visible, &jobs, false) {
            Ok(solution) => {
                self.activate(&solution, &mut active);
                ErrorClass::Error
            }
            Err(_) => ErrorClass::CannotResolve,
        };
        active
    }

    /// The streams that are to be active, in the order of libdnf's documents.
    fn wanted<'s>(&'s self, states: &'s ModuleStates) -> Vec<Wanted<'s>> {
        let mut found = Vec::new();
        for (module, state) in &states.0 {
            if let ModuleState::Enabled { stream, .. } = state
                && let Some(place) = self.first_place(module, stream)
            {
                found.push(Wanted { module, stream, place, is_default: false });
            }
        }
        for default in self.defaults.all() {
            if states.get(default.module).is_some() {
                continue;
            }
            let place = match default.ids {
                Some((repo, module, stream)) if self.is_only_modular_repository(repo) => {
                    self.place_in(repo, module, stream).map(|dynamic| (dynamic, repo))
                }
                _ => {
                    self.first_place(default.module, default.stream).map(|place| (place.0, place.1))
                }
            };
            if let Some((dynamic, repo)) = place {
                found.push(Wanted {
                    module: default.module,
                    stream: default.stream,
                    place: (dynamic, repo, default.module),
                    is_default: true,
                });
            }
        }
        found.sort_by(|a, b| a.place.cmp(&b.place));
        found
    }

    /// Whether all stream documents are those of one repository. Defaults may come from another one.
    fn is_only_modular_repository(&self, repo: u32) -> bool {
        let mut modular = self.repos().filter(|it| !self.universe.repo(*it).hot.modules.is_empty());
        modular.next() == Some(repo) && modular.next().is_none()
    }

    /// Whether the first document of a stream in a repository has a dynamic context; `None` where there is no document.
    fn place_in(&self, repo: u32, module: u32, stream: u32) -> Option<bool> {
        let modules = self.universe.repo(repo).hot.modules;
        modules
            .of_module(module)
            .filter_map(|document| modules.get(document))
            .filter(|row| row.stream == stream)
            .map(|row| !row.is_static)
            .min()
    }

    /// Where the first document of a stream stands.
    fn first_place<'s>(&self, module: &'s str, stream: &str) -> Option<(bool, u32, &'s str)> {
        self.repos()
            .filter_map(|repo| {
                let hot = &self.universe.repo(repo).hot;
                if hot.modules.is_empty() {
                    return None;
                }
                let (name, stream) = (hot.names.find(module)?, hot.names.find(stream)?);
                self.place_in(repo, name, stream).map(|dynamic| (dynamic, repo, module))
            })
            .min()
    }

    /// The solvables of disabled modules, foreign architectures included.
    fn disabled(&self, states: &ModuleStates) -> Vec<PackageId> {
        let mut found = Vec::new();
        let disabled = states.0.iter().filter(|(_, state)| **state == ModuleState::Disabled);
        for (module, _) in disabled {
            found.extend(self.providers(&any_stream(module)));
        }
        found
    }

    fn attempt(
        &self,
        visible: &Visible<'_, '_>,
        jobs: &[Job],
        best: bool,
    ) -> Result<Solution, Option<Refusal>> {
        let options = SolveOptions {
            weak_deps: false,
            best,
            install_only: Vec::new(),
            ..SolveOptions::default()
        };
        match solve(&self.solvables, visible, jobs.to_vec(), options) {
            Outcome::Solved(solution) => Ok(solution),
            Outcome::Refused(refusal) => Err(Some(refusal)),
            Outcome::GaveUp => Err(None),
        }
    }

    /// Every document whose solvable shares the name of a picked one is active: all versions, architectures and
    /// repositories.
    fn activate(&self, solution: &Solution, active: &mut ActiveStreams) {
        // No two of them share a name: solvables of one module exclude each other.
        for (solvable, _) in &solution.installs {
            let group: Vec<DocumentRef> = self
                .solvables
                .of_name(self.solvables.name(*solvable))
                .filter_map(|solvable| self.document(solvable))
                .collect();
            active.activate(group);
        }
    }

    /// The problems of a refused attempt, one after the other: what took part in one is left out when looking for the next
    /// (libsolv's rule). `visit` sees each refusal with the numbers of the jobs that were left.
    fn each_problem(
        &self,
        visible: &Visible<'_, '_>,
        jobs: &[Job],
        best: bool,
        first: &Option<Refusal>,
        mut visit: impl FnMut(&Refusal, &[Job]),
    ) {
        let mut left = jobs.to_vec();
        let mut refusal = first.clone();
        for _ in 0..MAX_PROBLEMS {
            let Some(found) = refusal else { return };
            visit(&found, &left);
            let mut number = 0;
            let before = left.len();
            left.retain(|_| {
                let blamed = found.facts.iter().any(|fact| {
                    matches!(fact, Fact::Asked { job, .. } | Fact::NotBest { job } if *job == number)
                });
                number += 1;
                !blamed
            });
            if left.len() == before {
                return;
            }
            refusal = match self.attempt(visible, &left, best) {
                Ok(_) => return,
                Err(refusal) => refusal,
            };
        }
    }

    fn problems(
        &self,
        visible: &Visible<'_, '_>,
        jobs: &[Job],
        best: bool,
        first: &Option<Refusal>,
    ) -> Vec<Vec<Reason>> {
        if first.is_none() {
            return vec![vec![Reason::GaveUp]];
        }
        let mut found = Vec::new();
        self.each_problem(visible, jobs, best, first, |refusal, jobs| {
            found.push(refusal.facts.iter().map(|fact| self.reason(fact, jobs)).collect());
        });
        found
    }

    /// Every solvable that takes part in a conflict of a refused attempt.
    fn in_conflict(
        &self,
        visible: &Visible<'_, '_>,
        jobs: &[Job],
        first: &Option<Refusal>,
    ) -> Vec<PackageId> {
        let mut found = Vec::new();
        self.each_problem(visible, jobs, false, first, |refusal, _| {
            for fact in &refusal.facts {
                if let Fact::Excludes { package, other, .. } = fact {
                    found.extend([*package, *other]);
                }
            }
        });
        found.retain(|solvable| !self.solvables.is_installed(*solvable));
        found
    }
}
