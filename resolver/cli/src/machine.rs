//! The machine that a command is about: a root, a state file of another machine, or nothing but arguments.

use crate::args::WorldArgs;
use crate::error::Failure;
use crate::kept::Keeper;
use modex_generator::modulemd::{self, Modules};
use modex_generator::source::{Limits, Opened, Report, Stated};
use modex_resolver::System;
use modex_resolver::store::{OpenIndex, RepoOptions};
use modex_resolver::streams::ModuleStates;
use modex_resolver::system::installed::{InstalledPackage, ListError, read_bytes};
use modex_resolver::system::{FailSafeCopy, InstalledIndex, platform_parts};
use modex_root::config::{MainConfig, Repository};
use modex_root::modules::failsafe::{self, DEFAULTS, NamedText, module_and_stream};
use modex_root::modules::{Applied, NewState};
use modex_root::{Note, Package, PackageFacts, ReadOptions, Root, RootError, State};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// More bytes than this are no list of packages, and no state file.
const LIMIT: u64 = 1 << 30;
/// Where nothing says which architecture a system is of.
const ARCH: &str = "x86_64";

/// What is known of the machine beyond the arguments.
pub(crate) struct Machine {
    root: Option<Root>,
    options: ReadOptions,
    /// Without the packages of a root where they are kept.
    state: Option<State>,
    /// A list of packages, in place of those of the state.
    listed: Option<Vec<InstalledPackage>>,
    /// What is kept of the packages of the root.
    keeper: Option<Keeper>,
}

impl Machine {
    /// Reads `--installroot` and `--installed`, and warns of what was passed over. `cache`: the packages of a root are not read where
    /// they are kept there; they can be read later.
    pub(crate) fn read(args: &WorldArgs, cache: Option<&Path>) -> Result<Self, Failure> {
        let options = ReadOptions {
            arch: args.arch.clone(),
            releasever: args.releasever.clone(),
            ..ReadOptions::default()
        };
        let mut machine = Machine { root: None, options, state: None, listed: None, keeper: None };
        if let Some(dir) = &args.installroot {
            let cache = cache.filter(|_| args.installed.is_none());
            machine.read_root(dir, cache).map_err(failure)?;
        }
        if let Some(path) = &args.installed {
            machine.installed(path)?;
        }
        warn(machine.state.iter().flat_map(|state| &state.notes))?;
        Ok(machine)
    }

    fn read_root(&mut self, dir: &Path, cache: Option<&Path>) -> Result<(), RootError> {
        let root = Root::open(dir)?;
        let mut keeper = cache.map_or(Ok(None), |cache| Keeper::of(&root, &self.options, cache))?;
        let mut notes = Vec::new();
        let (facts, packages) = match keeper.as_ref().and_then(Keeper::facts) {
            Some(facts) => (facts.clone(), None),
            None => {
                let packages = root.read_packages(&self.options, &mut notes)?;
                (PackageFacts::of(&packages), Some(packages))
            }
        };
        let mut state = root.read_state_around(&self.options, &facts)?;
        let persistdir = &state.config.persistdir;
        if let Some(keeper) = &mut keeper {
            keeper.note(facts, root.reasons_mark(persistdir).unwrap_or_default());
        }
        if let Some(mut packages) = packages {
            root.read_reasons(persistdir, &mut packages, &mut notes)?;
            state.packages = packages;
        }
        // What is to be warned of is read again, and warned of again.
        self.keeper = keeper.filter(|_| notes.is_empty());
        notes.append(&mut state.notes);
        state.notes = notes;
        (self.root, self.state) = (Some(root), Some(state));
        Ok(())
    }

    /// Reads `--installed`: a list of packages, or a state file.
    fn installed(&mut self, path: &Path) -> Result<(), Failure> {
        let about = "list of installed packages";
        let bytes = read(path).map_err(|error| Failure::file(path, &error).about(about))?;
        if !State::is_state(&bytes) {
            let wrong = |error: ListError| {
                Failure::new(format!("`{}`, {error}", path.display())).about(about).hint(
                    "`rpm -qa --qf '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\\n'` writes such a list; \
                     `modex state export` writes all that is known of a machine",
                )
            };
            self.listed = Some(read_bytes(&bytes).map_err(wrong)?);
            return Ok(());
        }
        if self.root.is_some() {
            let what =
                format!("`{}` is the state of a machine, and so is --installroot", path.display());
            return Err(Failure::new(what).hint("say one of them"));
        }
        let named = |error| failure(error).about(format!("`{}`", path.display()));
        self.state = Some(State::from_json(&bytes).map_err(named)?);
        Ok(())
    }

    /// Whether anything is known of it beyond a list of packages.
    pub(crate) fn is_known(&self) -> bool {
        self.state.is_some()
    }

    /// What dnf.conf says; dnf's defaults where there is no machine.
    pub(crate) fn config(&self) -> MainConfig {
        self.state.as_ref().map(|state| state.config.clone()).unwrap_or_default()
    }

    /// The architecture: of the arguments, else of the machine.
    pub(crate) fn arch(&self, args: &WorldArgs) -> String {
        let known = self.state.as_ref().and_then(|state| state.arch.clone());
        args.arch.clone().or(known).unwrap_or_else(|| ARCH.to_owned())
    }

    /// The options of a repository of the command line: as the machine configures the one of that id.
    pub(crate) fn options(&self, id: &str) -> RepoOptions {
        let Some(state) = &self.state else { return RepoOptions::new(id) };
        let found = state.repositories.iter().find(|it| it.id == id);
        found.map_or_else(|| RepoOptions::new(id), |found| options(found, &state.config))
    }

    /// Where a repository is fetched from, as far as the machine's configuration says it.
    pub(crate) fn baseurl(&self, id: &str) -> Option<&str> {
        let mut configured = self.state.iter().flat_map(|state| &state.repositories);
        configured.find(|it| it.id == id)?.baseurl.first().map(String::as_str)
    }

    /// The name of a repository that the machine configures.
    pub(crate) fn title(&self, id: &str) -> Option<&str> {
        let mut configured = self.state.iter().flat_map(|state| &state.repositories);
        configured.find(|it| it.id == id).map(|it| it.name.as_str()).filter(|name| !name.is_empty())
    }

    /// The enabled repositories of the root with the folders of their metadata, in dnf's order.
    pub(crate) fn repositories(&self) -> Result<Vec<(RepoOptions, PathBuf)>, Failure> {
        let (Some(root), Some(state)) = (&self.root, &self.state) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for repository in state.enabled_repositories() {
            match root.metadata(repository) {
                Ok(folder) => found.push((options(repository, &state.config), folder)),
                Err(error) if error.skip => {
                    writeln!(io::stderr(), "modex: warning: {error}; it is skipped")?;
                }
                Err(error) => return Err(Failure::new(&error).hint(error.hint())),
            }
        }
        Ok(found)
    }

    /// The system without its packages.
    pub(crate) fn system(&self, args: &WorldArgs) -> Result<System, Failure> {
        let mut system = System::new(&self.arch(args), args.platform.as_deref());
        let Some(state) = &self.state else { return Ok(system) };
        if system.platform.is_none() {
            system.platform = configured_platform(&state.config)?;
            system.os_platform.clone_from(&state.os_release_platform);
        }
        system.modules = state.module_states();
        for text in &state.module_defaults {
            system.defaults.extend(documents(DEFAULTS, text)?.defaults);
        }
        for text in &state.fail_safe {
            system.fail_safe.extend(copy(&state.config.persistdir, text)?);
        }
        Ok(system)
    }

    /// What is installed, as it was kept for these repositories; `None` where it has to be laid out.
    pub(crate) fn kept(&mut self, repos: &[(RepoOptions, &OpenIndex)]) -> Option<InstalledIndex> {
        self.keeper.as_mut()?.index(repos)
    }

    /// Keeps what [`Machine::take_packages`] gave, laid out for these repositories; the same as it is kept.
    pub(crate) fn keep(
        &mut self,
        repos: &[(RepoOptions, &OpenIndex)],
        index: &InstalledIndex,
    ) -> Option<InstalledIndex> {
        self.keeper.as_mut()?.keep(repos, index)
    }

    /// Takes the installed packages out; `None` where nothing says what is installed. `keep`: all that is known of them is
    /// wanted again, by [`Machine::save`].
    pub(crate) fn take_packages(
        &mut self,
        keep: bool,
    ) -> Result<Option<Vec<InstalledPackage>>, Failure> {
        if let Some(listed) = self.listed.take() {
            return Ok(Some(listed));
        }
        match &mut self.state {
            None => Ok(None),
            Some(state) if keep => Ok(Some(state.clone().take_installed())),
            Some(state) if !state.packages.is_empty() => Ok(Some(state.take_installed())),
            Some(_) => {
                let (packages, is_sound) = self.read_late()?;
                self.keeper.take_if(|_| !is_sound);
                Ok(Some(packages))
            }
        }
    }

    /// The packages of the root that were not read because they are kept.
    pub(crate) fn read_packages(&self) -> Result<Vec<InstalledPackage>, Failure> {
        self.read_late().map(|(packages, _)| packages)
    }

    /// The same, and whether there was nothing to warn of.
    fn read_late(&self) -> Result<(Vec<InstalledPackage>, bool), Failure> {
        let (Some(root), Some(state), Some(keeper)) = (&self.root, &self.state, &self.keeper)
        else {
            return Ok((Vec::new(), true));
        };
        let mut notes = Vec::new();
        let read = root.read_packages(&self.options, &mut notes).and_then(|mut packages| {
            root.read_reasons(&state.config.persistdir, &mut packages, &mut notes)?;
            Ok((packages, keeper.is_current(root, &self.options)?))
        });
        let (packages, is_current) = read.map_err(failure)?;
        if !is_current {
            let what = "the packages of the root changed while they were read";
            return Err(Failure::new(what).hint("try again"));
        }
        warn(&notes)?;
        Ok((packages.into_iter().map(Package::into_installed).collect(), notes.is_empty()))
    }

    /// The fail-safe copies, by name.
    pub(crate) fn copies(&self) -> &[NamedText] {
        self.state.as_ref().map(|state| &state.fail_safe[..]).unwrap_or_default()
    }

    /// Writes the decisions about modules into the root, with the copies of enabled streams.
    pub(crate) fn apply(
        &self,
        modules: &ModuleStates,
        copies: Vec<NamedText>,
    ) -> Result<Applied, Failure> {
        let (Some(root), Some(state)) = (&self.root, &self.state) else {
            return Err(Failure::new("there is no root to write the state of modules into")
                .hint("say --installroot DIR"));
        };
        let new = NewState { modules: modules.clone(), copies };
        root.apply(state, &new).map_err(failure)
    }

    /// Writes the state that the machine would have into a file.
    pub(crate) fn save(
        &self,
        modules: &ModuleStates,
        copies: Vec<NamedText>,
        installed: &[InstalledPackage],
        path: &Path,
    ) -> Result<(), Failure> {
        let mut state = self.state.clone().unwrap_or_else(State::empty);
        state.set_modules(modules, copies);
        state.set_packages(installed);
        state.save(path).map_err(failure)
    }
}

/// Says what was passed over.
fn warn<'n>(notes: impl IntoIterator<Item = &'n Note>) -> io::Result<()> {
    let mut log = io::stderr().lock();
    notes.into_iter().try_for_each(|note| writeln!(log, "modex: warning: {note}"))
}

fn options(repository: &Repository, config: &MainConfig) -> RepoOptions {
    let is_off = |word: &String| *word == "all" || *word == repository.id;
    let unless_off = |list: &Vec<String>| match config.disable_excludes.iter().any(is_off) {
        true => Vec::new(),
        false => list.clone(),
    };
    RepoOptions {
        priority: repository.priority,
        cost: repository.cost,
        module_hotfixes: repository.module_hotfixes,
        exclude: unless_off(&repository.excludepkgs),
        include: unless_off(&repository.includepkgs),
        ..RepoOptions::new(&repository.id)
    }
}

/// A fail-safe copy as the resolver takes it; `None` where its name says of no stream.
pub(crate) fn copy(persistdir: &str, text: &NamedText) -> Result<Option<FailSafeCopy>, Failure> {
    let Some((module, stream)) = module_and_stream(&text.name) else { return Ok(None) };
    let index = modulemd::hot_file(&documents(&failsafe::folder(persistdir), text)?)?;
    Ok(Some(FailSafeCopy { module: module.to_owned(), stream: stream.to_owned(), index }))
}

/// The bytes of a file that the user names, which may be a pipe, but must end.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > LIMIT {
        true => Err(io::Error::other(format!("larger than {LIMIT} bytes"))),
        false => Ok(bytes),
    }
}

/// The platform that dnf.conf says.
fn configured_platform(config: &MainConfig) -> Result<Option<String>, Failure> {
    let Some(platform) = &config.module_platform_id else { return Ok(None) };
    match platform_parts(platform).is_some() {
        true => Ok(Some(platform.clone())),
        false => Err(Failure::new(format!(
            "dnf.conf: `module_platform_id={platform}` is not a platform (NAME:STREAM, as in platform:el9)"
        ))
        .hint("repair it, or say --platform")),
    }
}

/// The module documents of a file that a machine keeps in a folder.
fn documents(folder: &str, text: &NamedText) -> Result<Modules, Failure> {
    let limits = Limits::default();
    let mut report = Report::new(limits.problems);
    let opened = Opened::stream(
        &format!("{folder}/{}", text.name),
        text.text.as_bytes(),
        Stated::default(),
        &limits,
    );
    let read = opened.and_then(|opened| modulemd::read(opened, 1, &limits, &mut report));
    for problem in &report.problems {
        writeln!(io::stderr(), "modex: warning: {problem}")?;
    }
    Ok(read?)
}

/// An error of a root, with what to try.
pub(crate) fn failure(error: RootError) -> Failure {
    let failure = Failure::new(&error);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
