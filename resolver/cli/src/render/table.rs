//! dnf's transaction table.

use super::bytes;
use modex_formats::plan::{Action, ModuleChange, Plan, PlanPackage, Reason};
use std::io::{self, Write};

/// Writes a plan the way dnf prints a transaction.
pub(crate) fn write(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    if plan.packages.is_empty()
        && plan.modules.iter().all(|module| module.change == ModuleChange::Active)
    {
        return writeln!(out, "Nothing to do.");
    }
    let rows: Vec<Row<'_>> = plan.packages.iter().map(Row::of).collect();
    let widths = rows.iter().fold([7usize, 12, 7, 10, 4], |widths, row| {
        let cells = row.cells();
        std::array::from_fn(|at| widths[at].max(width(cells[at])))
    });
    let rule = "=".repeat(widths.iter().sum::<usize>() + 5);
    writeln!(out, "{rule}")?;
    line(out, &["Package", "Architecture", "Version", "Repository", "Size"], &widths)?;
    writeln!(out, "{rule}")?;
    for (title, action, reasons) in GROUPS {
        let mut title = Some(title);
        for row in rows.iter().filter(|row| {
            row.package.action == action
                && (reasons.is_empty() || reasons.contains(&row.package.reason))
        }) {
            if let Some(title) = title.take() {
                writeln!(out, "{title}")?;
            }
            line(out, &row.cells(), &widths)?;
            for old in &row.package.replaces {
                writeln!(out, "     replacing  {old}")?;
            }
        }
    }
    modules(plan, out)?;
    summary(plan, out, &rule)
}

/// dnf's groups in dnf's order; without reasons: whatever the reason.
const GROUPS: [(&str, Action, &[Reason]); 10] = [
    ("Installing:", Action::Install, &[Reason::User]),
    ("Installing group/module packages:", Action::Install, &[Reason::Profile]),
    ("Upgrading:", Action::Upgrade, &[]),
    ("Reinstalling:", Action::Reinstall, &[]),
    ("Installing dependencies:", Action::Install, &[Reason::Dependency]),
    ("Installing weak dependencies:", Action::Install, &[Reason::Weak]),
    ("Downgrading:", Action::Downgrade, &[]),
    ("Removing:", Action::Remove, &[Reason::User]),
    ("Removing dependent packages:", Action::Remove, &[Reason::Dependent]),
    ("Removing unused dependencies:", Action::Remove, &[Reason::Unused]),
];

struct Row<'p> {
    package: &'p PlanPackage,
    name: &'p str,
    arch: &'p str,
    evr: &'p str,
    size: String,
}

impl<'p> Row<'p> {
    fn of(package: &'p PlanPackage) -> Self {
        // A plan's NEVRA is made from its parts: epoch always there.
        let (rest, arch) = package.nevra.rsplit_once('.').unwrap_or((&package.nevra, ""));
        let name = rest.rsplitn(3, '-').nth(2).unwrap_or("");
        let evr = rest.get(name.len() + 1..).unwrap_or("");
        let evr = evr.strip_prefix("0:").unwrap_or(evr);
        Row { package, name, arch, evr, size: bytes(package.size) }
    }

    fn cells(&self) -> [&str; 5] {
        [self.name, self.arch, self.evr, &self.package.repo, &self.size]
    }
}

fn line(out: &mut dyn Write, cells: &[&str; 5], widths: &[usize; 5]) -> io::Result<()> {
    let mut line = Vec::with_capacity(widths.iter().sum::<usize>() + 8);
    for (at, cell) in cells.iter().enumerate() {
        let padding = widths[at].saturating_sub(width(cell));
        let (before, after) = if at == 4 { (padding, 0) } else { (0, padding) };
        line.push(b' ');
        line.resize(line.len() + before, b' ');
        line.extend_from_slice(cell.as_bytes());
        line.resize(line.len() + after, b' ');
    }
    line.push(b'\n');
    out.write_all(&line)
}

/// Columns that a text takes. Names and versions are ASCII, nearly always.
fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

fn modules(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let enabled = plan.modules.iter().filter(|module| module.change == ModuleChange::Enable);
    let mut streams: Vec<(String, &[String])> = enabled
        .map(|module| {
            let mut parts = module.nsvca.split(':');
            let (name, stream) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            (format!("{name:<30} {stream}"), module.profiles.as_slice())
        })
        .collect();
    streams.sort();
    streams.dedup_by(|a, b| a.0 == b.0);
    let profiles: Vec<&(String, &[String])> =
        streams.iter().filter(|(_, profiles)| !profiles.is_empty()).collect();
    if !profiles.is_empty() {
        writeln!(out, "Installing module profiles:")?;
        for (stream, names) in profiles {
            let module = stream.split_whitespace().next().unwrap_or("");
            names.iter().try_for_each(|profile| writeln!(out, " {module}/{profile}"))?;
        }
    }
    if !streams.is_empty() {
        writeln!(out, "Enabling module streams:")?;
        streams.iter().try_for_each(|(stream, _)| writeln!(out, " {stream}"))?;
    }
    Ok(())
}

fn summary(plan: &Plan, out: &mut dyn Write, rule: &str) -> io::Result<()> {
    let totals = &plan.totals;
    writeln!(out, "\nTransaction Summary\n{rule}")?;
    for (word, count) in [
        ("Install", totals.install),
        ("Upgrade", totals.upgrade),
        ("Remove", totals.remove),
        ("Downgrade", totals.downgrade),
        ("Reinstall", totals.reinstall),
    ] {
        if count > 0 {
            writeln!(out, "{word:<9} {count} Package{}", if count == 1 { "" } else { "s" })?;
        }
    }
    writeln!(out, "\nTotal download size: {}", bytes(totals.download_size))?;
    writeln!(out, "Installed size: {}", bytes(totals.installed_size))
}
