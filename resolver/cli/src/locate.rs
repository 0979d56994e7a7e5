//! Where the index of a repository lies: published beside its repodata, or made here once and kept in the cache.

use crate::error::Failure;
use modex_formats::index::{FORMAT_VERSION, FormatError};
use modex_formats::pointer::{ArchitectureIndex, Pointer, RECORD_TYPE};
use modex_generator::digest::sha256_hex;
use modex_generator::source::repomd::{self, Repomd};
use modex_generator::source::{Limits, Opened, Report, Stated};
use modex_resolver::store::{RepoOptions, entry_for};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folder of an index's files, and what the pointer says of them.
pub(crate) struct Located {
    pub(crate) folder: PathBuf,
    pub(crate) entry: ArchitectureIndex,
    /// Whether it was made here, into the cache.
    pub(crate) cached: bool,
}

/// One repository's repomd.xml, read.
struct Source {
    pub(crate) dir: PathBuf,
    digest: String,
    published: Option<Located>,
}

/// The index of every repository; those without one are indexed together, so that each knows the paths the others ask for.
/// `package_files`: theirs are read.
pub(crate) fn locate(
    repos: &[(RepoOptions, PathBuf)],
    arch: &str,
    cache: Option<&Path>,
    package_files: bool,
) -> Result<Vec<Located>, Failure> {
    let sources = repos
        .iter()
        .map(|(options, dir)| source(options, dir, arch))
        .collect::<Result<Vec<_>, _>>()?;
    if sources.iter().all(|source| source.published.is_some()) {
        return Ok(sources.into_iter().filter_map(|source| source.published).collect());
    }
    let Some(cache) = cache else {
        return Err(Failure::new(
            "a repository publishes no index, and there is no cache to make one in",
        )
        .hint("say --cache DIR, or run `modex-publish index` on the repository"));
    };
    let mut key = format!("{FORMAT_VERSION} {} {arch}", env!("CARGO_PKG_VERSION"));
    sources.iter().for_each(|source| key.extend([" ", source.digest.as_str()]));
    if package_files {
        key.push_str(" package files");
    }
    let folder = cache.join("indexes").join(sha256_hex(key.as_bytes()));
    let is_missing =
        |source: &Source| source.published.is_none() && cached(&folder, source, arch).is_none();
    if sources.iter().any(is_missing) {
        let repositories: Vec<(&Path, PathBuf)> = sources
            .iter()
            .map(|source| (source.dir.as_path(), cached_pointer(&folder, source)))
            .collect();
        crate::local_index::index(&repositories, &folder, arch, package_files)?;
    }
    let found = |source: Source| match cached(&folder, &source, arch) {
        _ if source.published.is_some() => Ok(source.published),
        Some(made) => Ok(Some(made)),
        None => Err(Failure::new(format!(
            "the index of `{}` made in the cache cannot be read",
            source.dir.display()
        ))
        .hint(format!("remove `{}`", folder.display()))),
    };
    let found = sources.into_iter().map(found).collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// The file that names the index of a repository in a folder of the cache.
fn cached_pointer(folder: &Path, source: &Source) -> PathBuf {
    folder.join(format!("{}.json", source.digest))
}

/// Reads repomd.xml and, where it has a record of ours, the pointer.
fn source(options: &RepoOptions, dir: &Path, arch: &str) -> Result<Source, Failure> {
    let path = dir.join("repodata/repomd.xml");
    let name = format!("repository `{}`", options.id);
    let again = format!("fetch `{}/repodata` again", dir.display());
    let bytes = fs::read(&path).map_err(|error| {
        Failure::file(&path, &error)
            .about(&name)
            .hint("DIR in --repo ID=DIR is the folder that holds `repodata/`")
    })?;
    let digest = sha256_hex(&bytes);
    let limits = Limits::default();
    let mut report = Report::new(limits.problems);
    let read = Opened::stream(&path.to_string_lossy(), &bytes[..], Stated::default(), &limits)
        .and_then(|opened| repomd::read(opened, &limits, &mut report));
    let repomd = read.map_err(|error| Failure::new(error).about(&name).hint(&again))?;
    let published = match repomd.record(RECORD_TYPE) {
        None => None,
        Some(record) => {
            let pointer = dir.join(&record.location);
            let cure = format!("{again}, or run `modex-publish index {}`", dir.display());
            let bytes = fs::read(&pointer)
                .map_err(|error| Failure::file(&pointer, &error).about(&name).hint(&cure))?;
            let stated = record.checksum.as_ref().map(|checksum| checksum.hex.to_ascii_lowercase());
            if stated.is_some_and(|stated| stated != sha256_hex(&bytes)) {
                let what = format!("`{}` is not the file that repomd.xml names", pointer.display());
                return Err(Failure::new(what).about(&name).hint(&cure));
            }
            let folder = pointer.parent().unwrap_or(dir).to_owned();
            match Pointer::parse(&bytes) {
                // A newer format is no damage: the repository is indexed here instead.
                Err(FormatError::TooNew { .. }) => None,
                Err(error) => {
                    let what = format!("`{}` is {error}", pointer.display());
                    return Err(Failure::new(what).about(&name).hint(&cure));
                }
                Ok(pointer) if is_stale(&pointer, &repomd) => {
                    let note = "its index was made from another state of it and is not used";
                    writeln!(io::stderr(), "modex: warning: {name}: {note}")?;
                    None
                }
                Ok(pointer) => {
                    let entry = entry_for(&pointer, arch).cloned();
                    entry.map(|entry| Located { folder, entry, cached: false })
                }
            }
        }
    };
    Ok(Source { dir: dir.to_owned(), digest, published })
}

/// Whether a document that the index was made from is another one now.
fn is_stale(pointer: &Pointer, repomd: &Repomd) -> bool {
    pointer.sources.iter().any(|(kind, source)| {
        let Some(record) = repomd.record(kind) else { return true };
        record.checksum.as_ref().is_some_and(|now| {
            now.kind != source.kind || !now.hex.eq_ignore_ascii_case(&source.value)
        })
    })
}

/// An index made before.
fn cached(folder: &Path, source: &Source, arch: &str) -> Option<Located> {
    let bytes = fs::read(cached_pointer(folder, source)).ok()?;
    let entry = entry_for(&Pointer::parse(&bytes).ok()?, arch)?.clone();
    Some(Located { folder: folder.to_owned(), entry, cached: true })
}
