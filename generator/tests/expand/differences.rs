//! Every build, and every error, against the oracle's.

use crate::oracle;
use std::collections::BTreeMap;

/// What must not be otherwise, by seed; more of these in fixtures/oracle/DIFFERENCES.md.
fn compare(first: u32, count: u32, profile: &str) {
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (case, theirs) in oracle::draw(first, count, profile) {
        let ours = case.expanded(true);
        let kind = theirs
            .error
            .clone()
            .unwrap_or_else(|| format!("{} builds", theirs.builds.len().min(9)));
        *seen.entry(kind).or_default() += 1;
        if ours != theirs {
            wrong.push((case.json["seed"].clone(), ours, theirs));
        }
    }
    eprintln!("{profile}: {seen:?}");
    for (seed, ours, theirs) in wrong.iter().take(5) {
        eprintln!(
            "seed {seed}: {:?} {} / {:?} {}",
            ours.error,
            ours.builds.len(),
            theirs.error,
            theirs.builds.len()
        );
        for (mine, other) in ours.builds.iter().zip(&theirs.builds).filter(|(a, b)| a != b).take(1)
        {
            eprintln!("  {:?} {:?}\n  {:?} {:?}", mine.used, mine.hashes, other.used, other.hashes);
        }
    }
    let seeds: Vec<_> = wrong.iter().map(|(seed, ..)| seed).collect();
    assert!(wrong.is_empty(), "{} of {count} differ: {seeds:?}", wrong.len());
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
