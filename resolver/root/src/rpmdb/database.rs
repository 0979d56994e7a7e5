//! Where rpm's database lies, and all packages in it.

use super::package::Package;
use super::snapshot::{Snapshot, is_locked};
use crate::error::{Note, RootError};
use crate::inside::{Root, open_plain};
use modex_formats::rpm::Header;
use std::cell::RefCell;
use std::path::PathBuf;

/// Where distributions keep the database, and where rpm on Debian does for root.
const FOLDERS: [&str; 5] =
    ["/usr/lib/sysimage/rpm", "/var/lib/rpm", "/usr/share/rpm", "/root/.rpmdb", "/.rpmdb"];
/// The file of the one kind that is read.
const FILE: &str = "rpmdb.sqlite";
/// Files of the others.
const OTHERS: [(&str, &str); 3] =
    [("Packages.db", "ndb"), ("Packages", "bdb"), ("data.mdb", "lmdb")];
/// More packages than this are refused.
const MAX_PACKAGES: usize = 500_000;
/// More bytes of paths than this in all packages together are refused.
const MAX_PATHS: usize = 1 << 30;

/// What stops the reading of packages.
enum Stop {
    Header(i64, String),
    Packages,
    Size,
}

/// The file of the database; `None` where there is none.
///
/// # Errors
/// The database is of another kind, in use or may not be looked for.
pub(crate) fn locate(
    root: &Root,
    folder: Option<&str>,
    notes: &mut Vec<Note>,
) -> Result<Option<PathBuf>, RootError> {
    let folders = folder.map_or(FOLDERS.to_vec(), |folder| vec![folder]);
    let mut doubt = None;
    let mut is_there = |path: &str| {
        root.exists(path).unwrap_or_else(|error| {
            doubt.get_or_insert(error);
            false
        })
    };
    let Some(folder) = folders.iter().find(|folder| is_there(&format!("{folder}/{FILE}"))) else {
        for (folder, (name, kind)) in folders.iter().flat_map(|it| OTHERS.map(|other| (it, other)))
        {
            let path = format!("{folder}/{name}");
            if is_there(&path) {
                return Err(RootError::OtherDatabase { path: root.path(&path)?, kind });
            }
        }
        let has_something = |folder: &&&str| root.names(folder).is_ok_and(|it| !it.is_empty());
        if let Some(folder) = folders.iter().find(has_something) {
            let problem = "there is no database of rpm in it; no package counts as installed";
            let path = (*folder).to_owned();
            notes.push(Note { path, line: None, problem: problem.into() });
        }
        return doubt.map_or(Ok(None), Err);
    };
    let lock = root.path(&format!("{folder}/.rpm.lock"))?;
    if open_plain(&lock).is_ok_and(|lock| is_locked(&lock)) {
        return Err(RootError::Busy { path: root.path(folder)? });
    }
    root.path(&format!("{folder}/{FILE}")).map(Some)
}

/// All installed packages, in the order of their numbers; none where there is no database.
///
/// # Errors
/// As [`locate`]; the database or a header in it is damaged.
pub(crate) fn read(
    root: &Root,
    folder: Option<&str>,
    notes: &mut Vec<Note>,
) -> Result<Vec<Package>, RootError> {
    let Some(path) = locate(root, folder, notes)? else { return Ok(Vec::new()) };
    let found = Snapshot::of(&path, packages)?;
    let (packages, told) = found.map_err(|stop| match stop {
        Stop::Header(number, problem) => RootError::Header { path: path.clone(), number, problem },
        Stop::Packages => RootError::database(&path, format!("more than {MAX_PACKAGES} packages")),
        Stop::Size => {
            RootError::database(&path, "the database is damaged: it holds more than its size")
        }
    })?;
    notes.extend(told.into_iter().map(|(number, problem)| Note {
        path: root.shown(&path),
        line: None,
        problem: format!("header {number}: {problem}"),
    }));
    Ok(packages)
}

type Found = Result<(Vec<Package>, Vec<(i64, String)>), Stop>;

fn packages(snapshot: &Snapshot) -> rusqlite::Result<Found> {
    let mut query = snapshot.connection.prepare("SELECT hnum, blob FROM Packages ORDER BY hnum")?;
    let mut rows = query.query(())?;
    let notes = RefCell::new(Vec::new());
    let mut packages = Vec::new();
    let (mut seen, mut bytes, mut paths) = (0, 0, 0);
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let value = row.get_ref(1)?;
        let stop = |problem: String| Ok(Err(Stop::Header(number, problem)));
        let Ok(blob) = value.as_blob() else { return stop("it is no header".into()) };
        seen += 1;
        bytes += blob.len() as u64;
        if seen > MAX_PACKAGES {
            return Ok(Err(Stop::Packages));
        }
        // Headers share no bytes in a sound database.
        if bytes > snapshot.size {
            return Ok(Err(Stop::Size));
        }
        let Ok(short) = u32::try_from(number) else {
            return stop("its number is out of range".into());
        };
        let mut note = |problem| notes.borrow_mut().push((number, problem));
        match Header::parse(blob).and_then(|header| Package::read(&header, short, &mut note)) {
            Ok(None) => {}
            Ok(Some(package)) => {
                paths += package.files.iter().map(String::len).sum::<usize>();
                if paths > MAX_PATHS {
                    return stop(
                        "the paths of all packages are more than a system can have".into(),
                    );
                }
                packages.push(package);
            }
            Err(error) => return stop(error.to_string()),
        }
    }
    Ok(Ok((packages, notes.into_inner())))
}
