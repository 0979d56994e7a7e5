//! Inputs whose size is the attack: an answer in little time, and nothing that grows with a square.

use super::cases::STREAM;
use crate::support::any_set;
use modex_generator::modulemd::{MergeOptions, Mode, Modules, Source, merge, never_met, write};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// Far more than is needed, on a busy machine, with little optimisation. What grows with a square takes minutes.
const QUICK: Duration = Duration::from_secs(40);

fn quick<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let outcome = run();
    assert!(started.elapsed() < QUICK, "{what}: {:?}", started.elapsed());
    outcome
}

fn lax(what: &str, text: &str) -> Result<Modules, String> {
    quick(what, || any_set(text.as_bytes(), Mode::Lax))
}

fn numbered(many: usize, one: impl Fn(usize) -> String) -> String {
    (0..many).map(one).collect()
}

/// A small stream document of that identity.
fn stream(name: &str, stream: &str, more: &str) -> String {
    format!(
        "---\ndocument: modulemd\nversion: 2\ndata:\n  name: {name}\n  stream: s{stream}\n{more}  summary: s\n  \
         description: d\n  license: {{module: [MIT]}}\n"
    )
}

#[test]
fn a_million_of_anything() {
    const MANY: usize = 1_000_000;
    for (what, text, why) in [
        (
            "streams in a list",
            format!(
                "{STREAM}  dependencies: [{{requires: {{a: [{}]}}}}]\n",
                numbered(MANY, |n| format!("{n},"))
            ),
            "more YAML signs",
        ),
        ("documents", "---\na\n".repeat(MANY), "number of documents"),
        ("marks", "---\n".repeat(MANY), "number of documents"),
        ("keys", numbered(MANY, |n| format!("k{n}: v\n")), "more YAML signs"),
        (
            "keys of xmd",
            format!("{STREAM}  xmd:\n{}", numbered(MANY, |n| format!("   k{n}: v\n"))),
            "more YAML signs",
        ),
        (
            "bytes of a text, twenty times",
            format!("{STREAM}  xmd: {}\n", "x".repeat(20 * MANY)),
            "larger than the limit",
        ),
    ] {
        let found = lax(what, &text).expect_err(what);
        assert!(found.contains(why), "{what}: {found}");
    }
    let one = format!("{STREAM}  api: {{rpms: [{}]}}\n", "a,".repeat(900_000));
    let why = lax("large documents", &one.repeat(6)).unwrap_err();
    assert!(why.contains("number of YAML signs"), "{why}");
    // Below the limits all is read.
    let streams = numbered(900_000, |n| format!("{n},"));
    let text = format!("{STREAM}  dependencies: [{{requires: {{a: [{streams}]}}}}]\n");
    let modules = lax("a list below the limit", &text).unwrap();
    assert_eq!(modules.streams[0].dependencies[0].requires[0].streams.len(), 900_000);
    let text = format!("{STREAM}  xmd:\n{}", numbered(490_000, |n| format!("   k{n}: v\n")));
    let modules = lax("xmd below the limit", &text).unwrap();
    assert!(quick("written", || write(&modules)).len() > 5_000_000);
    assert!(
        lax("unknown keys", &format!("{STREAM}{}", numbered(300_000, |n| format!("k{n}: v\n"))))
            .is_ok()
    );
    lax("comments and blank lines", &"#\n\n".repeat(400_000)).unwrap();
}

#[test]
fn names_that_are_too_long_are_refused() {
    let long = "x".repeat(33 << 10);
    for text in [
        stream(&long, "1", ""),
        stream("m", &long, ""),
        stream("m", "1", &format!("  context: {long}\n")),
    ] {
        let why = lax("long names", &text).unwrap_err();
        assert!(why.contains("longer than the limit") && why.len() < 200, "{why}");
    }
}

#[test]
fn many_documents_of_one_stream() {
    // Whatever part of their identity is missing.
    for parts in [["version", "context"], ["version", "arch"], ["context", "arch"]] {
        let mut text = String::new();
        for n in 0..20_000 {
            let [first, second] = parts;
            let _ = write!(
                text,
                "{}",
                stream(
                    "m",
                    "1",
                    &format!("  {first}: {}\n  {second}: {}\n", 1 + n / 100, 1 + n % 100)
                )
            );
        }
        let modules = lax("identities in part", &text).unwrap();
        assert!(modules.streams.len() > 100, "{}", modules.streams.len());
    }
    let versions = numbered(20_000, |n| stream("m", "1", &format!("  version: {}\n", n + 1)));
    assert_eq!(lax("versions", &versions).unwrap().streams.len(), 20_000);
}

#[test]
fn requirements_that_nothing_meets() {
    let mut text = numbered(10_000, |n| stream("m", &n.to_string(), ""));
    let stanzas = "  - requires: {m: [no]}\n".repeat(100_000);
    text += &stream("a", "1", &format!("  dependencies:\n{stanzas}"));
    let excluded = numbered(200_000, |n| format!("-s{n},"));
    text += &stream("b", "1", &format!("  dependencies: [{{requires: {{m: [{excluded}]}}}}]\n"));
    let modules = lax("requirements", &text).unwrap();
    let told = quick("never met", || {
        let found = never_met(&modules);
        assert_eq!(found.len(), 100_001);
        found.iter().map(|never| never.to_string().len()).max().unwrap()
    });
    assert!(told < 3_000, "{told}");
}

#[test]
fn lists_that_meet_lists() {
    let checksums = numbered(60_000, |n| {
        format!("    x{:06}: {{name: a, version: 1, release: 1, arch: x}}\n", 999_999 - n)
    });
    let text = format!(
        "{STREAM}  artifacts:\n   rpm-map:\n    sha256:\n{}",
        checksums.replace("    x", "     x")
    );
    assert_eq!(lax("checksums from behind", &text).unwrap().streams[0].artifact_map.len(), 60_000);
    let arches = numbered(200_000, |n| format!("a{n},"));
    let component =
        format!("  components: {{rpms: {{a: {{rationale: r, arches: [{arches}]}}}}}}\n");
    let text = format!("{STREAM}{component}  buildopts: {{arches: [{arches}]}}\n");
    assert!(lax("architectures", &text).is_ok());
    let components = numbered(30_000, |n| format!("   c{n}: {{rationale: r, arches: [x]}}\n"));
    let configurations = numbered(30_000, |n| {
        format!("  - {{context: c{n}, platform: p, buildopts: {{arches: [x]}}}}\n")
    });
    let text = format!(
        "document: modulemd-packager\nversion: 3\ndata:\n  summary: s\n  description: d\n  components:\n   rpms:\n{}  configurations:\n{configurations}",
        components.replace("   c", "    c")
    );
    let why = lax("configurations", &text).unwrap_err();
    assert!(why.contains("packager document"), "{why}");
}

#[test]
fn defaults_that_all_conflict() {
    let defaults = |profile: &str| {
        let one = |n| {
            format!(
                "---\ndocument: modulemd-defaults\nversion: 1\ndata: {{module: m{n}, profiles: {{a: [{profile}]}}}}\n"
            )
        };
        lax("defaults", &numbered(20_000, one)).unwrap()
    };
    let sources = ["p", "q"].map(|place| Source {
        place: place.into(),
        priority: 0,
        modules: defaults(place),
    });
    let merged = quick("merge", || merge(&sources, MergeOptions::default()));
    assert_eq!((merged.conflicts.len(), merged.modules.defaults.len()), (20_000, 0));
    assert_eq!(merged.conflicts[0].places, ["p", "q"]);
}
