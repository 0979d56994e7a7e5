//! Every build, and every error, against the oracle's.

use crate::case::{Answer, Case};
use crate::oracle;
use std::collections::BTreeMap;

/// Says what differs, of the first few.
fn assert_same(what: &str, count: usize, wrong: &[(Case, Answer, Answer)]) {
    for (case, ours, theirs) in wrong.iter().take(3) {
        let seed = &case.json["seed"];
        eprintln!("{what}, seed {seed}: {:?}, not {:?}", ours.error, theirs.error);
        let lost = theirs.builds.iter().filter(|build| !ours.builds.contains(build));
        let more = ours.builds.iter().filter(|build| !theirs.builds.contains(build));
        lost.take(2).for_each(|build| eprintln!("  lacks {build:?}"));
        more.take(2).for_each(|build| eprintln!("  has {build:?}"));
    }
    assert!(wrong.is_empty(), "{what}: {} of {count} differ", wrong.len());
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
    eprintln!("{profile}: {seen:?}; {plain} in our own mode as well");
    assert_same("--mbs-exact", count as usize, &exact);
    assert_same("our own mode", count as usize, &own);
    assert!(plain >= count as usize / 100, "{plain}");
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
