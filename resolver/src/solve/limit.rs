//! How many install-only packages of one name may be installed at once.

use super::Solver;
use super::job::{Job, Work};
use crate::store::universe::PackageId;
use modex_formats::index::section::relations::RelationKind;
use std::cmp::{Ordering, Reverse};

impl Solver<'_, '_> {
    /// The packages of a capability that marks install-only ones, ids ascending.
    pub(super) fn marked_by(&self, capability: &str) -> Vec<u32> {
        let universe = self.universe;
        let mut found: Vec<u32> = Vec::new();
        for repo in 0..universe.repos().len() as u32 {
            let Some(name) = universe.find_name(repo, capability) else { continue };
            let hot = &universe.repo(repo).hot;
            let named = universe.sound(hot.packages.of_name(name.name), "NMPK");
            let providing = universe.sound(hot.reverse.providers(name.name), "PRBY");
            let all = named.iter().chain(providing);
            found.extend(all.map(|local| universe.package(repo, local.get()).0));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The further jobs that keep a solution within the limit: what stays and what goes, of each name that has too many. None
    /// where nothing new is among them.
    pub(super) fn jobs_of_limit(&self) -> Vec<Job> {
        let limit = self.options.install_only_limit as usize;
        let mut jobs: Vec<Job> = Vec::new();
        if limit == 0 {
            return jobs;
        }
        for capability in &self.options.install_only {
            let mut all = self.marked_by(capability);
            all.retain(|package| self.state.is_true(*package));
            let is_new = |package: &u32| !self.universe.is_installed(PackageId(*package));
            if all.len() <= limit || !all.iter().any(is_new) {
                continue;
            }
            all.sort_by(|a, b| self.names_then_dearest(*a, *b));
            let same_name = |a: &u32, b: &u32| {
                let universe = self.universe;
                let name = |package: u32| universe.name(PackageId(package));
                universe.compare_names(name(*a), name(*b)).is_eq()
            };
            for of_name in all.chunk_by(same_name).filter(|of_name| of_name.len() > limit) {
                for (place, package) in of_name.iter().enumerate() {
                    let work = match place < limit {
                        true => Work::Install,
                        false => Work::Erase { clean_deps: false },
                    };
                    let known =
                        |job: &Job| job.work == work && job.candidates == [PackageId(*package)];
                    if !jobs.iter().any(known) {
                        jobs.push(Job::new(work, vec![PackageId(*package)], ""));
                    }
                }
            }
        }
        jobs
    }

    /// By name; of one name first what is new, then the running kernel and what belongs to it, then the newest.
    fn names_then_dearest(&self, a: u32, b: u32) -> Ordering {
        let universe = self.universe;
        let (left, right) = (PackageId(a), PackageId(b));
        let rank = |package: PackageId| {
            Reverse(match self.options.running_kernel {
                _ if !universe.is_installed(package) => 3,
                Some(kernel) if package == kernel || self.requires(package, kernel) => 2,
                Some(kernel) if universe.evr(package) == universe.evr(kernel) => 1,
                _ => 0,
            })
        };
        universe
            .compare_names(universe.name(left), universe.name(right))
            .then_with(|| rank(left).cmp(&rank(right)))
            .then_with(|| universe.compare_evrs(right, left))
    }

    fn requires(&self, package: PackageId, other: PackageId) -> bool {
        let universe = self.universe;
        universe
            .statements(package, RelationKind::Requires)
            .any(|dep| dep.dep.as_rich().is_none() && universe.provides(other, dep))
    }
}
