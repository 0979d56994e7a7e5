//! Writing what was decided about modules, as dnf writes it.

use super::failsafe::{self, NamedText};
use super::files::{self, FOLDER, Lines, ModuleFile};
use crate::error::RootError;
use crate::inside::{Root, is_absent};
use crate::state::State;
use modex_resolver::streams::{ModuleState, ModuleStates};
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

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
    /// Writes what a transaction does to the state of modules: the files of those that changed, files whose words dnf spells otherwise, and the fail-safe copies that go with them: first all new
    /// bytes beside the old files, then one rename a file. Where a rename fails, those before it are taken back; where the
    /// process ends between two, each file is whole, the old or the new one.
    ///
    /// # Errors
    /// A state file changed since `state` was read ([`RootError::Busy`]), or a folder cannot be written.
    pub fn apply(&self, state: &State, new: &NewState) -> Result<Applied, RootError> {
        let mut applied = Applied::default();
        let staged = self.stage(state, new)?;
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in staged.iter().filter_map(|it| it.target.parent()) {
            if !folders.iter().any(|it| it == folder) {
                folders.push(folder.to_owned());
            }
        }
        let mut done = Vec::new();
        for Staged { shown, target, file, old } in staged {
            if let Err(error) = file.persist(&target) {
                take_back(done);
                return Err(RootError::file(&target, error.error));
            }
            applied.written.push(shown);
            done.push((target, old));
        }
        for folder in folders {
            sync(&folder)?;
        }
        let folder = failsafe::folder(&state.config.persistdir);
        for name in self.names(&folder)? {
            let Some((module, stream)) = failsafe::module_and_stream(&name) else { continue };
            if failsafe::is_copy(&name) && new.modules.enabled(module) != Some(stream) {
                let path = format!("{folder}/{name}");
                let target = self.path(&folder)?.join(&name);
                fs::remove_file(&target).map_err(|error| RootError::file(&target, error))?;
                applied.removed.push(path);
            }
        }
        Ok(applied)
    }

    /// Puts the new bytes of all files that change beside them.
    fn stage(&self, state: &State, new: &NewState) -> Result<Vec<Staged>, RootError> {
        let mut lines = files::read(self, &mut Vec::new())?;
        let now = lines.iter().map(|(module, lines)| (module.clone(), lines.says())).collect();
        if state.modules != now {
            return Err(RootError::Busy { path: self.path(FOLDER)? });
        }
        let mut staged = Vec::new();
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
        let folder = failsafe::folder(&state.config.persistdir);
        for copy in &new.copies {
            let name = file_name(&copy.name, "")?;
            let there = self.read(&format!("{folder}/{name}"), copy.text.len() as u64);
            if there.ok().flatten().is_none_or(|there| there != copy.text.as_bytes()) {
                staged.push(self.put(&folder, &name, copy.text.as_bytes())?);
            }
        }
        Ok(staged)
    }

    fn put(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<Staged, RootError> {
        let inside = self.path(folder)?;
        let target = inside.join(name);
        let fail = |error| RootError::file(&target, error);
        fs::DirBuilder::new().recursive(true).mode(0o755).create(&inside).map_err(fail)?;
        let old = match fs::read(&target) {
            Ok(bytes) => Some((bytes, fs::metadata(&target).map_err(fail)?.permissions())),
            Err(error) if is_absent(&error) => None,
            Err(error) => return Err(fail(error)),
        };
        let file = beside(&inside, bytes, old.as_ref().map(|(_, mode)| mode)).map_err(fail)?;
        Ok(Staged { shown: format!("{folder}/{name}"), target, file, old })
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
        tempfile::Builder::new().prefix(".modex-").permissions(permissions).tempfile_in(folder)?;
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
        .map_err(|error| RootError::file(folder, error))
}
