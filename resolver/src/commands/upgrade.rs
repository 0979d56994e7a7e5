//! `upgrade`.

use super::{Marker, Marks, Skip, sorted};
use crate::request::{Form, is_glob};
use crate::solve::{Job, Work};
use crate::store::universe::PackageId;
use foldhash::HashMap;

pub(super) const UPDATE: Work = Work::Update { targeted: true };

impl Marker<'_, '_, '_> {
    /// Everything, or what the words name.
    pub(crate) fn upgrade(&self, words: &[String]) -> Marks {
        if words.is_empty() {
            let jobs = vec![Job::everything(UPDATE, "upgrade")];
            return Marks { jobs, ..Marks::default() };
        }
        self.each_word(words, |word, marks| {
            if let Some(package) = self.file(word) {
                return self.upgrade_file(word, package, marks);
            }
            let candidates = self.upgrade_word(word)?;
            marks.jobs.push(Job::new(UPDATE, candidates, word));
            Ok(())
        })
    }

    /// The packages that a word means, what obsoletes what they would replace, and what is installed of their names.
    fn upgrade_word(&self, word: &str) -> Result<Vec<PackageId>, Skip> {
        let universe = self.universe;
        let found = self.words.find(word).ok_or(Skip::NoMatch)?;
        let mut packages = found.packages;
        let of_installed_name =
            |package: &&PackageId| !self.installed_of(universe.name(**package)).is_empty();
        if let Form::Nevra { .. } = found.form
            && !is_glob(word)
            && !packages.iter().any(|package| self.obsoletes_installed(*package))
            && !packages.iter().any(|package| of_installed_name(&package))
        {
            return Err(Skip::NotInstalled);
        }
        if matches!(found.form, Form::Nevra { just_name: true, .. }) {
            let replaced: Vec<PackageId> = packages
                .iter()
                .filter(of_installed_name)
                .filter(|package| self.is_installed(package) || self.is_upgrade(**package))
                .copied()
                .collect();
            let obsoleters = self.words.obsoleters(&replaced);
            packages.extend(obsoleters.into_iter().filter(|package| !self.is_installed(package)));
        }
        packages.extend(self.latest_installed(&packages));
        Ok(sorted(packages))
    }

    pub(super) fn obsoletes_installed(&self, package: PackageId) -> bool {
        use modex_formats::index::section::relations::RelationKind;
        let mut stated = self.universe.statements(package, RelationKind::Obsoletes);
        stated.any(|dep| self.universe.named(dep).iter().any(|old| self.is_installed(old)))
    }

    /// The newest installed packages of the names of these, of each architecture.
    fn latest_installed(&self, packages: &[PackageId]) -> Vec<PackageId> {
        let universe = self.universe;
        let mut found = Vec::new();
        for name in self.names(packages) {
            let mut newest: HashMap<&str, Vec<PackageId>> = HashMap::default();
            for old in self.installed_of(name) {
                let known = newest.entry(universe.arch_text(old)).or_default();
                match known.first().map(|first| universe.compare_evrs(old, *first)) {
                    Some(std::cmp::Ordering::Less) => {}
                    Some(std::cmp::Ordering::Equal) => known.push(old),
                    _ => *known = vec![old],
                }
            }
            found.extend(newest.into_values().flatten());
        }
        found
    }
}
