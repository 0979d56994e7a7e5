//! Why packages are installed: dnf's `history.sqlite`.

use crate::error::{Note, RootError};
use crate::inside::Root;
use crate::rpmdb::{Package, Snapshot};
use modex_resolver::system::installed::InstallReason;
use rusqlite::OptionalExtension;
use std::collections::HashMap;
use std::io;
use std::path::Path;

/// The newest of the finished transactions that took a package of this name and architecture in, or changed its reason; not one in
/// which it was replaced by another version of itself (actions 3, 5, 7, 10).
const NEWEST: &str = "\
    SELECT done.action, done.reason \
    FROM trans_item done JOIN trans ON done.trans_id = trans.id JOIN rpm USING (item_id) \
    WHERE trans.state = 1 AND done.action NOT IN (3, 5, 7, 10) AND rpm.name = ?1 AND rpm.arch = ?2 \
    ORDER BY done.trans_id DESC LIMIT 1";
/// The action by which a package goes.
const REMOVE: i64 = 8;

/// Gives each package its reason. Where dnf keeps no memory, or one that may not be read, nobody knows.
///
/// # Errors
/// The database is damaged or in use.
pub(crate) fn reasons(
    root: &Root,
    persistdir: &str,
    packages: &mut [Package],
    notes: &mut Vec<Note>,
) -> Result<(), RootError> {
    let inside = format!("{}/history.sqlite", persistdir.trim_end_matches('/'));
    if packages.is_empty() {
        return Ok(());
    }
    let found = root.exists(&inside).and_then(|is_there| match is_there {
        true => read(&root.path(&inside)?, packages).map(Some),
        false => Ok(None),
    });
    match found {
        Ok(reasons) => {
            let reasons = reasons.into_iter().flatten();
            packages.iter_mut().zip(reasons).for_each(|(package, reason)| package.reason = reason);
            Ok(())
        }
        Err(RootError::File { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => {
            let problem = "it may not be read; all packages count as asked for".into();
            notes.push(Note { path: inside, line: None, problem });
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// The reason of each package.
fn read(path: &Path, packages: &[Package]) -> Result<Vec<InstallReason>, RootError> {
    Snapshot::of(path, |snapshot| {
        let mut query = snapshot.connection.prepare(NEWEST)?;
        let mut known: HashMap<(&str, &str), InstallReason> = HashMap::new();
        for package in packages {
            let key = (package.name.as_str(), package.arch.as_str());
            if known.contains_key(&key) {
                continue;
            }
            let row = query.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            known.insert(
                key,
                row.map_or(InstallReason::Unknown, |(action, reason)| meaning(action, reason)),
            );
        }
        let reason = |it: &Package| known.get(&(it.name.as_str(), it.arch.as_str())).copied();
        Ok(packages.iter().map(|it| reason(it).unwrap_or_default()).collect())
    })
}

/// dnf's numbers.
fn meaning(action: i64, reason: i64) -> InstallReason {
    match (action, reason) {
        (REMOVE, _) => InstallReason::Unknown,
        (_, 1) => InstallReason::Dependency,
        (_, 2) => InstallReason::User,
        (_, 4) => InstallReason::Weak,
        (_, 5) => InstallReason::Group,
        _ => InstallReason::Unknown,
    }
}
