//! Which packages a module's profiles install.
//!
//! The rules are dnf 4.14's (`module_base.py`), see `module-resolution.md`, section 5.

use super::documents::{
    Listed, active_of, newest, profiles_matching, profiles_of, visible_of_name,
};
use super::request::{Matched, ModuleRequest};
use super::trouble::{SpecError, Trouble};
use crate::solve::Job;
use crate::store::universe::{PackageId, Universe};
use crate::streams::{ActiveStreams, DocumentRef, Streams};
use crate::visible::Visible;
use foldhash::HashSet;

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
    pub(super) documents: HashSet<DocumentRef>,
}

impl Profiles {
    /// Chooses the profiles: those that an argument names, else those that `how` says, of the newest active document among
    /// those that the argument means; and records them. The active documents are those after the streams
    /// of `matched` were enabled.
    pub(crate) fn choose(
        streams: &Streams<'_, '_>,
        active: &ActiveStreams,
        matched: &[Matched],
        how: Unnamed,
        request: &mut ModuleRequest,
    ) -> (Self, Vec<SpecError>) {
        let (mut profiles, mut errors) = (Profiles::default(), Vec::new());
        for matched in matched {
            let usable = active_of(active, &matched.documents);
            let Some(newest) = newest(streams, &usable) else {
                let (module, stream) = (matched.module.clone(), matched.stream.clone());
                errors.push(SpecError::new(&matched.spec, Trouble::NotActive { module, stream }));
                continue;
            };
            if streams.is_fail_safe(newest) {
                let stream = format!("{}:{}", matched.module, matched.stream);
                let trouble = Trouble::FailSafe { stream, verb: "Installing" };
                errors.push(SpecError::new(&matched.spec, trouble));
            }
            let (chosen, troubles) = chosen(streams, matched, newest, how, request);
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

    /// Whether a package of a name is one that profiles would take first: hotfix repositories count for the names that
    /// profiles name only.
    pub(super) fn is_own_for(
        &self,
        universe: &Universe<'_>,
        package: PackageId,
        name: &str,
    ) -> bool {
        if self.packages.iter().any(|known| known.name == name) {
            return self.is_own(universe, package);
        }
        let mut own = false;
        universe.visit_listing(package, |document| own |= self.documents.contains(&document));
        own
    }

    /// Whether a package is an artifact of the documents, or of a hotfix repository.
    fn is_own(&self, universe: &Universe<'_>, package: PackageId) -> bool {
        let (repo, _) = universe.locate(package);
        let mut own =
            !universe.is_installed(package) && universe.repo(repo).options.module_hotfixes;
        universe.visit_listing(package, |document| own |= self.documents.contains(&document));
        own
    }
}

/// What an argument without a profile means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unnamed {
    /// The default profiles of the stream.
    Defaults,
    /// The profiles that were installed from the stream that was left.
    Left,
}

fn chosen(
    streams: &Streams<'_, '_>,
    matched: &Matched,
    newest: DocumentRef,
    how: Unnamed,
    request: &ModuleRequest,
) -> (Vec<Listed>, Vec<Trouble>) {
    let all = profiles_of(streams, newest);
    let available = || all.iter().map(|(name, _)| name.clone()).collect();
    let stream = format!("{}:{}", matched.module, matched.stream);
    let named = |pattern: &str| profiles_matching(&all, pattern);
    if let Some(profile) = &matched.profile {
        let found = named(profile);
        return match found.is_empty() {
            true => (found, vec![Trouble::NoSuchProfile { stream, available: available() }]),
            false => (found, Vec::new()),
        };
    }
    if how == Unnamed::Left {
        // What the new stream does not have is left out.
        let left = request.removed_profiles(&matched.module);
        return (left.iter().flat_map(|profile| named(profile)).collect(), Vec::new());
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
