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

/// One requirement or recommendation, as far as installed packages are concerned.
enum Need {
    /// These meet it, the package itself left out; nobody else is held where it meets it itself.
    Simple { providers: Vec<u32>, by_itself: bool },
    /// Clauses that are not met by the absence of something; none where nothing can ever meet all of them.
    Boolean(Rc<Cnf>),
}

/// What installed packages need, read once: a search may clean up many times.
#[derive(Default)]
pub(super) struct Needs {
    /// By installed package: what it requires, then what it recommends.
    installed: Vec<Vec<Need>>,
    /// By installed package: how many of them are requirements.
    required: Vec<usize>,
    /// Installed packages that supplement something.
    supplementing: Vec<u32>,
    cnfs: HashMap<DepRef, Rc<Cnf>>,
}

impl Needs {
    /// Reads everything installed.
    pub(super) fn new(universe: &Universe<'_>, with_repositories: bool) -> Self {
        let mut needs = Needs::default();
        for package in universe.installed() {
            let (read, required) = needs.read(universe, package, with_repositories);
            needs.installed.push(read);
            needs.required.push(required);
            let mut stated = universe.statements(PackageId(package), RelationKind::Supplements);
            if stated.next().is_some() {
                needs.supplementing.push(package);
            }
        }
        needs
    }

    /// What a package requires and recommends, and how much of that it requires.
    fn read(
        &mut self,
        universe: &Universe<'_>,
        package: u32,
        with_repositories: bool,
    ) -> (Vec<Need>, usize) {
        let id = PackageId(package);
        let mut found = Vec::new();
        let mut required = 0;
        for kind in [RelationKind::Requires, RelationKind::Recommends] {
            for dep in universe.statements(id, kind) {
                found.push(match dep.dep.as_rich() {
                    None => {
                        let providers = universe.providers(dep);
                        let by_itself = providers.contains(&id);
                        let others = providers.into_iter().filter(|other| *other != id);
                        let installed = others.filter(|other| universe.is_installed(*other));
                        Need::Simple { providers: installed.map(|it| it.0).collect(), by_itself }
                    }
                    Some(_) => Need::Boolean(self.clauses(universe, dep, with_repositories)),
                });
            }
            if kind == RelationKind::Requires {
                required = found.len();
            }
        }
        (found, required)
    }

    fn clauses(
        &mut self,
        universe: &Universe<'_>,
        dep: DepRef,
        with_repositories: bool,
    ) -> Rc<Cnf> {
        if let Some(known) = self.cnfs.get(&dep) {
            return known.clone();
        }
        let reader = RichReader::new(universe).installed_only(!with_repositories);
        let mut cnf = reader.cnf(dep, true).unwrap_or_default();
        if cnf.iter().any(Vec::is_empty) {
            cnf.clear();
        }
        let is_there = |lit: &Lit| universe.is_installed(PackageId(lit.package()));
        cnf.retain(|lits| lits.iter().all(|lit| lit.is_pos() || is_there(lit)));
        let cnf = Rc::new(cnf);
        self.cnfs.insert(dep, cnf.clone());
        cnf
    }
}

/// Which packages are in, during a clean-up: installed ones by number, and what jobs want.
struct Sets<'u, 'a> {
    universe: &'u Universe<'a>,
    /// Installed packages that are still in.
    left: Vec<bool>,
    /// Installed packages that must not be taken, or, later, not be put back.
    pinned: Vec<bool>,
}

impl<'u, 'a> Sets<'u, 'a> {
    fn is_left(&self, package: u32) -> bool {
        self.left.get(package as usize).copied().unwrap_or(false)
    }

    fn is_installed(&self, package: u32) -> bool {
        self.universe.is_installed(PackageId(package))
    }

    fn is_possible(&self, dep: DepRef, left_only: bool) -> bool {
        RichReader::new(self.universe).is_possible(dep, &mut |other| match left_only {
            true => self.is_left(other.0),
            false => self.universe.is_installed(other),
        })
    }

    /// Everything left that a package could have brought in.
    fn brought_in(&self, needs: &[Need], found: &mut VecDeque<u32>) {
        for need in needs {
            match need {
                Need::Simple { providers, .. } => {
                    found.extend(providers.iter().filter(|package| self.is_left(**package)));
                }
                Need::Boolean(cnf) => {
                    let positive = cnf.iter().flatten().filter(|lit| lit.is_pos());
                    let packages = positive.map(|lit| lit.package());
                    found.extend(packages.filter(|package| self.is_left(*package)));
                }
            }
        }
    }

    /// Everything that a package holds, of what went.
    fn held(&self, owner: u32, needs: &[Need], found: &mut Vec<u32>) {
        let may_return = |package: &u32| {
            self.is_installed(*package)
                && !self.is_left(*package)
                && *package != owner
                && !self.pinned[*package as usize]
        };
        for need in needs {
            match need {
                Need::Simple { by_itself: true, .. } => {}
                Need::Simple { providers, .. } => {
                    found.extend(providers.iter().copied().filter(may_return));
                }
                Need::Boolean(cnf) => {
                    for lits in cnf.iter().filter(|lits| !lits.contains(&Lit::pos(owner))) {
                        let positive = lits.iter().filter(|lit| lit.is_pos());
                        found.extend(positive.map(|lit| lit.package()).filter(may_return));
                    }
                }
            }
        }
    }
}

impl CleanUp {
    /// The installed packages, by number, that are not needed any more.
    pub(super) fn unused(&self, universe: &Universe<'_>, needs: &mut Needs) -> Vec<bool> {
        let count = universe.installed().len();
        let mut sets = Sets { universe, left: vec![true; count], pinned: vec![false; count] };
        for package in &self.kept {
            sets.pinned[*package as usize] = true;
        }
        for package in &self.erased {
            sets.pinned[*package as usize] = false;
        }
        let seeds = match self.everything {
            true => Vec::new(),
            false => self.hard_seeds(universe, needs, &sets.pinned),
        };
        let mut queue: VecDeque<u32> = VecDeque::new();
        if self.everything {
            sets.left.clone_from(&sets.pinned);
        } else {
            queue.extend(&self.cleaned);
            queue.extend(&self.seeds);
            self.seeds.iter().for_each(|seed| sets.pinned[*seed as usize] = false);
            self.remove(&mut sets, needs, queue);
        }
        self.add_back(&mut sets, needs);
        seeds.iter().chain(&self.mistakes).chain(&self.cleaned).for_each(|package| {
            sets.left[*package as usize] = true;
        });
        sets.left.iter().map(|left| !left).collect()
    }

    /// Everything that what goes may have brought in.
    fn remove(&self, sets: &mut Sets<'_, '_>, needs: &Needs, mut queue: VecDeque<u32>) {
        loop {
            if queue.is_empty() {
                self.unsupplemented(sets, needs, &mut queue);
            }
            let Some(package) = queue.pop_front() else { return };
            if !sets.is_left(package) || sets.pinned[package as usize] {
                continue;
            }
            sets.left[package as usize] = false;
            sets.brought_in(&needs.installed[package as usize], &mut queue);
        }
    }

    /// Packages that nothing left is supplemented by any more. What looking at their Supplements touches is pinned.
    fn unsupplemented(&self, sets: &mut Sets<'_, '_>, needs: &Needs, queue: &mut VecDeque<u32>) {
        let universe = sets.universe;
        for package in needs.supplementing.iter().copied() {
            if !sets.is_left(package) || sets.pinned[package as usize] {
                continue;
            }
            let stated = universe.statements(PackageId(package), RelationKind::Supplements);
            let stated: Vec<DepRef> = stated.collect();
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
    fn add_back(&self, sets: &mut Sets<'_, '_>, needs: &mut Needs) {
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
                for package in needs.supplementing.iter().copied() {
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
            let mut held = Vec::new();
            match sets.is_installed(package) {
                true => sets.held(package, &needs.installed[package as usize], &mut held),
                false => {
                    let (own, _) = needs.read(universe, package, self.with_repositories);
                    sets.held(package, &own, &mut held);
                }
            }
            for other in held {
                if !std::mem::replace(&mut sets.left[other as usize], true) {
                    queue.push_back(other);
                }
            }
        }
    }

    /// The seeds that no other seed alone explains, and those that were asked for once.
    fn hard_seeds(&self, universe: &Universe<'_>, needs: &Needs, pinned: &[bool]) -> Vec<u32> {
        let places: HashMap<u32, u32> =
            self.seeds.iter().enumerate().map(|(place, seed)| (*seed, place as u32)).collect();
        let is_first = match self.seeds.len() {
            0 | 1 => vec![true; self.seeds.len()],
            _ => {
                let (hard, soft) = seed_edges(universe, needs, &self.seeds, &places);
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
    needs: &Needs,
    seeds: &[u32],
    places: &HashMap<u32, u32>,
) -> (Vec<Vec<u32>>, Vec<Vec<u32>>) {
    let mut hard: Vec<Vec<u32>> = vec![Vec::new(); seeds.len()];
    let mut soft: Vec<Vec<u32>> = vec![Vec::new(); seeds.len()];
    let reader = RichReader::new(universe);
    for (place, seed) in seeds.iter().copied().enumerate() {
        let required = needs.required[seed as usize];
        for (number, need) in needs.installed[seed as usize].iter().enumerate() {
            let edges = if number < required { &mut hard[place] } else { &mut soft[place] };
            match need {
                Need::Simple { providers, .. } => {
                    if let [only] = providers[..] {
                        edges.extend(places.get(&only));
                    }
                }
                Need::Boolean(cnf) => {
                    let positive = cnf.iter().flatten().filter(|lit| lit.is_pos());
                    let others = positive.map(|lit| lit.package()).filter(|it| *it != seed);
                    edges.extend(others.filter_map(|other| places.get(&other)));
                }
            }
        }
        let id = PackageId(seed);
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
