//! What was promised, held against what was measured.

use super::contest::Standing;
use super::report::Report;
use crate::stats::digits;

/// Writes a line for each promise that this run can judge.
pub(super) fn judge(report: &mut Report) {
    let mut lines = Vec::new();
    for (label, standing) in &report.standings {
        match (label.as_str(), standing.work.as_str()) {
            ("full", "bash, weak on") => {
                lines.extend(ratio(label, standing, "libsolv", 20.0));
                lines.extend(ratio(label, standing, "dnf, warm", 80.0));
                lines.extend(memory(label, standing, "modex", 20.0));
            }
            ("full", "gnome-core, weak on") => lines.extend(desktop(report, label, standing)),
            ("fullmod", "bash, weak on") => {
                lines.extend(ratio(label, standing, "dnf, warm", 250.0))
            }
            ("full", "index build") => {
                let found = standing.ratio("rpmmd2solv", "modex-publish");
                lines.extend(found.map(|found| {
                    let what = format!(
                        "rpmmd2solv takes {} times as long, at least 1",
                        digits(found.median)
                    );
                    line(label, standing, &what, found.median >= 1.0)
                }));
                lines.extend(memory(label, standing, "modex-publish", 150.0));
            }
            _ => {}
        }
    }
    report.targets = lines;
}

fn line(label: &str, standing: &Standing, what: &str, holds: bool) -> (String, bool) {
    (format!("{label}, {}: {what}", standing.work), holds)
}

fn ratio(label: &str, standing: &Standing, who: &str, least: f64) -> Option<(String, bool)> {
    let found = standing.ratio(who, "modex")?.median;
    let what = format!("{who} takes {} times as long as modex, at least {least}", digits(found));
    Some(line(label, standing, &what, found >= least))
}

fn memory(label: &str, standing: &Standing, who: &str, most: f64) -> Option<(String, bool)> {
    let found = standing.of(who)?.peak? as f64 / 1024.0;
    let what = format!("{who} peaks at {} MiB, at most {most}", digits(found));
    Some(line(label, standing, &what, found <= most))
}

fn desktop(report: &Report, label: &str, standing: &Standing) -> Option<(String, bool)> {
    let bash = report.find(label, "bash, weak on")?.of("modex")?.wall.median;
    let more = standing.of("modex")?.wall.median - bash;
    let what = format!("modex takes {} ms more than for bash, at most 15", digits(more));
    Some(line(label, standing, &what, more <= 15.0))
}
