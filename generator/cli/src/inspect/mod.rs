//! `modex-publish inspect`

mod cold;
mod hot;
mod pointer;
mod sections;
mod view;
mod warm;

use crate::Answer;
use crate::args::InspectArgs;
use crate::failure::Failure;
use crate::output::Output;
use modex_formats::index::{FORMAT_VERSION, File, FormatError, Kind, MAGIC, check};
use modex_formats::pointer::MAX_BYTES;
use modex_generator::digest::hex;
use std::fs;
use std::io::Read;
use std::path::Path;
use view::View;

pub(crate) fn run(args: &InspectArgs, output: &mut Output) -> Result<Answer, Failure> {
    let bytes = read(&args.file)?;
    let view = match bytes.starts_with(&MAGIC) {
        true => index(&bytes, args.rows),
        false => pointer::view(&bytes),
    };
    let view = match view {
        Ok(view) => view,
        Err(error @ FormatError::Damaged { .. }) => View::damaged(&error, bytes.len()),
        Err(error) => {
            let what = format!("{}: {error}", args.file.display());
            return Err(Failure::new(what, Some(hint(&error))));
        }
    };
    match args.json {
        true => output.json(&view.as_json())?,
        false => view.print(output)?,
    }
    Ok(if view.problem.is_none() { Answer::Yes } else { Answer::No })
}

/// The whole file, if it can be one of ours: of others not more than it takes to see that.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::file(path, &error);
    let mut file = fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.by_ref().take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.starts_with(&MAGIC) {
        file.read_to_end(&mut bytes).map_err(failed)?;
    }
    Ok(bytes)
}

fn hint(error: &FormatError) -> &'static str {
    match error {
        FormatError::TooNew { .. } => "use a newer modex",
        _ => "files of modex are named …-modex.json, …-modex-ARCH.hot, .warm or .cold",
    }
}

fn index(bytes: &[u8], rows: u32) -> Result<View, FormatError> {
    let file = File::open(bytes)?;
    let mut view = View::new(file.kind().to_string(), bytes.len());
    view.fact("format", FORMAT_VERSION);
    view.fact("source", hex(&file.source()));
    view.sections = sections::of(&file);
    // Rows of a damaged file are shown as far as they can be read.
    view.problem = check::whole(bytes).err().map(|error| error.to_string());
    let shown = match file.kind() {
        Kind::Hot => hot::fill(&mut view, bytes, rows),
        Kind::Warm => warm::fill(&mut view, bytes, rows),
        Kind::Cold => cold::fill(&mut view, bytes, rows),
    };
    match (shown, &view.problem) {
        (Err(error), None) => view.problem = Some(error.to_string()),
        // Known already.
        (Err(_), Some(_)) | (Ok(()), _) => {}
    }
    Ok(view)
}
