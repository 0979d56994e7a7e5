//! Plays scenarios in the form of the conformance tables and tells which ones end as they must.
//!
//! Repositories are built from the fixture tables; commands run one after the other, each as a process of `modex` of its own
//! on the state that the one before left.

mod check;
mod expected;
mod listing;
mod play;
mod repos;
mod scene;
mod steps;
mod table;

use clap::{Parser, ValueHint};
use play::{Outcome, Player};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

/// Play conformance scenarios: which end as they must, by class
#[derive(Debug, Parser)]
#[command(name = "modex-conformance", version, max_term_width = 110)]
struct Args {
    /// A table of scenarios [default: the project's own, and the shared one where it is]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires_all = ["packages", "modules"])]
    table: Option<PathBuf>,
    /// The packages of the repositories that it names
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "table")]
    packages: Option<PathBuf>,
    /// The module documents of the repositories that it names
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "table")]
    modules: Option<PathBuf>,
    /// Play only scenarios whose id contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Tell every command and what came of it
    #[arg(long)]
    verbose: bool,
    /// Write the repositories of the tables into this folder and play nothing: to ask other tools
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    write: Option<PathBuf>,
}

fn main() -> ExitCode {
    // Commands of scenarios are processes of this very program.
    if std::env::args_os().nth(1).is_some_and(|first| first == "modex") {
        return modex::main(std::env::args_os().skip(1));
    }
    let args = Args::parse();
    match run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            let _ = io::Write::write_fmt(
                &mut io::stderr(),
                format_args!("modex-conformance: error: {error}\n"),
            );
            ExitCode::from(2)
        }
    }
}

/// A table with its repositories.
struct Tables {
    name: String,
    table: String,
    packages: String,
    modules: String,
}

/// Whether every scenario ended as it must, or as it is known to.
fn run(args: &Args) -> Result<bool, Box<dyn std::error::Error>> {
    let mut out = io::stdout().lock();
    let mut is_well = true;
    for tables in tables(args)? {
        let player = Player::new(&tables.table, &tables.packages, &tables.modules)?;
        if let Some(dir) = &args.write {
            player.write(&dir.join(&tables.name))?;
            continue;
        }
        let outcomes = player.play(args.only.as_deref(), args.verbose, &mut out)?;
        is_well &= report(&tables.name, &outcomes, &mut out)?;
    }
    Ok(is_well)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("`{}`: {error}", path.display()))
}

fn tables(args: &Args) -> Result<Vec<Tables>, Box<dyn std::error::Error>> {
    if let (Some(table), Some(packages), Some(modules)) =
        (&args.table, &args.packages, &args.modules)
    {
        let name = table.display().to_string();
        let (table, packages, modules) = (read(table)?, read(packages)?, read(modules)?);
        return Ok(vec![Tables { name, table, packages, modules }]);
    }
    let own = |text: &str| text.to_owned();
    let mut found = vec![Tables {
        name: String::from("own"),
        table: own(include_str!("../../conformance/table.tsv")),
        packages: own(include_str!("../../conformance/packages.tsv")),
        modules: own(include_str!("../../conformance/modules.tsv")),
    }];
    match modex_fixtures::find_shared().map(|shared| shared.join("spec")) {
        Some(spec) if spec.join("conformance.tsv").exists() => found.push(Tables {
            name: String::from("shared"),
            table: read(&spec.join("conformance.tsv"))?,
            packages: read(&spec.join("fixture-packages.tsv"))?,
            modules: read(&spec.join("fixture-modules.tsv"))?,
        }),
        _ => {
            let note = "the shared table is not here: only the project's own is played";
            io::Write::write_fmt(&mut io::stderr(), format_args!("modex-conformance: {note}\n"))?;
        }
    }
    Ok(found)
}

/// Prints a line for each scenario that fails, then the counts by class.
fn report(name: &str, outcomes: &[Outcome], out: &mut dyn io::Write) -> io::Result<bool> {
    let mut classes: Vec<&str> = outcomes.iter().map(|it| it.class.as_str()).collect();
    classes.sort_unstable();
    classes.dedup();
    for outcome in outcomes {
        match (&outcome.wrong, outcome.known) {
            (Some(wrong), None) => writeln!(out, "FAIL {}: {wrong}", outcome.id)?,
            (Some(_), Some(why)) => writeln!(out, "known {}: {why}", outcome.id)?,
            (None, Some(_)) => {
                writeln!(out, "FAIL {}: listed as a known difference, but passes", outcome.id)?;
            }
            (None, None) => {}
        }
    }
    writeln!(out, "{name}:")?;
    let mut is_well = true;
    for class in classes {
        let of_class = || outcomes.iter().filter(|it| it.class == class);
        let passed = of_class().filter(|it| it.wrong.is_none() && it.known.is_none()).count();
        let known = of_class().filter(|it| it.wrong.is_some() && it.known.is_some()).count();
        let failed = of_class().count() - passed - known;
        is_well &= failed == 0;
        writeln!(out, "  {class}: {passed} passed, {failed} failed, {known} known to differ")?;
    }
    Ok(is_well)
}
