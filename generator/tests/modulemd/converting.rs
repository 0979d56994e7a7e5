//! Packager documents of version 3 converted by ourselves and by libmodulemd.

use crate::oracle::{self, Answer};
use crate::random;
use crate::support::{draw, set, strictly, try_strictly};
use modex_generator::modulemd::{
    Document, Modules, Packager, to_one_stream, to_streams, to_yaml, write,
};
use serde_json::{Value, json};

fn case(yaml: &str) -> Value {
    json!({ "op": "convert", "yaml": yaml })
}

/// Fails where libmodulemd makes something else of the document.
fn compare(packager: &Packager, yaml: &str, answer: &Answer) {
    let (whole, one) = match (to_streams(packager), to_one_stream(packager)) {
        (Ok(whole), Ok(one)) => (whole, one),
        (Err(error), _) | (_, Err(error)) => {
            assert!(answer.error.is_some(), "{error}\n{yaml}\n{}", answer.yaml);
            return;
        }
    };
    assert_eq!(answer.error, None, "{yaml}");
    let mut theirs = Modules::default();
    for document in strictly(&answer.yaml) {
        match document {
            Document::Stream(stream) => theirs.streams.push(*stream),
            Document::Defaults(defaults) => theirs.defaults.push(defaults),
            other => panic!("{other:?}"),
        }
    }
    assert!(
        theirs == whole,
        "{yaml}\n======= ours:\n{}======= theirs:\n{}",
        write(&whole),
        write(&theirs)
    );
    if packager.name.is_some() && packager.stream.is_some() {
        assert_eq!(set(&write(&whole)), whole);
    }
    let mut one = one;
    for part in [&mut one.nsvca.name, &mut one.nsvca.stream] {
        if part.is_empty() {
            *part = "unnamed".into();
        }
    }
    assert_eq!(strictly(&answer.stream), [Document::Stream(Box::new(one))], "{yaml}");
}

#[test]
fn random_documents_are_converted_as_libmodulemd_converts_them() {
    if !oracle::is_here("random_documents_are_converted_as_libmodulemd_converts_them") {
        return;
    }
    let packagers = draw(&random::packager(), 70, 400);
    let texts: Vec<String> = packagers
        .iter()
        .map(|packager| to_yaml(&Document::PackagerV3(Box::new(packager.clone()))))
        .collect();
    let answers = oracle::ask(&texts.iter().map(|text| case(text)).collect::<Vec<_>>());
    let refused = answers.iter().filter(|answer| answer.error.is_some()).count();
    assert!((5..300).contains(&refused), "{refused} refused");
    for ((packager, text), answer) in packagers.iter().zip(&texts).zip(&answers) {
        compare(packager, text, answer);
    }
}

/// Documents that were written for build systems, where they are at hand.
#[test]
fn real_documents_are_converted_as_libmodulemd_converts_them() {
    let test = "real_documents_are_converted_as_libmodulemd_converts_them";
    let Some(shared) = modex_fixtures::shared_or_skip(test) else { return };
    if !oracle::is_here(test) {
        return;
    }
    let folder = shared.join("data/packager");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        modex_fixtures::skipped(test, &format!("{} is not here", folder.display()));
        return;
    };
    let mut found = Vec::new();
    for entry in entries {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        if text.contains("document: modulemd-packager\nversion: 3\n") {
            let packager = match try_strictly(&text).map(|mut documents| documents.remove(0)) {
                Ok(Document::PackagerV3(packager)) => Some(packager),
                Ok(other) => panic!("{other:?}"),
                Err(_) => None,
            };
            found.push((packager, text));
        }
    }
    assert!(!found.is_empty(), "{} has none", folder.display());
    let answers = oracle::ask(&found.iter().map(|(_, text)| case(text)).collect::<Vec<_>>());
    for ((packager, text), answer) in found.iter().zip(&answers) {
        match packager {
            Some(packager) => compare(packager, text, answer),
            None => assert!(answer.error.is_some(), "{text}"),
        }
    }
}
