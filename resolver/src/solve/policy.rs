//! Which of several candidates: dnf's order of preference, as libsolv applies it.
//!
//! Priority, architecture, version, obsoletes, what others recommend, then reordering by age, by common versioned
//! provides, by what is installed and by what others suggest. See `rpm-solver.md` and libsolv's policy.c for the rule's origin.

use super::Solver;
use super::rich::RichReader;
use super::state::{Lit, Value};
use crate::store::universe::{DepRef, NameRef, PackageId};
use foldhash::{HashMap, HashSet};
use modex_formats::index::section::relations::RelationKind;
use modex_formats::rpm::{Evr, Relation, evr::DependencyOrder};
use std::cmp::Ordering;

/// Which packages the packages that are in recommend and suggest, by the place in the queue that first says so.
#[derive(Default)]
pub(super) struct Preferences {
    recommended: HashMap<u32, u32>,
    suggested: HashMap<u32, u32>,
    log: Vec<(u32, bool, u32)>,
    /// Boolean ones, with the place in the queue: what they ask for changes with every assignment.
    rich: Vec<(u32, bool, DepRef)>,
    rich_recommended: HashSet<u32>,
    rich_suggested: HashSet<u32>,
    /// The assignments for which the boolean ones were last read.
    stamp: u64,
    read: usize,
}

impl Solver<'_, '_> {
    /// Forgets what packages beyond a place in the queue recommended.
    pub(super) fn forget_preferences(&mut self, length: usize) {
        let wishes = &mut self.wishes;
        wishes.read = wishes.read.min(length);
        while let Some((_, recommended, package)) =
            wishes.log.pop_if(|entry| entry.0 as usize >= length)
        {
            if recommended { &mut wishes.recommended } else { &mut wishes.suggested }
                .remove(&package);
        }
        while wishes.rich.pop_if(|entry| entry.0 as usize >= length).is_some() {}
    }

    fn read_preferences(&mut self) {
        while let Some(lit) = self.state.queue().get(self.wishes.read).copied() {
            let place = self.wishes.read as u32;
            self.wishes.read += 1;
            if !lit.is_pos() {
                continue;
            }
            for (kind, recommended) in
                [(RelationKind::Recommends, true), (RelationKind::Suggests, false)]
            {
                for dep in self.universe.statements(PackageId(lit.package()), kind) {
                    if dep.dep.as_rich().is_some() {
                        self.wishes.rich.push((place, recommended, dep));
                        continue;
                    }
                    for package in self.providers(dep).iter().copied() {
                        let map = if recommended {
                            &mut self.wishes.recommended
                        } else {
                            &mut self.wishes.suggested
                        };
                        if let std::collections::hash_map::Entry::Vacant(entry) = map.entry(package)
                        {
                            entry.insert(place);
                            self.wishes.log.push((place, recommended, package));
                        }
                    }
                }
            }
        }
        if self.wishes.stamp != self.state.stamp() {
            self.wishes.stamp = self.state.stamp();
            self.read_rich_preferences();
        }
    }

    /// What the boolean recommendations and suggestions ask for now.
    fn read_rich_preferences(&mut self) {
        self.wishes.rich_recommended.clear();
        self.wishes.rich_suggested.clear();
        for (_, recommended, dep) in self.wishes.rich.clone() {
            let found = self.recommended_by_rich(dep);
            match recommended {
                true => self.wishes.rich_recommended.extend(found),
                false => self.wishes.rich_suggested.extend(found),
            }
        }
    }

    /// The packages that clauses of a boolean recommendation ask for, where what they demand to be out is in.
    fn recommended_by_rich(&mut self, dep: DepRef) -> Vec<u32> {
        let Ok(cnf) = RichReader::new(self.universe).cnf(dep, true) else {
            self.too_complex = true;
            return Vec::new();
        };
        let mut found = Vec::new();
        for clause in cnf {
            let (wanted, unwanted): (Vec<Lit>, Vec<Lit>) =
                clause.into_iter().partition(|lit| lit.is_pos());
            if unwanted.iter().all(|lit| self.value(lit.package()) == Value::True) {
                found.extend(wanted.iter().map(|lit| lit.package()));
            }
        }
        found
    }

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
        self.read_preferences();
        self.wishes.recommended.contains_key(&package)
            || self.wishes.rich_recommended.contains(&package)
            || self.is_called_by(package, RelationKind::Supplements)
    }

    fn is_suggested(&mut self, package: u32) -> bool {
        self.read_preferences();
        self.wishes.suggested.contains_key(&package)
            || self.wishes.rich_suggested.contains(&package)
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
        let score = |package: &u32| universe.arch(PackageId(*package)).score;
        if let Some(best) = candidates.iter().map(score).filter(|score| *score > 1).min() {
            candidates.retain(|package| matches!(score(package), own if own == 1 || own == best));
        }
        if candidates.len() < 2 {
            return;
        }
        candidates.sort_by(|a, b| self.by_name(*a, *b));
        let mut kept: Vec<u32> = Vec::with_capacity(candidates.len());
        for package in candidates.drain(..) {
            let name = universe.name(PackageId(package));
            match kept.last_mut() {
                Some(best)
                    if universe.compare_names(universe.name(PackageId(*best)), name).is_eq() =>
                {
                    if universe.compare_evrs(PackageId(*best), PackageId(package)).is_lt() {
                        *best = package;
                    }
                }
                _ => kept.push(package),
            }
        }
        *candidates = kept;
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

    /// Candidates that another candidate of another name obsoletes go; the members of a cycle stay.
    fn drop_obsoleted(&self, candidates: &mut Vec<u32>) {
        let universe = self.universe;
        if candidates.len() < 2 {
            return;
        }
        let obsoleted = |package: u32| -> Vec<usize> {
            let id = PackageId(package);
            let hits = |dep| {
                candidates
                    .iter()
                    .enumerate()
                    .filter(move |(_, other)| universe.names(dep, PackageId(**other)))
            };
            let renamed = |other: &u32| {
                !universe.compare_names(universe.name(PackageId(*other)), universe.name(id)).is_eq()
            };
            universe
                .statements(id, RelationKind::Obsoletes)
                .flat_map(hits)
                .filter(|(_, other)| renamed(other))
                .map(|(place, _)| place)
                .collect()
        };
        let edges: Vec<Vec<usize>> = candidates.iter().map(|package| obsoleted(*package)).collect();
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
            universe.of_name(universe.name(id)).into_iter().any(|other| {
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
            !universe.of_name(name).into_iter().any(|other| universe.is_installed(other))
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
