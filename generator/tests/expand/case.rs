//! Cases and answers, from JSON and from ourselves.

use modex_formats::module::{ModuleRequire, ModuleStream, Nsvca, Stanza};
use modex_generator::expand::{ExpandError, Options, contexts, expand};
use modex_generator::modulemd::Document;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A document to expand, with what it is expanded against.
pub(crate) struct Case {
    pub(crate) json: Value,
    document: Document,
    pub(crate) against: Vec<ModuleStream>,
    options: Options,
}

/// What becomes of a case.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The kind of error.
    pub(crate) error: Option<String>,
    pub(crate) builds: Vec<Build>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Build {
    /// By module the stream, version and context of its build root.
    pub(crate) used: BTreeMap<String, (String, u64, String)>,
    pub(crate) stanzas: Vec<Stanza>,
    /// Of the build root, of what is required, and of both.
    pub(crate) hashes: [String; 3],
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().into()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(text).collect()
}

fn requires(value: &Value) -> Vec<ModuleRequire> {
    let one = |(module, streams): (&String, &Value)| ModuleRequire {
        module: module.clone(),
        streams: texts(streams),
    };
    value.as_object().unwrap().iter().map(one).collect()
}

fn stanza(value: &Value) -> Stanza {
    Stanza {
        build_requires: requires(&value["buildrequires"]),
        requires: requires(&value["requires"]),
    }
}

fn stanzas(value: &Value) -> Vec<Stanza> {
    value.as_array().unwrap().iter().map(stanza).collect()
}

fn build(value: &Value) -> ModuleStream {
    let nsvca = Nsvca {
        name: text(&value["name"]),
        stream: text(&value["stream"]),
        version: value["version"].as_u64().unwrap(),
        context: text(&value["context"]),
        ..Nsvca::default()
    };
    let mut mbs = json!({"virtual_streams": value["virtual_streams"]});
    if value["against"].is_string() {
        mbs["buildrequires"] = json!({"platform": {"stream": value["against"]}});
    }
    let run = value["requires"].as_array().unwrap().iter();
    let dependencies =
        run.map(|list| Stanza { requires: requires(list), ..Stanza::default() }).collect();
    let xmd = Some(json!({ "mbs": mbs }).to_string());
    ModuleStream { nsvca, xmd, dependencies, ..ModuleStream::default() }
}

impl Case {
    pub(crate) fn of(json: &Value) -> Case {
        let nsvca = Nsvca { name: "app".into(), stream: "1".into(), ..Nsvca::default() };
        let dependencies = stanzas(&json["stanzas"]);
        let document = ModuleStream { nsvca, dependencies, ..ModuleStream::default() };
        let defaults = json["defaults"].as_object().unwrap().iter();
        Case {
            json: json.clone(),
            document: Document::Stream(document.into()),
            against: json["builds"].as_array().unwrap().iter().map(build).collect(),
            options: Options {
                defaults: defaults.map(|(name, stream)| (name.clone(), text(stream))).collect(),
                ambiguous_is_error: json["ambiguous"].as_bool().unwrap(),
                ..Options::default()
            },
        }
    }

    /// What we make of it.
    pub(crate) fn expanded(&self, mbs_exact: bool) -> Answer {
        let options = Options { mbs_exact, ..self.options.clone() };
        match expand(&self.document, &self.against, &options) {
            Ok(expansion) => {
                let build = |planned: &modex_generator::expand::Planned| {
                    let used = planned.used.iter().map(|used| {
                        let build = (used.stream.clone(), used.version, used.context.clone());
                        (used.name.clone(), build)
                    });
                    let hashes = planned.hashes.clone().unwrap();
                    assert_eq!(hashes.context, planned.nsvca.context);
                    Build {
                        used: used.collect(),
                        stanzas: planned.stanzas.clone(),
                        hashes: [hashes.build, hashes.runtime, hashes.context],
                    }
                };
                Answer::sorted(None, expansion.builds.iter().map(build).collect())
            }
            Err(error) => {
                let kind = match &error {
                    ExpandError::Ambiguous { .. } => "ambiguous",
                    ExpandError::NoBaseModule(_) => "no-base",
                    ExpandError::NoBuilds { .. } => "no-builds",
                    ExpandError::Unsatisfied { .. } => "problems",
                    other => panic!("{other}"),
                };
                Answer::sorted(Some(kind.into()), Vec::new())
            }
        }
    }
}

impl Case {
    /// Whether our own mode makes the same builds as the service, but for what their documents keep: no stanza is built
    /// against nothing, nothing is excluded or open, and no platform without a number `x.y.z` has company.
    pub(crate) fn is_plain(&self) -> bool {
        let Document::Stream(document) = &self.document else { return false };
        let listed = |list: &ModuleRequire| !list.streams.iter().any(|name| name.starts_with('-'));
        let builds = document.dependencies.iter().map(|stanza| &stanza.build_requires);
        let run = self.against.iter().flat_map(|build| &build.dependencies);
        let runs = run.flat_map(|stanza| &stanza.requires);
        let platforms = self.against.iter().filter(|build| build.nsvca.name == "platform");
        let alone = |build: &ModuleStream| {
            build.nsvca.stream.contains('.')
                || build.xmd.as_ref().is_some_and(|xmd| xmd.contains(r#""virtual_streams":[]"#))
        };
        builds.clone().all(|lists| !lists.is_empty() && lists.iter().all(listed))
            && runs
                .filter(|list| list.module != "platform")
                .all(|list| listed(list) && !list.streams.is_empty())
            && platforms.into_iter().all(alone)
    }
}

impl Answer {
    /// With the stanzas that were made last only, which our own mode keeps, and the hashes of those.
    pub(crate) fn alone(&self) -> Answer {
        let alone = |build: &Build| {
            let streams = build.used.iter().map(|(name, (stream, ..))| (&**name, &**stream));
            let own = build.stanzas.last().unwrap();
            let hashes = contexts(&streams.collect(), &["platform".into()], &[own]);
            Build {
                used: build.used.clone(),
                stanzas: vec![own.clone()],
                hashes: [hashes.build, hashes.runtime, hashes.context],
            }
        };
        Answer::sorted(None, self.builds.iter().map(alone).collect())
    }

    /// The oracle's.
    pub(crate) fn of(json: &Value) -> Answer {
        let build = |value: &Value| {
            let used = value["used"].as_object().unwrap().iter().map(|(name, build)| {
                let version = build[1].as_u64().unwrap();
                (name.clone(), (text(&build[0]), version, text(&build[2])))
            });
            Build {
                used: used.collect(),
                stanzas: stanzas(&value["stanzas"]),
                hashes: ["build", "runtime", "context"].map(|key| text(&value[key])),
            }
        };
        let builds = json["builds"].as_array().unwrap().iter().map(build).collect();
        Answer::sorted(json["error"].as_str().map(String::from), builds)
    }

    /// The service's builds have no order.
    fn sorted(error: Option<String>, mut builds: Vec<Build>) -> Answer {
        for list in builds.iter_mut().flat_map(|build| &mut build.stanzas) {
            list.build_requires.sort();
            list.requires.sort();
        }
        builds.sort_by_cached_key(|build| {
            (build.used.clone(), build.hashes.clone(), format!("{:?}", build.stanzas))
        });
        Answer { error, builds }
    }
}
