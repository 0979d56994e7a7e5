//! What several kinds of documents have in common.

use super::text::{map, text, texts};
use modex_formats::module::{
    BuildOptions, Components, ModuleComponent, ModuleRequire, Profile, References, RpmComponent,
};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::subsequence;
use std::collections::BTreeSet;

pub(super) fn references() -> BoxedStrategy<References> {
    (of(text()), of(text()), of(text()))
        .prop_map(|(community, documentation, tracker)| References {
            community,
            documentation,
            tracker,
        })
        .boxed()
}

pub(super) fn profiles(with_default: bool) -> BoxedStrategy<Vec<Profile>> {
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
pub(super) fn buildorder() -> BoxedStrategy<i64> {
    any::<i32>().prop_map(i64::from).boxed()
}

/// Components for some of these architectures.
pub(super) fn components(arches: Vec<String>) -> BoxedStrategy<Components> {
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

pub(super) fn build_options(arches: Vec<String>) -> BoxedStrategy<BuildOptions> {
    (of(text()), texts(3))
        .prop_map(move |(macros, whitelist)| BuildOptions {
            macros,
            whitelist,
            arches: arches.clone(),
        })
        .boxed()
}

/// Streams of modules, either named or excluded.
pub(super) fn requires() -> BoxedStrategy<Vec<ModuleRequire>> {
    let streams = (texts(3), any::<bool>()).prop_map(|(streams, excluded)| {
        let sign = |stream: String| match stream.trim_start_matches('-') {
            bare if excluded => format!("-{bare}"),
            bare => bare.to_string(),
        };
        streams.into_iter().map(sign).collect::<BTreeSet<_>>()
    });
    map(streams, 3)
        .prop_map(|map| {
            let require = |(module, streams): (_, BTreeSet<String>)| ModuleRequire {
                module,
                streams: streams.into_iter().collect(),
            };
            map.into_iter().map(require).collect()
        })
        .boxed()
}
