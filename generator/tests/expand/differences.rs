//! Every build, and every error, against the oracle's.

use crate::case::{Answer, Case};
use crate::oracle;
use std::collections::BTreeMap;

/// Says what differs, of the first few.
fn assert_same(what: &str, wrong: &[(Case, Answer, Answer)]) {
    let one = |(case, ours, theirs): &(Case, Answer, Answer)| {
        let lost = theirs.builds.iter().find(|build| !ours.builds.contains(build));
        let more = ours.builds.iter().find(|build| !theirs.builds.contains(build));
        let (seed, ours, theirs) = (&case.json["seed"], &ours.error, &theirs.error);
        format!("seed {seed}: {ours:?}, not {theirs:?}\n  lacks {lost:?}\n  has {more:?}\n")
    };
    let told: String = wrong.iter().take(3).map(one).collect();
    assert!(wrong.is_empty(), "{what}: {} differ\n{told}", wrong.len());
}

fn compare(first: u32, count: u32, profile: &str) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let (mut exact, mut own, mut plain) = (Vec::new(), Vec::new(), 0);
    for (case, theirs) in oracle::draw(first, count, profile) {
        let builds = || format!("{} builds", theirs.builds.len().min(9));
        *seen.entry(theirs.error.clone().unwrap_or_else(builds)).or_default() += 1;
        let ours = case.expanded(false);
        let alone = theirs.alone();
        let gives_up = matches!(theirs.error.as_deref(), Some("ambiguous" | "no-base"));
        let same = match &theirs.error {
            // What only the service fails at leaves the other combinations to us.
            Some(_) if !gives_up => ours.error.is_none(),
            Some(_) => ours.error == theirs.error || theirs.error.as_deref() == Some("ambiguous"),
            None if case.is_plain() => {
                plain += 1;
                ours == alone
            }
            None => ours.error.is_none(),
        };
        let followed = case.expanded(true);
        if followed != theirs {
            exact.push((case, followed, theirs));
        } else if !same {
            own.push((case, ours, alone));
        }
    }
    assert_same("--mbs-exact", &exact);
    assert_same("our own mode", &own);
    // Otherwise there would be little in it.
    assert!(plain >= count as usize / 100, "{plain} of {count}");
    for kind in ["ambiguous", "no-base", "no-builds", "problems", "1 builds", "9 builds"] {
        assert!(seen.contains_key(kind), "{seen:?}");
    }
}

#[test]
fn mixed_worlds_expand_as_in_the_build_service() {
    if oracle::is_here("mixed_worlds_expand_as_in_the_build_service") {
        compare(1, 1500, "mixed");
    }
}

#[test]
fn tight_worlds_expand_as_in_the_build_service() {
    if oracle::is_here("tight_worlds_expand_as_in_the_build_service") {
        compare(1, 1500, "tight");
    }
}
