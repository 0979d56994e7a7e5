//! Repositories on disk, indexed and opened as a client opens them.

use modex_generator::{Options, PackageFiles, publish};
use modex_resolver::System;
use modex_resolver::store::{OpenIndex, RepoOptions};
use modex_resolver::system::installed::read_list;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Indexes of repositories that are used together, for one architecture.
pub(crate) struct World {
    _folder: TempDir,
    arch: String,
    indexes: Vec<(String, OpenIndex)>,
}

/// The repositories of one question and the system.
pub(crate) struct View<'w> {
    pub(crate) repos: Vec<(RepoOptions, &'w OpenIndex)>,
    pub(crate) system: System,
}

impl World {
    /// Indexes repositories (id and folder) into a folder of its own and opens the indexes, checking each whole.
    pub(crate) fn new(repos: &[(String, PathBuf)], arch: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dirs: Vec<&Path> = repos.iter().map(|(_, dir)| dir.as_path()).collect();
        let options = Options {
            arches: vec![arch.to_owned()],
            jobs: 2,
            package_files: PackageFiles::Read,
            ..Options::default()
        };
        let published = publish::index_into(&dirs, folder.path(), &options).unwrap();
        let open = |(id, _): &(String, PathBuf), made: &publish::Published| {
            let pointer = made.folder.join(&made.pointer.name);
            (id.clone(), OpenIndex::open_pointer(&pointer, arch, None).unwrap())
        };
        let indexes = repos.iter().zip(&published).map(|(repo, made)| open(repo, made)).collect();
        World { _folder: folder, arch: arch.to_owned(), indexes }
    }

    pub(crate) fn index(&self, id: &str) -> &OpenIndex {
        &self.indexes.iter().find(|(known, _)| known == id).unwrap().1
    }

    /// The repositories that a question uses, and the installed packages: what they state is looked up in all
    /// repositories of the world, those that the question does not use included.
    pub(crate) fn view(&self, used: Vec<RepoOptions>, installed: &[String]) -> View<'_> {
        let repos: Vec<_> = used
            .into_iter()
            .map(|options| {
                let index = self.index(&options.id);
                (options, index)
            })
            .collect();
        let mut system = System::new(&self.arch, None);
        if !installed.is_empty() {
            let list = read_list(&installed.join("\n")).unwrap();
            let known: Vec<_> =
                self.indexes.iter().map(|(id, index)| (RepoOptions::new(id), index)).collect();
            system.install(&list, &known).unwrap();
        }
        View { repos, system }
    }
}

impl View<'_> {
    /// The repositories and the system; what only some questions say of it is left out.
    pub(crate) fn world(&self) -> modex_resolver::World<'_> {
        modex_resolver::World::new(&self.repos, &self.system).unwrap()
    }
}
