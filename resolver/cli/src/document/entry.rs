//! One package as a document pins it.

use super::PlanFile;
use super::plan::PlannedPackage;
use crate::error::Failure;
use modex_formats::lock::{LockFile, checksum};
use modex_formats::rpm::{Evr, Nevra};
use std::fmt;

/// A package, with as much as is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    /// Epoch left out where 0, or where it is not known.
    pub(crate) evr: String,
    /// Whether no epoch means 0: a file name has none.
    pub(crate) knows_epoch: bool,
    /// Empty where it is not known.
    pub(crate) arch: String,
    pub(crate) repo: Option<String>,
    /// `ALGORITHM:DIGITS`.
    pub(crate) checksum: Option<String>,
    pub(crate) size: Option<u64>,
    /// A URL, or where it lies below its repository.
    pub(crate) place: Option<String>,
}

impl Entry {
    fn of(nevra: &Nevra<'_>) -> Self {
        let Evr { epoch, version, release } = nevra.evr;
        Entry {
            name: nevra.name.to_owned(),
            evr: Evr::join(epoch, version, release.unwrap_or("")),
            knows_epoch: true,
            arch: nevra.arch.to_owned(),
            ..Entry::default()
        }
    }

    /// An installed package.
    pub(crate) fn installed(name: &str, evr: &str, arch: &str) -> Self {
        Entry {
            name: name.to_owned(),
            evr: evr.to_owned(),
            knows_epoch: true,
            arch: arch.to_owned(),
            ..Entry::default()
        }
    }

    fn of_planned(package: &PlannedPackage) -> Result<Self, Failure> {
        let nevra = Nevra::parse(&package.nevra);
        let wrong = || Failure::new(format!("`{}` is no NEVRA", package.nevra.escape_debug()));
        let sum = package.checksum.as_ref().map(|it| checksum(&it.kind, &it.value));
        Ok(Entry {
            repo: Some(package.repo.clone()),
            checksum: sum,
            size: package.size.filter(|_| !package.is_removal()),
            place: package.location.clone(),
            ..Entry::of(&nevra.ok_or_else(wrong)?)
        })
    }

    /// A file of a lock file: what it does not say of its package is taken from the file's name.
    fn of_file(file: &LockFile) -> Option<Self> {
        let path = file.url.split(['?', '#']).next()?;
        let from_name = path.rsplit('/').next()?.strip_suffix(".rpm").and_then(Nevra::parse);
        let named = from_name.as_ref().map(Entry::of);
        let evr = file.evr.as_deref().map(|evr| {
            let Evr { epoch, version, release } = Evr::parse(evr);
            Evr::join(epoch, version, release.unwrap_or(""))
        });
        Some(Entry {
            name: file.name.clone().or_else(|| Some(named.as_ref()?.name.clone()))?,
            knows_epoch: evr.is_some(),
            evr: evr.or_else(|| Some(named.as_ref()?.evr.clone()))?,
            arch: named.map(|named| named.arch).unwrap_or_default(),
            repo: file.repoid.clone(),
            checksum: file.checksum.as_ref().map(|sum| sum.to_ascii_lowercase()),
            size: file.size,
            place: Some(file.url.clone()),
        })
    }
}

/// The NEVRA in full, as far as it is known.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Evr { epoch, version, release } = Evr::parse(&self.evr);
        write!(f, "{}-", self.name)?;
        if self.knows_epoch {
            write!(f, "{epoch}:")?;
        }
        write!(f, "{version}-{}", release.unwrap_or(""))?;
        match self.arch.as_str() {
            "" => Ok(()),
            arch => write!(f, ".{arch}"),
        }
    }
}

/// The packages of one list of a lock file; `list` is its place there.
pub(crate) fn of_lock(files: &[LockFile], list: &str) -> Result<Vec<Entry>, Failure> {
    let entry = |(at, file): (usize, &LockFile)| {
        let nameless = || {
            let what =
                "it has no name and evr, and its url does not end in NAME-VERSION-RELEASE.ARCH.rpm";
            Failure::new(format!("{list}[{at}]: {what}"))
        };
        Entry::of_file(file).ok_or_else(nameless)
    };
    files.iter().enumerate().map(entry).collect()
}

/// What a plan downloads, or what it removes.
pub(crate) fn of_plan(plan: &PlanFile, removals: bool) -> Result<Vec<Entry>, Failure> {
    let meant = plan.packages.iter().filter(|package| package.is_removal() == removals);
    meant.map(Entry::of_planned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_name_tells() {
        let entry = |url: &str, evr: Option<&str>| {
            let file =
                LockFile { url: url.into(), evr: evr.map(str::to_owned), ..LockFile::default() };
            Entry::of_file(&file).map(|entry| entry.to_string())
        };
        let url = "https://e/a/foo-1.2-3.el9.noarch.rpm?x=/y";
        assert_eq!(entry(url, None).as_deref(), Some("foo-1.2-3.el9.noarch"));
        assert_eq!(entry(url, Some("0:1.2-3")).as_deref(), Some("foo-0:1.2-3.noarch"));
        assert_eq!(entry(url, Some("7:1.2-3")).as_deref(), Some("foo-7:1.2-3.noarch"));
        for url in ["", "https://e/", "https://e/foo.rpm", "foo-1-2.noarch"] {
            assert_eq!(entry(url, None), None, "{url}");
        }
    }
}
