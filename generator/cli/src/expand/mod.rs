//! `modex-publish expand`

mod args;
mod files;
mod read;
mod tell;

pub(crate) use args::ExpandArgs;

use crate::Answer;
use crate::failure::Failure;
use crate::output::{self, Output};
use modex_formats::module::ModuleStream;
use modex_generator::expand::{
    Counts, ExpandError, Expansion, Finding, Options, Outcome, count, expand, lint,
};
use modex_generator::modulemd::{Document, to_yaml};
use serde_json::json;
use std::path::Path;

/// How many combinations that cannot be built are told unasked.
const TOLD: usize = 20;

pub(crate) fn run(args: &ExpandArgs, output: &mut Output) -> Result<Answer, Failure> {
    let document = read::input(&args.input)?;
    let against = read::against(&args.against)?;
    let options = options(args);
    if args.dry_run {
        let counts = count(&document, &against, &options).map_err(failure)?;
        return dry_run(args, &counts, output);
    }
    if args.lint {
        let findings = lint(&document, &against, &options).map_err(failure)?;
        return linted(args, &findings, output);
    }
    let expansion = expand(&document, &against, &options).map_err(failure)?;
    complain(args, &expansion);
    let folder = args.output.as_deref().filter(|folder| *folder != Path::new("-"));
    let files = match folder {
        Some(folder) => files::write(folder, &expansion)?,
        None => Vec::new(),
    };
    if args.json {
        output.json(&json!({
            "builds": expansion.builds,
            "combinations": expansion.combinations,
            "notes": expansion.notes,
            "files": files.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
        }))?;
    } else if args.explain {
        tell::combinations(&expansion, output)?;
    } else if folder.is_some() {
        files.iter().try_for_each(|path| output.line(path.display()))?;
    } else {
        for build in firsts(&expansion) {
            let yaml = to_yaml(&Document::Stream(document_of(&expansion, build)?.into()));
            output.line(yaml.strip_suffix('\n').unwrap_or(&yaml))?;
        }
    }
    Ok(if expansion.builds.is_empty() { Answer::No } else { Answer::Yes })
}

fn options(args: &ExpandArgs) -> Options {
    Options {
        base_modules: args.base_module.clone(),
        platform_streams: args.platform_streams.clone(),
        defaults: args.default.iter().cloned().collect(),
        ambiguous_is_error: args.ambiguous_is_error,
        mbs_exact: args.mbs_exact,
        assume: args.against.is_empty(),
        build_requires: args.override_br.iter().cloned().collect(),
        requires: args.override_r.iter().cloned().collect(),
        name: args.name.clone(),
        stream: args.stream.clone(),
        commit_time: args.commit_time,
        ..Options::default()
    }
}

fn failure(error: ExpandError) -> Failure {
    Failure::new(error.to_string(), error.hint())
}

fn document_of(expansion: &Expansion, build: usize) -> Result<ModuleStream, Failure> {
    expansion.document(build).map_err(failure)
}

/// The builds without those whose context an earlier one has.
fn firsts(expansion: &Expansion) -> impl Iterator<Item = usize> + '_ {
    expansion.combinations.iter().filter_map(|combination| match combination.outcome {
        Outcome::Kept { build, same_context: None, .. } => Some(build),
        _ => None,
    })
}

fn complain(args: &ExpandArgs, expansion: &Expansion) {
    expansion.notes.iter().for_each(output::warning);
    // Who asks for all of them gets them as data.
    if !args.explain && !args.json {
        for (combination, reason) in expansion.dropped().take(TOLD) {
            let streams = tell::streams(&combination.streams);
            output::warning(format_args!("not built: {streams}{reason}"));
        }
        let more = expansion.dropped().count().saturating_sub(TOLD);
        if more > 0 {
            output::warning(format_args!("not built: {more} more; --explain shows them"));
        }
        let again = expansion.builds.len() - firsts(expansion).count();
        if again > 0 {
            let again = output::counted(again as u64, "build");
            output::warning(format_args!("{again} left out: same context as an earlier one"));
        }
    }
    if expansion.builds.is_empty() {
        output::error("no combination can be built");
        output::hint("--explain shows each of them, --lint what to do");
    }
}

fn linted(args: &ExpandArgs, findings: &[Finding], output: &mut Output) -> Result<Answer, Failure> {
    if args.json {
        output.json(&json!({ "findings": findings }))?;
    } else {
        findings.iter().try_for_each(|finding| tell::finding(finding, output))?;
    }
    Ok(if findings.is_empty() { Answer::Yes } else { Answer::No })
}

fn dry_run(args: &ExpandArgs, counts: &Counts, output: &mut Output) -> Result<Answer, Failure> {
    if args.json {
        output.json(&json!(counts))?;
    } else {
        tell::counts(counts, output)?;
    }
    Ok(if counts.builds.is_some_and(|builds| builds > 0) { Answer::Yes } else { Answer::No })
}
