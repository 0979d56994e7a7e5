//! dnf's words for packages: which packages an argument of `install` means, and the jobs it makes.
//!
//! The order of attempts is libdnf's: the forms NEVRA, NAME.ARCH, NAME, NAME-EVR and NAME-VERSION, then provides, then
//! paths. The first that matches any visible package wins; every part may be a glob.

use crate::solve::Job;
use crate::store::universe::{NameRef, PackageId, Universe};
use crate::visible::Visible;
use foldhash::HashMap;
use glob::Pattern;
use modex_formats::rpm::{Dependency, Relation};

/// Who owns a path that the hot files do not know: (repository number, path) to package ids of that repository.
pub type PathOwners<'f> = dyn Fn(u32, &str) -> Vec<u32> + 'f;

/// How an argument was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As (part of) a NEVRA.
    Nevra {
        /// Nothing but a name.
        just_name: bool,
        /// The architecture is a glob: dnf then marks every architecture by itself. A plain architecture only narrows.
        every_arch: bool,
    },
    /// As something provided.
    Provides,
    /// As a path.
    Path,
}

/// What an argument means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matches {
    /// Visible packages, ids ascending.
    pub packages: Vec<PackageId>,
    /// How it was understood.
    pub form: Form,
}

/// An argument made into jobs.
#[derive(Clone, Debug, Default)]
pub struct Marked {
    /// What to solve for.
    pub jobs: Vec<Job>,
    /// Installed packages that the argument names already.
    pub already_installed: Vec<PackageId>,
}

/// Reads arguments against a universe.
pub struct Words<'u, 'a> {
    universe: &'u Universe<'a>,
    visible: &'u Visible<'u, 'a>,
    paths: &'u PathOwners<'u>,
    installed_only: bool,
    sources: bool,
    every_arch: bool,
}

/// Whether a text is a glob.
pub(crate) fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

impl<'u, 'a> Words<'u, 'a> {
    /// A reader. `paths` is asked for paths that no hot file knows.
    pub fn new(
        universe: &'u Universe<'a>,
        visible: &'u Visible<'u, 'a>,
        paths: &'u PathOwners<'u>,
    ) -> Self {
        let [installed_only, sources, every_arch] = [false; 3];
        Words { universe, visible, paths, installed_only, sources, every_arch }
    }

    /// Nothing but what is installed is looked at, as by dnf's `remove`.
    pub fn installed_only(self, installed_only: bool) -> Self {
        Words { installed_only, ..self }
    }

    /// A word installs each architecture of what it names (`multilib_policy=all`), not the best one.
    pub fn every_arch(self, every_arch: bool) -> Self {
        Words { every_arch, ..self }
    }

    /// Source packages count as well, as for dnf's queries; nothing of them can be installed.
    pub fn with_sources(self, sources: bool) -> Self {
        Words { sources, ..self }
    }

    /// Whether a package is installed or visible, whatever its architecture.
    pub(crate) fn may_be(&self, package: PackageId) -> bool {
        self.universe.is_installed(package) || !self.visible.is_hidden(package)
    }

    /// Whether words can mean a package at all.
    pub fn is_available(&self, package: PackageId) -> bool {
        let fits = || {
            let is_source = || matches!(self.universe.arch_text(package), "src" | "nosrc");
            self.universe.arch(package).fits() || (self.sources && is_source())
        };
        self.universe.is_installed(package)
            || (!self.installed_only && fits() && !self.visible.is_hidden(package))
    }

    /// The names of a repository that a text or glob means.
    fn names(&self, repo: u32, text: &str) -> Vec<NameRef> {
        let names = &self.universe.repo(repo).hot.names;
        if !is_glob(text) {
            return self.universe.find_name(repo, text).into_iter().collect();
        }
        let Ok(pattern) = Pattern::new(text) else { return Vec::new() };
        let prefix: &str = &text[..text.find(['*', '?', '[']).unwrap_or(text.len())];
        names
            .prefix(prefix)
            .filter(|name| names.get(*name).is_some_and(|name| pattern.matches(name)))
            .map(|name| NameRef { repo, name })
            .collect()
    }

    /// The available packages of a name, in one repository.
    fn named(&self, name: NameRef) -> impl Iterator<Item = PackageId> + '_ {
        let packages = self
            .universe
            .sound(self.universe.repo(name.repo).hot.packages.of_name(name.name), "NMPK");
        packages
            .iter()
            .map(move |local| self.universe.package(name.repo, local.get()))
            .filter(|package| self.is_available(*package))
    }

    fn by_parts(
        &self,
        name: &str,
        evr: Option<EvrParts<'_>>,
        arch: Option<&str>,
    ) -> Vec<PackageId> {
        let fits = |text: &str, wanted: &str| match is_glob(wanted) {
            true => Pattern::new(wanted).is_ok_and(|pattern| pattern.matches(text)),
            false => text == wanted,
        };
        let mut found = Vec::new();
        for repo in 0..self.universe.repos().len() as u32 {
            for name in self.names(repo, name) {
                found.extend(self.named(name).filter(|package| {
                    let own = self.universe.evr(*package);
                    let evr_fits = evr.as_ref().is_none_or(|wanted| {
                        wanted.epoch.is_none_or(|epoch| epoch == own.epoch)
                            && fits(own.version, wanted.version)
                            && wanted
                                .release
                                .is_none_or(|release| fits(own.release.unwrap_or(""), release))
                    });
                    evr_fits
                        && arch.is_none_or(|arch| fits(self.universe.arch_text(*package), arch))
                }));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What an argument means; `None`: nothing matches. A name costs a look-up in every repository; a glob reads the names
    /// that start as it does, and one that starts with `*` all of them; a path that no hot file knows asks `paths`.
    pub fn find(&self, word: &str) -> Option<Matches> {
        let nevra = |packages: Vec<PackageId>, just_name, arch: Option<&str>| {
            let form = Form::Nevra { just_name, every_arch: arch.is_some_and(is_glob) };
            (!packages.is_empty()).then_some(Matches { packages, form })
        };
        let is_name =
            |name: &str| !name.is_empty() && !name.contains([':', '(', '/', '=', '<', '>', ' ']);
        let part = |text: &str| {
            !text.is_empty() && !text.contains([':', '(', '/', '=', '<', '>', ' ', '-'])
        };
        let split_arch = word.rsplit_once('.').filter(|(_, arch)| part(arch));
        if let Some((rest, arch)) = split_arch
            && let Some((name, evr)) = split_evr(rest, true).filter(|(name, _)| is_name(name))
            && let Some(found) =
                nevra(self.by_parts(name, Some(evr), Some(arch)), false, Some(arch))
        {
            return Some(found);
        }
        if let Some((name, arch)) = split_arch.filter(|(name, _)| is_name(name))
            && let Some(found) = nevra(self.by_parts(name, None, Some(arch)), false, Some(arch))
        {
            return Some(found);
        }
        if is_name(word)
            && let Some(found) = nevra(self.by_parts(word, None, None), true, None)
        {
            return Some(found);
        }
        for with_release in [true, false] {
            if let Some((name, evr)) =
                split_evr(word, with_release).filter(|(name, _)| is_name(name))
                && let Some(found) = nevra(self.by_parts(name, Some(evr), None), false, None)
            {
                return Some(found);
            }
        }
        self.provides(word).or_else(|| self.path(word))
    }

    /// The packages that provide what an argument says.
    pub fn provides(&self, word: &str) -> Option<Matches> {
        let dep = match Dependency::parse(word) {
            Ok(Dependency::Simple(dep)) => dep,
            _ => modex_formats::rpm::Reldep {
                name: word.to_owned(),
                relation: Relation::ANY,
                evr: String::new(),
            },
        };
        let mut packages = Vec::new();
        for repo in 0..self.universe.repos().len() as u32 {
            for name in self.names(repo, &dep.name) {
                packages.extend(self.universe.providers_in_range(name, dep.relation, &dep.evr));
            }
        }
        self.available(packages, Form::Provides)
    }

    fn path(&self, word: &str) -> Option<Matches> {
        if !word.starts_with('/') {
            return None;
        }
        let mut packages = Vec::new();
        for repo in 0..self.universe.repos().len() as u32 {
            let owners = (self.paths)(repo, word);
            packages.extend(owners.into_iter().map(|local| self.universe.package(repo, local)));
        }
        self.available(packages, Form::Path)
    }

    fn available(&self, mut packages: Vec<PackageId>, form: Form) -> Option<Matches> {
        packages.retain(|package| package.0 < self.universe.len() && self.is_available(*package));
        packages.sort_unstable();
        packages.dedup();
        (!packages.is_empty()).then_some(Matches { packages, form })
    }

    /// The jobs that `install WORD` makes; `None`: nothing matches.
    pub fn install(&self, word: &str) -> Option<Marked> {
        let found = self.find(word)?;
        let universe = self.universe;
        let (installed, available): (Vec<PackageId>, Vec<PackageId>) =
            found.packages.iter().copied().partition(|package| universe.is_installed(*package));
        let just_name = matches!(found.form, Form::Nevra { just_name: true, .. });
        let job = |candidates: Vec<PackageId>| Job::install(candidates, word);
        if self.every_arch || matches!(found.form, Form::Nevra { every_arch: true, .. }) {
            return Some(self.each_arch(installed, available, job));
        }
        if is_glob(word) && found.form != Form::Path {
            let mut marked = Marked::default();
            for mut packages in self.grouped(&available, false) {
                let name = universe.name(packages[0]);
                let same =
                    |old: &&PackageId| universe.compare_names(universe.name(**old), name).is_eq();
                let old: Vec<PackageId> = installed.iter().filter(same).copied().collect();
                marked.already_installed.extend(&old);
                packages.extend(old);
                if just_name {
                    packages = self.with_obsoleters(packages);
                }
                packages.sort_unstable();
                marked.jobs.push(job(packages));
            }
            return Some(marked);
        }
        let mut candidates = found.packages;
        if just_name {
            candidates = self.with_obsoleters(candidates);
        }
        Some(Marked { jobs: vec![job(candidates)], already_installed: installed })
    }

    /// The packages of the repositories that `distro-sync WORD` is about: together, or, of a glob, by name; none where there
    /// are none.
    pub(crate) fn available_groups(&self, word: &str) -> Vec<Vec<PackageId>> {
        let Some(found) = self.find(word) else { return Vec::new() };
        let mut available = found.packages;
        available.retain(|package| !self.universe.is_installed(*package));
        let mut groups = match is_glob(word) && found.form != Form::Path {
            true => self.grouped(&available, false),
            false => vec![available],
        };
        groups.retain(|group| !group.is_empty());
        if matches!(found.form, Form::Nevra { just_name: true, .. }) {
            groups = groups.into_iter().map(|group| self.with_obsoleters(group)).collect();
        }
        groups
    }

    /// The visible packages that obsolete any of these.
    pub(crate) fn obsoleters(&self, packages: &[PackageId]) -> Vec<PackageId> {
        let obsoleters = packages.iter().flat_map(|package| self.universe.obsoleters(*package));
        obsoleters.filter(|package| self.is_available(*package)).collect()
    }

    /// One job for each name and architecture that is not installed yet.
    fn each_arch(
        &self,
        installed: Vec<PackageId>,
        available: Vec<PackageId>,
        job: impl Fn(Vec<PackageId>) -> Job,
    ) -> Marked {
        let universe = self.universe;
        let mut marked = Marked::default();
        for packages in self.grouped(&available, true) {
            let first = packages[0];
            let same = |old: &&PackageId| {
                universe.compare_names(universe.name(**old), universe.name(first)).is_eq()
                    && universe.arch_text(**old) == universe.arch_text(first)
            };
            match installed.iter().find(same) {
                Some(old) => marked.already_installed.push(*old),
                None => marked.jobs.push(job(self.with_obsoleters(packages))),
            }
        }
        marked
    }

    /// Packages by name, and architecture where asked, in order of the first of each.
    fn grouped(&self, packages: &[PackageId], by_arch: bool) -> Vec<Vec<PackageId>> {
        let universe = self.universe;
        let mut places: HashMap<(&str, &str), usize> = HashMap::default();
        let mut groups: Vec<Vec<PackageId>> = Vec::new();
        for package in packages {
            let arch = if by_arch { universe.arch_text(*package) } else { "" };
            let place = *places
                .entry((universe.name_text(universe.name(*package)), arch))
                .or_insert(groups.len());
            if place == groups.len() {
                groups.push(Vec::new());
            }
            groups[place].push(*package);
        }
        groups
    }

    /// Packages, and the visible ones that obsolete any of them.
    fn with_obsoleters(&self, packages: Vec<PackageId>) -> Vec<PackageId> {
        let mut all = self.obsoleters(&packages);
        all.extend(packages);
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The version part of an argument.
struct EvrParts<'w> {
    epoch: Option<&'w str>,
    version: &'w str,
    release: Option<&'w str>,
}

/// `NAME-[EPOCH:]VERSION[-RELEASE]` from the right.
fn split_evr(text: &str, with_release: bool) -> Option<(&str, EvrParts<'_>)> {
    let (rest, release) = match with_release {
        true => text.rsplit_once('-').map(|(rest, release)| (rest, Some(release)))?,
        false => (text, None),
    };
    let (name, version) = rest.rsplit_once('-')?;
    let epoch = version.split_once(':').map(|(epoch, _)| epoch);
    let epoch =
        epoch.filter(|epoch| !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()));
    let version = epoch.map_or(version, |epoch| &version[epoch.len() + 1..]);
    let sound =
        |text: &str| !text.is_empty() && !text.contains([':', '(', '/', '=', '<', '>', ' ']);
    let epoch = epoch.map(|epoch| match epoch.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    });
    (sound(version) && release.is_none_or(sound))
        .then_some((name, EvrParts { epoch, version, release }))
}
