//! The hash rows of the specification.

use super::stanza;
use crate::expand::{Contexts, contexts, requires_json, streams_json};
use std::collections::BTreeMap;

fn row(used: &str, run: &str) -> (String, String, Contexts) {
    let used: BTreeMap<&str, &str> =
        used.split("; ").filter_map(|part| part.split_once(' ')).collect();
    let stanza = stanza(&format!("| {run}"));
    let base = ["platform".to_owned()];
    (streams_json(used.iter()), requires_json(&[&stanza]), contexts(&used, &base, &[&stanza]))
}

#[test]
fn every_row() {
    for (used, run, build_text, run_text, build, runtime, context) in [
        (
            "gtk 1; platform f28",
            "gtk 1",
            r#"{"gtk": "1", "platform": "f28"}"#,
            r#"{"gtk": ["1"]}"#,
            "ea432acebd83f89698537294e1c5e7e9a167c397",
            "447cde819b80a198563c098bd8d4ceda0a19ceca",
            "e1e005fb",
        ),
        (
            "gtk 2; platform f28",
            "gtk 2",
            r#"{"gtk": "2", "platform": "f28"}"#,
            r#"{"gtk": ["2"]}"#,
            "b613fe68c2411f10bc232d4c75bd02d4d74da838",
            "e93bb244dde57827ff4e71649b148fca22b9c47b",
            "ce132a1e",
        ),
        (
            "",
            "",
            "{}",
            "{}",
            "bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f",
            "bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f",
            "6a6c3e52",
        ),
        (
            "platform el8.1.0",
            "platform el8",
            r#"{"platform": "el8.1.0"}"#,
            r#"{"platform": ["el8"]}"#,
            "793c2731e7d576292128c6dd9c6438c90a56bc0e",
            "72c2eccd0ef79ee91dd48daf0f7f14ce48b1fa76",
            "cdc1202b",
        ),
        (
            "buildtools v1; compatible v3; platform f29",
            "platform f29; compatible v4,v3",
            r#"{"buildtools": "v1", "compatible": "v3", "platform": "f29"}"#,
            r#"{"compatible": ["v3", "v4"], "platform": ["f29"]}"#,
            "daefa0faeca56cc93f9a00e7c2a321dce26aaca5",
            "4f61e29bbb681aad5d281e701774e58d96806968",
            "a0ae823b",
        ),
        (
            "platform f29",
            "platform f29; runtime",
            r#"{"platform": "f29"}"#,
            r#"{"platform": ["f29"], "runtime": []}"#,
            "ef25c801bb4d5799a1453bd2d5798d3a597b9061",
            "182fc9381c5c98575a857d4b8976310e29fcc9d2",
            "a8307657",
        ),
        (
            "glib 2; gtk 3; platform f29",
            "gtk 3; platform f29",
            r#"{"glib": "2", "gtk": "3", "platform": "f29"}"#,
            r#"{"gtk": ["3"], "platform": ["f29"]}"#,
            "015d687038df4d4602a5cfc58e2690cc5c6d49ba",
            "0730a86b06430e499e9637100f1d5844d740a062",
            "fe75c20d",
        ),
        (
            "base-runtime f28; fluffy foo; zebra 2.0",
            "fidget spinner; base-runtime master; silly puddy; glass water",
            r#"{"base-runtime": "f28", "fluffy": "foo", "zebra": "2.0"}"#,
            r#"{"base-runtime": ["master"], "fidget": ["spinner"], "glass": ["water"], "silly": ["puddy"]}"#,
            "089df24993c037e10174f3fa7342ab4dc191a4d4",
            "bbc84c7b817ab3dd54916c0bcd6c6bdf512f7f9c",
            "3ee22b28",
        ),
        (
            "m é; platform f29",
            "platform f29",
            r#"{"m": "\u00e9", "platform": "f29"}"#,
            r#"{"platform": ["f29"]}"#,
            "c1024cae71fb1723918d7b34d889d07b5b724c12",
            "d64e1e812ab9b003a6055ee0ba3da6d3e6237ed7",
            "4fdebcb8",
        ),
    ] {
        let (found_build, found_run, hashes) = row(used, run);
        assert_eq!((found_build.as_str(), found_run.as_str()), (build_text, run_text));
        assert_eq!((hashes.build.as_str(), hashes.runtime.as_str()), (build, runtime));
        assert_eq!(hashes.context, context);
    }
    let (_, _, hashes) = row("gtk 1; platform f28", "gtk 1");
    assert_eq!(hashes.build_no_base, "f4460b2a34382dfda6442f78b2586828e81ef875");
}
