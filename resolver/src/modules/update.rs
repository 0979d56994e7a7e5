//! `module update`: the packages of installed profiles and of the stream move to their best versions.

use super::documents::{
    active_of, artifact_names, newest, profiles_matching, profiles_of, visible_of_name,
};
use super::request::{Matched, ModuleRequest, find};
use super::trouble::{SpecError, Trouble};
use crate::solve::{Job, Work};
use crate::store::universe::{PackageId, Universe};
use crate::streams::{ActiveStreams, Streams};
use crate::visible::Visible;
use std::collections::BTreeSet;

/// The packages of one argument.
#[derive(Clone, Debug)]
pub(crate) struct Update {
    spec: String,
    names: BTreeSet<String>,
}

/// What arguments update. What is not active is passed over with a note; what nobody knows is an error.
pub(super) fn choose(
    streams: &Streams<'_, '_>,
    active: &ActiveStreams,
    specs: &[String],
    request: &mut ModuleRequest,
) -> (Vec<Update>, Vec<SpecError>, Vec<SpecError>) {
    let (mut updates, mut errors, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for spec in specs {
        let Some((parsed, documents)) = find(streams, spec) else {
            errors.push(SpecError::new(spec, Trouble::NoSuchModule));
            continue;
        };
        let usable = active_of(active, &documents);
        if usable.is_empty() {
            notes.push(SpecError::new(spec, Trouble::NoMatch));
            continue;
        }
        let matched = match request.by_stream(streams, spec, &parsed, usable, false) {
            Ok(matched) => matched,
            Err(trouble) => {
                errors.push(SpecError::new(spec, trouble));
                continue;
            }
        };
        let mut names = BTreeSet::new();
        for one in &matched {
            let Some(newest) = newest(streams, &one.documents) else { continue };
            if streams.is_fail_safe(newest) {
                let stream = format!("{}:{}", one.module, one.stream);
                errors.push(SpecError::new(spec, Trouble::FailSafe { stream, verb: "Upgrading" }));
            }
            names.extend(installed_profiles(streams, one, request, false));
            let all = profiles_of(streams, newest);
            match &one.profile {
                Some(profile) => {
                    let named = profiles_matching(&all, profile);
                    names.extend(named.into_iter().flat_map(|(_, packages)| packages));
                }
                None => {
                    names.extend(all.into_iter().flat_map(|(_, packages)| packages));
                    names.extend(artifact_names(streams, [newest], true));
                }
            }
        }
        if names.is_empty() {
            notes.push(SpecError::new(spec, Trouble::NoProfileInstalled));
        }
        updates.push(Update { spec: spec.clone(), names });
    }
    (updates, errors, notes)
}

/// The packages of the installed profiles that an argument means, as the newest of its documents names them; the profiles
/// are forgotten where asked.
pub(super) fn installed_profiles(
    streams: &Streams<'_, '_>,
    matched: &Matched,
    request: &mut ModuleRequest,
    forget: bool,
) -> BTreeSet<String> {
    let Some(newest) = newest(streams, &matched.documents) else { return BTreeSet::new() };
    let installed: Vec<String> = request.states().profiles(&matched.module).to_vec();
    let all = profiles_of(streams, newest);
    let mut names = BTreeSet::new();
    match &matched.profile {
        Some(pattern) => {
            for (profile, packages) in profiles_matching(&all, pattern) {
                if installed.contains(&profile) {
                    if forget {
                        request.remove_profile(&matched.module, &matched.stream, &profile);
                    }
                    names.extend(packages);
                }
            }
        }
        None => {
            for profile in &installed {
                if forget {
                    request.remove_profile(&matched.module, &matched.stream, profile);
                }
                let named = profiles_matching(&all, profile);
                names.extend(named.into_iter().flat_map(|(_, packages)| packages));
            }
        }
    }
    names
}

/// A job for each argument: whatever is visible under its names, to its best version.
pub(super) fn jobs(
    updates: &[Update],
    universe: &Universe<'_>,
    visible: &Visible<'_, '_>,
) -> Vec<Job> {
    let mut jobs = Vec::new();
    for update in updates {
        let of_name = |name: &String| visible_of_name(universe, visible, name);
        let mut candidates: Vec<PackageId> = update.names.iter().flat_map(of_name).collect();
        candidates.sort_unstable();
        candidates.dedup();
        if !candidates.is_empty() {
            let work = Work::Update { targeted: true };
            jobs.push(Job::new(work, candidates, &update.spec));
        }
    }
    jobs
}
