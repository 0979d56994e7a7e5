//! What is installed in a root, laid out as an index and kept in the cache: to read rpm's database and to lay it out costs more than
//! most answers.
//!
//! One file for each root: a line of JSON that says what it was made from, then a hot file, then for each repository how its ids stand
//! to those of the hot file. Nobody but modex reads it; whatever does not fit is made again.

use modex_formats::index::FORMAT_VERSION;
use modex_generator::digest::sha256_hex;
use modex_resolver::store::{MappedFile, OpenIndex, RepoOptions};
use modex_resolver::system::installed::InstallReason;
use modex_resolver::system::{InstalledIndex, Parts};
use modex_root::{PackageFacts, ReadOptions, Root, RootError, save};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Grows whenever the same packages are laid out otherwise.
const LAYOUT: u32 = 2;

const LETTERS: [(InstallReason, u8); 5] = [
    (InstallReason::Unknown, b'?'),
    (InstallReason::Dependency, b'd'),
    (InstallReason::Weak, b'w'),
    (InstallReason::Group, b'g'),
    (InstallReason::User, b'u'),
];

/// What an index of installed packages was made from.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Origin {
    /// Program and formats.
    made_by: String,
    /// Mark of rpm's database.
    packages: String,
    /// Mark of dnf's memory of reasons.
    reasons: String,
    /// The repositories in their order, each with the digest of its hot file.
    repositories: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    origin: Origin,
    facts: PackageFacts,
    /// One letter a package.
    letters: String,
    /// The lengths of the parts behind this line.
    parts: Vec<usize>,
}

/// A file as it was found.
struct Kept {
    head: Head,
    file: MappedFile,
    /// Where the parts begin.
    start: usize,
}

impl Kept {
    /// Opens a file where it is one.
    fn open(place: &Path) -> Option<Self> {
        let file = MappedFile::open(place).ok()?;
        let start = file.iter().position(|byte| *byte == b'\n')? + 1;
        let head = serde_json::from_slice(&file[..start]).ok()?;
        Some(Kept { head, file, start })
    }
}

/// Program and formats, for [`Origin`].
fn made_by() -> String {
    format!("modex {} {FORMAT_VERSION} {LAYOUT}", env!("CARGO_PKG_VERSION"))
}

/// Who keeps what is installed in one root.
pub(crate) struct Keeper {
    place: PathBuf,
    packages: String,
    reasons: Option<String>,
    facts: Option<PackageFacts>,
    kept: Option<Kept>,
}

impl Keeper {
    /// `None` where nothing can be kept, because rpm's database is not there, or changed just now.
    ///
    /// # Errors
    /// As [`Root::packages_mark`].
    pub(crate) fn of(
        root: &Root,
        options: &ReadOptions,
        cache: &Path,
    ) -> Result<Option<Self>, RootError> {
        let Some(packages) = root.packages_mark(options)? else { return Ok(None) };
        let place = cache.join("installed").join(sha256_hex(root.dir().as_os_str().as_bytes()));
        let is_of_these = |Origin { made_by, packages: of, .. }: &Origin| {
            *made_by == self::made_by() && *of == packages
        };
        let kept = Kept::open(&place).filter(|kept| is_of_these(&kept.head.origin));
        let facts = kept.as_ref().map(|kept| kept.head.facts.clone());
        Ok(Some(Keeper { place, packages, reasons: None, facts, kept }))
    }

    /// What is known of the packages; `None` where they have to be read.
    pub(crate) fn facts(&self) -> Option<&PackageFacts> {
        self.facts.as_ref()
    }

    /// Notes what is known of the packages, and the mark of their reasons, which must be taken before they are read.
    pub(crate) fn note(&mut self, facts: PackageFacts, reasons: Option<String>) {
        (self.facts, self.reasons) = (Some(facts), reasons);
    }

    /// Whether the packages are still those of which something is known.
    ///
    /// # Errors
    /// As [`Root::packages_mark`].
    pub(crate) fn is_current(&self, root: &Root, options: &ReadOptions) -> Result<bool, RootError> {
        Ok(root.packages_mark(options)?.is_some_and(|now| now == self.packages))
    }

    fn origin(&self, repos: &[(RepoOptions, &OpenIndex)]) -> Option<Origin> {
        let repository = |(options, index): &(RepoOptions, &OpenIndex)| {
            format!("{} {}", options.id, index.entry().hot.sha256)
        };
        Some(Origin {
            made_by: made_by(),
            packages: self.packages.clone(),
            reasons: self.reasons.clone()?,
            repositories: repos.iter().map(repository).collect(),
        })
    }

    /// The index, where it was made from the same packages and for the same repositories.
    pub(crate) fn index(&mut self, repos: &[(RepoOptions, &OpenIndex)]) -> Option<InstalledIndex> {
        let Kept { head, file, start } = self.kept.take()?;
        let reason = |letter| Some(LETTERS.iter().find(|(_, it)| *it == letter)?.0);
        let reasons = head.letters.bytes().map(reason).collect::<Option<Vec<_>>>()?;
        if self.origin(repos)? != head.origin {
            return None;
        }
        let mut at = start;
        let mut parts = head.parts.iter().map(|length| {
            let from = at;
            at = at.saturating_add(*length);
            from..at
        });
        let index = parts.next()?;
        let ids = repos.iter().map(|(options, _)| options.id.clone());
        let parts = Parts { index, bridges: ids.zip(parts).collect() };
        InstalledIndex::kept(file, parts, reasons).ok()
    }

    /// Keeps an index, and gives it as it is kept. That only saves work: whoever cannot write there does without.
    pub(crate) fn keep(
        &mut self,
        repos: &[(RepoOptions, &OpenIndex)],
        index: &InstalledIndex,
    ) -> Option<InstalledIndex> {
        let (origin, facts) = (self.origin(repos)?, self.facts.clone()?);
        fs::create_dir_all(self.place.parent()?).ok()?;
        let bridges = index.bridges(repos).ok()?;
        let letter = |reason: &InstallReason| LETTERS.iter().find(|(it, _)| it == reason);
        let letters = index.reasons().iter().filter_map(letter).map(|(_, it)| char::from(*it));
        let letters = letters.collect();
        let parts = || std::iter::once(index.bytes()).chain(bridges.iter().map(Vec::as_slice));
        let head = Head { origin, facts, letters, parts: parts().map(<[u8]>::len).collect() };
        let write = |out: &mut dyn io::Write| {
            serde_json::to_writer(&mut *out, &head)?;
            out.write_all(b"\n")?;
            parts().try_for_each(|part| out.write_all(part))
        };
        save(&self.place, write).ok()?;
        self.kept = Kept::open(&self.place);
        self.index(repos)
    }
}
