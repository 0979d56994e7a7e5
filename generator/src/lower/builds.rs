//! How modules were built, and their words in other languages, as records of the cold file.

use super::details::{fits, too_large};
use crate::modulemd::Modules;
use crate::source::Report;
use modex_formats::index::section::builds::{
    ComponentSource, LocaleText, ModuleBuild, TranslationsText,
};
use modex_formats::module::{ModuleComponent, ModuleStream, RpmComponent, Translations};

/// The record of the stream document at a place. What makes it larger than its share of a block is left out, the least
/// needed first, and reported.
pub(crate) fn record(modules: &Modules, place: u32, report: &mut Report) -> ModuleBuild {
    let Some(stream) = modules.streams.get(place as usize) else { return ModuleBuild::default() };
    let mut build = whole(stream);
    // Unknown keys stand in the order of the documents.
    let place = place as usize;
    let start = modules.unknown.partition_point(|(of, _)| *of < place);
    let own = modules.unknown[start..].iter().take_while(|(of, _)| *of == place);
    build.unknown = own.map(|(_, key)| (key.path.clone(), key.json.clone())).collect();
    type Cut = (&'static str, fn(&mut ModuleBuild));
    let cuts: [Cut; 4] = [
        ("unknown keys", |build| build.unknown.clear()),
        ("checksums of artifacts", |build| build.artifact_checksums.clear()),
        ("sources of components", |build| build.components.clear()),
        ("build requirements and options", |build| *build = ModuleBuild::default()),
    ];
    for (what, cut) in cuts {
        if fits(&build) {
            break;
        }
        cut(&mut build);
        report.add(too_large(&stream.nsvca.to_string(), what));
    }
    build
}

fn whole(stream: &ModuleStream) -> ModuleBuild {
    let options = stream.build_options.clone().unwrap_or_default();
    let stanzas = stream.dependencies.iter().map(|stanza| {
        let requires = stanza.build_requires.iter();
        requires.map(|require| (require.module.clone(), require.streams.clone())).collect()
    });
    let rpms = stream.components.rpms.iter().map(rpm);
    let modules = stream.components.modules.iter().map(module);
    let checksums = stream.artifact_map.iter();
    ModuleBuild {
        build_requires: stanzas.collect(),
        macros: options.macros.unwrap_or_default(),
        whitelist: options.whitelist,
        arches: options.arches,
        components: rpms.chain(modules).collect(),
        artifact_checksums: checksums
            .map(|one| (one.digest.clone(), one.checksum.clone(), one.nevra.clone()))
            .collect(),
        unknown: Vec::new(),
    }
}

fn rpm(component: &RpmComponent) -> ComponentSource {
    ComponentSource {
        key: component.key.clone(),
        repository: component.repository.clone().unwrap_or_default(),
        cache: component.cache.clone().unwrap_or_default(),
        build_after: component.buildafter.clone(),
        build_only: component.buildonly,
        build_root: component.buildroot,
        srpm_build_root: component.srpm_buildroot,
        arches: component.arches.clone(),
        multilib: component.multilib.clone(),
    }
}

fn module(component: &ModuleComponent) -> ComponentSource {
    ComponentSource {
        key: component.key.clone(),
        repository: component.repository.clone().unwrap_or_default(),
        build_only: component.buildonly,
        ..ComponentSource::default()
    }
}

/// The translations, sorted by module and stream. One that is larger than its share of a block is left out and reported.
pub(crate) fn translations(modules: &Modules, report: &mut Report) -> Vec<TranslationsText> {
    let mut records: Vec<_> = modules.translations.iter().map(translated).collect();
    records.retain(|record| {
        let fits = fits(record);
        if !fits {
            let subject = format!("{}:{}", record.module, record.stream);
            report.add(too_large(&subject, "translations"));
        }
        fits
    });
    records.sort_unstable_by(|a, b| (&a.module, &a.stream).cmp(&(&b.module, &b.stream)));
    records
}

fn translated(translations: &Translations) -> TranslationsText {
    let locale = |(locale, words): &(String, modex_formats::module::Translation)| LocaleText {
        locale: locale.clone(),
        summary: words.summary.clone().unwrap_or_default(),
        description: words.description.clone().unwrap_or_default(),
        profiles: words.profiles.clone(),
    };
    TranslationsText {
        module: translations.module.clone(),
        stream: translations.stream.clone(),
        modified: translations.modified,
        locales: translations.locales.iter().map(locale).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulemd::UnknownKey;
    use modex_formats::module::{BuildOptions, Components, Translation};

    #[test]
    fn unknown_keys_find_their_document_and_too_much_is_cut() {
        let key = |path: &str| UnknownKey { path: path.into(), json: "\"1\"".into() };
        let mut modules = Modules {
            streams: vec![ModuleStream::default(); 3],
            unknown: vec![(0, key("a")), (2, key("b")), (2, key("c"))],
            ..Modules::default()
        };
        let mut report = Report::new(9);
        let found = [0, 1, 2].map(|place| record(&modules, place, &mut report).unknown.len());
        assert_eq!((found, report.doubted), ([1, 0, 2], 0));
        let macros = Some("x".repeat(3 << 20));
        modules.streams[2].build_options = Some(BuildOptions { macros, ..BuildOptions::default() });
        modules.streams[2].components =
            Components { rpms: vec![RpmComponent::default()], ..Components::default() };
        assert_eq!(record(&modules, 2, &mut report), ModuleBuild::default());
        assert_eq!(report.doubted, 4);
    }

    #[test]
    fn translations_are_sorted_and_too_large_ones_left_out() {
        let of = |module: &str, words: usize| Translations {
            module: module.into(),
            stream: "1".into(),
            modified: 1,
            locales: vec![(
                "de".into(),
                Translation { summary: Some("x".repeat(words)), ..Translation::default() },
            )],
        };
        let modules = Modules {
            translations: vec![of("b", 1), of("c", 1 << 20), of("a", 1)],
            ..Modules::default()
        };
        let mut report = Report::new(9);
        let found: Vec<_> =
            translations(&modules, &mut report).into_iter().map(|record| record.module).collect();
        assert_eq!((found, report.doubted), (vec!["a".to_string(), "b".to_string()], 1));
    }
}
