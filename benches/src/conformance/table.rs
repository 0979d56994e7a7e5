//! The rows of a table: what is set up, what is said, what must come of it.

use crate::expected::{Expected, parse};
use std::fmt;

/// One scenario.
#[derive(Debug)]
pub(crate) struct Row {
    /// `feature:scenario`.
    pub(crate) id: String,
    /// `both`, `dnf4` or `dnf5`.
    pub(crate) suite: String,
    /// `module-resolution`, `filtering`, `rpm-install`, `listing`, `out-of-scope`.
    pub(crate) class: String,
    /// The repositories, in order.
    pub(crate) repos: Vec<RepoUse>,
    /// Set-up before the first command.
    pub(crate) before: Vec<String>,
    /// Commands and set-up between them, numbered from 1 together.
    pub(crate) steps: Vec<String>,
    /// What must come of them.
    pub(crate) expected: Vec<Expected>,
    /// Marks of the suite.
    pub(crate) tags: String,
}

/// A repository that a scenario uses or, with `config:` before it, only configures for later.
#[derive(Debug)]
pub(crate) struct RepoUse {
    pub(crate) id: String,
    pub(crate) options: Vec<(String, String)>,
    pub(crate) enabled: bool,
}

/// A line that is no row.
#[derive(Debug)]
pub(crate) struct TableError {
    line: usize,
    what: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// The cells of a table with a heading: for each line, a look-up by the name of the column.
pub(crate) fn lines(text: &str) -> Result<Vec<Line<'_>>, TableError> {
    let mut all = text.lines().enumerate();
    let Some((_, heading)) = all.next() else { return Ok(Vec::new()) };
    let columns: Vec<&str> = heading.split('\t').collect();
    let mut found = Vec::new();
    for (number, line) in all.filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() > columns.len() {
            let what = format!("{} cells under {} headings", cells.len(), columns.len());
            return Err(TableError { line: number + 1, what });
        }
        found.push(Line { number: number + 1, columns: columns.clone(), cells });
    }
    Ok(found)
}

/// One line of a table.
pub(crate) struct Line<'t> {
    number: usize,
    columns: Vec<&'t str>,
    cells: Vec<&'t str>,
}

impl<'t> Line<'t> {
    /// A cell; empty where the line ends before it.
    ///
    /// # Errors
    /// The table has no such column.
    pub(crate) fn cell(&self, column: &str) -> Result<&'t str, TableError> {
        match self.columns.iter().position(|known| *known == column) {
            Some(place) => Ok(self.cells.get(place).copied().unwrap_or("")),
            None => Err(self.error(format!("there is no column `{column}`"))),
        }
    }

    pub(crate) fn error(&self, what: impl Into<String>) -> TableError {
        TableError { line: self.number, what: what.into() }
    }
}

/// Reads a table of scenarios.
pub(crate) fn rows(text: &str) -> Result<Vec<Row>, TableError> {
    lines(text)?.iter().map(row).collect()
}

fn row(line: &Line<'_>) -> Result<Row, TableError> {
    let steps = |cell: &str| -> Vec<String> {
        cell.split(" && ").map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    Ok(Row {
        id: line.cell("id")?.to_owned(),
        suite: line.cell("suite")?.to_owned(),
        class: line.cell("class")?.to_owned(),
        repos: repos(line.cell("repos")?),
        before: steps(line.cell("state_before")?),
        steps: steps(line.cell("commands")?),
        expected: parse(line.cell("expected")?).map_err(|what| line.error(what))?,
        tags: line.cell("tags")?.to_owned(),
    })
}

/// `ID,ID(option=value;option=value),config:ID(…)`.
fn repos(cell: &str) -> Vec<RepoUse> {
    let mut found = Vec::new();
    let mut rest = cell.trim();
    while !rest.is_empty() {
        let end = rest.find(['(', ',']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (options, after) = match after.strip_prefix('(').and_then(|text| text.split_once(')')) {
            Some((options, after)) => (options, after),
            None => ("", after),
        };
        rest = after.trim_start_matches([',', ' ']);
        let (id, enabled) = match name.trim().strip_prefix("config:") {
            Some(id) => (id, false),
            None => (name.trim(), true),
        };
        found.push(RepoUse { id: id.to_owned(), options: pairs(options), enabled });
    }
    found
}

/// `key=value;key=value`.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split([';', ',']).filter_map(|pair| pair.trim().split_once('='));
    pairs.map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_with_options() {
        let found = repos("a(skip_if_unavailable=1),config:b(module_hotfixes=1),c");
        let shown: Vec<_> =
            found.iter().map(|it| (it.id.as_str(), it.options.len(), it.enabled)).collect();
        assert_eq!(shown, [("a", 1, true), ("b", 1, false), ("c", 0, true)]);
    }

    #[test]
    fn a_row() {
        let text = "id\tsuite\tclass\trepos\tstate_before\tcommands\texpected\ttags\n\
                    x\tboth\tfiltering\ta\t\tdnf install b && [use repo c] && dnf upgrade\t[1] rc=0 && [3] rc=1 , tx-empty\t\n";
        let rows = rows(text).unwrap();
        assert_eq!((rows[0].steps.len(), rows[0].expected.len()), (3, 2));
        assert!(lines("a\tb\n1\t2\t3\n").is_err());
        assert!(super::rows("id\tsuite\nx\ty\n").is_err());
    }
}
