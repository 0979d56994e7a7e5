//! `modex-publish expand`

use crate::sandbox::{Sandbox, compare};
use std::fs;

/// The example of the e-mail that proposed stream expansion.
const HTTPD: &str = "document: modulemd
version: 2
data:
  name: httpd
  stream: \"2.4\"
  version: 20180205135154
  summary: Apache
  description: Apache
  license: {module: [MIT]}
  dependencies:
  - buildrequires:
      platform: [f28, f27, f26]
      shared-userspace: [fancy, nonfancy]
    requires:
      platform: [f28, f27, f26]
      shared-userspace: [fancy, nonfancy]
";

/// A stream document of one build.
fn build(nsvc: [&str; 4], platform: &str) -> String {
    let [name, stream, version, context] = nsvc;
    format!(
        "---
document: modulemd
version: 2
data:
  name: {name}
  stream: {stream}
  version: {version}
  context: {context}
  summary: s
  description: d
  license: {{module: [MIT]}}
  xmd: {{mbs: {{commit: abc, koji_tag: module-{context}, buildrequires: {{platform: {{stream: {platform}}}}}}}}}
  dependencies:
  - buildrequires: {{platform: [{platform}]}}
    requires: {{platform: [{platform}]}}
...
"
    )
}

/// All of shared-userspace, but nonfancy does not fit f26.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let mut builds = String::new();
    for (stream, platform) in [
        ("fancy", "f26"),
        ("fancy", "f27"),
        ("fancy", "f28"),
        ("nonfancy", "f27"),
        ("nonfancy", "f28"),
    ] {
        builds += &build(["shared-userspace", stream, "1", &format!("c{platform}")], platform);
    }
    sandbox.write("httpd.yaml", HTTPD);
    sandbox.write("builds.yaml", builds);
    sandbox
}

#[test]
fn the_corner_case() {
    let sandbox = sandbox();
    let platforms = "--platform-streams f26,f27,f28";
    let lines = [
        "expand httpd.yaml --dry-run",
        "expand httpd.yaml --explain",
        "expand httpd.yaml --lint",
        &format!("expand httpd.yaml --against builds.yaml {platforms} --dry-run"),
        &format!("expand httpd.yaml --against builds.yaml {platforms} --explain"),
        &format!("expand httpd.yaml --against builds.yaml {platforms} --lint"),
        &format!(
            "expand httpd.yaml --against builds.yaml {platforms} -o out/new --commit-time 1517838714"
        ),
        "expand httpd.yaml --against builds.yaml --override-br platform:f28 --override-r platform: --default shared-userspace:fancy",
    ];
    compare("expand", lines.map(|line| sandbox.run(line)).concat());
    let written =
        fs::read_to_string(sandbox.path("out/new/httpd-2.4-2620180205135154-cc3d37c4.yaml"));
    compare("expand-file", written.unwrap());
    assert_eq!(fs::read_dir(sandbox.path("out/new")).unwrap().count(), 5, "nothing is left beside");
}

#[test]
fn as_json() {
    let sandbox = sandbox();
    let against =
        "expand httpd.yaml --against builds.yaml --platform-streams f26,f27=fedora --json";
    let ends = ["", " --lint", " --dry-run"];
    compare("expand-json", ends.map(|end| sandbox.run(&format!("{against}{end}"))).concat());
}

#[test]
fn static_contexts() {
    let sandbox = sandbox();
    sandbox.write(
        "packager.yaml",
        "document: modulemd-packager
version: 3
data:
  summary: Apache
  description: Apache
  license: [MIT]
  configurations:
  - context: B2
    platform: f28
    buildrequires: {shared-userspace: [fancy]}
  - context: A1
    platform: f27
",
    );
    let lines = [
        "expand packager.yaml --against builds.yaml --name httpd --stream 2.4 --commit-time 2018-02-05T13:51:54Z",
        "expand packager.yaml -o out",
    ];
    compare("expand-static", lines.map(|line| sandbox.run(line)).concat());
}

#[test]
fn what_cannot_be_expanded() {
    let sandbox = sandbox();
    sandbox.write("text.yaml", "a: [");
    sandbox.write("wrong.yaml", HTTPD.replace("[fancy, nonfancy]", "[fancy, -nonfancy]"));
    sandbox.write("two.yaml", format!("---\n{HTTPD}...\n---\n{HTTPD}"));
    sandbox.write(
        "defaults.yaml",
        "document: modulemd-defaults\nversion: 1\ndata: {module: a, stream: b}\n",
    );
    sandbox.write("other.yaml", HTTPD.replace("nonfancy", "plain").replace("fancy, ", ""));
    let streams: Vec<String> = (0..20_000).map(|at| format!("s{at}")).collect();
    sandbox.write("large.yaml", HTTPD.replace("fancy, nonfancy", &streams.join(", ")));
    let lines = [
        "expand nowhere.yaml",
        "expand text.yaml",
        "expand wrong.yaml",
        "expand two.yaml",
        "expand builds.yaml --against nowhere.yaml",
        "expand defaults.yaml",
        "expand large.yaml",
        "expand large.yaml --dry-run",
        "expand other.yaml --against builds.yaml",
        "expand other.yaml --against builds.yaml --mbs-exact",
        "expand httpd.yaml --override-br gtk:1",
        "expand httpd.yaml --default gtk",
        "expand httpd.yaml --platform-streams -f1",
        "expand httpd.yaml --commit-time yesterday",
        "expand httpd.yaml --stream 3",
        "expand httpd.yaml --ambiguous-is-error",
        "expand httpd.yaml -o builds.yaml",
        "expand httpd.yaml --lint --explain",
    ];
    compare("expand-errors", lines.map(|line| sandbox.run(line)).concat());
}
