//! Which documents an argument means.

use super::{DocumentRef, Streams};
use crate::module_spec::{Field, ModuleSpec};

impl Streams<'_, '_> {
    /// The documents that an argument means, in libdnf's order. The profile plays no part.
    pub fn matching(&self, spec: &ModuleSpec) -> Vec<DocumentRef> {
        let [stream, version, context, arch] =
            [&spec.stream, &spec.version, &spec.context, &spec.arch]
                .map(|field| Field::new(field.as_deref()));
        let mut found = Vec::new();
        for repo in self.repos() {
            let candidates: Vec<DocumentRef> = match Field::new(Some(&spec.name)) {
                Field::Literal(name) => self.of_module(repo, &name).collect(),
                name => {
                    let count = self.universe.repo(repo).hot.modules.len() as u32;
                    let all = (0..count).map(|document| DocumentRef { repo, document });
                    all.filter(|document| name.matches(&self.identity(*document).name)).collect()
                }
            };
            found.extend(candidates.into_iter().filter(|document| {
                let identity = self.identity(*document);
                stream.matches(&identity.stream)
                    && version.matches(&identity.version.to_string())
                    && context.matches(&identity.context)
                    && arch.matches(identity.arch_or_noarch())
            }));
        }
        found.sort_by_cached_key(|document| self.place(*document));
        found
    }
}
