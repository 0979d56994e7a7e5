//! `module …`: what there is of modules, and what was decided about it.

mod info;
mod list;
mod packages;

pub(crate) use info::info;
pub(crate) use list::list;
pub(crate) use packages::{provides, repoquery};

use super::missing;
use crate::error::Failure;
use crate::world::Opened;
use modex_formats::module::{ModuleSpec, Nsvca};
use modex_resolver::World;
use modex_resolver::store::universe::{NameRef, Universe};
use modex_resolver::streams::{ActiveStreams, DocumentRef, ModuleState, ModuleStates, Streams};
use std::io::{self, Write};

/// The streams of a world with everything that marks them.
struct Modules<'m, 'u, 'a> {
    opened: &'m Opened,
    world: &'m World<'a>,
    universe: &'u Universe<'a>,
    streams: &'m Streams<'u, 'a>,
    active: ActiveStreams,
    states: &'m ModuleStates,
}

/// Opens the streams of a world for a command.
fn with<T>(
    opened: &Opened,
    world: &World<'_>,
    work: impl FnOnce(&Modules<'_, '_, '_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    if world.platform().is_none()
        && world.universe().repos().iter().any(|it| !it.hot.modules.is_empty())
    {
        let note = "no platform is known (--platform): which streams are active is not known";
        writeln!(io::stderr(), "modex: {note}")?;
    }
    world.with_streams(|streams| {
        let states = &world.system().modules;
        let active = streams.resolve(states);
        work(&Modules { opened, world, universe: world.universe(), streams, active, states })
    })
}

/// The active streams of a world, for a command.
pub(super) fn with_active<T>(
    opened: &Opened,
    world: &World<'_>,
    work: impl FnOnce(&ActiveStreams) -> Result<T, Failure>,
) -> Result<T, Failure> {
    with(opened, world, |modules| work(&modules.active))
}

/// A profile of a document.
struct Profile {
    name: String,
    packages: Vec<String>,
    is_default: bool,
    is_installed: bool,
}

impl Profile {
    /// Its name with dnf's marks.
    fn marked(&self) -> String {
        let default = if self.is_default { " [d]" } else { "" };
        let installed = if self.is_installed { " [i]" } else { "" };
        [&self.name, default, installed].concat()
    }
}

impl Modules<'_, '_, '_> {
    /// The documents that patterns mean, each once; all where there is no pattern.
    fn matching(&self, patterns: &[String]) -> Vec<DocumentRef> {
        let mut found: Vec<DocumentRef> = match patterns {
            [] => (0..self.universe.repos().len() as u32)
                .flat_map(|repo| {
                    let count = self.universe.repo(repo).hot.modules.len() as u32;
                    (0..count).map(move |document| DocumentRef { repo, document })
                })
                .collect(),
            patterns => patterns.iter().flat_map(|pattern| self.meant(pattern)).collect(),
        };
        found.sort_by_key(|document| (self.streams.identity(*document), document.repo));
        found.dedup();
        found
    }

    /// The documents that a pattern means; says so where it means none.
    fn meant(&self, pattern: &str) -> Vec<DocumentRef> {
        let spec = ModuleSpec::parse(pattern);
        let documents = spec.map(|spec| self.streams.matching(&spec)).unwrap_or_default();
        if documents.is_empty() {
            missing("matches", pattern);
        }
        documents
    }

    fn repo(&self, document: DocumentRef) -> &str {
        &self.universe.repo(document.repo).options.id
    }

    fn is_default(&self, identity: &Nsvca) -> bool {
        self.streams.defaults().stream(&identity.name) == Some(identity.stream.as_str())
    }

    fn is_enabled(&self, identity: &Nsvca) -> bool {
        self.states.enabled(&identity.name) == Some(identity.stream.as_str())
    }

    fn is_disabled(&self, identity: &Nsvca) -> bool {
        self.states.is_disabled(&identity.name)
    }

    /// dnf's marks of a stream: default, enabled or disabled, and active where asked.
    fn marks(&self, document: DocumentRef, identity: &Nsvca, active: bool) -> String {
        let mut marks = String::new();
        for (holds, mark) in [
            (self.is_default(identity), "[d]"),
            (self.is_enabled(identity), "[e]"),
            (self.is_disabled(identity), "[x]"),
            (active && self.active.is_active(document), "[a]"),
        ] {
            if holds {
                marks.push_str(if marks.is_empty() { " " } else { "" });
                marks.push_str(mark);
            }
        }
        marks
    }

    /// The profiles of a document, by name.
    fn profiles(&self, document: DocumentRef, identity: &Nsvca) -> Vec<Profile> {
        let Nsvca { name: module, stream, .. } = identity;
        let text =
            |name: u32| self.universe.name_text(NameRef { repo: document.repo, name }).to_owned();
        let defaults = self.streams.defaults().profiles(self.universe, module, stream);
        let installed = match self.states.get(module) {
            Some(ModuleState::Enabled { stream: enabled, profiles }) if enabled == stream => {
                &profiles[..]
            }
            _ => &[],
        };
        let hot = &self.universe.repo(document.repo).hot;
        let mut found: Vec<Profile> = Vec::new();
        for (profile, package) in hot.modules.profiles(document.document) {
            let name = text(profile);
            if found.last().is_none_or(|profile| profile.name != name) {
                found.push(Profile {
                    is_default: defaults.contains(&name),
                    is_installed: installed.contains(&name),
                    packages: Vec::new(),
                    name,
                });
            }
            if let (Some(profile), Some(package)) = (found.last_mut(), package) {
                profile.packages.push(text(package));
            }
        }
        found
    }
}
