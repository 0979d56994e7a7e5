//! What module documents say of packages.

use crate::store::universe::{PackageId, Universe};
use crate::streams::{ActiveStreams, DocumentRef, Streams};
use crate::visible::Visible;
use modex_formats::module::FieldPattern;
use std::collections::BTreeSet;

/// The visible packages of a name, installed ones included, sources not; ids ascending.
pub(super) fn visible_of_name(
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
pub(super) fn newest(streams: &Streams<'_, '_>, documents: &[DocumentRef]) -> Option<DocumentRef> {
    let version = |document: DocumentRef| streams.row(document).map_or(0, |row| row.version);
    documents
        .iter()
        .copied()
        .reduce(|best, next| if version(next) > version(best) { next } else { best })
}

/// A profile's name and packages, both sorted.
pub(super) type Listed = (String, Vec<String>);

/// The profiles of a document, by name.
pub(super) fn profiles_of(streams: &Streams<'_, '_>, document: DocumentRef) -> Vec<Listed> {
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

/// The profiles that a glob means.
pub(super) fn profiles_matching(all: &[Listed], pattern: &str) -> Vec<Listed> {
    let pattern = FieldPattern::new(Some(pattern));
    all.iter().filter(|(name, _)| pattern.matches(name)).cloned().collect()
}

/// The names of what documents list, source packages included or not.
pub(super) fn artifact_names(
    streams: &Streams<'_, '_>,
    documents: impl IntoIterator<Item = DocumentRef>,
    sources: bool,
) -> BTreeSet<String> {
    let universe = streams.universe();
    let mut found = BTreeSet::new();
    for document in documents {
        let hot = &universe.repo(document.repo).hot;
        let text = |name: u32| streams.text(document, name).to_owned();
        if !sources {
            let names = universe.sound(hot.artifacts.names(document.document), "MNAM");
            found.extend(names.iter().map(|name| text(name.get())));
            continue;
        }
        let artifacts = universe.sound(hot.artifacts.of_document(document.document), "MART");
        let rows = artifacts.iter().filter_map(|artifact| hot.artifacts.get(artifact.get()));
        found.extend(rows.map(|row| text(row.name)));
    }
    found
}

/// The active ones of some documents.
pub(super) fn active_of(active: &ActiveStreams, documents: &[DocumentRef]) -> Vec<DocumentRef> {
    documents.iter().copied().filter(|document| active.is_active(*document)).collect()
}
