//! Paths below a root, and the bytes of files there.

use crate::error::RootError;
use rustix::fs::OFlags;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

/// More links than this on the way to one file are a loop.
const MAX_LINKS: usize = 40;
/// More entries than this in one folder are refused.
const MAX_ENTRIES: usize = 100_000;

/// A folder that is the root of a system, `/` or another one. Links within it are followed as a process would meet them
/// that had it for its root: an absolute one does not lead out of it.
#[derive(Clone, Debug)]
pub struct Root {
    dir: PathBuf,
}

impl Root {
    /// Names a root.
    ///
    /// # Errors
    /// It is not there, or is no folder.
    pub fn open(dir: &Path) -> Result<Self, RootError> {
        let fail = |source| RootError::NoRoot { path: dir.to_owned(), source };
        let dir = dir.canonicalize().map_err(fail)?;
        fs::read_dir(&dir).map_err(fail)?;
        Ok(Root { dir })
    }

    /// The folder, as an absolute path.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether it is the machine that this runs on.
    pub fn is_host(&self) -> bool {
        self.dir == Path::new("/")
    }

    /// Where a path of the root lies in this machine's file system, links followed; the last parts need not exist.
    ///
    /// # Errors
    /// Links go round, or a folder on the way cannot be searched.
    pub(crate) fn path(&self, inside: &str) -> Result<PathBuf, RootError> {
        let whole = || self.dir.join(inside.trim_start_matches('/'));
        if self.is_host() {
            return Ok(whole());
        }
        let mut links = 0;
        let mut found = self.dir.clone();
        let mut depth = 0usize;
        let mut left: Vec<PathBuf> = parts(Path::new(inside));
        while let Some(part) = left.pop() {
            if part == Path::new("..") {
                if depth > 0 {
                    depth -= 1;
                    found.pop();
                }
                continue;
            }
            let next = found.join(&part);
            match fs::read_link(&next) {
                Ok(target) => {
                    links += 1;
                    if links > MAX_LINKS {
                        let source = io::Error::from(io::ErrorKind::InvalidInput);
                        let source = io::Error::new(source.kind(), "too many symbolic links");
                        return Err(RootError::file(&whole(), source));
                    }
                    if target.is_absolute() {
                        found.clone_from(&self.dir);
                        depth = 0;
                    }
                    left.extend(parts(&target));
                }
                // Not a link, or not there.
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::InvalidInput
                            | io::ErrorKind::NotFound
                            | io::ErrorKind::NotADirectory
                    ) =>
                {
                    found = next;
                    depth += 1;
                }
                Err(error) => return Err(RootError::file(&next, error)),
            }
        }
        Ok(found)
    }

    /// A path of this machine's file system as it is below the root, for messages.
    pub(crate) fn shown(&self, path: &Path) -> String {
        match path.strip_prefix(&self.dir) {
            Ok(below) => format!("/{}", below.display()),
            Err(_) => path.display().to_string(),
        }
    }

    /// The bytes of a file; `None` where there is none.
    ///
    /// # Errors
    /// It cannot be read, is no plain file, or is larger than `limit` bytes.
    pub(crate) fn read(&self, inside: &str, limit: u64) -> Result<Option<Vec<u8>>, RootError> {
        let path = self.path(inside)?;
        let fail = |error| RootError::file(&path, error);
        let file = match open_plain(&path) {
            Ok(file) => file,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(fail(error)),
        };
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes).map_err(fail)?;
        if bytes.len() as u64 > limit {
            return Err(RootError::TooLarge { path, limit });
        }
        Ok(Some(bytes))
    }

    /// The names of a folder's entries, sorted; those that are not UTF-8 are left out. None where there is no folder.
    ///
    /// # Errors
    /// The folder cannot be read, is none, or has very many entries.
    pub(crate) fn names(&self, inside: &str) -> Result<Vec<String>, RootError> {
        let path = self.path(inside)?;
        let fail = |error| RootError::file(&path, error);
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(_) if path.is_file() => {
                return Err(fail(io::Error::new(io::ErrorKind::NotADirectory, "not a folder")));
            }
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            Err(error) => return Err(fail(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            names.extend(entry.map_err(fail)?.file_name().into_string());
            if names.len() > MAX_ENTRIES {
                return Err(fail(io::Error::other("too many entries")));
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Whether something is at a path of the root.
    ///
    /// # Errors
    /// Nobody can tell: links go round, or a folder on the way cannot be searched.
    pub(crate) fn exists(&self, inside: &str) -> Result<bool, RootError> {
        let path = self.path(inside)?;
        match fs::metadata(&path) {
            Ok(_) => Ok(true),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(RootError::file(&path, error)),
        }
    }
}

/// Opens a plain file: a pipe would make its opener wait, a device need not end.
pub(crate) fn open_plain(path: &Path) -> io::Result<File> {
    let plain = |metadata: fs::Metadata| match metadata.is_file() {
        true => Ok(()),
        false => Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file")),
    };
    plain(fs::metadata(path)?)?;
    // Something else may be there by now.
    let flags = OFlags::NONBLOCK.bits() as i32;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    plain(file.metadata()?)?;
    Ok(file)
}

/// Whether the system says that a file is not there.
pub(crate) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The parts of a path that lead somewhere, last first.
fn parts(path: &Path) -> Vec<PathBuf> {
    let leads = |part: &Component<'_>| matches!(part, Component::Normal(_) | Component::ParentDir);
    path.components().rev().filter(leads).map(|part| PathBuf::from(part.as_os_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_stay_inside() {
        let dir = tempfile::tempdir().unwrap();
        let etc = dir.path().join("etc");
        fs::create_dir_all(dir.path().join("usr/lib")).unwrap();
        fs::create_dir(&etc).unwrap();
        fs::write(dir.path().join("usr/lib/x"), "inside").unwrap();
        symlink("/usr/lib/x", etc.join("absolute")).unwrap();
        symlink("../../../../usr/lib/x", etc.join("above")).unwrap();
        symlink("a", etc.join("b")).unwrap();
        symlink("b", etc.join("a")).unwrap();
        symlink("/nowhere", etc.join("dangling")).unwrap();
        let root = Root::open(dir.path()).unwrap();
        for name in ["etc/absolute", "/etc/above", "etc/../etc/absolute"] {
            assert_eq!(root.read(name, 10).unwrap().unwrap(), b"inside", "{name}");
        }
        assert!(root.read("etc/dangling", 10).unwrap().is_none());
        assert!(root.read("etc/absolute/more", 10).unwrap().is_none());
        assert!(root.read("etc/a", 10).unwrap_err().to_string().contains("symbolic links"));
        assert!(matches!(root.read("usr/lib/x", 5), Err(RootError::TooLarge { limit: 5, .. })));
        assert!(root.read("usr/lib", 5).unwrap_err().to_string().contains("not a file"));
        assert_eq!(root.names("etc").unwrap().len(), 5);
        assert!(matches!(Root::open(&dir.path().join("none")), Err(RootError::NoRoot { .. })));
        assert!(matches!(Root::open(&dir.path().join("usr/lib/x")), Err(RootError::NoRoot { .. })));
    }
}
