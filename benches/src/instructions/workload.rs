//! One hot path, done many times: what a counted child process runs.

use crate::failure::{Context, Failure, Outcome};
use clap::{Args, ValueEnum};
use modex_formats::index::Hot;
use modex_formats::index::section::reldeps::DepId;
use modex_resolver::request::Words;
use modex_resolver::solve::{self, SolveOptions};
use modex_resolver::store::universe::{DepRef, RepoOptions, Universe};
use modex_resolver::visible::Visible;
use std::hint::black_box;
use std::path::PathBuf;

/// A hot path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Workload {
    OpenIndex,
    LookUpName,
    Providers,
    SolveBash,
    SolveGnomeCore,
}

impl Workload {
    pub(crate) const ALL: [Workload; 5] =
        [Self::OpenIndex, Self::LookUpName, Self::Providers, Self::SolveBash, Self::SolveGnomeCore];

    /// As it is called on the command line and in the file of ceilings.
    pub(crate) fn name(self) -> &'static str {
        ["open-index", "look-up-name", "providers", "solve-bash", "solve-gnome-core"][self as usize]
    }

    /// What is counted.
    pub(crate) fn meaning(self) -> &'static str {
        [
            "check header, table of contents and sizes of a hot file",
            "a text to its name id, by binary search",
            "a dependency to the packages that satisfy it",
            "universe, request and solution of `install bash`",
            "universe, request and solution of `install gnome-core`, weak dependencies on",
        ][self as usize]
    }

    /// How often it is done while counted.
    pub(crate) fn times(self) -> u32 {
        [200, 2000, 2000, 10, 3][self as usize]
    }
}

#[derive(Debug, Args)]
pub(crate) struct WorkloadArgs {
    #[arg(value_enum)]
    workload: Workload,
    /// How often
    times: u32,
    /// A hot file
    index: PathBuf,
}

/// With 0 times everything is done but the work itself.
pub(crate) fn run(args: &WorkloadArgs) -> Result<Outcome, Failure> {
    let bytes = std::fs::read(&args.index).context(args.index.display())?;
    work(args.workload, args.times, &bytes)?;
    Ok(Outcome::Holds)
}

/// Does the work and says how much came of it: packages for solutions, hits for look-ups.
pub(super) fn work(workload: Workload, times: u32, bytes: &[u8]) -> Result<usize, Failure> {
    let hot = Hot::open(bytes)?;
    let universe = universe(&hot)?;
    let (names, deps) = (hot.names.len() as u32, hot.reldeps.len() as u32);
    // Scattered over the whole table.
    let scattered =
        |time: u32, end: u32| (u64::from(time) * 2_654_435_761 % u64::from(end.max(1))) as u32;
    let mut found = 0;
    for time in 0..times {
        found += match workload {
            Workload::OpenIndex => Hot::open(black_box(bytes)).map(|hot| hot.packages.len())?,
            Workload::LookUpName => {
                let text = hot.names.get(scattered(time, names)).unwrap_or_default();
                usize::from(hot.names.find(black_box(text)).is_some())
            }
            Workload::Providers => {
                let dep = DepRef { repo: 0, dep: DepId(scattered(time, deps)) };
                universe.providers(black_box(dep)).len()
            }
            Workload::SolveBash => install(&hot, "bash", false)?,
            Workload::SolveGnomeCore => install(&hot, "gnome-core", true)?,
        };
    }
    Ok(black_box(found))
}

fn universe<'a>(hot: &Hot<'a>) -> Result<Universe<'a>, Failure> {
    Ok(Universe::new(None, vec![(RepoOptions::new("r"), hot.clone())], "x86_64")?)
}

/// Solves as a process would that has just opened the file.
fn install(hot: &Hot<'_>, word: &str, weak_deps: bool) -> Result<usize, Failure> {
    let universe = universe(hot)?;
    let visible = Visible::all(&universe);
    let words = Words::new(&universe, &visible, &|_, _| Vec::new());
    let marked = words
        .install(black_box(word))
        .ok_or_else(|| Failure::new(format!("no package `{word}`")))?;
    let options = SolveOptions { weak_deps, ..SolveOptions::default() };
    match solve::solve(&universe, &visible, marked.jobs, options) {
        solve::Outcome::Solved(solution) => Ok(solution.installs.len()),
        _ => Err(Failure::new(format!("`{word}` has no solution"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instructions::synthetic::hot_file;

    #[test]
    fn every_workload_finds_something() {
        let bytes = hot_file(2000).unwrap();
        for workload in Workload::ALL {
            assert!(work(workload, 3, &bytes).unwrap() > 0, "{workload:?}");
            assert_eq!(work(workload, 0, &bytes).unwrap(), 0);
        }
    }

    #[test]
    fn names_are_those_of_the_command_line() {
        for workload in Workload::ALL {
            let word = workload.to_possible_value().map(|value| value.get_name().to_owned());
            assert_eq!(word.as_deref(), Some(workload.name()));
        }
    }
}
