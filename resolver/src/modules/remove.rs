//! `module remove`: profiles are forgotten, and what only they brought goes.

use super::documents::{active_of, artifact_names};
use super::keep::installed_names;
use super::request::{ModuleRequest, find};
use super::trouble::{SpecError, Trouble};
use super::update::installed_profiles;
use crate::streams::{ActiveStreams, DocumentRef, Streams};
use modex_formats::module::ModuleSpec;
use std::collections::BTreeSet;

/// The names that are to go.
#[derive(Clone, Debug, Default)]
pub(crate) struct Removal {
    /// Of profiles: where nothing needs them.
    pub(super) of_profiles: BTreeSet<String>,
    /// Of whole streams: in any case.
    pub(super) of_streams: BTreeSet<String>,
    /// Of whole streams, and of another active one as well: they stay, with a note.
    pub(super) shared: BTreeSet<String>,
}

/// What arguments remove. What nobody knows is passed over with a note, as dnf does.
pub(super) fn choose(
    streams: &Streams<'_, '_>,
    active: &ActiveStreams,
    specs: &[String],
    everything: bool,
    request: &mut ModuleRequest,
) -> (Removal, Vec<SpecError>, Vec<SpecError>) {
    let (mut errors, mut notes) = (Vec::new(), Vec::new());
    let mut names = BTreeSet::new();
    for spec in specs {
        let Some((parsed, documents)) = find(streams, spec) else {
            notes.push(SpecError::new(spec, Trouble::NoMatch));
            continue;
        };
        let matched = match request.by_stream(streams, spec, &parsed, documents, false) {
            Ok(matched) => matched,
            Err(trouble) => {
                errors.push(SpecError::new(spec, trouble));
                continue;
            }
        };
        let mut of_spec = BTreeSet::new();
        for one in &matched {
            of_spec.extend(installed_profiles(streams, one, request, true));
        }
        if of_spec.is_empty() {
            notes.push(SpecError::new(spec, Trouble::NoProfileInstalled));
        }
        names.extend(of_spec);
    }
    if !names.is_empty() {
        let kept = installed_names(streams, active, request.states());
        names.retain(|name| !kept.contains(name));
    }
    let mut removal = Removal { of_profiles: names, ..Removal::default() };
    if everything {
        let meant: Vec<DocumentRef> =
            specs.iter().flat_map(|spec| of_name_and_stream(streams, spec)).collect();
        let others = active.documents().filter(|document| !meant.contains(document));
        let kept = artifact_names(streams, others, true);
        let of_streams = artifact_names(streams, active_of(active, &meant), true);
        (removal.shared, removal.of_streams) =
            of_streams.into_iter().partition(|name| kept.contains(name));
    }
    (removal, errors, notes)
}

/// The documents of the name, stream and architecture of an argument; the rest of it does not count.
fn of_name_and_stream(streams: &Streams<'_, '_>, spec: &str) -> Vec<DocumentRef> {
    let Some((parsed, _)) = find(streams, spec) else { return Vec::new() };
    let wider = ModuleSpec { version: None, context: None, ..parsed };
    streams.matching(&wider)
}
