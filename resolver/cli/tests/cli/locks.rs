//! `lock`, `verify-lock` and `diff`.

use crate::sandbox::Sandbox;
use std::fs;

const URLS: &str = "--baseurl baseos=https://mirror.example.org/9/baseos/ --baseurl appstream=https://mirror.example.org/9/appstream";

/// What a command ends with, and the words that it must have said.
#[track_caller]
fn says(sandbox: &Sandbox, line: &str, status: i32, words: &[&str]) {
    let output = sandbox.output(line);
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(status), "{line}: {said}");
    for word in words {
        assert!(said.contains(word), "{line}: no `{word}` in {said}");
    }
}

#[test]
fn locked() {
    let sandbox = Sandbox::new();
    let lock = format!("lock $R {URLS}");
    sandbox.check(
        "lock",
        &[
            &format!("{lock} -- install tzdata"),
            &format!("{lock} --no-sources -- install @nodejs:18/common"),
            &format!("{lock} --no-sources --json -- install setup"),
            "lock $R --no-sources -- install setup",
            &format!("{lock} -- install nosuch"),
            "lock $R --baseurl other=https://x -- install setup",
            "lock $R --baseurl baseos -- install setup",
            "lock $R -o no/such/folder -- install setup",
        ],
    );
    // Several commands: all that they download, and the plans as `resolve --json` has them.
    let words = "-- install tzdata -- install jq";
    says(&sandbox, &format!("{lock} --no-sources -o lock.yaml --plan plan.json {words}"), 0, &[]);
    let said = sandbox.output(&format!("resolve $R --json {words}"));
    assert_eq!(fs::read(sandbox.path("plan.json")).unwrap(), said.stdout);
    let first = fs::read_to_string(sandbox.path("lock.yaml")).unwrap();
    assert!(first.contains("name: tzdata") && first.contains("name: jq"), "{first}");
    says(&sandbox, &format!("{lock} --no-sources -o lock.yaml {words}"), 0, &[]);
    assert_eq!(fs::read_to_string(sandbox.path("lock.yaml")).unwrap(), first);
    // Nothing is written where there is no solution.
    says(&sandbox, &format!("{lock} -o lock.yaml --plan plan.json -- install nosuch"), 1, &[]);
    assert_eq!(fs::read_to_string(sandbox.path("lock.yaml")).unwrap(), first);
    for file in ["lock.yaml", "plan.json"] {
        says(&sandbox, &format!("verify-lock $R {file}"), 0, &[" 0 gone, 0 not the same"]);
    }
    says(&sandbox, "diff lock.yaml plan.json", 0, &[]);
}

#[test]
fn verified() {
    let sandbox = Sandbox::new();
    let lock =
        format!("lock $R {URLS} --no-sources -o lock.yaml -- install bash @nodejs:18/common");
    says(&sandbox, &lock, 0, &[]);
    let whole = fs::read_to_string(sandbox.path("lock.yaml")).unwrap();
    let write = |name: &str, edits: &[(&str, &str)]| {
        let mut text = whole.clone();
        for (from, to) in edits {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        sandbox.write(name, text);
    };
    write(
        "gone.yaml",
        &[
            ("18.19.0-1.", "18.0.0-1."),
            ("bash-5.1.8-9", "bash-5.1.8-1"),
            ("evr: 5.1.8-9", "evr: 5.1.8-1"),
        ],
    );
    write(
        "lost.yaml",
        &[("name: zlib", "name: zlib-of-old"), ("repoid: appstream", "repoid: apps")],
    );
    write("metadata.yaml", &[("size: 1377", "size: 1378"), ("04cb4ff32b", "aacb4ff32b")]);
    write("moved.yaml", &[("9/baseos/Packages/s", "9/baseos/Packages/old")]);
    let digit =
        |text: &str| text.replacen("size: ", "size: 1", 1).replacen("sha256:", "sha256:0", 2);
    sandbox.write("other.yaml", digit(&whole));
    write("mirror.yaml", &[("mirror.example.org/9", "elsewhere.example.org/x")]);
    let (head, arch) = whole.split_once("- arch").unwrap();
    let other = format!("{head}- arch{}- arch{arch}", arch.replace("x86_64", "aarch64"));
    sandbox.write("arches.yaml", other);
    let (packages, rest) = arch.split_once("  source:").unwrap();
    let (_, pins) = packages.split_once("packages:\n").unwrap();
    sandbox.write("twice.yaml", format!("{head}- arch{packages}{pins}  source:{rest}"));
    sandbox.write("list.txt", "bash-0:5.1.8-9.el9.x86_64\n");
    sandbox.write(
        "least.yaml",
        "lockfileVersion: 1\nlockfileVendor: redhat\narches:\n- arch: x86_64\n  packages:\n\
         \x20 - url: https://e/bash-5.1.8-9.el9.x86_64.rpm\n  - {url: https://e/x.rpm, name: jq, evr: 9-9}\n",
    );
    sandbox.check(
        "verify-lock",
        &[
            "verify-lock $R lock.yaml",
            "verify-lock $R gone.yaml",
            "verify-lock $R --json gone.yaml",
            "verify-lock $R lost.yaml",
            "verify-lock $R moved.yaml",
            "verify-lock $R other.yaml",
            "verify-lock $R metadata.yaml",
            "verify-lock $R mirror.yaml",
            "verify-lock $R --baseurl appstream=https://elsewhere.example.org/y mirror.yaml",
            "verify-lock $R arches.yaml",
            "verify-lock $R --arch ppc64le arches.yaml",
            "verify-lock $R twice.yaml",
            "verify-lock $R least.yaml",
            "verify-lock $R list.txt",
            "verify-lock $R nosuch.yaml",
        ],
    );
}

const A: &str = r#"{
  "format": "modex-state", "version": 1, "arch": "x86_64", "os_release_platform": "platform:el9",
  "modules": {"nodejs": {"state": "enabled", "stream": "20"}, "php": {"state": "disabled"}, "ruby": {}},
  "packages": [
    {"name": "filesystem", "evr": "3.16-2.el9", "arch": "x86_64", "number": 1, "reason": "user"},
    {"name": "jq", "evr": "1.5-1", "arch": "x86_64", "number": 2},
    {"name": "setup", "evr": "2.13.7-10.el9", "arch": "noarch", "number": 3},
    {"name": "a", "evr": "1-1", "arch": "noarch", "number": 4, "modularity_label": "a:1:7:c1"},
    {"name": "b", "evr": "1-1", "arch": "noarch", "number": 5, "modularity_label": "b:1:7:c1"}
  ]
}
"#;
const B: &str = r#"{
  "format": "modex-state", "version": 1, "arch": "x86_64", "os_release_platform": "platform:el9",
  "modules": {"nodejs": {"state": "enabled", "stream": "18", "profiles": ["minimal"]}},
  "packages": [
    {"name": "filesystem", "evr": "3.16-2.el9", "arch": "x86_64", "number": 1, "reason": "user"},
    {"name": "jq", "evr": "1.6-1", "arch": "x86_64", "number": 2},
    {"name": "tzdata", "evr": "2023c-1.el9", "arch": "noarch", "number": 3},
    {"name": "a", "evr": "1-1", "arch": "noarch", "number": 4, "modularity_label": "a:1:7:c2"},
    {"name": "b", "evr": "1-1", "arch": "noarch", "number": 5, "modularity_label": "b:1:8:c2"}
  ]
}
"#;

#[test]
fn compared() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", A);
    sandbox.write("b.json", B);
    sandbox.write("odd.json", B.replace("tzdata", "x -- remove bash"));
    sandbox.write("list.txt", "# mine\nfilesystem-3.16-2.el9.x86_64\njq-1:1.5-1.x86_64\n");
    let lock = |name: &str, words: &str| {
        let line =
            format!("lock $R {URLS} --no-sources -o {name}.yaml --plan {name}.json -- {words}");
        says(&sandbox, &line, 0, &[]);
    };
    lock("node18", "install @nodejs:18/common");
    lock("node20", "install @nodejs:20/common");
    let text = fs::read_to_string(sandbox.path("node18.yaml")).unwrap();
    let (_, section) = text.split_once("- arch").unwrap();
    sandbox.write("two.yaml", text.clone() + "- arch" + &section.replace("x86_64", "aarch64"));
    sandbox.write(
        "mirror.yaml",
        text.replace("repoid: baseos", "repoid: base").replacen("sha256:0", "sha256:f", 1),
    );
    sandbox.check(
        "diff",
        &[
            "diff a.json b.json",
            "diff --json a.json b.json",
            "diff --commands a.json b.json",
            "diff --commands b.json b.json",
            "diff --commands b.json odd.json",
            "diff b.json odd.json",
            "diff a.json a.json",
            "diff a.json list.txt",
            "diff --commands list.txt a.json",
            "diff node18.yaml node20.yaml",
            "diff node18.json node20.json",
            "diff node18.yaml mirror.yaml",
            "diff node18.json b.json",
            "diff node18.yaml two.yaml",
            "diff two.yaml two.yaml",
            "diff two.yaml b.json",
            "diff --commands a.json node18.json",
        ],
    );
}

/// The words that `diff --commands` prints are followed, and the machine is the other one then.
#[test]
fn cloned() {
    let sandbox = Sandbox::new();
    let start = |name: &str, words: &str| {
        sandbox.write("empty.txt", "");
        let line = format!("resolve $R --installed empty.txt --state-after {name} -- {words}");
        says(&sandbox, &line, 0, &[]);
    };
    start("a.json", "module disable php -- install @nodejs:18/common bash");
    start("b.json", "module install nodejs:20/common -- install jq -- remove npm");
    for (from, to) in [("a.json", "b.json"), ("b.json", "a.json"), ("empty.txt", "a.json")] {
        let said = sandbox.output(&format!("diff --commands {from} {to}"));
        assert_eq!(said.status.code(), Some(1));
        let words = String::from_utf8(said.stdout).unwrap().replace('\n', " ");
        let options = "--no-weak-deps --no-clean-requirements --state-after after.json";
        says(&sandbox, &format!("resolve $R --installed {from} {options} -- {words}"), 0, &[]);
        says(&sandbox, &format!("diff after.json {to}"), 0, &[]);
    }
}

#[test]
fn hostile() {
    let sandbox = Sandbox::new();
    let head = "lockfileVersion: 1\nlockfileVendor: redhat\n";
    let bomb: String =
        (0..30).map(|n| format!("b{}: &b{} [*b{n},*b{n}]\n", n + 1, n + 1)).collect();
    for (name, text) in [
        ("bomb", format!("b0: &b0 [x,x]\n{bomb}{head}arches: []\n")),
        ("deep", format!("{head}arches: {}", "[".repeat(1 << 20))),
        ("deep-json", "[".repeat(1 << 20)),
        ("signs", format!("{head}arches:\n{}", "- {}\n".repeat(1 << 20))),
        (
            "type",
            format!("{head}arches:\n- arch: x86_64\n  packages:\n  - {{url: x, size: many}}\n"),
        ),
        (
            "negative",
            format!("{head}arches:\n- arch: x86_64\n  packages:\n  - {{url: x, size: -1}}\n"),
        ),
        ("nameless", format!("{head}arches:\n- arch: x86_64\n  packages:\n  - url: x\n")),
        ("vendor", String::from("lockfileVersion: 1\nlockfileVendor: \"me\\e[31m\"\narches: []\n")),
        ("version", String::from("lockfileVersion: 2\nlockfileVendor: redhat\narches: []\n")),
        ("none", format!("{head}arches: []\n")),
        ("half", String::from("{\"plan\": 1, \"arch\": ")),
        ("newer", String::from("{\"plan\": 7, \"arch\": \"x86_64\"}")),
        ("refused", String::from("{\"plan\": 1, \"arch\": \"x86_64\", \"refused\": [{}]}")),
        (
            "odd",
            String::from(
                "{\"plan\": 1, \"arch\": \"x86_64\", \"packages\": [{\"action\": \"install\", \"nevra\": \"x\", \"repo\": \"y\"}]}",
            ),
        ),
        ("other", String::from("{\"format\": \"theirs\", \"version\": 1}")),
        ("prose", String::from("These are the packages:\n")),
    ] {
        sandbox.write(name, text);
    }
    sandbox.write("bytes", b"lockfileVersion: \xff\n");
    let names = [
        "bomb",
        "deep",
        "deep-json",
        "signs",
        "type",
        "negative",
        "nameless",
        "vendor",
        "version",
        "none",
        "half",
        "newer",
        "refused",
        "odd",
        "other",
        "prose",
        "bytes",
    ];
    let lines: Vec<String> = names.iter().map(|name| format!("verify-lock $R {name}")).collect();
    sandbox.check("hostile-locks", &lines.iter().map(String::as_str).collect::<Vec<_>>());
    for name in names.iter().filter(|name| **name != "none") {
        says(&sandbox, &format!("diff {name} {name}"), 2, &[&format!("`{name}`")]);
    }
}
