//! What modex costs: side by side with its peers, in bytes, and in instructions. `README.md` tells the method.

mod child;
mod compare;
mod failure;
mod instructions;
mod modules;
mod own;
mod repository;
mod sizes;
mod stats;

use clap::{Parser, Subcommand};
use failure::{Failure, Outcome};
use std::io::{self, Write};
use std::process::ExitCode;

/// Measure modex beside libsolv and dnf, in bytes, and in instructions.
#[derive(Debug, Parser)]
#[command(name = "modex-benches", max_term_width = 110)]
#[command(
    after_help = "Exit status: 0 measured, 1 an answer or a ceiling does not hold, 2 could not measure."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Whole processes beside libsolv and dnf, in one run
    Compare(compare::CompareArgs),
    /// Sizes of the index files of repositories, by file and by section
    Sizes(sizes::SizesArgs),
    /// Module documents: validated and indexed, beside libmodulemd
    Modules(modules::ModulesArgs),
    /// Instructions of the hot paths, held against committed ceilings
    Instructions(instructions::InstructionsArgs),
    /// What the instruction counts count
    #[command(hide = true)]
    Workload(instructions::workload::WorkloadArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = io::stdout().lock();
    let ended = match &cli.command {
        Command::Compare(args) => compare::run(args, &mut out),
        Command::Sizes(args) => sizes::run(args, &mut out),
        Command::Modules(args) => modules::run(args, &mut out),
        Command::Instructions(args) => instructions::run(args, &mut out),
        Command::Workload(args) => instructions::workload::run(args),
    };
    match ended.and_then(|outcome| out.flush().map(|()| outcome).map_err(Failure::from)) {
        Ok(Outcome::Holds) => ExitCode::SUCCESS,
        Ok(Outcome::DoesNotHold) => ExitCode::from(1),
        Err(failure) => {
            say(&format!("error: {failure}"));
            ExitCode::from(2)
        }
    }
}

/// One line of talk, beside the tables.
fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "modex-benches: {line}");
}
