//! Why a package is installed, would come in, or takes part in a transaction.

use super::chain::{Among, Step};
use super::scene::Scene;
use crate::error::ResolveError;
use crate::request::Request;
use crate::resolve::{Options, Solved, Verdict};
use crate::solve::{Gone, Wanted};
use crate::store::universe::PackageId;
use crate::streams::ModuleState;
use crate::system::installed::InstallReason;
use crate::world::World;
use std::collections::BTreeSet;

/// A package that a word means, and why it is where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// The package, by NEVRA.
    pub nevra: String,
    /// What is or becomes of it: `installed`, `not installed`, `goes in`, `goes`.
    pub state: &'static str,
    /// Why, in words.
    pub reason: String,
    /// The repositories that have this very package.
    pub repos: Vec<String>,
    /// The active streams that ship it, each with how it came to be active.
    pub streams: Vec<String>,
    /// The shortest chain from something that was asked for to it; of a package that goes because of others, from it to what
    /// was to go.
    pub chain: Vec<Step>,
    /// Who requires it, among the same packages, by NEVRA; the first few.
    pub required_by: Vec<String>,
    /// How many require it.
    pub requirers: usize,
    /// Who recommends it, or what it supplements; the first few.
    pub recommended_by: Vec<String>,
    /// How many do.
    pub recommenders: usize,
}

/// No more are named of those who require something.
const MOST_NAMED: usize = 5;

impl World<'_> {
    /// Why the packages that a word means are installed; where none is, what `install` would bring and who would require it.
    /// Empty where there is neither.
    ///
    /// # Errors
    /// As [`World::resolve`].
    pub fn why(&self, word: &str, options: &Options) -> Result<Vec<Present>, ResolveError> {
        let answer = match Request::parse(&["install", word]) {
            Ok(request) => Some(self.resolve(&request, options)?),
            Err(_) => None,
        };
        self.scene(options, |scene| {
            let universe = scene.universe;
            let meant = scene.meant(word, true);
            let installed = || universe.installed().map(PackageId);
            let there: Vec<PackageId> =
                meant.iter().copied().filter(|package| universe.is_installed(*package)).collect();
            if !there.is_empty() {
                let among = Among::new(universe, installed());
                return there.iter().map(|package| scene.installed(*package, &among)).collect();
            }
            let Some(Verdict::Solved(solved)) = answer.map(|it| it.verdict) else {
                return Vec::new();
            };
            let offered = solved
                .solution
                .installs
                .iter()
                .filter(|(package, wanted)| *wanted == Wanted::User || meant.contains(package));
            let all = (universe.installed().end..universe.len()).map(PackageId);
            let visible = all.filter(|package| {
                universe.arch(*package).fits() && !scene.visible.is_hidden(*package)
            });
            let among = Among::new(universe, visible);
            offered
                .map(|(package, _)| {
                    let reason = String::from("nobody asked for it, and nothing brought it in");
                    scene.present(*package, "not installed", reason, &among)
                })
                .collect()
        })
    }

    /// Why the packages that a word means take part in a transaction: `solved` is this world's answer to `request`. Empty where
    /// none does.
    ///
    /// # Errors
    /// As [`World::resolve`].
    pub fn why_in(
        &self,
        word: &str,
        request: &Request,
        options: &Options,
        solved: &Solved,
    ) -> Result<Vec<Present>, ResolveError> {
        self.scene(options, |scene| {
            let meant: BTreeSet<PackageId> = scene.meant(word, true).into_iter().collect();
            let universe = scene.universe;
            let gone: BTreeSet<PackageId> =
                solved.solution.removals.iter().map(|(package, _)| *package).collect();
            let installs = || solved.solution.installs.iter().map(|(package, _)| *package);
            let stays = universe.installed().map(PackageId).filter(|it| !gone.contains(it));
            let inner = Among::new(universe, installs());
            let outer = Among::new(universe, installs().chain(stays));
            let mut found = Vec::new();
            let asked = solved.solution.installs.iter().filter(|(package, wanted)| {
                *wanted == Wanted::User || solved.of_profile.contains(package)
            });
            let asked: BTreeSet<PackageId> = asked.map(|(package, _)| *package).collect();
            let is_asked = |package: PackageId| asked.contains(&package);
            for (package, wanted) in &solved.solution.installs {
                if !meant.contains(package) {
                    continue;
                }
                let reason = if solved.of_profile.contains(package) {
                    let profiles = solved.plan.states.profiles_installed.join(", ");
                    format!("named by a module profile ({profiles})")
                } else {
                    match wanted {
                        Wanted::User => scene.asked(*package, request),
                        Wanted::Dependency => String::from("required"),
                        Wanted::Weak => String::from("recommended"),
                    }
                };
                let mut present = scene.present(*package, "goes in", reason, &outer);
                if !is_asked(*package) {
                    present.chain = inner.chain(*package, is_asked);
                    if present.chain.is_empty() {
                        present.chain = outer.chain(*package, |it| universe.is_installed(it));
                    }
                }
                found.push(present);
            }
            let leaving = Among::new(universe, gone.iter().copied());
            for (package, how) in &solved.solution.removals {
                if meant.contains(package) {
                    found.push(scene.leaves(*package, *how, solved, request, &leaving));
                }
            }
            found
        })
    }
}

impl Scene<'_> {
    /// An installed package.
    fn installed(&self, package: PackageId, among: &Among<'_>) -> Present {
        let system = self.world.system();
        let reason = match system.reason(package) {
            InstallReason::Unknown => String::from("nobody knows why; dnf takes it as asked for"),
            InstallReason::User => String::from("asked for"),
            InstallReason::Group => match self.profiles_naming(package) {
                profiles if profiles.is_empty() => String::from("named by a group"),
                profiles => format!("named by module profile {}", profiles.join(", ")),
            },
            InstallReason::Dependency => String::from("required when it came in"),
            InstallReason::Weak => String::from("recommended when it came in"),
        };
        let mut present = self.present(package, "installed", reason, among);
        let pulled_in = |it: PackageId| {
            matches!(system.reason(it), InstallReason::Dependency | InstallReason::Weak)
        };
        if pulled_in(package) {
            present.chain = among.chain(package, |it| !pulled_in(it));
        }
        present
    }

    /// What is known of any package.
    fn present(
        &self,
        package: PackageId,
        state: &'static str,
        reason: String,
        among: &Among<'_>,
    ) -> Present {
        let universe = self.universe;
        let named = |bringers: &[(PackageId, &'static str, _)]| {
            let few = bringers.iter().take(MOST_NAMED);
            few.map(|(package, ..)| universe.nevra(*package)).collect::<Vec<_>>()
        };
        let same = universe.of_name(universe.name(package)).filter(|other| {
            !universe.is_installed(*other)
                && universe.evr(*other) == universe.evr(package)
                && universe.arch_text(*other) == universe.arch_text(package)
        });
        let streams: BTreeSet<String> = universe
            .listed_by(package)
            .into_iter()
            .filter(|document| self.active.is_active(*document))
            .map(|document| format!("{} ({})", self.stream(document), self.why_active(document)))
            .collect();
        let requirers = among.requirers(package);
        let wishers = among.wishers(package);
        Present {
            nevra: universe.nevra(package),
            state,
            reason,
            repos: same.map(|other| self.repo(other).to_owned()).collect(),
            streams: streams.into_iter().collect(),
            chain: Vec::new(),
            required_by: named(&requirers),
            requirers: requirers.len(),
            recommended_by: named(&wishers),
            recommenders: wishers.len(),
        }
    }

    /// A package that goes.
    fn leaves(
        &self,
        package: PackageId,
        how: Gone,
        solved: &Solved,
        request: &Request,
        leaving: &Among<'_>,
    ) -> Present {
        let nevra = self.universe.nevra(package);
        let by = solved.plan.packages.iter().find(|it| it.replaces.contains(&nevra));
        let reason = match (by, how) {
            (Some(by), _) => format!("{} takes its place", by.nevra),
            (None, Gone::Asked) => self.asked(package, request),
            (None, Gone::Dependent) => String::from("it requires something that goes"),
            (None, Gone::Unused) => String::from("nothing needs it any more"),
        };
        let mut present = self.present(package, "goes", reason, leaving);
        if by.is_none() && how == Gone::Dependent {
            // To what was asked to go; else to what gives way to something else.
            let goes = |it: PackageId, test: fn(Gone) -> bool| {
                let removals = &solved.solution.removals;
                removals.iter().any(|(gone, how)| *gone == it && test(*how))
            };
            present.chain = leaving.chain_down(package, |it| goes(it, |how| how == Gone::Asked));
            if present.chain.is_empty() {
                present.chain =
                    leaving.chain_down(package, |it| goes(it, |how| how != Gone::Dependent));
            }
        }
        present
    }

    /// Which words of a request mean a package.
    fn asked(&self, package: PackageId, request: &Request) -> String {
        let means = |word: &&String| {
            let meant = self.meant(word, true);
            meant.contains(&package)
                || meant.iter().any(|it| self.universe.obsoleters(*it).contains(&package))
        };
        let words: Vec<String> =
            request.packages.iter().filter(means).map(|word| format!("`{word}`")).collect();
        match words.is_empty() {
            true => format!("asked for by `{}`", request.words.join(" ")),
            false => format!("asked for by {}", words.join(", ")),
        }
    }

    /// The installed profiles that name a package.
    fn profiles_naming(&self, package: PackageId) -> Vec<String> {
        let own = self.universe.name_text(self.universe.name(package));
        let mut found = BTreeSet::new();
        for (module, state) in &self.world.system().modules.0 {
            let ModuleState::Enabled { stream, profiles } = state else { continue };
            for document in self.documents(module) {
                if self.streams.identity(document).stream != *stream {
                    continue;
                }
                let hot = &self.universe.repo(document.repo).hot;
                for (profile, name) in hot.modules.profiles(document.document) {
                    let profile = self.streams.text(document, profile);
                    let is_own = name.is_some_and(|name| self.streams.text(document, name) == own);
                    if is_own && profiles.iter().any(|known| known == profile) {
                        found.insert(format!("{module}:{stream}/{profile}"));
                    }
                }
            }
        }
        found.into_iter().collect()
    }
}
