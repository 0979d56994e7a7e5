//! Which documents an argument means.

use super::{DocumentRef, Streams};
use modex_formats::module::{FieldPattern, ModuleSpec};

impl Streams<'_, '_> {
    /// The documents that an argument means, in libdnf's order. The profile plays no part.
    pub fn matching(&self, spec: &ModuleSpec) -> Vec<DocumentRef> {
        let patterns = spec.patterns();
        let mut found = Vec::new();
        for repo in self.repos() {
            let candidates: Vec<DocumentRef> = match &patterns.name {
                FieldPattern::Literal(name) => self.of_module(repo, name).collect(),
                _ => {
                    let count = self.universe.repo(repo).hot.modules.len() as u32;
                    (0..count).map(|document| DocumentRef { repo, document }).collect()
                }
            };
            let meant = |document: &DocumentRef| patterns.matches(&self.identity(*document));
            found.extend(candidates.into_iter().filter(meant));
        }
        found.sort_by_cached_key(|document| self.place(*document));
        found
    }
}
