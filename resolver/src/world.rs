//! What a question is asked of: repositories and a system.

use crate::error::ResolveError;
use crate::store::OpenIndex;
use crate::store::arch;
use crate::store::universe::PackageId;
use crate::store::universe::{Repo, RepoOptions, Universe};
use crate::streams::{StreamIndexes, StreamOptions, Streams};
use crate::system::{FAIL_SAFE_REPO, FILES_REPO, PackageFile, System, files, platform};
use modex_formats::index::{FormatError, Hot, Warm};
use std::cell::RefCell;

/// Opened repositories together with a system. As many questions may be asked of it as one likes, one after the other;
/// what one of them looks up is there for the next.
pub struct World<'i> {
    system: &'i System,
    platform: Option<String>,
    universe: Universe<'i>,
    /// In load order.
    indexes: Vec<&'i OpenIndex>,
    /// What could not be read while answering.
    lost: RefCell<Option<ResolveError>>,
}

impl<'i> World<'i> {
    /// Puts repositories in load order: by priority, then cost, else as given. O(number of repositories): nothing is read.
    ///
    /// # Errors
    /// An architecture that nobody knows, or a damaged index.
    pub fn new(
        repos: &[(RepoOptions, &'i OpenIndex)],
        system: &'i System,
    ) -> Result<Self, ResolveError> {
        if !arch::is_system(&system.arch) {
            return Err(ResolveError::Arch(system.arch.clone()));
        }
        let mut repos = repos.to_vec();
        repos.sort_by_key(|(options, _)| (options.priority, options.cost));
        let mut hots = Vec::with_capacity(repos.len());
        let mut indexes = Vec::with_capacity(repos.len());
        for (options, index) in repos {
            let hot = index
                .hot()
                .map_err(|error| ResolveError::Index { repo: options.id.clone(), error })?;
            hots.push((options, hot));
            indexes.push(index);
        }
        for copy in &system.fail_safe {
            let has =
                |(_, hot): &(RepoOptions, Hot<'_>)| hot.has_stream(&copy.module, &copy.stream);
            let is_enabled = system.modules.enabled(&copy.module) == Some(&copy.stream);
            if is_enabled && !hots[..indexes.len()].iter().any(has) {
                let options =
                    RepoOptions { priority: i32::MAX, ..RepoOptions::new(FAIL_SAFE_REPO) };
                hots.push((options, Hot::open(&copy.index)?));
            }
        }
        if let Some(files) = system.files() {
            hots.push((files::options(), Hot::open(&files.index)?));
        }
        let installed = system.index().map(Hot::open).transpose()?;
        let universe = Universe::new(installed, hots, &system.arch)?
            .bridged(|id| system.installed().and_then(|it| it.bridge(id)));
        let platform = system
            .platform
            .clone()
            .or_else(|| platform::of_packages(&universe))
            .or_else(|| system.os_platform.clone());
        Ok(World { system, platform, universe, indexes, lost: RefCell::default() })
    }

    /// The system.
    pub fn system(&self) -> &'i System {
        self.system
    }

    /// The platform: what the system was said to be of, else what release packages or os-release say.
    pub fn platform(&self) -> Option<&str> {
        self.platform.as_deref()
    }

    /// All packages of the repositories and the system in one id space.
    pub fn universe(&self) -> &Universe<'i> {
        &self.universe
    }

    /// Opens the module streams of the repositories, as this system sees them, for `work`. That an index is damaged counts
    /// for more than what `work` makes of it.
    ///
    /// # Errors
    /// Those of `work`; a platform that is none, module metadata that cannot be used, a damaged index.
    pub fn with_streams<T, E: From<ResolveError>>(
        &self,
        work: impl FnOnce(&Streams<'_, '_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let options =
            StreamOptions { local_defaults: &self.system.defaults, ..StreamOptions::default() };
        let indexes = StreamIndexes::new(&self.universe, self.platform());
        let indexes = indexes.map_err(ResolveError::from)?;
        let streams = Streams::new(&self.universe, &indexes, &self.system.arch, options);
        let streams = streams.map_err(ResolveError::from)?;
        let found = work(&streams);
        match streams.damage() {
            Some(place) => Err(ResolveError::Damaged(place).into()),
            None => found,
        }
    }

    /// The index of a repository by its number in the universe; `None`: the installed system.
    pub fn index(&self, repo: u32) -> Option<&'i OpenIndex> {
        let at = (repo as usize).checked_sub(self.first_index())?;
        self.indexes.get(at).copied()
    }

    /// The package file of a package; `None` where it is one of a repository, or installed.
    pub fn file(&self, package: PackageId) -> Option<&'i PackageFile> {
        let (repo, local) = self.universe.locate(package);
        let is_file = self.universe.repo(repo).options.id == FILES_REPO;
        self.system.files().filter(|_| is_file)?.files.get(local as usize)
    }

    /// The package of a package file by the path that the request names.
    pub(crate) fn package_of_file(&self, path: &str) -> Option<PackageId> {
        let local = self.system.files()?.files.iter().position(|file| file.path == path)?;
        let repo = self.universe.repos().iter().position(|it| it.options.id == FILES_REPO)?;
        Some(self.universe.package(repo as u32, local as u32))
    }

    /// The warm file of a repository by its number in the universe.
    pub(crate) fn warm(&self, repo: u32) -> Result<Warm<'i>, ResolveError> {
        let nowhere = || FormatError::damaged("PKGN", "an installed package would be installed");
        let index = self.index(repo).ok_or_else(nowhere)?;
        index.warm().map_err(|error| ResolveError::Index { repo: self.repo_id(repo), error })
    }

    /// The repositories that have an index, with it, in load order.
    pub(crate) fn indexed(&self) -> impl Iterator<Item = (&Repo<'i>, &'i OpenIndex)> {
        self.universe.repos()[self.first_index()..].iter().zip(self.indexes.iter().copied())
    }

    /// The number of the first repository that has an index: the installed system has none.
    fn first_index(&self) -> usize {
        usize::from(self.system.index().is_some())
    }

    /// The packages of a repository that own a path, from its cold file, which is opened for this; see
    /// [`OpenIndex::path_owners`]. A file that cannot be read is remembered for [`World::check`].
    pub fn path_owners(&self, repo: u32, path: &str) -> Vec<u32> {
        let Some(index) = self.index(repo) else { return Vec::new() };
        index.path_owners(path).unwrap_or_else(|error| {
            self.lost.replace(Some(ResolveError::Index { repo: self.repo_id(repo), error }));
            Vec::new()
        })
    }

    /// Whether everything could be read so far: what accessors of the universe and [`World::path_owners`] gave must not be
    /// believed before. [`World::resolve`] asks for itself.
    ///
    /// # Errors
    /// An index is damaged, or a file could not be read since the last call.
    pub fn check(&self) -> Result<(), ResolveError> {
        if let Some(error) = self.lost.take() {
            return Err(error);
        }
        self.universe.damage().map_or(Ok(()), |place| Err(ResolveError::Damaged(place)))
    }

    /// The id of a repository by its number in the universe.
    pub(crate) fn repo_id(&self, repo: u32) -> String {
        let repo = self.universe.repos().get(repo as usize);
        repo.map(|repo| repo.options.id.clone()).unwrap_or_default()
    }
}
