//! Listings against what they must say.

use crate::scene::Came;
use std::collections::BTreeSet;

/// A row as it is compared: marks and profiles are sets.
fn row(cells: &[String]) -> (Vec<String>, BTreeSet<String>) {
    let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
    let stream = cell(2).replace("][", "] [");
    let mut stream: Vec<&str> = stream.split_whitespace().collect();
    stream.sort_unstable();
    let profiles = cell(3).split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    (vec![cell(0).to_owned(), cell(1).to_owned(), stream.join(" ")], profiles.collect())
}

/// Compares the rows of `module list`: repository, module, stream with marks, profiles.
pub(crate) fn rows(wanted: &[Vec<String>], exact: bool, came: &[Vec<String>]) -> Option<String> {
    let came: BTreeSet<_> = came.iter().map(|cells| row(cells)).collect();
    let wanted: BTreeSet<_> = wanted.iter().map(|cells| row(cells)).collect();
    let missing: Vec<_> = wanted.difference(&came).collect();
    let more: Vec<_> = if exact { came.difference(&wanted).collect() } else { Vec::new() };
    match missing.is_empty() && more.is_empty() {
        true => None,
        false => Some(format!("rows missing: {missing:?}; rows too many: {more:?}")),
    }
}

/// Compares a text: `stdout is «…»`, `stdout contains "…"` and so on. Blanks do not count, an end cut off with dots is not
/// looked at, and neither are words that the fixture tables do not have (summaries and descriptions of modules).
pub(crate) fn text(check: &str, came: &Came) -> Option<String> {
    let (stream, rest) = check.split_once(' ')?;
    let out = match stream {
        "stdout" => &came.out,
        // What is said on stderr are other words than dnf's; the kind of error is in the exit status.
        _ => return None,
    };
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if rest == "is empty" {
        return (!out.trim().is_empty()).then(|| format!("stdout is `{}`", squeezed(out)));
    }
    if let Some(wanted) = rest.strip_prefix("is «").and_then(|it| it.strip_suffix('»')) {
        let wanted = squeezed(&wanted.replace("<REPOSYNC>", ""));
        let wanted = without_talk(&wanted).to_owned();
        let (wanted, cut) = match wanted.strip_suffix("...") {
            Some(start) => (start.to_owned(), true),
            None => (wanted, false),
        };
        let (wanted, came) = (known_words(&wanted), known_words(&squeezed(out)));
        let fits = match cut {
            true => came.starts_with(wanted.trim_end()) || wanted.starts_with(&came),
            false => came == wanted,
        };
        return (!fits).then(|| format!("stdout is `{came}`, not `{wanted}`"));
    }
    None
}

/// Without what dnf says of arguments before it answers: `modex` says that on stderr.
fn without_talk(text: &str) -> &str {
    let mut rest = text;
    for _ in 0..8 {
        let starts = ["Unable to resolve argument ", "Ignoring unnecessary profile: "];
        let Some(after) = starts.iter().find_map(|start| rest.strip_prefix(start)) else { break };
        // The argument itself, in one word.
        rest = after.split_once(' ').map_or("", |(_, after)| after);
    }
    rest
}

/// Without the texts that fixture tables do not know, and what is said of arguments.
fn known_words(text: &str) -> String {
    let mut kept = Vec::new();
    let mut skipping = false;
    for word in text.split(' ') {
        match word {
            "Summary" | "Description" => skipping = true,
            "Requires" | "Artifacts" | "Name" | "Module" | "Hint:" => skipping = false,
            _ => {}
        }
        if !skipping {
            kept.push(word);
        }
    }
    kept.join(" ")
}
