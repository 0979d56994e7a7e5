//! Scenarios, played one after the other.

use crate::check::{self, Left};
use crate::expected::Check;
use crate::repos::Repos;
use crate::scene::{Came, Scene, Stage};
use crate::steps::{self, Dnf, Step};
use crate::table::{self, Row, TableError};
use serde_json::Value;
use std::io;
use std::path::{Path, PathBuf};

/// Scenarios that end otherwise on purpose: id, and why.
const KNOWN: [(&str, &str); 3] = [
    (
        "filter-rpms:default-from-module-is-preferred-over-ursine-pkg",
        "the packages table has no requirement that leads from ninja-build to glibc; dnf on these tables gives our answer",
    ),
    (
        "filter-rpms:enabled-module-is-preferred-over-ursine-pkg",
        "the packages table has no requirement that leads from ninja-build to glibc; dnf on these tables gives our answer",
    ),
    (
        "update:i-can-update-a-module-profile-with-package-changes",
        "never run against dnf 4 (skipped there); dnf 4.14's `module update` neither installs nor removes",
    ),
];

/// How a scenario ended.
pub(crate) struct Outcome {
    pub(crate) id: String,
    pub(crate) class: String,
    /// What is wrong first; `None` where nothing is.
    pub(crate) wrong: Option<String>,
    /// Why it is known to differ.
    pub(crate) known: Option<&'static str>,
}

/// A table and its repositories.
pub(crate) struct Player {
    rows: Vec<Row>,
    repos: Repos,
    folder: tempfile::TempDir,
    program: PathBuf,
}

impl Player {
    pub(crate) fn new(table: &str, packages: &str, modules: &str) -> Result<Self, PlayError> {
        let mut repos = Repos::default();
        repos.add_packages(packages).map_err(|error| PlayError::Table("packages", error))?;
        repos.add_modules(modules).map_err(|error| PlayError::Table("modules", error))?;
        let rows = table::rows(table).map_err(|error| PlayError::Table("scenarios", error))?;
        let folder = tempfile::tempdir()?;
        Ok(Player { rows, repos, folder, program: std::env::current_exe()? })
    }

    /// Writes the repositories, each into a folder of its id.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), PlayError> {
        for (id, repo) in &self.repos.by_id {
            repo.write(&dir.join(id))?;
        }
        Ok(())
    }

    /// Plays the scenarios of dnf 4 that are about modules and packages.
    pub(crate) fn play(
        &self,
        only: Option<&str>,
        verbose: bool,
        out: &mut dyn io::Write,
    ) -> Result<Vec<Outcome>, PlayError> {
        let (written, cache) = (self.folder.path().join("repos"), self.folder.path().join("cache"));
        self.write(&written)?;
        let stage =
            Stage { repos: &self.repos, written: &written, cache: &cache, program: &self.program };
        let mut outcomes = Vec::new();
        for row in &self.rows {
            if row.suite == "dnf5"
                || row.class == "out-of-scope"
                || only.is_some_and(|only| !row.id.contains(only))
            {
                continue;
            }
            if verbose {
                writeln!(out, "# {} [{}] {}", row.id, row.class, row.tags)?;
            }
            outcomes.push(Outcome {
                id: row.id.clone(),
                class: row.class.clone(),
                wrong: play(row, &stage, verbose, out)?,
                known: KNOWN.iter().find(|(id, _)| *id == row.id).map(|(_, why)| *why),
            });
        }
        Ok(outcomes)
    }
}

/// What keeps scenarios from being played.
#[derive(Debug)]
pub(crate) enum PlayError {
    /// A table that cannot be read.
    Table(&'static str, TableError),
    /// The system.
    Io(io::Error),
}

impl From<io::Error> for PlayError {
    fn from(error: io::Error) -> Self {
        PlayError::Io(error)
    }
}

impl std::fmt::Display for PlayError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PlayError::Table(table, error) => write!(f, "table of {table}, {error}"),
            PlayError::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PlayError {}

/// Plays one scenario; what is wrong first.
fn play(
    row: &Row,
    stage: &Stage<'_>,
    verbose: bool,
    out: &mut dyn io::Write,
) -> Result<Option<String>, PlayError> {
    let mut scene = Scene::new(stage, &row.repos)?;
    for step in &row.before {
        match steps::read(step) {
            Step::SetUp(step) => scene.set_up(&step)?,
            Step::Unknown(text) => return Ok(Some(format!("set-up `{text}` is not understood"))),
            _ => {}
        }
    }
    for (number, text) in (1..).zip(&row.steps) {
        let before = scene.installed();
        let checks: Vec<&Check> =
            row.expected.iter().filter(|it| it.step == number).flat_map(|it| &it.checks).collect();
        let (came, plan, rows) = match steps::read(text) {
            Step::SetUp(step) => {
                scene.set_up(&step)?;
                continue;
            }
            Step::Nothing => continue,
            Step::Unknown(text) => {
                return Ok(Some(format!("[{number}] `{text}` is not understood")));
            }
            Step::IsInstalled(name) => {
                let is_there = before.iter().any(|nevra| nevra.starts_with(&format!("{name}-")));
                let exit = u8::from(!is_there);
                (Came { exit, out: String::new(), log: String::new() }, None, None)
            }
            Step::Dnf(dnf) => command(&mut scene, &dnf)?,
        };
        if verbose {
            writeln!(out, "[{number}] {text}\n{}{}exit {}", came.out, came.log, came.exit)?;
        }
        let is_listing = row.class == "listing";
        let left = Left { came: &came, plan, rows, before: &before, is_listing };
        for check in checks {
            if let Some(wrong) = check::wrong(check, &left, &scene) {
                return Ok(Some(format!("[{number}] {wrong}")));
            }
        }
    }
    Ok(None)
}

/// What a command left: the process, its plan, its listing.
type Left3 = (Came, Option<Value>, Option<Vec<Vec<String>>>);

fn command(scene: &mut Scene<'_>, dnf: &Dnf) -> io::Result<Left3> {
    let words: Vec<&str> = dnf.words.iter().map(String::as_str).collect();
    let rest = |from: usize| dnf.words[from..].to_vec();
    let plain = |came| Ok((came, None, None));
    match words[..] {
        ["clean" | "makecache", ..] => {
            plain(Came { exit: 0, out: String::new(), log: String::new() })
        }
        ["module", "list", ..] => {
            let came = scene.run(dnf, &["module", "list"], &rest(2))?;
            let json = scene.run(dnf, &["module", "list", "--json"], &rest(2))?;
            let rows = serde_json::from_str(&json.out).map(|all| listed(&all)).unwrap_or_default();
            Ok((came, None, Some(rows)))
        }
        ["module", verb @ ("info" | "provides" | "repoquery"), ..] => {
            plain(scene.run(dnf, &["module", verb], &rest(2))?)
        }
        [verb @ ("list" | "repoquery" | "check-update"), ..] => {
            plain(scene.run(dnf, &[verb], &rest(1))?)
        }
        _ => {
            let mut words = dnf.words.clone();
            words.extend(dnf.flags.iter().cloned());
            let came = scene.run(dnf, &["resolve", "--json"], &words)?;
            let plan = serde_json::from_str(&came.out).ok();
            Ok((came, plan, None))
        }
    }
}

/// The rows of `module list --json`.
fn listed(all: &Value) -> Vec<Vec<String>> {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let rows = all.as_array().into_iter().flatten();
    rows.map(|row| {
        let marks = |list: [(&str, &str); 3]| -> String {
            let marked = list.into_iter().filter(|(key, _)| row[*key] == Value::Bool(true));
            marked.map(|(_, mark)| mark).collect()
        };
        let state = marks([("default", "[d]"), ("enabled", "[e]"), ("disabled", "[x]")]);
        let profiles = row["profiles"].as_array().into_iter().flatten().map(|profile| {
            let is = |key: &str| profile[key] == Value::Bool(true);
            let mut shown = text(&profile["name"]);
            for (key, mark) in [("default", " [d]"), ("installed", " [i]")] {
                if is(key) {
                    shown.push_str(mark);
                }
            }
            shown
        });
        let stream = format!("{} {state}", text(&row["stream"]));
        let profiles = profiles.collect::<Vec<_>>().join(", ");
        vec![text(&row["repo"]), text(&row["name"]), stream, profiles]
    })
    .collect()
}
