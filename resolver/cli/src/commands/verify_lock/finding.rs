//! What became of a pin.

use serde::Serialize;
use std::fmt::Display;
use std::io::{self, Write};

/// What became of one pin that is not there as it was.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    /// `gone` or `differs`.
    finding: &'static str,
    /// What was pinned.
    pin: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    repo: Option<String>,
    /// What is not the same: what it is, as pinned, as found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<Difference>,
    /// What there is in its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    instead: Vec<Instead>,
}

#[derive(Debug, Serialize)]
struct Difference {
    what: &'static str,
    pinned: String,
    now: String,
}

/// A package in the place of one that is gone.
#[derive(Debug, Serialize)]
pub(super) struct Instead {
    /// `newest`, `hidden` or `provider`.
    pub(super) what: &'static str,
    pub(super) nevra: String,
    pub(super) repo: String,
    /// The streams that hide it, and how.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hidden: Option<String>,
}

impl Finding {
    pub(super) fn gone(pin: String, repo: Option<String>) -> Self {
        let (differences, instead) = (Vec::new(), Vec::new());
        Finding { finding: "gone", pin, repo, differences, instead }
    }

    pub(super) fn differs(pin: String, repo: Option<String>) -> Self {
        Finding { finding: "differs", ..Finding::gone(pin, repo) }
    }

    pub(super) fn with(self, instead: Vec<Instead>) -> Self {
        Finding { instead, ..self }
    }

    /// Notes what is not the same, as far as both are known.
    pub(super) fn compare<T: Display + PartialEq>(
        &mut self,
        what: &'static str,
        pinned: Option<T>,
        now: Option<T>,
    ) {
        if let (Some(pinned), Some(now)) = (pinned, now)
            && pinned != now
        {
            let (pinned, now) = (pinned.to_string(), now.to_string());
            self.differences.push(Difference { what, pinned, now });
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        self.finding == "gone"
    }

    /// Whether nothing differs.
    pub(super) fn is_empty(&self) -> bool {
        !self.is_gone() && self.differences.is_empty()
    }

    /// How much differs.
    pub(super) fn count(&self) -> usize {
        self.differences.len()
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let repo = self.repo.as_ref().map(|repo| format!(" ({repo})")).unwrap_or_default();
        writeln!(out, "{:<7}  {}{repo}", self.finding, self.pin.escape_debug())?;
        for Difference { what, pinned, now } in &self.differences {
            writeln!(out, "         {what}: {} is now {now}", pinned.escape_debug())?;
        }
        for Instead { what, nevra, repo, hidden } in &self.instead {
            let hidden = hidden.as_ref().map(|by| format!(", {by}")).unwrap_or_default();
            writeln!(out, "         {what}: {nevra} ({repo}{hidden})")?;
        }
        if self.is_gone() && self.instead.is_empty() {
            writeln!(out, "         nothing took its place")?;
        }
        Ok(())
    }
}
