//! `modex-publish`: the publish step of a repository.
//!
//! Data goes to stdout, talk to stderr. Exit 0: done; 1: the answer is no (`verify`, `modules`, `expand`, `inspect` of a damaged
//! file); 2: it could not be done.
#![forbid(unsafe_code)]

mod args;
mod expand;
mod failure;
mod index;
mod inspect;
mod modules;
mod output;
mod progress;
mod verify;
mod work;

use args::{Args, Command};
use clap::Parser;
use failure::Failure;
use output::Output;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    let mut output = Output::new();
    let outcome = match &args.command {
        Command::Index(args) => index::run(args, &mut output),
        Command::Inspect(args) => inspect::run(args, &mut output),
        Command::Modules(args) => modules::run(args, &mut output),
        Command::Verify(args) => verify::run(args, &mut output),
        Command::Expand(args) => expand::run(args, &mut output),
    };
    match outcome.and_then(|answer| output.finish().map(|()| answer)) {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        // Whoever closed the pipe has seen enough.
        Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(Failure::Told { what, hint }) => {
            output::error(&what);
            if let Some(hint) = hint {
                output::hint(&hint);
            }
            ExitCode::from(2)
        }
    }
}

/// How a command that could be done came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
}
