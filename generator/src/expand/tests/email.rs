//! The example of the e-mail that proposed stream expansion, and its corner case.

use super::{build, contexts, document, platform, stanza, told};
use crate::expand::{Finding, Options, Outcome, Reason, count, expand, lint};
use modex_formats::module::ModuleStream;

const HTTPD: &str = "platform f26,f27,f28; shared-userspace fancy,nonfancy | \
                     platform f26,f27,f28; shared-userspace fancy,nonfancy";

/// The platform and shared-userspace, but for the builds that are not there.
fn world(but: &[&str]) -> Vec<ModuleStream> {
    let mut world: Vec<ModuleStream> =
        ["f26", "f27", "f28"].map(|stream| platform(stream, "fedora")).into();
    for stream in ["fancy", "nonfancy"] {
        for on in ["f26", "f27", "f28"] {
            let nsvc = format!("shared-userspace:{stream}:1:c{on}");
            world.push(build(&nsvc, on, &format!("platform {on}")));
        }
    }
    world.retain(|one| {
        !but.contains(&format!("{}:{}", one.nsvca.stream, one.nsvca.context).as_str())
    });
    world
}

#[test]
fn six_builds() {
    let assume = Options { assume: true, ..Options::default() };
    let assumed = expand(&document(&[HTTPD]), &[], &assume).unwrap();
    let known = expand(&document(&[HTTPD]), &world(&[]), &Options::default()).unwrap();
    assert_eq!(told(&assumed), told(&known));
    let lists: Vec<String> =
        told(&known).iter().map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect();
    let of = |platform: &str, stream: &str| {
        let list = format!("platform[{platform}] shared-userspace[{stream}]");
        format!("{list} -> {list}")
    };
    assert_eq!(
        lists,
        [
            of("f26", "fancy"),
            of("f26", "nonfancy"),
            of("f27", "fancy"),
            of("f27", "nonfancy"),
            of("f28", "fancy"),
            of("f28", "nonfancy"),
        ]
    );
    let told = told(&known);
    let mut all = contexts(&told);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 6);
    assert!(lint(&document(&[HTTPD]), &world(&[]), &Options::default()).unwrap().is_empty());
}

#[test]
fn two_platforms() {
    let input = document(&["platform f27,f26 | platform f27,f26"]);
    let expansion = expand(&input, &[], &Options::default()).unwrap();
    let [one, two] = &expansion.builds[..] else { panic!() };
    let nsv = |nsvca: &modex_formats::module::Nsvca| {
        (nsvca.name.clone(), nsvca.stream.clone(), nsvca.version)
    };
    assert_eq!(nsv(&one.nsvca), nsv(&two.nsvca));
    assert_ne!(one.nsvca.context, two.nsvca.context);
    assert_eq!(
        expansion.notes,
        ["no document of a platform: taken for existing: platform:f26, platform:f27"]
    );
}

#[test]
fn a_build_that_is_not_there() {
    let known = world(&["nonfancy:cf26"]);
    let expansion = expand(&document(&[HTTPD]), &known, &Options::default()).unwrap();
    assert_eq!(expansion.builds.len(), 5);
    let (combination, reason) = expansion.dropped().next().unwrap();
    assert_eq!(combination.streams["shared-userspace"], "nonfancy");
    assert_eq!(
        reason.to_string(),
        "no build of shared-userspace:nonfancy against platform:f26 (only platform:f27, platform:f28)"
    );
    let exact = Options { mbs_exact: true, ..Options::default() };
    assert_eq!(expand(&document(&[HTTPD]), &known, &exact).unwrap().builds.len(), 5, "passed over");

    let findings = lint(&document(&[HTTPD]), &known, &Options::default()).unwrap();
    let [Finding::Never { .. }, Finding::Split { stanza: 1, parts }] = &findings[..] else {
        panic!("{findings:?}")
    };
    let named: Vec<(&str, _)> =
        parts.iter().map(|part| (part.stream.as_str(), part.stanza.clone())).collect();
    let lists = |list: &str| stanza(&format!("{list} | {list}"));
    assert_eq!(
        named,
        [
            ("1", lists("platform f27,f28; shared-userspace fancy,nonfancy")),
            ("1_f26", lists("platform f26; shared-userspace fancy")),
        ]
    );
    for part in parts {
        let text =
            ModuleStream { dependencies: vec![part.stanza.clone()], ..ModuleStream::default() };
        let again =
            expand(&crate::modulemd::Document::Stream(text.into()), &known, &Options::default());
        assert_eq!(again.unwrap().dropped().count(), 0);
    }
    let counts = count(&document(&[HTTPD]), &known, &Options::default()).unwrap();
    assert_eq!((counts.combinations, counts.builds), (6, Some(5)));
}

#[test]
fn streams_that_conflict() {
    // app:1 needs baz:1, lib:1 needs baz:2.
    let mut known = vec![platform("f29", "fedora")];
    for (nsvc, run) in [
        ("gtk:1:1:c1", "baz 1; platform f29"),
        ("gtk:2:1:c1", "baz 2; platform f29"),
        ("foo:1:1:c1", "bar 1; platform f29"),
        ("bar:1:1:c1", "baz 2; platform f29"),
        ("baz:1:1:c1", "platform f29"),
        ("baz:2:1:c1", "platform f29"),
    ] {
        known.push(build(nsvc, "f29", run));
    }
    let input = document(&["foo 1; gtk 1,2; platform f29 |"]);
    let expansion = expand(&input, &known, &Options::default()).unwrap();
    let [dropped, kept] = &expansion.combinations[..] else { panic!() };
    let Outcome::Dropped { reason: reason @ Reason::Conflict { .. } } = &dropped.outcome else {
        panic!()
    };
    let told = reason.to_string();
    assert!(
        told.contains("gtk:1:1:c1 needs baz:1") && told.contains("bar:1:1:c1 needs baz:2"),
        "{told}"
    );
    assert!(matches!(kept.outcome, Outcome::Kept { .. }));
    let used: Vec<&str> = expansion.builds[0].used.iter().map(|used| used.name.as_str()).collect();
    assert_eq!(used, ["bar", "baz", "foo", "gtk", "platform"]);

    let only = document(&["foo 1; gtk 1; platform f29 |"]);
    assert!(expand(&only, &known, &Options::default()).unwrap().builds.is_empty());
    let exact = Options { mbs_exact: true, ..Options::default() };
    let error = expand(&only, &known, &exact).unwrap_err().to_string();
    assert!(error.starts_with("no combination of stanza 1 can be built: "), "{error}");
}

#[test]
fn overlaps_are_found() {
    let known = world(&[]);
    let of = |text: &str| {
        let findings = lint(&document(&[text]), &known, &Options::default()).unwrap();
        findings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let overlap = |build: &str, run: &str| {
        vec![format!(
            "stanza 1: platform is built against [{build}] and runs with [{run}]: \
             the lists differ, so every build requires all of the second"
        )]
    };
    assert_eq!(of("platform f26,f27 | platform f27"), overlap("f26, f27", "f27"));
    assert_eq!(of("platform f26 | platform"), overlap("f26", ""));
    assert_eq!(of("platform -f28 | platform f26,f27"), overlap("-f28", "f26, f27"));
    assert!(of("platform f26 | platform f27").is_empty() && of("platform f26 |").is_empty());
    let twice =
        lint(&document(&["platform f26 |", "platform f26,f27 |"]), &known, &Options::default());
    assert!(matches!(&twice.unwrap()[..], [Finding::SameContext { stanza: 2, .. }]));
}
