//! Why a package is not offered, or cannot be installed.
//!
//! The rules are those of `modular-filtering.md`, sections 1 to 5 and 7, then those of every package: excludes, architecture,
//! what is installed, what is better. What none of them holds back is asked for, and the answer tells the rest.

use super::ideas::{Change, Idea, Ideas};
use super::scene::Scene;
use super::trial::Trials;
use crate::error::ResolveError;
use crate::request::{Request, Words};
use crate::resolve::{Options, Solved, Verdict};
use crate::store::universe::PackageId;
use crate::system::installed::InstalledPackage;
use crate::visible::{Hidden, Visible};
use crate::world::World;
use modex_formats::plan::{PlanFact, PlanHint};
use std::collections::BTreeSet;

/// Why a word brings no package, or not the one that was hoped for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhyNot {
    /// The word.
    pub word: String,
    /// All packages that it means, those alike together.
    pub groups: Vec<Group>,
    /// What the word brings as things are, by NEVRA; nothing where it is refused or already there.
    pub offered: Vec<String>,
    /// Why it is refused; where it is not, why the newest package that was passed over cannot be installed.
    pub refused: Vec<PlanFact>,
    /// What is refused: the word, or that package.
    pub refused_word: String,
    /// What would bring in something of it that does not come now; tried.
    pub hints: Vec<PlanHint>,
}

/// Packages of one repository that the same things hold back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Their NEVRAs, the newest first.
    pub nevras: Vec<String>,
    /// Id of their repository.
    pub repo: String,
    /// What holds them back; nothing: they can be installed.
    pub obstacles: Vec<Obstacle>,
    /// What is worth knowing and holds nothing back.
    pub notes: Vec<String>,
}

/// Something that holds a package back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Which rule.
    pub rule: Rule,
    /// In words.
    pub text: String,
    /// The streams that it is about, `MODULE:STREAM`.
    pub streams: Vec<String>,
}

/// A rule that holds packages back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Only documents that are not active list it.
    Inactive,
    /// An active document ships a package of its name.
    NameMasked,
    /// An active document ships a package of a name that it provides.
    ProvideMasked,
    /// An active document ships a source package of its name.
    SourceMasked,
    /// It is excluded by configuration.
    Excluded,
    /// The system cannot have its architecture.
    Architecture,
    /// The very same is installed.
    Installed,
    /// Something newer is installed.
    Older,
    /// Something else is chosen.
    Outdone,
    /// Something older is chosen: this one cannot be installed.
    PassedOver,
}

impl Rule {
    /// The rule as one word.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Inactive => "inactive",
            Rule::NameMasked => "name-masked",
            Rule::ProvideMasked => "provide-masked",
            Rule::SourceMasked => "source-masked",
            Rule::Excluded => "excluded",
            Rule::Architecture => "architecture",
            Rule::Installed => "installed",
            Rule::Older => "older",
            Rule::Outdone => "outdone",
            Rule::PassedOver => "passed-over",
        }
    }
}

/// Packages held back alike, as they are gathered.
struct Gathered {
    packages: Vec<PackageId>,
    group: Group,
}

impl World<'_> {
    /// Why a word brings no package, or not the one that was hoped for. `installed` is what the system was told to have.
    /// Takes two resolutions at most, and those of the trials.
    ///
    /// # Errors
    /// As [`World::resolve`].
    pub fn why_not(
        &self,
        word: &str,
        options: &Options,
        installed: &[InstalledPackage],
    ) -> Result<WhyNot, ResolveError> {
        let request = Request::parse(&["install", word]);
        let Ok(request) = request else {
            return Ok(WhyNot { word: word.to_owned(), ..WhyNot::default() });
        };
        let answer = self.resolve(&request, options)?;
        let (mut found, ideas) = self.scene(options, |scene| {
            let mut found = WhyNot { word: word.to_owned(), ..WhyNot::default() };
            found.refused_word.clone_from(&found.word);
            let mut ideas = Ideas::new(request.words.clone());
            let chosen: Vec<PackageId> = match &answer.verdict {
                Verdict::Solved(solved) => {
                    solved.solution.installs.iter().map(|(package, _)| *package).collect()
                }
                Verdict::Refused(plan) => {
                    found.refused.clone_from(&plan.refused);
                    Vec::new()
                }
                Verdict::GaveUp => Vec::new(),
            };
            let meant = scene.meant(word, true);
            let gathered = scene.gather(&meant, &chosen, word);
            if let Verdict::Solved(solved) = &answer.verdict {
                let means = scene.with_obsoleters(&meant);
                let of_word = |package: &&PackageId| means.contains(package);
                let asked = solved.solution.installs.iter().map(|(package, _)| package);
                let nevras = asked.filter(of_word).map(|package| scene.universe.nevra(*package));
                found.offered = nevras.collect();
            }
            if !matches!(answer.verdict, Verdict::GaveUp) {
                for one in &gathered {
                    ideas.of_group(scene, word, one);
                }
                ideas.of_refusal(scene, &request, &found.refused);
            }
            found.groups = gathered.into_iter().map(|one| one.group).collect();
            (found, ideas.all)
        })?;
        let passed_over = found
            .groups
            .iter()
            .find(|group| group.obstacles.iter().any(|obstacle| obstacle.rule == Rule::PassedOver));
        if let Some(newest) = passed_over.and_then(|group| group.nevras.first()).cloned()
            && let Ok(request) = Request::parse(&["install", newest.as_str()])
            && let Verdict::Refused(plan) = self.resolve(&request, options)?.verdict
        {
            (found.refused, found.refused_word) = (plan.refused, newest);
        }
        // An idea is good where it brings what the word means and what does not come anyway.
        let brings_more = |_: &Idea, world: &World<'_>, solved: &Solved| {
            let universe = world.universe();
            let everything = Visible::all(universe);
            let owners = |repo: u32, path: &str| world.path_owners(repo, path);
            let words = Words::new(universe, &everything, &owners).with_sources(true);
            let meant = words.find(word).map(|it| it.packages).unwrap_or_default();
            let mut installs = solved.solution.installs.iter();
            installs.any(|(package, _)| {
                meant.contains(package) && !found.offered.contains(&universe.nevra(*package))
            })
        };
        let hints = Trials::new(self, options, installed).all(ideas, &request.words, brings_more);
        Ok(WhyNot { hints, ..found })
    }
}

impl Ideas {
    /// What would bring in packages that are held back.
    fn of_group(&mut self, scene: &Scene<'_>, word: &str, one: &Gathered) {
        let Some(newest) = one.group.nevras.first() else { return };
        for obstacle in &one.group.obstacles {
            let names = obstacle.streams.iter().take(2).filter_map(|it| it.split_once(':'));
            match obstacle.rule {
                Rule::Inactive => names.for_each(|(module, stream)| {
                    self.bring_in(scene, module, stream);
                }),
                Rule::NameMasked | Rule::ProvideMasked | Rule::SourceMasked => {
                    let repos = BTreeSet::from([one.group.repo.clone()]);
                    names.for_each(|(module, _)| self.set_free(scene, module, &repos));
                }
                Rule::Excluded => self.with(Change::NoExcludes),
                Rule::Older => {
                    self.instead(vec![String::from("downgrade"), newest.clone()]);
                }
                Rule::Outdone if word != newest => {
                    self.instead(vec![String::from("install"), newest.clone()]);
                }
                Rule::Outdone | Rule::PassedOver | Rule::Architecture | Rule::Installed => {}
            }
        }
    }
}

impl Scene<'_> {
    /// Packages and what holds them back, those alike together, in load order; installed ones are none of them.
    fn gather(&self, meant: &[PackageId], chosen: &[PackageId], word: &str) -> Vec<Gathered> {
        let universe = self.universe;
        let mut all: Vec<Gathered> = Vec::new();
        let visible = self.meant(word, false);
        let other = chosen.iter().copied().find(|package| visible.contains(package));
        for package in meant {
            let obstacles = match universe.is_installed(*package) {
                true => vec![obstacle(Rule::Installed, String::from("is installed"))],
                false => self.obstacles(*package, chosen, other),
            };
            let (repo, notes) = (self.repo(*package).to_owned(), self.notes(*package));
            let alike = |one: &&mut Gathered| {
                let group = &one.group;
                group.repo == repo && group.obstacles == obstacles && group.notes == notes
            };
            match all.iter_mut().find(alike) {
                Some(one) => one.packages.push(*package),
                None => all.push(Gathered {
                    packages: vec![*package],
                    group: Group { nevras: Vec::new(), repo, obstacles, notes },
                }),
            }
        }
        for one in &mut all {
            one.packages.sort_by(|a, b| universe.compare_evrs(*b, *a).then(a.cmp(b)));
            one.group.nevras = one.packages.iter().map(|it| universe.nevra(*it)).collect();
        }
        all
    }

    /// What holds a package of a repository back; `other` is what was chosen for the same word.
    fn obstacles(
        &self,
        package: PackageId,
        chosen: &[PackageId],
        other: Option<PackageId>,
    ) -> Vec<Obstacle> {
        let universe = self.universe;
        let mut found = Vec::new();
        let arch = universe.arch_text(package);
        let is_source = matches!(arch, "src" | "nosrc");
        if is_source {
            let text = String::from("is a source package: it cannot be installed");
            found.push(obstacle(Rule::Architecture, text));
        } else if !universe.arch(package).fits() {
            let own = &self.world.system().arch;
            let text = format!("is for {arch}, and the system is {own}");
            found.push(obstacle(Rule::Architecture, text));
        }
        match self.visible.why_hidden(package) {
            None => {}
            Some(Hidden::Excluded) => found.push(self.excluded(package)),
            Some(Hidden::Inactive(documents)) => {
                let mut reasons: Vec<String> =
                    documents.iter().map(|document| self.why_inactive(*document)).collect();
                reasons.sort();
                reasons.dedup();
                let streams = self.streams_of(&documents);
                let text = format!("belongs to {}: {}", streams.join(", "), reasons.join("; "));
                found.push(Obstacle { rule: Rule::Inactive, text, streams });
            }
            Some(Hidden::Masked { name, by }) => {
                let streams = self.streams_of(&by);
                let own = universe.name_text(universe.name(package));
                let how: BTreeSet<String> = by
                    .iter()
                    .map(|it| format!("{} ({})", self.stream(*it), self.why_active(*it)))
                    .collect();
                let how = how.into_iter().collect::<Vec<_>>().join(", ");
                let (rule, text) = if is_source {
                    let text = format!("is hidden by {how}, which ships a source package {name}");
                    (Rule::SourceMasked, text)
                } else if own == name {
                    (Rule::NameMasked, format!("is hidden by {how}, which ships {name}"))
                } else {
                    let text =
                        format!("is hidden by {how}, which ships {name}, and it provides {name}");
                    (Rule::ProvideMasked, text)
                };
                found.push(Obstacle { rule, text, streams });
            }
        }
        if found.is_empty() && !chosen.contains(&package) {
            found.extend(self.worse(package, chosen, other));
        }
        found
    }

    /// Which words exclude a package.
    fn excluded(&self, package: PackageId) -> Obstacle {
        let words = self.options.exclude.iter();
        let means = |word: &&String| self.meant(word, true).contains(&package);
        let text = match words.clone().find(means) {
            Some(word) => format!("is excluded by the configuration (excludepkgs: {word})"),
            None => String::from("is excluded by the configuration"),
        };
        obstacle(Rule::Excluded, text)
    }

    /// What is better than a package that nothing hides: what is installed, or what is chosen.
    fn worse(
        &self,
        package: PackageId,
        chosen: &[PackageId],
        other: Option<PackageId>,
    ) -> Option<Obstacle> {
        let universe = self.universe;
        let name = universe.name(package);
        let arch = universe.arch_text(package);
        let mut old =
            universe.installed_of_name(name).filter(|old| universe.arch_text(*old) == arch);
        if let Some(old) = old.next() {
            let nevra = universe.nevra(old);
            match universe.compare_evrs(package, old) {
                std::cmp::Ordering::Equal => {
                    return Some(obstacle(Rule::Installed, String::from("is installed")));
                }
                std::cmp::Ordering::Less => {
                    return Some(obstacle(Rule::Older, format!("is older than installed {nevra}")));
                }
                std::cmp::Ordering::Greater if chosen.is_empty() => return None,
                std::cmp::Ordering::Greater => {}
            }
        }
        let same =
            |other: &&PackageId| universe.compare_names(universe.name(**other), name).is_eq();
        let rival = chosen.iter().find(|it| same(it) && universe.arch_text(**it) == arch);
        let rival = rival.or_else(|| chosen.iter().find(same));
        if let Some(rival) = rival {
            let priority = |it: PackageId| universe.repo(universe.locate(it).0).options.priority;
            let (nevra, repo) = (universe.nevra(*rival), self.repo(*rival));
            let is_passed_over = priority(package) == priority(*rival)
                && universe.compare_evrs(package, *rival).is_gt();
            if is_passed_over {
                let text = format!("is newer, and was passed over for {nevra}");
                return Some(obstacle(Rule::PassedOver, text));
            }
            let how = if priority(package) > priority(*rival) {
                format!("{repo} has a better priority, and offers {nevra}")
            } else if universe.compare_evrs(*rival, package).is_gt() {
                format!("a newer one is offered: {nevra}")
            } else if universe.arch_text(*rival) != arch {
                format!("another architecture is offered: {nevra}")
            } else {
                format!("{nevra} of {repo} is offered")
            };
            return Some(obstacle(Rule::Outdone, format!("is not chosen: {how}")));
        }
        let obsoleters = universe.obsoleters(package);
        if let Some(obsoleter) = chosen.iter().find(|it| obsoleters.contains(it)) {
            let text = format!("is obsoleted by {}", universe.nevra(*obsoleter));
            return Some(obstacle(Rule::Outdone, text));
        }
        let text = format!("is not chosen: {} is", universe.nevra(other?));
        Some(obstacle(Rule::Outdone, text))
    }

    /// Packages, and visible ones that obsolete them.
    fn with_obsoleters(&self, packages: &[PackageId]) -> BTreeSet<PackageId> {
        let obsoleters = packages.iter().flat_map(|package| self.universe.obsoleters(*package));
        packages.iter().copied().chain(obsoleters).collect()
    }

    /// Why a package is not hidden though one might think so.
    fn notes(&self, package: PackageId) -> Vec<String> {
        let universe = self.universe;
        if universe.is_installed(package) || self.visible.is_hidden(package) {
            return Vec::new();
        }
        let repo = universe.repo(universe.locate(package).0);
        let listing = universe.listed_by(package);
        let active = listing.iter().copied().filter(|document| self.active.is_active(*document));
        let active: Vec<_> = active.collect();
        if let Some(first) = active.first() {
            let streams = self.streams_of(&active).join(", ");
            return vec![format!("is of {streams} ({})", self.why_active(*first))];
        }
        let name = universe.name_text(universe.name(package));
        let shipping: Vec<_> =
            self.active.documents().filter(|document| self.ships(*document, name)).collect();
        if shipping.is_empty() && listing.is_empty() {
            return Vec::new();
        }
        if repo.options.module_hotfixes {
            let id = &repo.options.id;
            return vec![format!("{id} is a repository of hotfixes: modules hide nothing of it")];
        }
        let streams = self.streams_of(&shipping).join(", ");
        vec![format!("{streams} ships {name}, but has given the name free (demodularized)")]
    }

    /// Whether a document ships a binary package of a name.
    fn ships(&self, document: crate::streams::DocumentRef, name: &str) -> bool {
        let hot = &self.universe.repo(document.repo).hot;
        let Some(name) = hot.names.find(name) else { return false };
        let names = self.universe.sound(hot.artifacts.names(document.document), "MNAM");
        names.iter().any(|known| known.get() == name)
    }
}

fn obstacle(rule: Rule, text: String) -> Obstacle {
    Obstacle { rule, text, streams: Vec::new() }
}
