//! An answer and what a scenario expects.

use crate::ask::{Answer, Done};
use modex_fixtures::{Expectation, Scenario, Transaction, Universe};
use modex_formats::plan::{Action, PlanFact, Reason};
use std::collections::BTreeSet;

/// What differs, a line each; empty where nothing does.
pub(crate) fn differences(
    universe: &Universe,
    scenario: &Scenario,
    answer: &Answer,
) -> Vec<String> {
    match (&scenario.expectation, answer) {
        (_, Answer::GaveUp) => vec!["the search was given up".into()],
        (Expectation::Open, _) => vec!["nothing is expected yet".into()],
        (Expectation::Refused(said), Answer::Refused(facts)) => refusal(said, facts),
        (Expectation::Refused(said), Answer::Done(done)) => {
            vec![format!("expected a refusal {said:?}, it goes in: {:?}", done.install())]
        }
        (Expectation::Answer(_), Answer::Refused(facts)) => {
            let texts: Vec<&str> = facts.iter().map(|fact| fact.text.as_str()).collect();
            vec![format!("expected an answer, refused: {texts:?}")]
        }
        (Expectation::Answer(expected), Answer::Done(done)) => {
            let mut found = transaction(expected, done);
            found.extend(details(universe, done));
            found
        }
    }
}

fn transaction(expected: &Transaction, done: &Done) -> Vec<String> {
    let mut found = Vec::new();
    let came = done.install();
    for (nevra, why) in &expected.install {
        match (came.get(nevra.as_str()), why) {
            (None, _) => found.push(format!("not installed: {nevra}")),
            (Some(came), Some(why)) if came.map(reason) != Some(why.word()) => {
                found.push(format!("{nevra} goes in for {came:?}, expected {}", why.word()));
            }
            _ => {}
        }
    }
    let more = came.keys().filter(|nevra| !expected.install.contains_key(**nevra));
    found.extend(more.map(|nevra| format!("also installed: {nevra}")));
    let mut sets = |what: &str, expected: &BTreeSet<String>, came: &BTreeSet<String>| {
        if expected != came {
            found.push(format!("{what}: expected {expected:?}, came {came:?}"));
        }
    };
    sets("removed", &expected.remove, &done.remove);
    sets("enabled", &expected.enabled, &done.enabled);
    sets("disabled", &expected.disabled, &done.disabled);
    sets("reset", &expected.reset, &done.reset);
    sets("profiles added", &expected.profiles_added, &done.profiles_added);
    sets("profiles removed", &expected.profiles_removed, &done.profiles_removed);
    if let Some(expected) = &expected.active {
        sets("active", expected, &done.active);
    }
    // Of packages nothing is said when there is an answer: only what concerns modules is warned of here.
    for warning in expected.warns.iter().filter(|text| text.contains("module")) {
        if !done.warnings.iter().any(|said| said.contains(warning.as_str())) {
            found.push(format!("not warned of: {warning}; said: {:?}", done.warnings));
        }
    }
    found
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::User => "user",
        Reason::Profile => "profile",
        Reason::Dependency => "dependency",
        Reason::Weak => "weak",
        Reason::Dependent => "dependent",
        Reason::Unused => "unused",
    }
}

/// What a plan says of the packages beyond their names is what the text of the universe says.
fn details(universe: &Universe, done: &Done) -> Vec<String> {
    let mut found = Vec::new();
    for planned in done.packages.iter().filter(|it| it.action != Action::Remove) {
        let repo = universe.repos.iter().find(|repo| repo.id == planned.repo).unwrap();
        let package = repo.packages.iter().find(|it| it.nevra() == planned.nevra).unwrap();
        let checksum = planned.checksum.as_ref().map(|it| (it.kind.clone(), it.value.clone()));
        let came = (&planned.location, checksum, planned.size, planned.installed_size);
        let expected = (
            &Some(package.location.clone()),
            Some(("sha256".to_owned(), package.pkgid())),
            package.download_size,
            package.installed_size,
        );
        if came != expected {
            found.push(format!("{}: expected {expected:?}, came {came:?}", planned.nevra));
        }
    }
    found
}

/// dnf's lines that name a root cause must be among the facts, in its words or as data. Where libsolv lists several
/// problems one of them will do: modex proves one.
fn refusal(said: &[String], facts: &[PlanFact]) -> Vec<String> {
    let causes: Vec<&String> = said.iter().filter(|line| is_cause(line)).collect();
    if causes.is_empty() || causes.iter().any(|cause| facts.iter().any(|fact| tells(fact, cause))) {
        return Vec::new();
    }
    let texts: Vec<&str> = facts.iter().map(|fact| fact.text.as_str()).collect();
    vec![format!("expected one of the causes {causes:?}, came {texts:?}")]
}

/// Whether a line of dnf tells what is wrong, rather than what follows from it.
fn is_cause(line: &str) -> bool {
    !line.contains("but none of the providers can be installed")
        && !line.contains("problem with installed package")
        && !line.contains("groups or modules:")
        && !line.starts_with("Unable to find a match: ")
}

/// Whether a fact says what a line of dnf says. dnf leaves the epoch 0 out.
fn tells(fact: &PlanFact, line: &str) -> bool {
    let text = fact.text.replace("-0:", "-");
    if text.contains(line.trim_start_matches("package ")) {
        return true;
    }
    let names = |at: usize| {
        let nevra = fact.packages.get(at).map(|nevra| nevra.replace("-0:", "-"));
        nevra.is_some_and(|nevra| line.contains(&nevra))
    };
    let dependency = || fact.dependency.as_deref().is_some_and(|dep| line.contains(dep));
    match fact.kind {
        "nothing-provides" => line.contains("nothing provides") && names(0) && dependency(),
        "hidden" => line.contains("is filtered out by") && names(0),
        "conflicts" => line.contains("conflicts with") && dependency(),
        "obsoletes" => line.contains("obsoletes") && names(0) && names(1) && dependency(),
        "same-name" => line.contains("cannot install both") && names(0) && names(1),
        "inferior-arch" => line.contains("has inferior architecture") && names(0),
        "not-best" => line.contains("cannot install the best candidate"),
        "no-match" => {
            let filtered = line.starts_with("All matches were filtered out");
            let unmatched = filtered || line.starts_with("No match for argument");
            (unmatched && dependency()) || line.starts_with("No packages marked for ")
        }
        "protected" => {
            let name = |nevra: &String| nevra.rsplitn(3, '-').nth(2).map(str::to_owned);
            let mut names = fact.packages.iter().filter_map(name);
            line.contains("protected packages") && names.all(|name| line.contains(&name))
        }
        _ => false,
    }
}
