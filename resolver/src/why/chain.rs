//! The shortest way from a package to somebody who asked.

use crate::store::universe::{DepRef, PackageId, Universe};
use modex_formats::index::section::relations::RelationKind;
use std::collections::{HashMap, HashSet, VecDeque};

/// A step of a chain: a package, and how the one before it leads here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The package, by NEVRA.
    pub nevra: String,
    /// What leads here; `None`: here the chain starts.
    pub tie: Option<Tie>,
}

/// How one package brings another in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// `requires`, `recommends` or `is supplemented by`.
    pub relation: &'static str,
    /// The dependency.
    pub dependency: String,
}

/// Packages among which chains are looked for.
pub(super) struct Among<'s> {
    universe: &'s Universe<'s>,
    members: HashSet<PackageId>,
}

/// Who brings a package in, and by what.
type Bringer = (PackageId, &'static str, DepRef);

impl<'s> Among<'s> {
    pub(super) fn new(
        universe: &'s Universe<'s>,
        members: impl IntoIterator<Item = PackageId>,
    ) -> Self {
        Among { universe, members: members.into_iter().collect() }
    }

    /// The members that require something that a package provides, each once, ids ascending.
    pub(super) fn requirers(&self, package: PackageId) -> Vec<Bringer> {
        let is_meant = |it: PackageId| it != package && self.members.contains(&it);
        let requirers = self.universe.requirers(package, is_meant);
        once(requirers.into_iter().map(|(it, dep)| (it, "requires", dep)).collect())
    }

    /// The members that recommend a package, or that it supplements, each once, ids ascending.
    pub(super) fn wishers(&self, package: PackageId) -> Vec<Bringer> {
        let universe = self.universe;
        let mut found = Vec::new();
        for member in self.members.iter().filter(|it| **it != package) {
            let mut recommends = universe.statements(*member, RelationKind::Recommends);
            found.extend(
                recommends
                    .find(|dep| self.is_about(*dep, package))
                    .map(|dep| (*member, "recommends", dep)),
            );
        }
        for dep in universe.statements(package, RelationKind::Supplements) {
            let met = self.members.iter().filter(|it| self.is_about(dep, **it));
            found.extend(met.map(|it| (*it, "is supplemented by", dep)));
        }
        found.retain(|(bringer, ..)| *bringer != package);
        once(found)
    }

    /// Whether a package meets a dependency, or is called like a part of a boolean one.
    fn is_about(&self, dep: DepRef, package: PackageId) -> bool {
        let universe = self.universe;
        match dep.dep.as_rich() {
            None => universe.provides(package, dep),
            Some(_) => {
                let name = universe.name_text(universe.name(package));
                universe.words(dep).split(['(', ')', ' ']).any(|word| word == name)
            }
        }
    }

    /// The shortest chain from a package of which `is_start` holds down to this one; over requirements where they suffice, else
    /// over weak dependencies too. Empty where there is none. O(statements of the members).
    pub(super) fn chain(
        &self,
        package: PackageId,
        is_start: impl Fn(PackageId) -> bool,
    ) -> Vec<Step> {
        let strong = self.search(package, &is_start, |it| self.requirers(it));
        if !strong.is_empty() {
            return strong;
        }
        self.search(package, &is_start, |it| {
            let mut all = self.requirers(it);
            all.extend(self.wishers(it));
            all
        })
    }

    fn search(
        &self,
        package: PackageId,
        is_start: impl Fn(PackageId) -> bool,
        bringers: impl Fn(PackageId) -> Vec<Bringer>,
    ) -> Vec<Step> {
        // By package: whom it brings in, and by what.
        let mut brings: HashMap<PackageId, (PackageId, &'static str, DepRef)> = HashMap::new();
        let mut queue = VecDeque::from([package]);
        while let Some(next) = queue.pop_front() {
            for (bringer, relation, dep) in bringers(next) {
                if bringer == package || brings.contains_key(&bringer) {
                    continue;
                }
                brings.insert(bringer, (next, relation, dep));
                if is_start(bringer) {
                    return self.steps(bringer, package, &brings);
                }
                queue.push_back(bringer);
            }
        }
        Vec::new()
    }

    fn steps(
        &self,
        start: PackageId,
        end: PackageId,
        brings: &HashMap<PackageId, (PackageId, &'static str, DepRef)>,
    ) -> Vec<Step> {
        let mut steps = vec![Step { nevra: self.universe.nevra(start), tie: None }];
        let mut at = start;
        while at != end
            && let Some((next, relation, dep)) = brings.get(&at)
        {
            let tie = Tie { relation, dependency: self.universe.words(*dep) };
            steps.push(Step { nevra: self.universe.nevra(*next), tie: Some(tie) });
            at = *next;
        }
        steps
    }

    /// The shortest chain of requirements from a package down to a member of which `is_end` holds.
    pub(super) fn chain_down(
        &self,
        package: PackageId,
        is_end: impl Fn(PackageId) -> bool,
    ) -> Vec<Step> {
        let universe = self.universe;
        let mut needed_by: HashMap<PackageId, (PackageId, DepRef)> = HashMap::new();
        let mut queue = VecDeque::from([package]);
        while let Some(next) = queue.pop_front() {
            for dep in universe.statements(next, RelationKind::Requires) {
                for provider in universe.providers(dep) {
                    let is_new = provider != package && !needed_by.contains_key(&provider);
                    if !is_new || !self.members.contains(&provider) {
                        continue;
                    }
                    needed_by.insert(provider, (next, dep));
                    if is_end(provider) {
                        return self.steps_down(provider, package, &needed_by);
                    }
                    queue.push_back(provider);
                }
            }
        }
        Vec::new()
    }

    fn steps_down(
        &self,
        end: PackageId,
        start: PackageId,
        needed_by: &HashMap<PackageId, (PackageId, DepRef)>,
    ) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = end;
        while at != start
            && let Some((from, dep)) = needed_by.get(&at)
        {
            let tie = Tie { relation: "requires", dependency: self.universe.words(*dep) };
            steps.push(Step { nevra: self.universe.nevra(at), tie: Some(tie) });
            at = *from;
        }
        steps.push(Step { nevra: self.universe.nevra(start), tie: None });
        steps.reverse();
        steps
    }
}

fn once(mut found: Vec<Bringer>) -> Vec<Bringer> {
    found.sort_by_key(|(package, _, dep)| (*package, *dep));
    found.dedup_by_key(|(package, ..)| *package);
    found
}
