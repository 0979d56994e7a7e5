//! Cleaning up: which installed packages are there only for the sake of what goes. The rules are libsolv's, cleandeps.c.

use super::rich::{Cnf, RichReader};
use super::sources::sources;
use super::state::Lit;
use crate::store::universe::{DepRef, PackageId, Universe};
use foldhash::HashMap;
use modex_formats::index::section::relations::RelationKind;
use std::collections::VecDeque;
use std::rc::Rc;

/// What a clean-up starts from.
#[derive(Default)]
pub(super) struct CleanUp {
    /// Installed packages that stay if they can: asked for once, or by a job now.
    pub(super) kept: Vec<u32>,
    /// Installed packages that jobs erase.
    pub(super) erased: Vec<u32>,
    /// Those of them whose requirements are to be cleaned up.
    pub(super) cleaned: Vec<u32>,
    /// Installed packages that go for the sake of `cleaned`.
    pub(super) seeds: Vec<u32>,
    /// Packages that jobs want in.
    pub(super) wanted: Vec<u32>,
    /// Packages that turned out to be needed.
    pub(super) mistakes: Vec<u32>,
    /// Look for everything that nothing kept needs.
    pub(super) everything: bool,
    /// Packages of the repositories count as well.
    pub(super) with_repositories: bool,
}

/// Which packages are in, during a clean-up: installed ones by number, and what jobs want.
struct Sets<'u, 'a> {
    universe: &'u Universe<'a>,
    /// Installed packages that are still in.
    left: Vec<bool>,
    /// Installed packages that must not be taken, or, later, not be put back.
    pinned: Vec<bool>,
    cnfs: HashMap<DepRef, Rc<Cnf>>,
    with_repositories: bool,
}

impl<'u, 'a> Sets<'u, 'a> {
    fn is_left(&self, package: u32) -> bool {
        self.left.get(package as usize).copied().unwrap_or(false)
    }

    fn is_installed(&self, package: u32) -> bool {
        self.universe.is_installed(PackageId(package))
    }

    /// What a package requires and recommends, in this order.
    fn needs(&self, package: u32) -> Vec<DepRef> {
        let id = PackageId(package);
        let mut found: Vec<DepRef> = self.universe.statements(id, RelationKind::Requires).collect();
        found.extend(self.universe.statements(id, RelationKind::Recommends));
        found
    }

    fn is_possible(&self, dep: DepRef, left_only: bool) -> bool {
        RichReader::new(self.universe).is_possible(dep, &mut |other| match left_only {
            true => self.is_left(other.0),
            false => self.universe.is_installed(other),
        })
    }

    /// The clauses of a boolean dependency that are not met by the absence of something; none where nothing can ever meet all
    /// of them, or where it is too complex.
    fn binding_clauses(&mut self, dep: DepRef) -> Rc<Cnf> {
        if let Some(known) = self.cnfs.get(&dep) {
            return known.clone();
        }
        let reader = RichReader::new(self.universe).installed_only(!self.with_repositories);
        let mut cnf = reader.cnf(dep, true).unwrap_or_default();
        if cnf.iter().any(Vec::is_empty) {
            cnf.clear();
        }
        cnf.retain(|lits| lits.iter().all(|lit| lit.is_pos() || self.is_installed(lit.package())));
        let cnf = Rc::new(cnf);
        self.cnfs.insert(dep, cnf.clone());
        cnf
    }

    /// Everything left that a dependency could have brought in.
    fn brought_in(&mut self, dep: DepRef) -> Vec<u32> {
        if dep.dep.as_rich().is_none() {
            let providers = self.universe.providers(dep);
            return providers.into_iter().map(|it| it.0).filter(|it| self.is_left(*it)).collect();
        }
        let cnf = self.binding_clauses(dep);
        let positive = cnf.iter().flatten().filter(|lit| lit.is_pos()).map(|lit| lit.package());
        positive.filter(|package| self.is_left(*package)).collect()
    }

    /// Everything that a dependency of `owner` holds, of what went.
    fn held(&mut self, owner: u32, dep: DepRef) -> Vec<u32> {
        let may_return = |sets: &Self, package: u32| {
            sets.is_installed(package)
                && !sets.is_left(package)
                && package != owner
                && !sets.pinned[package as usize]
        };
        if dep.dep.as_rich().is_none() {
            let providers = self.universe.providers(dep);
            if providers.contains(&PackageId(owner)) {
                return Vec::new();
            }
            return providers
                .into_iter()
                .map(|it| it.0)
                .filter(|it| may_return(self, *it))
                .collect();
        }
        let mut found = Vec::new();
        for lits in self.binding_clauses(dep).iter() {
            if lits.contains(&Lit::pos(owner)) {
                continue;
            }
            let positive = lits.iter().filter(|lit| lit.is_pos()).map(|lit| lit.package());
            found.extend(positive.filter(|package| may_return(self, *package)));
        }
        found
    }
}

impl CleanUp {
    /// The installed packages, by number, that are not needed any more.
    pub(super) fn unused(&self, universe: &Universe<'_>) -> Vec<bool> {
        let count = universe.installed().len();
        let mut sets = Sets {
            universe,
            left: vec![true; count],
            pinned: vec![false; count],
            cnfs: HashMap::default(),
            with_repositories: self.with_repositories,
        };
        for package in &self.kept {
            sets.pinned[*package as usize] = true;
        }
        for package in &self.erased {
            sets.pinned[*package as usize] = false;
        }
        let seeds = match self.everything {
            true => Vec::new(),
            false => self.hard_seeds(universe, &sets.pinned),
        };
        let mut queue: VecDeque<u32> = VecDeque::new();
        if self.everything {
            sets.left.clone_from(&sets.pinned);
        } else {
            queue.extend(&self.cleaned);
            queue.extend(&self.seeds);
            self.seeds.iter().for_each(|seed| sets.pinned[*seed as usize] = false);
            self.remove(&mut sets, queue);
        }
        self.add_back(&mut sets);
        seeds.iter().chain(&self.mistakes).chain(&self.cleaned).for_each(|package| {
            sets.left[*package as usize] = true;
        });
        sets.left.iter().map(|left| !left).collect()
    }

    /// Everything that what goes may have brought in.
    fn remove(&self, sets: &mut Sets<'_, '_>, mut queue: VecDeque<u32>) {
        loop {
            if queue.is_empty() {
                self.unsupplemented(sets, &mut queue);
            }
            let Some(package) = queue.pop_front() else { return };
            if !sets.is_left(package) || sets.pinned[package as usize] {
                continue;
            }
            sets.left[package as usize] = false;
            for dep in sets.needs(package) {
                queue.extend(sets.brought_in(dep));
            }
        }
    }

    /// Packages that nothing left is supplemented by any more. What looking at their Supplements touches is pinned.
    fn unsupplemented(&self, sets: &mut Sets<'_, '_>, queue: &mut VecDeque<u32>) {
        let universe = sets.universe;
        for package in universe.installed() {
            if !sets.is_left(package) || sets.pinned[package as usize] {
                continue;
            }
            let stated: Vec<DepRef> =
                universe.statements(PackageId(package), RelationKind::Supplements).collect();
            if stated.iter().any(|dep| sets.is_possible(*dep, true)) {
                continue;
            }
            for dep in stated {
                if sets.is_possible(dep, false) {
                    let mut touched = Vec::new();
                    let reader = RichReader::new(universe);
                    reader.wanted(dep, true, &mut |other| touched.push(other.0));
                    touched.retain(|other| sets.is_left(*other));
                    touched.into_iter().for_each(|other| sets.pinned[other as usize] = true);
                    queue.push_back(package);
                }
            }
        }
    }

    /// Puts back what is needed by what is left.
    fn add_back(&self, sets: &mut Sets<'_, '_>) {
        let universe = sets.universe;
        sets.pinned.fill(false);
        for package in self.erased.iter() {
            sets.left[*package as usize] = false;
        }
        for package in self.erased.iter().chain(&self.seeds) {
            sets.pinned[*package as usize] = true;
        }
        let mut queue: VecDeque<u32> =
            universe.installed().filter(|package| sets.is_left(*package)).collect();
        queue.extend(&self.wanted);
        loop {
            if queue.is_empty() {
                for package in universe.installed() {
                    let mut stated =
                        universe.statements(PackageId(package), RelationKind::Supplements);
                    if !sets.is_left(package)
                        && !sets.pinned[package as usize]
                        && stated.any(|dep| sets.is_possible(dep, true))
                    {
                        sets.left[package as usize] = true;
                        queue.push_back(package);
                    }
                }
            }
            let Some(package) = queue.pop_front() else { return };
            if sets.is_installed(package) && self.with_repositories {
                for sibling in lock_step(universe, PackageId(package)) {
                    if !std::mem::replace(&mut sets.left[sibling as usize], true) {
                        queue.push_back(sibling);
                    }
                }
            }
            for dep in sets.needs(package) {
                for other in sets.held(package, dep) {
                    if !std::mem::replace(&mut sets.left[other as usize], true) {
                        queue.push_back(other);
                    }
                }
            }
        }
    }

    /// The seeds that no other seed alone explains, and those that were asked for once.
    fn hard_seeds(&self, universe: &Universe<'_>, pinned: &[bool]) -> Vec<u32> {
        let places: HashMap<u32, u32> =
            self.seeds.iter().enumerate().map(|(place, seed)| (*seed, place as u32)).collect();
        let is_first = match self.seeds.len() {
            0 | 1 => vec![true; self.seeds.len()],
            _ => {
                let (hard, soft) = seed_edges(universe, &self.seeds, &places);
                let all: Vec<Vec<u32>> =
                    hard.iter().zip(&soft).map(|(a, b)| [a.as_slice(), b].concat()).collect();
                let first = sources(&all);
                // Once more without the requirements, among what is left.
                let keep = |(node, ends): (usize, &Vec<u32>)| -> Vec<u32> {
                    let ends = ends.iter().copied().filter(|end| first[*end as usize]);
                    if first[node] { ends.collect() } else { Vec::new() }
                };
                let soft: Vec<Vec<u32>> = soft.iter().enumerate().map(keep).collect();
                let second = sources(&soft);
                first.iter().zip(second).map(|(a, b)| *a && b).collect()
            }
        };
        let is_pinned = |seed: &u32| pinned[*seed as usize];
        let by_graph = self.seeds.iter().zip(&is_first).filter(|(_, first)| **first);
        let mut found: Vec<u32> = by_graph.map(|(seed, _)| *seed).collect();
        found.retain(|seed| !is_pinned(seed));
        found.extend(self.seeds.iter().copied().filter(is_pinned));
        found
    }
}

/// Installed packages of the same name and version and the best architecture that the repositories have of the name,
/// where the package has another one.
fn lock_step(universe: &Universe<'_>, package: PackageId) -> Vec<u32> {
    let siblings: Vec<PackageId> = universe.of_name(universe.name(package)).collect();
    let arch = |package: &PackageId| universe.arch(*package);
    let scores = siblings
        .iter()
        .filter(|other| !universe.is_installed(**other) && arch(other).score > 1)
        .map(|other| arch(other).score);
    let Some(best) = scores.min() else { return Vec::new() };
    if arch(&package).score == best {
        return Vec::new();
    }
    let is_partner = |other: &&PackageId| {
        universe.is_installed(**other)
            && arch(other).score == best
            && universe.evr(**other) == universe.evr(package)
    };
    siblings.iter().filter(is_partner).map(|other| other.0).collect()
}

/// Which seeds lead to which, where it is the only installed one that could be meant: by requirements, and by what is weak.
fn seed_edges(
    universe: &Universe<'_>,
    seeds: &[u32],
    places: &HashMap<u32, u32>,
) -> (Vec<Vec<u32>>, Vec<Vec<u32>>) {
    let mut hard: Vec<Vec<u32>> = vec![Vec::new(); seeds.len()];
    let mut soft: Vec<Vec<u32>> = vec![Vec::new(); seeds.len()];
    let reader = RichReader::new(universe);
    for (place, seed) in seeds.iter().copied().enumerate() {
        let id = PackageId(seed);
        for (kind, edges) in [
            (RelationKind::Requires, &mut hard[place]),
            (RelationKind::Recommends, &mut soft[place]),
        ] {
            for dep in universe.statements(id, kind) {
                let mut others: Vec<u32> = Vec::new();
                match dep.dep.as_rich() {
                    None => others.extend(universe.providers(dep).into_iter().map(|it| it.0)),
                    Some(_) => reader.wanted(dep, true, &mut |other| others.push(other.0)),
                }
                others.retain(|other| *other != seed && universe.is_installed(PackageId(*other)));
                if others.len() == 1 || dep.dep.as_rich().is_some() {
                    edges.extend(others.iter().filter_map(|other| places.get(other)));
                }
            }
        }
        for dep in universe.statements(id, RelationKind::Supplements) {
            let mut others: Vec<u32> = Vec::new();
            reader.wanted(dep, true, &mut |other| others.push(other.0));
            let is_possible = reader.is_possible(dep, &mut |other| universe.is_installed(other));
            if let [only] = others[..]
                && is_possible
                && only != seed
                && let Some(from) = places.get(&only)
            {
                soft[*from as usize].push(place as u32);
            }
        }
    }
    (hard, soft)
}
