//! Random sound documents with texts that are hard to write.

use modex_formats::module::{
    BuildOptions, Components, Defaults, Intent, Licences, MappedArtifact, ModuleComponent,
    ModuleName, ModuleRequire, ModuleStream, Nsvca, Obsoletes, Profile, References, RpmComponent,
    ServiceLevel, Stanza, Translation, Translations,
};
use modex_generator::modulemd::{Configuration, Packager};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value};

/// Texts that some YAML reader takes for something else, or that are hard to write.
const NASTY: [&str; 70] = [
    "1",
    "5.30",
    "1.10",
    "0x1F",
    "0o17",
    "017",
    "1e5",
    "7e96446",
    "1_000",
    "1:30",
    "190:20:30",
    "2020-01-01",
    "2020-05-01T00:00Z",
    "+1",
    "-1",
    ".5",
    ".inf",
    "-.INF",
    ".NaN",
    "true",
    "False",
    "YES",
    "no",
    "on",
    "Off",
    "y",
    "N",
    "null",
    "~",
    "-",
    "?",
    ":",
    "- a",
    "? a",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "&a",
    "*a",
    "&a b *a c",
    "!a",
    "!!str a",
    "|",
    ">-",
    "'a'",
    "\"a\"",
    "it's",
    "%a",
    "@a",
    "`a`",
    "[a]",
    "{a: b}",
    "a, b",
    " a",
    "a ",
    "  ",
    "\ta",
    "a\tb",
    "a\nb",
    "a\n",
    "\na",
    "a\n\n",
    "a\n\nb\n",
    " a\n  b\n",
    "a\n---\nb\n...\n",
    "a\r\nb",
    "<<",
    "=",
    "é日本\u{1f600}",
];

/// Any text without NUL, which C takes for an end; maybe empty.
pub(crate) fn text() -> BoxedStrategy<String> {
    let signs: Vec<char> =
        "ab1 \n\t-:#,[]{}&*!|>'\"%@`?.\\~=é日\r\u{1}\u{7f}\u{85}\u{a0}\u{2028}\u{2029}\u{feff}\u{fffe}\u{1f600}"
            .chars()
            .collect();
    prop_oneof![
        4 => "[a-z][a-z0-9-]{0,8}",
        3 => select(NASTY.to_vec()).prop_map(String::from),
        2 => vec(select(signs), 0..12).prop_map(String::from_iter),
        1 => vec(select(NASTY.to_vec()), 2..5).prop_map(|parts| parts.join("\n")),
        1 => "([a-z]{1,9}[ ,.:]){10,60}",
        1 => any::<String>().prop_map(|text| text.replace('\0', "")),
    ]
    .boxed()
}

/// A text that is not empty.
pub(crate) fn name() -> BoxedStrategy<String> {
    text().prop_map(|text| if text.is_empty() { "x".into() } else { text }).boxed()
}

fn texts(most: usize) -> BoxedStrategy<Vec<String>> {
    btree_set(text(), 0..=most).prop_map(|set| set.into_iter().collect()).boxed()
}

fn names(least: usize) -> BoxedStrategy<Vec<String>> {
    btree_set(name(), least..4).prop_map(|set| set.into_iter().collect()).boxed()
}

fn map<V: std::fmt::Debug + 'static>(
    value: impl Strategy<Value = V> + 'static,
    most: usize,
) -> BoxedStrategy<Vec<(String, V)>> {
    btree_map(name(), value, 0..=most).prop_map(|map| map.into_iter().collect()).boxed()
}

fn date() -> BoxedStrategy<String> {
    (1000..3000u32, 1..13u32, 1..29u32).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")).boxed()
}

fn minute() -> BoxedStrategy<String> {
    (date(), 0..24u32, 0..60u32).prop_map(|(date, h, m)| format!("{date}T{h:02}:{m:02}Z")).boxed()
}

fn artifact() -> BoxedStrategy<String> {
    let pattern = "[a-z][a-z0-9._+-]{0,8}";
    (pattern, any::<u32>(), "[0-9][a-z0-9.~^]{0,4}", "[0-9][a-z0-9.]{0,4}", "[a-z_0-9]{1,6}")
        .prop_map(|(n, e, v, r, a)| format!("{n}-{e}:{v}-{r}.{a}"))
        .boxed()
}

/// JSON whose scalars are all strings. Lists hold texts only, or maps only: libmodulemd drops items of a list that are of
/// another kind than the first.
fn xmd() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        3 => text().prop_map(Value::from),
        1 => vec(text(), 0..3).prop_map(Value::from),
    ];
    let entries = |inner: BoxedStrategy<Value>| {
        btree_map(text(), inner, 0..4).prop_map(|map| Value::Object(Map::from_iter(map)))
    };
    let tree = leaf.prop_recursive(4, 24, 4, move |inner| {
        let map = entries(inner.boxed()).boxed();
        prop_oneof![map.clone(), vec(map, 1..3).prop_map(Value::from)]
    });
    btree_map(text(), tree, 0..4)
        .prop_map(|map| Value::Object(Map::from_iter(map)).to_string())
        .boxed()
}

fn references() -> BoxedStrategy<References> {
    (of(text()), of(text()), of(text()))
        .prop_map(|(community, documentation, tracker)| References {
            community,
            documentation,
            tracker,
        })
        .boxed()
}

fn profiles(with_default: bool) -> BoxedStrategy<Vec<Profile>> {
    map((of(text()), texts(3), any::<bool>()), 3)
        .prop_map(move |map| {
            let profile = |(name, (description, rpms, default)): (String, (_, _, bool))| Profile {
                name,
                description,
                rpms,
                default: default && with_default,
            };
            map.into_iter().map(profile).collect()
        })
        .boxed()
}

/// libmodulemd cuts larger ones to 32 bits when it copies a component.
fn buildorder() -> BoxedStrategy<i64> {
    any::<i32>().prop_map(i64::from).boxed()
}

/// Components for some of these architectures.
fn components(arches: Vec<String>) -> BoxedStrategy<Components> {
    let arches = match arches.len() {
        0 => texts(2),
        count => subsequence(arches, 0..=count).boxed(),
    };
    let texts_of = (text(), of(text()), of(text()), of(text()), of(text()));
    let flags = (any::<[bool; 3]>(), buildorder(), arches, texts(2));
    let rpms = (map((texts_of, flags), 3), any::<bool>(), any::<usize>());
    let modules = map((text(), of(text()), of(text()), buildorder(), any::<bool>()), 2);
    (rpms, modules)
        .prop_map(|((rpms, ordered, pick), modules)| {
            let keys: Vec<String> = rpms.iter().map(|(key, _)| key.clone()).collect();
            let rpm = |(
                key,
                ((rationale, name, repository, cache, reference), (flags, order, arches, multilib)),
            ): (String, _)| {
                let [buildonly, buildroot, srpm_buildroot] = flags;
                let after: Option<&String> = keys.get(pick % 4).filter(|_| !ordered && buildonly);
                RpmComponent {
                    // The key's own name is no other name.
                    name: Option::filter(name, |name: &String| *name != key),
                    key,
                    rationale,
                    repository,
                    cache,
                    reference,
                    buildorder: if ordered { order } else { 0 },
                    buildafter: after.into_iter().cloned().collect(),
                    buildonly,
                    buildroot,
                    srpm_buildroot,
                    arches,
                    multilib,
                }
            };
            let module = |(key, (rationale, repository, reference, buildorder, buildonly))| {
                ModuleComponent { key, rationale, repository, reference, buildorder, buildonly }
            };
            Components {
                rpms: rpms.into_iter().map(rpm).collect(),
                modules: modules.into_iter().map(module).collect(),
            }
        })
        .boxed()
}

fn build_options(arches: Vec<String>) -> BoxedStrategy<BuildOptions> {
    (of(text()), texts(3))
        .prop_map(move |(macros, whitelist)| BuildOptions {
            macros,
            whitelist,
            arches: arches.clone(),
        })
        .boxed()
}

/// Streams of modules, either named or excluded.
fn requires() -> BoxedStrategy<Vec<ModuleRequire>> {
    let streams = (texts(3), any::<bool>()).prop_map(|(streams, excluded)| {
        let sign = |stream: String| match stream.trim_start_matches('-') {
            bare if excluded => format!("-{bare}"),
            bare => bare.to_string(),
        };
        streams.into_iter().map(sign).collect::<std::collections::BTreeSet<_>>()
    });
    map(streams, 3)
        .prop_map(|map| {
            let require = |(module, streams): (_, std::collections::BTreeSet<String>)| {
                ModuleRequire { module, streams: streams.into_iter().collect() }
            };
            map.into_iter().map(require).collect()
        })
        .boxed()
}

fn nsvca() -> BoxedStrategy<(Nsvca, bool)> {
    let static_context = "[A-Za-z0-9_]{1,13}".prop_map(|context| (context, true));
    let context = prop_oneof![text().prop_map(|context| (context, false)), static_context];
    (name(), name(), any::<u64>(), context, text())
        .prop_map(|(name, stream, version, (context, is_static), arch)| {
            (Nsvca { name, stream, version, context, arch }, is_static)
        })
        .boxed()
}

/// A stream document with every field.
pub(crate) fn stream() -> BoxedStrategy<ModuleStream> {
    (texts(2), any::<bool>())
        .prop_flat_map(|(arches, has_options)| {
            let options = if has_options {
                build_options(arches.clone()).prop_map(Some).boxed()
            } else {
                Just(None).boxed()
            };
            let arches = if has_options { arches } else { Vec::new() };
            let head = (nsvca(), text(), text(), names(1), texts(2));
            let stanza = (requires(), requires())
                .prop_map(|(requires, build_requires)| Stanza { requires, build_requires });
            let lists = (vec(stanza, 0..3), profiles(true), texts(3), texts(3), texts(2));
            let rpm_map = map(map(artifact(), 2), 2);
            let tail = (btree_set(artifact(), 0..4), rpm_map, of(xmd()), map(of(date()), 2));
            (head, lists, references(), components(arches), options, tail)
        })
        .prop_map(|(head, lists, references, components, build_options, tail)| {
            let ((nsvca, static_context), summary, description, module, content) = head;
            let (dependencies, profiles, api, filter, demodularized) = lists;
            let (artifacts, rpm_map, xmd, levels) = tail;
            let mapped = |(digest, entries): (String, Vec<(String, String)>)| {
                let entry = move |(checksum, nevra)| MappedArtifact {
                    digest: digest.clone(),
                    checksum,
                    nevra,
                };
                entries.into_iter().map(entry).collect::<Vec<_>>()
            };
            let level = |(name, eol)| ServiceLevel { name, eol };
            ModuleStream {
                nsvca,
                static_context,
                summary,
                description,
                licences: Licences { module, content },
                dependencies,
                profiles,
                api,
                filter,
                demodularized,
                references,
                components,
                artifacts: artifacts.into_iter().collect(),
                artifact_map: rpm_map.into_iter().flat_map(mapped).collect(),
                build_options,
                xmd,
                service_levels: levels.into_iter().map(level).collect(),
            }
        })
        .boxed()
}

/// A stream document with what a packager document of version 2 can say.
pub(crate) fn packager_v2() -> BoxedStrategy<ModuleStream> {
    stream()
        .prop_map(|stream| ModuleStream {
            nsvca: Nsvca::default(),
            static_context: false,
            licences: Licences { content: Vec::new(), ..stream.licences },
            artifacts: Vec::new(),
            artifact_map: Vec::new(),
            build_options: None,
            xmd: None,
            service_levels: Vec::new(),
            ..stream
        })
        .boxed()
}

/// A packager document of version 3.
pub(crate) fn packager() -> BoxedStrategy<Packager> {
    texts(2)
        .prop_flat_map(|arches| {
            let requires = || map(prop_oneof![name(), Just("-x".to_string())], 2);
            let configuration = (name(), requires(), requires(), of(build_options(arches.clone())));
            let head = (of(name()), of(name()), text(), text(), names(1), of(xmd()));
            let lists = (profiles(true), texts(3), texts(3), texts(2));
            // What platform is named twice, and what sort of stream it then is.
            let platform = (any::<[bool; 2]>(), name());
            let configurations = (btree_map("[A-Za-z0-9]{1,10}", configuration, 1..4), platform);
            (head, configurations, lists, references(), components(arches))
        })
        .prop_map(|(head, (configurations, platforms), lists, references, components)| {
            let (name, stream, summary, description, licences, xmd) = head;
            let (profiles, api, filter, demodularized) = lists;
            let ([to_build, to_run], other) = platforms;
            let with_platform = |mut requires: Vec<(String, String)>, add: bool| {
                if add && requires.iter().all(|(module, _)| module != "platform") {
                    requires.push(("platform".into(), other.clone()));
                    requires.sort_unstable();
                }
                requires
            };
            let configuration =
                |(context, (platform, build_requires, requires, build_options))| Configuration {
                    context,
                    platform,
                    build_requires: with_platform(build_requires, to_build),
                    requires: with_platform(requires, to_run),
                    build_options,
                };
            let configurations = configurations.into_iter().map(configuration).collect();
            Packager {
                name,
                stream,
                summary,
                description,
                licences,
                xmd,
                configurations,
                references,
                profiles,
                api,
                filter,
                demodularized,
                components,
            }
        })
        .boxed()
}

/// A defaults document.
pub(crate) fn defaults() -> BoxedStrategy<Defaults> {
    let intent =
        (of(name()), map(texts(3), 2)).prop_map(|(stream, profiles)| Intent { stream, profiles });
    (name(), of(name()), any::<u64>(), map(texts(3), 3), map(intent, 2))
        .prop_map(|(module, stream, modified, profiles, intents)| Defaults {
            module,
            stream,
            modified,
            profiles,
            intents,
        })
        .boxed()
}

/// An obsoletes document.
pub(crate) fn obsoletes() -> BoxedStrategy<Obsoletes> {
    let by = (name(), name()).prop_map(|(module, stream)| ModuleName { module, stream });
    (name(), name(), of(text()), minute(), any::<bool>(), of(minute()), name(), of(by))
        .prop_map(|(module, stream, context, modified, reset, eol_date, message, obsoleted_by)| {
            Obsoletes {
                module,
                stream,
                context,
                modified,
                reset,
                eol_date: eol_date.filter(|_| !reset),
                message,
                obsoleted_by: obsoleted_by.filter(|_| !reset),
            }
        })
        .boxed()
}

/// A translations document.
pub(crate) fn translations() -> BoxedStrategy<Translations> {
    let locale =
        (of(text()), of(text()), map(text(), 2)).prop_map(|(summary, description, profiles)| {
            Translation { summary, description, profiles }
        });
    (name(), name(), 1..u64::MAX, map(locale, 3))
        .prop_map(|(module, stream, modified, locales)| Translations {
            module,
            stream,
            modified,
            locales,
        })
        .boxed()
}
