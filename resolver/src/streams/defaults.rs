//! Default streams and profiles of all repositories together.

use crate::store::universe::Universe;
use modex_formats::index::section::modules::DefaultStream;
use modex_formats::module::defaults::{self, Defaults, Intent, MergeConflict, OnConflict};
use std::borrow::Cow;

/// Where the profiles of an entry are.
enum Origin {
    /// In the index of one repository: its number, and the module's name id there.
    Stored(u32, u32),
    /// Merged from several, or laid over them.
    Made(Defaults),
}

struct Entry<'a> {
    module: &'a str,
    stream: Option<Cow<'a, str>>,
    origin: Origin,
    /// Where only one repository speaks of the module: its number, and the ids of module and stream there.
    ids: Option<(u32, u32, u32)>,
}

/// A module's default stream.
#[derive(Clone, Copy)]
pub(crate) struct DefaultOf<'d> {
    pub(crate) module: &'d str,
    pub(crate) stream: &'d str,
    /// Repository, module id and stream id, where only one repository speaks of the module.
    pub(crate) ids: Option<(u32, u32, u32)>,
}

/// The merged defaults. What only one repository says is not copied.
pub struct MergedDefaults<'a> {
    /// By module name, each once.
    entries: Vec<Entry<'a>>,
    /// What could not be reconciled; by dnf's rule there are no defaults at all then.
    pub conflicts: Vec<MergeConflict>,
}

/// One module's defaults in one repository.
#[derive(Clone, Copy)]
struct Stated<'a> {
    module: &'a str,
    repo: u32,
    row: DefaultStream,
}

impl<'a> MergedDefaults<'a> {
    /// Merges the defaults of all repositories by libmodulemd's rule (`modulemd.md` 5.1) and lays `higher` over them, the
    /// local files of a higher priority. Work is proportional to the number of modules with defaults; only those of
    /// several repositories are read whole.
    pub(crate) fn new(
        universe: &Universe<'a>,
        higher: &'a [Defaults],
        on_conflict: OnConflict,
    ) -> Self {
        let mut all: Vec<Stated<'a>> = Vec::new();
        let mut sources = 0;
        for (repo, index) in universe.repos().iter().enumerate() {
            let before = all.len();
            all.extend(index.hot.modules.defaults().map(|row| Stated {
                module: universe.sound(index.hot.names.get(row.module), "NAMS"),
                repo: repo as u32,
                row,
            }));
            sources += usize::from(all.len() > before);
        }
        if sources > 1 {
            // Stable: of one module, the repositories stay in load order.
            all.sort_by_key(|stated| stated.module);
        }
        let mut merged = MergedDefaults { entries: Vec::new(), conflicts: Vec::new() };
        for group in all.chunk_by(|a, b| a.module == b.module) {
            merged.add(universe, group, on_conflict);
        }
        if on_conflict == OnConflict::NoDefaultsAtAll && !merged.conflicts.is_empty() {
            merged.entries.clear();
            return merged;
        }
        for document in higher {
            let entry = Entry {
                module: &document.module,
                stream: document.stream.as_deref().map(Cow::Borrowed),
                origin: Origin::Made(document.clone()),
                ids: None,
            };
            match merged.position(&document.module) {
                Ok(at) => merged.entries[at] = entry,
                Err(at) => merged.entries.insert(at, entry),
            }
        }
        merged
    }

    fn add(&mut self, universe: &Universe<'a>, group: &[Stated<'a>], on_conflict: OnConflict) {
        let text = |stated: &Stated<'a>| {
            let names = universe.repo(stated.repo).hot.names;
            stated.row.stream.map(|stream| universe.sound(names.get(stream), "NAMS"))
        };
        if let [only] = group {
            self.entries.push(Entry {
                module: only.module,
                stream: text(only).map(Cow::Borrowed),
                origin: Origin::Stored(only.repo, only.row.module),
                ids: only.row.stream.map(|stream| (only.repo, only.row.module, stream)),
            });
            return;
        }
        let documents: Vec<Defaults> = group
            .iter()
            .map(|stated| Defaults {
                module: stated.module.to_owned(),
                stream: text(stated).map(str::to_owned),
                modified: stated.row.modified,
                profiles: stored_profiles(universe, stated.repo, stated.row.module),
                intents: stored_intents(universe, stated.repo, stated.row.module),
            })
            .collect();
        let mut outcome = defaults::merge(documents.iter().map(std::slice::from_ref), on_conflict);
        self.conflicts.append(&mut outcome.conflicts);
        self.entries.extend(outcome.defaults.into_iter().map(|merged| Entry {
            module: group[0].module,
            stream: merged.stream.clone().map(Cow::Owned),
            origin: Origin::Made(merged),
            ids: None,
        }));
    }

    fn position(&self, module: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.module.cmp(module))
    }

    /// The default stream of a module.
    pub fn stream(&self, module: &str) -> Option<&str> {
        self.entries[self.position(module).ok()?].stream.as_deref()
    }

    /// Every module that has a default stream, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = DefaultOf<'_>> {
        self.entries.iter().filter_map(|entry| {
            let stream = entry.stream.as_deref()?;
            Some(DefaultOf { module: entry.module, stream, ids: entry.ids })
        })
    }

    /// Every module that has a default stream, by name, with the stream.
    pub fn streams(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all().map(|found| (found.module, found.stream))
    }

    /// The default profiles of a stream, sorted; none where nothing is said or none is said to be.
    pub fn profiles(&self, universe: &Universe<'a>, module: &str, stream: &str) -> Vec<String> {
        let Ok(at) = self.position(module) else { return Vec::new() };
        let of = |profiles: &[(String, Vec<String>)]| {
            let found = profiles.iter().find(|(name, _)| name == stream);
            found.map(|(_, names)| names.clone()).unwrap_or_default()
        };
        match &self.entries[at].origin {
            Origin::Stored(repo, name) => of(&stored_profiles(universe, *repo, *name)),
            Origin::Made(defaults) => of(&defaults.profiles),
        }
    }
}

/// The default profiles of a module as an index has them, by stream.
fn stored_profiles(universe: &Universe<'_>, repo: u32, module: u32) -> Vec<(String, Vec<String>)> {
    by_stream(universe, repo, universe.repo(repo).hot.modules.default_profiles(module))
}

/// The intents of a module's defaults in one index. Nobody chooses by them, but they can be what two documents disagree
/// about.
fn stored_intents(universe: &Universe<'_>, repo: u32, module: u32) -> Vec<(String, Intent)> {
    let hot = &universe.repo(repo).hot;
    let text = |id: u32| universe.sound(hot.names.get(id), "NAMS").to_owned();
    let intents = hot.intents.of_module(module).map(|tables| {
        let profiles = by_stream(universe, repo, tables.profiles);
        (text(tables.intent), Intent { stream: tables.stream.map(text), profiles })
    });
    intents.collect()
}

/// Rows of (stream, profile) as lists of profiles by stream.
fn by_stream(
    universe: &Universe<'_>,
    repo: u32,
    rows: impl IntoIterator<Item = (u32, Option<u32>)>,
) -> Vec<(String, Vec<String>)> {
    let hot = &universe.repo(repo).hot;
    let text = |id: u32| universe.sound(hot.names.get(id), "NAMS").to_owned();
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut before = None;
    for (stream, profile) in rows {
        if before != Some(stream) {
            found.push((text(stream), Vec::new()));
            before = Some(stream);
        }
        if let (Some(profile), Some((_, names))) = (profile, found.last_mut()) {
            names.push(text(profile));
        }
    }
    found
}
