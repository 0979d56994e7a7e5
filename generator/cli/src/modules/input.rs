//! Where module documents come from.

use crate::failure::Failure;
use modex_generator::Repository;
use modex_generator::modulemd::{self, Judged, Mode};
use modex_generator::source::{Limits, Opened, Report, Stated};
use std::io;
use std::path::Path;

/// The documents of a place.
pub(crate) struct Input {
    /// The file, as to be told.
    pub(crate) file: String,
    pub(crate) judged: Vec<Judged>,
}

/// Reads the documents of a file, a repository's folder or stdin.
pub(crate) fn read(place: &Path, mode: Mode, jobs: usize) -> Result<Input, Failure> {
    let limits = Limits::default();
    let (file, opened) = if place == Path::new("-") {
        ("stdin".into(), Opened::stream("stdin", io::stdin(), Stated::default(), &limits))
    } else if place.is_dir() {
        let repository = Repository::open(place, &limits, &mut Report::new(0))?;
        let Some(document) = &repository.modules else {
            return Ok(Input { file: place.display().to_string(), judged: Vec::new() });
        };
        let opened = repository.open_document(document, &limits)?;
        (document.path.display().to_string(), Ok(opened))
    } else {
        (place.display().to_string(), Opened::file(place, Stated::default(), &limits))
    };
    let told = |error: modex_generator::source::Error| {
        Failure::new(format!("{file}: {}", error.fault), error.hint())
    };
    let opened = opened.map_err(told)?;
    let (_, judged) = modulemd::documents(opened, mode, jobs, &limits).map_err(told)?;
    Ok(Input { file, judged })
}

/// Reads several places in their order.
pub(crate) fn read_all<'p>(
    places: impl IntoIterator<Item = &'p std::path::PathBuf>,
    jobs: usize,
) -> Result<Vec<Input>, Failure> {
    places.into_iter().map(|place| read(place, Mode::Lax, jobs)).collect()
}
