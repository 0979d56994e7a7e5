//! What scenarios ask for and modex does not do yet, and where it differs from dnf on purpose. Every entry must be met by
//! a scenario, and every scenario that meets none must get dnf's answer.

use modex_fixtures::Scenario;

/// Scenarios that are not run: a reason, and how many there are.
pub(crate) const LEFT: [(&str, usize); 1] = [("comps groups are not installed yet", 5)];

/// Why a scenario is not run; an index into [`LEFT`].
pub(crate) fn why_left(scenario: &Scenario) -> Option<usize> {
    let words: Vec<&str> = scenario.request.iter().map(String::as_str).collect();
    match words[..] {
        ["install", ref rest @ ..] if rest.iter().any(|word| GROUPS.contains(word)) => Some(0),
        _ => None,
    }
}

/// Arguments that mean groups in the scenarios.
const GROUPS: [&str; 4] = ["@base", "@workstation", "@nosuch", "@core"];

/// Differences that are known: scenario, what differs, and why.
pub(crate) const DIFFERENCES: [(&str, &str, &str); 2] = [
    (
        "a stream with a dash inside is taken for an excluded one",
        "came {\"lib:rhel-8\", \"user:1\"}",
        "a mistake of libdnf that is not repeated: only a leading dash excludes",
    ),
    (
        "another architecture's package does not exist",
        "nothing matches `tool`",
        "an index holds only what fits its architecture, so the package that dnf names is unknown",
    ),
];
