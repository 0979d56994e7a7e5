//! The streams and what they hide, as a request would find them.

use crate::error::ResolveError;
use crate::modules::{ModuleRequest, Stage};
use crate::request::{Request, Words};
use crate::resolve::Options;
use crate::store::universe::{PackageId, Universe};
use crate::streams::{ActiveStreams, DocumentRef, Streams};
use crate::visible::Visible;
use crate::world::World;

/// What an explanation looks at.
pub(super) struct Scene<'s> {
    pub(super) world: &'s World<'s>,
    pub(super) universe: &'s Universe<'s>,
    pub(super) streams: &'s Streams<'s, 's>,
    pub(super) active: &'s ActiveStreams,
    pub(super) visible: &'s Visible<'s, 's>,
    pub(super) options: &'s Options,
}

impl World<'_> {
    /// Looks at this world as it is before any command.
    pub(super) fn scene<T>(
        &self,
        options: &Options,
        look: impl FnOnce(&Scene<'_>) -> T,
    ) -> Result<T, ResolveError> {
        let universe = self.universe();
        self.with_streams(|streams| {
            let before = ModuleRequest::new(self.system().modules.clone());
            let stage =
                Stage::new(streams, before, &Request::default(), options.module_obsoletes, true);
            let mut visible = Visible::new(universe, &stage.active);
            visible.exclude(self.excluded(options));
            let active = &stage.active;
            let found =
                look(&Scene { world: self, universe, streams, active, visible: &visible, options });
            self.check().map(|()| found)
        })
    }
}

impl Scene<'_> {
    /// The packages that a word means: visible ones, or all with those of any architecture.
    pub(super) fn meant(&self, word: &str, everything: bool) -> Vec<PackageId> {
        let all = Visible::all(self.universe);
        let visible = if everything { &all } else { self.visible };
        let owners = |repo: u32, path: &str| self.world.path_owners(repo, path);
        let words = Words::new(self.universe, visible, &owners).with_sources(everything);
        let mut found = words.find(word).map(|it| it.packages).unwrap_or_default();
        if everything {
            found.extend(self.foreign(word));
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// The packages of foreign architectures that are called so, with or without architecture or version.
    fn foreign(&self, word: &str) -> Vec<PackageId> {
        let universe = self.universe;
        let names = [Some(word), word.rsplit_once('.').map(|(name, _)| name)];
        let nevra = modex_formats::rpm::Nevra::parse(word).map(|nevra| nevra.name);
        let mut found = Vec::new();
        for name in names.into_iter().chain([nevra]).flatten() {
            let known =
                (0..universe.repos().len() as u32).find_map(|repo| universe.find_name(repo, name));
            let packages = known.into_iter().flat_map(|name| universe.of_name(name));
            found.extend(packages.filter(|package| {
                let arch = universe.arch_text(*package);
                let is_meant = name == word
                    || word.strip_prefix(name) == Some(&format!(".{arch}"))
                    || universe.identity(*package).short() == word
                    || universe.nevra(*package) == word;
                is_meant && !universe.arch(*package).fits() && !matches!(arch, "src" | "nosrc")
            }));
        }
        found
    }

    /// A document's stream, `MODULE:STREAM`.
    pub(super) fn stream(&self, document: DocumentRef) -> String {
        let identity = self.streams.identity(document);
        format!("{}:{}", identity.name, identity.stream)
    }

    /// The streams of documents, each once.
    pub(super) fn streams_of(&self, documents: &[DocumentRef]) -> Vec<String> {
        let mut found: Vec<String> = documents.iter().map(|it| self.stream(*it)).collect();
        found.sort();
        found.dedup();
        found
    }

    /// Every document of a module.
    pub(super) fn documents(&self, module: &str) -> Vec<DocumentRef> {
        self.streams.repos().flat_map(|repo| self.streams.of_module(repo, module)).collect()
    }

    /// The id of a package's repository.
    pub(super) fn repo(&self, package: PackageId) -> &str {
        &self.universe.repo(self.universe.locate(package).0).options.id
    }
}
