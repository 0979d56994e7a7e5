//! What only the package files say: whether a package is of a module. primary.xml leaves the modularity label out, and dnf, which
//! sees it after the download, refuses packages that carry one and that no active stream lists.

use crate::Error;
use crate::observer::{Observer, Step};
use crate::repository::Repository;
use crate::source::{Problem, Report, Severity};
use crate::workers::Workers;
use modex_formats::index::HotBuilder;
use modex_formats::index::section::locations::LocationTables;
use modex_formats::rpm::Header;
use modex_formats::rpm::Nevra;
use modex_formats::rpm::file::{FileError, Head};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// How many files are read between two looks at whether the work is to go on.
const AT_A_TIME: usize = 1024;

/// Whether package files are read, where they lie below the repository: those that no document of it lists. One that is not there
/// is passed over; one that cannot be read is doubted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PackageFiles {
    /// None is.
    #[default]
    Unread,
    /// They are, up to their payload. Takes up to 512 MiB of memory a thread where somebody made up the files.
    Read,
    /// They are; these packages (ids in the index) carry a label where their file is not there. For making an index again.
    Again(Vec<u32>),
}

/// Finds the packages that carry a label and that no document lists; ids, ascending.
pub(crate) struct Search<'s> {
    pub(crate) repository: &'s Repository,
    pub(crate) arch: &'s str,
    pub(crate) workers: &'s Workers,
    pub(crate) observer: &'s dyn Observer,
}

impl Search<'_> {
    /// Looks into the files. Call when all packages and all artifacts are known.
    pub(crate) fn run(
        &self,
        files: &PackageFiles,
        builder: &HotBuilder,
        locations: &LocationTables,
        report: &mut Report,
    ) -> Result<Vec<u32>, Error> {
        let known = match files {
            PackageFiles::Unread => return Ok(Vec::new()),
            PackageFiles::Read => &[][..],
            PackageFiles::Again(known) => known,
        };
        let mut found = Vec::new();
        let unlisted = builder.unlisted();
        for (number, some) in unlisted.chunks(AT_A_TIME).enumerate() {
            let (repository, arch) = (&self.repository.dir, self.arch);
            let read = (number * AT_A_TIME) as u64;
            if self.observer.step(Step::PackageFiles { repository, arch, read }).is_break() {
                return Err(Error::Interrupted);
            }
            let labels = self.workers.map(some.iter().collect(), |(id, nevra)| {
                let place = place(locations, *id, nevra)?;
                Some((has_label(&self.repository.dir.join(&place)), place))
            });
            for ((id, nevra), label) in some.iter().zip(labels) {
                match label {
                    Some((Ok(Some(label)), _)) => found.extend(label.then_some(*id)),
                    Some((Err(error), place)) => report.add(doubt(&place, nevra, &error)),
                    None | Some((Ok(None), _)) => {
                        found.extend(known.binary_search(id).is_ok().then_some(*id))
                    }
                }
            }
        }
        Ok(found)
    }
}

/// Where a package's file lies below the repository; `None` where it lies somewhere else.
fn place(locations: &LocationTables, package: u32, nevra: &Nevra<'_>) -> Option<PathBuf> {
    let folder = locations.folders.get(usize::from(*locations.folder_of.get(package as usize)?))?;
    let Nevra { name, evr, arch } = nevra;
    let place = match locations.odd.binary_search_by_key(&package, |(id, _)| *id) {
        Ok(at) => format!("{folder}{}", locations.odd[at].1),
        Err(_) => format!("{folder}{name}-{}-{}.{arch}.rpm", evr.version, evr.release?),
    };
    let below = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    let place = PathBuf::from(place);
    place.components().all(below).then_some(place)
}

/// Whether a package file carries a label; `None` where there is no such file.
fn has_label(path: &Path) -> Result<Option<bool>, FileError> {
    // Looked at before it is opened: a pipe would never answer.
    match fs::metadata(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
        Ok(file) if !file.is_file() => return Err(FileError::Foreign),
        Ok(_) => {}
    }
    let head = Head::read(io::BufReader::new(File::open(path)?))?;
    Ok(Some(Header::parse(&head.header)?.modularity_label()?.is_some()))
}

fn doubt(place: &Path, nevra: &Nevra<'_>, error: &FileError) -> Problem {
    Problem {
        severity: Severity::Doubted,
        document: place.to_string_lossy().into(),
        line: None,
        column: None,
        subject: crate::lower::cut(&nevra.to_string(), 200).into(),
        what: format!("whether it is of a module is not known: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_below_the_repository() {
        let locations = LocationTables {
            folders: ["Packages/", "", "https://host/", "../"].map(String::from).into(),
            folder_of: vec![0, 1, 2, 3, 1, 9],
            odd: vec![(1, "odd.rpm".into()), (4, "/etc/odd.rpm".into())],
        };
        let nevra = Nevra::parse("foo-1:2-3.noarch").unwrap();
        let places = (0..7).map(|id| place(&locations, id, &nevra));
        let places: Vec<_> =
            places.map(|place| place.map(|it| it.to_str().unwrap().to_owned())).collect();
        let below = [
            Some("Packages/foo-2-3.noarch.rpm"),
            Some("odd.rpm"),
            Some("https://host/foo-2-3.noarch.rpm"),
        ];
        let below = below.into_iter().chain([None; 4]).map(|place| place.map(String::from));
        assert_eq!(places, below.collect::<Vec<_>>());
    }
}
