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
    let group = |action: Action, reasons: &[Reason]| -> Vec<&PlanPackage> {
        plan.packages
            .iter()
            .filter(|it| it.action == action && reasons.contains(&it.reason))
            .collect()
    };
    let groups = [
        ("Installing:", group(Action::Install, &[Reason::User])),
        ("Installing group/module packages:", group(Action::Install, &[Reason::Profile])),
        ("Upgrading:", plan.packages.iter().filter(|it| it.action == Action::Upgrade).collect()),
        (
            "Installing dependencies:",
            group(Action::Install, &[Reason::Dependency, Reason::Replaced]),
        ),
        ("Installing weak dependencies:", group(Action::Install, &[Reason::Weak])),
        (
            "Downgrading:",
            plan.packages.iter().filter(|it| it.action == Action::Downgrade).collect(),
        ),
        ("Removing:", plan.packages.iter().filter(|it| it.action == Action::Remove).collect()),
    ];
    let rows = plan.packages.iter().map(Row::of);
    let widths = rows.fold([7usize, 12, 7, 10, 4], |widths, row| {
        let cells = row.cells();
        std::array::from_fn(|at| widths[at].max(cells[at].chars().count()))
    });
    let rule = "=".repeat(widths.iter().sum::<usize>() + 5);
    writeln!(out, "{rule}")?;
    line(out, &["Package", "Architecture", "Version", "Repository", "Size"], &widths)?;
    writeln!(out, "{rule}")?;
    for (title, packages) in groups.iter().filter(|(_, packages)| !packages.is_empty()) {
        writeln!(out, "{title}")?;
        for package in packages {
            let row = Row::of(package);
            line(out, &row.cells(), &widths)?;
            for old in &package.replaces {
                writeln!(out, "     replacing  {old}")?;
            }
        }
    }
    modules(plan, out)?;
    summary(plan, out, &rule)
}

struct Row {
    name: String,
    arch: String,
    evr: String,
    repo: String,
    size: String,
}

impl Row {
    fn of(package: &PlanPackage) -> Self {
        // A plan's NEVRA is made from its parts: epoch always there.
        let (rest, arch) = package.nevra.rsplit_once('.').unwrap_or((&package.nevra, ""));
        let mut parts = rest.rsplitn(3, '-');
        let (release, version, name) =
            (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let version = version.strip_prefix("0:").unwrap_or(version);
        Row {
            name: name.to_owned(),
            arch: arch.to_owned(),
            evr: format!("{version}-{release}"),
            repo: package.repo.clone(),
            size: bytes(package.size),
        }
    }

    fn cells(&self) -> [&str; 5] {
        [&self.name, &self.arch, &self.evr, &self.repo, &self.size]
    }
}

fn line(out: &mut dyn Write, cells: &[&str; 5], widths: &[usize; 5]) -> io::Result<()> {
    let [name, arch, evr, repo, size] = cells;
    let [a, b, c, d, e] = *widths;
    writeln!(out, " {name:<a$} {arch:<b$} {evr:<c$} {repo:<d$} {size:>e$}")
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
    ] {
        if count > 0 {
            writeln!(out, "{word:<9} {count} Package{}", if count == 1 { "" } else { "s" })?;
        }
    }
    writeln!(out, "\nTotal download size: {}", bytes(totals.download_size))?;
    writeln!(out, "Installed size: {}", bytes(totals.installed_size))
}
