//! Writing so that there is never half a file under a name.

use crate::Error;
use std::fs::{self, File, Permissions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Names of files that are not complete. They vanish with the process; what a power cut leaves, the next run removes.
const UNFINISHED: (&str, &str) = (".modex-", ".tmp");

/// Files that are written into a folder under names that mean nothing, and all get their real names at the end.
///
/// Dropped before that, it leaves nothing.
pub(super) struct Staging {
    folder: PathBuf,
    files: Vec<(NamedTempFile, PathBuf)>,
    lock: Option<Lock>,
}

/// Held as long as somebody writes in a folder; goes with the process at the latest.
pub(super) struct Lock {
    _folder: File,
}

impl Staging {
    /// In a folder in which nobody else publishes meanwhile.
    pub(super) fn locked(folder: &Path) -> Result<Self, Error> {
        let handle = File::open(folder).map_err(Error::io(folder))?;
        match handle.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(Error::Locked(folder.into())),
            // A file system without locks: what is left is the look at repomd.xml before it is replaced.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        remove_unfinished(folder)?;
        let lock = Some(Lock { _folder: handle });
        Ok(Staging { folder: folder.into(), files: Vec::new(), lock })
    }

    /// In a folder in which others may write too. What an interrupted one left is removed when nobody else writes.
    pub(super) fn shared(folder: &Path) -> Result<Self, Error> {
        let handle = File::open(folder).map_err(Error::io(folder))?;
        if handle.try_lock().is_ok() {
            remove_unfinished(folder)?;
            handle.unlock().map_err(Error::io(folder))?;
        }
        // Where there are no locks nobody removes anything either.
        let lock = handle.lock_shared().is_ok().then_some(Lock { _folder: handle });
        Ok(Staging { folder: folder.into(), files: Vec::new(), lock })
    }

    /// Writes a file, down to the disk. One that is there already with these bytes is left alone.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.folder.join(name);
        if has_bytes(&path, bytes) {
            return Ok(());
        }
        let file = write_temporary(&self.folder, bytes, None)?;
        self.files.push((file, path));
        Ok(())
    }

    /// Gives all files their names.
    pub(super) fn persist(self) -> Result<Option<Lock>, Error> {
        let Staging { folder, files, lock } = self;
        if !files.is_empty() {
            for (file, path) in files {
                file.persist(&path).map_err(|failed| Error::io(&path)(failed.error))?;
            }
            sync_folder(&folder)?;
        }
        Ok(lock)
    }
}

/// Replaces a file, provided it still has its old bytes.
pub(super) fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let permissions = fs::metadata(path).map_err(Error::io(path))?.permissions();
    let file = write_temporary(folder, new, Some(permissions))?;
    if !has_bytes(path, old) {
        return Err(Error::Changed(path.into()));
    }
    file.persist(path).map_err(|failed| Error::io(path)(failed.error))?;
    sync_folder(folder)
}

/// Writes a file whole or not at all: beside its place, synced, then moved there. What was there before is replaced.
///
/// # Errors
/// Where that cannot be done; then what was there before still is.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    // A device, a terminal or a pipe is written into and stays what it is.
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return fs::write(path, bytes).map_err(Error::io(path));
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    let file = write_temporary(folder, bytes, None)?;
    file.persist(path).map_err(|failed| Error::io(path)(failed.error))?;
    sync_folder(folder)
}

fn write_temporary(
    folder: &Path,
    bytes: &[u8],
    permissions: Option<Permissions>,
) -> Result<NamedTempFile, Error> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: the process's umask takes away what it takes away.
        builder.permissions(Permissions::from_mode(0o666));
    }
    let failed = |error: io::Error| Error::io(folder)(without_path(error));
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    let written = file.write_all(bytes).and_then(|()| match permissions {
        Some(permissions) => file.as_file().set_permissions(permissions),
        None => Ok(()),
    });
    written.and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    Ok(file)
}

/// An error without the name of the temporary file, which says nothing to anybody, where its kind says enough.
fn without_path(error: io::Error) -> io::Error {
    use io::ErrorKind::{
        NotADirectory, NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
    };
    match error.kind() {
        NotFound => io::Error::new(NotFound, "there is no such folder"),
        kind @ (NotADirectory | PermissionDenied | QuotaExceeded | ReadOnlyFilesystem
        | StorageFull) => kind.into(),
        _ => error,
    }
}

/// Whether a file is there and has exactly these bytes.
fn has_bytes(path: &Path, bytes: &[u8]) -> bool {
    let same = || -> io::Result<bool> {
        let mut file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() || metadata.len() != bytes.len() as u64 {
            return Ok(false);
        }
        let (mut rest, mut buffer) = (bytes, vec![0; 128 << 10]);
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(rest.is_empty()),
                count => match rest.strip_prefix(&buffer[..count]) {
                    Some(left) => rest = left,
                    None => return Ok(false),
                },
            }
        }
    };
    same().unwrap_or(false)
}

fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io(folder))
}

/// Whether a file name is one that modex gives: `DIGEST-modex.json` or `DIGEST-modex-ARCH.hot`, `.warm`, `.cold`.
pub fn is_ours(name: &str) -> bool {
    let Some((digest, rest)) = name.split_once("-modex") else { return false };
    let word = |arch: &str| {
        !arch.is_empty() && arch.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let of_an_arch = |rest: &str| {
        rest.strip_prefix('-')
            .and_then(|rest| rest.split_once('.'))
            .is_some_and(|(arch, end)| word(arch) && matches!(end, "hot" | "warm" | "cold"))
    };
    modex_formats::pointer::is_digest(digest) && (rest == ".json" || of_an_arch(rest))
}

/// Removes files of ours that nobody names; gives their names, sorted.
pub(super) fn remove_others(folder: &Path, named: &[&str]) -> Result<Vec<String>, Error> {
    remove(folder, |name| is_ours(name) && !named.contains(&name))
}

fn remove_unfinished(folder: &Path) -> Result<(), Error> {
    remove(folder, |name| name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1))?;
    Ok(())
}

fn remove(folder: &Path, which: impl Fn(&str) -> bool) -> Result<Vec<String>, Error> {
    let mut removed = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let entry = entry.map_err(Error::io(folder))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && which(&name) {
            fs::remove_file(entry.path()).map_err(Error::io(&entry.path()))?;
            removed.push(name);
        }
    }
    removed.sort_unstable();
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_is_left_until_all_is_there() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".modex-cut.tmp"), "half").unwrap();
        let mut staging = Staging::locked(folder.path()).unwrap();
        staging.add("a", b"1").unwrap();
        assert!(matches!(Staging::locked(folder.path()), Err(Error::Locked(_))));
        drop(staging);
        assert!(names(folder.path()).is_empty());
        let mut staging = Staging::locked(folder.path()).unwrap();
        staging.add("a", b"1").unwrap();
        staging.add("b", b"2").unwrap();
        assert!(!names(folder.path()).contains(&"a".to_string()));
        staging.persist().unwrap();
        assert_eq!(names(folder.path()), ["a", "b"]);
    }

    #[test]
    fn left_files_go_when_nobody_else_writes() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(".modex-cut.tmp");
        fs::write(&left, "half").unwrap();
        let mut one = Staging::shared(folder.path()).unwrap();
        assert!(!left.exists());
        one.add("a", b"1").unwrap();
        // Another one that starts meanwhile leaves the files of the first one alone.
        let mut two = Staging::shared(folder.path()).unwrap();
        two.add("b", b"2").unwrap();
        assert!(matches!(Staging::locked(folder.path()), Err(Error::Locked(_))));
        one.persist().unwrap();
        two.persist().unwrap();
        assert_eq!(names(folder.path()), ["a", "b"]);
    }

    #[test]
    fn a_changed_file_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("repomd.xml");
        fs::write(&path, "old").unwrap();
        assert!(matches!(replace(&path, b"other", b"new"), Err(Error::Changed(_))));
        assert_eq!((fs::read(&path).unwrap(), names(folder.path()).len()), (b"old".to_vec(), 1));
        replace(&path, b"old", b"new").unwrap();
        assert_eq!((fs::read(&path).unwrap(), names(folder.path()).len()), (b"new".to_vec(), 1));
    }

    #[test]
    fn only_our_own_files_are_removed() {
        let digest = "0a".repeat(32);
        let ours = [format!("{digest}-modex.json"), format!("{digest}-modex-x86_64.hot")];
        let others = [
            format!("{digest}-primary.xml.gz"),
            format!("{}-modex.json", &digest[1..]),
            format!("{digest}-modex-x86_64.hot.zst"),
            format!("{digest}-modex-.hot"),
            "repomd.xml".into(),
        ];
        assert!(ours.iter().all(|name| is_ours(name)) && !others.iter().any(|name| is_ours(name)));
        let folder = tempfile::tempdir().unwrap();
        for name in ours.iter().chain(&others) {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let removed = remove_others(folder.path(), &[&ours[0]]).unwrap();
        assert_eq!((removed, names(folder.path()).len()), (vec![ours[1].clone()], 6));
    }
}
