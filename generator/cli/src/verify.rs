//! `modex-publish verify`

use crate::Answer;
use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Progress;
use modex_generator::{Options, Verdict, verify};
use serde_json::{Value, json};

pub(crate) fn run(args: &VerifyArgs, output: &mut Output) -> Result<Answer, Failure> {
    let verdicts = {
        let progress = Progress::new();
        let options = Options { jobs: args.work.jobs(), observer: &progress, ..Options::default() };
        let verdicts = args.repositories.iter().map(|dir| verify(dir, &options));
        verdicts.collect::<Result<Vec<Verdict>, _>>()?
    };
    if args.json {
        let repositories: Vec<Value> = verdicts.iter().map(as_json).collect();
        output.json(&json!({ "repositories": repositories }))?;
    } else {
        for verdict in &verdicts {
            tell(verdict, output)?;
        }
    }
    let whole = verdicts.iter().all(|verdict| verdict.findings.is_empty());
    Ok(if whole { Answer::Yes } else { Answer::No })
}

fn tell(verdict: &Verdict, output: &mut Output) -> Result<(), Failure> {
    let place = verdict.repository.display();
    if verdict.findings.is_empty() {
        let arches: Vec<&str> = verdict
            .pointer
            .iter()
            .flat_map(|pointer| pointer.architectures.keys().map(String::as_str))
            .collect();
        return output.line(format_args!("{place}: whole, {}", arches.join(", ")));
    }
    let findings = match verdict.findings.len() {
        1 => "1 finding".to_string(),
        count => format!("{count} findings"),
    };
    output.line(format_args!("{place}: {findings}"))?;
    let mut hints: Vec<&str> = Vec::new();
    for finding in &verdict.findings {
        output.line(format_args!("  {}: {}", finding.place, finding.what))?;
        hints.extend(finding.hint.filter(|hint| !hints.contains(hint)));
    }
    hints.into_iter().try_for_each(|hint| output.line(format_args!("  hint: {hint}")))
}

fn as_json(verdict: &Verdict) -> Value {
    json!({
        "repository": verdict.repository.to_string_lossy(),
        "whole": verdict.findings.is_empty(),
        "findings": verdict.findings,
        "pointer": verdict.pointer,
    })
}
