//! Small indexes that use the optional sections of modules: obsoletes, intents, builds, translations; orphans.

use crate::sample::{packed, put_pack};
use modex_formats::index::section::builds::{
    ComponentSource, LocaleText, ModuleBuild, TranslationsText,
};
use modex_formats::index::section::intents::IntentTables;
use modex_formats::index::section::modules::{DefaultStream, Document, DocumentTables};
use modex_formats::index::section::obsoletes::ObsoletesRow;
use modex_formats::index::section::texts::{
    GroupText, ModuleText, PackageText, PathOwners, Record,
};
use modex_formats::index::{FileBuilder, HotBuilder, HotTables, Kind, SourceDigest};

/// Hot and cold.
pub(crate) fn files(source: SourceDigest) -> [Vec<u8>; 2] {
    [hot().to_bytes(source).unwrap(), cold(source)]
}

fn hot() -> HotTables {
    let mut b = HotBuilder::default();
    let mut name = |text: &str| b.name(text).0;
    let document = |order, stream, version| Document {
        module: 0,
        stream,
        version,
        context: None,
        arch: None,
        resolve_name: stream,
        order,
        is_static: false,
    };
    let module = name("nodejs");
    let [old, new] = ["16", "18"].map(&mut name);
    let rows = [document(0, old, 1), document(1, new, 2)];
    let documents = rows.map(|document| DocumentTables {
        document: Document { module, ..document },
        requirements: Vec::new(),
        profiles: Vec::new(),
        demodularized: Vec::new(),
        artifacts: Vec::new(),
        artifact_names: Vec::new(),
    });
    let (common, minimal) = (name("common"), name("minimal"));
    let intents = [("server", Some(old)), ("desktop", None)].map(|(intent, stream)| IntentTables {
        module,
        intent: name(intent),
        stream,
        profiles: vec![(new, None), (old, Some(minimal)), (old, Some(common))],
    });
    let plain = ObsoletesRow {
        module,
        stream: old,
        context: None,
        modified: 202402292359,
        eol: Some(999912310000),
        reset: false,
        message: name("nodejs 16 ist am Ende. Ä"),
        obsoleted_by: Some((module, new)),
    };
    let context = Some(name("deadbeef"));
    let lifted = ObsoletesRow { context, eol: None, reset: true, obsoleted_by: None, ..plain };
    let later = ObsoletesRow { modified: 202403010000, eol: None, ..plain };
    let tables = b.modules();
    tables.documents = documents.into();
    tables.defaults = vec![(DefaultStream { module, stream: Some(new), modified: 3 }, vec![])];
    tables.intents = intents.into();
    tables.obsoletes = vec![lifted, later, plain];
    b.finish().unwrap()
}

/// A listed package between two of modules that nobody describes, and one of no module.
pub(crate) fn orphans() -> HotTables {
    let mut b = HotBuilder::default();
    for (name, release) in [("plain", "1"), ("node", "1"), ("node", "2"), ("npm", "1")] {
        b.package(name, &format!("16-{release}"), "x86_64").unwrap();
    }
    let artifacts = vec![b.artifact("node", "16-2", "x86_64")];
    let [module, stream, node] = ["nodejs", "16", "node"].map(|text| b.name(text).0);
    let document = Document {
        module,
        stream,
        version: 1,
        context: None,
        arch: None,
        resolve_name: stream,
        order: 0,
        is_static: false,
    };
    b.modules().documents = vec![DocumentTables {
        document,
        requirements: Vec::new(),
        profiles: Vec::new(),
        demodularized: Vec::new(),
        artifacts,
        artifact_names: vec![node],
    }];
    let unlisted: Vec<_> = b.unlisted().iter().map(|(id, it)| (*id, it.to_string())).collect();
    let want = ["plain-0:16-1.x86_64", "node-0:16-1.x86_64", "npm-0:16-1.x86_64"];
    assert_eq!(unlisted, [0, 1, 3].into_iter().zip(want.map(String::from)).collect::<Vec<_>>());
    b.orphans(vec![1, 3]);
    b.finish().unwrap()
}

fn cold(source: SourceDigest) -> Vec<u8> {
    let text = |text: &str| text.to_owned();
    let list = |texts: &[&str]| texts.iter().map(|one| text(one)).collect::<Vec<_>>();
    let build = ModuleBuild {
        build_requires: vec![
            vec![(text("go"), list(&["-1.10", "-1.9"])), (text("platform"), vec![])],
            vec![],
        ],
        macros: text("%a 1\n%b 2\n"),
        whitelist: list(&["bash"]),
        arches: list(&["i686", "x86_64"]),
        components: vec![ComponentSource {
            key: text("nodejs"),
            repository: text("https://example.org/nodejs"),
            cache: text("https://example.org/cache"),
            build_after: list(&["libuv"]),
            build_only: true,
            build_root: true,
            srpm_build_root: true,
            arches: list(&["i686"]),
            multilib: list(&["x86_64"]),
        }],
        artifact_checksums: vec![(text("sha256"), text("00ff"), text("nodejs-1:16-1.x86_64"))],
        unknown: vec![(text("data.colour"), text("\"1.10\""))],
    };
    let locale = |locale: &str, summary: &str| LocaleText {
        locale: text(locale),
        summary: text(summary),
        description: text("Laufzeit für JavaScript"),
        profiles: vec![(text("common"), text("das Übliche"))],
    };
    let translations = (16..34).map(|stream| TranslationsText {
        module: text("nodejs"),
        stream: stream.to_string(),
        modified: 1 << 40,
        locales: vec![locale("de", "JavaScript"), LocaleText::default()],
    });
    let mut out = FileBuilder::new(Kind::Cold, source);
    put_pack::<PackageText>(&mut out, vec![]);
    put_pack(&mut out, vec![ModuleText::default(); 2]);
    put_pack::<GroupText>(&mut out, vec![]);
    put_pack::<PathOwners>(&mut out, vec![]);
    out.optional(ModuleBuild::TAG, packed(vec![build, ModuleBuild::default()]));
    out.optional(TranslationsText::TAG, packed(translations.collect::<Vec<_>>()));
    out.finish()
}

/// Adds the optional sections to the tiny cold file, which has one document.
pub(crate) fn put_tiny(out: &mut FileBuilder) {
    let unknown = vec![("a".into(), "1".into())];
    let build = ModuleBuild { unknown, ..ModuleBuild::default() };
    out.optional(ModuleBuild::TAG, packed(vec![build]));
    let translations = TranslationsText { module: "m".into(), ..TranslationsText::default() };
    out.optional(TranslationsText::TAG, packed(vec![translations]));
}
