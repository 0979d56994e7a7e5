//! Stage two: what modularity hides.
//!
//! The rule is `modular-filtering.md`, section 1, asked package by package: nothing here is proportional to the number of
//! packages or artifacts, only to what the active documents ship.

use crate::store::universe::{NameRef, PackageId, Universe};
use crate::streams::{ActiveStreams, DocumentRef};
use foldhash::{HashMap, HashMapExt, HashSet};
use std::cell::Cell;

/// Which packages are visible.
pub struct Visible<'u, 'a> {
    universe: &'u Universe<'a>,
    rule: Rule<'u>,
}

enum Rule<'u> {
    All,
    Except(Vec<bool>),
    Modular(Filter<'u>),
}

struct Filter<'u> {
    active: &'u ActiveStreams,
    /// By repository, by name id there: whether a binary artifact of an active document has the name. Empty where the
    /// repository has no active documents.
    masks: Vec<Vec<bool>>,
    /// By package: what is known.
    known: Vec<Cell<u8>>,
}

const VISIBLE: u8 = 1;
const HIDDEN: u8 = 2;
const EXCLUDED: u8 = 3;

/// Why a package is hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// Only inactive documents list it: these.
    Inactive(Vec<DocumentRef>),
    /// Active documents ship packages of a name that it has or provides.
    Masked {
        /// The name.
        name: String,
        /// The documents.
        by: Vec<DocumentRef>,
    },
    /// It was left out by hand.
    Excluded,
}

impl<'u, 'a> Visible<'u, 'a> {
    /// Everything.
    pub fn all(universe: &'u Universe<'a>) -> Self {
        Visible { universe, rule: Rule::All }
    }

    /// Everything but some packages.
    pub fn without(
        universe: &'u Universe<'a>,
        hidden: impl IntoIterator<Item = PackageId>,
    ) -> Self {
        let mut except = vec![false; universe.len() as usize];
        for package in hidden {
            if let Some(slot) = except.get_mut(package.0 as usize) {
                *slot = true;
            }
        }
        Visible { universe, rule: Rule::Except(except) }
    }

    /// What the active streams leave visible. O(what the active documents ship).
    pub fn new(universe: &'u Universe<'a>, active: &'u ActiveStreams) -> Self {
        if universe.repos().iter().all(|repo| repo.hot.modules.is_empty()) {
            return Self::all(universe);
        }
        let mut filter = Filter {
            active,
            masks: vec![Vec::new(); universe.repos().len()],
            known: vec![Cell::new(0); universe.len() as usize],
        };
        let left = Left::new(universe, active);
        for document in active.documents() {
            let hot = &universe.repo(document.repo).hot;
            let mask = &mut filter.masks[document.repo as usize];
            if mask.is_empty() {
                *mask = vec![false; hot.names.len()];
            }
            for name in universe.sound(hot.artifacts.names(document.document), "MNAM") {
                if !left.has(universe, document, name.get())
                    && let Some(slot) = mask.get_mut(name.get() as usize)
                {
                    *slot = true;
                }
            }
        }
        Visible { universe, rule: Rule::Modular(filter) }
    }

    /// Leaves packages out by hand, beside what modules hide.
    pub fn exclude(&mut self, packages: impl IntoIterator<Item = PackageId>) {
        if let Rule::All = self.rule {
            self.rule = Rule::Except(vec![false; self.universe.len() as usize]);
        }
        for package in packages.into_iter().map(|package| package.0 as usize) {
            match &mut self.rule {
                Rule::All => {}
                Rule::Except(except) => {
                    if let Some(slot) = except.get_mut(package) {
                        *slot = true;
                    }
                }
                Rule::Modular(filter) => {
                    if let Some(known) = filter.known.get(package) {
                        known.set(EXCLUDED);
                    }
                }
            }
        }
    }

    /// Whether a package is hidden. Remembered.
    pub fn is_hidden(&self, package: PackageId) -> bool {
        match &self.rule {
            Rule::All => false,
            Rule::Except(except) => except.get(package.0 as usize).is_some_and(|hidden| *hidden),
            Rule::Modular(filter) => {
                let Some(known) = filter.known.get(package.0 as usize) else { return false };
                if known.get() == 0 {
                    let hidden = filter.is_hidden(self.universe, package);
                    known.set(if hidden { HIDDEN } else { VISIBLE });
                }
                known.get() >= HIDDEN
            }
        }
    }

    /// Why a package is hidden; `None` where it is not.
    pub fn why_hidden(&self, package: PackageId) -> Option<Hidden> {
        match &self.rule {
            _ if !self.is_hidden(package) => None,
            Rule::Modular(filter) if !filter.is_excluded(package) => {
                Some(filter.why(self.universe, package))
            }
            _ => Some(Hidden::Excluded),
        }
    }
}

impl Filter<'_> {
    fn is_excluded(&self, package: PackageId) -> bool {
        self.known.get(package.0 as usize).is_some_and(|known| known.get() == EXCLUDED)
    }

    fn is_hidden(&self, universe: &Universe<'_>, package: PackageId) -> bool {
        let (repo, _) = universe.locate(package);
        if universe.is_installed(package) || universe.repo(repo).options.module_hotfixes {
            return false;
        }
        let (mut listed, mut included) = (false, false);
        universe.visit_listing(package, |document| {
            listed = true;
            included |= self.active.is_active(document);
        });
        if listed {
            return !included;
        }
        self.masking_name(universe, package).is_some() || self.masks_source(universe, package)
    }

    /// The first of the names that a package has or provides and active documents ship.
    fn masking_name(&self, universe: &Universe<'_>, package: PackageId) -> Option<NameRef> {
        if self.masks.iter().all(Vec::is_empty) {
            return None;
        }
        let own = universe.name(package);
        if self.masks_name(universe, own) {
            return Some(own);
        }
        let provided = universe.provided_names(package).into_iter().map(|(name, _)| name);
        provided.filter(|name| *name != own).find(|name| self.masks_name(universe, *name))
    }

    fn masks_name(&self, universe: &Universe<'_>, name: NameRef) -> bool {
        let mut is_package_name = None;
        (0..self.masks.len() as u32).any(|repo| {
            let mask = &self.masks[repo as usize];
            if mask.is_empty() {
                return false;
            }
            // No package is called like a soname or a path: nothing to look up elsewhere.
            if repo != name.repo
                && !*is_package_name
                    .get_or_insert_with(|| !universe.name_text(name).contains(['(', '/']))
            {
                return false;
            }
            let name = universe.translate(name, repo);
            name.and_then(|name| mask.get(name as usize)).is_some_and(|masked| *masked)
        })
    }

    /// Whether a package is a source package of which an active document ships another version.
    fn masks_source(&self, universe: &Universe<'_>, package: PackageId) -> bool {
        is_source(universe.arch_text(package)) && !self.sources_of(universe, package).is_empty()
    }

    /// The active documents that ship a source package of a source package's name.
    fn sources_of(&self, universe: &Universe<'_>, package: PackageId) -> Vec<DocumentRef> {
        let left = Left::new(universe, self.active);
        let name = universe.name(package);
        self.shipping(universe, name, &left, is_source)
    }

    /// The active documents with an artifact of a name and an architecture that passes `arch`.
    fn shipping<'a>(
        &self,
        universe: &Universe<'a>,
        name: NameRef,
        left: &Left<'a>,
        arch: impl Fn(&str) -> bool,
    ) -> Vec<DocumentRef> {
        let mut found = Vec::new();
        for (repo, index) in universe.repos().iter().enumerate() {
            let (repo, hot) = (repo as u32, &index.hot);
            if hot.artifacts.is_empty() {
                continue;
            }
            let Some(name) = universe.translate(name, repo) else { continue };
            for artifact in hot.artifacts.of_name(name) {
                let row = hot.artifacts.get(artifact);
                let text = row.and_then(|row| hot.names.get(row.arch));
                if !arch(universe.sound(text, "ARTI")) {
                    continue;
                }
                for document in universe.sound(hot.artifacts.documents(artifact), "ARDO") {
                    let document = DocumentRef { repo, document: document.get() };
                    if self.active.is_active(document) && !left.has(universe, document, name) {
                        found.push(document);
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn why(&self, universe: &Universe<'_>, package: PackageId) -> Hidden {
        let mut listing = Vec::new();
        universe.visit_listing(package, |document| listing.push(document));
        if !listing.is_empty() {
            return Hidden::Inactive(listing);
        }
        match self.masking_name(universe, package) {
            Some(name) => {
                let left = Left::new(universe, self.active);
                let by = self.shipping(universe, name, &left, |arch| !is_source(arch));
                Hidden::Masked { name: universe.name_text(name).to_owned(), by }
            }
            None => Hidden::Masked {
                name: universe.name_text(universe.name(package)).to_owned(),
                by: self.sources_of(universe, package),
            },
        }
    }
}

fn is_source(arch: &str) -> bool {
    matches!(arch, "src" | "nosrc")
}

/// Names that left a module: they hide nothing any more (`modular-filtering.md`, section 5). Of each picked solvable and
/// architecture the newest documents say which; it holds for every active document of that stream and architecture.
struct Left<'a> {
    names: HashMap<(&'a str, &'a str, &'a str), HashSet<&'a str>>,
}

impl<'a> Left<'a> {
    fn new(universe: &Universe<'a>, active: &ActiveStreams) -> Self {
        let mut left = Left { names: HashMap::new() };
        let says = |document: &DocumentRef| {
            universe.repo(document.repo).hot.modules.demodularized(document.document).len() > 0
        };
        for group in active.groups() {
            if !group.iter().any(says) {
                continue;
            }
            let rows: Vec<_> = group
                .iter()
                .filter_map(|document| Some((document, build(universe, *document)?)))
                .collect();
            for (document, (version, key)) in &rows {
                if rows.iter().any(|(_, (other, same))| same == key && other > version) {
                    continue;
                }
                let hot = &universe.repo(document.repo).hot;
                let names = hot.modules.demodularized(document.document);
                let texts = names.map(|name| universe.sound(hot.names.get(name), "MDEM"));
                left.names.entry(*key).or_default().extend(texts);
            }
        }
        left
    }

    /// Whether a name, by its id in the document's index, left the document's stream.
    fn has(&self, universe: &Universe<'a>, document: DocumentRef, name: u32) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let names = build(universe, document).and_then(|(_, key)| self.names.get(&key));
        let text = universe.repo(document.repo).hot.names.get(name);
        names.is_some_and(|names| names.contains(universe.sound(text, "NAMS")))
    }
}

/// A document's version, and its module, stream and architecture.
fn build<'a>(
    universe: &Universe<'a>,
    document: DocumentRef,
) -> Option<(u64, (&'a str, &'a str, &'a str))> {
    let hot = &universe.repo(document.repo).hot;
    let row = hot.modules.get(document.document)?;
    let text = |id: u32| universe.sound(hot.names.get(id), "NAMS");
    Some((row.version, (text(row.module), text(row.stream), row.arch.map_or("noarch", text))))
}
