//! From statements in words to tables of ranks.
//!
//! Packages are added in load order while their metadata streams by; what is kept of them is numbers and one copy of each
//! distinct text, so memory is bounded by the index, not by the documents. [`HotBuilder::finish`] sorts the texts and
//! renumbers everything once. The result depends on the calls alone.

use super::section::artifacts::Artifact;
use super::section::evrs;
use super::section::modules::ModuleTables;
use super::section::packages::{MAX_ARCHES, MAX_PACKAGES, Package};
use super::section::relations::RelationKind;
use super::section::reldeps::{DepId, MAX_EVRS, RichDep, SimpleDep};
use super::strings::MAX_TEXT;
use super::{HotTables, NONE};
use crate::rpm::{Dependency, Evr, Nevra, Relation, Reldep};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::Hash;

/// A text that was handed to the builder; becomes its rank when the builder finishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextId(pub u32);

/// More than the format can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more {what} than the index format can hold")]
pub struct BuildError {
    /// What there is too much of.
    pub what: &'static str,
}

/// Values numbered in order of first use.
#[derive(Debug)]
struct Numbered<T> {
    ids: HashMap<T, u32, RandomState>,
}

impl<T: Hash + Eq + Clone> Numbered<T> {
    fn new() -> Self {
        Numbered { ids: HashMap::with_hasher(RandomState::default()) }
    }

    fn id(&mut self, value: T) -> u32 {
        let next = self.ids.len() as u32;
        *self.ids.entry(value).or_insert(next)
    }

    fn len(&self) -> usize {
        self.ids.len()
    }

    /// The values by number.
    fn into_values(self) -> Vec<T> {
        let mut values: Vec<(T, u32)> = self.ids.into_iter().collect();
        values.sort_unstable_by_key(|(_, id)| *id);
        values.into_iter().map(|(value, _)| value).collect()
    }
}

impl Numbered<Box<str>> {
    /// The texts by number.
    fn texts(&self) -> Vec<&str> {
        let mut texts = vec![""; self.len()];
        self.ids.iter().for_each(|(text, id)| texts[*id as usize] = text);
        texts
    }

    fn text(&mut self, text: &str) -> u32 {
        match self.ids.get(text) {
            Some(id) => *id,
            None => self.id(text.into()),
        }
    }
}

/// Collects what a hot file states.
#[derive(Debug)]
pub struct HotBuilder {
    names: Numbered<Box<str>>,
    evrs: Numbered<Box<str>>,
    simple: Numbered<SimpleDep>,
    rich: Numbered<RichDep>,
    packages: Vec<Package>,
    ends: [Vec<u32>; 8],
    statements: [Vec<DepId>; 8],
    artifacts: Numbered<Artifact>,
    orphans: Vec<u32>,
    installing: Vec<(u32, DepId)>,
    modules: ModuleTables,
    module_solvables: Option<Box<HotTables>>,
}

impl Default for HotBuilder {
    fn default() -> Self {
        HotBuilder {
            names: Numbered::new(),
            evrs: Numbered::new(),
            simple: Numbered::new(),
            rich: Numbered::new(),
            packages: Vec::new(),
            ends: Default::default(),
            statements: Default::default(),
            artifacts: Numbered::new(),
            orphans: Vec::new(),
            installing: Vec::new(),
            modules: ModuleTables::default(),
            module_solvables: None,
        }
    }
}

/// The new number of each old one, and the texts in their new order.
fn ranked(sorted: Vec<(Box<str>, u32)>) -> (Vec<u32>, Vec<String>) {
    let mut ranks = vec![0; sorted.len()];
    sorted.iter().zip(0u32..).for_each(|((_, old), new)| ranks[*old as usize] = new);
    (ranks, sorted.into_iter().map(|(text, _)| text.into_string()).collect())
}

/// Sorts names bytewise. Their first bytes lie beside them as a number, which settles most comparisons.
fn rank_names(texts: Vec<Box<str>>) -> (Vec<u32>, Vec<String>) {
    let beginning = |text: &str| {
        let mut first = [0; 8];
        let length = text.len().min(8);
        first[..length].copy_from_slice(&text.as_bytes()[..length]);
        u64::from_be_bytes(first)
    };
    let mut sorted: Vec<(u64, Box<str>, u32)> =
        texts.into_iter().zip(0..).map(|(text, id)| (beginning(&text), text, id)).collect();
    sorted.sort_unstable();
    ranked(sorted.into_iter().map(|(_, text, id)| (text, id)).collect())
}

/// Sorts versions by [`evrs::compare`], through keys that compare bytewise.
fn rank_evrs(texts: Vec<Box<str>>) -> (Vec<u32>, Vec<String>) {
    let mut keys = Vec::new();
    let mut ends = Vec::with_capacity(texts.len());
    for text in &texts {
        Evr::parse(text).push_sort_key(&mut keys);
        ends.push(keys.len());
    }
    let key = |id: u32| {
        let start = id.checked_sub(1).map_or(0, |before| ends[before as usize]);
        &keys[start..ends[id as usize]]
    };
    let mut sorted: Vec<(Box<str>, u32)> = texts.into_iter().zip(0..).collect();
    sorted.sort_unstable_by(|a, b| key(a.1).cmp(key(b.1)).then_with(|| a.0.cmp(&b.0)));
    // The keys are our own reading of the rule; the rule itself has the last word.
    let in_order = |pair: &[(Box<str>, u32)]| evrs::compare(&pair[0].0, &pair[1].0).is_lt();
    if !sorted.windows(2).all(in_order) {
        sorted.sort_unstable_by(|a, b| evrs::compare(&a.0, &b.0));
    }
    ranked(sorted)
}

impl HotBuilder {
    /// Keeps a text as a name.
    pub fn name(&mut self, text: &str) -> TextId {
        TextId(self.names.text(text))
    }

    /// Keeps a text as a version. Its number has nothing to do with those of names.
    pub fn version(&mut self, text: &str) -> TextId {
        TextId(self.evr(text))
    }

    fn evr(&mut self, text: &str) -> u32 {
        self.evrs.text(text)
    }

    /// The names that are paths (those that begin with `/`), in no particular order: what somebody asks for, unless a
    /// package or module has such a name.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.names.ids.keys().map(|name| &**name).filter(|name| name.starts_with('/'))
    }

    /// Number of packages so far.
    pub fn packages(&self) -> u32 {
        self.packages.len() as u32
    }

    /// Starts the next package; statements that follow are its own. `evr` as [`crate::rpm::Evr::join`] writes it.
    ///
    /// # Errors
    /// Where the format cannot hold another one.
    pub fn package(&mut self, name: &str, evr: &str, arch: &str) -> Result<(), BuildError> {
        if self.packages.len() >= MAX_PACKAGES {
            return Err(BuildError { what: "packages" });
        }
        self.close_package();
        let name = self.name(name).0;
        let (evr, arch) = (self.evr(evr), self.name(arch).0);
        self.packages.push(Package { name, evr, arch, provides_own_name: false });
        Ok(())
    }

    fn close_package(&mut self) {
        for (ends, statements) in self.ends.iter_mut().zip(&self.statements) {
            ends.resize(self.packages.len(), statements.len() as u32);
        }
    }

    /// A statement of the current package on one name.
    pub fn simple(&mut self, kind: RelationKind, name: &str, relation: Relation, evr: &str) {
        let dep = self.simple_dep(name, relation, evr);
        if kind == RelationKind::Provides
            && let Some(package) = self.packages.last_mut()
            && dep.name == package.name
            && dep.version == Some((Relation::EQ, package.evr))
        {
            package.provides_own_name = true;
            return;
        }
        let id = DepId(self.simple.id(dep));
        self.statements[kind as usize].push(id);
    }

    fn simple_dep(&mut self, name: &str, relation: Relation, evr: &str) -> SimpleDep {
        let name = self.name(name).0;
        let version = (relation != Relation::ANY).then(|| (relation, self.evr(evr)));
        SimpleDep { name, version, file: false }
    }

    /// A statement of the current package in any form.
    pub fn statement(&mut self, kind: RelationKind, dependency: &Dependency) {
        match dependency {
            Dependency::Simple(Reldep { name, relation, evr }) => {
                self.simple(kind, name, *relation, evr)
            }
            // Nobody provides an expression.
            Dependency::Rich(_) if kind == RelationKind::Provides => {}
            Dependency::Rich(_) => {
                let id = self.dep(dependency);
                self.statements[kind as usize].push(id);
            }
        }
    }

    /// A requirement that the current package states is one that only installing needs.
    pub fn only_to_install(&mut self, requirement: &Dependency) {
        let dep = self.dep(requirement);
        if let Some(package) = self.packages().checked_sub(1) {
            self.installing.push((package, dep));
        }
    }

    fn dep(&mut self, dependency: &Dependency) -> DepId {
        match dependency {
            Dependency::Simple(Reldep { name, relation, evr }) => {
                let dep = self.simple_dep(name, *relation, evr);
                DepId(self.simple.id(dep))
            }
            Dependency::Rich(rich) => {
                let (left, right) = (self.dep(&rich.left), self.dep(&rich.right));
                let otherwise = rich.otherwise.as_ref().map(|dep| self.dep(dep));
                DepId::rich(self.rich.id(RichDep { op: rich.op, left, right, otherwise }))
            }
        }
    }

    /// A package owns a path. Any package, not only the current one; call before [`HotBuilder::finish`].
    pub fn files(&mut self, owners: &mut Vec<(u32, TextId)>) {
        owners.sort_unstable();
        owners.dedup();
        self.close_package();
        let kind = RelationKind::Provides as usize;
        let old = std::mem::take(&mut self.statements[kind]);
        let ends = std::mem::take(&mut self.ends[kind]);
        let (mut start, mut rest) = (0usize, &owners[..]);
        for (package, end) in ends.into_iter().enumerate() {
            self.statements[kind].extend_from_slice(&old[start..end as usize]);
            start = end as usize;
            let (own, others) =
                rest.split_at(rest.partition_point(|owner| owner.0 as usize <= package));
            for (_, path) in own {
                let id = self.simple.id(SimpleDep { name: path.0, version: None, file: true });
                self.statements[kind].push(DepId(id));
            }
            rest = others;
            self.ends[kind].push(self.statements[kind].len() as u32);
        }
    }

    /// Keeps an artifact; becomes its row when the builder finishes.
    pub fn artifact(&mut self, name: &str, evr: &str, arch: &str) -> u32 {
        let (name, evr, arch) = (self.name(name).0, self.evr(evr), self.name(arch).0);
        self.artifacts.id(Artifact { name, evr, arch })
    }

    /// The packages that no artifact is, by id; call when all of both are there. O(names).
    pub fn unlisted(&self) -> Vec<(u32, Nevra<'_>)> {
        let (names, evrs) = (self.names.texts(), self.evrs.texts());
        let is_listed = |package: &Package| {
            let Package { name, evr, arch, .. } = *package;
            self.artifacts.ids.contains_key(&Artifact { name, evr, arch })
        };
        let unlisted = (0..).zip(&self.packages).filter(|(_, package)| !is_listed(package));
        let nevra = |package: &Package| Nevra {
            name: names[package.name as usize],
            evr: Evr::parse(evrs[package.evr as usize]),
            arch: names[package.arch as usize],
        };
        unlisted.map(|(id, package)| (id, nevra(package))).collect()
    }

    /// The packages, of those that no artifact is, whose file carries a modularity label; ascending.
    pub fn orphans(&mut self, packages: Vec<u32>) {
        self.orphans = packages;
    }

    /// The module tables, whose names are [`TextId`]s and whose artifacts are numbers of [`HotBuilder::artifact`].
    pub fn modules(&mut self) -> &mut ModuleTables {
        &mut self.modules
    }

    /// The module streams as solvables, made by a builder of their own: one for each document of the module tables, in
    /// the order of [`crate::index::section::solvables`].
    pub fn module_solvables(&mut self, tables: HotTables) {
        self.module_solvables = Some(Box::new(tables));
    }

    /// Sorts and renumbers everything.
    ///
    /// # Errors
    /// Where the format cannot hold it.
    pub fn finish(mut self) -> Result<HotTables, BuildError> {
        self.close_package();
        let long = |texts: &Numbered<Box<str>>| texts.ids.keys().any(|text| text.len() > MAX_TEXT);
        if long(&self.names) || long(&self.evrs) {
            return Err(BuildError { what: "bytes in one text" });
        }
        if self.names.len() >= NONE as usize {
            return Err(BuildError { what: "names" });
        }
        if self.evrs.len() > MAX_EVRS {
            return Err(BuildError { what: "versions" });
        }
        if self.simple.len() >= 1 << 31 || self.rich.len() >= 1 << 30 {
            return Err(BuildError { what: "dependencies" });
        }
        let (name_ranks, names) = rank_names(self.names.into_values());
        let (evr_ranks, evrs) = rank_evrs(self.evrs.into_values());
        let name = |id: u32| name_ranks[id as usize];
        let evr = |id: u32| evr_ranks[id as usize];

        let mut packages = self.packages;
        for package in &mut packages {
            *package = Package {
                name: name(package.name),
                evr: evr(package.evr),
                arch: name(package.arch),
                ..*package
            };
        }
        let mut arches: Vec<u32> = packages.iter().map(|package| package.arch).collect();
        arches.sort_unstable();
        arches.dedup();
        if arches.len() > MAX_ARCHES {
            return Err(BuildError { what: "architectures" });
        }

        let simple = self.simple.into_values().into_iter().map(|dep| SimpleDep {
            name: name(dep.name),
            version: dep.version.map(|(relation, id)| (relation, evr(id))),
            file: dep.file,
        });
        let mut order: Vec<(SimpleDep, u32)> = simple.zip(0u32..).collect();
        order.sort_unstable_by_key(|(dep, _)| dep.sort_key());
        let mut simple_ranks = vec![0; order.len()];
        order.iter().zip(0u32..).for_each(|((_, old), new)| simple_ranks[*old as usize] = new);
        let dep = |id: DepId| {
            if id.as_rich().is_some() { id } else { DepId(simple_ranks[id.0 as usize]) }
        };
        let rich = self.rich.into_values().into_iter().map(|rich| RichDep {
            op: rich.op,
            left: dep(rich.left),
            right: dep(rich.right),
            otherwise: rich.otherwise.map(dep),
        });
        let rich: Vec<RichDep> = rich.collect();
        let (mut ends, mut statements) = (self.ends, self.statements);
        for kind in RelationKind::ALL {
            let at = kind as usize;
            statements[at].iter_mut().for_each(|id| *id = dep(*id));
            sort_lists(kind, &mut ends[at], &mut statements[at]);
        }
        let mut installing = self.installing;
        installing.iter_mut().for_each(|(_, id)| *id = dep(*id));
        installing.sort_unstable();
        installing.dedup();

        let artifacts = self.artifacts.into_values().into_iter().map(|row| Artifact {
            name: name(row.name),
            evr: evr(row.evr),
            arch: name(row.arch),
        });
        let mut artifact_order: Vec<(Artifact, u32)> = artifacts.zip(0u32..).collect();
        artifact_order.sort_unstable();
        let mut artifact_ranks = vec![0; artifact_order.len()];
        artifact_order
            .iter()
            .zip(0u32..)
            .for_each(|((_, old), new)| artifact_ranks[*old as usize] = new);
        let artifacts: Vec<Artifact> = artifact_order.into_iter().map(|(row, _)| row).collect();
        let of_package = |package: &Package| {
            let wanted = Artifact { name: package.name, evr: package.evr, arch: package.arch };
            artifacts.binary_search(&wanted).ok()
        };
        let artifact_packages = packages
            .iter()
            .zip(0u32..)
            .filter_map(|(package, id)| of_package(package).map(|artifact| (id, artifact as u32)))
            .collect();

        let mut modules = self.modules;
        renumber_modules(&mut modules, &name, &|id| artifact_ranks[id as usize]);
        modules.sort();
        Ok(HotTables {
            names,
            evrs,
            packages,
            simple: order.into_iter().map(|(dep, _)| dep).collect(),
            rich,
            ends,
            statements,
            artifacts,
            artifact_packages,
            orphans: self.orphans,
            installing,
            modules,
            module_solvables: self.module_solvables,
        })
    }
}

/// Brings each list into the order its section wants; where that is ascending, drops repetitions.
fn sort_lists(kind: RelationKind, ends: &mut [u32], statements: &mut Vec<DepId>) {
    if !kind.is_sorted() {
        return;
    }
    let (mut start, mut kept) = (0, 0);
    for end in ends {
        let (first, old_end) = (kept, *end as usize);
        statements[start..old_end].sort_unstable();
        for at in start..old_end {
            if kept == first || statements[kept - 1] != statements[at] {
                statements[kept] = statements[at];
                kept += 1;
            }
        }
        (start, *end) = (old_end, kept as u32);
    }
    statements.truncate(kept);
}

fn renumber_modules(
    tables: &mut ModuleTables,
    name: &dyn Fn(u32) -> u32,
    artifact: &dyn Fn(u32) -> u32,
) {
    for tables in &mut tables.documents {
        let document = &mut tables.document;
        for id in [&mut document.module, &mut document.stream, &mut document.resolve_name] {
            *id = name(*id);
        }
        document.context = document.context.map(name);
        document.arch = document.arch.map(name);
        for row in &mut tables.requirements {
            row.module = name(row.module);
            row.stream = row.stream.map(name);
        }
        for (profile, package) in &mut tables.profiles {
            (*profile, *package) = (name(*profile), package.map(name));
        }
        tables.demodularized.iter_mut().for_each(|id| *id = name(*id));
        tables.artifacts.iter_mut().for_each(|id| *id = artifact(*id));
        tables.artifact_names.iter_mut().for_each(|id| *id = name(*id));
    }
    for row in &mut tables.intents {
        (row.module, row.intent) = (name(row.module), name(row.intent));
        row.stream = row.stream.map(name);
        for (stream, profile) in &mut row.profiles {
            (*stream, *profile) = (name(*stream), profile.map(name));
        }
    }
    for row in &mut tables.obsoletes {
        for id in [&mut row.module, &mut row.stream, &mut row.message] {
            *id = name(*id);
        }
        row.context = row.context.map(name);
        row.obsoleted_by = row.obsoleted_by.map(|(module, stream)| (name(module), name(stream)));
    }
    for (row, profiles) in &mut tables.defaults {
        row.module = name(row.module);
        row.stream = row.stream.map(name);
        for (stream, profile) in profiles {
            (*stream, *profile) = (name(*stream), profile.map(name));
        }
    }
}
