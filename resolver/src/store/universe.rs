//! Many indexes, one id space.

use super::arch::{self, ArchFit};
use super::bridge::Bridge;
use super::paged::Paged;
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::section::reldeps::DepId;
use modex_formats::index::{FormatError, Hot};
use modex_formats::rpm::{Evr, Nevra};
use std::cell::{Cell, OnceCell, RefCell};
use std::cmp::Ordering;

/// A package among all loaded indexes. Ids ascend in libsolv's order: the installed system, then the repositories by
/// priority and cost, each in the order of its primary.xml.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageId(pub u32);

/// How a repository takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepoOptions {
    /// dnf's repository id.
    pub id: String,
    /// dnf's `priority`; the lowest number wins before versions are compared.
    pub priority: i32,
    /// dnf's `cost`; the lowest number wins between equal versions.
    pub cost: i32,
    /// dnf's `module_hotfixes`: nothing of it is hidden by modules.
    pub module_hotfixes: bool,
    /// dnf's `excludepkgs`: packages of it that are left out, in dnf's words for packages.
    pub exclude: Vec<String>,
    /// dnf's `includepkgs`: where there is any, the only packages of it that are not left out.
    pub include: Vec<String>,
}

impl RepoOptions {
    /// dnf's defaults.
    pub fn new(id: impl Into<String>) -> Self {
        RepoOptions {
            id: id.into(),
            priority: 99,
            cost: 1000,
            module_hotfixes: false,
            exclude: Vec::new(),
            include: Vec::new(),
        }
    }
}

/// One index within the universe.
pub struct Repo<'a> {
    /// Its options; the installed system has the id `@System`.
    pub options: RepoOptions,
    /// The index.
    pub hot: Hot<'a>,
    /// Universe id of its first package.
    pub base: u32,
    arches: Vec<ArchFit>,
    /// By name id of this index: what that name's id is in another one; see [`Universe::translate`]. Made when first asked.
    translations: Vec<OnceCell<RefCell<Paged<u32>>>>,
    /// From the installed system to this one, where it was kept.
    kept_bridge: Option<Bridge<'a>>,
    /// The same, made when first asked.
    bridge: OnceCell<Bridge<'static>>,
}

impl Repo<'_> {
    /// Number of packages.
    pub fn len(&self) -> u32 {
        self.hot.packages.len() as u32
    }

    /// Whether it has no package.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A name as one index numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NameRef {
    /// Number of the repository in the universe.
    pub repo: u32,
    /// Name id there.
    pub name: u32,
}

/// A dependency as one index numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DepRef {
    /// Number of the repository in the universe.
    pub repo: u32,
    /// Dependency id there.
    pub dep: DepId,
}

/// All loaded indexes.
///
/// Accessors never fail: what a damaged index cannot answer is answered with "nothing" and remembered; whoever
/// produces an answer asks [`Universe::damage`] before giving it away.
pub struct Universe<'a> {
    repos: Vec<Repo<'a>>,
    packages: u32,
    /// Whether repository 0 is the installed system.
    has_system: bool,
    damage: Cell<Option<&'static str>>,
}

impl<'a> Universe<'a> {
    /// Puts the installed system before repositories, which are in load order. `arch` is the system's architecture.
    ///
    /// # Errors
    /// Damaged, where the indexes together have more packages than ids.
    pub fn new(
        system: Option<Hot<'a>>,
        repos: Vec<(RepoOptions, Hot<'a>)>,
        arch: &str,
    ) -> Result<Self, FormatError> {
        let has_system = system.is_some();
        let system = system.map(|hot| (RepoOptions::new("@System"), hot));
        let policy = arch::policy(arch);
        let count = repos.len() + usize::from(has_system);
        let mut base = 0u32;
        let mut all = Vec::with_capacity(count);
        for (options, hot) in system.into_iter().chain(repos) {
            let of_row = |name: u32| {
                hot.names.get(name).map_or(ArchFit::FOREIGN, |arch| arch::fit(&policy, arch))
            };
            let arches = hot.packages.arch_names().iter().map(|name| of_row(name.get())).collect();
            let translations = (0..count).map(|_| OnceCell::new()).collect();
            let length = hot.packages.len() as u32;
            all.push(Repo {
                options,
                hot,
                base,
                arches,
                translations,
                kept_bridge: None,
                bridge: OnceCell::new(),
            });
            base = base.checked_add(length).filter(|total| *total < 1 << 30).ok_or_else(|| {
                FormatError::damaged("PKGN", "too many packages in all indexes together")
            })?;
        }
        Ok(Universe { repos: all, packages: base, has_system, damage: Cell::new(None) })
    }

    /// Takes over what was kept of how the installed system stands to a repository, by the repository's id.
    pub(crate) fn bridged(mut self, kept: impl Fn(&str) -> Option<&'a [u8]>) -> Self {
        if let Some((system, repos)) = self.repos.split_first_mut().filter(|_| self.has_system) {
            for repo in repos {
                let bytes = kept(&repo.options.id);
                repo.kept_bridge = bytes.and_then(|it| Bridge::from_bytes(&system.hot, it));
            }
        }
        self
    }

    /// What could not be read so far.
    pub fn damage(&self) -> Option<&'static str> {
        self.damage.get()
    }

    /// Unpacks what an accessor of an index gave; nothing where the index is damaged.
    pub(crate) fn sound<T: Default>(&self, found: Option<T>, place: &'static str) -> T {
        found.unwrap_or_else(|| {
            self.damage.set(Some(place));
            T::default()
        })
    }

    /// The repositories in load order.
    pub fn repos(&self) -> &[Repo<'a>] {
        &self.repos
    }

    /// A repository by number.
    pub fn repo(&self, repo: u32) -> &Repo<'a> {
        &self.repos[repo as usize]
    }

    /// Number of packages.
    pub fn len(&self) -> u32 {
        self.packages
    }

    /// Whether there is no package.
    pub fn is_empty(&self) -> bool {
        self.packages == 0
    }

    /// The ids of the installed packages: always the first ones.
    pub fn installed(&self) -> std::ops::Range<u32> {
        0..if self.has_system { self.repos[0].len() } else { 0 }
    }

    /// Whether a package is installed.
    pub fn is_installed(&self, package: PackageId) -> bool {
        package.0 < self.installed().end
    }

    /// The repository of a package, and the package's id there.
    pub fn locate(&self, package: PackageId) -> (u32, u32) {
        let after = self.repos.partition_point(|repo| repo.base <= package.0);
        // Empty repositories share their base with the next one; the last one that starts here holds the package.
        let repo = after.saturating_sub(1);
        (repo as u32, package.0 - self.repos[repo].base)
    }

    /// The universe id of a package of a repository.
    pub fn package(&self, repo: u32, local: u32) -> PackageId {
        PackageId(self.repos[repo as usize].base + local)
    }

    /// A package's name.
    pub fn name(&self, package: PackageId) -> NameRef {
        let (repo, local) = self.locate(package);
        NameRef { repo, name: self.sound(self.repo(repo).hot.packages.name(local), "PKGN") }
    }

    /// A name in letters.
    pub fn name_text(&self, name: NameRef) -> &'a str {
        self.sound(self.repo(name.repo).hot.names.get(name.name), "NAMS")
    }

    /// From the installed system to a repository.
    fn bridge(&self, repo: u32) -> &Bridge<'_> {
        let repo = self.repo(repo);
        match &repo.kept_bridge {
            Some(kept) => kept,
            None => repo.bridge.get_or_init(|| Bridge::new(&self.repos[0].hot, &repo.hot)),
        }
    }

    /// Whether a repository is the installed system.
    fn is_system(&self, repo: u32) -> bool {
        self.has_system && repo == 0
    }

    /// The order of two names, bytewise.
    pub fn compare_names(&self, a: NameRef, b: NameRef) -> Ordering {
        match () {
            () if a.repo == b.repo => a.name.cmp(&b.name),
            () if self.is_system(a.repo) => self.bridge(b.repo).compare_names(a.name, b.name),
            () if self.is_system(b.repo) => {
                self.bridge(a.repo).compare_names(b.name, a.name).reverse()
            }
            () => self.name_text(a).cmp(self.name_text(b)),
        }
    }

    /// The same name in another repository; `None` where that one does not know it. Remembered.
    pub fn translate(&self, name: NameRef, to: u32) -> Option<u32> {
        if name.repo == to {
            return Some(name.name);
        }
        if self.is_system(name.repo) {
            return self.bridge(to).name(name.name);
        }
        if self.is_system(to) {
            return self.bridge(name.repo).name_back(name.name);
        }
        let from = self.repo(name.repo);
        let empty = || RefCell::new(Paged::new(from.hot.names.len()));
        let mut known = from.translations[to as usize].get_or_init(empty).borrow_mut();
        if name.name as usize >= known.len() {
            self.damage.set(Some("NAMS"));
            return None;
        }
        let slot = known.slot(name.name);
        if *slot == 0 {
            let found = self.repo(to).hot.names.find(self.name_text(name));
            *slot = found.map_or(1, |id| id.saturating_add(2));
        }
        slot.checked_sub(2)
    }

    /// A text as a name of a repository.
    pub fn find_name(&self, repo: u32, text: &str) -> Option<NameRef> {
        self.repo(repo).hot.names.find(text).map(|name| NameRef { repo, name })
    }

    /// A package's version.
    pub fn evr(&self, package: PackageId) -> Evr<'a> {
        Evr::parse(self.evr_text(package))
    }

    /// A package's version as text, epoch left out where 0.
    pub fn evr_text(&self, package: PackageId) -> &'a str {
        let (repo, local) = self.locate(package);
        let hot = &self.repo(repo).hot;
        self.sound(hot.packages.evr(local).and_then(|evr| hot.evrs.text(evr)), "EVRS")
    }

    /// The order of two packages' versions.
    pub fn compare_evrs(&self, a: PackageId, b: PackageId) -> Ordering {
        let row = |package| {
            let (repo, local) = self.locate(package);
            (repo, self.sound(self.repo(repo).hot.packages.evr(local), "PKGE"))
        };
        match self.common_evrs(row(a), row(b)) {
            Some((repo, a, b)) => self.repo(repo).hot.evrs.compare(a, b),
            None => self.evr(a).compare(&self.evr(b)),
        }
    }

    /// Two versions, each of an index, as versions of one index; `None` where none is known to have both.
    pub(super) fn common_evrs(&self, a: (u32, u32), b: (u32, u32)) -> Option<(u32, u32, u32)> {
        match () {
            () if a.0 == b.0 => Some((a.0, a.1, b.1)),
            () if self.is_system(a.0) => Some((b.0, self.bridge(b.0).evr(a.1)?, b.1)),
            () if self.is_system(b.0) => Some((a.0, a.1, self.bridge(a.0).evr(b.1)?)),
            () => None,
        }
    }

    /// How a package's architecture fits the system.
    pub fn arch(&self, package: PackageId) -> ArchFit {
        let (repo, local) = self.locate(package);
        let repo = self.repo(repo);
        let row = self.sound(repo.hot.packages.arch_row(local), "PKGA");
        repo.arches.get(usize::from(row)).copied().unwrap_or(ArchFit::FOREIGN)
    }

    /// A package's architecture in letters.
    pub fn arch_text(&self, package: PackageId) -> &'a str {
        let (repo, local) = self.locate(package);
        let hot = &self.repo(repo).hot;
        self.sound(hot.packages.get(local).and_then(|row| hot.names.get(row.arch)), "ARCH")
    }

    /// The full identity.
    pub fn identity(&self, package: PackageId) -> Nevra<'a> {
        let (repo, local) = self.locate(package);
        self.sound(self.repo(repo).hot.nevra(local), "PKGN")
    }

    /// The full identity, `NAME-EPOCH:VERSION-RELEASE.ARCH`.
    pub fn nevra(&self, package: PackageId) -> String {
        self.identity(package).into()
    }

    /// The packages of repositories with that very identity, ids ascending; no epoch is one of 0.
    pub fn of_identity(&self, nevra: &Nevra<'_>) -> Vec<PackageId> {
        let mut names =
            (0..self.repos.len() as u32).filter_map(|repo| self.find_name(repo, nevra.name));
        let Some(name) = names.next() else { return Vec::new() };
        let is_meant = |package: &PackageId| {
            !self.is_installed(*package)
                && self.arch_text(*package) == nevra.arch
                && self.evr(*package) == nevra.evr
        };
        self.of_name(name).filter(is_meant).collect()
    }

    /// What a package states, in the order of its index.
    pub fn statements(
        &self,
        package: PackageId,
        kind: RelationKind,
    ) -> impl DoubleEndedIterator<Item = DepRef> + Clone + use<'a> {
        let (repo, local) = self.locate(package);
        let found = self.repo(repo).hot.relations.of(local, kind);
        if found.is_none() {
            self.damage.set(Some("RELN"));
        }
        found.into_iter().flatten().map(move |dep| DepRef { repo, dep })
    }

    /// Whether a requirement of an installed package is one that only its installation needed.
    pub(crate) fn is_past(&self, package: PackageId, requirement: DepRef) -> bool {
        let (repo, local) = self.locate(package);
        let installing = self.repo(repo).hot.installing;
        repo == requirement.repo && !installing.is_empty() && installing.has(local, requirement.dep)
    }

    /// A dependency in words.
    pub fn words(&self, dep: DepRef) -> String {
        let words = self
            .repo(dep.repo)
            .hot
            .dependency(dep.dep)
            .ok()
            .map(|dependency| dependency.to_string());
        self.sound(words, "RELN")
    }

    /// The packages of a name in all repositories, ids ascending.
    pub fn of_name(&self, name: NameRef) -> impl Iterator<Item = PackageId> + '_ {
        (0..self.repos.len() as u32).flat_map(move |repo| self.of_name_in(repo, name))
    }

    /// The installed packages of a name, ids ascending.
    pub fn installed_of_name(&self, name: NameRef) -> impl Iterator<Item = PackageId> + '_ {
        (0..u32::from(self.has_system)).flat_map(move |repo| self.of_name_in(repo, name))
    }

    fn of_name_in(&self, repo: u32, name: NameRef) -> impl Iterator<Item = PackageId> + '_ {
        let name = self.translate(name, repo);
        let packages = name.map(|name| self.repo(repo).hot.packages.of_name(name));
        let packages = packages.map(|found| self.sound(found, "NMPK")).unwrap_or_default();
        packages.iter().map(move |local| self.package(repo, local.get()))
    }
}
