//! The tables.

use super::contest::{Measured, Standing};
use crate::stats::{Summary, digits, thousands};
use serde_json::{Value, json};
use std::io::{self, Write};

/// All that a run found.
#[derive(Debug)]
pub(super) struct Report {
    runs: u32,
    /// With the label of the repository.
    pub(super) standings: Vec<(String, Standing)>,
    /// Answers that differ.
    pub(super) wrong: Vec<String>,
    /// What was promised, and whether it holds.
    pub(super) targets: Vec<(String, bool)>,
    skipped: Vec<String>,
}

impl Report {
    pub(super) fn new(runs: u32) -> Self {
        Report {
            runs,
            standings: Vec::new(),
            wrong: Vec::new(),
            targets: Vec::new(),
            skipped: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, label: &str, standing: Standing) {
        self.standings.push((label.to_owned(), standing));
    }

    /// Remembers what could not be measured here, and says so at once.
    pub(super) fn skip(&mut self, what: &str) {
        crate::say(&format!("skipped: {what}"));
        self.skipped.push(what.to_owned());
    }

    pub(super) fn find(&self, label: &str, work: &str) -> Option<&Standing> {
        let mut all = self.standings.iter();
        all.find(|(other, standing)| other == label && standing.work == work)
            .map(|(_, found)| found)
    }

    pub(super) fn render(&self, out: &mut impl Write) -> io::Result<()> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        writeln!(
            out,
            "Whole processes, {cores} cores, page cache warm: median (min..max) in ms and peak memory in MiB of {} runs \
             in turn (index builds: {}); ratios round by round.",
            self.runs,
            (self.runs / 3).max(3)
        )?;
        let is_build = |standing: &Standing| standing.of("modex-publish").is_some();
        let (builds, requests): (Vec<_>, Vec<_>) =
            self.standings.iter().partition(|(_, standing)| is_build(standing));
        table("install", "modex", &requests, out)?;
        table("index build", "modex-publish", &builds, out)?;
        let mut section = |title: &str, lines: &mut dyn Iterator<Item = String>| {
            let lines: Vec<String> = lines.collect();
            if !lines.is_empty() {
                writeln!(out, "\n{title}\n")?;
            }
            lines.iter().try_for_each(|line| writeln!(out, "- {line}"))
        };
        let verdict = |holds| if holds { "holds" } else { "MISSED" };
        let targets =
            self.targets.iter().map(|(what, holds)| format!("{}: {what}", verdict(*holds)));
        section("Targets:", &mut targets.into_iter())?;
        section("Skipped:", &mut self.skipped.iter().cloned())?;
        section("WRONG:", &mut self.wrong.iter().cloned())
    }

    pub(super) fn to_json(&self) -> Value {
        let rows = self.standings.iter().flat_map(|(label, standing)| {
            let ours = if standing.of("modex").is_some() { "modex" } else { "modex-publish" };
            standing.measured.iter().map(move |measured| {
                json!({
                    "repository": label, "work": standing.work, "packages": standing.packages,
                    "who": measured.who, "command": measured.line,
                    "wall_ms": measured.wall.to_json(), "peak_kib": measured.peak,
                    "ratio_to_modex": standing.ratio(measured.who, ours).map(Summary::to_json),
                })
            })
        });
        let targets =
            self.targets.iter().map(|(what, holds)| json!({ "what": what, "holds": holds }));
        json!({
            "runs": self.runs,
            "cores": std::thread::available_parallelism().map_or(1, usize::from),
            "rows": rows.collect::<Vec<_>>(),
            "targets": targets.collect::<Vec<_>>(),
            "skipped": self.skipped,
            "wrong": self.wrong,
        })
    }
}

/// One line for each piece of work, one column for each who did it, and how many times longer each took than `ours`.
fn table(
    title: &str,
    ours: &str,
    standings: &[&(String, Standing)],
    out: &mut impl Write,
) -> io::Result<()> {
    let mut columns: Vec<&'static str> = Vec::new();
    for measured in standings.iter().flat_map(|(_, standing)| &standing.measured) {
        if !columns.contains(&measured.who) {
            columns.push(measured.who);
        }
    }
    if columns.is_empty() {
        return Ok(());
    }
    let peers: Vec<&str> =
        columns.iter().copied().filter(|who| *who != ours && *who != "/bin/true").collect();
    write!(out, "\n| repository | {title} | packages |")?;
    columns.iter().try_for_each(|who| write!(out, " {who} |"))?;
    peers.iter().try_for_each(|who| write!(out, " {who} ÷ {ours} |"))?;
    writeln!(out, "\n|---|---|---:|{}", "---:|".repeat(columns.len() + peers.len()))?;
    for (label, standing) in standings {
        let packages = standing.packages.map_or_else(|| "–".to_owned(), thousands);
        write!(out, "| {label} | {} | {packages} |", standing.work)?;
        for who in &columns {
            write!(out, " {} |", standing.of(who).map_or_else(|| "–".to_owned(), cell))?;
        }
        for who in &peers {
            let ratio = standing.ratio(who, ours).map_or_else(|| "–".to_owned(), Summary::words);
            write!(out, " {ratio} |")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn cell(measured: &Measured) -> String {
    let peak = measured.peak.map_or_else(|| "–".to_owned(), |peak| digits(peak as f64 / 1024.0));
    format!("{}; {peak}", measured.wall.words())
}
