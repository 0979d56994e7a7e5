//! What the readers dropped or doubted, with its place.

use serde::Serialize;
use std::fmt;

/// How much was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It was read, but something about it is odd.
    Doubted,
    /// It was left out.
    Dropped,
}

/// One thing that was dropped or doubted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How much was lost.
    pub severity: Severity,
    /// File name of the document.
    pub document: String,
    /// Line in the opened document, from 1.
    pub line: Option<u64>,
    /// Column of that line, from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// What it is about: a NEVRA, an NSVCA, a record.
    pub subject: String,
    /// What is wrong with it.
    pub what: String,
}

/// Collects problems: keeps the first ones with their text, counts all.
///
/// Reports of parts are joined in document order, never in the order in which threads finish, so the same input gives
/// the same report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The first problems, in document order.
    pub problems: Vec<Problem>,
    /// How many things were dropped.
    pub dropped: u64,
    /// How many things were doubted.
    pub doubted: u64,
    #[serde(skip)]
    keep: usize,
}

impl Report {
    /// An empty report that keeps the text of this many problems ([`Limits::problems`](super::Limits::problems)).
    pub fn new(keep: usize) -> Self {
        Report { problems: Vec::new(), dropped: 0, doubted: 0, keep }
    }

    /// Whether nothing was dropped or doubted.
    pub fn is_clean(&self) -> bool {
        self.dropped == 0 && self.doubted == 0
    }

    /// Adds a problem.
    pub fn add(&mut self, problem: Problem) {
        *self.count(problem.severity) += 1;
        if self.problems.len() < self.keep {
            self.problems.push(problem);
        }
    }

    /// Adds the problems of another part, which comes after everything added so far.
    pub fn append(&mut self, other: Report) {
        self.dropped += other.dropped;
        self.doubted += other.doubted;
        let room = self.keep.saturating_sub(self.problems.len());
        self.problems.extend(other.problems.into_iter().take(room));
    }

    fn count(&mut self, severity: Severity) -> &mut u64 {
        match severity {
            Severity::Dropped => &mut self.dropped,
            Severity::Doubted => &mut self.doubted,
        }
    }

    /// Moves every line number down by that many lines.
    pub(crate) fn shift_lines(&mut self, lines: u64) {
        for problem in &mut self.problems {
            problem.line = problem.line.map(|line| line + lines);
        }
    }
}

/// `DOCUMENT:LINE[:COLUMN]: SUBJECT: WHAT (dropped)`
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        write!(f, ": {}: {}", self.subject, self.what)?;
        if self.severity == Severity::Dropped { f.write_str(" (dropped)") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(severity: Severity, line: u64) -> Problem {
        let (document, subject, what) =
            ("primary.xml".into(), "foo".into(), "it has no name".into());
        Problem { severity, document, line: Some(line), column: None, subject, what }
    }

    #[test]
    fn the_first_ones_are_kept_and_all_are_counted() {
        let mut report = Report::new(2);
        report.add(problem(Severity::Dropped, 1));
        let mut later = Report::new(2);
        for line in 1..4 {
            later.add(problem(Severity::Doubted, line));
        }
        later.shift_lines(10);
        report.append(later);
        assert_eq!((report.dropped, report.doubted, report.problems.len()), (1, 3, 2));
        assert_eq!(report.problems[0].to_string(), "primary.xml:1: foo: it has no name (dropped)");
        assert_eq!(report.problems[1].to_string(), "primary.xml:11: foo: it has no name");
        assert!(!report.is_clean());
        let json = serde_json::to_string(&report.problems[0]).unwrap();
        assert!(
            json.starts_with(r#"{"severity":"dropped","document":"primary.xml","line":1"#),
            "{json}"
        );
    }
}
