//! Package files among what `install`, `upgrade`, `downgrade` and `reinstall` name.

use super::upgrade::UPDATE;
use super::{Marker, Marks, Skip, rivals, skipped};
use crate::explain;
use crate::resolve::Warning;
use crate::solve::Job;
use crate::store::universe::PackageId;

impl Marker<'_, '_, '_> {
    /// The package of a package file; one that is left out by hand is none.
    pub(super) fn file(&self, word: &str) -> Option<PackageId> {
        (self.file)(word).filter(|package| self.words.may_be(*package))
    }

    /// Not where the very same version is installed, whatever else it has.
    pub(super) fn install_file(&self, word: &str, package: PackageId, marks: &mut Marks) {
        if self.is_source(package) {
            let nevra = self.universe.identity(package).short();
            let text = format!("Will not install a source rpm package ({nevra}).");
            return marks.refused.push(explain::plain("source", text));
        }
        if !self.universe.arch(package).fits() {
            let nevra = self.universe.identity(package).short();
            let text = format!("package {nevra} does not have a compatible architecture");
            return match self.strict {
                true => marks.refused.push(explain::plain("arch", text)),
                false => marks.warnings.push(skipped(word, Skip::Foreign)),
            };
        }
        let installed = self.installed_of(self.universe.name(package));
        match installed.into_iter().find(|old| self.same_nevra(*old, package)) {
            Some(old) => marks.warnings.push(Warning::AlreadyInstalled(self.universe.nevra(old))),
            None => {
                let weak = !self.strict;
                marks.jobs.push(Job { weak, ..Job::install(vec![package], word) });
            }
        }
    }

    /// Where it obsoletes something that is installed, or is newer than what is installed of its name and architecture.
    pub(super) fn upgrade_file(
        &self,
        word: &str,
        package: PackageId,
        marks: &mut Marks,
    ) -> Result<(), Skip> {
        if self.is_source(package) {
            marks.warnings.push(skipped(word, Skip::Source));
            return Ok(());
        }
        if !self.obsoletes_installed(package) {
            let any_arch = self.universe.arch(package).is_noarch();
            let rivals = rivals(self.universe, package, any_arch);
            let newest = rivals.into_iter().max_by(|a, b| self.universe.compare_evrs(*a, *b));
            let newest = newest.ok_or(Skip::NotInstalled)?;
            if self.universe.compare_evrs(newest, package).is_ge() {
                marks.warnings.push(skipped(word, Skip::NotNewer(self.universe.nevra(newest))));
                return Ok(());
            }
        }
        marks.jobs.push(Job::new(UPDATE, vec![package], word));
        Ok(())
    }

    /// Where it is older than all that is installed of its name and architecture.
    pub(super) fn downgrade_file(
        &self,
        word: &str,
        package: PackageId,
        marks: &mut Marks,
    ) -> Result<(), Skip> {
        let rivals = rivals(self.universe, package, false);
        let oldest = rivals.into_iter().min_by(|a, b| self.universe.compare_evrs(*a, *b));
        let oldest = oldest.ok_or(Skip::NotInstalled)?;
        match self.universe.compare_evrs(oldest, package).is_gt() {
            true => self.install_file(word, package, marks),
            false => {
                marks.warnings.push(skipped(word, Skip::NotOlder(self.universe.nevra(oldest))))
            }
        }
        Ok(())
    }

    /// Where the very same version is installed.
    pub(super) fn reinstall_file(
        &self,
        word: &str,
        package: PackageId,
        marks: &mut Marks,
    ) -> Result<(), Skip> {
        let installed = self.installed_of(self.universe.name(package));
        if !installed.into_iter().any(|old| self.same_nevra(old, package)) {
            return Err(Skip::NotInstalled);
        }
        marks.jobs.push(Job::install(vec![package], word));
        Ok(())
    }

    fn is_source(&self, package: PackageId) -> bool {
        matches!(self.universe.arch_text(package), "src" | "nosrc")
    }
}
