//! The repositories of a command, opened.

use crate::args::WorldArgs;
use crate::error::Failure;
use crate::fail_safe;
use crate::locate::{self, Located};
use crate::machine::{self, Machine};
use modex_formats::index::{Cold, Warm};
use modex_resolver::store::{OpenError, OpenIndex, RepoOptions, arch};
use modex_resolver::system::PackageFile;
use modex_resolver::system::installed::InstalledPackage;
use modex_resolver::{Request, ResolveError, Solved, System, World};
use modex_root::modules::Applied;
use modex_root::modules::failsafe::NamedText;
use modex_root::{Note, RootError, read_package_file};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What a command works on: mapped files that a [`World`] borrows from.
pub(crate) struct Opened {
    indexes: Vec<Indexed>,
    pub(crate) machine: Machine,
    pub(crate) system: System,
    /// What is installed; nothing yet where it need not be read because it is kept, `None` where nothing was said of it.
    installed: OnceCell<Option<Vec<InstalledPackage>>>,
    /// Copies of enabled streams.
    copies: Vec<NamedText>,
    /// The package files that the system knows.
    files: Vec<String>,
}

/// A system after an answer.
pub(crate) struct After {
    system: System,
    installed: Vec<InstalledPackage>,
    copies: Vec<NamedText>,
}

/// A repository and its index.
pub(crate) struct Indexed {
    options: RepoOptions,
    /// The folder that holds `repodata/`.
    dir: PathBuf,
    index: OpenIndex,
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
            Ok(index) => Ok(Indexed { options, dir: dir.to_owned(), index, cure }),
            Err(error) => Err(unusable(&options, &error, &cure)),
        }
    }

    pub(crate) fn id(&self) -> &str {
        &self.options.id
    }

    /// The folder that holds `repodata/`, as given.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
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

impl Opened {
    pub(crate) fn open(args: &WorldArgs) -> Result<Self, Failure> {
        Self::open_for(args, false)
    }

    /// Opens; `save`: the state of the machine is wanted again, by [`Opened::save`].
    pub(crate) fn open_for(args: &WorldArgs, save: bool) -> Result<Self, Failure> {
        let cache = cache_dir(args.cache.as_deref());
        let mut machine = Machine::read(args, cache.as_deref().filter(|_| !save))?;
        let wanted = repositories(args, &machine)?;
        let arch = machine.arch(args);
        if !arch::is_system(&arch) {
            return Err(failure_of(&[], ResolveError::Arch(arch)));
        }
        let located = locate::locate(&wanted, &arch, cache.as_deref(), args.package_files)?;
        let memory = cache.as_ref().map(|cache| cache.join("checked"));
        let mut indexes = Vec::with_capacity(located.len());
        for ((options, dir), located) in wanted.into_iter().zip(located) {
            indexes.push(Indexed::open(options, &dir, located, memory.as_deref())?);
        }
        let mut system = machine.system(args)?;
        let installed = OnceCell::new();
        let repos = repos(&indexes);
        match machine.kept(&repos) {
            Some(index) => system.install_kept(index),
            None => {
                let packages = machine.take_packages(save)?;
                if let Some(packages) = &packages {
                    system.install(packages, &repos)?;
                }
                if let Some(index) = system.installed().and_then(|it| machine.keep(&repos, it)) {
                    system.install_kept(index);
                }
                let _ = installed.set(packages);
            }
        }
        drop(repos);
        let copies = machine.copies().to_vec();
        Ok(Opened { indexes, machine, system, installed, copies, files: Vec::new() })
    }

    /// Reads the package files that a request names.
    pub(crate) fn bring(&mut self, request: &Request) -> Result<(), Failure> {
        if self.files == request.files {
            return Ok(());
        }
        let mut notes = Vec::new();
        let files = request.files.iter().map(|path| package_file(path, &mut notes));
        let files = files.collect::<Result<Vec<_>, _>>()?;
        for note in &notes {
            writeln!(io::stderr(), "modex: warning: {note}")?;
        }
        let repos = repos(&self.indexes);
        self.system.bring(&files, &repos)?;
        self.packages()?;
        if let Some(Some(installed)) = self.installed.get() {
            self.system.install(installed, &repos)?;
        }
        self.files.clone_from(&request.files);
        Ok(())
    }

    /// What the system becomes when an answer is followed.
    pub(crate) fn after(&self, world: &World<'_>, solved: &Solved) -> Result<After, Failure> {
        let installed = world.installed_after(solved, self.installed()?);
        let mut system = self.system.clone();
        system.modules.clone_from(&solved.states);
        system.install(&installed, &repos(&self.indexes))?;
        let folder = |id: &str| indexed(&self.indexes, id).map(Indexed::dir);
        let copies = fail_safe::keep(&self.copies, &system.modules, &solved.enabled, folder)?;
        system.fail_safe = fail_safe::copies(&self.machine.config().persistdir, &copies)?;
        Ok(After { system, installed, copies })
    }

    /// Follows an answer: the next world is that of the system after it.
    pub(crate) fn follow(&mut self, after: After) {
        let After { system, installed, copies } = after;
        (self.system, self.copies) = (system, copies);
        self.installed = OnceCell::from(Some(installed));
    }

    /// Writes the decisions about modules into the root.
    pub(crate) fn apply(&self) -> Result<Applied, Failure> {
        self.machine.apply(&self.system.modules, self.copies.clone())
    }

    /// Writes the state of the machine into a file.
    pub(crate) fn save(&self, path: &Path) -> Result<(), Failure> {
        self.machine.save(&self.system.modules, self.copies.clone(), self.installed()?, path)
    }

    /// The repositories together with the system.
    pub(crate) fn world(&self) -> Result<World<'_>, Failure> {
        World::new(&repos(&self.indexes), &self.system).map_err(|error| self.failure(error))
    }

    /// What is installed.
    pub(crate) fn installed(&self) -> Result<&[InstalledPackage], Failure> {
        Ok(self.packages()?.unwrap_or_default())
    }

    /// What is installed, read now where it was kept; `None` where nothing was said of it.
    fn packages(&self) -> Result<Option<&[InstalledPackage]>, Failure> {
        if let Some(known) = self.installed.get() {
            return Ok(known.as_deref());
        }
        let packages = self.machine.read_packages()?;
        Ok(self.installed.get_or_init(|| Some(packages)).as_deref())
    }

    /// What people call a repository: its name where the machine configures it, else its id.
    pub(crate) fn title<'t>(&'t self, id: &'t str) -> &'t str {
        self.machine.title(id).unwrap_or(id)
    }

    /// The repositories, as given.
    pub(crate) fn indexes(&self) -> &[Indexed] {
        &self.indexes
    }

    /// The index of a repository by its number in the universe; `None`: the installed system.
    pub(crate) fn index(&self, world: &World<'_>, repo: u32) -> Option<&Indexed> {
        let id = &world.index(repo).and(world.universe().repos().get(repo as usize))?.options.id;
        self.indexed(id)
    }

    /// The index of a repository by its id.
    pub(crate) fn indexed(&self, id: &str) -> Option<&Indexed> {
        indexed(&self.indexes, id)
    }

    /// Fails where an index turned out to be damaged while it was read.
    pub(crate) fn check(&self, world: &World<'_>) -> Result<(), Failure> {
        world.check().map_err(|error| self.failure(error))
    }

    /// An error of the library, with what to try.
    pub(crate) fn failure(&self, error: ResolveError) -> Failure {
        failure_of(&self.indexes, error)
    }
}

fn indexed<'i>(indexes: &'i [Indexed], id: &str) -> Option<&'i Indexed> {
    indexes.iter().find(|it| it.options.id == id)
}

/// An error of the library, with what to try.
pub(crate) fn failure_of(indexes: &[Indexed], error: ResolveError) -> Failure {
    let hint = match &error {
        ResolveError::Index { repo, .. } => indexed(indexes, repo).map(|it| it.cure.clone()),
        ResolveError::Damaged(_) => Some("remove the cache so that it is checked again".into()),
        ResolveError::Arch(_) => {
            Some(format!("say --arch with one of {}", arch::COMMON.join(", ")))
        }
        _ => None,
    };
    let failure = Failure::new(error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// A package file, which must lie on this machine.
fn package_file(path: &str, notes: &mut Vec<Note>) -> Result<PackageFile, Failure> {
    let (place, is_url) = match path.split_once("://") {
        Some(("file", place)) => (place, false),
        Some((scheme, _)) => (path, scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())),
        None => (path, false),
    };
    if is_url && !Path::new(path).exists() {
        let hint = "fetch it, then name the file";
        return Err(Failure::new(format!("`{path}`: nothing is fetched here")).hint(hint));
    }
    let found = read_package_file(place, notes).map_err(|error| match error {
        RootError::File { path, source } => Failure::file(&path, &source),
        error => machine::failure(error),
    })?;
    Ok(PackageFile { path: path.to_owned(), ..found })
}

fn repos(indexes: &[Indexed]) -> Vec<(RepoOptions, &OpenIndex)> {
    indexes.iter().map(|it| (it.options.clone(), &it.index)).collect()
}

/// The repositories of the command line with their options, in the order given; where there is none, those of the root.
fn repositories(
    args: &WorldArgs,
    machine: &Machine,
) -> Result<Vec<(RepoOptions, PathBuf)>, Failure> {
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
        found.push((machine.options(id), PathBuf::from(dir)));
    }
    if found.is_empty() {
        found = machine.repositories()?;
    }
    for id in &args.disablerepo {
        if !found.iter().any(|(options, _)| options.id == *id) {
            return Err(Failure::new(format!("`--disablerepo {id}`: no repository of that id")));
        }
    }
    found.retain(|(options, _)| !args.disablerepo.contains(&options.id));
    // A machine without repositories is one: modules can be decided about, packages removed.
    if found.is_empty() && !machine.is_known() {
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
