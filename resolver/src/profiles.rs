//! Which packages a module's profiles install.
//!
//! The rules are dnf 4.14's (`module_base.py`), see `module-resolution.md`, section 5.

use crate::module_request::{Matched, ModuleRequest, SpecError, Trouble};
use crate::solve::Job;
use crate::store::universe::{PackageId, Universe};
use crate::streams::{ActiveStreams, DocumentRef, Streams};
use crate::visible::Visible;
use foldhash::HashSet;
use modex_formats::module::FieldPattern;

/// A package that profiles name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProfilePackage {
    /// Its name.
    pub name: String,
    /// The arguments whose profiles name it.
    pub specs: Vec<String>,
}

/// The profiles of one command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profiles {
    /// The packages they name, in the order of dnf's jobs.
    pub packages: Vec<ProfilePackage>,
    /// The profiles: module, stream, profile.
    pub installed: Vec<(String, String, String)>,
    /// The active documents that the arguments mean: their artifacts come first.
    documents: HashSet<DocumentRef>,
}

impl Profiles {
    /// Chooses the profiles: those that an argument names, else the default profiles of the stream, of the newest active
    /// document among those that the argument means; and records them. The active documents are those after the streams
    /// of `matched` were enabled.
    pub(crate) fn choose(
        streams: &Streams<'_, '_>,
        active: &ActiveStreams,
        matched: &[Matched],
        request: &mut ModuleRequest,
    ) -> (Self, Vec<SpecError>) {
        let (mut profiles, mut errors) = (Profiles::default(), Vec::new());
        for matched in matched {
            let usable: Vec<DocumentRef> = matched
                .documents
                .iter()
                .copied()
                .filter(|document| active.is_active(*document))
                .collect();
            let Some(newest) = newest(streams, &usable) else {
                let (module, stream) = (matched.module.clone(), matched.stream.clone());
                errors.push(SpecError::new(&matched.spec, Trouble::NotActive { module, stream }));
                continue;
            };
            let (chosen, troubles) = chosen(streams, matched, newest);
            errors
                .extend(troubles.into_iter().map(|trouble| SpecError::new(&matched.spec, trouble)));
            for (name, packages) in chosen {
                request.add_profile(&matched.module, &matched.stream, &name);
                profiles.installed.push((matched.module.clone(), matched.stream.clone(), name));
                packages.into_iter().for_each(|package| profiles.add(package, &matched.spec));
            }
            profiles.documents.extend(usable);
        }
        (profiles, errors)
    }

    fn add(&mut self, name: String, spec: &str) {
        let known = self.packages.iter_mut().find(|package| package.name == name);
        match known {
            Some(package) if package.specs.iter().any(|known| known == spec) => {}
            Some(package) => package.specs.push(spec.to_owned()),
            None => self.packages.push(ProfilePackage { name, specs: vec![spec.to_owned()] }),
        }
    }

    /// One job for each package. Candidates are what the documents list and what hotfix repositories have; where there is
    /// neither, whatever is visible under the name.
    pub(crate) fn jobs(
        &self,
        universe: &Universe<'_>,
        visible: &Visible<'_, '_>,
    ) -> (Vec<Job>, Vec<SpecError>) {
        let (mut jobs, mut errors) = (Vec::new(), Vec::new());
        for package in &self.packages {
            let named = visible_of_name(universe, visible, &package.name);
            let own: Vec<PackageId> = named
                .iter()
                .copied()
                .filter(|candidate| self.is_own(universe, *candidate))
                .collect();
            let candidates = if own.is_empty() { named } else { own };
            if candidates.is_empty() {
                let trouble = || Trouble::NoPackage { package: package.name.clone() };
                errors.extend(package.specs.iter().map(|spec| SpecError::new(spec, trouble())));
            } else {
                jobs.push(Job::install(candidates, &package.name));
            }
        }
        (jobs, errors)
    }

    fn is_own(&self, universe: &Universe<'_>, package: PackageId) -> bool {
        let (repo, _) = universe.locate(package);
        let mut own =
            !universe.is_installed(package) && universe.repo(repo).options.module_hotfixes;
        universe.visit_listing(package, |document| own |= self.documents.contains(&document));
        own
    }
}

/// The visible packages of a name, installed ones included, sources not; ids ascending.
fn visible_of_name(
    universe: &Universe<'_>,
    visible: &Visible<'_, '_>,
    name: &str,
) -> Vec<PackageId> {
    let found = (0..universe.repos().len() as u32).find_map(|repo| universe.find_name(repo, name));
    let packages = found.into_iter().flat_map(|name| universe.of_name(name));
    packages
        .filter(|package| {
            !matches!(universe.arch_text(*package), "src" | "nosrc") && !visible.is_hidden(*package)
        })
        .collect()
}

/// The first document of the highest version.
fn newest(streams: &Streams<'_, '_>, documents: &[DocumentRef]) -> Option<DocumentRef> {
    let version = |document: DocumentRef| streams.row(document).map_or(0, |row| row.version);
    documents
        .iter()
        .copied()
        .reduce(|best, next| if version(next) > version(best) { next } else { best })
}

/// A profile's name and packages, both sorted.
type Listed = (String, Vec<String>);

/// The profiles of a document, by name.
fn profiles_of(streams: &Streams<'_, '_>, document: DocumentRef) -> Vec<Listed> {
    let hot = &streams.universe().repo(document.repo).hot;
    let text = |id: u32| streams.text(document, id).to_owned();
    let mut found: Vec<Listed> = Vec::new();
    let mut before = None;
    for (profile, package) in hot.modules.profiles(document.document) {
        if before != Some(profile) {
            found.push((text(profile), Vec::new()));
            before = Some(profile);
        }
        if let (Some(package), Some((_, packages))) = (package, found.last_mut()) {
            packages.push(text(package));
        }
    }
    found
}

fn chosen(
    streams: &Streams<'_, '_>,
    matched: &Matched,
    newest: DocumentRef,
) -> (Vec<Listed>, Vec<Trouble>) {
    let all = profiles_of(streams, newest);
    let available = || all.iter().map(|(name, _)| name.clone()).collect();
    let stream = format!("{}:{}", matched.module, matched.stream);
    let named = |pattern: &str| -> Vec<Listed> {
        let pattern = FieldPattern::new(Some(pattern));
        all.iter().filter(|(name, _)| pattern.matches(name)).cloned().collect()
    };
    if let Some(profile) = &matched.profile {
        let found = named(profile);
        return match found.is_empty() {
            true => (found, vec![Trouble::NoSuchProfile { stream, available: available() }]),
            false => (found, Vec::new()),
        };
    }
    let defaults =
        streams.defaults().profiles(streams.universe(), &matched.module, &matched.stream);
    if defaults.is_empty() {
        return (Vec::new(), vec![Trouble::NoDefaultProfile { stream, available: available() }]);
    }
    let (mut found, mut troubles) = (Vec::new(), Vec::new());
    for profile in defaults {
        let mut profiles = named(&profile);
        if profiles.is_empty() {
            troubles.push(Trouble::DefaultProfileMissing { profile, stream: stream.clone() });
        }
        found.append(&mut profiles);
    }
    (found, troubles)
}
