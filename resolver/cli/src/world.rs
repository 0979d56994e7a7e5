//! The repositories of a command, opened.

use crate::args::WorldArgs;
use crate::error::Failure;
use crate::locate::{self, Located};
use modex_formats::index::{Cold, Hot, Warm};
use modex_resolver::store::universe::{RepoOptions, Universe};
use modex_resolver::store::{OpenError, OpenIndex};
use modex_resolver::system::installed::{ListError, read_bytes, system_index};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a command works on: mapped files that the universe borrows from.
pub(crate) struct World {
    pub(crate) indexes: Vec<Indexed>,
    system: Option<Vec<u8>>,
    pub(crate) arch: String,
    /// What could not be read while answering.
    lost: RefCell<Option<Failure>>,
}

/// A repository and its index.
pub(crate) struct Indexed {
    pub(crate) options: RepoOptions,
    pub(crate) index: OpenIndex,
    cure: String,
}

impl Indexed {
    fn open(
        options: RepoOptions,
        dir: &Path,
        located: Located,
        memory: Option<&Path>,
    ) -> Result<Self, Failure> {
        let Located { folder, entry, cached } = located;
        let cure = match cached {
            true => format!("remove `{}`, it will be made again", folder.display()),
            false => format!(
                "fetch `{0}/repodata` again, or run `modex-publish index {0}`",
                dir.display()
            ),
        };
        match OpenIndex::open(&folder, &entry, memory) {
            Ok(index) => Ok(Indexed { options, index, cure }),
            Err(error) => Err(unusable(&options, &error, &cure)),
        }
    }

    pub(crate) fn hot(&self) -> Result<Hot<'_>, Failure> {
        self.index.hot().map_err(|error| self.unusable(&error))
    }

    pub(crate) fn warm(&self) -> Result<Warm<'_>, Failure> {
        self.index.warm().map_err(|error| self.unusable(&error))
    }

    pub(crate) fn cold(&self) -> Result<Cold<'_>, Failure> {
        self.index.cold().map_err(|error| self.unusable(&error))
    }

    fn unusable(&self, error: &OpenError) -> Failure {
        unusable(&self.options, error, &self.cure)
    }
}

fn unusable(options: &RepoOptions, error: &OpenError, cure: &str) -> Failure {
    Failure::new(format!("repository `{}`: {error}", options.id)).hint(cure)
}

impl World {
    pub(crate) fn open(args: &WorldArgs) -> Result<Self, Failure> {
        let wanted = repositories(args)?;
        let cache = cache_dir(args.cache.as_deref());
        let located = locate::locate(&wanted, &args.arch, cache.as_deref())?;
        let memory = cache.as_ref().map(|cache| cache.join("checked"));
        let mut indexes = Vec::with_capacity(located.len());
        for ((options, dir), located) in wanted.into_iter().zip(located) {
            indexes.push(Indexed::open(options, &dir, located, memory.as_deref())?);
        }
        // dnf's load order: by priority, then cost, stable.
        indexes.sort_by_key(|it| (it.options.priority, it.options.cost));
        let system = match &args.installed {
            None => None,
            Some(path) => Some(system(path, &hots(&indexes)?)?),
        };
        Ok(World { indexes, system, arch: args.arch.clone(), lost: RefCell::default() })
    }

    /// The repositories' hot files in load order.
    pub(crate) fn repos(&self) -> Result<Vec<(RepoOptions, Hot<'_>)>, Failure> {
        hots(&self.indexes)
    }

    pub(crate) fn universe(&self) -> Result<Universe<'_>, Failure> {
        let system = self.system.as_deref().map(Hot::open).transpose()?;
        Ok(Universe::new(system, self.repos()?, &self.arch)?)
    }

    /// The index of a repository by its number in the universe; `None`: the installed system.
    pub(crate) fn index(&self, repo: u32) -> Option<&Indexed> {
        let at = (repo as usize).checked_sub(usize::from(self.system.is_some()))?;
        self.indexes.get(at)
    }

    /// Owners of paths that no hot file knows, from the cold files. A file that cannot be read is remembered for
    /// [`World::sound`].
    pub(crate) fn owners(&self, repo: u32, path: &str) -> Vec<u32> {
        let Some(found) = self.index(repo) else { return Vec::new() };
        found.index.path_owners(path).unwrap_or_else(|error| {
            self.lost.replace(Some(found.unusable(&error)));
            Vec::new()
        })
    }

    /// Fails where an index turned out to be damaged while it was read.
    pub(crate) fn sound(&self, universe: &Universe<'_>) -> Result<(), Failure> {
        if let Some(failure) = self.lost.take() {
            return Err(failure);
        }
        match universe.damage() {
            None => Ok(()),
            Some(place) => Err(Failure::new(format!("an index is damaged (section {place})"))
                .hint("remove the cache so that it is checked again")),
        }
    }
}

fn hots(indexes: &[Indexed]) -> Result<Vec<(RepoOptions, Hot<'_>)>, Failure> {
    indexes.iter().map(|it| Ok((it.options.clone(), it.hot()?))).collect()
}

fn system(path: &Path, repos: &[(RepoOptions, Hot<'_>)]) -> Result<Vec<u8>, Failure> {
    let about = "list of installed packages";
    let wrong = |error: ListError| {
        Failure::new(format!("`{}`, {error}", path.display()))
            .about(about)
            .hint("`rpm -qa --qf '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\\n'` writes such a list")
    };
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, &error).about(about))?;
    let list = read_bytes(&bytes).map_err(wrong)?;
    Ok(system_index(&list, repos)?)
}

/// The repositories of the command line with their options, in the order given.
fn repositories(args: &WorldArgs) -> Result<Vec<(RepoOptions, PathBuf)>, Failure> {
    let mut found: Vec<(RepoOptions, PathBuf)> = Vec::new();
    let mut ids = BTreeSet::new();
    for word in &args.repos {
        let Some((id, dir)) =
            word.split_once('=').filter(|(id, dir)| !id.is_empty() && !dir.is_empty())
        else {
            return Err(Failure::new(format!("`--repo {word}` is not ID=DIR")));
        };
        if !ids.insert(id.to_owned()) {
            return Err(Failure::new(format!("two repositories with the id `{id}`"))
                .hint("give each its own id"));
        }
        found.push((RepoOptions::new(id), PathBuf::from(dir)));
    }
    if found.is_empty() {
        return Err(Failure::new("no repository given")
            .hint("say --repo ID=DIR, where DIR holds `repodata/`"));
    }
    for word in &args.setopt {
        let bad = |what: &str| Failure::new(format!("`--setopt {word}`: {what}"));
        let (key, value) = word.split_once('=').ok_or_else(|| bad("not ID.OPTION=VALUE"))?;
        let (id, option) = key.rsplit_once('.').ok_or_else(|| bad("not ID.OPTION=VALUE"))?;
        let number = || value.parse::<i32>().map_err(|_| bad("not a number"));
        let Some((options, _)) = found.iter_mut().find(|(options, _)| options.id == id) else {
            return Err(bad("no repository of that id"));
        };
        match option {
            "priority" => options.priority = number()?,
            "cost" => options.cost = number()?,
            "module_hotfixes" => options.module_hotfixes = number()? != 0,
            _ => return Err(bad("the options are priority, cost and module_hotfixes")),
        }
    }
    Ok(found)
}

/// `--cache`, `$XDG_CACHE_HOME/modex`, `$HOME/.cache/modex`; none where there is no home.
fn cache_dir(given: Option<&Path>) -> Option<PathBuf> {
    let env =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    given
        .map(Path::to_owned)
        .or_else(|| env("XDG_CACHE_HOME").map(|base| base.join("modex")))
        .or_else(|| env("HOME").map(|home| home.join(".cache/modex")))
}
