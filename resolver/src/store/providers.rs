//! What satisfies what, across repositories.
//!
//! The rules are rpm's as libsolv applies them: a requirement is met by a provide of that name whose version range
//! overlaps, or by an owned path; an obsoletes is met by a package's own name and version only.

use super::universe::{DepRef, NameRef, PackageId, Universe};
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::section::reldeps::{DepId, SimpleDep};
use modex_formats::index::section::reverse::{Pairs, Reverse};
use modex_formats::rpm::{Evr, Relation};
use std::ops::Range;

/// The version side of a requirement.
#[derive(Clone, Copy)]
struct VersionRange<'t> {
    relation: Relation,
    end: End<'t>,
}

/// Where a version range ends.
#[derive(Clone, Copy)]
enum End<'t> {
    /// At a version of an index.
    Row { repo: u32, evr: u32 },
    /// At a version in words.
    Text(Evr<'t>),
}

impl<'a> Universe<'a> {
    /// A simple dependency; `None` for a boolean one.
    pub fn simple(&self, dep: DepRef) -> Option<SimpleDep> {
        match dep.dep.as_rich() {
            Some(_) => None,
            None => {
                let simple = self.repo(dep.repo).hot.reldeps.simple(dep.dep.0);
                if simple.is_none() {
                    self.sound::<()>(None, "RELN");
                }
                simple
            }
        }
    }

    /// The version side of a simple dependency.
    fn range(&self, repo: u32, dep: SimpleDep) -> VersionRange<'a> {
        match dep.version {
            None => VersionRange { relation: Relation::ANY, end: End::Text(Evr::parse("")) },
            Some((relation, evr)) => VersionRange { relation, end: End::Row { repo, evr } },
        }
    }

    /// Whether a version range provided by a repository overlaps a required one. Where one index has both versions, they are ranks.
    fn overlaps(&self, repo: u32, provided: (Relation, u32), required: VersionRange<'_>) -> bool {
        let (relation, evr) = provided;
        let text = |repo: u32, evr: u32| {
            Evr::parse(self.sound(self.repo(repo).hot.evrs.text(evr), "EVRS"))
        };
        relation.overlaps_by(required.relation, || match required.end {
            End::Row { repo: other, evr: wanted } => {
                match self.common_evrs((repo, evr), (other, wanted)) {
                    Some((repo, a, b)) => self.repo(repo).hot.evrs.compare_in_dependency(a, b),
                    None => text(repo, evr).compare_in_dependency(&text(other, wanted)),
                }
            }
            End::Text(wanted) => text(repo, evr).compare_in_dependency(&wanted),
        })
    }

    /// Whether a package of this very name and version is meant.
    fn matches_own(&self, package: PackageId, wanted: VersionRange<'_>) -> bool {
        let (repo, local) = self.locate(package);
        let own = || self.sound(self.repo(repo).hot.packages.evr(local), "PKGE");
        wanted.relation == Relation::ANY || self.overlaps(repo, (Relation::EQ, own()), wanted)
    }

    /// Whether a package provides a name, with these dependency rows of its repository, in a version of the range.
    fn provides_in(
        &self,
        repo: u32,
        local: u32,
        rows: Range<u32>,
        wanted: VersionRange<'_>,
    ) -> bool {
        self.provides_on(repo, local, rows).any(|provide| match provide.version {
            None => true,
            Some(version) => self.overlaps(repo, version, wanted),
        })
    }

    /// The provides of `local` on the name with these dependency rows.
    fn provides_on(
        &self,
        repo: u32,
        local: u32,
        rows: Range<u32>,
    ) -> impl Iterator<Item = SimpleDep> + use<'a> {
        let hot = &self.repo(repo).hot;
        let list = self.sound(hot.relations.slice(local, RelationKind::Provides), "PROV");
        let start = list.partition_point(|id| id.get() < rows.start);
        let reldeps = hot.reldeps;
        list[start..]
            .iter()
            .take_while(move |id| id.get() < rows.end)
            .filter_map(move |id| reldeps.simple(id.get()))
    }

    /// Calls `visit` with every package that satisfies a simple dependency, ids ascending per repository and the repositories
    /// in order, foreign architectures included, until it says stop. A package may come twice.
    fn visit_providers(&self, dep: DepRef, visit: impl FnMut(PackageId) -> bool) {
        let Some(simple) = self.simple(dep) else { return };
        let wanted = self.range(dep.repo, simple);
        self.visit_range(NameRef { repo: dep.repo, name: simple.name }, wanted, visit);
    }

    fn visit_range(
        &self,
        name: NameRef,
        wanted: VersionRange<'_>,
        mut visit: impl FnMut(PackageId) -> bool,
    ) {
        for repo in 0..self.repos().len() as u32 {
            let Some(name) = self.translate(name, repo) else { continue };
            let hot = &self.repo(repo).hot;
            for local in self.sound(hot.packages.of_name(name), "NMPK") {
                let package = self.package(repo, local.get());
                let own = hot.packages.provides_own_name(local.get());
                if own && self.matches_own(package, wanted) && !visit(package) {
                    return;
                }
            }
            let providers = self.sound(hot.reverse.providers(name), "PRBY");
            if providers.is_empty() {
                continue;
            }
            let any = wanted.relation == Relation::ANY;
            let rows = if any { 0..0 } else { hot.reldeps.of_name(name) };
            for local in providers {
                let meets = any || self.provides_in(repo, local.get(), rows.clone(), wanted);
                if meets && !visit(self.package(repo, local.get())) {
                    return;
                }
            }
        }
    }

    /// Every installable package (of a fitting architecture) that satisfies a simple dependency, ids ascending, none twice.
    pub fn providers(&self, dep: DepRef) -> Vec<PackageId> {
        let mut found = Vec::new();
        self.each_provider(dep, |package| found.push(package));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Calls `visit` with every installable package that satisfies a simple dependency, in no order, some twice.
    pub fn each_provider(&self, dep: DepRef, mut visit: impl FnMut(PackageId)) {
        self.visit_providers(dep, |package| {
            if self.arch(package).fits() {
                visit(package);
            }
            true
        });
    }

    /// Every installable package that provides a name in a version of the range, or owns the path; ids ascending, none twice.
    pub fn providers_in_range(
        &self,
        name: NameRef,
        relation: Relation,
        evr: &str,
    ) -> Vec<PackageId> {
        let mut found = Vec::new();
        let wanted = VersionRange { relation, end: End::Text(Evr::parse(evr)) };
        self.visit_range(name, wanted, |package| {
            if self.arch(package).fits() {
                found.push(package);
            }
            true
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Every installable package that provides a name in any version, or owns the path; ids ascending, none twice.
    pub fn providers_of_name(&self, name: NameRef) -> Vec<PackageId> {
        self.providers_in_range(name, Relation::ANY, "")
    }

    /// Whether some package that satisfies a simple dependency passes `test`.
    pub fn any_provider(&self, dep: DepRef, mut test: impl FnMut(PackageId) -> bool) -> bool {
        let mut found = false;
        self.visit_providers(dep, |package| {
            found = self.arch(package).fits() && test(package);
            !found
        });
        found
    }

    /// Whether one package satisfies a simple dependency.
    pub fn provides(&self, package: PackageId, dep: DepRef) -> bool {
        let Some(simple) = self.simple(dep) else { return false };
        let wanted = self.range(dep.repo, simple);
        let (repo, local) = self.locate(package);
        let Some(name) = self.translate(NameRef { repo: dep.repo, name: simple.name }, repo) else {
            return false;
        };
        let hot = &self.repo(repo).hot;
        if hot.packages.name(local) == Some(name)
            && hot.packages.provides_own_name(local)
            && self.matches_own(package, wanted)
        {
            return true;
        }
        self.provides_in(repo, local, hot.reldeps.of_name(name), wanted)
    }

    /// The packages whose own name and version a simple dependency names (what an Obsoletes hits), ids ascending.
    pub fn named(&self, dep: DepRef) -> Vec<PackageId> {
        let Some(simple) = self.simple(dep) else { return Vec::new() };
        let wanted = self.range(dep.repo, simple);
        self.of_name(NameRef { repo: dep.repo, name: simple.name })
            .filter(|package| self.arch(*package).fits() && self.matches_own(*package, wanted))
            .collect()
    }

    /// Whether an Obsoletes names this very package.
    pub fn names(&self, dep: DepRef, package: PackageId) -> bool {
        let Some(simple) = self.simple(dep) else { return false };
        let name = NameRef { repo: dep.repo, name: simple.name };
        self.compare_names(name, self.name(package)).is_eq()
            && self.matches_own(package, self.range(dep.repo, simple))
    }

    /// The packages of another name that obsolete a package, ids ascending, none twice.
    pub fn obsoleters(&self, package: PackageId) -> Vec<PackageId> {
        let name = self.name(package);
        let mut found = Vec::new();
        for repo in 0..self.repos().len() as u32 {
            let hot = &self.repo(repo).hot;
            if hot.reverse.obsoletes.is_empty() {
                continue;
            }
            let Some(name) = self.translate(name, repo) else { continue };
            for (row, owner) in hot.reverse.obsoletes.of(hot.reldeps.of_name(name)) {
                if self.names(DepRef { repo, dep: DepId(row) }, package) {
                    found.push(self.package(repo, owner));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found.retain(|other| self.arch(*other).fits());
        found
    }

    /// Everything a package provides: its own name, then what it states; each as (name, relation, version).
    pub fn provided(&self, package: PackageId) -> Vec<(NameRef, Relation, &'a str)> {
        let (repo, local) = self.locate(package);
        let hot = &self.repo(repo).hot;
        let mut found = Vec::new();
        if hot.packages.provides_own_name(local) {
            found.push((self.name(package), Relation::EQ, self.evr_text(package)));
        }
        for dep in self.statements(package, RelationKind::Provides) {
            let Some(simple) = self.simple(dep) else { continue };
            let (relation, evr) = match simple.version {
                None => (Relation::ANY, ""),
                Some((relation, evr)) => (relation, self.sound(hot.evrs.text(evr), "EVRS")),
            };
            found.push((NameRef { repo, name: simple.name }, relation, evr));
        }
        found
    }

    /// The names a package provides, each once, with the rows of its own index's dependencies on that name.
    pub fn provided_names(&self, package: PackageId) -> Vec<(NameRef, Range<u32>)> {
        let (repo, local) = self.locate(package);
        let hot = &self.repo(repo).hot;
        let mut found: Vec<(NameRef, Range<u32>)> = Vec::new();
        let own = hot.packages.provides_own_name(local).then(|| self.name(package).name);
        if let Some(name) = own {
            found.push((NameRef { repo, name }, hot.reldeps.of_name(name)));
        }
        let list = self.sound(hot.relations.slice(local, RelationKind::Provides), "PROV");
        let mut at = 0;
        while let Some(id) = list.get(at) {
            let rows = hot.reldeps.around(id.get());
            let name = self.sound(hot.reldeps.name(id.get()), "RELN");
            at += list[at..].iter().take_while(|id| rows.contains(&id.get())).count().max(1);
            if own != Some(name) {
                found.push((NameRef { repo, name }, rows));
            }
        }
        found
    }

    /// Calls `visit` for every name that a package provides and every repository that has dependencies on it, with the repository and
    /// the rows of those dependencies.
    pub fn visit_rows_on(&self, package: PackageId, mut visit: impl FnMut(u32, Range<u32>)) {
        for (name, own_rows) in self.provided_names(package) {
            for repo in 0..self.repos().len() as u32 {
                let rows = match repo == name.repo {
                    true => own_rows.clone(),
                    false => self
                        .translate(name, repo)
                        .map_or(0..0, |name| self.repo(repo).hot.reldeps.of_name(name)),
                };
                if !rows.is_empty() {
                    visit(repo, rows);
                }
            }
        }
    }

    /// Calls `visit` for every name that a package provides and every repository that has dependencies on it: the
    /// repository, the rows of those dependencies, and a test whether the package satisfies one.
    pub fn satisfied_by(
        &self,
        package: PackageId,
        mut visit: impl FnMut(u32, Range<u32>, &dyn Fn(u32) -> bool),
    ) {
        self.visit_rows_on(package, |repo, rows| {
            visit(repo, rows, &|row| self.provides(package, DepRef { repo, dep: DepId(row) }));
        });
    }

    /// The packages, of those that `is_meant`, that require something the package satisfies; simple requirements and parts of
    /// boolean ones alike. In no order; one may come more than once. Each with the dependency's row.
    pub fn requirers(
        &self,
        package: PackageId,
        is_meant: impl Fn(PackageId) -> bool,
    ) -> Vec<(PackageId, DepRef)> {
        let mut found = Vec::new();
        self.satisfied_by(package, |repo, rows, meets| {
            for row in rows {
                let requirers = self.repo(repo).hot.reverse.requirers(row).into_iter().flatten();
                let mut meant = requirers
                    .map(|it| self.package(repo, it.package))
                    .filter(|it| is_meant(*it))
                    .peekable();
                // To ask who requires costs less than to compare versions.
                if meant.peek().is_some() && meets(row) {
                    let dep = DepRef { repo, dep: DepId(row) };
                    found.extend(meant.map(|it| (it, dep)));
                }
            }
        });
        found
    }

    /// The packages that state, in the relation that `reverse` turns around, something the package satisfies, of these rows
    /// of dependencies on what it provides; simple statements and parts of boolean ones alike. In no order; one may come
    /// more than once. Each with the dependency's row.
    pub fn stated_in(
        &self,
        package: PackageId,
        rows: impl IntoIterator<Item = (u32, Range<u32>)>,
        reverse: impl Fn(&Reverse<'a>) -> Pairs<'a>,
    ) -> Vec<(PackageId, DepRef)> {
        let mut found = Vec::new();
        for (repo, rows) in rows {
            let pairs = reverse(&self.repo(repo).hot.reverse);
            if pairs.is_empty() {
                continue;
            }
            let mut last = None;
            for (row, owner) in pairs.of(rows) {
                let dep = DepRef { repo, dep: DepId(row) };
                let met = match last {
                    Some((known, met)) if known == row => met,
                    _ => self.provides(package, dep),
                };
                last = Some((row, met));
                if met {
                    found.push((self.package(repo, owner), dep));
                }
            }
        }
        found
    }

    /// Whether two dependencies say the same.
    pub fn are_same(&self, a: DepRef, b: DepRef) -> bool {
        let name = |dep: DepRef, of: SimpleDep| NameRef { repo: dep.repo, name: of.name };
        let evr = |dep: DepRef, evr| self.sound(self.repo(dep.repo).hot.evrs.text(evr), "EVRS");
        match (self.simple(a), self.simple(b)) {
            _ if a.repo == b.repo => a.dep == b.dep,
            (Some(left), Some(right)) => {
                self.compare_names(name(a, left), name(b, right)).is_eq()
                    && match (left.version, right.version) {
                        (None, None) => true,
                        (Some((relation, own)), Some((other, version))) => {
                            relation == other && evr(a, own) == evr(b, version)
                        }
                        _ => false,
                    }
            }
            (None, None) => self.words(a) == self.words(b),
            _ => false,
        }
    }
}
