//! What a search is asked, and what it answers.

use crate::solve::explain;
use crate::store::universe::PackageId;
use foldhash::HashSet;

/// What is to be done with the packages of a job; the words are libsolv's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// One of them is in.
    Install,
    /// Installed ones are updated; others make what is installed of their name, or obsoleted by them, be updated. dnf asks
    /// for everything `targeted`.
    Update {
        /// To one of these packages and to nothing else.
        targeted: bool,
    },
    /// As an update, to what the repositories have, be it older.
    DistroSync {
        /// To one of these packages and to nothing else. Meant anyhow where none of them is installed.
        targeted: bool,
    },
    /// Each of them is out.
    Erase {
        /// With what was installed for its sake only.
        clean_deps: bool,
    },
}

/// One thing asked for. Install jobs are made by [`Job::install`], jobs for everything by [`Job::everything`].
#[derive(Clone, Debug)]
pub struct Job {
    /// What is to be done.
    pub work: Work,
    /// The packages that it is about, ids ascending: for an install every package that would do.
    pub candidates: Vec<PackageId>,
    /// It is about every visible package, installed ones included unless it is a distro-sync; `candidates` is empty then.
    pub everything: bool,
    /// What the user wrote.
    pub words: String,
    /// Given up, rather than the whole request, where it cannot be met.
    pub weak: bool,
}

impl Job {
    /// Installs one of these, ids ascending; `words` is what the user wrote.
    pub fn install(candidates: Vec<PackageId>, words: &str) -> Self {
        Job::new(Work::Install, candidates, words)
    }

    /// A job about these packages, ids ascending.
    pub fn new(work: Work, candidates: Vec<PackageId>, words: &str) -> Self {
        Job { work, candidates, everything: false, words: words.to_owned(), weak: false }
    }

    /// A job about everything.
    pub fn everything(work: Work, words: &str) -> Self {
        Job { everything: true, ..Job::new(work, Vec::new(), words) }
    }
}

/// How to solve.
#[derive(Clone, Debug)]
pub struct SolveOptions {
    /// Follow Recommends and Supplements.
    pub weak_deps: bool,
    /// What was asked for must come in its best version.
    pub best: bool,
    /// Capabilities whose providers are added beside older versions instead of replacing them.
    pub install_only: Vec<String>,
    /// How many packages of one install-only name may be installed; 0: as many as one likes.
    pub install_only_limit: u32,
    /// Installed packages may be erased to make room (`--allowerasing`).
    pub allow_erasing: bool,
    /// Installed packages that must not be erased.
    pub protected: HashSet<PackageId>,
    /// Installed packages that no clean-up takes, as they were asked for.
    pub user_installed: HashSet<PackageId>,
    /// The running kernel, where it is known and installed: no limit takes it.
    pub running_kernel: Option<PackageId>,
    /// The packages of the repositories are out of the question, as for dnf's `remove`.
    pub installed_only: bool,
    /// Units of work (assignments, clauses and literals touched) before giving up; 50 million are about a second.
    pub limit: u64,
}

impl Default for SolveOptions {
    fn default() -> Self {
        SolveOptions {
            weak_deps: true,
            best: false,
            install_only: INSTALL_ONLY.map(str::to_owned).to_vec(),
            install_only_limit: 3,
            allow_erasing: false,
            protected: HashSet::default(),
            user_installed: HashSet::default(),
            running_kernel: None,
            installed_only: false,
            limit: 200_000_000,
        }
    }
}

/// dnf's default `installonlypkgs`.
pub const INSTALL_ONLY: [&str; 6] = [
    "kernel",
    "kernel-PAE",
    "installonlypkg(kernel)",
    "installonlypkg(kernel-module)",
    "installonlypkg(vm)",
    "multiversion(kernel)",
];

/// Why a package goes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Asked for.
    User,
    /// Required.
    Dependency,
    /// Recommended or supplementing.
    Weak,
}

/// Why an installed package goes, where nothing replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Asked for.
    Asked,
    /// It required something that goes.
    Dependent,
    /// Nothing needs it any more.
    Unused,
}

/// What goes in and out.
#[derive(Clone, Debug, Default)]
pub struct Solution {
    /// Packages to install, in the order of decision.
    pub installs: Vec<(PackageId, Wanted)>,
    /// Installed packages that go, ids ascending.
    pub removals: Vec<(PackageId, Gone)>,
    /// Install-only packages among them: they take nobody's place but that of the very same package.
    pub beside: HashSet<PackageId>,
    /// Decisions made; a measure of work.
    pub decisions: u32,
}

/// The result of a search.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// There is an answer.
    Solved(Solution),
    /// There is none; the proof as facts.
    Refused(explain::Refusal),
    /// The limit was reached: hostile or absurd input.
    GaveUp,
}
