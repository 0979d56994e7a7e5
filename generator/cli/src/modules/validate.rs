//! `modex-publish modules validate`

use super::args::ValidateArgs;
use super::input::{self, Input};
use crate::Answer;
use crate::failure::Failure;
use crate::output::{self, Output, counted, grouped};
use modex_generator::modulemd::{Collection, Document, Kind, Mode, UnknownKey, never_met};
use serde::Serialize;
use serde_json::json;

/// The verdict on one document.
#[derive(Serialize)]
struct Verdict {
    line: u64,
    column: Option<u64>,
    kind: Option<Kind>,
    subject: String,
    accepted: bool,
    /// Why it is refused.
    reason: Option<String>,
    warnings: Vec<String>,
    unknown_keys: Vec<UnknownKey>,
}

pub(crate) fn run(args: &ValidateArgs, output: &mut Output) -> Result<Answer, Failure> {
    let mode = if args.strict { Mode::Strict } else { Mode::Lax };
    let (mut files, mut unread) = (Vec::new(), None);
    for place in &args.places {
        // One file that cannot be read does not keep the verdict on the others.
        match input::read(place, mode, args.work.jobs()) {
            Ok(input) => {
                let file = input.file.clone();
                let verdicts = judge(input, args.repository);
                if !args.json {
                    tell(&file, &verdicts, output)?;
                }
                files.push((file, verdicts));
            }
            Err(Failure::Told { what, hint }) => {
                if let Some(Failure::Told { what, hint }) =
                    unread.replace(Failure::Told { what, hint })
                {
                    output::error(&what);
                    hint.iter().for_each(|hint| output::hint(hint));
                }
            }
            Err(closed) => return Err(closed),
        }
    }
    let accepted = files.iter().all(|(_, verdicts)| verdicts.iter().all(|one| one.accepted));
    if args.json {
        let files: Vec<_> = files
            .iter()
            .map(|(file, verdicts)| json!({ "file": file, "documents": verdicts }))
            .collect();
        output.json(&json!({ "accepted": accepted, "files": files }))?;
    }
    match unread {
        Some(failure) => output.finish().and(Err(failure)),
        None if accepted => Ok(Answer::Yes),
        None => Ok(Answer::No),
    }
}

/// Judges the documents of a file, each by itself and together.
fn judge(input: Input, repository: bool) -> Vec<Verdict> {
    let mut collection = Collection::default();
    let mut verdicts = Vec::with_capacity(input.judged.len());
    // Which verdict each kept stream document has.
    let mut places = Vec::new();
    for judged in input.judged {
        let source = judged.document.as_ref().is_ok_and(is_source);
        let outcome = match judged.document {
            Ok(_) if source && !repository => Ok(nameless(judged.kind)),
            document => document.and_then(|document| collection.add(document, Vec::new())),
        };
        places.resize(collection.streams(), verdicts.len());
        let (reason, doubt) = match outcome {
            Ok(doubt) => (None, doubt),
            Err(reason) => (Some(reason), None),
        };
        verdicts.push(Verdict {
            line: judged.line,
            column: judged.column,
            kind: judged.kind,
            subject: judged.subject,
            accepted: reason.is_none(),
            reason,
            warnings: judged.doubts.into_iter().chain(doubt.map(String::from)).collect(),
            unknown_keys: judged.unknown,
        });
    }
    for never in never_met(&collection.into_modules()) {
        let verdict = places.get(never.place).and_then(|at| verdicts.get_mut(*at));
        if let Some(verdict) = verdict.filter(|_| !never.known.is_empty()) {
            verdict.warnings.push(never.to_string());
        }
    }
    verdicts
}

/// Whether a document is what a build system is given.
fn is_source(document: &Document) -> bool {
    match document {
        Document::PackagerV2(_) | Document::PackagerV3(_) => true,
        Document::Stream(stream) => stream.nsvca.name.is_empty() || stream.nsvca.stream.is_empty(),
        _ => false,
    }
}

/// What to say of a source, by its kind.
fn nameless(kind: Option<Kind>) -> Option<&'static str> {
    let packager = kind.is_some_and(Kind::is_packager);
    (!packager)
        .then_some("it has no name or no stream: fit for a build system, not for a repository")
}

fn tell(file: &str, verdicts: &[Verdict], output: &mut Output) -> Result<(), Failure> {
    for verdict in verdicts {
        let column = verdict.column.map_or(String::new(), |column| format!(":{column}"));
        let place = format!("{file}:{}{column}: {}", verdict.line, verdict.subject);
        for warning in &verdict.warnings {
            output.line(format_args!("{place}: warning: {warning}"))?;
        }
        if let Some(reason) = &verdict.reason {
            output.line(format_args!("{place}: refused: {reason}"))?;
        }
    }
    let refused = verdicts.iter().filter(|verdict| !verdict.accepted).count() as u64;
    let all = counted(verdicts.len() as u64, "document");
    let unknown: u64 = verdicts.iter().map(|verdict| verdict.unknown_keys.len() as u64).sum();
    let unknown = match unknown {
        0 => String::new(),
        count => format!("; {} not known (--strict says where)", counted(count, "key")),
    };
    match refused {
        0 => output.line(format_args!("{file}: {all} accepted{unknown}")),
        count => output.line(format_args!("{file}: {} of {all} refused{unknown}", grouped(count))),
    }
}
