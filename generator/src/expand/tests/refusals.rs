//! What cannot be expanded, and what the build service refuses.

use super::{build, document, expanded, world};
use crate::expand::{ExpandError, Options, expand};
use crate::modulemd::{Document, Kind};

fn refused(stanzas: &[&str], options: &Options) -> ExpandError {
    expand(&document(stanzas), &world(&["gtk:1", "gtk:2"]), options).unwrap_err()
}

#[test]
fn other_documents_and_identities() {
    let defaults = Document::Defaults(modex_formats::module::Defaults::default());
    let error = expand(&defaults, &[], &Options::default()).unwrap_err();
    assert_eq!(error, ExpandError::Kind(Kind::Defaults));
    let options = Options { name: Some("other".into()), ..Options::default() };
    assert_eq!(
        refused(&["platform f28 |"], &options).to_string(),
        "the document is of module `app`, not `other`"
    );
}

#[test]
fn ambiguous_streams() {
    let options = Options { ambiguous_is_error: true, ..Options::default() };
    let several = ["1", "2"].map(String::from).to_vec();
    let error = |streams| ExpandError::Ambiguous { module: "gtk".into(), streams };
    assert_eq!(refused(&["platform f28; gtk 1,2 |"], &options), error(several.clone()));
    assert_eq!(refused(&["platform f28; gtk |"], &options), error(vec![]));
    assert_eq!(refused(&["platform f28 | gtk 1,2"], &options), error(several));
    let options = Options { defaults: [("gtk".into(), "1".into())].into(), ..options };
    assert!(expand(&document(&["platform f28; gtk |"]), &world(&["gtk:1"]), &options).is_ok());
}

#[test]
fn the_build_service_gives_up() {
    let exact = Options { mbs_exact: true, ..Options::default() };
    let missing = ExpandError::NoBuilds { module: "gtk".into(), stream: "3".into() };
    assert_eq!(refused(&["platform f28; gtk 1,3 |"], &exact), missing);
    let known = world(&["gtk:1", "gtk:2"]);
    let kept =
        expand(&document(&["platform f28; gtk 1,3 |"]), &known, &Options::default()).unwrap();
    assert_eq!((kept.builds.len(), kept.combinations.len()), (1, 2));
    let reason = kept.dropped().next().unwrap().1.to_string();
    assert_eq!(reason, "no build of gtk:3 (there is 1, 2)");

    let stanzas = ["platform f28; gtk 1 |", "|", "platform f29 |"];
    assert_eq!(expanded(&stanzas, &known, &Options::default()).len(), 3);
    assert_eq!(expand(&document(&stanzas), &known, &exact).unwrap().builds.len(), 1);
    // "Excluded all" stands for any stream where another stanza brought one in.
    let stanzas = ["platform f28; gtk -1,-2 |", "platform f28; gtk 1 |"];
    assert_eq!(expanded(&stanzas, &known, &Options::default()).len(), 1);
    assert_eq!(expand(&document(&stanzas), &known, &exact).unwrap().builds.len(), 2);
}

#[test]
fn any_stream_at_run_time() {
    let mut known = world(&["glib:1", "glib:2"]);
    known.push(build("gtk:3:1:c1", "f29", "glib; platform f29"));
    known.push(build("gtk:4:1:c1", "f29", "glib -1; platform f29"));
    let used = |stanza: &str| {
        let expansion = expand(&document(&[stanza]), &known, &Options::default()).unwrap();
        expansion.builds[0]
            .used
            .iter()
            .map(|used| format!("{}:{}", used.name, used.stream))
            .collect::<Vec<_>>()
    };
    assert_eq!(used("platform f29; gtk 3 |"), ["glib:1", "gtk:3", "platform:f29"]);
    assert_eq!(used("platform f29; gtk 4 |"), ["glib:2", "gtk:4", "platform:f29"]);
    let exact = Options { mbs_exact: true, ..Options::default() };
    let error = expand(&document(&["platform f29; gtk 3 |"]), &known, &exact).unwrap_err();
    assert!(matches!(error, ExpandError::Unsatisfied { stanza: 1, .. }));
}
