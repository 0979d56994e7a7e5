//! The repositories of a command, opened.

use crate::args::WorldArgs;
use crate::error::Failure;
use crate::locate::{self, Located};
use modex_formats::index::Hot;
use modex_resolver::store::OpenIndex;
use modex_resolver::store::universe::{RepoOptions, Universe};
use modex_resolver::system::installed::{read_list, system_index};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a command works on: mapped files that the universe borrows from.
pub(crate) struct World {
    pub(crate) indexes: Vec<(RepoOptions, OpenIndex)>,
    system: Option<Vec<u8>>,
    pub(crate) arch: String,
}

impl World {
    pub(crate) fn open(args: &WorldArgs) -> Result<Self, Failure> {
        let wanted = repositories(args)?;
        let cache = cache_dir(args.cache.as_deref());
        let located = locate::locate(&wanted, &args.arch, cache.as_deref())?;
        let memory = cache.as_ref().map(|cache| cache.join("checked"));
        let mut indexes = Vec::with_capacity(located.len());
        for ((options, dir), Located { folder, entry }) in wanted.into_iter().zip(located) {
            let index = OpenIndex::open(&folder, &entry, memory.as_deref()).map_err(|error| {
                Failure::new(format!("repository `{}`: {error}", options.id)).hint(format!(
                    "fetch `{0}/repodata` again, or remove `{1}` if it is below the cache",
                    dir.display(),
                    folder.display()
                ))
            })?;
            indexes.push((options, index));
        }
        // dnf's load order: by priority, then cost, stable.
        indexes.sort_by_key(|(options, _)| (options.priority, options.cost));
        let system = match &args.installed {
            None => None,
            Some(path) => Some(system(path, &hots(&indexes)?)?),
        };
        Ok(World { indexes, system, arch: args.arch.clone() })
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
    pub(crate) fn index(&self, repo: u32) -> Option<&OpenIndex> {
        let at = (repo as usize).checked_sub(usize::from(self.system.is_some()))?;
        self.indexes.get(at).map(|(_, index)| index)
    }

    /// Owners of paths that no hot file knows, from the cold files.
    pub(crate) fn owners(&self, repo: u32, path: &str) -> Vec<u32> {
        let cold = self.index(repo).and_then(|index| index.cold().ok());
        cold.and_then(|cold| cold.paths.owners(path).ok()).unwrap_or_default()
    }
}

fn hots(indexes: &[(RepoOptions, OpenIndex)]) -> Result<Vec<(RepoOptions, Hot<'_>)>, Failure> {
    indexes.iter().map(|(options, index)| Ok((options.clone(), index.hot()?))).collect()
}

fn system(path: &Path, repos: &[(RepoOptions, Hot<'_>)]) -> Result<Vec<u8>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(format!("list of installed packages `{}`: {error}", path.display()))
    })?;
    let list = read_list(&text).map_err(|error| {
        Failure::new(format!("list of installed packages `{}`, {error}", path.display()))
            .hint("`rpm -qa --qf '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\\n'` writes such a list")
    })?;
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
