//! A repository's folder: its repomd.xml, and the documents that modex reads.

use crate::Error;
use crate::digest::sha256_of_file;
use crate::modulemd::{self, Modules};
use crate::source::repomd::{self, Repomd};
use crate::source::{
    Checksum, Fault, Limits, Opened, Problem, Report, Severity, Stated, comps, primary,
};
use std::path::{Path, PathBuf};

/// A document that repomd.xml lists and that is there.
#[derive(Clone, Debug)]
pub struct Document {
    /// The type of its record.
    pub kind: String,
    /// Where it is.
    pub path: PathBuf,
    /// What repomd.xml says about the file; computed where repomd.xml says nothing.
    pub checksum: Checksum,
    stated: Stated,
}

/// An opened repository. Nothing but repomd.xml was read yet.
#[derive(Clone, Debug)]
pub struct Repository {
    /// The folder that holds `repodata`, as given.
    pub dir: PathBuf,
    /// Its repomd.xml.
    pub repomd: Repomd,
    /// Packages.
    pub primary: Document,
    /// All files of the packages.
    pub filelists: Option<Document>,
    /// Module streams.
    pub modules: Option<Document>,
    /// Groups.
    pub group: Option<Document>,
}

impl Repository {
    /// Opens the repository in a folder: reads its repomd.xml and finds the documents.
    ///
    /// What repomd.xml need not list is missing without a word. A listed filelists or comps document that is not there is
    /// doubted: a mirror may leave them out. Whatever is there must be the file that repomd.xml describes; that shows
    /// when it is read.
    ///
    /// # Errors
    /// Where the folder is no repository, repomd.xml cannot be used or lists no primary document, or a listed primary or
    /// modules document is not there.
    pub fn open(dir: &Path, limits: &Limits, report: &mut Report) -> Result<Self, Error> {
        let path = dir.join("repodata").join("repomd.xml");
        if !path.is_file() {
            return Err(no_repository(dir));
        }
        let document = |error| Error::from(error).in_repository(dir);
        let opened = Opened::file(&path, Stated::default(), limits).map_err(document)?;
        let repomd = repomd::read(opened, limits, report).map_err(document)?;
        let mut find = |kinds: &[&str], needed| {
            Finder { dir, repomd: &repomd, report: &mut *report }.first(kinds, needed)
        };
        let Some(primary) = find(&["primary"], true)? else {
            let dropped =
                report.problems.iter().find(|problem| problem.subject == "record primary");
            let why = dropped.map_or(String::new(), |problem| format!(": {problem}"));
            return Err(Error::NoRepository {
                repository: dir.into(),
                what: format!("repomd.xml lists no usable primary document{why}"),
                hint: "run createrepo_c on it, or sync it again",
            });
        };
        let mut find = |kinds: &[&str], needed| {
            Finder { dir, repomd: &repomd, report: &mut *report }.first(kinds, needed)
        };
        let filelists = find(&["filelists"], false)?;
        let modules = find(&["modules"], true)?;
        let group = find(&["group", "group_gz", "group_xz"], false)?;
        Ok(Repository { dir: dir.into(), primary, filelists, modules, group, repomd })
    }

    /// Where our files go: the folder of repomd.xml.
    pub fn repodata(&self) -> PathBuf {
        self.dir.join("repodata")
    }

    /// Opens a document for reading; its content is checked against repomd.xml while it is read.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn open_document(
        &self,
        document: &Document,
        limits: &Limits,
    ) -> Result<Opened<'static>, Error> {
        Opened::file(&document.path, document.stated.clone(), limits)
            .map_err(|error| self.of(error))
    }

    /// The architectures of the first packages (some thousand), as they come: a guess at what the rest will be.
    pub(crate) fn first_arches(&self, limits: &Limits) -> Result<Vec<String>, Error> {
        enum Stop {
            Enough,
            Document(crate::source::Error),
        }
        impl From<crate::source::Error> for Stop {
            fn from(error: crate::source::Error) -> Self {
                Stop::Document(error)
            }
        }
        let opened = self.open_document(&self.primary, limits)?;
        let mut arches: Vec<String> = Vec::new();
        let outcome = primary::read(opened, 1, limits, &mut Report::new(0), |chunk| {
            for package in chunk.packages() {
                if !arches.iter().any(|known| known == package.arch()) {
                    arches.push(package.arch().into());
                }
            }
            Err::<(), Stop>(Stop::Enough)
        });
        match outcome {
            Err(Stop::Document(error)) => Err(self.of(error)),
            Ok(_) | Err(Stop::Enough) => Ok(arches),
        }
    }

    /// Reads the module documents; none where the repository has none.
    ///
    /// # Errors
    /// As [`modulemd::read`].
    pub fn read_modules(
        &self,
        jobs: usize,
        limits: &Limits,
        report: &mut Report,
    ) -> Result<Modules, Error> {
        let Some(document) = &self.modules else { return Ok(Modules::default()) };
        let opened = self.open_document(document, limits)?;
        modulemd::read(opened, jobs, limits, report).map_err(|error| self.of(error))
    }

    /// Reads the groups; none where the repository has none.
    ///
    /// # Errors
    /// As [`comps::read`].
    pub fn read_groups(
        &self,
        limits: &Limits,
        report: &mut Report,
    ) -> Result<Vec<comps::Group>, Error> {
        let Some(document) = &self.group else { return Ok(Vec::new()) };
        let opened = self.open_document(document, limits)?;
        comps::read(opened, limits, report).map_err(|error| self.of(error))
    }

    /// An error of one of its documents.
    pub(crate) fn of(&self, error: crate::source::Error) -> Error {
        Error::from(error).in_repository(&self.dir)
    }
}

fn no_repository(dir: &Path) -> Error {
    let (what, hint) = if !dir.is_dir() {
        ("there is no such folder", "name the folder that holds `repodata`")
    } else if dir.join("repomd.xml").is_file() {
        ("repomd.xml is expected in a folder `repodata`", "name the folder above this one")
    } else {
        ("there is no repodata/repomd.xml", "run createrepo_c on it first")
    };
    Error::NoRepository { repository: dir.into(), what: what.into(), hint }
}

/// Finds the documents of a repomd.xml.
struct Finder<'f> {
    dir: &'f Path,
    repomd: &'f Repomd,
    report: &'f mut Report,
}

impl Finder<'_> {
    /// The first of some types that is listed and there. A listed one that is not there is an error where it is needed.
    fn first(&mut self, kinds: &[&str], needed: bool) -> Result<Option<Document>, Error> {
        let mut missing = None;
        for kind in kinds {
            let Some(record) = self.repomd.record(kind) else { continue };
            let path = self.dir.join(&record.location);
            let absent = match (&record.base, path.is_file()) {
                (None, true) => return self.document(record, path).map(Some),
                (None, false) => "repomd.xml lists it, and it is not there",
                (Some(_), _) => "repomd.xml says that it lies somewhere else (xml:base)",
            };
            missing = missing.or(Some((record.location.clone(), absent)));
        }
        let Some((location, absent)) = missing else { return Ok(None) };
        if needed {
            let fault = Fault::Refused(absent.into());
            let error = crate::source::Error { document: location, line: None, fault };
            return Err(Error::Document { repository: self.dir.into(), error });
        }
        self.doubt(kinds[0], format!("{location}: {absent}; it is left out"));
        Ok(None)
    }

    fn document(&mut self, record: &repomd::Record, path: PathBuf) -> Result<Document, Error> {
        let checksum = match &record.checksum {
            Some(checksum) => checksum.clone(),
            None => Checksum {
                kind: "sha256".into(),
                hex: sha256_of_file(&path).map_err(Error::io(&path))?,
            },
        };
        Ok(Document { kind: record.kind.clone(), path, checksum, stated: record.stated() })
    }

    fn doubt(&mut self, kind: &str, what: String) {
        self.report.add(Problem {
            severity: Severity::Doubted,
            document: "repomd.xml".into(),
            line: None,
            column: None,
            subject: format!("record {kind}"),
            what,
        });
    }
}
