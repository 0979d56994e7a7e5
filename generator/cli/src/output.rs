//! Where words go: data to stdout, talk to stderr.

use crate::failure::Failure;
use modex_generator::source::Report;
use serde_json::Value;
use std::fmt::Display;
use std::io::{self, BufWriter, StdoutLock, Write};

/// How many problems of one report are told; `--json` has more.
const TOLD: usize = 20;

/// Data, buffered.
pub(crate) struct Output {
    stdout: BufWriter<StdoutLock<'static>>,
}

impl Output {
    pub(crate) fn new() -> Self {
        Output { stdout: BufWriter::new(io::stdout().lock()) }
    }

    pub(crate) fn line(&mut self, line: impl Display) -> Result<(), Failure> {
        Ok(writeln!(self.stdout, "{line}")?)
    }

    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        Ok(self.stdout.write_all(text.as_bytes())?)
    }

    pub(crate) fn json(&mut self, value: &Value) -> Result<(), Failure> {
        serde_json::to_writer_pretty(&mut self.stdout, value).map_err(io::Error::from)?;
        Ok(writeln!(self.stdout)?)
    }

    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        Ok(self.stdout.flush()?)
    }
}

/// A line of talk, in which nothing that came from a document moves the cursor. Where stderr is closed nobody misses it.
pub(crate) fn talk(line: impl Display) {
    let line = line.to_string();
    let still = |c: char| {
        if c.is_control() && c != '\n' { c.escape_unicode().collect() } else { String::from(c) }
    };
    let line: String =
        if line.chars().any(char::is_control) { line.chars().map(still).collect() } else { line };
    let _ = writeln!(io::stderr(), "{line}");
}

pub(crate) fn error(what: &str) {
    talk(format_args!("error: {what}"));
}

pub(crate) fn warning(what: impl Display) {
    talk(format_args!("warning: {what}"));
}

pub(crate) fn hint(what: &str) {
    talk(format_args!("hint: {what}"));
}

/// The first problems of a report, and how many there are.
pub(crate) fn problems(place: &str, report: &Report) {
    for problem in report.problems.iter().take(TOLD) {
        warning(format_args!("{place}: {problem}"));
    }
    let all = report.dropped + report.doubted;
    if all > TOLD as u64 {
        let more = all - report.problems.len().min(TOLD) as u64;
        warning(format_args!(
            "{place}: {more} more; {} dropped and {} doubted in all",
            report.dropped, report.doubted
        ));
    }
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many things, with the plural where it belongs.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A number of bytes as people say it.
pub(crate) fn bytes(number: u64) -> String {
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    match units.into_iter().find(|(unit, _)| number as f64 >= *unit) {
        Some((unit, name)) => format!("{:.1} {name}", number as f64 / unit),
        None => format!("{number} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let grouped: Vec<_> = [0, 12, 123, 1234, 1_234_567].map(grouped).into();
        assert_eq!(grouped, ["0", "12", "123", "1,234", "1,234,567"]);
        let bytes: Vec<_> = [0, 999, 1000, 9_622_171, 2_500_000_000].map(bytes).into();
        assert_eq!(bytes, ["0 B", "999 B", "1.0 kB", "9.6 MB", "2.5 GB"]);
    }
}
