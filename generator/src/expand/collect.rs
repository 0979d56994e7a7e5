//! The candidates: which builds take part in solving.

use super::known::{Build, Effort, Known};
use super::platform::{major, stream_version};
use super::{ExpandError, Options};
use modex_formats::module::Stanza;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

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
        let mut pool = Pool::default();
        let bases = pool.base_modules(stanzas, known, options, effort)?;
        let mut seen = BTreeSet::new();
        let ours = stanzas.iter().flat_map(|stanza| &stanza.build_requires);
        let ours = ours.filter(|require| !options.base_modules.contains(&require.module));
        for require in ours {
            for stream in &require.streams {
                effort.spend(1)?;
                let wanted = (require.module.clone(), stream.clone());
                if seen.contains(&wanted) {
                    continue;
                }
                if options.assume && known.builds(&require.module, stream).is_empty() {
                    assume(&wanted, &bases, known);
                }
                pool.add_stream(&wanted, &bases, known, effort)?;
                seen.insert(wanted);
            }
        }
        let mut next = 0;
        loop {
            let mut any = BTreeMap::new();
            while let Some(at) = pool.builds.get(next) {
                pool.add_requires(*at, &mut seen, &mut any, &bases, known, options, effort)?;
                next += 1;
            }
            // The build service looks no further for "any stream"; then it finds only what others brought in.
            any.retain(|name, _| !options.mbs_exact && !pool.names.contains_key(name));
            if any.is_empty() {
                break;
            }
            for (name, stream) in
                any.into_iter().flat_map(|(name, streams): (String, BTreeSet<String>)| {
                    streams.into_iter().map(move |stream| (name.clone(), stream))
                })
            {
                let wanted = (name, stream);
                pool.add_stream(&wanted, &bases, known, effort)?;
                seen.insert(wanted);
            }
        }
        if let (true, Some((module, stream))) = (options.mbs_exact, pool.missing.first()) {
            return Err(ExpandError::NoBuilds { module: module.clone(), stream: stream.clone() });
        }
        pool.find_ages(known);
        Ok(pool)
    }

    /// Adds the base modules; where they are among those that are known.
    fn base_modules(
        &mut self,
        stanzas: &[Stanza],
        known: &Known,
        options: &Options,
        effort: &mut Effort,
    ) -> Result<Vec<usize>, ExpandError> {
        let mut seen = BTreeSet::new();
        for stanza in stanzas {
            let find = |base: &String| {
                stanza.build_requires.iter().find(|require| require.module == *base)
            };
            let Some(require) = options.base_modules.iter().find_map(find) else { continue };
            let mut streams: Vec<&String> = require.streams.iter().collect();
            streams.sort_by_key(|stream| Reverse(stream_version(stream, true)));
            for stream in streams {
                effort.spend(1)?;
                let Some(at) = known.builds(&require.module, stream).first().copied() else {
                    continue;
                };
                if !seen.insert(at) {
                    continue;
                }
                self.add(at, known);
                let base = &known.builds[at];
                let own = stream_version(stream, true);
                let mut compatible = Vec::new();
                for other in
                    known.newest(&require.module).filter(|_| !base.virtual_streams.is_empty())
                {
                    effort.spend(1)?;
                    let Build { nsvca, virtual_streams, .. } = &known.builds[other];
                    let version = stream_version(&nsvca.stream, true);
                    if (major(own)..=own).contains(&version)
                        && virtual_streams.iter().any(|name| base.virtual_streams.contains(name))
                    {
                        compatible.push((Reverse(version), other));
                    }
                }
                compatible.sort();
                for (_, other) in compatible {
                    if seen.insert(other) {
                        self.add(other, known);
                    }
                }
            }
        }
        if self.builds.is_empty() {
            return Err(ExpandError::NoBaseModule(options.base_modules.join(" or ")));
        }
        Ok(self.builds.clone())
    }

    /// Adds what a build needs to run; streams of modules of which it takes any go to `any`.
    #[expect(
        clippy::too_many_arguments,
        reason = "one step of `collect`, with all that it works on"
    )]
    fn add_requires(
        &mut self,
        at: usize,
        seen: &mut BTreeSet<(String, String)>,
        any: &mut BTreeMap<String, BTreeSet<String>>,
        bases: &[usize],
        known: &Known,
        options: &Options,
        effort: &mut Effort,
    ) -> Result<(), ExpandError> {
        let requires = known.builds[at].requires.iter().flat_map(|stanza| &stanza.requires);
        for require in requires.filter(|require| !options.base_modules.contains(&require.module)) {
            effort.spend(1)?;
            let negative_only = require.streams.iter().all(|stream| stream.starts_with('-'));
            if negative_only && !options.mbs_exact {
                let streams = known.streams(&require.module);
                effort.spend(streams.len())?;
                let excluded = |stream: &String| require.streams.contains(&format!("-{stream}"));
                let streams = streams.into_iter().filter(|stream| !excluded(stream));
                any.entry(require.module.clone()).or_default().extend(streams);
                continue;
            }
            for stream in &require.streams {
                effort.spend(1)?;
                let wanted = (require.module.clone(), stream.clone());
                if !seen.contains(&wanted) {
                    self.add_stream(&wanted, bases, known, effort)?;
                    seen.insert(wanted);
                }
            }
        }
        Ok(())
    }

    /// Adds the builds of a stream: for each base module the newest version built against it, in all contexts.
    fn add_stream(
        &mut self,
        wanted: &(String, String),
        bases: &[usize],
        known: &Known,
        effort: &mut Effort,
    ) -> Result<(), ExpandError> {
        let builds = known.builds(&wanted.0, &wanted.1);
        let mut added = BTreeSet::new();
        for base in bases {
            let base = &known.builds[*base];
            let mut newest = None;
            for at in builds {
                effort.spend(1)?;
                let build = &known.builds[*at];
                let version = build.nsvca.version;
                if newest.is_some_and(|newest| version < newest) {
                    break;
                }
                if build.built_against(base) {
                    newest = Some(version);
                    if added.insert(*at) {
                        self.add(*at, known);
                    }
                }
            }
        }
        if added.is_empty() {
            self.missing.push(wanted.clone());
        }
        Ok(())
    }

    fn add(&mut self, at: usize, known: &Known) {
        let names = self.names.entry(known.builds[at].nsvca.name.clone()).or_default();
        names.push(self.builds.len());
        self.builds.push(at);
    }

    fn find_ages(&mut self, known: &Known) {
        let mut streams: HashMap<(&str, &str), Vec<(Reverse<u64>, usize)>> = HashMap::new();
        for (place, at) in self.builds.iter().enumerate() {
            let nsvca = &known.builds[*at].nsvca;
            let builds = streams.entry((&nsvca.name, &nsvca.stream)).or_default();
            builds.push((Reverse(nsvca.version), place));
        }
        self.age = vec![0; self.builds.len()];
        for mut builds in streams.into_values() {
            builds.sort();
            builds.into_iter().enumerate().for_each(|(age, (_, place))| self.age[place] = age);
        }
    }

    /// The candidates of a module, by place.
    pub(super) fn of(&self, name: &str) -> &[usize] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }
}

/// A build of a stream that nothing is known of, against each base module.
fn assume(wanted: &(String, String), bases: &[usize], known: &mut Known) {
    for base in bases {
        let base = known.builds[*base].nsvca.clone();
        let mut build = Build::assumed(&wanted.0, &wanted.1);
        let streams = vec![base.stream.clone()];
        let module = base.name.clone();
        build.requires = vec![Stanza {
            requires: vec![modex_formats::module::ModuleRequire { module, streams }],
            ..Stanza::default()
        }];
        build.against = [(base.name, vec![base.stream])].into();
        build.recorded = true;
        known.add(build);
    }
}
