//! Which module documents list a package.

use crate::store::universe::{NameRef, PackageId, Universe};
use crate::streams::DocumentRef;

impl Universe<'_> {
    /// The stream documents of all repositories that list a package as an artifact, by its exact NEVRA.
    pub fn listed_by(&self, package: PackageId) -> Vec<DocumentRef> {
        let mut found = Vec::new();
        self.visit_listing(package, |document| found.push(document));
        found
    }

    /// Calls `visit` with every stream document of every repository that lists a package as an artifact, by its exact
    /// NEVRA: where the package lies does not matter.
    pub(crate) fn visit_listing(&self, package: PackageId, mut visit: impl FnMut(DocumentRef)) {
        let (own, local) = self.locate(package);
        let name = self.name(package);
        for (repo, index) in self.repos().iter().enumerate() {
            let hot = &index.hot;
            if hot.artifacts.is_empty() {
                continue;
            }
            let repo = repo as u32;
            let found = match repo == own {
                true => hot.artifacts.of_package(local),
                false => self.artifact_elsewhere(package, name, repo),
            };
            let Some(artifact) = found else { continue };
            for document in self.sound(hot.artifacts.documents(artifact), "ARDO") {
                visit(DocumentRef { repo, document: document.get() });
            }
        }
    }

    /// The artifact of another repository's modules that a package is.
    fn artifact_elsewhere(&self, package: PackageId, name: NameRef, repo: u32) -> Option<u32> {
        let hot = &self.repo(repo).hot;
        let name = self.translate(name, repo)?;
        hot.artifacts.of_name(name).find(|artifact| {
            let Some(row) = hot.artifacts.get(*artifact) else { return false };
            self.sound(hot.evrs.text(row.evr), "EVRS") == self.evr_text(package)
                && self.sound(hot.names.get(row.arch), "ARTI") == self.arch_text(package)
        })
    }
}
