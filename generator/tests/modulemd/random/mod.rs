//! Random sound documents.

mod parts;
mod text;

use modex_formats::module::{
    Defaults, Intent, Licences, MappedArtifact, ModuleName, ModuleStream, Nsvca, Obsoletes,
    ServiceLevel, Stanza, Translation, Translations,
};
use modex_generator::modulemd::{Configuration, Packager};
use parts::{build_options, components, profiles, references, requires};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use text::{artifact, date, map, minute, name, names, text, texts, xmd};

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
