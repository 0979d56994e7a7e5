//! Putting indexes where clients find them.
//!
//! The files of an index are named after their content and never change; they come first. The pointer names them, and the
//! record of type `modex` in repomd.xml names the pointer; that comes last, by one rename. So whoever reads the repository
//! meanwhile sees the old state or the new one, and whatever interrupts the work leaves the old one. Files that nobody names
//! any more are removed only after that.

mod record;
mod staging;

use crate::compile::{Index, Options, compile};
use crate::digest::{hex, sha256_hex};
use crate::observer::Step;
use crate::repository::Repository;
use crate::source::Report;
use crate::{Error, publish::staging::Staging};
use modex_formats::pointer::{
    ArchitectureIndex, IndexFile, POINTER_VERSION, Pointer, SourceChecksum,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use staging::{is_ours, write_file};

/// What became of one repository.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its folder, as given.
    pub repository: PathBuf,
    /// Where the files are.
    pub folder: PathBuf,
    /// The pointer's file.
    pub pointer: IndexFile,
    /// What the pointer says.
    pub content: Pointer,
    /// What was left out of each architecture's index.
    pub indexes: Vec<IndexReport>,
    /// What the readers of the documents dropped or doubted.
    pub report: Report,
    /// Whether repomd.xml is another one now; never where the files went somewhere else.
    pub repomd_changed: bool,
    /// Whether a signature of repomd.xml is there, which no longer fits where it changed.
    pub signed: bool,
    /// Names of files of ours that were removed.
    pub removed: Vec<String>,
}

/// What was left out of one index.
#[derive(Clone, Debug)]
pub struct IndexReport {
    /// The architecture.
    pub arch: String,
    /// Packages whose architecture does not fit.
    pub foreign: u64,
    /// Packages whose file carries a modularity label and that no document lists, as far as files were read.
    pub orphans: u64,
    /// What was dropped or doubted while the documents became this index.
    pub report: Report,
}

/// Indexes repositories that are used together, and publishes each index in its repository.
///
/// All indexes are complete and on disk before the first repository changes. With several repositories there is a moment
/// at which some are new and some old; each is consistent.
///
/// # Errors
/// Whatever [`compile`](crate::compile()) says; two folders that are the same repository; a failure to write; another process that
/// publishes in one of them, or that changed a repomd.xml meanwhile. Repositories that were done before stay done, nothing
/// else is left behind.
pub fn index<D: AsRef<Path>>(dirs: &[D], options: &Options<'_>) -> Result<Vec<Published>, Error> {
    let (repositories, mut reports) = open_all(dirs, options)?;
    let stagings = repositories.iter().map(|repository| Staging::locked(&repository.repodata()));
    let stagings: Vec<Staging> = stagings.collect::<Result<_, _>>()?;
    let staged = stage(&repositories, options, &mut reports, stagings)?;
    let mut outcome = Vec::new();
    for ((repository, staged), report) in repositories.iter().zip(staged).zip(reports) {
        outcome.push(in_place(repository, staged, report, options)?);
    }
    Ok(outcome)
}

/// Indexes repositories that are used together, and writes the same files and the pointers into another folder, which is
/// made where it is not there. Nothing in the repositories changes.
///
/// # Errors
/// As [`index`].
pub fn index_into<D: AsRef<Path>>(
    dirs: &[D],
    output: &Path,
    options: &Options<'_>,
) -> Result<Vec<Published>, Error> {
    let (repositories, mut reports) = open_all(dirs, options)?;
    if output.exists() && !output.is_dir() {
        return Err(Error::io(output)(std::io::ErrorKind::NotADirectory.into()));
    }
    std::fs::create_dir_all(output).map_err(Error::io(output))?;
    let stagings = repositories.iter().map(|_| Staging::shared(output));
    let stagings: Vec<Staging> = stagings.collect::<Result<_, _>>()?;
    let staged = stage(&repositories, options, &mut reports, stagings)?;
    let mut outcome = Vec::new();
    for ((repository, staged), report) in repositories.iter().zip(staged).zip(reports) {
        let Staged { staging, content, pointer, indexes } = staged;
        staging.persist()?;
        outcome.push(Published {
            repository: repository.dir.clone(),
            folder: output.into(),
            pointer,
            content,
            indexes,
            report,
            repomd_changed: false,
            signed: false,
            removed: Vec::new(),
        });
    }
    Ok(outcome)
}

fn open_all<D: AsRef<Path>>(
    dirs: &[D],
    options: &Options<'_>,
) -> Result<(Vec<Repository>, Vec<Report>), Error> {
    let mut repositories: Vec<Repository> = Vec::new();
    let mut reports = Vec::new();
    let mut places: Vec<PathBuf> = Vec::new();
    for dir in dirs {
        let dir = dir.as_ref();
        let mut report = Report::new(options.limits.problems);
        let repository = Repository::open(dir, &options.limits, &mut report)?;
        let place = repository.repodata().canonicalize().map_err(Error::io(dir))?;
        if let Some(at) = places.iter().position(|known| *known == place) {
            let (first, second) = (repositories[at].dir.clone(), dir.into());
            return Err(Error::SameRepository { first, second });
        }
        places.push(place);
        repositories.push(repository);
        reports.push(report);
    }
    Ok((repositories, reports))
}

/// A repository whose files are written, but not yet under their names.
struct Staged {
    staging: Staging,
    content: Pointer,
    pointer: IndexFile,
    indexes: Vec<IndexReport>,
}

fn stage(
    repositories: &[Repository],
    options: &Options<'_>,
    reports: &mut [Report],
    stagings: Vec<Staging>,
) -> Result<Vec<Staged>, Error> {
    let mut staged: Vec<Staged> = repositories
        .iter()
        .zip(stagings)
        .map(|(repository, staging)| Staged {
            staging,
            content: empty_pointer(repository),
            pointer: IndexFile { name: String::new(), size: 0, sha256: String::new() },
            indexes: Vec::new(),
        })
        .collect();
    compile(repositories, options, reports, |number, index| {
        let repository = &repositories[number].dir;
        if options.observer.step(Step::Writing { repository }).is_break() {
            return Err(Error::Interrupted);
        }
        staged[number].add(index)
    })?;
    for staged in &mut staged {
        let bytes = staged.content.to_bytes();
        let digest = sha256_hex(&bytes);
        let name = format!("{digest}-modex.json");
        staged.staging.add(&name, &bytes)?;
        staged.pointer = IndexFile { name, size: bytes.len() as u64, sha256: digest };
    }
    Ok(staged)
}

/// The pointer of a repository, before any index is known.
fn empty_pointer(repository: &Repository) -> Pointer {
    Pointer {
        version: POINTER_VERSION,
        generator: concat!("modex-publish ", env!("CARGO_PKG_VERSION")).into(),
        revision: repository.repomd.revision.clone().unwrap_or_default(),
        sources: BTreeMap::new(),
        architectures: BTreeMap::new(),
    }
}

impl Staged {
    fn add(&mut self, index: Index) -> Result<(), Error> {
        for document in &index.documents {
            let (kind, value) =
                (&document.checksum.kind, document.checksum.hex.to_ascii_lowercase());
            let checksum = SourceChecksum { kind: kind.clone(), value };
            self.content.sources.insert(document.kind.clone(), checksum);
        }
        let (arch, entry) = entry(&index);
        for (file, bytes) in entry.files().into_iter().zip([&index.hot, &index.warm, &index.cold]) {
            self.staging.add(&file.name, bytes)?;
        }
        self.content.architectures.insert(arch.clone(), entry);
        let Index { foreign, orphans, report, .. } = index;
        self.indexes.push(IndexReport { arch, foreign, orphans, report });
        Ok(())
    }
}

/// What the pointer says about an index.
pub(crate) fn entry(index: &Index) -> (String, ArchitectureIndex) {
    let file = |bytes: &[u8], end: &str| {
        let sha256 = sha256_hex(bytes);
        let name = format!("{sha256}-modex-{}.{end}", index.arch);
        IndexFile { name, size: bytes.len() as u64, sha256 }
    };
    let entry = ArchitectureIndex {
        source: hex(&index.source),
        packages: index.packages,
        modules: index.modules,
        hot: file(&index.hot, "hot"),
        warm: file(&index.warm, "warm"),
        cold: file(&index.cold, "cold"),
    };
    (index.arch.clone(), entry)
}

/// Brings the files to their names, then repomd.xml, then removes what nobody names any more.
fn in_place(
    repository: &Repository,
    staged: Staged,
    report: Report,
    options: &Options<'_>,
) -> Result<Published, Error> {
    let Staged { staging, content, pointer, indexes } = staged;
    if options.observer.step(Step::Writing { repository: &repository.dir }).is_break() {
        return Err(Error::Interrupted);
    }
    let folder = repository.repodata();
    let repomd = folder.join("repomd.xml");
    let old = repository.repomd.text();
    let new = record::with_pointer(&repository.repomd, &pointer);
    let repomd_changed = new != old;
    let lock = staging.persist()?;
    if repomd_changed {
        staging::replace(&repomd, old.as_bytes(), new.as_bytes())?;
    }
    let mut names: Vec<&str> = vec![&pointer.name];
    for index in content.architectures.values() {
        names.extend(index.files().map(|file| &file.name[..]));
    }
    let removed = staging::remove_others(&folder, &names)?;
    drop(lock);
    Ok(Published {
        repository: repository.dir.clone(),
        signed: folder.join("repomd.xml.asc").exists(),
        folder,
        pointer,
        content,
        indexes,
        report,
        repomd_changed,
        removed,
    })
}
