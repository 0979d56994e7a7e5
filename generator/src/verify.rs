//! Proving that index, pointer and repodata belong together and are whole.

use crate::compile::{Index, Options, compile};
use crate::digest::sha256_hex;
use crate::package_files::PackageFiles;
use crate::repository::Repository;
use crate::source::Report;
use crate::{Error, digest};
use modex_formats::index::{File, FormatError, Hot, Kind, check};
use modex_formats::pointer::{ArchitectureIndex, IndexFile, MAX_BYTES, Pointer, RECORD_TYPE};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The file, record or section.
    pub place: String,
    /// What does not hold.
    pub what: String,
    /// What to do about it.
    pub hint: Option<&'static str>,
}

/// The outcome for one repository.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Its folder, as given.
    pub repository: PathBuf,
    /// What its pointer says; `None` where there is none that can be read.
    pub pointer: Option<Pointer>,
    /// What does not hold; everything does where this is empty.
    pub findings: Vec<Finding>,
}

/// Checks a published repository: repomd.xml, the pointer it names, the documents the pointer names, the index files with
/// their sizes, digests and whole content, and that indexing the documents again gives the same bytes.
///
/// Paths that other repositories asked for when the index was made are taken from the index itself; so is which packages carry a
/// modularity label, where their files are not there to tell.
///
/// # Errors
/// Where the folder is no repository, its repomd.xml cannot be read, or the work is stopped. Everything else is a finding.
pub fn verify(dir: &Path, options: &Options<'_>) -> Result<Verdict, Error> {
    let mut report = Report::new(options.limits.problems);
    let mut verdict = Verdict { repository: dir.into(), pointer: None, findings: Vec::new() };
    let repository = match Repository::open(dir, &options.limits, &mut report) {
        Ok(repository) => repository,
        Err(error @ Error::Document { .. }) if !is_about_repomd(&error) => {
            verdict.add("repodata", error.to_string(), error.hint());
            return Ok(verdict);
        }
        Err(error) => return Err(error),
    };
    let Some(pointer) = verdict.pointer(&repository) else { return Ok(verdict) };
    verdict.sources(&repository, &pointer);
    if pointer.architectures.is_empty() {
        verdict.add("pointer", "it names no index".into(), Some(INDEX_AGAIN));
    }
    for (arch, index) in &pointer.architectures {
        if let Some(files) = verdict.files(&repository, arch, index) {
            verdict.rebuild(&repository, arch, index, &files, options)?;
        }
    }
    verdict.pointer = Some(pointer);
    Ok(verdict)
}

const INDEX_AGAIN: &str = "run `modex-publish index` on the repository";
const SYNC_AGAIN: &str = "sync the repository again, or run `modex-publish index` on it";

fn is_about_repomd(error: &Error) -> bool {
    matches!(error, Error::Document { error, .. } if error.document.ends_with("repomd.xml"))
}

/// A file, or the beginning of one that is larger: one byte more than expected shows that.
fn read_at_most(path: &Path, bytes: u64) -> io::Result<Vec<u8>> {
    let mut found = Vec::new();
    fs::File::open(path)?.take(bytes.saturating_add(1)).read_to_end(&mut found)?;
    Ok(found)
}

/// The bytes of the three files.
type Files = [Vec<u8>; 3];

impl Verdict {
    fn add(&mut self, place: impl Into<String>, what: String, hint: Option<&'static str>) {
        self.findings.push(Finding { place: place.into(), what, hint });
    }

    /// Reads the pointer that repomd.xml names; not where it is not the one that is meant.
    fn pointer(&mut self, repository: &Repository) -> Option<Pointer> {
        let Some(record) = repository.repomd.record(RECORD_TYPE) else {
            let what = format!("there is no record of type {RECORD_TYPE}: it has no index");
            self.add("repomd.xml", what, Some(INDEX_AGAIN));
            return None;
        };
        let most = MAX_BYTES as u64;
        let bytes = match read_at_most(&repository.dir.join(&record.location), most) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.add(&record.location, unreadable(&error), Some(SYNC_AGAIN));
                return None;
            }
        };
        let stated = record.checksum.as_ref();
        let digest = sha256_hex(&bytes);
        if stated.is_none_or(|sum| sum.kind != "sha256" || !sum.hex.eq_ignore_ascii_case(&digest))
            || record.size.is_some_and(|size| size != bytes.len() as u64)
        {
            self.add(
                &record.location,
                "it is not the file that repomd.xml describes".into(),
                Some(SYNC_AGAIN),
            );
            return None;
        }
        let place = repository.dir.join(&record.location);
        let beside = place.parent().is_some_and(|folder| folder == repository.repodata());
        if !beside {
            self.add(
                &record.location,
                "it does not lie beside repomd.xml".into(),
                Some(INDEX_AGAIN),
            );
        }
        match Pointer::parse(&bytes) {
            Ok(pointer) => Some(pointer),
            Err(error) => {
                self.add(&record.location, error.to_string(), cure(&error));
                None
            }
        }
    }

    /// The pointer speaks of the documents that repomd.xml lists now.
    fn sources(&mut self, repository: &Repository, pointer: &Pointer) {
        let revision = repository.repomd.revision.as_deref().unwrap_or("");
        if pointer.revision != revision {
            let what =
                format!("it is for revision {:?}, repomd.xml is {revision:?}", pointer.revision);
            self.add("pointer", what, Some(INDEX_AGAIN));
        }
        let Repository { primary, filelists, modules, group, .. } = repository;
        let documents = [Some(primary), filelists.as_ref(), modules.as_ref(), group.as_ref()];
        let documents = || documents.iter().copied().flatten();
        for (kind, stated) in &pointer.sources {
            let found = documents().find(|document| document.kind == *kind);
            let same = |document: &&crate::repository::Document| {
                document.checksum.kind == stated.kind
                    && document.checksum.hex.eq_ignore_ascii_case(&stated.value)
            };
            let what = match found {
                None => format!("it was made with a {kind} document, which is not there"),
                Some(document) if !same(&document) => {
                    format!("it was made from another {kind} document than repomd.xml lists")
                }
                Some(_) => continue,
            };
            self.add("pointer", what, Some(INDEX_AGAIN));
        }
    }

    /// The three files of an index, where each is whole and they belong together.
    fn files(
        &mut self,
        repository: &Repository,
        arch: &str,
        index: &ArchitectureIndex,
    ) -> Option<Files> {
        let before = self.findings.len();
        let mut files = Files::default();
        let kinds = [Kind::Hot, Kind::Warm, Kind::Cold];
        for ((file, bytes), kind) in index.files().into_iter().zip(&mut files).zip(kinds) {
            match self.file(&repository.repodata(), file, kind, &index.source) {
                Some(found) => *bytes = found,
                None if self.findings.len() > before => {}
                None => return None,
            }
        }
        if self.findings.len() > before {
            return None;
        }
        let counts = Hot::open(&files[0]).map(|hot| (hot.packages.len(), hot.modules.len()));
        if counts != Ok((index.packages as usize, index.modules as usize)) {
            let what = "it states other numbers of packages or modules than its hot file holds";
            self.add(format!("pointer, {arch}"), what.into(), Some(INDEX_AGAIN));
        }
        Some(files)
    }

    fn file(
        &mut self,
        folder: &Path,
        file: &IndexFile,
        kind: Kind,
        source: &str,
    ) -> Option<Vec<u8>> {
        let bytes = match read_at_most(&folder.join(&file.name), file.size) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.add(&file.name, unreadable(&error), Some(SYNC_AGAIN));
                return None;
            }
        };
        if bytes.len() as u64 != file.size {
            let more = if bytes.len() as u64 > file.size { " or more" } else { "" };
            let what =
                format!("it has {}{more} bytes, the pointer says {}", bytes.len(), file.size);
            self.add(&file.name, what, Some(SYNC_AGAIN));
        } else if sha256_hex(&bytes) != file.sha256 {
            let what = "its digest is not the one that the pointer states";
            self.add(&file.name, what.into(), Some(SYNC_AGAIN));
        }
        match check::whole(&bytes) {
            Ok(found) if found != kind => {
                self.add(&file.name, format!("it is a {found} file"), Some(INDEX_AGAIN));
            }
            Ok(_) => {}
            Err(error) => self.add(&file.name, error.to_string(), cure(&error)),
        }
        if let Ok(opened) = File::open(&bytes)
            && digest::hex(&opened.source()) != source
        {
            let what = "it was made from other documents than the pointer states";
            self.add(&file.name, what.into(), Some(INDEX_AGAIN));
        }
        Some(bytes)
    }

    /// Makes the index again and compares.
    fn rebuild(
        &mut self,
        repository: &Repository,
        arch: &str,
        index: &ArchitectureIndex,
        files: &Files,
        options: &Options<'_>,
    ) -> Result<(), Error> {
        let options = Options {
            // Found, not given: it stands for a repository that has nothing else.
            arches: if arch == "noarch" { Vec::new() } else { vec![arch.into()] },
            jobs: options.jobs,
            limits: options.limits.clone(),
            asked: asked(&files[0]),
            package_files: package_files(&files[0]),
            observer: options.observer,
        };
        let mut reports = [Report::new(0)];
        let mut again: Option<Index> = None;
        let outcome =
            compile(std::slice::from_ref(repository), &options, &mut reports, |_, index| {
                again = Some(index);
                Ok(())
            });
        match outcome {
            Ok(()) => {}
            Err(error @ (Error::Interrupted | Error::Threads(_))) => return Err(error),
            Err(error) => {
                self.add("repodata", error.to_string(), error.hint());
                return Ok(());
            }
        }
        let Some(again) = again.filter(|again| again.arch == arch) else {
            let what = format!("it has an index for {arch}, but the packages are of others");
            self.add("pointer", what, Some(INDEX_AGAIN));
            return Ok(());
        };
        let fresh = [&again.hot, &again.warm, &again.cold];
        for ((file, old), new) in index.files().into_iter().zip(files).zip(fresh) {
            if old != new {
                let what = format!("indexing the documents again gives {}", difference(old, new));
                self.add(&file.name, what, Some(INDEX_AGAIN));
            }
        }
        Ok(())
    }
}

/// The paths whose owners an index knows.
fn asked(hot: &[u8]) -> BTreeSet<String> {
    let Ok(hot) = Hot::open(hot) else { return BTreeSet::new() };
    hot.names.prefix("/").filter_map(|id| hot.names.get(id)).map(String::from).collect()
}

/// Whether package files were read for an index, and what they said.
fn package_files(hot: &[u8]) -> PackageFiles {
    match Hot::open(hot) {
        Ok(hot) if !hot.orphans.is_empty() => PackageFiles::Again(hot.orphans.packages().collect()),
        _ => PackageFiles::Unread,
    }
}

/// Which sections differ.
fn difference(old: &[u8], new: &[u8]) -> String {
    let (Ok(old), Ok(new)) = (File::open(old), File::open(new)) else {
        return "other bytes".into();
    };
    let mut what = Vec::new();
    if old.source() != new.source() {
        what.push("another source digest".to_string());
    }
    let olds: Vec<_> = old.sections().collect();
    for (tag, required, bytes) in new.sections() {
        let same = olds.iter().find(|section| section.0 == tag);
        if same.is_none_or(|section| section.1 != required || section.2 != bytes) {
            what.push(format!("another section {}", tag.escape_ascii()));
        }
    }
    let known: Vec<_> = new.sections().map(|section| section.0).collect();
    let more = olds.iter().filter(|section| !known.contains(&section.0));
    what.extend(more.map(|section| format!("no section {}", section.0.escape_ascii())));
    if what.is_empty() { "other bytes".into() } else { what.join(", ") }
}

fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is not there".into(),
        _ => error.to_string(),
    }
}

fn cure(error: &FormatError) -> Option<&'static str> {
    Some(match error {
        FormatError::TooNew { .. } => "use a newer modex",
        FormatError::Damaged { .. } => SYNC_AGAIN,
        _ => INDEX_AGAIN,
    })
}
