//! Writing what was decided about modules, as dnf writes it.

use super::failsafe::{self, NamedText};
use super::files::{self, FOLDER, Lines, ModuleFile};
use crate::error::RootError;
use crate::inside::Root;
use crate::state::State;
use modex_resolver::streams::{ModuleState, ModuleStates};
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// How the names of files begin that are not yet in their place. dnf reads none of them.
const UNFINISHED: &str = ".modex-";
/// More bytes than this are not kept to be given back.
const LIMIT: u64 = 16 << 20;

/// What is to hold from now on.
#[derive(Clone, Debug, Default)]
pub struct NewState {
    /// The decisions about all modules.
    pub modules: ModuleStates,
    /// The fail-safe copies that enabled streams are to have: the newest active document of each, by the name
    /// `NAME:STREAM:ARCH.yaml`. Others of enabled streams stay as they are, those of other streams go.
    pub copies: Vec<NamedText>,
}

/// What was written, as paths below the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Files that are new or hold something else now.
    pub written: Vec<String>,
    /// Files that are no longer there.
    pub removed: Vec<String>,
}

/// A file whose new bytes are on disk beside it, under another name.
struct Staged {
    shown: String,
    target: PathBuf,
    file: NamedTempFile,
    old: Option<Old>,
}

/// What a file held, and its mode.
type Old = (Vec<u8>, Permissions);

impl Root {
    /// Writes what a transaction does to the state of modules: the fail-safe copies of enabled streams, the state files of modules that
    /// changed, and those whose words dnf spells otherwise. First all new bytes are put beside the old files, then each file is
    /// renamed, and copies that nobody needs any more are removed. Where one of these fails, those before it are taken back; where the
    /// process ends between two, each file is whole, the old or the new one, and what it left is removed by the next one.
    ///
    /// # Errors
    /// A state file changed since `state` was read, or somebody else writes ([`RootError::Busy`]); something cannot be written
    /// ([`RootError::Write`]).
    pub fn apply(&self, state: &State, new: &NewState) -> Result<Applied, RootError> {
        let copies = failsafe::folder(&state.config.persistdir);
        let _lock = self.lock()?;
        for folder in [FOLDER, &copies] {
            self.sweep(folder)?;
        }
        let staged = self.stage(state, new)?;
        let mut applied = Applied::default();
        let mut done = Vec::new();
        match self.finish(staged, &copies, new, &mut applied, &mut done) {
            Ok(()) => {
                applied.written.sort();
                Ok(applied)
            }
            Err(error) => {
                take_back(done);
                Err(error)
            }
        }
    }

    /// Keeps others who apply away until the result is dropped.
    fn lock(&self) -> Result<Option<File>, RootError> {
        let path = self.path(FOLDER)?;
        let Ok(folder) = path.read_dir().and_then(|_| File::open(&path)) else { return Ok(None) };
        match flock(&folder, FlockOperation::NonBlockingLockExclusive) {
            Err(rustix::io::Errno::AGAIN) => Err(RootError::Busy { path }),
            // Not every file system has locks.
            _ => Ok(Some(folder)),
        }
    }

    /// Removes what one left who was killed.
    fn sweep(&self, folder: &str) -> Result<(), RootError> {
        for name in self.names(folder)? {
            if name.starts_with(UNFINISHED) {
                let _ = fs::remove_file(self.path(folder)?.join(name));
            }
        }
        Ok(())
    }

    /// Renames what is staged and removes what nobody needs; `done` is what was there before.
    fn finish(
        &self,
        staged: Vec<Staged>,
        copies: &str,
        new: &NewState,
        applied: &mut Applied,
        done: &mut Vec<(PathBuf, Option<Old>)>,
    ) -> Result<(), RootError> {
        for Staged { shown, target, file, old } in staged {
            file.persist(&target).map_err(|error| RootError::unwritten(&target, &error.error))?;
            applied.written.push(shown);
            done.push((target, old));
        }
        for name in self.names(copies)? {
            let Some((module, stream)) = failsafe::module_and_stream(&name) else { continue };
            if !failsafe::is_copy(&name) || new.modules.enabled(module) == Some(stream) {
                continue;
            }
            let target = self.path(copies)?.join(&name);
            let inside = format!("{copies}/{name}");
            // What is no copy was passed over when it was read.
            let Ok(old) = self.old(&inside, &target) else { continue };
            fs::remove_file(&target).map_err(|error| RootError::unwritten(&target, &error))?;
            applied.removed.push(inside);
            done.push((target, old));
        }
        let mut folders: Vec<&Path> = done.iter().filter_map(|it| it.0.parent()).collect();
        folders.sort_unstable();
        folders.dedup();
        folders.into_iter().try_for_each(sync)
    }

    /// What a file holds; nothing where there is none, or a link that leads nowhere.
    fn old(&self, inside: &str, target: &Path) -> Result<Option<Old>, RootError> {
        let Some(bytes) = self.read(inside, LIMIT)? else { return Ok(None) };
        let mode =
            fs::metadata(self.path(inside)?).map_err(|error| RootError::file(target, error))?;
        Ok(Some((bytes, mode.permissions())))
    }

    /// Puts the new bytes of all files that change beside them.
    fn stage(&self, state: &State, new: &NewState) -> Result<Vec<Staged>, RootError> {
        let mut lines = files::read(self, &mut Vec::new())?;
        let now = lines.iter().map(|(module, lines)| (module.clone(), lines.says())).collect();
        if state.modules != now {
            return Err(RootError::Busy { path: self.path(FOLDER)? });
        }
        // The copy of a stream before the file that enables it: whoever is stopped between them leaves a copy too many, not one too few.
        let mut staged = Vec::new();
        let folder = failsafe::folder(&state.config.persistdir);
        for copy in &new.copies {
            let name = file_name(&copy.name, "")?;
            let there = self.read(&format!("{folder}/{name}"), copy.text.len() as u64);
            if there.ok().flatten().is_none_or(|there| there != copy.text.as_bytes()) {
                staged.push(self.put(&folder, &name, copy.text.as_bytes())?);
            }
        }
        let known = lines.keys().cloned().collect::<Vec<_>>();
        let modules =
            known.iter().chain(new.modules.0.keys().filter(|it| !state.modules.contains_key(*it)));
        for module in modules {
            let name = file_name(module, ".module")?;
            let is_new = !lines.contains_key(module);
            let lines = lines.entry(module.clone()).or_insert_with(|| Lines::new(module));
            let said = to_say(lines.says(), new.modules.get(module));
            if lines.say(&said) || is_new {
                staged.push(self.put(FOLDER, &name, lines.text().as_bytes())?);
            }
        }
        Ok(staged)
    }

    fn put(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<Staged, RootError> {
        let inside = self.path(folder)?;
        let target = inside.join(name);
        let fail = |error| RootError::unwritten(&target, &error);
        fs::DirBuilder::new().recursive(true).mode(0o755).create(&inside).map_err(fail)?;
        let shown = format!("{folder}/{name}");
        let old = self.old(&shown, &target)?;
        let file = beside(&inside, bytes, old.as_ref().map(|(_, mode)| mode)).map_err(fail)?;
        Ok(Staged { shown, target, file, old })
    }
}

/// What a state file is to say: where nothing was decided anew, all stays but words that dnf does not know.
///
/// libdnf sorts profiles whenever it saves.
pub(crate) fn to_say(now: ModuleFile, new: Option<&ModuleState>) -> ModuleFile {
    let mut said = match new {
        _ if now.decision().as_ref() == new => now,
        Some(ModuleState::Enabled { stream, profiles }) => ModuleFile {
            state: "enabled".into(),
            stream: stream.clone(),
            profiles: profiles.clone(),
        },
        Some(ModuleState::Disabled) => {
            ModuleFile { state: "disabled".into(), ..ModuleFile::default() }
        }
        None => ModuleFile::default(),
    };
    said.profiles.sort();
    said
}

/// A name within a folder; names of modules and streams come from repositories.
fn file_name(name: &str, suffix: &str) -> Result<String, RootError> {
    match name.is_empty() || name.contains(['/', '\0']) || name.len() + suffix.len() > 255 {
        true => Err(RootError::FileName(name.to_owned())),
        false => Ok(format!("{name}{suffix}")),
    }
}

/// Writes bytes into a new file of a folder, safely on disk. Its mode is that of the file it replaces, or what the process's mask
/// leaves.
fn beside(folder: &Path, bytes: &[u8], mode: Option<&Permissions>) -> io::Result<NamedTempFile> {
    let permissions = Permissions::from_mode(0o666);
    let mut file =
        tempfile::Builder::new().prefix(UNFINISHED).permissions(permissions).tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(mode) = mode {
        file.as_file().set_permissions(mode.clone())?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Gives files back what they held, as far as the system lets us: there is a failure to tell already.
fn take_back(done: Vec<(PathBuf, Option<Old>)>) {
    for (target, old) in done.into_iter().rev() {
        let _ = match (old, target.parent()) {
            (Some((bytes, mode)), Some(folder)) => beside(folder, &bytes, Some(&mode))
                .and_then(|file| file.persist(&target).map_err(|error| error.error))
                .map(drop),
            _ => fs::remove_file(&target),
        };
    }
}

fn sync(folder: &Path) -> Result<(), RootError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| RootError::unwritten(folder, &error))
}
