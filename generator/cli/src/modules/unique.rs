//! `modex-publish modules unique`

use super::args::UniqueArgs;
use super::input;
use crate::Answer;
use crate::failure::Failure;
use crate::output::{Output, counted};
use modex_generator::modulemd::{Document, Judged, twice};
use serde_json::json;

pub(crate) fn run(args: &UniqueArgs, output: &mut Output) -> Result<Answer, Failure> {
    let inputs = input::read_all(&args.places, args.work.jobs())?;
    let found = twice(inputs.iter().map(|input| (input.file.as_str(), &input.judged[..])));
    let is_stream = |judged: &&Judged| matches!(judged.document, Ok(Document::Stream(_)));
    let documents: usize =
        inputs.iter().map(|input| input.judged.iter().filter(is_stream).count()).sum();
    let bad = found.iter().filter(|twice| args.strict || !twice.equal).count();
    if args.json {
        output.json(&json!({ "unique": bad == 0, "documents": documents, "twice": found }))?;
    } else {
        let told = found.iter().filter(|twice| args.strict || !twice.equal);
        told.into_iter().try_for_each(|twice| output.line(twice))?;
        let equal = found.iter().filter(|twice| twice.equal).count() as u64;
        let differing = found.len() as u64 - equal;
        output.line(format_args!(
            "{}: {} twice and equal, {differing} twice and different",
            counted(documents as u64, "stream document"),
            equal,
        ))?;
    }
    Ok(if bad == 0 { Answer::Yes } else { Answer::No })
}
