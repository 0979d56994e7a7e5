use super::*;
use crate::source::{Fault, Limits, Opened, Report, Stated};
use modex_formats::module::{Defaults, ModuleName, ModuleRequire, ServiceLevel};

mod published;
mod strict;

fn run(text: impl AsRef<[u8]>) -> (Modules, Report) {
    run_with(text.as_ref(), 1, &Limits::default())
}

fn run_with(bytes: &[u8], jobs: usize, limits: &Limits) -> (Modules, Report) {
    let mut report = Report::new(1000);
    let opened = Opened::stream("modules.yaml", bytes, Stated::default(), limits).unwrap();
    (read(opened, jobs, limits, &mut report).unwrap(), report)
}

fn documents(bytes: &[u8], mode: Mode) -> Vec<Judged> {
    let limits = Limits::default();
    let opened = Opened::stream("modules.yaml", bytes, Stated::default(), &limits).unwrap();
    super::documents(opened, mode, 1, &limits).unwrap().1
}

fn collected(bytes: &[u8], mode: Mode) -> (Modules, Report) {
    let mut report = Report::new(1000);
    let modules = collect("modules.yaml", documents(bytes, mode), &mut report);
    (modules, report)
}

/// A stream document; `more` are further lines of its data.
fn stream(version: u8, more: &str) -> String {
    format!(
        "---\ndocument: modulemd\nversion: {version}\ndata:\n  name: m\n  stream: 1.10\n  version: 7\n  context: 6e5\n  arch: x86_64\n  \
         summary: s\n  description: d\n  license:\n    module: [MIT]\n{more}"
    )
}

#[test]
fn a_stream_of_version_2() {
    let (modules, report) = run(stream(
        2,
        "  static_context: true
  dependencies:
  - buildrequires: {platform: [el8]}
    requires: {platform: [el8], perl: 5.30, lib: [], neg: [-1, -2]}
  - requires: {other: }
  profiles: {minimal: {description: x, rpms: [b, a, b]}, 8.0: {rpms: [c], default: true}}
  api: {rpms: [a]}
  filter: {rpms: [f]}
  demodularized: {rpms: [g]}
  references: {community: c, unknown: [1]}
  components: {rpms: {x: {rationale: r, ref: 7e96446, buildorder: -3, arches: [i686]}}, modules: {y: {rationale: r, ref: 018}}}
  buildopts: {rpms: {macros: m, whitelist: [w]}, arches: [x86_64, i686]}
  artifacts: {rpms: [b-0:1-1.x86_64, a-0:1-1.src], rpm-map: {sha256: {ab: {name: a, epoch: 0, version: 1, release: 1, arch: src, nevra: 'a-0:1-1.src'}}}}
  servicelevels: {bugs: {eol: 2077-10-23}, none: {}}
  xmd: {mbs: {ref: 7e96446, list: [1.10, {a: }], mse: TRUE}}
",
    ));
    let [stream] = &modules.streams[..] else { panic!("{report:?}") };
    assert_eq!(stream.nsvca.to_string(), "m:1.10:7:6e5:x86_64");
    assert!(stream.static_context);
    let require = |module: &str, streams: &[&str]| ModuleRequire {
        module: module.into(),
        streams: streams.iter().map(ToString::to_string).collect(),
    };
    let requires = [
        require("lib", &[]),
        require("neg", &["-1", "-2"]),
        require("perl", &["5.30"]),
        require("platform", &["el8"]),
    ];
    assert_eq!(stream.dependencies[0].requires, requires);
    assert_eq!(stream.dependencies[0].build_requires, [require("platform", &["el8"])]);
    assert_eq!(stream.dependencies[1].requires, [require("other", &[])]);
    assert_eq!(
        stream.profiles.iter().map(|p| (&p.name[..], p.default)).collect::<Vec<_>>(),
        [("8.0", true), ("minimal", false)]
    );
    assert_eq!(stream.profiles[1].rpms, ["a", "b"]);
    assert_eq!([&stream.api[0], &stream.filter[0], &stream.demodularized[0]], ["a", "f", "g"]);
    assert_eq!(stream.references.community.as_deref(), Some("c"));
    let rpm = &stream.components.rpms[0];
    assert_eq!((rpm.reference.as_deref(), rpm.buildorder), (Some("7e96446"), -3));
    assert_eq!(stream.components.modules[0].reference.as_deref(), Some("018"));
    assert_eq!(stream.artifacts, ["a-0:1-1.src", "b-0:1-1.x86_64"]);
    assert_eq!(stream.artifact_map[0].nevra, "a-0:1-1.src");
    assert_eq!(stream.build_options.as_ref().unwrap().arches, ["i686", "x86_64"]);
    assert_eq!(
        stream.service_levels[0],
        ServiceLevel { name: "bugs".into(), eol: Some("2077-10-23".into()) }
    );
    assert_eq!(
        stream.xmd.as_deref(),
        Some(r#"{"mbs":{"list":["1.10",{"a":""}],"mse":"TRUE","ref":"7e96446"}}"#)
    );
    assert_eq!((report.dropped, report.doubted), (0, 1), "{report:?}");
    assert_eq!(report.problems[0].what, "\"other\" has no value; read as an empty list");
}

#[test]
fn a_stream_of_version_1_becomes_version_2() {
    let more = "  static_context: no\n  eol: 2020-01-01\n  dependencies: {requires: {base: 5.30}, buildrequires: {b: f27}}\n";
    let (modules, report) = run(stream(1, more));
    assert!(report.is_clean(), "{report:?}");
    let stream = &modules.streams[0];
    assert_eq!(stream.dependencies.len(), 1);
    assert_eq!(
        stream.dependencies[0].requires,
        [ModuleRequire { module: "base".into(), streams: vec!["5.30".into()] }]
    );
    assert_eq!(stream.service_levels[0].name, "rawhide");
}

#[test]
fn what_makes_a_stream_unusable() {
    for (more, why) in [
        ("  version: -1\n", "not a number"),
        ("  version: 18446744073709551616\n", "not a number"),
        ("  version: 1.0\n", "not a number"),
        ("  static_context: yes\n", "neither true nor false"),
        ("  static_context: true\n  context: a-b\n", "static context"),
        ("  summary: [a]\n", "expected a scalar"),
        ("  license: {content: [MIT]}\n  license: {module: []}\n", "licence"),
        ("  license: MIT\n", "expected a map"),
        ("  dependencies: {requires: {a: b}}\n", "expected a list of maps"),
        ("  dependencies:\n  - requires: {a: [b], a: [c]}\n", "twice"),
        ("  dependencies:\n  - requires: {a: [b, -c]}\n", "excludes"),
        ("  dependencies:\n  - buildrequires: {a: [b, -c]}\n", "excludes"),
        ("  dependencies:\n  - requires:\n", "expected a map"),
        ("  profiles: {a: [b]}\n", "expected a map"),
        ("  components: {rpms: {a: {}}}\n", "rationale"),
        ("  components: {modules: {a: {}}}\n", "rationale"),
        ("  components: {rpms: {a: {rationale: r, buildorder: 18446744073709551615}}}\n", "number"),
        (
            "  components: {rpms: {a: {rationale: r, buildorder: 1}, b: {rationale: r, buildafter: [a]}}}\n",
            "buildafter",
        ),
        ("  components: {rpms: {a: {rationale: r, buildafter: [z]}}}\n", "no component"),
        (
            "  components: {rpms: {a: {rationale: r, arches: [s390x]}}}\n  buildopts: {arches: [i686]}\n",
            "s390x",
        ),
        ("  artifacts: {rpms: [a-1-1.noarch]}\n", "a-1-1.noarch"),
        ("  artifacts: {rpm-map: {sha256: {ab: {name: a}}}}\n", "missing"),
        ("  servicelevels: {a: {eol: tomorrow}}\n", "date"),
        ("  xmd: {a: &x [1], b: *x}\n", "aliases"),
        ("  xmd: !tag a\n", "tags"),
        ("  xmd: 'a\n", ""),
    ] {
        let (modules, report) =
            run(stream(2, more)
                + "\n---\ndocument: modulemd-defaults\nversion: 1\ndata: {module: m}\n");
        assert_eq!((modules.streams.len(), report.dropped), (0, 1), "{more}");
        assert_eq!(modules.defaults.len(), 1, "the next document is kept: {more}");
        let problem = &report.problems[0];
        assert!(problem.what.contains(why), "{more}: {problem}");
        assert!(problem.line.is_some(), "{more}");
    }
    let (_, report) = run(stream(2, "  unknown:\n  version: x\n"));
    assert_eq!(report.problems[0].line, Some(15));
    assert_eq!(report.problems[0].subject, "m:1.10:7:6e5:x86_64");
    for gone in [
        "  name: m\n",
        "  stream: 1.10\n",
        "  summary: s\n",
        "  description: d\n",
        "    module: [MIT]\n",
    ] {
        assert_eq!(
            run(stream(2, "").replace(gone, "").replace("license:\n", "license: {}\n")).1.dropped,
            1,
            "{gone}"
        );
    }
}

#[test]
fn what_makes_a_document_unusable() {
    for (bad, why) in [
        ("a", "expected a map"),
        ("[a]", "expected a map"),
        ("a: 1", "what document"),
        ("document: modulemd\ndata: {}", "version"),
        ("document: modulemd\nversion: 0\ndata: {}", "version"),
        ("document: modulemd\nversion: 2", "data"),
        ("document: modulemd\nversion: 3\ndata: {}", "version 3"),
        (
            "document: modulemd-packager\nversion: 2\ndata: {summary: s, description: d, license: {module: [MIT]}}",
            "packager",
        ),
        ("document: modulemd-packager\nversion: 1\ndata: {}", "version 1"),
        ("document: other\nversion: 1\ndata: {}", "other"),
        ("document: modulemd\ndocument: modulemd\nversion: 2\ndata: {}", "twice"),
        ("document: modulemd\nversion: 2\nversion: 2\ndata: {}", "twice"),
        ("document: modulemd-defaults\nversion: 1\ndata: {module: a, module: b}", "twice"),
        (
            "document: modulemd-defaults\nversion: 1\ndata: {module: a, profiles: {a: [b], a: [c]}}",
            "twice",
        ),
        ("document: modulemd-obsoletes\nversion: 1\ndata: {module: a}", "no stream"),
        ("document: modulemd-obsoletes\nversion: 1\ndata: {modified: 2020-01-01}", "time"),
        (
            "document: modulemd-translations\nversion: 1\ndata: {module: a, stream: b, modified: 42x}",
            "number",
        ),
        ("\t", ""),
        ("a: 'b", ""),
        ("\u{1}", ""),
    ] {
        let (modules, report) = run(format!("---\n{bad}\n{}", stream(2, "")));
        assert_eq!((modules.streams.len(), report.dropped), (1, 1), "{bad}: {report:?}");
        assert!(report.problems[0].what.contains(why), "{bad}: {}", report.problems[0]);
    }
    let mut bytes = stream(2, "").into_bytes();
    bytes.extend_from_slice(b"\n---\na: \xff\n");
    let (modules, report) = run(bytes);
    assert_eq!((modules.streams.len(), report.dropped), (1, 1));
}

/// As libmodulemd 2.14 does, whatever the documents say of their age.
#[test]
fn of_documents_about_one_thing_the_last_counts() {
    let translations = |modified| {
        format!(
            "---\ndocument: modulemd-translations\nversion: 1\ndata: {{module: m, stream: 1, modified: {modified}}}\n"
        )
    };
    let defaults = |modified| {
        format!(
            "---\ndocument: modulemd-defaults\nversion: 1\ndata: {{module: m, modified: {modified}}}\n"
        )
    };
    let obsoletes = |time, message| {
        format!(
            "---\ndocument: modulemd-obsoletes\nversion: 1\ndata: {{module: m, stream: 1, modified: {time}, message: {message}}}\n"
        )
    };
    let (early, late) = ("2020-01-01T00:00Z", "2021-01-01T00:00Z");
    let (modules, report) = run([
        translations(5),
        translations(4),
        defaults(5),
        defaults(4),
        obsoletes(early, "first"),
        obsoletes(late, "other"),
        obsoletes(early, "second"),
    ]
    .concat());
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((modules.translations.len(), modules.translations[0].modified), (1, 4));
    assert_eq!((modules.defaults.len(), modules.defaults[0].modified), (1, 4));
    let messages: Vec<_> = modules.obsoletes.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(messages, ["other", "second"]);
}

#[test]
fn the_order_of_the_root_does_not_matter() {
    let (modules, report) =
        run("data: {module: m, stream: 018}\nversion: 1\ndocument: modulemd-defaults\n");
    assert_eq!(modules.defaults[0].stream.as_deref(), Some("018"));
    assert!(report.is_clean(), "{report:?}");
    assert_eq!(
        run("version: 1\ndata: {module: m}\ndocument: modulemd-defaults\ndocument: x").1.dropped,
        1
    );
}

#[test]
fn the_same_identity_twice() {
    let other = stream(2, "").replace("summary: s", "summary: other");
    let (modules, report) = run(stream(2, "") + &stream(2, "") + "...\n" + &other);
    assert_eq!((modules.streams.len(), report.dropped), (1, 1));
    assert!(report.problems[0].what.contains("something else"));
    // Sets and maps have no order; stanzas have.
    let set = |text: &str| stream(2, &format!("  api: {{rpms: {text}}}\n"));
    assert!(run(set("[a, b]") + &set("[b, a, a]")).1.is_clean());
    let deps = |text: &str| stream(2, &format!("  dependencies: {text}\n"));
    assert_eq!(
        run(deps("[{requires: {a: []}}, {}]") + &deps("[{}, {requires: {a: []}}]")).1.dropped,
        1
    );
    // A missing part finds everything.
    let arch = |arch: &str| stream(2, "").replace("x86_64", arch);
    let none = stream(2, "").replace("  arch: x86_64\n", "");
    assert!(run(none.clone() + &arch("i686")).1.is_clean());
    assert!(run(arch("i686") + &none).1.problems[0].what.contains("something else"));
    assert!(run(arch("i686") + &arch("s390x") + &none).1.problems[0].what.contains("several"));
}

#[test]
fn defaults_and_obsoletes() {
    let defaults = |data: &str| {
        format!("---\ndocument: modulemd-defaults\nversion: 1\ndata: {{{data}}}\n...\n")
    };
    let (modules, report) = run(defaults("module: a, stream: 1, modified: 9, profiles: {1: [x]}")
        + &defaults(
            "module: b, stream: '', profiles: {5.30: [], 2: [b, a]}, intents: {i: {stream: 1.0, profiles: {1.0: p}}}",
        )
        + &defaults("module: a, stream: 2")
        + &defaults("stream: 2"));
    assert_eq!(
        modules.defaults[0],
        Defaults { module: "a".into(), stream: Some("2".into()), ..Defaults::default() }
    );
    let b = &modules.defaults[1];
    assert_eq!(b.stream, None);
    assert_eq!(b.profiles, [("2".into(), vec!["a".into(), "b".into()]), ("5.30".into(), vec![])]);
    assert_eq!(b.intents[0].1.profiles, [("1.0".into(), vec!["p".into()])]);
    assert_eq!((report.dropped, report.doubted), (0, 1));

    let obsoletes = |data: &str| {
        format!(
            "---\ndocument: modulemd-obsoletes\nversion: 1\ndata: {{module: m, stream: 1.0, message: x, {data}}}\n"
        )
    };
    let (modules, report) = run(obsoletes(
        "modified: 2020-01-01T00:00Z, eol_date: 2021-01-01T00:00Z, obsoleted_by: {module: n, stream: 2}, context: 42",
    ) + &obsoletes("modified: 2020-01-01T00:00Z")
        + &obsoletes("modified: 2020-01-01T00:00Z, reset: true")
        + &obsoletes("modified: 2020-01-02T00:00Z, reset: true, eol_date: 2021-01-01T00:00Z")
        + &obsoletes("modified: 2020-01-02T00:00Z, obsoleted_by: {module: n}"));
    assert_eq!((modules.obsoletes.len(), report.dropped), (2, 2));
    assert_eq!(
        modules.obsoletes[0].obsoleted_by,
        Some(ModuleName { module: "n".into(), stream: "2".into() })
    );
    assert_eq!(modules.obsoletes[0].context.as_deref(), Some("42"));
    assert!(modules.obsoletes[1].reset, "the later one of the same time replaces the earlier one");
}

#[test]
fn bombs_are_stopped() {
    let limits = Limits { yaml_document_bytes: 4 << 20, ..Limits::default() };
    let bombs = [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        format!("document: modulemd\nversion: 2\ndata: {}", "[".repeat(199)),
        (0..150).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
        (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth % 1000))).collect(),
        "a,".repeat(900_000),
        format!("x: [{}]", "a,".repeat(400_000)),
        "x".repeat(5 << 20),
        "a: &a [b]\nb: &b [*a, *a]\nc: [*b, *b]\n".into(),
        "? ".repeat(50_000),
        "&a ".repeat(50_000),
        "'".repeat(99_999),
        "%".repeat(99_999),
        "a: |\n".to_string() + &" x\n\n".repeat(100_000),
        "\"".to_string() + &"\\x".repeat(50_000),
        "a: b: ".repeat(50_000),
        "!".repeat(100_000),
    ];
    for bomb in bombs {
        let started = std::time::Instant::now();
        let (_, report) = run_with(format!("---\n{bomb}\n").as_bytes(), 1, &limits);
        assert_eq!(report.dropped, 1, "{}", &bomb[..40]);
        assert!(started.elapsed().as_secs() < 20, "{}: {:?}", &bomb[..40], started.elapsed());
    }
    let limits = Limits { yaml_documents: 3, ..limits };
    let opened = Opened::stream(
        "modules.yaml",
        &b"--- a\n--- a\n--- a\n--- a\n"[..],
        Stated::default(),
        &limits,
    )
    .unwrap();
    assert!(matches!(
        read(opened, 1, &limits, &mut Report::new(1)).unwrap_err().fault,
        Fault::Limit { .. }
    ));
}

proptest::proptest! {
    #[test]
    fn damage_never_panics_and_threads_do_not_matter(
        cuts in proptest::collection::vec((proptest::prelude::any::<proptest::sample::Index>(), proptest::prelude::any::<u8>(), 0usize..9), 0..8),
    ) {
        let more = "  dependencies:\n  - requires: {a: [b]}\n  xmd: {a: [1, {b: c}]}\n  profiles: {p: {rpms: [r]}}\n";
        let mut bytes = (stream(2, more) + &stream(1, "") + "---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: x\n").into_bytes();
        for (at, byte, length) in cuts {
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, [byte]);
        }
        proptest::prop_assert_eq!(run_with(&bytes, 1, &Limits::default()), run_with(&bytes, 3, &Limits::default()));
    }
}
