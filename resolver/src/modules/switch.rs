//! `module switch-to`: what is installed of the stream that is left moves to the stream that is taken.

use super::documents::{artifact_names, visible_of_name};
use super::install::Profiles;
use super::request::Matched;
use crate::solve::{Job, Work};
use crate::store::universe::{PackageId, Universe};
use crate::streams::{ActiveStreams, DocumentRef, Streams};
use crate::visible::Visible;
use std::collections::BTreeSet;

/// What moves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switch {
    /// Names of packages of the new streams.
    new: BTreeSet<String>,
    /// Names of packages of the streams that were active before.
    old: BTreeSet<String>,
}

impl Switch {
    /// From the streams that were active before to those that arguments mean.
    pub(super) fn new(
        streams: &Streams<'_, '_>,
        before: &ActiveStreams,
        matched: &[Matched],
        profiles: &Profiles,
    ) -> Self {
        let of_modules = |document: &DocumentRef| {
            let module = streams.identity(*document).name;
            matched.iter().any(|one| one.module == module)
        };
        Switch {
            new: artifact_names(streams, profiles.documents.iter().copied(), false),
            old: artifact_names(streams, before.documents().filter(of_modules), false),
        }
    }

    /// A job for each installed name: to what the new streams have of it, else to whatever is visible. Packages whose name
    /// nobody has any more, and the new streams do not know, are given back: they go where nothing needs them.
    pub(super) fn jobs(
        &self,
        universe: &Universe<'_>,
        visible: &Visible<'_, '_>,
        profiles: &Profiles,
    ) -> (Vec<Job>, Vec<PackageId>) {
        let (mut jobs, mut gone) = (Vec::new(), Vec::new());
        for name in self.new.union(&self.old) {
            let mut candidates = visible_of_name(universe, visible, name);
            let (installed, available): (Vec<PackageId>, Vec<PackageId>) =
                candidates.iter().copied().partition(|package| universe.is_installed(*package));
            if installed.is_empty() {
                continue;
            }
            if available.is_empty() {
                if !self.new.contains(name) {
                    gone.extend(installed);
                }
                continue;
            }
            let own = |package: &PackageId| profiles.is_own_for(universe, *package, name);
            if candidates.iter().any(own) {
                candidates.retain(own);
            }
            let work = Work::DistroSync { targeted: false };
            jobs.push(Job::new(work, candidates, name));
        }
        (jobs, gone)
    }
}
