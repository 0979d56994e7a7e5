//! Roots and databases made by the tests.

use modex_fixtures::HeaderBytes;
use modex_root::{ReadOptions, Root, RootError, State};
use rusqlite::Connection;
use rustix::fs::{CWD, Mode, mkfifoat};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder that is a root.
pub(crate) struct Made {
    folder: TempDir,
}

impl Made {
    pub(crate) fn new() -> Self {
        Made { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.dir().join(inside)
    }

    /// Writes a file.
    pub(crate) fn with(self, inside: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(inside);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Writes rpm's database.
    pub(crate) fn with_packages(self, packages: &[Vec<u8>]) -> Self {
        let path = self.path(DATABASE);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        database(&path, packages);
        self
    }

    /// Makes a pipe.
    pub(crate) fn pipe(&self, inside: &str) {
        let path = self.path(inside);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR).unwrap();
    }

    pub(crate) fn root(&self) -> Root {
        Root::open(self.dir()).unwrap()
    }

    pub(crate) fn state(&self) -> State {
        self.try_state().unwrap()
    }

    pub(crate) fn try_state(&self) -> Result<State, RootError> {
        self.root().read_state(&ReadOptions::default())
    }

    pub(crate) fn text(&self, inside: &str) -> String {
        fs::read_to_string(self.path(inside)).unwrap()
    }

    /// All files with their bytes and times: what must not change.
    pub(crate) fn everything(&self) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.dir().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
                let changed = entry.metadata().unwrap().modified().unwrap();
                match entry.file_type().unwrap().is_dir() {
                    true => folders.push(entry.path()),
                    false => {
                        found.insert(entry.path(), (fs::read(entry.path()).unwrap(), changed));
                    }
                }
            }
        }
        found
    }
}

pub(crate) const DATABASE: &str = "usr/lib/sysimage/rpm/rpmdb.sqlite";

/// Makes a database as rpm does, with a log beside it while it is open.
pub(crate) fn open_database(path: &Path, packages: &[Vec<u8>]) -> Connection {
    let database = Connection::open(path).unwrap();
    database.pragma_update(None, "journal_mode", "WAL").unwrap();
    database
        .execute_batch("CREATE TABLE IF NOT EXISTS Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
        .unwrap();
    for header in packages {
        database.execute("INSERT INTO Packages (blob) VALUES (?1)", [header]).unwrap();
    }
    database
}

pub(crate) fn database(path: &Path, packages: &[Vec<u8>]) {
    open_database(path, packages).close().unwrap();
}

/// The value of a tag.
pub(crate) enum Tag<'a> {
    Text(&'a str),
    Texts(&'a [&'a str]),
    Numbers(&'a [u32]),
}

/// A header as rpm's database keeps it.
pub(crate) fn header(tags: &[(u32, Tag<'_>)]) -> Vec<u8> {
    let mut bytes = HeaderBytes::default();
    for (tag, value) in tags {
        match value {
            Tag::Text(text) => bytes.text(*tag, text),
            Tag::Texts(texts) => bytes.texts(*tag, texts),
            Tag::Numbers(numbers) => bytes.numbers(*tag, numbers),
        }
    }
    bytes.finish()
}

/// The header of a package with nothing to say.
pub(crate) fn package(name: &str, version: &str, arch: &str) -> Vec<u8> {
    header(&[
        (1000, Tag::Text(name)),
        (1001, Tag::Text(version)),
        (1002, Tag::Text("1")),
        (1022, Tag::Text(arch)),
        (1044, Tag::Text("x.src.rpm")),
    ])
}
