//! `distro-sync`.

use super::{Marker, Marks, Skip};
use crate::solve::{Job, Work};

const SYNC: Work = Work::DistroSync { targeted: false };

impl Marker<'_, '_, '_> {
    /// Everything, or what the words name among the packages of the repositories.
    pub(crate) fn sync(&self, words: &[String]) -> Marks {
        if words.is_empty() {
            let jobs = vec![Job::everything(SYNC, "distro-sync")];
            return Marks { jobs, ..Marks::default() };
        }
        self.each_word(words, |word, marks| {
            let groups = self.words.available_groups(word);
            if groups.is_empty() {
                return Err(Skip::NoMatch);
            }
            marks.jobs.extend(groups.into_iter().map(|group| Job::new(SYNC, group, word)));
            Ok(())
        })
    }
}
