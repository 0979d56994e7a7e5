//! A mirror that publishes no index yet: indexed here, once for each state of its repodata, into the cache.

use crate::error::Failure;
use modex_generator::publish::index_into;
use modex_generator::{Options, PackageFiles};
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Indexes all repositories of a command together into a folder of the cache: each one's folder, and the file there that is
/// to name its index.
pub(crate) fn index(
    repositories: &[(&Path, PathBuf)],
    folder: &Path,
    arch: &str,
    package_files: bool,
) -> Result<(), Failure> {
    if io::stderr().is_terminal() {
        let _ = writeln!(
            io::stderr(),
            "modex: indexing {} repositories into the cache",
            repositories.len()
        );
    }
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let package_files = match package_files {
        true => PackageFiles::Read,
        false => PackageFiles::Unread,
    };
    let arches = vec![arch.to_owned()];
    let options = Options { arches, jobs, package_files, ..Options::default() };
    let dirs: Vec<&Path> = repositories.iter().map(|(dir, _)| *dir).collect();
    let unwritable = |error: &io::Error| {
        Failure::file(folder, error)
            .about("cache")
            .hint("say --cache DIR with a folder that can be written")
    };
    fs::create_dir_all(folder).map_err(|error| unwritable(&error))?;
    let published = index_into(&dirs, folder, &options).map_err(|error| {
        let hint = error.hint();
        let failure = Failure::new(error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })?;
    for ((_, pointer), published) in repositories.iter().zip(published) {
        // Under its final name at once and whole, so that nobody reads half a pointer.
        let temporary = folder.join(format!(".{}.{}", std::process::id(), published.pointer.name));
        fs::copy(folder.join(&published.pointer.name), &temporary)?;
        fs::rename(&temporary, pointer)?;
    }
    Ok(())
}
