//! Which requirements no document of a set can ever satisfy.

use super::Modules;
use super::read::told;
use modex_formats::module::{ModuleRequire, ModuleStream};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A requirement that nothing meets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeverMet {
    /// Place of the stream document among the streams.
    #[serde(skip)]
    pub place: usize,
    /// Who requires it: an NSVCA.
    pub nsvca: String,
    /// The module that is required.
    pub module: String,
    /// Its streams as required, the first twenty; none means any.
    pub streams: Vec<String>,
    /// The streams of that module that are there, sorted: the first twenty.
    pub known: Vec<String>,
    /// How many streams of that module are there.
    pub known_count: usize,
}

/// How many streams are told of a list that can be as long as the document.
const TOLD: usize = 20;

/// The requirements at runtime that no stream document of the set meets, in document order. The platform is none of a
/// repository's documents, and every platform is taken to be there.
///
/// Where nothing of the module is there, another repository may have it. Where the module is there in other streams, the
/// document can never be used: mostly its text went through a YAML reader that took `5.30` for a number.
/// O(streams that documents have and name × log).
pub fn never_met(modules: &Modules) -> Vec<NeverMet> {
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for ModuleStream { nsvca, .. } in &modules.streams {
        known.entry(&nsvca.name).or_default().insert(&nsvca.stream);
    }
    let none = BTreeSet::new();
    let mut found = Vec::new();
    for (place, stream) in modules.streams.iter().enumerate() {
        let requires = stream.dependencies.iter().flat_map(|stanza| &stanza.requires);
        for require in requires.filter(|require| require.module != "platform") {
            let there = known.get(require.module.as_str()).unwrap_or(&none);
            if !is_met(require, there) {
                found.push(NeverMet {
                    place,
                    nsvca: stream.nsvca.to_string(),
                    module: require.module.clone(),
                    streams: require.streams.iter().take(TOLD).cloned().collect(),
                    known: there.iter().take(TOLD).map(|stream| (*stream).to_owned()).collect(),
                    known_count: there.len(),
                });
            }
        }
    }
    found
}

fn is_met(require: &ModuleRequire, there: &BTreeSet<&str>) -> bool {
    if require.streams.is_empty() {
        return !there.is_empty();
    }
    if require.streams.iter().all(|stream| stream.starts_with('-')) {
        let excluded: BTreeSet<&str> = require.streams.iter().map(|stream| &stream[1..]).collect();
        return there.iter().any(|stream| !excluded.contains(stream));
    }
    require.streams.iter().any(|stream| there.contains(stream.as_str()))
}

/// `it requires perl:5.3, which is never met: the streams of perl are 5.24, 5.26, 5.30`
impl fmt::Display for NeverMet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let module = told(&self.module);
        match &self.streams[..] {
            [] => write!(f, "it requires {module}")?,
            [stream] => write!(f, "it requires {module}:{}", told(stream))?,
            streams => write!(f, "it requires {module}:[{}]", told(&streams.join(",")))?,
        }
        if self.known.is_empty() {
            return write!(f, ", and no stream of {module} is here");
        }
        match &self.known[..] {
            [only] => {
                write!(f, ", which is never met: the only stream of {module} is {}", told(only))?
            }
            all => {
                let more = self.known_count - self.known.len();
                let all = all.iter().map(|known| told(known)).collect::<Vec<_>>().join(", ");
                write!(f, ", which is never met: the streams of {module} are {all}")?;
                if more > 0 {
                    write!(f, " and {more} more")?;
                }
            }
        }
        let as_number = |stream: &String| {
            let known = self.known.iter().find(|known| {
                let zeros = known.strip_prefix(stream.as_str());
                zeros.is_some_and(|zeros| zeros.bytes().all(|byte| byte == b'0'))
            })?;
            stream.contains('.').then_some(known)
        };
        match self.streams.iter().find_map(as_number) {
            Some(known) => write!(f, " ({} read as a number?)", told(known)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use modex_formats::module::{Nsvca, Stanza};

    fn stream(name: &str, stream: &str, requires: &[(&str, &[&str])]) -> ModuleStream {
        let require = |(module, streams): &(&str, &[&str])| ModuleRequire {
            module: (*module).into(),
            streams: streams.iter().map(ToString::to_string).collect(),
        };
        ModuleStream {
            nsvca: Nsvca { name: name.into(), stream: stream.into(), ..Nsvca::default() },
            dependencies: vec![Stanza {
                requires: requires.iter().map(require).collect(),
                ..Stanza::default()
            }],
            ..ModuleStream::default()
        }
    }

    #[test]
    fn streams_that_are_not_there() {
        let modules = Modules {
            streams: vec![
                stream("perl", "5.30", &[("platform", &["el8"])]),
                stream("perl", "5.26", &[("perl", &["-5.26"])]),
                stream("a", "1", &[("perl", &["5.3"])]),
                stream("a", "2", &[("perl", &[]), ("perl", &["5.3", "5.26"])]),
                stream(
                    "a",
                    "3",
                    &[("perl", &["-5.26", "-5.30"]), ("gone", &[]), ("gone", &["-1"])],
                ),
            ],
            ..Modules::default()
        };
        let found: Vec<_> =
            never_met(&modules).iter().map(|one| format!("{}: {one}", one.nsvca)).collect();
        assert_eq!(
            found,
            [
                "a:1:::: it requires perl:5.3, which is never met: the streams of perl are 5.26, 5.30 (5.30 read as a number?)",
                "a:3:::: it requires perl:[-5.26,-5.30], which is never met: the streams of perl are 5.26, 5.30",
                "a:3:::: it requires gone, and no stream of gone is here",
                "a:3:::: it requires gone:-1, and no stream of gone is here",
            ]
        );
    }
}
