//! Repositories on disk, indexed and opened as a client opens them.

use modex_formats::index::Hot;
use modex_generator::{Options, publish};
use modex_resolver::store::OpenIndex;
use modex_resolver::store::universe::{RepoOptions, Universe};
use modex_resolver::system::installed::{read_list, system_index};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Indexes of repositories that are used together, for one architecture.
pub(crate) struct World {
    _folder: TempDir,
    arch: String,
    indexes: Vec<(String, OpenIndex)>,
}

/// The repositories of one question and the system, in load order.
pub(crate) struct View<'w> {
    pub(crate) repos: Vec<(RepoOptions, &'w OpenIndex)>,
    pub(crate) arch: &'w str,
    system: Option<Vec<u8>>,
}

impl World {
    /// Indexes repositories (id and folder) into a folder of its own and opens the indexes, checking each whole.
    pub(crate) fn new(repos: &[(String, PathBuf)], arch: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dirs: Vec<&Path> = repos.iter().map(|(_, dir)| dir.as_path()).collect();
        let options = Options { arches: vec![arch.to_owned()], jobs: 2, ..Options::default() };
        let published = publish::index_into(&dirs, folder.path(), &options).unwrap();
        let open = |(id, _): &(String, PathBuf), made: &publish::Published| {
            let architectures = &made.content.architectures;
            let entry = architectures.get(arch).or_else(|| architectures.get("noarch")).unwrap();
            (id.clone(), OpenIndex::open(&made.folder, entry, None).unwrap())
        };
        let indexes = repos.iter().zip(&published).map(|(repo, made)| open(repo, made)).collect();
        World { _folder: folder, arch: arch.to_owned(), indexes }
    }

    pub(crate) fn index(&self, id: &str) -> &OpenIndex {
        &self.indexes.iter().find(|(known, _)| known == id).unwrap().1
    }

    /// The repositories that a question uses, and the installed packages: what they state is looked up in all
    /// repositories of the world, those that the question does not use included.
    pub(crate) fn view(&self, mut used: Vec<RepoOptions>, installed: &[String]) -> View<'_> {
        used.sort_by_key(|options| (options.priority, options.cost));
        let repos: Vec<_> = used
            .into_iter()
            .map(|options| {
                let index = self.index(&options.id);
                (options, index)
            })
            .collect();
        let system = (!installed.is_empty()).then(|| {
            let list = read_list(&installed.join("\n")).unwrap();
            let known = self.indexes.iter();
            let known: Vec<_> =
                known.map(|it| (RepoOptions::new(&it.0), it.1.hot().unwrap())).collect();
            system_index(&list, &known).unwrap()
        });
        View { repos, arch: &self.arch, system }
    }
}

impl View<'_> {
    pub(crate) fn universe(&self) -> Universe<'_> {
        let repos = self
            .repos
            .iter()
            .map(|(options, index)| (options.clone(), index.hot().unwrap()))
            .collect();
        let system = self.system.as_deref().map(|bytes| Hot::open(bytes).unwrap());
        Universe::new(system, repos, self.arch).unwrap()
    }

    /// The index of a repository by its number in the universe; `None`: the installed system.
    pub(crate) fn index(&self, repo: u32) -> Option<&OpenIndex> {
        let at = (repo as usize).checked_sub(usize::from(self.system.is_some()))?;
        self.repos.get(at).map(|(_, index)| *index)
    }

    /// Owners of a path that the hot file does not know.
    pub(crate) fn owners(&self, repo: u32, path: &str) -> Vec<u32> {
        let index = self.index(repo);
        index.map(|index| index.path_owners(path).unwrap()).unwrap_or_default()
    }
}
