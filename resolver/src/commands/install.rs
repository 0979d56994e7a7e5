//! `install`.

use super::{Marker, Marks, Skip, skipped};
use crate::resolve::Warning;
use crate::solve::Job;

impl Marker<'_, '_, '_> {
    /// Every word must match something, unless `strict` is off.
    pub(crate) fn install(&self, words: &[String]) -> Marks {
        let mut marks = Marks::default();
        for word in words {
            if let Some(package) = self.file(word) {
                self.install_file(word, package, &mut marks);
            } else if let Some(marked) = self.words.install(word) {
                let old = marked.already_installed.iter();
                marks
                    .warnings
                    .extend(old.map(|old| Warning::AlreadyInstalled(self.universe.nevra(*old))));
                let weak = !self.strict;
                marks.jobs.extend(marked.jobs.into_iter().map(|job| Job { weak, ..job }));
            } else if self.strict {
                marks.refused.push(self.fact(word, &Skip::NoMatch));
            } else {
                marks.warnings.push(skipped(word, Skip::NoMatch));
            }
        }
        marks
    }
}
