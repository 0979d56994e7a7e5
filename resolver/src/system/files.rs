//! Package files that a request names: a repository of their own, as dnf has one for them.

use super::installed::{InstalledPackage, Statements, SystemError, describe};
use crate::store::OpenIndex;
use crate::store::universe::RepoOptions;
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::{Hot, HotBuilder};
use modex_formats::rpm::rich::{MAX_DEPTH, Rich};
use modex_formats::rpm::{Dependency, Evr, Relation, Reldep, RichOp};

/// The id of the repository of package files, as dnf names it.
pub const FILES_REPO: &str = "@commandline";

/// dnf lets package files win over every repository, and modules hide nothing of them.
pub(crate) fn options() -> RepoOptions {
    RepoOptions { priority: 0, module_hotfixes: true, ..RepoOptions::new(FILES_REPO) }
}

/// A package file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageFile {
    /// Where it lies, as the request names it.
    pub path: String,
    /// What it would be once installed; its statements are those of its header.
    pub package: InstalledPackage,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Its size in bytes.
    pub size: u64,
    /// What its content takes once installed, in bytes.
    pub installed_size: u64,
}

/// Package files with their index; packages in their order.
#[derive(Clone, Default)]
pub(crate) struct Files {
    pub(crate) files: Vec<PackageFile>,
    pub(crate) index: Vec<u8>,
}

impl Files {
    /// Every path that they own is in the index. A path that one of them requires and that no index knows is looked up in the
    /// cold files of `repos`.
    pub(crate) fn new(
        files: &[PackageFile],
        repos: &[(RepoOptions, &OpenIndex)],
    ) -> Result<Self, SystemError> {
        let mut hots = Vec::with_capacity(repos.len());
        for (_, index) in repos {
            hots.push(index.hot()?);
        }
        let mut builder = HotBuilder::default();
        let mut paths = Vec::new();
        for file in files {
            let mut package = file.package.clone();
            if let Statements::Known { relations, to_install, .. } = &mut package.statements {
                // It is not installed yet.
                to_install.clear();
                for (kind, stated) in relations {
                    if *kind == RelationKind::Requires {
                        widen(stated, repos, &hots)?;
                    }
                }
            }
            builder.package(&package.name, &package.evr, &package.arch)?;
            describe(&mut builder, &package, &mut paths, |_| true);
        }
        builder.files(&mut paths);
        let index = builder.finish()?.to_bytes([0; 32])?;
        Ok(Files { files: files.to_vec(), index })
    }
}

/// Puts the packages that own a required path beside it, where no index knows the path.
fn widen(
    stated: &mut Dependency,
    repos: &[(RepoOptions, &OpenIndex)],
    hots: &[Hot<'_>],
) -> Result<(), SystemError> {
    let Dependency::Simple(required) = &*stated else { return Ok(()) };
    if !required.name.starts_with('/') {
        return Ok(());
    }
    let mut owners = Vec::new();
    for ((_, index), hot) in repos.iter().zip(hots) {
        if hot.names.find(&required.name).is_none() {
            let found = index.path_owners(&required.name)?;
            owners.extend(found.into_iter().filter_map(|owner| hot.nevra(owner)));
        }
    }
    // More owners than that no path has that somebody needs.
    for owner in owners.into_iter().take(MAX_DEPTH / 2) {
        let Evr { epoch, version, release } = owner.evr;
        let owner = Dependency::Simple(Reldep {
            name: owner.name.to_owned(),
            relation: Relation::EQ,
            evr: Evr::join(epoch, version, release.unwrap_or("")),
        });
        let right = stated.clone();
        let either = Rich { op: RichOp::Or, left: owner, right, otherwise: None };
        *stated = Dependency::Rich(Box::new(either));
    }
    Ok(())
}
