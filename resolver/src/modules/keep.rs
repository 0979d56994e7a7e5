//! What installed profiles keep in place.

use super::documents::{active_of, newest, profiles_of};
use crate::streams::{ActiveStreams, ModuleState, ModuleStates, Streams};
use modex_formats::module::ModuleSpec;
use std::collections::BTreeSet;

/// The packages of all installed profiles, each as the newest active document of its stream names them, else the newest
/// one there is.
pub(super) fn installed_names(
    streams: &Streams<'_, '_>,
    active: &ActiveStreams,
    states: &ModuleStates,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (module, state) in &states.0 {
        let ModuleState::Enabled { stream, profiles } = state else { continue };
        let Some(spec) = ModuleSpec::parse(&format!("{module}:{stream}")) else { continue };
        let documents = streams.matching(&spec);
        let in_force = newest(streams, &active_of(active, &documents));
        let Some(document) = in_force.or_else(|| newest(streams, &documents)) else { continue };
        let named = profiles_of(streams, document).into_iter();
        let installed = named.filter(|(profile, _)| profiles.contains(profile));
        found.extend(installed.flat_map(|(_, packages)| packages));
    }
    found
}
