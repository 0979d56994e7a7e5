//! The worked expansions of the specification, by their number there.

use super::{build, contexts, document, expanded, platform, world};
use crate::expand::{ExpandError, Options, Outcome, expand};
use modex_formats::module::ModuleStream;

const BOTH: &str = "gtk 1,2; platform f28,f29 | gtk 1,2; platform f28,f29";

fn usual(stanzas: &[&str]) -> Vec<String> {
    expanded(stanzas, &world(&["gtk:1", "gtk:2", "foo:1", "foo:2"]), &Options::default())
}

#[test]
fn one_platform() {
    let first =
        ["gtk[1] platform[f28] -> gtk[1] e1e005fb", "gtk[2] platform[f28] -> gtk[2] ce132a1e"];
    assert_eq!(usual(&["platform f28; gtk 1,2 | gtk 1,2"]), first, "1");
    assert_eq!(
        usual(&["platform f28; gtk 1,2 | platform f28"]),
        [
            "gtk[1] platform[f28] -> platform[f28] 90c949c2",
            "gtk[2] platform[f28] -> platform[f28] 35e31885",
        ],
        "2"
    );
    assert_eq!(usual(&["platform f28; gtk 1,2 | gtk 2,1"]), first, "7");
    assert_eq!(usual(&["platform f28; gtk -2 | gtk -2"]), first[..1], "10");
}

#[test]
fn products() {
    let third = [
        "gtk[1] platform[f28] -> gtk[1] platform[f28] 00a23e75",
        "gtk[1] platform[f29] -> gtk[1] platform[f29] 05c9e0d2",
        "gtk[2] platform[f28] -> gtk[2] platform[f28] 83292f3a",
        "gtk[2] platform[f29] -> gtk[2] platform[f29] e1d3a346",
    ];
    assert_eq!(usual(&[BOTH]), third, "3");
    let eight = usual(&["foo 1,2; gtk 1,2; platform f28,f29 | gtk 1,2; platform f28,f29"]);
    let mut found = contexts(&eight);
    found.sort();
    let mut stated = "f028ac43 5adf5fb0 bd2505c4 45ed7eca f3de17ff 18232c56 e2b7ba78 c9864b12"
        .split(' ')
        .collect::<Vec<_>>();
    stated.sort();
    assert_eq!(found, stated, "4");
    assert!(eight[1].starts_with("foo[1] gtk[1] platform[f29] -> gtk[1] platform[f29] "), "4");
    let any = expanded(
        &["platform; gtk | platform; gtk"],
        &world(&["gtk:1", "gtk:2"]),
        &Options::default(),
    );
    assert_eq!(any, third, "8");
}

#[test]
fn lists_that_differ_stay() {
    assert_eq!(
        usual(&["platform f28; gtk 1,2 | platform f28; gtk 1"]),
        [
            "gtk[1] platform[f28] -> gtk[1] platform[f28] 00a23e75",
            "gtk[2] platform[f28] -> gtk[1] platform[f28] 588ff404",
        ],
        "5"
    );
    assert_eq!(
        usual(&["platform f28; gtk 1 | platform f28; gtk 1,2"]),
        ["gtk[1] platform[f28] -> gtk[1,2] platform[f28] f17593b8"],
        "6"
    );
    assert_eq!(
        usual(&["platform f28,f29; gtk 1 | platform; gtk"]),
        [
            "gtk[1] platform[f28] -> gtk[] platform[] 47a6167c",
            "gtk[1] platform[f29] -> gtk[] platform[] 74b91b1c",
        ],
        "9"
    );
    assert_eq!(
        usual(&["platform f28; gtk 1 | gtk -2"]),
        ["gtk[1] platform[f28] -> gtk[-2] c22929b0"],
        "11"
    );
    assert_eq!(
        usual(&["platform f28; gtk -2 | gtk 1"]),
        ["gtk[1] platform[f28] -> gtk[1] e1e005fb"],
        "12"
    );
}

#[test]
fn nothing_to_build() {
    assert!(usual(&["platform f28; gtk -1,-2 |"]).is_empty(), "13");
    for stanza in ["gtk 1 | gtk 1", "| platform f28"] {
        let error = expand(&document(&[stanza]), &world(&["gtk:1"]), &Options::default());
        assert_eq!(error.unwrap_err(), ExpandError::NoBaseModule("platform".into()), "17");
    }
}

#[test]
fn several_stanzas() {
    let stanzas = ["platform f28; gtk 1 | platform f28", "platform f28; gtk 1,2 | platform f28"];
    assert_eq!(contexts(&usual(&stanzas)), ["90c949c2", "90c949c2", "35e31885"], "14, ours");
    let expansion =
        expand(&document(&stanzas), &world(&["gtk:1", "gtk:2"]), &Options::default()).unwrap();
    let again = |outcome: &Outcome| matches!(outcome, Outcome::Kept { same_context: Some(0), .. });
    let again: Vec<bool> = expansion.combinations.iter().map(|one| again(&one.outcome)).collect();
    assert_eq!(again, [false, true, false]);

    let stanzas =
        ["platform f28; gtk 1 | platform f28; gtk 1", "platform f29; gtk 2 | platform f29; gtk 2"];
    let exact = Options { mbs_exact: true, ..Options::default() };
    let expansion = expand(&document(&stanzas), &world(&["gtk:1", "gtk:2"]), &exact).unwrap();
    let found: Vec<ModuleStream> = expansion.documents().map(Result::unwrap).collect();
    assert_eq!(found[0].nsvca.context, "824e7f54", "15");
    assert_eq!(found[1].nsvca.context, "20f5ed83", "15");
    assert!(found.iter().all(|document| document.dependencies.len() == 2), "15");
    assert_eq!(contexts(&usual(&stanzas)), ["00a23e75", "e1d3a346"], "15, ours");
    let exact = expanded(
        &["platform f28; gtk 1 | platform f28", "platform f28; gtk 1,2 | platform f28"],
        &world(&["gtk:1", "gtk:2"]),
        &exact,
    );
    assert_eq!(contexts(&exact), ["90c949c2", "90c949c2", "35e31885"], "14");
}

#[test]
fn a_default() {
    let defaults = [("gtk".to_owned(), "2".to_owned())].into();
    let options = Options { defaults, ..Options::default() };
    let world = world(&["gtk:1", "gtk:2"]);
    let one = ["gtk[2] platform[f28] -> gtk[2] ce132a1e"];
    assert_eq!(expanded(&["platform f28; gtk 1,2 | gtk 1,2"], &world, &options), one, "16");
    assert_eq!(expanded(&["platform f28; gtk | gtk"], &world, &options), one);
    assert!(expanded(&["platform f28; gtk -2 | gtk"], &world, &options).is_empty());
}

#[test]
fn contexts_of_what_is_built_against() {
    let mut known = world(&["glib:1", "glib:2"]);
    known.push(build("gtk:3:1:c1", "f29", "glib 1; platform f29"));
    known.push(build("gtk:3:1:c2", "f29", "glib 2; platform f29"));
    let options = Options::default();
    assert_eq!(
        expanded(&["platform f29; gtk 3 | platform f29; gtk 3"], &known, &options),
        ["gtk[3] platform[f29] -> gtk[3] platform[f29] a10cdab8"],
        "18"
    );
    let both = expanded(&["platform f29; gtk 3; glib 1,2 | platform f29"], &known, &options);
    assert_eq!(contexts(&both), ["af595d95", "94f1c43a"], "19");
}

#[test]
fn older_platforms_are_reused() {
    let mut known: Vec<ModuleStream> = ["el7.6.0", "el8.0.0", "el8.1.0", "el8.2.0"]
        .map(|stream| platform(stream, &stream[..3]))
        .into();
    known.push(build("gtk:3:0:c0", "el8.0.0", "platform el8"));
    known.push(build("gtk:3:1:c1", "el8.2.0", "platform el8"));
    let options = Options::default();
    let root = |platform: &str| {
        let stanza = format!("platform {platform}; gtk 3 | platform el8");
        let expansion = expand(&document(&[&stanza]), &known, &options).unwrap();
        let planned = &expansion.builds[0];
        (planned.nsvca.context.clone(), planned.used[0].version)
    };
    assert_eq!(root("el8.1.0"), ("4b7fefba".into(), 0), "20");
    assert_eq!(root("el8.2.0"), ("e897635c".into(), 1), "20");
    assert_eq!(root("el8"), ("e897635c".into(), 1), "the newest that provides it");
    let any = expand(&document(&["platform | platform"]), &known, &options).unwrap();
    assert_eq!(any.builds.len(), 4, "all, across majors");
    let old = expand(&document(&["platform el7; gtk 3 |"]), &known, &options).unwrap();
    let reason = old.dropped().next().unwrap().1.to_string();
    assert_eq!(
        reason,
        "no build of gtk:3 against platform:el7.6.0 (only platform:el8.0.0, platform:el8.2.0)"
    );
}
