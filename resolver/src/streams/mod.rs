//! Stage one: which module streams are active.
//!
//! libdnf 0.69 asks its package solver, over one solvable for each stream document, and so does this: the rules are those
//! of `module-resolution.md`, section 4, the solver is [`crate::solve`].
//!
//! | file | holds |
//! |---|---|
//! | `states` | what the user decided |
//! | `indexes` | where the solvables come from |
//! | `defaults` | default streams and profiles of all repositories |
//! | `attempts` | the four attempts |
//! | `active` | the outcome |
//! | `reason` | why a stream cannot be |
//! | `select` | which documents an argument means |

mod active;
mod attempts;
mod defaults;
mod indexes;
mod reason;
mod select;
mod states;

pub use active::{ActiveStreams, ErrorClass};
pub use defaults::MergedDefaults;
pub use indexes::{DocumentRef, StreamIndexes, StreamsError};
pub use reason::{Reason, Solvable};
pub use states::{ModuleState, ModuleStates};

use crate::store::universe::{NameRef, PackageId, Universe};
use crate::system::FAIL_SAFE_REPO;
use modex_formats::index::one_stream;
use modex_formats::index::section::modules::Document;
use modex_formats::module::{Defaults, Nsvca, OnConflict};

/// What else decides.
#[derive(Clone, Copy, Debug, Default)]
pub struct StreamOptions<'a> {
    /// Local defaults files (`/etc/dnf/modules.defaults.d`), which replace a module's defaults as a whole.
    pub local_defaults: &'a [Defaults],
    /// What a conflict between the repositories' defaults costs.
    pub on_conflict: OnConflict,
}

/// The module streams of all repositories.
pub struct Streams<'u, 'a> {
    universe: &'u Universe<'a>,
    solvables: Universe<'a>,
    /// By repository of `solvables`, the platform's left out: the repository of `universe`.
    origins: Vec<u32>,
    /// By solvable, the platform's left out, where they were made anew.
    made: Option<&'a [DocumentRef]>,
    defaults: MergedDefaults<'a>,
}

impl<'u, 'a> Streams<'u, 'a> {
    /// Opens the streams of a universe's repositories. `arch` is the system's architecture.
    ///
    /// # Errors
    /// An index is damaged.
    pub fn new(
        universe: &'u Universe<'a>,
        indexes: &'a StreamIndexes,
        arch: &str,
        options: StreamOptions<'a>,
    ) -> Result<Self, StreamsError> {
        let (solvables, origins) = indexes.universe(universe, arch)?;
        Ok(Streams {
            universe,
            solvables,
            origins,
            made: indexes.made.as_ref().map(|made| made.documents.as_slice()),
            defaults: MergedDefaults::new(universe, options.local_defaults, options.on_conflict),
        })
    }

    /// The repositories.
    pub fn universe(&self) -> &'u Universe<'a> {
        self.universe
    }

    /// The merged defaults.
    pub fn defaults(&self) -> &MergedDefaults<'a> {
        &self.defaults
    }

    /// What could not be read so far, here or in the repositories.
    pub fn damage(&self) -> Option<&'static str> {
        self.solvables.damage().or_else(|| self.universe.damage())
    }

    /// A document's row.
    pub fn row(&self, document: DocumentRef) -> Option<Document> {
        let row = self.universe.repo(document.repo).hot.modules.get(document.document);
        self.universe.sound(row.map(Some), "MODU")
    }

    /// A name id of a document's index as text.
    pub(crate) fn text(&self, document: DocumentRef, id: u32) -> &'a str {
        self.universe.name_text(NameRef { repo: document.repo, name: id })
    }

    /// A document's identity.
    pub fn identity(&self, document: DocumentRef) -> Nsvca {
        let Some(row) = self.row(document) else { return Nsvca::default() };
        let text = |id: u32| self.text(document, id).to_owned();
        Nsvca {
            name: text(row.module),
            stream: text(row.stream),
            version: row.version,
            context: row.context.map(text).unwrap_or_default(),
            arch: row.arch.map(text).unwrap_or_default(),
        }
    }

    /// The documents of a module in a repository.
    pub(crate) fn of_module(
        &self,
        repo: u32,
        module: &str,
    ) -> impl Iterator<Item = DocumentRef> + use<'a> {
        let hot = &self.universe.repo(repo).hot;
        let found = if hot.modules.is_empty() { None } else { hot.names.find(module) };
        let range = found.map_or(0..0, |module| hot.modules.of_module(module));
        range.map(move |document| DocumentRef { repo, document })
    }

    /// Whether any repository has a document of a stream.
    pub(crate) fn has_stream(&self, module: &str, stream: &str) -> bool {
        self.repos().any(|repo| self.universe.repo(repo).hot.has_stream(module, stream))
    }

    /// Whether a document is a fail-safe copy.
    pub(crate) fn is_fail_safe(&self, document: DocumentRef) -> bool {
        self.universe.repo(document.repo).options.id == FAIL_SAFE_REPO
    }

    /// Numbers of the repositories.
    pub(crate) fn repos(&self) -> std::ops::Range<u32> {
        0..self.universe.repos().len() as u32
    }

    /// Where a document stands among libdnf's: static contexts first, then by repository, module and place.
    pub(crate) fn place(&self, document: DocumentRef) -> (bool, u32, u32, u32) {
        let row = self.row(document);
        let (fixed, module, order) =
            row.map_or((false, 0, 0), |row| (row.is_static, row.module, row.order));
        (!fixed, document.repo, module, order)
    }

    /// The document of a solvable; `None` for the platform.
    pub(crate) fn document(&self, solvable: PackageId) -> Option<DocumentRef> {
        let platform = self.solvables.installed().end;
        let at = solvable.0.checked_sub(platform)?;
        if let Some(made) = self.made {
            return made.get(at as usize).copied();
        }
        let (inner, local) = self.solvables.locate(solvable);
        let repo = *self.origins.get(inner.checked_sub(u32::from(platform > 0))? as usize)?;
        let document = self.universe.repo(repo).hot.solvables?.document(local);
        Some(DocumentRef { repo, document: self.solvables.sound(document.map(Some), "MSLD")? })
    }

    /// The solvables that provide a text and can be chosen, ids ascending.
    fn providers(&self, text: &str) -> Vec<PackageId> {
        let find = |repo: u32| self.solvables.find_name(repo, text);
        let name = (0..self.solvables.repos().len() as u32).find_map(find);
        name.map(|name| self.solvables.providers_of_name(name)).unwrap_or_default()
    }

    /// The solvables of one stream that can be chosen.
    fn of_stream(&self, module: &str, stream: &str) -> Vec<PackageId> {
        self.providers(&one_stream(module, stream))
    }
}
