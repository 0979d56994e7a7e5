//! A pin among the packages of the repositories.

use super::finding::{Finding, Instead};
use crate::document::Entry;
use crate::error::Failure;
use crate::origin::Origins;
use crate::world::Opened;
use modex_formats::lock::checksum;
use modex_formats::rpm::Evr;
use modex_generator::digest::hex;
use modex_resolver::World;
use modex_resolver::request::Words;
use modex_resolver::store::universe::{NameRef, PackageId};
use modex_resolver::streams::DocumentRef;
use modex_resolver::transaction::location;
use modex_resolver::visible::{Hidden, Visible};
use std::collections::BTreeSet;

/// Where pins are looked for.
pub(super) struct Look<'l, 'i> {
    pub(super) opened: &'l Opened,
    pub(super) world: &'l World<'i>,
    pub(super) visible: &'l Visible<'l, 'i>,
    pub(super) origins: &'l Origins,
}

impl Look<'_, '_> {
    /// What became of a pin; `None`: it is there. Where `in_repo`, it must be in the repository that it names.
    pub(super) fn at(&self, entry: &Entry, in_repo: bool) -> Result<Option<Finding>, Failure> {
        let mut best: Option<Finding> = None;
        for package in self.named(entry).into_iter().filter(|it| self.is_same(entry, *it)) {
            let found = self.compare(entry, package, in_repo)?;
            if found.is_empty() {
                return Ok(None);
            }
            if best.as_ref().is_none_or(|best| found.count() < best.count()) {
                best = Some(found);
            }
        }
        let gone =
            || Finding::gone(entry.to_string(), entry.repo.clone()).with(self.instead(entry));
        Ok(Some(best.unwrap_or_else(gone)))
    }

    /// The packages of repositories with a pin's name, and its architecture where it is known; the newest first.
    fn named(&self, entry: &Entry) -> Vec<PackageId> {
        let universe = self.world.universe();
        let mut names = (0..universe.repos().len() as u32)
            .filter_map(|repo| universe.find_name(repo, &entry.name));
        let Some(name) = names.next() else { return Vec::new() };
        let is_meant = |package: &PackageId| {
            !universe.is_installed(*package)
                && (entry.arch.is_empty() || universe.arch_text(*package) == entry.arch)
        };
        let mut found: Vec<PackageId> = universe.of_name(name).filter(is_meant).collect();
        found.sort_by(|a, b| universe.compare_evrs(*b, *a));
        found
    }

    fn is_same(&self, entry: &Entry, package: PackageId) -> bool {
        let (pinned, found) = (Evr::parse(&entry.evr), self.world.universe().evr(package));
        (pinned.version, pinned.release) == (found.version, found.release)
            && (!entry.knows_epoch || pinned.epoch == found.epoch)
    }

    /// What is not the same about a package of the very NEVRA.
    fn compare(
        &self,
        entry: &Entry,
        package: PackageId,
        in_repo: bool,
    ) -> Result<Finding, Failure> {
        let universe = self.world.universe();
        let (repo, local) = universe.locate(package);
        let identity = universe.identity(package);
        let repoid = &universe.repo(repo).options.id;
        let mut finding = Finding::differs(entry.to_string(), entry.repo.clone());
        let Some(index) = self.opened.index(self.world, repo) else { return Ok(finding) };
        let warm = index.warm()?;
        if in_repo {
            finding.compare("repository", entry.repo.as_ref(), Some(repoid));
        }
        let now = warm.checksums.get(local).map(|(kind, digest)| checksum(kind, &hex(digest)));
        finding.compare("checksum", entry.checksum.as_ref(), now.as_ref());
        finding.compare("size", entry.size, warm.sizes.download(local));
        let (Some(pinned), Some(now)) = (&entry.place, location(&identity, local, &warm)) else {
            return Ok(finding);
        };
        // A plan has the place below the repository.
        if *pinned != now && !self.origins.is_at(repoid, &now, pinned) {
            finding.compare("url", Some(pinned), Some(&self.origins.url(repoid, &now)));
        }
        Ok(finding)
    }

    /// What there is in place of a package that is gone: the newest that dnf sees, of each stream that hides newer ones than
    /// the pin the newest, and where there is neither what provides its name.
    fn instead(&self, entry: &Entry) -> Vec<Instead> {
        let universe = self.world.universe();
        let named = self.named(entry);
        let is_visible = |package: &&PackageId| !self.visible.is_hidden(**package);
        let newest = named.iter().find(is_visible);
        let mut found: Vec<Instead> =
            newest.map(|it| self.instead_of("newest", *it)).into_iter().collect();
        let pinned = Evr::parse(&entry.evr);
        let is_newer = |package: PackageId| universe.evr(package).compare(&pinned).is_gt();
        let hidden = named.iter().filter(|it| self.visible.is_hidden(**it));
        for package in hidden.filter(|it| newest.is_none() || is_newer(**it)) {
            let hidden = self.instead_of("hidden", *package);
            // The newest of each stream comes first.
            if !found.iter().any(|before| before.hidden == hidden.hidden) {
                found.push(hidden);
            }
        }
        if found.is_empty() {
            let owners = |repo: u32, path: &str| self.world.path_owners(repo, path);
            let words = Words::new(universe, self.visible, &owners);
            let providers = words.provides(&entry.name).map(|matches| matches.packages);
            let others = providers.into_iter().flatten().filter(|it| !universe.is_installed(*it));
            found.extend(others.map(|package| self.instead_of("provider", package)));
        }
        found
    }

    fn instead_of(&self, what: &'static str, package: PackageId) -> Instead {
        let universe = self.world.universe();
        Instead {
            what,
            nevra: universe.nevra(package),
            repo: universe.repo(universe.locate(package).0).options.id.clone(),
            hidden: self.visible.why_hidden(package).map(|why| self.hidden(&why)),
        }
    }

    /// Which streams hide a package.
    fn hidden(&self, why: &Hidden) -> String {
        match why {
            Hidden::Inactive(documents) => {
                format!("of {}, which is not active", self.streams(documents))
            }
            Hidden::Masked { name, by } => {
                format!("hidden by {}, which ships `{name}`", self.streams(by))
            }
            Hidden::Excluded => String::from("excluded"),
        }
    }

    /// `MODULE:STREAM` of documents, each once.
    fn streams(&self, documents: &[DocumentRef]) -> String {
        let universe = self.world.universe();
        let stream = |document: &DocumentRef| {
            let row = universe.repo(document.repo).hot.modules.get(document.document)?;
            let text = |name| universe.name_text(NameRef { repo: document.repo, name });
            Some(format!("{}:{}", text(row.module), text(row.stream)))
        };
        let names: BTreeSet<String> = documents.iter().filter_map(stream).collect();
        names.into_iter().collect::<Vec<_>>().join(", ")
    }
}
