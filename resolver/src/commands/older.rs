//! `downgrade` and `reinstall`.

use super::{Marker, Marks, Skip, skipped, sorted};
use crate::solve::Job;
use crate::store::universe::PackageId;

impl Marker<'_, '_, '_> {
    /// For each installed name that the words name, the versions below what is installed.
    pub(crate) fn downgrade(&self, words: &[String]) -> Marks {
        self.each_word(words, |word, marks| {
            if let Some(package) = self.file(word) {
                return self.downgrade_file(word, package, marks);
            }
            let found = self.words.find(word).ok_or(Skip::NoMatch)?;
            let available: Vec<PackageId> =
                found.packages.into_iter().filter(|package| !self.is_installed(package)).collect();
            let old = self.names(&available).into_iter().flat_map(|name| self.installed_of(name));
            // dnf takes the names in the order of what is installed.
            let old = sorted(old.collect());
            if old.is_empty() {
                return Err(Skip::NotInstalled);
            }
            for name in self.names(&old) {
                let universe = self.universe;
                let of_name = available
                    .iter()
                    .copied()
                    .filter(|it| universe.compare_names(universe.name(*it), name).is_eq());
                let older: Vec<PackageId> = of_name.filter(|it| self.is_downgrade(*it)).collect();
                if older.is_empty() {
                    let why = Skip::Lowest(universe.name_text(name).to_owned());
                    marks.warnings.push(skipped(word, why));
                    continue;
                }
                let weak = !self.strict;
                marks.jobs.push(Job { weak, ..Job::install(sorted(older), word) });
            }
            Ok(())
        })
    }

    /// For each installed package that the words name, the very same of a repository.
    pub(crate) fn reinstall(&self, words: &[String]) -> Marks {
        self.each_word(words, |word, marks| {
            if let Some(package) = self.file(word) {
                return self.reinstall_file(word, package, marks);
            }
            let packages = self.words.find(word).map(|it| it.packages).unwrap_or_default();
            let (old, new): (Vec<PackageId>, Vec<PackageId>) =
                packages.into_iter().partition(|package| self.is_installed(package));
            let Some(first) = old.first() else { return Err(Skip::NotInstalled) };
            let mut found = false;
            for old in &old {
                // Of several repositories dnf takes the last.
                if let Some(same) = new.iter().rev().find(|new| self.same_nevra(*old, **new)) {
                    marks.jobs.push(Job::install(vec![*same], word));
                    found = true;
                }
            }
            match found {
                true => Ok(()),
                false => Err(Skip::NotAvailable(self.universe.nevra(*first))),
            }
        })
    }
}
