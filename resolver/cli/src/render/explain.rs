//! Reasons and hints for people.

use modex_formats::plan::{PlanFact, PlanHint};
use modex_resolver::why;
use std::io::{self, Write};

/// A refusal as a tree, each line behind `margin`.
pub(crate) fn tree(refused: &[PlanFact], margin: &str, out: &mut dyn Write) -> io::Result<()> {
    why::tree(refused)
        .iter()
        .try_for_each(|line| writeln!(out, "{margin}{}- {}", "  ".repeat(line.depth), line.text))
}

/// What works instead, a line each, with what it costs.
pub(crate) fn hints(hints: &[PlanHint], margin: &str, out: &mut dyn Write) -> io::Result<()> {
    hints
        .iter()
        .try_for_each(|hint| writeln!(out, "{margin}hint: this works: `{hint}` ({})", cost(hint)))
}

/// What goes in and out, the few that go by name.
fn cost(hint: &PlanHint) -> String {
    let count = |count: usize| match count {
        1 => String::from("1 package"),
        count => format!("{count} packages"),
    };
    let goes_in = match hint.installs.len() {
        0 => String::from("no package in"),
        some => format!("{} in", count(some)),
    };
    match &hint.removes[..] {
        [] => goes_in,
        few if few.len() <= 3 => format!("{goes_in}; out: {}", few.join(", ")),
        many => format!("{goes_in}, {} out", count(many.len())),
    }
}
