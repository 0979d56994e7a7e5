//! `modex`: resolve, list and explain installs from static files, offline.
//!
//! The program as a library with one door, so that another program can be `modex` as well (the conformance runner is).
#![forbid(unsafe_code)]

mod args;
mod commands;
mod document;
mod error;
mod fail_safe;
mod kept;
mod local_index;
mod locate;
mod machine;
mod origin;
mod render;
mod save;
mod world;

use args::{Cli, Command, ModuleCommand, StateCommand};
use clap::Parser;
use error::{Ending, Failure};
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

/// Runs the program with its arguments, the name of the program first: what it says goes to stdout and stderr, what it
/// returns is its exit status. Ends the process where the arguments are none, or help was asked for.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = Cli::parse_from(args);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let ended = run(&cli.command, &mut out).and_then(|ending| {
        out.flush()?;
        Ok(ending)
    });
    match ended {
        Ok(Ending::Answered) => ExitCode::SUCCESS,
        Ok(Ending::No) => ExitCode::from(1),
        Ok(Ending::Updates) => ExitCode::from(100),
        // Whoever reads our output may stop when it has seen enough.
        Err(failure) if failure.what.contains("Broken pipe") => ExitCode::SUCCESS,
        Err(Failure { what, hint }) => {
            let mut log = io::stderr().lock();
            let _ = writeln!(log, "modex: error: {what}");
            if let Some(hint) = hint {
                let _ = writeln!(log, "  hint: {hint}");
            }
            ExitCode::from(2)
        }
    }
}

fn run(command: &Command, out: &mut dyn Write) -> Result<Ending, Failure> {
    match command {
        Command::Resolve(args) => commands::resolve::run(args, out),
        Command::Why(args) => commands::why::run(args, out),
        Command::WhyNot(args) => commands::why_not::run(args, out),
        Command::Lock(args) => commands::lock::run(args, out),
        Command::VerifyLock(args) => commands::verify_lock::run(args, out),
        Command::Diff(args) => commands::diff::run(args, out),
        Command::List(args) => commands::query::run_list(args, out),
        Command::Repoquery(args) => commands::query::repoquery(args, out),
        Command::CheckUpdate(args) => commands::query::check_update(args, out),
        Command::Info(args) => commands::info::run(args, out),
        Command::Provides(args) => commands::list::provides(args, out),
        Command::Requires(args) => commands::deps::requires(args, out),
        Command::Whatrequires(args) => commands::deps::whatrequires(args, out),
        Command::Module(ModuleCommand::List(args)) => commands::module::list(args, out),
        Command::Module(ModuleCommand::Info(args)) => commands::module::info(args, out),
        Command::Module(ModuleCommand::Provides(args)) => commands::module::provides(args, out),
        Command::Module(ModuleCommand::Repoquery(args)) => commands::module::repoquery(args, out),
        Command::State(StateCommand::Export(args)) => commands::state::export(args, out),
    }
}
