//! Why packages are installed: dnf's `history.sqlite`.

use crate::error::{Note, RootError};
use crate::inside::Root;
use crate::rpmdb::{Package, Snapshot};
use modex_resolver::system::installed::InstallReason;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

/// What finished transactions did that took packages in or changed their reasons, the newest first; not where a package was replaced
/// by another version of itself (actions 3, 5, 7, 10). To ask for all at once costs less than to ask for every package.
const NEWEST: &str = "\
    SELECT rpm.name, rpm.arch, done.action, done.reason \
    FROM trans_item done JOIN trans ON done.trans_id = trans.id JOIN rpm USING (item_id) \
    WHERE trans.state = 1 AND done.action NOT IN (3, 5, 7, 10) \
    ORDER BY done.trans_id DESC";
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
    if packages.is_empty() {
        return Ok(());
    }
    let found = place(root, persistdir)
        .and_then(|place| place.map(|place| read(&place, packages)).transpose());
    match found {
        Ok(reasons) => {
            let reasons = reasons.into_iter().flatten();
            packages.iter_mut().zip(reasons).for_each(|(package, reason)| package.reason = reason);
            Ok(())
        }
        Err(RootError::File { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => {
            let problem = "it may not be read; all packages count as asked for".into();
            notes.push(Note { path: inside(persistdir), line: None, problem });
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn inside(persistdir: &str) -> String {
    format!("{}/history.sqlite", persistdir.trim_end_matches('/'))
}

/// Where dnf's memory lies; `None` where there is none.
///
/// # Errors
/// It may not be looked for.
pub(crate) fn place(root: &Root, persistdir: &str) -> Result<Option<PathBuf>, RootError> {
    let inside = inside(persistdir);
    match root.exists(&inside)? {
        true => root.path(&inside).map(Some),
        false => Ok(None),
    }
}

/// The reason of each package.
fn read(path: &Path, packages: &[Package]) -> Result<Vec<InstallReason>, RootError> {
    Snapshot::of(path, |snapshot| {
        let mut query = snapshot.connection.prepare(NEWEST)?;
        // By name, each architecture.
        let mut known: HashMap<&str, Vec<(&str, Option<InstallReason>)>> = HashMap::new();
        for Package { name, arch, .. } in packages {
            known.entry(name).or_default().push((arch, None));
        }
        let mut rows = query.query(())?;
        while let Some(row) = rows.next()? {
            let (name, arch) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
            for (of_arch, reason) in known.get_mut(name).into_iter().flatten() {
                if *of_arch == arch && reason.is_none() {
                    *reason = Some(meaning(row.get(2)?, row.get(3)?));
                }
            }
        }
        let reason = |Package { name, arch, .. }: &Package| {
            let of_name = known.get(name.as_str())?;
            of_name.iter().find(|(of_arch, _)| of_arch == arch)?.1
        };
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
