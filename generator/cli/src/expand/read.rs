//! The files that are read.

use crate::failure::Failure;
use crate::output;
use modex_formats::module::ModuleStream;
use modex_generator::modulemd::{Document, Judged, Mode, collect, documents};
use modex_generator::source::{Error, Limits, Opened, Report, Stated};
use std::path::{Path, PathBuf};

/// The only document of a file that can be expanded.
pub(super) fn input(path: &Path) -> Result<Document, Failure> {
    let (_, judged) = judged(path)?;
    let mut found = None;
    for Judged { line, column, document, doubts, unknown, .. } in judged {
        let column = column.map(|column| format!(":{column}")).unwrap_or_default();
        let place = format!("{}:{line}{column}", path.display());
        let document = document.map_err(|what| Failure::new(format!("{place}: {what}"), None))?;
        doubts.iter().for_each(|doubt| output::warning(format_args!("{place}: {doubt}")));
        for key in unknown {
            output::warning(format_args!("{place}: unknown key {}, passed over", key.path));
        }
        let expandable = matches!(
            document,
            Document::Stream(_) | Document::PackagerV2(_) | Document::PackagerV3(_)
        );
        if expandable && found.replace(document).is_some() {
            let what = format!("{place}: a second document to expand");
            return Err(Failure::new(what, Some("give a file with one of them")));
        }
    }
    found.ok_or_else(|| {
        let hint = "give a modulemd of version 2 or a modulemd-packager document";
        Failure::new(format!("{}: no document to expand", path.display()), Some(hint))
    })
}

/// The stream documents of all files.
pub(super) fn against(paths: &[PathBuf]) -> Result<Vec<ModuleStream>, Failure> {
    let mut streams = Vec::new();
    for path in paths {
        let mut report = Report::new(Limits::default().problems);
        let (name, judged) = judged(path)?;
        streams.extend(collect(&name, judged, &mut report).streams);
        output::problems(&path.display().to_string(), &report);
    }
    Ok(streams)
}

fn judged(path: &Path) -> Result<(String, Vec<Judged>), Failure> {
    let limits = Limits::default();
    let fail = |error: Error| {
        let line = error.line.map(|line| format!(":{line}")).unwrap_or_default();
        Failure::new(format!("{}{line}: {}", path.display(), error.fault), error.hint())
    };
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let opened = Opened::file(path, Stated::default(), &limits).map_err(fail)?;
    documents(opened, Mode::Lax, jobs, &limits).map_err(fail)
}
