//! What is on one side and not on the other.

use super::inventory::{Inventory, Key};
use crate::document::Entry;
use modex_formats::module::{Nsvca, shown};
use modex_formats::rpm::Evr;
use modex_resolver::streams::ModuleState;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// All that differs, each list sorted by name.
#[derive(Debug, Default, Serialize)]
pub(super) struct Difference {
    only_a: Vec<String>,
    only_b: Vec<String>,
    /// In another version on both sides.
    versions: Vec<Versions>,
    /// Of the same version, but not the same file.
    files: Vec<Pair>,
    /// Decisions about modules.
    modules: Vec<Pair>,
    /// Builds of a module stream, by `NAME:STREAM`.
    builds: Vec<Builds>,
    /// Modules documents, by repository.
    module_metadata: Vec<Pair>,
}

/// A package whose version differs.
#[derive(Debug, Serialize)]
struct Versions {
    package: String,
    a: String,
    b: String,
    /// `a`, `b`, or `neither` where only the spelling differs.
    newer: &'static str,
}

/// Something that is one thing in A and another one in B.
#[derive(Debug, Serialize)]
struct Pair {
    of: String,
    what: &'static str,
    a: String,
    b: String,
}

/// The builds of a stream that only one side has.
#[derive(Debug, Serialize)]
struct Builds {
    stream: String,
    a: Vec<String>,
    b: Vec<String>,
}

impl Difference {
    pub(super) fn of(a: &Inventory, b: &Inventory) -> Self {
        let mut difference = Difference::default();
        let keys: BTreeSet<&Key> = a.packages.keys().chain(b.packages.keys()).collect();
        for key in keys {
            let of = |side: &'_ Inventory| side.packages.get(key).cloned().unwrap_or_default();
            difference.package(key, of(a), of(b));
        }
        difference.decisions(a, b);
        if a.modules.is_some() && b.modules.is_some() {
            difference.builds(&a.builds, &b.builds);
        }
        let all: BTreeSet<_> = a.metadata.keys().chain(b.metadata.keys()).collect();
        // Only lock files have them.
        for key in all.into_iter().filter(|_| a.is_lock && b.is_lock) {
            let of =
                |side: &Inventory| side.metadata.get(key).map_or("none", String::as_str).to_owned();
            let of_repo = named(key.0.as_deref(), &key.1);
            difference.module_metadata.extend(Pair::of(of_repo, "modules document", of(a), of(b)));
        }
        difference
    }

    /// Compares what both sides have of a name and architecture.
    fn package(&mut self, key: &Key, mut a: Vec<Entry>, mut b: Vec<Entry>) {
        let text = |entry: &Entry| {
            let name = named(key.section.as_deref(), &entry.to_string());
            if key.goes { format!("{name} (removed)") } else { name }
        };
        a.retain(|left| {
            let Some(at) = b.iter().position(|right| is_same_version(left, right)) else {
                return true;
            };
            let right = b.swap_remove(at);
            for (what, left_has, right_has) in [
                ("checksum", &left.checksum, &right.checksum),
                ("repository", &left.repo, &right.repo),
            ] {
                if let (Some(a), Some(b)) = (left_has, right_has) {
                    self.files.extend(Pair::of(text(left), what, a.clone(), b.clone()));
                }
            }
            false
        });
        if let ([left], [right]) = (&a[..], &b[..]) {
            let order = Evr::parse(&left.evr).compare(&Evr::parse(&right.evr));
            self.versions.push(Versions {
                package: named(key.section.as_deref(), &name_and_arch(key)),
                a: left.evr.clone(),
                b: right.evr.clone(),
                newer: if order.is_gt() {
                    "a"
                } else if order.is_lt() {
                    "b"
                } else {
                    "neither"
                },
            });
            return;
        }
        self.only_a.extend(a.iter().map(text));
        b.sort_by(|left, right| left.evr.cmp(&right.evr));
        self.only_b.extend(b.iter().map(text));
    }

    fn decisions(&mut self, a: &Inventory, b: &Inventory) {
        let (Some(left), Some(right)) = (&a.modules, &b.modules) else { return };
        let names: BTreeSet<&String> = match (a.is_change, b.is_change) {
            // A plan tells only of modules that change.
            (true, false) => left.keys().collect(),
            (false, true) => right.keys().collect(),
            _ => left.keys().chain(right.keys()).collect(),
        };
        for name in names {
            let text = |side: &BTreeMap<String, Option<ModuleState>>| {
                decision(side.get(name).and_then(Option::as_ref))
            };
            self.modules.extend(Pair::of(name.clone(), "module", text(left), text(right)));
        }
    }

    fn builds(&mut self, a: &BTreeSet<Nsvca>, b: &BTreeSet<Nsvca>) {
        let differ: BTreeSet<&Nsvca> = a.symmetric_difference(b).collect();
        let mut streams: BTreeMap<String, Vec<&Nsvca>> = BTreeMap::new();
        for build in differ {
            streams.entry(format!("{}:{}", build.name, build.stream)).or_default().push(build);
        }
        for (stream, builds) in streams {
            let mut found = Builds { stream, a: Vec::new(), b: Vec::new() };
            // The context is told only where it is what tells builds apart.
            for (build, text) in builds.iter().zip(shown(builds.iter().copied())) {
                let side = if a.contains(*build) { &mut found.a } else { &mut found.b };
                side.push(text);
            }
            self.builds.push(found);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        let Difference { only_a, only_b, versions, files, modules, builds, module_metadata } = self;
        [only_a, only_b].iter().all(|list| list.is_empty())
            && [files, modules, module_metadata].iter().all(|list| list.is_empty())
            && versions.is_empty()
            && builds.is_empty()
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        // What a hostile file says stays on its line.
        let mut line = |what: &str, text: &str| writeln!(out, "{what:<11} {}", text.escape_debug());
        for text in &self.only_a {
            line("only in A", text)?;
        }
        for text in &self.only_b {
            line("only in B", text)?;
        }
        for Versions { package, a, b, newer } in &self.versions {
            let what = match *newer {
                "a" => "newer in A",
                "b" => "newer in B",
                _ => "spelling",
            };
            line(what, &format!("{package}: A {a}, B {b}"))?;
        }
        for pair in &self.files {
            line(pair.what, &pair.text())?;
        }
        for pair in self.modules.iter() {
            line("module", &pair.text())?;
        }
        for Builds { stream, a, b } in &self.builds {
            let side = |builds: &[String]| match builds {
                [] => String::from("none"),
                builds => builds.join(" "),
            };
            line("build", &format!("{stream}: A {}, B {}", side(a), side(b)))?;
        }
        for pair in &self.module_metadata {
            line("modules of", &pair.text())?;
        }
        Ok(())
    }
}

impl Pair {
    /// `None` where both sides are the same.
    fn of(of: String, what: &'static str, a: String, b: String) -> Option<Self> {
        (a != b).then_some(Pair { of, what, a, b })
    }

    fn text(&self) -> String {
        let Pair { of, a, b, .. } = self;
        format!("{of}: A {a}, B {b}")
    }
}

/// A name, behind its part of a lock file.
fn named(section: Option<&str>, name: &str) -> String {
    section.map_or_else(|| name.to_owned(), |section| format!("{section}: {name}"))
}

fn name_and_arch(key: &Key) -> String {
    let goes = if key.goes { " (removed)" } else { "" };
    match key.arch.as_str() {
        "" => format!("{}{goes}", key.name),
        arch => format!("{}.{arch}{goes}", key.name),
    }
}

/// Whether two entries of a name are of one version. An epoch counts where both sides know it.
pub(super) fn is_same_version(a: &Entry, b: &Entry) -> bool {
    let (left, right) = (Evr::parse(&a.evr), Evr::parse(&b.evr));
    (left.version, left.release) == (right.version, right.release)
        && (!a.knows_epoch || !b.knows_epoch || left.epoch == right.epoch)
}

fn decision(state: Option<&ModuleState>) -> String {
    match state {
        None => String::from("undecided"),
        Some(ModuleState::Disabled) => String::from("disabled"),
        Some(ModuleState::Enabled { stream, profiles }) => {
            let mut profiles: Vec<&str> = profiles.iter().map(String::as_str).collect();
            profiles.sort_unstable();
            profiles.dedup();
            match profiles[..] {
                [] => format!("enabled {stream}"),
                _ => format!("enabled {stream} [{}]", profiles.join(" ")),
            }
        }
    }
}
