//! Package files, for commands that name them.

use crate::error::{Note, RootError};
use crate::inside::open_plain;
use crate::rpmdb::Package;
use modex_formats::rpm::Header;
use modex_formats::rpm::file::{FileError, Head};
use modex_resolver::system::PackageFile;
use sha2::{Digest, Sha256};
use std::io::{self, Read, Seek};
use std::path::Path;

/// Reads a package file: its header, and all of it once for its digest. `path` is as a request names it. What is passed over is
/// told to `notes`.
///
/// # Errors
/// It cannot be read, is no package file, or is damaged.
pub fn read_package_file(path: &str, notes: &mut Vec<Note>) -> Result<PackageFile, RootError> {
    let place = Path::new(path);
    let failed = |error| RootError::file(place, error);
    let unsound = |problem: FileError| match problem {
        FileError::Io(error) => failed(error),
        problem => RootError::PackageFile { path: place.to_owned(), problem },
    };
    let mut file = open_plain(place).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let head = Head::read(&mut file).map_err(unsound)?;
    if head.file_bytes.is_some_and(|stated| stated > size) {
        return Err(unsound(FileError::Cut));
    }
    let mut note = |problem| {
        notes.push(Note { path: path.to_owned(), line: None, problem });
    };
    let header = Header::parse(&head.header).map_err(|error| unsound(error.into()))?;
    let package = Package::read(&header, 0, &mut note).map_err(|error| unsound(error.into()))?;
    let package = package.ok_or_else(|| unsound(FileError::Foreign))?;
    let mut digest = Sha256::new();
    file.rewind().and_then(|()| io::copy(&mut file.take(size), &mut digest)).map_err(failed)?;
    let installed_size = package.size;
    Ok(PackageFile {
        path: path.to_owned(),
        package: package.into_installed(),
        sha256: digest.finalize().into(),
        size,
        installed_size,
    })
}
