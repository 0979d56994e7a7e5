//! A SQLite database, read without leaving a trace: SQLite itself would make `-shm` files, or finish what a crashed writer
//! began, beside a database that it opens for reading.

use crate::error::RootError;
use crate::inside::open_plain;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use rustix::fs::{FlockOperation, fcntl_lock};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// Larger databases are refused.
const MAX_SIZE: u64 = 8 << 30;
/// Larger ones are not copied, which is needed where a log lies beside them.
const MAX_COPY: u64 = 2 << 30;
/// Larger values are refused.
const MAX_VALUE: i32 = 64 << 20;
/// How often a database is read again that changed meanwhile.
const TRIES: usize = 3;
/// As fine as the coarsest clock of a file system that Linux knows (FAT).
const CLOCK: Duration = Duration::from_secs(2);

/// A database that nobody changes.
pub(crate) struct Snapshot {
    pub(crate) connection: Connection,
    /// Bytes of the database and its log.
    pub(crate) size: u64,
    _copy: Option<TempDir>,
}

impl Snapshot {
    /// Reads something from a database: again where it changed meanwhile.
    ///
    /// # Errors
    /// What `read` says, or the database cannot be opened, is too large or in use.
    pub(crate) fn of<T>(
        path: &Path,
        read: impl Fn(&Snapshot) -> rusqlite::Result<T>,
    ) -> Result<T, RootError> {
        for _ in 0..TRIES {
            let before = prints(path)?;
            let found = Snapshot::open(path).and_then(|snapshot| {
                read(&snapshot).map_err(|error| RootError::database(path, words(&error)))
            });
            if prints(path)? == before {
                return found;
            }
        }
        Err(RootError::Busy { path: path.to_owned() })
    }

    fn open(path: &Path) -> Result<Self, RootError> {
        let file_error = |error| RootError::file(path, error);
        let length = |path: &Path| fs::metadata(path).map_or(0, |it| it.len());
        let (wal, journal) = (beside(path, "-wal"), beside(path, "-journal"));
        let size = length(path) + length(&wal);
        if size > MAX_SIZE {
            return Err(RootError::TooLarge { path: path.to_owned(), limit: MAX_SIZE });
        }
        // A reader's lock that cannot be had: a writer changes the file itself, not a log beside it.
        let mut file = open_plain(path).map_err(file_error)?;
        let mut head = [0; 20];
        let has_log = file.read_exact(&mut head).is_ok() && head[18] == 2;
        if !has_log && is_locked(&file) {
            return Err(RootError::Busy { path: path.to_owned() });
        }
        let copy = match length(&wal) > 0 || length(&journal) > 0 {
            false => None,
            true if size > MAX_COPY => {
                return Err(RootError::TooLarge { path: wal, limit: MAX_COPY });
            }
            true => Some(copy([path, &wal, &journal]).map_err(file_error)?),
        };
        let opened = match &copy {
            Some(folder) => {
                Connection::open(folder.path().join(path.file_name().unwrap_or_default()))
            }
            None => Connection::open_with_flags(
                immutable(path),
                OpenFlags::SQLITE_OPEN_READ_ONLY
                    | OpenFlags::SQLITE_OPEN_URI
                    | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            ),
        };
        let connection =
            opened.and_then(distrust).map_err(|error| RootError::database(path, words(&error)))?;
        Ok(Snapshot { connection, size, _copy: copy })
    }
}

/// Nothing that the database itself holds is run.
fn distrust(connection: Connection) -> rusqlite::Result<Connection> {
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE)?;
    for (setting, value) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        connection.set_db_config(setting, value)?;
    }
    Ok(connection)
}

/// SQLite's words, without the number of its source line.
fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(failure, Some(words)) => match failure.code {
            ErrorCode::NotADatabase => "it is not a SQLite database, or damaged".into(),
            ErrorCode::DatabaseCorrupt => "the database is damaged".into(),
            _ => words.clone(),
        },
        other => other.to_string(),
    }
}

/// Whether somebody holds a lock on a file to write it.
pub(crate) fn is_locked(file: &File) -> bool {
    let tried = fcntl_lock(file, FlockOperation::NonBlockingLockShared);
    tried.is_err_and(|error| matches!(error, rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS))
}

/// A copy of a database with what lies beside it, in a folder that goes with the result.
fn copy(files: [&Path; 3]) -> io::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    for file in files {
        let mut from = match open_plain(file) {
            Ok(from) => from,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let to = folder.path().join(file.file_name().unwrap_or_default());
        io::copy(&mut from, &mut File::create(to)?)?;
    }
    Ok(folder)
}

/// A file that SQLite keeps beside a database.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The URI of a database that is read as it lies there, without locks.
fn immutable(path: &Path) -> String {
    let path = percent_encoding::percent_encode(
        path.as_os_str().as_bytes(),
        const { &percent_encoding::NON_ALPHANUMERIC.remove(b'/') },
    );
    format!("file:{path}?immutable=1")
}

/// By what one sees that a file changed: where it lies, its length, when its bytes and when its entry changed (nanoseconds).
type Print = (u64, u64, u64, i128, i128);

/// Those of a database and of what lies beside it.
fn prints(path: &Path) -> Result<[Option<Print>; 3], RootError> {
    let time = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    let print = |it: Metadata| {
        let bytes = time(it.mtime(), it.mtime_nsec());
        (it.dev(), it.ino(), it.len(), bytes, time(it.ctime(), it.ctime_nsec()))
    };
    let database = fs::metadata(path).map_err(|error| RootError::file(path, error))?;
    // Readers, too, make empty ones.
    let with_bytes = |it: Metadata| (it.len() > 0).then(|| print(it));
    let [wal, journal] = ["-wal", "-journal"]
        .map(|suffix| fs::metadata(beside(path, suffix)).ok().and_then(with_bytes));
    Ok([Some(print(database)), wal, journal])
}

/// A text that is another one as soon as a database has changed; `None` where it changed so lately that the clock of its file system
/// might not tell the next change from the last.
///
/// # Errors
/// It is not there.
pub(crate) fn mark(path: &Path) -> Result<Option<String>, RootError> {
    let prints = prints(path)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let settled = now.saturating_sub(CLOCK).as_nanos() as i128;
    let is_settled = |(.., bytes, entry): &Print| (*bytes).max(*entry) < settled;
    let text = || format!("{} {prints:?}", path.display());
    Ok(prints.iter().flatten().all(is_settled).then(text))
}
