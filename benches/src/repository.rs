//! A repository's documents.

use crate::failure::{Context, Failure};
use modex_generator::Repository;
use modex_generator::source::{Limits, Report};
use std::io::{self, Write};
use std::path::Path;

/// Opens the repository in a folder.
pub(crate) fn open(dir: &Path) -> Result<Repository, Failure> {
    Repository::open(dir, &Limits::default(), &mut Report::new(0)).context(dir.display())
}

/// Writes primary.xml, decompressed, and gives its length.
pub(crate) fn write_primary(repository: &Repository, out: &mut impl Write) -> Result<u64, Failure> {
    let what = repository.primary.path.display();
    let mut opened =
        repository.open_document(&repository.primary, &Limits::default()).context(&what)?;
    let length = io::copy(&mut opened, out).context(&what)?;
    opened.finish().context(&what)?;
    Ok(length)
}
