//! The candidates: which builds take part in solving.

use super::known::{Build, Effort, Known};
use super::platform::{major, stated, stream_version};
use super::{ExpandError, Options};
use modex_formats::module::{ModuleRequire, Stanza};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Builds that take part in solving, by place: in the order in which they were found, which is the order of preference.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// Where each is among those that are known.
    pub(super) builds: Vec<usize>,
    names: HashMap<String, Vec<usize>>,
    /// How many builds of its name and stream are newer, by place.
    pub(super) age: Vec<usize>,
    /// Streams that something needs and of which no build fits, in the order in which they were met.
    missing: Vec<(String, String)>,
}

/// What is collected so far.
struct Collector<'a> {
    pool: Pool,
    /// The base modules; where they are among those that are known.
    bases: Vec<usize>,
    seen: BTreeSet<(String, String)>,
    /// Streams of modules of which something takes any.
    any: BTreeSet<(String, String)>,
    known: &'a mut Known,
    options: &'a Options,
    effort: &'a mut Effort,
}

impl Pool {
    /// The candidates for stanzas whose lists are expanded.
    ///
    /// The platform streams that the stanzas build against, and the older ones compatible with them; for each stream
    /// that is built against the newest version built against each of those, in all contexts; and so on for what those
    /// need to run.
    ///
    /// # Errors
    /// Where no base module is found, or it is too much; as the build service, where a stream has no build.
    pub(super) fn collect(
        stanzas: &[Stanza],
        known: &mut Known,
        options: &Options,
        effort: &mut Effort,
    ) -> Result<Pool, ExpandError> {
        let mut collector = Collector {
            pool: Pool::default(),
            bases: Vec::new(),
            seen: BTreeSet::new(),
            any: BTreeSet::new(),
            known,
            options,
            effort,
        };
        collector.add_base_modules(stanzas)?;
        collector.add_build_requires(stanzas)?;
        collector.follow_requires()?;
        let mut pool = collector.pool;
        if let (true, Some((module, stream))) = (options.mbs_exact, pool.missing.first()) {
            return Err(ExpandError::NoBuilds { module: module.clone(), stream: stream.clone() });
        }
        pool.find_ages(known);
        Ok(pool)
    }

    fn add(&mut self, at: usize, known: &Known) {
        let names = self.names.entry(known.builds[at].nsvca.name.clone()).or_default();
        names.push(self.builds.len());
        self.builds.push(at);
    }

    fn find_ages(&mut self, known: &Known) {
        let nsvca = |place: usize| &known.builds[self.builds[place]].nsvca;
        let mut places: Vec<usize> = (0..self.builds.len()).collect();
        // Stable: among equal versions the first that was found counts as the newest.
        places.sort_by_key(|place| Reverse(nsvca(*place).version));
        let mut met: HashMap<(&str, &str), usize> = HashMap::new();
        let mut ages = vec![0; places.len()];
        for place in places {
            let stream = nsvca(place);
            let age = met.entry((&stream.name, &stream.stream)).or_default();
            ages[place] = *age;
            *age += 1;
        }
        self.age = ages;
    }

    /// The candidates of a module, by place.
    pub(super) fn of(&self, name: &str) -> &[usize] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }
}

impl Collector<'_> {
    /// Each platform stream that a stanza builds against, the highest number first, and those compatible with it.
    fn add_base_modules(&mut self, stanzas: &[Stanza]) -> Result<(), ExpandError> {
        let options = self.options;
        let mut seen = BTreeSet::new();
        for stanza in stanzas {
            let find = |base: &String| {
                stanza.build_requires.iter().find(|require| require.module == *base)
            };
            let Some(require) = options.base_modules.iter().find_map(find) else { continue };
            let mut streams: Vec<&String> = require.streams.iter().collect();
            streams.sort_by_key(|stream| Reverse(stream_version(stream, true)));
            for stream in streams {
                self.effort.spend(1)?;
                let newest = self.known.builds(&require.module, stream).first().copied();
                let Some(at) = newest.filter(|at| !seen.contains(at)) else { continue };
                for at in std::iter::once(at).chain(self.compatible(at)?) {
                    if seen.insert(at) {
                        self.pool.add(at, self.known);
                    }
                }
            }
        }
        if self.pool.builds.is_empty() {
            return Err(ExpandError::NoBaseModule(options.base_modules.join(" or ")));
        }
        self.bases.clone_from(&self.pool.builds);
        Ok(())
    }

    /// The base modules that share a virtual stream with this one and are older, but of the same major version: the newest
    /// build first, then the highest number. The build service has all that share one, where this one has no number
    /// `x.y.z`.
    fn compatible(&mut self, at: usize) -> Result<Vec<usize>, ExpandError> {
        let base = &self.known.builds[at];
        let own = stream_version(&base.nsvca.stream, true);
        let any =
            self.options.mbs_exact && stated(stream_version(&base.nsvca.stream, false)).is_none();
        let mut compatible = Vec::new();
        if base.virtual_streams.is_empty() {
            return Ok(compatible);
        }
        for other in self.known.newest(&base.nsvca.name) {
            self.effort.spend(1)?;
            let Build { nsvca, virtual_streams, .. } = &self.known.builds[other];
            if (any || (major(own)..=own).contains(&stream_version(&nsvca.stream, true)))
                && virtual_streams.iter().any(|name| base.virtual_streams.contains(name))
            {
                compatible.push(other);
            }
        }
        compatible.sort_by_key(|at| {
            let nsvca = &self.known.builds[*at].nsvca;
            Reverse((nsvca.version, stream_version(&nsvca.stream, true)))
        });
        Ok(compatible)
    }

    /// What the stanzas build against.
    fn add_build_requires(&mut self, stanzas: &[Stanza]) -> Result<(), ExpandError> {
        let requires = stanzas.iter().flat_map(|stanza| &stanza.build_requires);
        for require in requires {
            if self.options.base_modules.contains(&require.module) {
                continue;
            }
            for stream in &require.streams {
                self.effort.spend(1)?;
                let wanted = (require.module.clone(), stream.clone());
                let unknown = self.known.builds(&wanted.0, &wanted.1).is_empty();
                if self.options.assume && unknown {
                    assume(&wanted, &self.bases, self.known);
                }
                self.add_stream(wanted)?;
            }
        }
        Ok(())
    }

    /// What everything that was collected needs to run, and what that needs: each time before what comes next.
    fn follow_requires(&mut self) -> Result<(), ExpandError> {
        self.refuse_ambiguous()?;
        let mut next = 0;
        loop {
            let mut todo = Vec::new();
            self.push_stanzas(&mut todo, next);
            while let Some((at, stanza)) = todo.pop() {
                let before = self.pool.builds.len();
                self.add_requires(at, stanza)?;
                self.push_stanzas(&mut todo, before);
            }
            next = self.pool.builds.len();
            // The build service looks no further for "any stream"; then it finds only what others brought in.
            let any = std::mem::take(&mut self.any);
            let names: BTreeSet<String> = any
                .iter()
                .map(|(name, _)| name)
                .filter(|name| !self.pool.names.contains_key(*name))
                .cloned()
                .collect();
            if names.is_empty() {
                return Ok(());
            }
            for wanted in any.into_iter().filter(|(name, _)| names.contains(name)) {
                self.add_stream(wanted)?;
            }
        }
    }

    /// The stanzas of the builds that were added from this place on, the first one on top.
    fn push_stanzas(&self, todo: &mut Vec<(usize, usize)>, from: usize) {
        for at in self.pool.builds[from..].iter().rev() {
            let stanzas = self.known.builds[*at].requires.len();
            todo.extend((0..stanzas).rev().map(|stanza| (*at, stanza)));
        }
    }

    /// The build service takes a choice for an error in what the builds need that are built against, too.
    fn refuse_ambiguous(&self) -> Result<(), ExpandError> {
        let options = self.options;
        if !(options.mbs_exact && options.ambiguous_is_error) {
            return Ok(());
        }
        let builds = self.pool.builds.iter().map(|at| &self.known.builds[*at]);
        let mut requires =
            builds.flat_map(|build| &build.requires).flat_map(|stanza| &stanza.requires);
        let ambiguous = requires.find(|require| {
            require.streams.len() > 1
                && !options.base_modules.contains(&require.module)
                && !options.defaults.contains_key(&require.module)
        });
        ambiguous.map_or(Ok(()), |ModuleRequire { module, streams }| {
            let (module, streams) = (module.clone(), streams.clone());
            Err(ExpandError::Ambiguous { module, streams })
        })
    }

    fn add_requires(&mut self, at: usize, stanza: usize) -> Result<(), ExpandError> {
        let requires: Vec<ModuleRequire> = self.known.builds[at].requires[stanza]
            .requires
            .iter()
            .filter(|require| !self.options.base_modules.contains(&require.module))
            .cloned()
            .collect();
        for ModuleRequire { module, streams } in requires {
            self.effort.spend(1 + streams.len())?;
            let negative_only = streams.iter().all(|stream| stream.starts_with('-'));
            if negative_only && !self.options.mbs_exact {
                let excluded: HashSet<&str> = streams.iter().map(|stream| &stream[1..]).collect();
                let known = self.known.streams(&module);
                self.effort.spend(known.len())?;
                let left = known.into_iter().filter(|stream| !excluded.contains(stream.as_str()));
                self.any.extend(left.map(|stream| (module.clone(), stream)));
                continue;
            }
            for stream in streams {
                self.add_stream((module.clone(), stream))?;
            }
        }
        Ok(())
    }

    /// Adds the builds of a stream, once: for each base module the newest version built against it, in all contexts.
    fn add_stream(&mut self, wanted: (String, String)) -> Result<(), ExpandError> {
        if !self.seen.insert(wanted.clone()) {
            return Ok(());
        }
        let builds = self.known.builds(&wanted.0, &wanted.1);
        let mut added = BTreeSet::new();
        for base in &self.bases {
            let base = &self.known.builds[*base];
            let mut newest = None;
            for at in builds {
                self.effort.spend(1)?;
                let build = &self.known.builds[*at];
                let version = build.nsvca.version;
                if newest.is_some_and(|newest| version < newest) {
                    break;
                }
                if build.built_against(base) {
                    newest = Some(version);
                    if added.insert(*at) {
                        self.pool.add(*at, self.known);
                    }
                }
            }
        }
        if added.is_empty() {
            self.pool.missing.push(wanted);
        }
        Ok(())
    }
}

/// A build of a stream that nothing is known of, against each base module.
fn assume(wanted: &(String, String), bases: &[usize], known: &mut Known) {
    for base in bases {
        let base = known.builds[*base].nsvca.clone();
        let mut build = Build::assumed(&wanted.0, &wanted.1);
        let streams = vec![base.stream.clone()];
        let module = base.name.clone();
        build.requires =
            vec![Stanza { requires: vec![ModuleRequire { module, streams }], ..Stanza::default() }];
        build.against = [(base.name, vec![base.stream])].into();
        build.recorded = true;
        known.add(build);
    }
}
