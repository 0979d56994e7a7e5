//! What dnf's package commands make of their words: jobs, and what is said of words that come to nothing.
//!
//! | file | command |
//! |---|---|
//! | `install` | `install` |
//! | `upgrade` | `upgrade` |
//! | `sync` | `distro-sync` |
//! | `older` | `downgrade`, `reinstall` |
//! | `remove` | `remove`, `autoremove` |
//! | `file` | package files among what they name |

mod file;
mod install;
mod older;
mod remove;
mod sync;
mod upgrade;

use crate::explain::{self, HiddenBy};
use crate::request::Words;
use crate::resolve::Warning;
use crate::solve::Job;
use crate::store::universe::{NameRef, PackageId, Universe};
use foldhash::HashSet;
use modex_formats::plan::PlanFact;

/// Why a word comes to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skip {
    /// No package matches it.
    NoMatch,
    /// What it names is not installed.
    NotInstalled,
    /// The installed package, by its NEVRA, is in no repository.
    NotAvailable(String),
    /// No repository has an older version of this name.
    Lowest(String),
    /// The package file is not newer than the installed package, by its NEVRA.
    NotNewer(String),
    /// The package file is not older than the installed package, by its NEVRA.
    NotOlder(String),
    /// A source package cannot be upgraded.
    Source,
    /// It is for another architecture.
    Foreign,
}

impl std::fmt::Display for Skip {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Skip::NoMatch => out.write_str("nothing matches"),
            Skip::NotInstalled => out.write_str("it is not installed"),
            Skip::NotAvailable(nevra) => write!(out, "installed {nevra} is in no repository"),
            Skip::Lowest(name) => write!(out, "{name} is installed in its lowest version"),
            Skip::NotNewer(nevra) => write!(out, "it is not newer than installed {nevra}"),
            Skip::NotOlder(nevra) => write!(out, "it is not older than installed {nevra}"),
            Skip::Foreign => out.write_str("it is for another architecture"),
            Skip::Source => out.write_str("it is a source package"),
        }
    }
}

/// The jobs of a command, and what is said on the way.
#[derive(Default)]
pub(crate) struct Marks {
    /// What to solve for.
    pub(crate) jobs: Vec<Job>,
    /// What does not stand in the way.
    pub(crate) warnings: Vec<Warning>,
    /// Why there is nothing to solve.
    pub(crate) refused: Vec<PlanFact>,
}

/// What the words of a command are read against.
pub(crate) struct Marker<'m, 'u, 'a> {
    /// All packages.
    pub(crate) universe: &'u Universe<'a>,
    /// Words among what is visible.
    pub(crate) words: &'m Words<'u, 'a>,
    /// Words among everything.
    pub(crate) all_words: &'m Words<'u, 'a>,
    /// The package of a package file.
    pub(crate) file: &'m dyn Fn(&str) -> Option<PackageId>,
    /// What hides a package.
    pub(crate) hidden_by: &'m HiddenBy<'m>,
    /// A word that cannot be met fails the command (`strict`).
    pub(crate) strict: bool,
    /// A command that comes to nothing fails.
    pub(crate) must_do: bool,
    /// What only the removed packages needed goes as well (`clean_requirements_on_remove`).
    pub(crate) clean_deps: bool,
}

impl Marker<'_, '_, '_> {
    /// The fact that a word comes to nothing.
    fn fact(&self, word: &str, why: &Skip) -> PlanFact {
        match why {
            Skip::NoMatch => {
                let hidden = self.all_words.find(word).map(|it| it.packages).unwrap_or_default();
                explain::no_match(self.universe, word, &hidden, self.hidden_by)
            }
            _ => PlanFact {
                dependency: Some(word.to_owned()),
                ..explain::plain("no-match", format!("`{word}`: {why}"))
            },
        }
    }

    /// Takes the words one after the other. Words that come to nothing are warned of; the command fails where all of them do
    /// and it must do something.
    fn each_word(
        &self,
        words: &[String],
        mut mark: impl FnMut(&str, &mut Marks) -> Result<(), Skip>,
    ) -> Marks {
        let mut marks = Marks::default();
        let mut failed: Vec<(&String, Skip)> = Vec::new();
        for word in words {
            if let Err(why) = mark(word, &mut marks) {
                failed.push((word, why));
            }
        }
        if failed.len() == words.len() && self.must_do {
            marks.refused.extend(failed.iter().map(|(word, why)| self.fact(word, why)));
        } else {
            marks.warnings.extend(failed.into_iter().map(|(word, why)| skipped(word, why)));
        }
        marks
    }

    fn is_installed(&self, package: &PackageId) -> bool {
        self.universe.is_installed(*package)
    }

    fn same_name(&self, a: PackageId, b: PackageId) -> bool {
        let universe = self.universe;
        universe.compare_names(universe.name(a), universe.name(b)).is_eq()
    }

    fn same_nevra(&self, a: PackageId, b: PackageId) -> bool {
        let universe = self.universe;
        self.same_name(a, b)
            && universe.evr(a) == universe.evr(b)
            && universe.arch_text(a) == universe.arch_text(b)
    }

    /// Installed packages of a name.
    fn installed_of(&self, name: NameRef) -> Vec<PackageId> {
        self.universe.installed_of_name(name).collect()
    }

    fn is_upgrade(&self, package: PackageId) -> bool {
        is_upgrade(self.universe, package)
    }

    /// Whether a package of a repository is older than all installed ones of its name and its very architecture, and there is
    /// one.
    fn is_downgrade(&self, package: PackageId) -> bool {
        let universe = self.universe;
        let mut rivals = self.installed_of(universe.name(package));
        rivals.retain(|old| universe.arch_text(*old) == universe.arch_text(package));
        let is_newer = |old: &PackageId| universe.compare_evrs(*old, package).is_gt();
        !rivals.is_empty() && rivals.iter().all(is_newer)
    }

    /// The names of packages, each once, in order of the first of each.
    fn names(&self, packages: &[PackageId]) -> Vec<NameRef> {
        let universe = self.universe;
        let mut seen: HashSet<&str> = HashSet::default();
        let names = packages.iter().map(|package| universe.name(*package));
        names.filter(|name| seen.insert(universe.name_text(*name))).collect()
    }
}

/// Whether a package of a repository is newer than all installed ones of its name and architecture, `noarch` being any, and
/// there is one.
pub fn is_upgrade(universe: &Universe<'_>, package: PackageId) -> bool {
    let rivals = rivals(universe, package, universe.arch(package).is_noarch());
    let is_older = |old: &PackageId| universe.compare_evrs(*old, package).is_lt();
    !rivals.is_empty() && rivals.iter().all(is_older)
}

/// What is installed of a package's name, in any architecture or in its own and `noarch`.
fn rivals(universe: &Universe<'_>, package: PackageId, any_arch: bool) -> Vec<PackageId> {
    let is_rival = |old: &PackageId| {
        any_arch
            || universe.arch(*old).is_noarch()
            || universe.arch_text(*old) == universe.arch_text(package)
    };
    universe.installed_of_name(universe.name(package)).filter(is_rival).collect()
}

/// A warning of a word that comes to nothing.
fn skipped(word: &str, why: Skip) -> Warning {
    Warning::Skipped { word: word.to_owned(), why }
}

/// Ascending, none twice.
fn sorted(mut packages: Vec<PackageId>) -> Vec<PackageId> {
    packages.sort_unstable();
    packages.dedup();
    packages
}
