//! Instructions of the hot paths, as callgrind counts them, held against committed ceilings.
//!
//! Counts hardly depend on the machine or on what else it does, so a gate can hold them where it cannot hold times.

mod synthetic;
pub(crate) mod workload;

use crate::child::{Child, find};
use crate::failure::{Context, Failure, Outcome};
use crate::say;
use crate::stats::thousands;
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use workload::Workload;

/// How far a count may lie above the committed one.
const MARGIN_PERCENT: u64 = 15;

#[derive(Debug, Args)]
pub(crate) struct InstructionsArgs {
    /// Write what was counted into the file of ceilings
    #[arg(long)]
    update: bool,
    /// The file of ceilings
    #[arg(long, value_name = "FILE", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.json"))]
    ceilings: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &InstructionsArgs, out: &mut impl Write) -> Result<Outcome, Failure> {
    if cfg!(debug_assertions) {
        return Err(Failure::new(
            "only a release build is worth counting: say `cargo run --release`",
        ));
    }
    let Some(valgrind) = find("valgrind") else {
        say("skipped: valgrind is not installed, and it is what counts instructions");
        return Ok(Outcome::Holds);
    };
    let committed = read(&args.ceilings, args.update)?;
    let index = tempfile::NamedTempFile::new()?;
    std::fs::write(index.path(), synthetic::hot_file(synthetic::PACKAGES)?)?;
    let mut rows = Vec::new();
    for workload in Workload::ALL {
        let count = |times| count(&valgrind, workload, times, index.path());
        let work = count(workload.times())?.saturating_sub(count(0)?);
        let counted = work / u64::from(workload.times());
        rows.push(Row { workload, counted, committed: committed.get(workload.name()).copied() });
    }
    if args.update {
        write(&args.ceilings, &rows)?;
        say(&format!("{} holds these counts now", args.ceilings.display()));
    }
    match args.json {
        true => {
            writeln!(out, "{:#}", Value::from(rows.iter().map(Row::to_json).collect::<Vec<_>>()))?
        }
        false => render(&rows, out)?,
    }
    let mut holds = true;
    for row in rows.iter().filter(|row| !args.update && !row.holds()) {
        holds = false;
        let what = if row.committed.is_some() { "is above its ceiling" } else { "has no ceiling" };
        say(&format!(
            "{} {what}; where that is meant: `… instructions --update`",
            row.workload.name()
        ));
    }
    Ok(Outcome::of(holds))
}

struct Row {
    workload: Workload,
    counted: u64,
    committed: Option<u64>,
}

impl Row {
    fn ceiling(&self) -> Option<u64> {
        self.committed.map(|count| count + count * MARGIN_PERCENT / 100)
    }

    fn holds(&self) -> bool {
        self.ceiling().is_some_and(|ceiling| self.counted <= ceiling)
    }

    fn to_json(&self) -> Value {
        json!({
            "workload": self.workload.name(), "instructions": self.counted, "committed": self.committed,
            "ceiling": self.ceiling(), "holds": self.holds(),
        })
    }
}

/// Instructions of one child process.
fn count(valgrind: &Path, workload: Workload, times: u32, index: &Path) -> Result<u64, Failure> {
    let child = Child::new(valgrind)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["workload", workload.name(), &times.to_string()])
        .arg(index);
    let heard = child.must()?;
    let total =
        heard.err.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    total.ok_or_else(|| Failure::new(format!("valgrind counted nothing: {}", heard.tail())))
}

/// The committed counts by workload. While they are being rewritten they may be missing.
fn read(path: &Path, may_be_missing: bool) -> Result<BTreeMap<String, u64>, Failure> {
    let text = match std::fs::read_to_string(path) {
        Err(_) if may_be_missing => return Ok(BTreeMap::new()),
        text => text.context(path.display())?,
    };
    let document: Value = serde_json::from_str(&text).context(path.display())?;
    let counts = document["instructions"].as_object().into_iter().flatten();
    Ok(counts.filter_map(|(name, count)| Some((name.clone(), count.as_u64()?))).collect())
}

fn write(path: &Path, rows: &[Row]) -> Result<(), Failure> {
    let counts: serde_json::Map<String, Value> =
        rows.iter().map(|row| (row.workload.name().to_owned(), json!(row.counted))).collect();
    let document = json!({
        "about": "instructions for one time, made by `modex-benches instructions --update`; more than margin_percent above fails",
        "margin_percent": MARGIN_PERCENT,
        "packages": synthetic::PACKAGES,
        "instructions": counts,
    });
    std::fs::write(path, format!("{document:#}\n")).context(path.display())
}

fn render(rows: &[Row], out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "| workload | what | instructions | ceiling | |\n|---|---|---:|---:|---|")?;
    for row in rows {
        let ceiling = row.ceiling().map_or("none".into(), thousands);
        let verdict = if row.holds() { "holds" } else { "does not hold" };
        let (name, meaning) = (row.workload.name(), row.workload.meaning());
        writeln!(
            out,
            "| {name} | {meaning} | {} | {ceiling} | {verdict} |",
            thousands(row.counted)
        )?;
    }
    Ok(())
}
