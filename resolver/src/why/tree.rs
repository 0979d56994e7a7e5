//! A refusal in few lines: what was asked, what that requires, what cannot be.

use modex_formats::plan::PlanFact;
use std::collections::HashSet;

/// A line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How deep it stands; 0: what was asked.
    pub depth: usize,
    /// The fact, its subject left out where the line above ends with it.
    pub text: String,
}

/// More lines than these nobody reads.
const MOST_LINES: usize = 12;

/// The facts of a refusal as a tree of at most a dozen lines, what is repeated told once.
pub fn tree(refused: &[PlanFact]) -> Vec<Line> {
    let mut told: HashSet<&str> = HashSet::new();
    // The packages from the last thing asked down to where the chain is now.
    let mut path: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for fact in refused.iter().filter(|fact| told.insert(&fact.text)) {
        let subject = fact.packages.first().map(String::as_str);
        if is_root(fact.kind) {
            path.clear();
            path.extend(subject);
            lines.push(Line { depth: 0, text: fact.text.clone() });
            continue;
        }
        let known = subject.and_then(|it| path.iter().rposition(|known| *known == it));
        let depth = known.map_or(usize::from(!lines.is_empty()), |at| at + 1);
        let text = match (fact.kind, subject, &fact.dependency) {
            ("nothing-provides", Some(_), Some(dependency)) if known.is_some() => {
                format!("requires {dependency}, which nothing provides")
            }
            (_, Some(subject), _) if known.is_some() => {
                let rest = fact.text.strip_prefix(subject).map(str::trim_start);
                rest.unwrap_or(&fact.text).to_owned()
            }
            _ => fact.text.clone(),
        };
        if fact.kind == "requires" {
            path.truncate(depth);
            if known.is_none() {
                path.clear();
                path.extend(subject);
            }
            path.extend(fact.packages.get(1).map(String::as_str));
        }
        lines.push(Line { depth, text });
    }
    shorten(&mut lines);
    lines
}

/// Whether a fact stands for itself rather than under a package.
fn is_root(kind: &str) -> bool {
    matches!(
        kind,
        "asked" | "not-best" | "installed" | "module" | "no-match" | "orphan" | "protected"
    )
}

/// Leaves the middle out.
fn shorten(lines: &mut Vec<Line>) {
    let Some(more) = lines.len().checked_sub(MOST_LINES).filter(|more| *more > 0) else { return };
    let start = MOST_LINES / 2;
    let depth = lines[start].depth;
    let text = format!("… {} more steps …", more + 1);
    lines.splice(start..start + more + 1, [Line { depth, text }]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(kind: &'static str, text: &str, packages: &[&str]) -> PlanFact {
        PlanFact {
            kind,
            text: text.into(),
            packages: packages.iter().map(|it| (*it).to_owned()).collect(),
            dependency: (kind == "nothing-provides").then(|| "x".to_owned()),
            stream: None,
        }
    }

    fn shown(facts: &[PlanFact]) -> Vec<String> {
        tree(facts).iter().map(|line| " ".repeat(line.depth) + &line.text).collect()
    }

    #[test]
    fn a_chain_goes_down_and_is_told_once() {
        let facts = [
            fact("asked", "`a` means a-1", &["a-1"]),
            fact("requires", "a-1 requires b, provided by b-1", &["a-1", "b-1"]),
            fact("nothing-provides", "nothing provides x needed by b-1", &["b-1"]),
            fact("asked", "`c` means c-1", &["c-1"]),
            fact("nothing-provides", "nothing provides x needed by b-1", &["b-1"]),
            fact("conflicts", "c-1 conflicts with d provided by d-1", &["c-1", "d-1"]),
        ];
        assert_eq!(
            shown(&facts),
            [
                "`a` means a-1",
                " requires b, provided by b-1",
                "  requires x, which nothing provides",
                "`c` means c-1",
                " conflicts with d provided by d-1"
            ]
        );
    }

    #[test]
    fn a_long_one_loses_its_middle() {
        let mut facts = vec![fact("asked", "`a` means p-0", &["p-0"])];
        facts.extend((0..40).map(|at| {
            let (from, to) = (format!("p-{at}"), format!("p-{}", at + 1));
            fact("requires", &format!("{from} requires q, provided by {to}"), &[&from, &to])
        }));
        let shown = shown(&facts);
        assert_eq!(shown.len(), MOST_LINES);
        assert_eq!(shown[6].trim(), "… 30 more steps …");
        assert_eq!(shown[11].trim(), "requires q, provided by p-40");
    }
}
