//! Commands that do the same work, measured in turn.

use crate::child::Child;
use crate::failure::{Context, Failure};
use crate::stats::Summary;
use std::path::PathBuf;

/// How many runs the peak is taken from.
const PEAK_RUNS: usize = 3;

/// One who does the work.
#[derive(Debug)]
pub(super) struct Entry {
    /// The column.
    pub(super) who: &'static str,
    pub(super) child: Child,
    /// A folder that has to be gone before each run.
    pub(super) clear: Option<PathBuf>,
    /// The exit status of a run that did its work.
    pub(super) status: i32,
}

impl Entry {
    pub(super) fn new(who: &'static str, child: Child) -> Self {
        Entry { who, child, clear: None, status: 0 }
    }

    fn ready(&self) -> Result<(), Failure> {
        match &self.clear {
            Some(folder) if folder.exists() => {
                std::fs::remove_dir_all(folder).context(folder.display())
            }
            _ => Ok(()),
        }
    }

    fn wall(&self) -> Result<f64, Failure> {
        self.ready()?;
        let (wall, status) = self.child.wall()?;
        match status == self.status {
            true => Ok(wall),
            false => Err(Failure::new(format!(
                "`{}` ended with {status}, not {}",
                self.child.line(),
                self.status
            ))),
        }
    }

    fn peak(&self) -> Result<Option<u64>, Failure> {
        let mut most = None;
        for _ in 0..PEAK_RUNS {
            self.ready()?;
            most = most.max(self.child.peak()?);
        }
        Ok(most)
    }
}

/// One piece of work, and everyone who does it. The first entry is the floor, the second is ours.
#[derive(Debug)]
pub(super) struct Contest {
    /// What is done, such as `bash`.
    pub(super) work: String,
    /// Packages in the answer, or in the index.
    pub(super) packages: Option<u64>,
    pub(super) entries: Vec<Entry>,
}

/// What came of one entry.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) who: &'static str,
    /// Milliseconds, by round.
    pub(super) walls: Vec<f64>,
    /// Milliseconds.
    pub(super) wall: Summary,
    /// Peak resident memory, KiB.
    pub(super) peak: Option<u64>,
    pub(super) line: String,
}

/// What came of a contest.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) work: String,
    pub(super) packages: Option<u64>,
    pub(super) measured: Vec<Measured>,
}

impl Contest {
    /// A round for the page cache, then rounds in which everyone runs once, in the same order, then the peaks.
    pub(super) fn run(self, rounds: u32) -> Result<Standing, Failure> {
        let mut walls = vec![Vec::new(); self.entries.len()];
        for round in 0..=rounds {
            for (entry, walls) in self.entries.iter().zip(&mut walls) {
                let wall = entry.wall()?;
                if round > 0 {
                    walls.push(wall);
                }
            }
        }
        let mut measured = Vec::new();
        for (entry, walls) in self.entries.iter().zip(walls) {
            let wall = Summary::of(walls.iter().copied())
                .ok_or_else(|| Failure::new("nothing was measured"))?;
            let (peak, line) = (entry.peak()?, entry.child.line());
            measured.push(Measured { who: entry.who, walls, wall, peak, line });
        }
        Ok(Standing { work: self.work, packages: self.packages, measured })
    }
}

impl Standing {
    pub(super) fn of(&self, who: &str) -> Option<&Measured> {
        self.measured.iter().find(|measured| measured.who == who)
    }

    /// How many times longer `who` takes than `ours`, round by round.
    pub(super) fn ratio(&self, who: &str, ours: &str) -> Option<Summary> {
        Summary::of_ratios(&self.of(who)?.walls, &self.of(ours)?.walls)
    }
}
