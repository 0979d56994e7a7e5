//! Every kind of input, and what the documents say besides their dependencies.

use super::{build, contexts, document, expanded, platform, told, world};
use crate::expand::{ExpandError, Options, PlatformStream, expand};
use crate::modulemd::{Configuration, Document, Packager};
use modex_formats::module::{BuildOptions, ModuleStream, Nsvca, Profile};
use serde_json::{Value, json};

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(module, stream)| (module.to_string(), stream.to_string())).collect()
}

#[test]
fn packager_v3() {
    let configuration = |context: &str, platform: &str| Configuration {
        context: context.into(),
        platform: platform.into(),
        build_requires: pairs(&[("gtk", "1")]),
        requires: pairs(&[("gtk", "2"), ("platform", "f40")]),
        build_options: Some(BuildOptions {
            macros: Some(context.into()),
            ..BuildOptions::default()
        }),
    };
    let packager = Packager {
        name: Some("app".into()),
        profiles: vec![Profile { name: "p".into(), default: true, ..Profile::default() }],
        licences: vec!["MIT".into()],
        configurations: vec![configuration("B2", "f29"), configuration("A1", "f28")],
        ..Packager::default()
    };
    let options = Options { stream: Some("2.4".into()), ..Options::default() };
    let expansion =
        expand(&Document::PackagerV3(packager.into()), &world(&["gtk:1"]), &options).unwrap();
    assert_eq!(
        told(&expansion),
        [
            "gtk[1] platform[f28] -> gtk[2] platform[f28,f40] A1",
            "gtk[1] platform[f29] -> gtk[2] platform[f29,f40] B2",
        ]
    );
    let first = expansion.document(0).unwrap();
    assert_eq!(first.nsvca.to_string(), "app:2.4::A1:");
    assert!(first.static_context && !first.profiles[0].default);
    assert_eq!(first.build_options.unwrap().macros.as_deref(), Some("A1"));
    let xmd: Value = serde_json::from_str(&first.xmd.unwrap()).unwrap();
    assert_eq!(xmd["mbs"]["static_context"], "TRUE");
    assert_eq!(xmd["mbs"]["buildrequires"]["gtk"]["context"], "cf28");
    assert!(expansion.builds[0].hashes.is_none());
}

fn with_xmd(xmd: Value) -> Document {
    let nsvca = Nsvca {
        name: "app".into(),
        stream: "1".into(),
        context: "old".into(),
        version: 7,
        ..Nsvca::default()
    };
    Document::Stream(
        ModuleStream { nsvca, xmd: Some(xmd.to_string()), ..ModuleStream::default() }.into(),
    )
}

#[test]
fn static_contexts_in_the_extra_data() {
    let context = |platform: &str| json!({"buildrequires": {"platform": platform}, "requires": {"platform": platform}});
    let xmd =
        json!({"mbs_options": {"contexts": {"b": context("f29"), "a": context("f28")}, "x": "y"}});
    let expansion = expand(&with_xmd(xmd), &world(&[]), &Options::default()).unwrap();
    assert_eq!(
        told(&expansion),
        ["platform[f28] -> platform[f28] a", "platform[f29] -> platform[f29] b"]
    );
    let first = expansion.document(0).unwrap();
    assert!(first.static_context);
    let xmd: Value = serde_json::from_str(&first.xmd.unwrap()).unwrap();
    assert_eq!(xmd["mbs_options"], json!({"x": "y"}));

    let wrong = |xmd: Value| {
        expand(&with_xmd(xmd), &world(&[]), &Options::default()).unwrap_err().to_string()
    };
    let contexts =
        |context: &str, value: Value| wrong(json!({"mbs_options": {"contexts": {context: value}}}));
    assert_eq!(
        contexts("a", json!({"requires": {}})),
        "static context `a`: it has no map buildrequires"
    );
    let requires =
        |stream: Value| json!({"buildrequires": {"platform": "f28"}, "requires": {"m": stream}});
    for stream in [json!("-1"), json!(""), json!(["1"])] {
        assert_eq!(
            contexts("a", requires(stream)),
            "static context `a`: requires.m is not one stream"
        );
    }
    assert!(contexts("a b", requires(json!("1"))).ends_with("ASCII letters, digits and _"));
    assert!(
        contexts("a2345678901234", requires(json!("1"))).ends_with("ASCII letters, digits and _")
    );
    assert_eq!(wrong(json!([])), "xmd: it is no map");
    assert_eq!(wrong(json!({"mbs": "x"})), "xmd: mbs is no map");
}

#[test]
fn what_the_documents_record() {
    let mut gtk = build("gtk:1:20180101000000:0badcafe", "f28", "platform f28");
    gtk.xmd = Some(
        json!({"mbs": {"commit": "abc", "koji_tag": "module-gtk", "buildrequires": {"platform": {"stream": "f28"}}}})
            .to_string(),
    );
    let known = [platform("f28", "fedora"), gtk];
    let Document::Stream(mut input) = with_xmd(json!({"keep": "me", "mbs": {"scmurl": "x"}}))
    else {
        panic!()
    };
    input.dependencies = vec![super::stanza("platform f28; gtk 1 | gtk 1")];
    let input = Document::Stream(input);
    let options = Options { commit_time: "1517838714".parse().ok(), ..Options::default() };
    let first = expand(&input, &known, &options).unwrap().document(0).unwrap();
    assert_eq!(first.nsvca.to_string(), "app:1:2820180205135154:e1e005fb:");
    assert!(!first.static_context);
    assert_eq!(
        serde_json::from_str::<Value>(&first.xmd.unwrap()).unwrap(),
        json!({"keep": "me", "mbs": {"scmurl": "x", "mse": "TRUE", "buildrequires": {
            "gtk": {"ref": "abc", "koji_tag": "module-gtk", "stream": "1", "version": "20180101000000", "context": "0badcafe"},
            "platform": {"stream": "f28", "version": "1", "context": "00000000"},
        }}})
    );
    let own = expand(&input, &known, &Options::default()).unwrap();
    assert_eq!(own.builds[0].nsvca.version, 7);
    let exact = expand(&input, &known, &Options { mbs_exact: true, ..Options::default() }).unwrap();
    assert_eq!(exact.builds[0].nsvca.version, 287);
}

#[test]
fn platforms_without_documents() {
    let list = |text: &str| {
        let platform_streams: Vec<PlatformStream> =
            text.split(',').map(|one| one.parse().unwrap()).collect();
        Options { platform_streams, assume: true, ..Options::default() }
    };
    let any = expanded(&["platform -f29 | platform"], &[], &list("f28,f29,f30"));
    assert_eq!(any.len(), 2);
    let virtuals =
        expanded(&["platform el8 | platform el8"], &[], &list("el8.0.0=el8,el8.1.0=el8"));
    assert_eq!(virtuals, ["platform[el8.1.0] -> platform[el8] cdc1202b"]);
    let dropped = expand(&document(&["platform f28,f31 |"]), &[], &list("f28")).unwrap();
    assert_eq!(
        dropped.dropped().next().unwrap().1.to_string(),
        "no build of platform:f31 (there is f28)"
    );
    let exact = Options { mbs_exact: true, ..list("el8.1.0=el8") };
    assert_eq!(contexts(&expanded(&["platform el8 | platform el8"], &[], &exact)), ["cdc1202b"]);

    // Only what was built: the platform is what that was built against.
    let built = [build("gtk:1:1:c1", "f28", "platform f28")];
    let known = expanded(&["platform; gtk 1 | gtk 1"], &built, &Options::default());
    assert_eq!(known, ["gtk[1] platform[f28] -> gtk[1] e1e005fb"]);
    let mut declared = built;
    declared[0].xmd = None;
    assert_eq!(expanded(&["platform; gtk 1 | gtk 1"], &declared, &Options::default()), known);
}

#[test]
fn overrides() {
    let known = world(&["gtk:1", "gtk:2"]);
    let to = |streams: &[&str]| {
        [("gtk".to_owned(), streams.iter().map(|s| s.to_string()).collect())].into()
    };
    let options =
        Options { build_requires: to(&["2"]), requires: to(&["2"]), ..Options::default() };
    let found = expanded(&["platform f28; gtk 1 | gtk -5"], &known, &options);
    assert_eq!(found, ["gtk[2] platform[f28] -> gtk[2] ce132a1e"]);
    let error = expand(&document(&["platform f28; gtk 1 |"]), &known, &options).unwrap_err();
    assert_eq!(error, ExpandError::UnusedOverride { module: "gtk".into(), what: "requires" });
}
