//! The builds that a document can be built against.

use super::input::normalise;
use super::platform::{stated, stream_version};
use super::{ExpandError, Options};
use modex_formats::module::{ModuleStream, Nsvca, Stanza};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A build of a module.
#[derive(Clone, Debug, Default)]
pub(super) struct Build {
    /// Without the architecture: builds differ in nothing that matters here between those.
    pub(super) nsvca: Nsvca,
    /// What it needs to run: stanzas OR, modules AND, streams OR.
    pub(super) requires: Vec<Stanza>,
    /// Streams of the base module that it was built against, by base module; one of several where it only says as much.
    pub(super) against: BTreeMap<String, Vec<String>>,
    /// Whether `against` is the build service's own record.
    pub(super) recorded: bool,
    /// Virtual streams that a base module provides.
    pub(super) virtual_streams: Vec<String>,
    /// The commit that was built.
    pub(super) reference: Option<String>,
    /// Where the build system keeps its packages.
    pub(super) koji_tag: Option<String>,
    /// Nothing says that it exists.
    pub(super) assumed: bool,
}

impl Build {
    fn of(document: &ModuleStream, base_modules: &[String]) -> Build {
        let xmd: Option<Value> =
            document.xmd.as_deref().and_then(|json| serde_json::from_str(json).ok());
        let mbs = xmd.as_ref().and_then(|xmd| xmd.get("mbs"));
        let text = |key: &str| mbs.and_then(|mbs| mbs.get(key)).and_then(Value::as_str);
        let recorded = |base: &String| {
            let record = mbs.and_then(|mbs| mbs.get("buildrequires")).and_then(|all| all.get(base));
            let stream = record.and_then(|record| record.get("stream")).and_then(Value::as_str);
            stream.map(|stream| (base.clone(), vec![stream.to_owned()]))
        };
        let mut against: BTreeMap<_, _> = base_modules.iter().filter_map(recorded).collect();
        let is_recorded = !against.is_empty();
        if !is_recorded {
            let declared = base_modules.iter().filter_map(|base| declared(document, base));
            against = declared.collect();
        }
        let virtual_streams = match mbs.and_then(|mbs| mbs.get("virtual_streams")) {
            Some(Value::Array(list)) => {
                list.iter().filter_map(Value::as_str).map(String::from).collect()
            }
            Some(Value::String(one)) => vec![one.clone()],
            _ => Vec::new(),
        };
        let mut requires = document.dependencies.clone();
        requires.iter_mut().for_each(|stanza| normalise(&mut stanza.requires));
        Build {
            nsvca: Nsvca { arch: String::new(), ..document.nsvca.clone() },
            requires,
            against,
            recorded: is_recorded,
            virtual_streams,
            reference: text("commit").map(String::from),
            koji_tag: text("koji_tag").map(String::from),
            assumed: false,
        }
    }

    /// A build that nothing is known of but its name.
    pub(super) fn assumed(name: &str, stream: &str) -> Build {
        let (name, stream, context) = (name.into(), stream.into(), "00000000".into());
        let nsvca = Nsvca { name, stream, context, ..Nsvca::default() };
        Build { nsvca, assumed: true, ..Build::default() }
    }

    /// Whether it was built against this build of a base module. One that does not say against what was built against all.
    pub(super) fn built_against(&self, base: &Build) -> bool {
        self.against.get(&base.nsvca.name).is_none_or(|streams| {
            streams.iter().any(|stream| {
                *stream == base.nsvca.stream
                    || (!self.recorded && base.virtual_streams.contains(stream))
            })
        })
    }

    /// What a base module provides its streams as: the number of its name, or its version where that has none.
    pub(super) fn base_version(&self) -> u128 {
        match stream_version(&self.nsvca.stream, false) {
            0 => self.nsvca.version.into(),
            version => version,
        }
    }

    /// The least number that it needs a stream of a base module in: the one that it was built against.
    pub(super) fn floor(&self, base: &str, stream: &str) -> Option<u128> {
        let recorded = self.against.get(base).filter(|_| self.recorded).and_then(|all| all.first());
        stated(stream_version(recorded.map_or(stream, String::as_str), false))
    }
}

/// What a document without a record says: the platform that it builds against, else the one that it runs on.
fn declared(document: &ModuleStream, base: &str) -> Option<(String, Vec<String>)> {
    let build = document.dependencies.iter().flat_map(|stanza| &stanza.build_requires);
    let run = document.dependencies.iter().flat_map(|stanza| &stanza.requires);
    let positive = |stream: &&String| !stream.starts_with('-');
    build.chain(run).filter(|require| require.module == base).find_map(|require| {
        let streams: Vec<_> = require.streams.iter().filter(positive).cloned().collect();
        (!streams.is_empty()).then(|| (base.to_owned(), streams))
    })
}

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) builds: Vec<Build>,
    /// Builds by name and stream, the newest first, then by context.
    streams: HashMap<String, BTreeMap<String, Vec<usize>>>,
    /// What was taken for granted.
    pub(super) notes: Vec<String>,
}

impl Known {
    /// Time: documents times their logarithm.
    pub(super) fn new(against: &[ModuleStream], stanzas: &[Stanza], options: &Options) -> Known {
        let bases = &options.base_modules;
        let mut known = Known::default();
        let mut seen = HashSet::new();
        for document in against {
            let build = Build::of(document, bases);
            let nsvca = &build.nsvca;
            if !nsvca.name.is_empty() && !nsvca.stream.is_empty() && seen.insert(nsvca.clone()) {
                known.builds.push(build);
            }
        }
        known.builds.sort_by(|a, b| order(a).cmp(&order(b)));
        for at in 0..known.builds.len() {
            known.enter(at);
        }
        known.add_platforms(options);
        if !bases.iter().any(|base| known.streams.contains_key(base)) {
            known.infer_platforms(stanzas, options);
        }
        known
    }

    /// Adds a build; its place.
    pub(super) fn add(&mut self, build: Build) -> usize {
        let at = self.builds.len();
        self.builds.push(build);
        self.enter(at);
        at
    }

    fn enter(&mut self, at: usize) {
        let Nsvca { name, stream, .. } = &self.builds[at].nsvca;
        let streams = self.streams.entry(name.clone()).or_default();
        streams.entry(stream.clone()).or_default().push(at);
    }

    fn add_platforms(&mut self, options: &Options) {
        let Some(base) = options.base_modules.first() else { return };
        for platform in &options.platform_streams {
            let existing = self.builds(base, &platform.stream).to_vec();
            if existing.is_empty() {
                let mut build = Build::assumed(base, &platform.stream);
                build.virtual_streams.clone_from(&platform.virtual_streams);
                self.add(build);
            }
            for at in existing {
                let virtuals = &mut self.builds[at].virtual_streams;
                virtuals.extend(platform.virtual_streams.iter().cloned());
                virtuals.sort();
                virtuals.dedup();
            }
        }
    }

    /// Where no base module has a document: its streams are those that the stanzas name and those that builds were
    /// made against.
    fn infer_platforms(&mut self, stanzas: &[Stanza], options: &Options) {
        let bases = &options.base_modules;
        let named = stanzas.iter().flat_map(|stanza| &stanza.build_requires).flat_map(|require| {
            require.streams.iter().map(|stream| (require.module.clone(), stream.clone()))
        });
        let against =
            self.builds.iter().flat_map(|build| &build.against).flat_map(|(base, streams)| {
                streams.iter().map(|stream| (base.clone(), stream.clone()))
            });
        let streams: BTreeSet<(String, String)> = named
            .chain(against)
            .filter(|(name, stream)| bases.contains(name) && !stream.starts_with('-'))
            .collect();
        // Where everything is taken for existing, that goes without saying.
        if !streams.is_empty() && !options.assume {
            let names: Vec<String> =
                streams.iter().map(|(name, stream)| format!("{name}:{stream}")).collect();
            let names = super::error::listed(&names);
            self.notes.push(format!("no document of a platform: taken for existing: {names}"));
        }
        for (name, stream) in streams {
            self.add(Build::assumed(&name, &stream));
        }
    }

    /// The builds of a stream, the newest first, then by context.
    pub(super) fn builds(&self, name: &str, stream: &str) -> &[usize] {
        self.streams.get(name).and_then(|streams| streams.get(stream)).map_or(&[], Vec::as_slice)
    }

    /// The streams of a module that have a build, sorted bytewise.
    pub(super) fn streams(&self, name: &str) -> Vec<String> {
        self.streams.get(name).into_iter().flat_map(BTreeMap::keys).cloned().collect()
    }

    /// The newest build of each stream of a module.
    pub(super) fn newest(&self, name: &str) -> impl Iterator<Item = usize> + '_ {
        let streams = self.streams.get(name).into_iter().flat_map(BTreeMap::values);
        streams.filter_map(|builds| builds.first().copied())
    }

    /// The stream of a base module to take for a virtual one: the highest number, then the newest. `None` where it is
    /// a stream itself or nobody provides it.
    pub(super) fn real_stream(&self, base: &str, stream: &str) -> Option<String> {
        if !self.builds(base, stream).is_empty() {
            return None;
        }
        let provides =
            |at: &usize| self.builds[*at].virtual_streams.iter().any(|name| name == stream);
        let found = self.newest(base).filter(provides).max_by_key(|at| {
            let Nsvca { stream, version, .. } = &self.builds[*at].nsvca;
            (stream_version(stream, true), *version)
        });
        found.map(|at| self.builds[at].nsvca.stream.clone())
    }
}

/// The newest first, then by context.
fn order(build: &Build) -> (&str, &str, std::cmp::Reverse<u64>, &str) {
    let Nsvca { name, stream, version, context, .. } = &build.nsvca;
    (name, stream, std::cmp::Reverse(*version), context)
}

/// Counts what an expansion does, and stops it where that is too much.
#[derive(Debug)]
pub(super) struct Effort {
    what: &'static str,
    left: u64,
    limit: u64,
}

impl Effort {
    pub(super) fn new(what: &'static str, limit: u64) -> Self {
        Effort { what, left: limit, limit }
    }

    /// # Errors
    /// Where it is too much.
    pub(super) fn spend(&mut self, much: usize) -> Result<(), ExpandError> {
        let left = self.left.checked_sub(much as u64);
        self.left = left.ok_or(ExpandError::Limit { what: self.what, limit: self.limit })?;
        Ok(())
    }
}
