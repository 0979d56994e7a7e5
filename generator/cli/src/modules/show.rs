//! `modex-publish modules show`

use super::args::ShowArgs;
use super::input::{self, Input};
use crate::Answer;
use crate::failure::Failure;
use crate::output::{self, Output};
use modex_formats::module::{ModuleSpec, ModuleStream};
use modex_generator::modulemd::{Document, to_yaml};
use serde_json::json;

pub(crate) fn run(args: &ShowArgs, output: &mut Output) -> Result<Answer, Failure> {
    let inputs = input::read_all(&args.places, args.work.jobs())?;
    let patterns = ModuleSpec::parse(&args.spec).map(|spec| spec.patterns());
    let meant = |stream: &ModuleStream| {
        patterns.as_ref().is_some_and(|patterns| patterns.matches(&stream.nsvca))
            || stream.nsvca.is_spelled(&args.spec)
    };
    let mut shown = Vec::new();
    for Input { file, judged } in &inputs {
        for one in judged {
            match &one.document {
                Ok(document @ Document::Stream(stream)) if meant(stream) => {
                    shown.push((file, one.line, document, stream));
                }
                _ => {}
            }
        }
    }
    if args.json {
        let documents: Vec<_> = shown
            .iter()
            .map(|(file, line, _, stream)| json!({ "file": file, "line": line, "stream": stream }))
            .collect();
        output.json(&json!({ "documents": documents }))?;
    } else {
        for (file, line, document, _) in &shown {
            output.line(format_args!("# {file}:{line}\n{}", to_yaml(document).trim_end()))?;
        }
    }
    if shown.is_empty() {
        output::talk(format_args!("no document matches {}", args.spec));
        return Ok(Answer::No);
    }
    Ok(Answer::Yes)
}
