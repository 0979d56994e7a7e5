//! What is written is read back equal, by ourselves and by libmodulemd.

use crate::oracle;
use crate::random;
use crate::support::{draw, runner, set, strictly, try_strictly};
use modex_generator::modulemd::{Document, Modules, to_yaml, write};
use proptest::prelude::*;
use serde_json::json;

fn stream() -> BoxedStrategy<Document> {
    random::stream().prop_map(|stream| Document::Stream(Box::new(stream))).boxed()
}

fn packager_v2() -> BoxedStrategy<Document> {
    random::packager_v2().prop_map(|stream| Document::PackagerV2(Box::new(stream))).boxed()
}

fn packager_v3() -> BoxedStrategy<Document> {
    random::packager().prop_map(|packager| Document::PackagerV3(Box::new(packager))).boxed()
}

/// Defaults, obsoletes, translations.
fn other() -> BoxedStrategy<Document> {
    prop_oneof![
        random::defaults().prop_map(Document::Defaults),
        random::obsoletes().prop_map(Document::Obsoletes),
        random::translations().prop_map(Document::Translations),
    ]
    .boxed()
}

/// Written and read, a document of each kind is what it was.
#[test]
fn we_read_what_we_write() {
    let kinds = [(stream(), 400), (packager_v2(), 100), (packager_v3(), 300), (other(), 600)];
    for (seed, (strategy, cases)) in kinds.into_iter().enumerate() {
        let outcome = runner(seed as u8, cases).run(&strategy, |document| {
            let yaml = to_yaml(&document);
            prop_assert!(yaml.starts_with("---\n") && yaml.ends_with("\n...\n"));
            prop_assert_eq!(&strictly(&yaml), &[document], "{}", yaml);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{error}"));
    }
}

/// Our text, loaded strictly and dumped by libmodulemd, says the same.
#[test]
fn libmodulemd_reads_what_we_write() {
    if !oracle::is_here("libmodulemd_reads_what_we_write") {
        return;
    }
    let kinds = [
        ("roundtrip", stream(), 400),
        ("roundtrip", other(), 600),
        ("packager", packager_v2(), 100),
        ("packager", packager_v3(), 300),
    ];
    for (seed, (op, strategy, count)) in kinds.into_iter().enumerate() {
        let mut documents = draw(&strategy, 10 + seed as u8, count);
        documents.iter_mut().for_each(spare_libmodulemd);
        let texts: Vec<_> = documents.iter().map(to_yaml).collect();
        let cases: Vec<_> = texts.iter().map(|yaml| json!({ "op": op, "yaml": yaml })).collect();
        let mut bad = Vec::new();
        for ((document, text), answer) in documents.iter().zip(&texts).zip(oracle::ask(&cases)) {
            let want = Ok(vec![as_dumped(document.clone())]);
            let sound = answer.failures.is_empty() && answer.error.is_none();
            let back = try_strictly(&answer.yaml);
            if !sound || back != want {
                let (failures, error) = (answer.failures, answer.error);
                bad.push(format!(
                    "{failures:?} {error:?}\n======= ours:\n{text}======= theirs:\n{}",
                    back.map_or(answer.yaml, |back| back.iter().map(to_yaml).collect())
                ));
            }
        }
        assert!(bad.is_empty(), "{} of {count} differ; the first: {}", bad.len(), bad[0]);
    }
}

/// Takes out what libmodulemd 2.14 cannot dump (`fixtures/oracle/DIFFERENCES.md`).
fn spare_libmodulemd(document: &mut Document) {
    match document {
        Document::Stream(stream) => stream.artifact_map.truncate(1),
        Document::Defaults(defaults) => {
            defaults.intents.retain(|(_, intent)| intent.stream.is_some());
        }
        _ => {}
    }
}

/// What the oracle gives for a document: packager documents of version 2 as streams without a name.
fn as_dumped(document: Document) -> Document {
    match document {
        Document::PackagerV2(mut stream) => {
            stream.nsvca.name = "unnamed".into();
            stream.nsvca.stream = "unnamed".into();
            Document::Stream(stream)
        }
        Document::PackagerV3(mut packager) => {
            packager.configurations.sort_by(|a, b| a.context.cmp(&b.context));
            Document::PackagerV3(packager)
        }
        other => other,
    }
}

/// PyYAML, which knows the types of YAML 1.1, takes every text for a text.
#[test]
fn readers_with_types_see_texts() {
    if !oracle::is_here_with_pyyaml("readers_with_types_see_texts") {
        return;
    }
    let kinds = prop_oneof![2 => stream(), 1 => packager_v3(), 1 => other()];
    let texts: Vec<_> = draw(&kinds, 30, 300).iter().map(to_yaml).collect();
    let cases: Vec<_> = texts.iter().map(|yaml| json!({ "op": "types", "yaml": yaml })).collect();
    for (text, answer) in texts.iter().zip(oracle::ask(&cases)) {
        assert_eq!(answer.failures, [""; 0], "{text}");
    }
}

/// What mirrors published, written and read, is what it was.
#[test]
fn published_files_come_back() {
    let test = "published_files_come_back";
    let Some(shared) = modex_fixtures::shared_or_skip(test) else { return };
    for file in ["el8/appstream-x86_64-2024-08-20.modules.yaml", "f29/modules.yaml"] {
        let Ok(text) = std::fs::read_to_string(shared.join("data").join(file)) else {
            modex_fixtures::skipped(test, &format!("{file} is not here"));
            continue;
        };
        let modules = set(&text);
        let written = write(&modules);
        let back = set(&written);
        assert_eq!(write(&back), written, "{file}");
        let count = |modules: &Modules| {
            [modules.streams.len(), modules.defaults.len(), modules.obsoletes.len()]
        };
        assert_eq!(count(&back), count(&modules), "{file}");
        for stream in &modules.streams {
            assert!(back.streams.contains(stream), "{file}: {}", stream.nsvca);
        }
        assert!(modules.defaults.iter().all(|defaults| back.defaults.contains(defaults)), "{file}");
    }
}
