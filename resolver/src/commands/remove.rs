//! `remove` and `autoremove`.

use super::{Marker, Marks, Skip, skipped};
use crate::solve::{Job, Work, unneeded};
use crate::store::universe::PackageId;
use foldhash::HashSet;

impl Marker<'_, '_, '_> {
    /// What is installed of what the words name. That nothing is, is no failure.
    pub(crate) fn remove(&self, words: &[String]) -> Marks {
        let mut marks = Marks::default();
        let work = Work::Erase { clean_deps: self.clean_deps };
        for word in words {
            let packages = self.words.find(word).map(|it| it.packages).unwrap_or_default();
            let old: Vec<PackageId> =
                packages.into_iter().filter(|package| self.is_installed(package)).collect();
            if old.is_empty() {
                marks.warnings.push(skipped(word, Skip::NoMatch));
            }
            marks.jobs.extend(old.into_iter().map(|old| Job::new(work, vec![old], word)));
        }
        marks
    }

    /// What nothing that was asked for needs any more.
    pub(crate) fn autoremove(&self, user_installed: &HashSet<PackageId>) -> Marks {
        let work = Work::Erase { clean_deps: false };
        let unneeded = unneeded(self.universe, user_installed).into_iter();
        let jobs = unneeded.map(|old| Job::new(work, vec![old], "autoremove")).collect();
        Marks { jobs, ..Marks::default() }
    }
}
