//! `modex-publish modules merge`

use super::args::MergeArgs;
use super::input;
use crate::Answer;
use crate::failure::Failure;
use crate::output::{self, Output, counted};
use modex_formats::module::{OnConflict, OnStreamTie};
use modex_generator::modulemd::{self, MergeOptions, Merged, Mode, Source};
use modex_generator::publish::write_file;
use modex_generator::source::{Limits, Report};
use serde_json::json;
use std::path::Path;

/// dnf's priority of local defaults over those of repositories.
const OVERRIDES: i32 = 1000;

pub(crate) fn run(args: &MergeArgs, output: &mut Output) -> Result<Answer, Failure> {
    let to_stdout = args.output == Path::new("-");
    if args.json && to_stdout {
        return Err(Failure::new(
            "--json and the merged documents cannot both go to stdout",
            Some("name a file with --output"),
        ));
    }
    let mode = if args.strict { Mode::Strict } else { Mode::Lax };
    let places = args.places.iter().map(|place| (place, 0));
    let places = places.chain(args.overrides.iter().map(|place| (place, OVERRIDES)));
    let (mut sources, mut report) = (Vec::new(), Report::new(Limits::default().problems));
    let mut unknown = 0;
    for (place, priority) in places {
        let input = input::read(place, mode, args.work.jobs())?;
        let modules = modulemd::collect(&input.file, input.judged, &mut report);
        unknown += modules.unknown.len() as u64;
        sources.push(Source { place: input.file, priority, modules });
    }
    let merged = modulemd::merge(
        &sources,
        MergeOptions {
            on_stream_tie: if args.strict { OnStreamTie::Conflict } else { OnStreamTie::NoStream },
            on_conflict: match args.isolate {
                true => OnConflict::NoneForTheModule,
                false => OnConflict::NoDefaultsAtAll,
            },
        },
    );
    complain(&merged, &report, unknown);
    let failed = (!merged.conflicts.is_empty() && !args.isolate)
        || (args.strict && (report.dropped > 0 || !merged.differing.is_empty()));
    if failed {
        output::error("nothing was written");
    } else {
        let yaml = modulemd::write(&merged.modules);
        match to_stdout {
            true => output.text(&yaml)?,
            false => write_file(&args.output, yaml.as_bytes())?,
        }
    }
    if args.json {
        output.json(&as_json(&merged, &report, !failed))?;
    } else if !to_stdout && !failed {
        let modules = &merged.modules;
        output.line(format_args!(
            "{}: {}, {}, {}, {}",
            args.output.display(),
            counted(modules.streams.len() as u64, "stream"),
            counted(modules.defaults.len() as u64, "default"),
            counted(modules.obsoletes.len() as u64, "obsoletes document"),
            counted(modules.translations.len() as u64, "translation"),
        ))?;
    }
    Ok(if failed { Answer::No } else { Answer::Yes })
}

fn complain(merged: &Merged, report: &Report, unknown: u64) {
    output::problems("merge", report);
    merged.differing.iter().for_each(output::warning);
    merged
        .conflicts
        .iter()
        .for_each(|conflict| output::warning(format_args!("defaults: {conflict}")));
    let never = modulemd::never_met(&merged.modules);
    for never in never.iter().filter(|never| !never.known.is_empty()) {
        output::warning(format_args!("{}: {never}", never.nsvca));
    }
    if unknown > 0 {
        let keys = counted(unknown, "key");
        output::warning(format_args!(
            "{keys} that the format does not know: left out of the result"
        ));
    }
}

fn as_json(merged: &Merged, report: &Report, written: bool) -> serde_json::Value {
    let modules = &merged.modules;
    let differing = merged.differing.iter().map(
        |one| json!({ "nsvca": one.nsvca.to_string(), "kept": one.kept, "left_out": one.left_out }),
    );
    let conflicts = merged
        .conflicts
        .iter()
        .map(|one| json!({ "module": one.module, "what": one.what, "places": one.places }));
    json!({
        "written": written,
        "streams": modules.streams.len(),
        "defaults": modules.defaults.len(),
        "obsoletes": modules.obsoletes.len(),
        "translations": modules.translations.len(),
        "differing": differing.collect::<Vec<_>>(),
        "conflicts": conflicts.collect::<Vec<_>>(),
        "report": report,
    })
}
