//! A file as JSON, in the shape that `tests/spec_reader.py` gives it.

use modex_formats::index::section::builds::{ModuleBuild, TranslationsText};
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::section::reldeps::DepId;
use modex_formats::index::section::reverse::Pairs;
use modex_formats::index::{Cold, File, Hot, Kind, Warm};
use modex_formats::rpm::Dependency;
use serde_json::{Value, json};

pub(crate) fn dump(bytes: &[u8]) -> Value {
    let file = File::open(bytes).unwrap();
    let mut value = match file.kind() {
        Kind::Hot => hot(&Hot::open(bytes).unwrap()),
        Kind::Warm => warm(&Warm::open(bytes).unwrap()),
        Kind::Cold => cold(&Cold::open(bytes).unwrap()),
    };
    value["kind"] = json!(file.kind().to_string());
    value["source"] = json!(hex(&file.source()));
    let tags = file.sections().map(|(tag, ..)| tag.escape_ascii().to_string());
    value["sections"] = tags.collect();
    value
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn numbers<'n, T: Copy + Into<u32> + 'n>(list: Option<&'n [T]>) -> Value {
    list.unwrap().iter().map(|number| json!((*number).into())).collect()
}

fn in_words(dependency: &Dependency) -> Value {
    match dependency {
        Dependency::Simple(simple) => json!(simple.to_string()),
        Dependency::Rich(rich) => json!({
            "op": rich.op.word(),
            "left": in_words(&rich.left),
            "right": in_words(&rich.right),
            "else": rich.otherwise.as_ref().map(in_words),
        }),
    }
}

fn hot(hot: &Hot<'_>) -> Value {
    let name = |id: u32| hot.names.get(id).unwrap();
    let maybe = |id: Option<u32>| id.map(name);
    let evr = |id: u32| hot.evrs.text(id).unwrap();
    let names = 0..hot.names.len() as u32;
    let simple = 0..hot.reldeps.len() as u32;
    let package = |id: u32| {
        let row = hot.packages.get(id).unwrap();
        let mut value = json!({
            "name": name(row.name),
            "version": evr(row.evr),
            "arch": name(row.arch),
            "own": row.provides_own_name,
        });
        for kind in RelationKind::ALL {
            let words = |dep: DepId| in_words(&hot.dependency(dep).unwrap());
            value[kind.word()] = hot.relations.of(id, kind).unwrap().map(words).collect();
        }
        value
    };
    let document = |id: u32| {
        let row = hot.modules.get(id).unwrap();
        let requires = hot
            .modules
            .requirements(id)
            .map(|row| json!([row.stanza, row.sign as u32, name(row.module), maybe(row.stream)]));
        let profiles = hot.modules.profiles(id);
        json!({
            "module": name(row.module),
            "stream": name(row.stream),
            "version": row.version,
            "context": maybe(row.context),
            "arch": maybe(row.arch),
            "resolve": name(row.resolve_name),
            "place": row.order,
            "static": row.is_static,
            "requires": requires.collect::<Vec<_>>(),
            "profiles": profiles.map(|row| json!([name(row.0), maybe(row.1)])).collect::<Vec<_>>(),
            "demodularized": hot.modules.demodularized(id).map(name).collect::<Vec<_>>(),
            "artifacts": numbers(hot.artifacts.of_document(id)),
            "names": hot.artifacts.names(id).unwrap().iter().map(|id| name(id.get())).collect::<Vec<_>>(),
        })
    };
    let artifact = |id: u32| {
        let row = hot.artifacts.get(id).unwrap();
        json!({
            "name": name(row.name),
            "version": evr(row.evr),
            "arch": name(row.arch),
            "documents": numbers(hot.artifacts.documents(id)),
        })
    };
    let defaults = hot.modules.defaults().map(|row| {
        let profiles = hot.modules.default_profiles(row.module);
        json!({
            "module": name(row.module),
            "stream": maybe(row.stream),
            "modified": row.modified,
            "profiles": profiles.map(|row| json!([name(row.0), maybe(row.1)])).collect::<Vec<_>>(),
        })
    });
    let intents = hot.modules.defaults().flat_map(|row| hot.intents.of_module(row.module)).map(|row| {
        let profiles = row.profiles.iter();
        json!({
            "module": name(row.module),
            "intent": name(row.intent),
            "stream": maybe(row.stream),
            "profiles": profiles.map(|row| json!([name(row.0), maybe(row.1)])).collect::<Vec<_>>(),
        })
    });
    let abandoned = |id: u32| {
        let row = hot.obsoletes.get(id).unwrap();
        json!({
            "module": name(row.module),
            "stream": name(row.stream),
            "context": maybe(row.context),
            "modified": row.modified,
            "eol": row.eol,
            "reset": row.reset,
            "message": name(row.message),
            "by": row.obsoleted_by.map(|(module, stream)| [name(module), name(stream)]),
        })
    };
    let statement = |id: u32| {
        let file = hot.reldeps.simple(id).unwrap().file;
        json!([in_words(&hot.dependency(DepId(id)).unwrap()), file])
    };
    let requirers = |id: u32| -> Value {
        let requirers = hot.reverse.requirers(id).unwrap();
        requirers.map(|requirer| json!([requirer.package, requirer.in_rich])).collect()
    };
    let pairs = |pairs: Pairs<'_>| pairs.of(0..u32::MAX).collect::<Vec<_>>();
    let version = |id: u32| {
        let same = id > 0 && hot.evrs.compare(id - 1, id).is_eq();
        json!([evr(id), same])
    };
    json!({
        "names": names.clone().map(name).collect::<Vec<_>>(),
        "versions": (0..hot.evrs.len() as u32).map(version).collect::<Vec<_>>(),
        "packages": (0..hot.packages.len() as u32).map(package).collect::<Vec<_>>(),
        "by_name": names.clone().map(|id| numbers(hot.packages.of_name(id))).collect::<Vec<_>>(),
        "statements": simple.clone().map(statement).collect::<Vec<_>>(),
        "providers": names.map(|id| numbers(hot.reverse.providers(id))).collect::<Vec<_>>(),
        "requirers": simple.map(requirers).collect::<Vec<_>>(),
        "conflicts": pairs(hot.reverse.conflicts),
        "obsoletes": pairs(hot.reverse.obsoletes),
        "supplements": pairs(hot.reverse.supplements),
        "conditions": pairs(hot.reverse.conditions),
        "documents": (0..hot.modules.len() as u32).map(document).collect::<Vec<_>>(),
        "defaults": defaults.collect::<Vec<_>>(),
        "intents": intents.collect::<Vec<_>>(),
        "obsolete_streams": (0..hot.obsoletes.len() as u32).map(abandoned).collect::<Vec<_>>(),
        "artifacts": (0..hot.artifacts.len() as u32).map(artifact).collect::<Vec<_>>(),
        "joined": hot.artifacts.packages().collect::<Vec<_>>(),
        "orphans": hot.orphans.packages().collect::<Vec<_>>(),
        "to_install": hot.installing.rows().map(|(package, dep)| (package, dep.0)).collect::<Vec<_>>(),
        "solvables": hot.solvables.map(|solvables| {
            (0..hot.modules.len() as u32).map(|id| json!(solvables.document(id))).collect::<Vec<_>>()
        }),
        "inner": hot.module_solvables().unwrap().map(|inner| self::hot(&inner)),
    })
}

fn warm(warm: &Warm<'_>) -> Value {
    let package = |id: u32| {
        let (algorithm, digest) = warm.checksums.get(id).unwrap();
        let (folder, file) = warm.locations.get(id).unwrap();
        json!({
            "download": warm.sizes.download(id),
            "installed": warm.sizes.installed(id),
            "algorithm": algorithm,
            "digest": hex(digest),
            "folder": folder,
            "file": file,
        })
    };
    json!({ "packages": (0..warm.sizes.len() as u32).map(package).collect::<Vec<_>>() })
}

fn cold(cold: &Cold<'_>) -> Value {
    let packages = cold.packages.iter().map(Result::unwrap).map(|text| {
        json!([
            text.summary,
            text.description,
            text.url,
            text.license,
            text.source_rpm,
            text.build_time
        ])
    });
    let modules = cold.modules.iter().map(Result::unwrap).map(|text| {
        let components = text.components.iter().map(|part| {
            json!([part.name, part.is_module, part.rationale, part.reference, part.build_order])
        });
        json!([
            text.nsvca,
            text.summary,
            text.description,
            text.module_licenses,
            text.content_licenses,
            text.references,
            text.profiles,
            text.api,
            text.filter,
            components.collect::<Vec<_>>(),
            text.service_levels,
            text.xmd
        ])
    });
    let groups = cold.groups.iter().map(Result::unwrap).map(|text| {
        json!([
            text.id,
            text.name,
            text.description,
            text.mandatory,
            text.default,
            text.optional,
            text.conditional
        ])
    });
    let paths = cold.paths.iter().map(Result::unwrap).map(|text| json!([text.path, text.packages]));
    let builds = cold.builds.map(|builds| {
        let record = |build: ModuleBuild| {
            let components = build.components.iter().map(|part| {
                let flags = [part.build_only, part.build_root, part.srpm_build_root];
                let texts = [&part.key, &part.repository, &part.cache];
                json!([texts, part.build_after, flags, part.arches, part.multilib])
            });
            json!([
                build.build_requires,
                build.macros,
                build.whitelist,
                build.arches,
                components.collect::<Vec<_>>(),
                build.artifact_checksums,
                build.unknown
            ])
        };
        builds.iter().map(Result::unwrap).map(record).collect::<Vec<_>>()
    });
    let translations = cold.translations.map(|translations| {
        let record = |of: TranslationsText| {
            let locales = of.locales.iter().map(|words| {
                json!([words.locale, words.summary, words.description, words.profiles])
            });
            json!([of.module, of.stream, of.modified, locales.collect::<Vec<_>>()])
        };
        translations.iter().map(Result::unwrap).map(record).collect::<Vec<_>>()
    });
    json!({
        "packages": packages.collect::<Vec<_>>(),
        "builds": builds,
        "translations": translations,
        "modules": modules.collect::<Vec<_>>(),
        "groups": groups.collect::<Vec<_>>(),
        "paths": paths.collect::<Vec<_>>(),
    })
}
