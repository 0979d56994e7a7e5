//! Where the files of repositories are fetched from.

use crate::args::OriginArgs;
use crate::error::Failure;
use crate::world::Opened;
use modex_formats::lock::{LockFile, checksum};
use modex_generator::Repository;
use modex_generator::digest::sha256_of_file;
use modex_generator::source::{Limits, Report};
use modex_resolver::system::FILES_REPO;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// The place of every repository of a command.
pub(crate) struct Origins {
    /// The URL by id; without a slash at its end.
    urls: BTreeMap<String, String>,
    /// The folder by id, as given.
    folders: BTreeMap<String, String>,
    /// Repositories of which nothing but the folder was known when it was asked for.
    by_folder: RefCell<BTreeSet<String>>,
}

impl Origins {
    /// Of what the command line says, the system configures, and else of the folders.
    pub(crate) fn new(args: &OriginArgs, opened: &Opened) -> Result<Self, Failure> {
        let mut urls = BTreeMap::new();
        let mut folders = BTreeMap::new();
        for repository in opened.indexes() {
            let id = repository.id().to_owned();
            if let Some(url) = opened.machine.baseurl(&id) {
                urls.insert(id.clone(), url.trim_end_matches('/').to_owned());
            }
            let folder = repository.dir().to_string_lossy().trim_end_matches('/').to_owned();
            folders.insert(id, folder);
        }
        for word in &args.baseurl {
            let parts = word.split_once('=').filter(|(id, url)| !id.is_empty() && !url.is_empty());
            let Some((id, url)) = parts else {
                return Err(Failure::new(format!("`--baseurl {word}` is not ID=URL")));
            };
            if !folders.contains_key(id) && id != FILES_REPO {
                let what = format!("`--baseurl {word}`: no repository of that id");
                return Err(Failure::new(what).hint(format!("say --repo {id}=DIR as well")));
            }
            urls.insert(id.to_owned(), url.trim_end_matches('/').to_owned());
        }
        Ok(Origins { urls, folders, by_folder: RefCell::default() })
    }

    /// The place of a file of a repository.
    pub(crate) fn url(&self, id: &str, location: &str) -> String {
        if location.contains("://") {
            return location.to_owned();
        }
        let base = self.urls.get(id).or_else(|| {
            self.by_folder.borrow_mut().insert(id.to_owned());
            self.folders.get(id)
        });
        match base {
            Some(base) => [base, "/", location].concat(),
            // A package file, which is of no repository.
            None => location.to_owned(),
        }
    }

    /// Whether a place from a lock file is that of a file of a repository. Where it is not known where that one is fetched
    /// from, any place of the same file below any mirror is.
    pub(crate) fn is_at(&self, id: &str, location: &str, url: &str) -> bool {
        if location.contains("://") {
            return url == location;
        }
        let base = self.urls.get(id);
        let before = url.strip_suffix(location).and_then(|rest| rest.strip_suffix('/'));
        match base {
            Some(base) => before == Some(base),
            None => before.is_some(),
        }
    }

    /// Says of which repositories nobody said where they are fetched from.
    pub(crate) fn warn(&self) -> io::Result<()> {
        for id in self.by_folder.borrow().iter() {
            writeln!(
                io::stderr(),
                "modex: warning: nothing says where repository `{id}` is fetched from: its files are named by their paths; \
                 say --baseurl {id}=URL"
            )?;
        }
        Ok(())
    }
}

/// The modules document of a repository, as stored.
pub(crate) struct ModulesFile {
    /// Where it lies below the repository.
    pub(crate) location: String,
    pub(crate) size: u64,
    pub(crate) checksum: String,
}

impl ModulesFile {
    /// Finds the modules document of a repository; `None` where it has none.
    pub(crate) fn of(opened: &Opened, id: &str) -> Result<Option<Self>, Failure> {
        let Some(indexed) = opened.indexed(id) else { return Ok(None) };
        let limits = Limits::default();
        let mut report = Report::new(limits.problems);
        let repository = Repository::open(indexed.dir(), &limits, &mut report)?;
        let (Some(document), Some(record)) =
            (&repository.modules, repository.repomd.record("modules"))
        else {
            return Ok(None);
        };
        let unreadable = |error: io::Error| Failure::file(&document.path, &error);
        let stated = document.checksum.kind == "sha256";
        let checksum = match stated {
            true => checksum("sha256", &document.checksum.hex),
            // Lock files want this one, whatever repomd.xml has.
            false => checksum("sha256", &sha256_of_file(&document.path).map_err(unreadable)?),
        };
        let size = match record.size {
            Some(size) => size,
            None => std::fs::metadata(&document.path).map_err(unreadable)?.len(),
        };
        Ok(Some(ModulesFile { location: record.location.clone(), size, checksum }))
    }

    /// As lock files write it.
    pub(crate) fn to_lock(&self, id: &str, origins: &Origins) -> LockFile {
        LockFile {
            url: origins.url(id, &self.location),
            repoid: Some(id.to_owned()),
            size: Some(self.size),
            checksum: Some(self.checksum.clone()),
            ..LockFile::default()
        }
    }
}
