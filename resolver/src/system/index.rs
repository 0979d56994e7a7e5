//! The installed packages, laid out as an index.

use super::installed::{InstallReason, SystemError};
use crate::store::bridge::Bridge;
use crate::store::{MappedFile, OpenIndex, RepoOptions};
use modex_formats::index::{FormatError, Hot};
use std::ops::Range;
use std::sync::Arc;

/// A hot file that holds the installed packages, and why each of them is there.
#[derive(Clone)]
pub struct InstalledIndex {
    bytes: Bytes,
    /// By package.
    reasons: Arc<[InstallReason]>,
}

#[derive(Clone)]
enum Bytes {
    Made(Arc<[u8]>),
    Kept(Arc<MappedFile>, Arc<Parts>),
}

/// Where the parts of an index lie in a file that it is kept in.
#[derive(Debug)]
pub struct Parts {
    /// What [`InstalledIndex::bytes`] gave.
    pub index: Range<usize>,
    /// What [`InstalledIndex::bridges`] gave, each with the id of its repository.
    pub bridges: Vec<(String, Range<usize>)>,
}

impl InstalledIndex {
    pub(super) fn new(bytes: Vec<u8>, reasons: Vec<InstallReason>) -> Self {
        InstalledIndex { bytes: Bytes::Made(bytes.into()), reasons: reasons.into() }
    }

    /// An index that was kept, for the same packages and the same repositories. O(sections).
    ///
    /// # Errors
    /// It is none, or has another number of packages than of reasons, or the file ends before it does.
    pub fn kept(
        file: MappedFile,
        parts: Parts,
        reasons: Vec<InstallReason>,
    ) -> Result<Self, SystemError> {
        let damaged = |what: &str| FormatError::damaged("PKGN", what);
        let bytes = file.get(parts.index.clone()).ok_or_else(|| damaged("cut inside the index"))?;
        if Hot::open(bytes)?.packages.len() != reasons.len() {
            return Err(damaged("not one reason a package").into());
        }
        let bytes = Bytes::Kept(Arc::new(file), Arc::new(parts));
        Ok(InstalledIndex { bytes, reasons: reasons.into() })
    }

    /// The hot file.
    pub fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Made(bytes) => bytes,
            Bytes::Kept(file, parts) => &file[parts.index.clone()],
        }
    }

    /// Why the packages are there, by their id in the file.
    pub fn reasons(&self) -> &[InstallReason] {
        &self.reasons
    }

    /// How the ids of the index stand to those of each repository: tables that answers make again and again, unless they are kept.
    /// O(ids of the index).
    ///
    /// # Errors
    /// An index is damaged.
    pub fn bridges(
        &self,
        repos: &[(RepoOptions, &OpenIndex)],
    ) -> Result<Vec<Vec<u8>>, SystemError> {
        let system = Hot::open(self.bytes())?;
        let bridge = |(_, index): &(RepoOptions, &OpenIndex)| {
            Ok(Bridge::new(&system, &index.hot()?).to_bytes())
        };
        repos.iter().map(bridge).collect()
    }

    /// The table of a repository, where it was kept.
    pub(crate) fn bridge(&self, repo: &str) -> Option<&[u8]> {
        let Bytes::Kept(file, parts) = &self.bytes else { return None };
        let (_, place) = parts.bridges.iter().find(|(id, _)| id == repo)?;
        file.get(place.clone())
    }
}
