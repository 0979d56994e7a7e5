//! `modex-publish modules`

use crate::sandbox::{Sandbox, compare};
use std::fs;

/// A stream document; `more` are further lines of its data.
fn stream(nsvc: [&str; 4], more: &str) -> String {
    let [name, stream, version, context] = nsvc;
    format!(
        "---\ndocument: modulemd\nversion: 2\ndata:\n  name: {name}\n  stream: {stream}\n  version: {version}\n  \
         context: {context}\n  arch: x86_64\n  summary: s\n  description: d\n  license: {{module: [MIT]}}\n{more}...\n"
    )
}

fn defaults(module: &str, more: &str) -> String {
    format!(
        "---\ndocument: modulemd-defaults\nversion: 1\ndata: {{module: {module}, {more}}}\n...\n"
    )
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let perl = ["perl", "5.30", "8010", "6e5"];
    let requires = "  dependencies:\n  - requires: {platform: [el8], perl: [5.3]}\n";
    sandbox.write(
        "good.yaml",
        stream(perl, "  api: {rpms: [perl]}\n")
            + &stream(["perl", "5.30", "8010", "018"], "")
            + &stream(["cpan", "1.10", "7", "00000000"], requires)
            + &defaults("perl", "stream: 5.30, modified: 7, profiles: {5.30: [common]}"),
    );
    sandbox.write(
        "bad.yaml",
        stream(perl, "  api: {rpms: [perl-core]}\n  colour: red\n")
            + "--- [no, map]\n"
            + &stream(["perl", "5.32", "-1", "c"], "")
            + "---\ndocument: modulemd-packager\nversion: 3\ndata:\n  summary: s\n  description: d\n  \
               configurations:\n  - {context: C1, platform: f32}\n"
            + "---\ndocument: modulemd\nversion: 2\ndata:\n  summary: s\n  description: d\n  license: {module: [MIT]}\n"
            + &defaults("perl", "stream: 5.32, modified: 7, profiles: {5.30: [minimal]}"),
    );
    sandbox.write("local.yaml", defaults("perl", "stream: 5.32"));
    sandbox.write("cut.yaml.gz", [0x1f, 0x8b, 8, 0, 0]);
    sandbox
}

#[test]
fn validating() {
    let lines = [
        "modules validate good.yaml",
        "modules validate bad.yaml",
        "modules validate bad.yaml --repository",
        "modules validate bad.yaml --strict",
        "modules validate good.yaml nowhere.yaml cut.yaml.gz bad.yaml",
        "modules validate appstream baseos",
        "modules validate",
    ];
    let sandbox = sandbox();
    compare("modules-validate", lines.map(|line| sandbox.run(line)).concat());
    compare("modules-validate-json", sandbox.run("modules validate bad.yaml --json"));
}

#[test]
fn showing_and_comparing() {
    let lines = [
        "modules show perl:5.30:8010:6e5 good.yaml",
        "modules show perl-5.30-8010-018 good.yaml",
        "modules show cpan:* good.yaml --json",
        "modules show perl:5.3 good.yaml",
        "modules unique good.yaml",
        "modules unique good.yaml bad.yaml",
        "modules unique good.yaml good.yaml",
        "modules unique good.yaml good.yaml --strict",
        "modules unique good.yaml bad.yaml --json",
    ];
    let sandbox = sandbox();
    compare("modules-show", lines.map(|line| sandbox.run(line)).concat());
}

#[test]
fn merging() {
    let sandbox = sandbox();
    let lines = [
        "modules merge good.yaml local.yaml",
        "modules merge good.yaml bad.yaml --output merged.yaml",
        "modules merge good.yaml bad.yaml --output merged.yaml --isolate",
        "modules merge good.yaml --overrides local.yaml --output merged.yaml --json",
        "modules merge good.yaml bad.yaml --strict",
        "modules merge good.yaml nowhere.yaml",
        "modules merge good.yaml --output nowhere/merged.yaml",
        "modules merge good.yaml --json",
        "modules validate merged.yaml",
    ];
    compare("modules-merge", lines.map(|line| sandbox.run(line)).concat());
    let left: Vec<_> = fs::read_dir(sandbox.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.') || name.contains("merged"))
        .collect();
    assert_eq!(left, ["merged.yaml"], "nothing unfinished is left");
}
