//! Unknown keys, and the documents that build systems are given.

use super::*;

/// The only document of a text.
fn one(text: &str, mode: Mode) -> Judged {
    let mut judged = documents(text.as_bytes(), mode);
    assert_eq!(judged.len(), 1);
    judged.remove(0)
}

fn packager(version: u8, data: &str) -> String {
    format!("---\ndocument: modulemd-packager\nversion: {version}\ndata:\n{data}")
}

#[test]
fn unknown_keys_are_kept_or_refused() {
    let text = stream(
        2,
        "  zzz: [1.10, {a: b}]\n  profiles:\n    p:\n      rpms: [x]\n      colour: 5.30\n  dependencies:\n  - requires: {a: []}\n  - \"odd\": ~\n",
    ) + "extra: 1\n";
    let judged = one(&text, Mode::Lax);
    assert!(judged.document.is_ok() && judged.column.is_none(), "{judged:?}");
    let unknown: Vec<_> = judged.unknown.iter().map(|key| (&key.path[..], &key.json[..])).collect();
    assert_eq!(
        unknown,
        [
            ("data.zzz", r#"["1.10",{"a":"b"}]"#),
            ("data.profiles.p.colour", r#""5.30""#),
            ("data.dependencies.1.odd", r#""~""#),
            ("extra", r#""1""#),
        ]
    );
    // One after the other, each where it stands.
    for (key, line, column) in [("zzz", 14, 3), ("colour", 18, 7), ("odd", 21, 6), ("extra", 22, 1)]
    {
        let from = text.find("  zzz").unwrap();
        let (before, mut after) = (&text[..from], text[from..].to_owned());
        for gone in ["  zzz: [1.10, {a: b}]", "      colour: 5.30", "  - \"odd\": ~", "extra: 1"] {
            if !gone.contains(key) {
                after = after.replace(gone, "");
            }
        }
        let judged = one(&format!("{before}{after}"), Mode::Strict);
        assert_eq!((judged.line, judged.column), (line, Some(column)), "{key}: {judged:?}");
        assert!(judged.document.unwrap_err().contains(key));
    }
    assert_eq!(one(&stream(2, ""), Mode::Strict).document, one(&stream(2, ""), Mode::Lax).document);
}

#[test]
fn packager_documents_of_version_2() {
    let text = packager(
        2,
        "  summary: s\n  description: d\n  license: {module: [MIT]}\n  dependencies:\n  - requires: {platform: []}\n",
    );
    let Ok(Document::PackagerV2(stream)) = one(&text, Mode::Strict).document else { panic!() };
    assert_eq!(stream.dependencies.len(), 1);
    for more in [
        "  name: x\n",
        "  stream: x\n",
        "  version: x\n",
        "  context: x\n",
        "  arch: x\n",
        "  xmd: {}\n",
        "  servicelevels: 1\n",
        "  buildopts: 1\n",
        "  artifacts: 1\n",
    ] {
        let judged = one(&(text.clone() + more), Mode::Lax);
        assert_eq!((judged.document.is_ok(), judged.unknown.len()), (true, 1), "{more}");
        assert!(one(&(text.clone() + more), Mode::Strict).document.is_err(), "{more}");
    }
    let content = text.replace("module: [MIT]", "module: [MIT], content: [GPL]");
    assert!(one(&content, Mode::Strict).document.is_err());
}

const V3: &str = "  summary: s\n  description: d\n  configurations:\n  - context: C1\n    platform: f32\n    \
    buildrequires: {go: [1.10]}\n    requires: {lib: a}\n  - {context: C2, platform: 5.30}\n";

#[test]
fn packager_documents_of_version_3() {
    let Ok(Document::PackagerV3(packager)) = one(&packager(3, V3), Mode::Lax).document else {
        panic!()
    };
    assert_eq!(packager.licences, ["MIT"]);
    let [first, second] = &packager.configurations[..] else { panic!() };
    assert_eq!((&first.context[..], &first.platform[..]), ("C1", "f32"));
    assert_eq!(first.build_requires, [("go".to_string(), "1.10".to_string())]);
    assert_eq!(first.requires, [("lib".to_string(), "a".to_string())]);
    assert_eq!((&second.context[..], &second.platform[..]), ("C2", "5.30"));
}

#[test]
fn what_makes_a_packager_document_of_version_3_unusable() {
    for (bad, why) in [
        (V3.replace("summary: s\n", "license: []\n"), "summary"),
        (V3.replace("C2", "C1"), "C1"),
        (V3.replace("C2", "a_b"), "a_b"),
        (V3.replace("C2", "12345678901"), "12345678901"),
        (V3.replace("context: C2, ", ""), "context"),
        (V3.replace("platform: 5.30", "requires: {}"), "platform"),
        (V3.replace("[1.10]", "[]"), "0 of go"),
        (V3.replace("[1.10]", "[a, b]"), "2 of go"),
        (V3.replace("platform: 5.30", "platform: 5.30, colour: red"), "colour"),
        (format!("{V3}  dependencies: []\n"), "dependencies"),
        (format!("{V3}  buildopts: {{}}\n"), "buildopts"),
        (format!("{V3}  version: 1\n"), "version"),
        ("  summary: s\n  description: d\n".into(), "configurations"),
    ] {
        let judged = one(&packager(3, &bad), Mode::Lax);
        let error = judged.document.expect_err(&bad);
        assert!(error.contains(why), "{bad}: {error}");
    }
}

#[test]
fn later_translations_replace_earlier_ones() {
    let text = |modified: u64, summary: &str| {
        format!(
            "---\ndocument: modulemd-translations\nversion: 1\ndata:\n  module: m\n  stream: 1.10\n  modified: {modified}\n  \
             translations:\n    de: {{summary: {summary}, profiles: {{p: 018}}}}\n"
        )
    };
    let (modules, report) = run(text(7, "alt") + &text(5, "neu"));
    assert!(report.is_clean());
    let [translations] = &modules.translations[..] else { panic!() };
    let (locale, german) = &translations.locales[0];
    assert_eq!((&translations.stream[..], &locale[..]), ("1.10", "de"));
    assert_eq!(german.summary.as_deref(), Some("neu"));
    assert_eq!(german.profiles, [("p".to_string(), "018".to_string())]);
}

/// As in libmodulemd, which the oracle of `tests/modulemd/hostile` is asked about.
#[test]
fn what_comes_twice_unites_or_is_an_error() {
    let text = stream(
        1,
        "  profiles: {a: {rpms: [a]}}\n  profiles: {b: {rpms: [b]}}\n  servicelevels: {zz: {}}\n  eol: 2020-01-01\n  \
         eol: 2020-01-02\n  buildopts: {arches: [x]}\n  buildopts: {rpms: {macros: m}}\n  \
         components: {rpms: {a: {rationale: r}}, rpms: {b: {rationale: r}}}\n",
    );
    let Ok(Document::Stream(found)) = one(&text, Mode::Strict).document else { panic!() };
    let profiles: Vec<_> = found.profiles.iter().map(|profile| &profile.name[..]).collect();
    assert_eq!((profiles, found.components.rpms.len()), (vec!["a", "b"], 2));
    let levels: Vec<_> = found.service_levels.iter().map(|level| level.eol.as_deref()).collect();
    assert_eq!(levels, [Some("2020-01-02"), None]);
    assert_eq!(found.build_options.unwrap().arches, [""; 0]);
    let stanzas =
        "  dependencies: [{requires: {a: [b]}}]\n  dependencies: [{requires: {c: [d]}}]\n";
    let Ok(Document::Stream(found)) = one(&stream(2, stanzas), Mode::Strict).document else {
        panic!()
    };
    assert_eq!(found.dependencies.len(), 2);
    for (data, sound) in [
        ("profiles: {a: [b]}, profiles: {c: [d]}, intents: {a: {}}, intents: {b: {}}", true),
        ("profiles: {a: [b]}, profiles: {a: [b]}", false),
        ("intents: {a: {}}, intents: {a: {}}", false),
        ("intents: {a: {stream: a, stream: b}}", false),
        ("}\ndata: {module: n", false),
    ] {
        let text =
            format!("document: modulemd-defaults\nversion: 1\ndata: {{module: m, {data}}}\n");
        assert_eq!(one(&text, Mode::Lax).document.is_ok(), sound, "{data}");
    }
    for eol in ["~", "null", "''"] {
        let text = stream(2, &format!("  servicelevels: {{a: {{eol: {eol}}}}}\n"));
        assert!(one(&text, Mode::Lax).document.unwrap_err().contains("date"), "{eol}");
    }
}
