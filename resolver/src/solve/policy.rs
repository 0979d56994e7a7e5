//! Which of several candidates: dnf's order of preference, as libsolv applies it.
//!
//! Priority, architecture, version, obsoletes, what others recommend, then reordering by age, by common versioned
//! provides, by what is installed and by what others suggest. See `rpm-solver.md` and libsolv's policy.c for the rule's origin.

use super::Solver;
use super::rich::RichReader;
use super::state::Value;
use crate::store::universe::{DepRef, NameRef, PackageId};
use modex_formats::index::section::relations::RelationKind;
use modex_formats::rpm::{Evr, Relation, evr::DependencyOrder};
use std::cmp::Ordering;

impl Solver<'_, '_> {
    /// Whether a statement of kind Supplements or Enhances of a package holds for what is in.
    pub(super) fn is_called_by(&mut self, package: u32, kind: RelationKind) -> bool {
        let universe = self.universe;
        let reader = RichReader::new(universe);
        universe
            .statements(PackageId(package), kind)
            .any(|dep| reader.holds(dep, &mut |other| self.value(other.0) == Value::True))
    }

    /// Whether something that is in recommends the package, or the package supplements something that is in.
    pub(super) fn is_recommended(&mut self, package: u32) -> bool {
        self.is_wished(package, RelationKind::Recommends)
            || self.is_called_by(package, RelationKind::Supplements)
    }

    fn is_suggested(&mut self, package: u32) -> bool {
        self.is_wished(package, RelationKind::Suggests)
            || self.is_called_by(package, RelationKind::Enhances)
    }

    fn is_installed(&self, package: u32) -> bool {
        self.universe.is_installed(PackageId(package))
    }

    /// The full policy: what is left of the candidates, best first.
    pub(super) fn choose(&mut self, candidates: &mut Vec<u32>) {
        self.narrow(candidates);
        if candidates.len() > 1 {
            self.old_versions_last(candidates);
            self.by_common_provides(candidates);
            self.installed_names_first(candidates);
            self.suggested_first(candidates);
        }
    }

    /// The policy without reordering: whether there is a choice at all.
    pub(super) fn narrow(&mut self, candidates: &mut Vec<u32>) {
        self.best_of_each(candidates);
        self.recommended_only(candidates);
    }

    /// Order of supplements: every step but the choice among them.
    pub(super) fn order_supplements(&mut self, candidates: &mut [u32]) {
        if candidates.len() > 1 {
            self.old_versions_last(candidates);
            self.by_common_provides(candidates);
            self.suggested_first(candidates);
        }
    }

    /// Priority, best architecture, best version of each name, without those that another one obsoletes.
    pub(super) fn best_of_each(&mut self, candidates: &mut Vec<u32>) {
        if candidates.len() < 2 {
            return;
        }
        let universe = self.universe;
        // Installed packages have no priority of their own; libsolv gives them that of their best rival.
        let priority = |package: &u32| {
            let (repo, _) = universe.locate(PackageId(*package));
            (!universe.is_installed(PackageId(*package)))
                .then(|| universe.repo(repo).options.priority)
        };
        if let Some(best) = candidates.iter().filter_map(priority).min() {
            candidates.retain(|package| priority(package).is_none_or(|own| own == best));
        }
        self.drop_less_placed(candidates);
        let score = |package: &u32| universe.arch(PackageId(*package)).score;
        if let Some(best) = candidates.iter().map(score).filter(|score| *score > 1).min() {
            candidates.retain(|package| matches!(score(package), own if own == 1 || own == best));
        }
        self.best_versions(candidates);
    }

    /// The best version of each name, without those that another one obsoletes; bytewise by name.
    pub(super) fn best_versions(&self, candidates: &mut Vec<u32>) {
        if candidates.len() < 2 {
            return;
        }
        let universe = self.universe;
        candidates.sort_by(|a, b| self.by_name(*a, *b));
        candidates.dedup_by(|package, best| {
            let (new, old) = (PackageId(*package), PackageId(*best));
            let is_same = universe.compare_names(universe.name(old), universe.name(new)).is_eq();
            if is_same && universe.compare_evrs(old, new).is_lt() {
                *best = *package;
            }
            is_same
        });
        self.drop_obsoleted(candidates);
    }

    /// Name bytewise, better architecture, installed, lower cost, id.
    fn by_name(&self, a: u32, b: u32) -> Ordering {
        let universe = self.universe;
        let (left, right) = (PackageId(a), PackageId(b));
        let cost = |package| universe.repo(universe.locate(package).0).options.cost;
        universe
            .compare_names(universe.name(left), universe.name(right))
            .then_with(|| match (universe.arch(left).score, universe.arch(right).score) {
                (x, y) if x > 1 && y > 1 => x.cmp(&y),
                _ => Ordering::Equal,
            })
            .then_with(|| self.is_installed(b).cmp(&self.is_installed(a)))
            .then_with(|| match self.is_installed(a) {
                true => Ordering::Equal,
                false => cost(left).cmp(&cost(right)),
            })
            .then(a.cmp(&b))
    }

    /// Candidates that another candidate obsoletes go; the members of a cycle stay. They stand by name, each name once.
    fn drop_obsoleted(&self, candidates: &mut Vec<u32>) {
        let universe = self.universe;
        if candidates.len() < 2 {
            return;
        }
        let names: Vec<NameRef> =
            candidates.iter().map(|package| universe.name(PackageId(*package))).collect();
        let hit = |dep: DepRef| {
            let name = NameRef { repo: dep.repo, name: universe.simple(dep)?.name };
            let place =
                names.binary_search_by(|other| universe.compare_names(*other, name)).ok()?;
            universe.names(dep, PackageId(candidates[place])).then_some(place)
        };
        let obsoleted = |(place, package): (usize, &u32)| -> Vec<usize> {
            universe
                .statements(PackageId(*package), RelationKind::Obsoletes)
                .filter_map(hit)
                .filter(|other| *other != place)
                .collect()
        };
        let edges: Vec<Vec<usize>> = candidates.iter().enumerate().map(obsoleted).collect();
        if edges.iter().any(|hits| !hits.is_empty()) {
            let mut kept = keep_unobsoleted(&edges).into_iter();
            candidates.retain(|_| kept.next().unwrap_or(true));
        }
    }

    /// Where something that is in recommends some of them, only those are candidates.
    fn recommended_only(&mut self, candidates: &mut Vec<u32>) {
        let new = candidates.iter().filter(|package| !self.is_installed(**package)).count();
        if new < 2 {
            return;
        }
        let wanted: Vec<bool> = candidates
            .clone()
            .into_iter()
            .map(|package| !self.is_installed(package) && self.is_recommended(package))
            .collect();
        if wanted.contains(&true) {
            let mut wanted = wanted.into_iter();
            let universe = self.universe;
            candidates.retain(|package| {
                wanted.next().unwrap_or(false) || universe.is_installed(PackageId(*package))
            });
        }
    }

    /// Candidates of which there is a newer, or better placed, package of the same name and architecture anywhere, hidden ones included.
    fn old_versions_last(&self, candidates: &mut [u32]) {
        let universe = self.universe;
        let priority =
            |package: PackageId| universe.repo(universe.locate(package).0).options.priority;
        let is_old = |package: &u32| {
            let id = PackageId(*package);
            universe.of_name(universe.name(id)).any(|other| {
                other != id
                    && universe.arch_text(other) == universe.arch_text(id)
                    && match priority(other).cmp(&priority(id)) {
                        Ordering::Less => true,
                        Ordering::Greater => false,
                        Ordering::Equal => universe.compare_evrs(id, other).is_lt(),
                    }
            })
        };
        candidates.sort_by_cached_key(is_old);
    }

    /// Candidates that provide the same thing in different versions: the higher version first.
    fn by_common_provides(&self, candidates: &mut [u32]) {
        let universe = self.universe;
        let mut entries: Vec<(NameRef, &str, usize)> = Vec::new();
        for (place, package) in candidates.iter().enumerate() {
            for (name, relation, evr) in universe.provided(PackageId(*package)) {
                if matches!(relation, Relation::EQ | Relation::LE | Relation::LT)
                    && !(relation == Relation::EQ && is_hash_like(evr))
                {
                    entries.push((name, evr, place));
                }
            }
        }
        let order = |a: &(NameRef, &str, usize), b: &(NameRef, &str, usize)| {
            universe
                .compare_names(a.0, b.0)
                .then_with(|| Evr::parse(b.1).compare(&Evr::parse(a.1)))
                .then(a.2.cmp(&b.2))
        };
        entries.sort_by(order);
        let mut badness = vec![0u32; candidates.len()];
        let mut level = 0;
        for at in 0..entries.len() {
            let (name, evr, place) = entries[at];
            match at.checked_sub(1).map(|before| entries[before]) {
                Some((before, higher, other)) if universe.compare_names(before, name).is_eq() => {
                    let order = Evr::parse(higher).compare_in_dependency(&Evr::parse(evr));
                    if other != place && order == DependencyOrder::Known(Ordering::Greater) {
                        level += 1;
                    }
                }
                _ => level = 0,
            }
            badness[place] += level;
        }
        let keyed = |place: usize, package: u32| {
            if self.is_installed(package) { 0 } else { badness[place] }
        };
        let mut order: Vec<(u32, u32)> = candidates
            .iter()
            .enumerate()
            .map(|(place, package)| (keyed(place, *package), *package))
            .collect();
        order.sort_by_key(|entry| entry.0);
        candidates.iter_mut().zip(order).for_each(|(slot, (_, package))| *slot = package);
    }

    fn installed_names_first(&self, candidates: &mut [u32]) {
        if self.universe.installed().is_empty() {
            return;
        }
        let universe = self.universe;
        let known = |package: &u32| {
            let name = universe.name(PackageId(*package));
            universe.installed_of_name(name).next().is_none()
        };
        candidates.sort_by_cached_key(known);
    }

    fn suggested_first(&mut self, candidates: &mut [u32]) {
        let later: Vec<bool> = candidates
            .iter()
            .copied()
            .map(|package| !(self.is_installed(package) || self.is_suggested(package)))
            .collect();
        let mut order: Vec<(bool, u32)> =
            later.into_iter().zip(candidates.iter().copied()).collect();
        order.sort_by_key(|entry| entry.0);
        candidates.iter_mut().zip(order).for_each(|(slot, (_, package))| *slot = package);
    }
}

/// Values of four and more characters that are all hexadecimal digits are hashes of symbols, not versions.
fn is_hash_like(evr: &str) -> bool {
    evr.len() >= 4 && evr.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Nodes that another node reaches go, unless they reach it as well (a cycle keeps its members).
fn keep_unobsoleted(edges: &[Vec<usize>]) -> Vec<bool> {
    let count = edges.len();
    let mut kept = vec![true; count];
    let reach = |start: usize| {
        let mut seen = vec![false; count];
        let mut todo = vec![start];
        while let Some(node) = todo.pop() {
            for next in &edges[node] {
                if !std::mem::replace(&mut seen[*next], true) {
                    todo.push(*next);
                }
            }
        }
        seen
    };
    let reached: Vec<Vec<bool>> = (0..count).map(reach).collect();
    for (node, keep) in kept.iter_mut().enumerate() {
        *keep =
            !(0..count).any(|other| other != node && reached[other][node] && !reached[node][other]);
    }
    kept
}
