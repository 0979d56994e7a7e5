//! What a file pins, by architecture.

use crate::document::{Document, Entry, of_lock, of_plan};
use crate::error::Failure;
use modex_formats::lock::LockFile;
use std::collections::BTreeSet;

/// What is pinned for one architecture.
pub(super) struct Pins {
    pub(super) arch: String,
    pub(super) packages: Vec<Entry>,
    /// Modules documents.
    pub(super) metadata: Vec<LockFile>,
}

impl Pins {
    /// The repository ids of all pins that have one.
    pub(super) fn repos(&self) -> impl Iterator<Item = &str> {
        let of_packages = self.packages.iter().filter_map(|entry| entry.repo.as_deref());
        of_packages.chain(self.metadata.iter().filter_map(|file| file.repoid.as_deref()))
    }

    /// What stands there more than once.
    pub(super) fn twice(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let names = self.packages.iter().map(|entry| match &entry.repo {
            Some(repo) => format!("{entry} of {repo}"),
            None => entry.to_string(),
        });
        let modules = self
            .metadata
            .iter()
            .filter_map(|file| Some(format!("modules of {}", file.repoid.as_ref()?)));
        names.chain(modules).filter(|name| !seen.insert(name.clone())).collect()
    }
}

/// The pins of a lock file or of plans.
pub(super) fn pins(document: &Document) -> Result<Vec<Pins>, Failure> {
    match document {
        Document::Lock(lock) => lock
            .arches
            .iter()
            .enumerate()
            .map(|(at, arch)| {
                let mut packages = of_lock(&arch.packages, &format!("arches[{at}].packages"))?;
                packages.extend(of_lock(&arch.source, &format!("arches[{at}].source"))?);
                let metadata = arch.module_metadata.clone();
                Ok(Pins { arch: arch.arch.clone(), packages, metadata })
            })
            .collect(),
        Document::Plans(plans) => plans
            .iter()
            .map(|plan| {
                let packages = of_plan(plan, false)?;
                Ok(Pins { arch: plan.arch.clone(), packages, metadata: Vec::new() })
            })
            .collect(),
        other => Err(Failure::new(format!("it is {}, no lock file and no plan", other.kind()))
            .hint("`modex lock` writes both; `modex diff` compares all of them")),
    }
}
