//! `module list`.

use super::{Modules, Profile, with};
use crate::args::ModuleListArgs;
use crate::commands::finish;
use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_formats::module::{ModuleSpec, Nsvca, shown};
use modex_formats::rpm::Evr;
use modex_resolver::streams::DocumentRef;
use serde_json::json;
use std::io::Write;

/// A stream as a line shows it.
struct Line {
    repo: String,
    identity: Nsvca,
    document: DocumentRef,
    profiles: Vec<Profile>,
}

pub(crate) fn list(args: &ModuleListArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    with(&opened, &world, |modules| {
        let mut lines = lines(modules, args);
        if !args.builds {
            keep_newest(modules, &mut lines);
        }
        let json = match args.world.json {
            true => Some(as_json(modules, &lines)?),
            false if args.builds => {
                builds(modules, &lines, args, out)?;
                None
            }
            false => {
                table(modules, &lines, out)?;
                None
            }
        };
        finish(&opened, &world, json.as_deref(), lines.is_empty(), out)
    })
}

/// The streams that are meant, in dnf's order: by repository, module, stream as a version, architecture, newest first.
fn lines(modules: &Modules<'_, '_, '_>, args: &ModuleListArgs) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for document in modules.matching(&args.patterns) {
        let identity = modules.streams.identity(document);
        let profiles = modules.profiles(document, &identity);
        let is_installed = profiles.iter().any(|profile| profile.is_installed)
            || !modules.states.profiles(&identity.name).is_empty();
        let is_meant = (!args.enabled || modules.is_enabled(&identity))
            && (!args.disabled || modules.is_disabled(&identity))
            && (!args.installed_profiles || (modules.is_enabled(&identity) && is_installed));
        if is_meant {
            let repo = modules.repo(document).to_owned();
            lines.push(Line { repo, identity, document, profiles });
        }
    }
    lines.sort_by(|a, b| {
        let ((a, one), (b, other)) = ((&a.identity, &a.repo), (&b.identity, &b.repo));
        one.cmp(other)
            .then_with(|| a.name.cmp(&b.name))
            .then_with(|| Evr::parse(&a.stream).compare(&Evr::parse(&b.stream)))
            .then_with(|| a.arch.cmp(&b.arch))
            .then_with(|| b.version.cmp(&a.version))
            .then_with(|| a.context.cmp(&b.context))
    });
    lines
}

/// Of each stream in each repository the newest build; of several equally new ones the active one.
fn keep_newest(modules: &Modules<'_, '_, '_>, lines: &mut Vec<Line>) {
    let key = |line: &Line| {
        let Nsvca { name, stream, arch, .. } = &line.identity;
        (line.repo.clone(), name.clone(), stream.clone(), arch.clone())
    };
    let mut kept: Vec<Line> = Vec::new();
    for line in lines.drain(..) {
        match kept.last_mut() {
            Some(before) if key(before) == key(&line) => {
                let is_active = |line: &Line| modules.active.is_active(line.document);
                let as_new = before.identity.version == line.identity.version;
                if as_new && is_active(&line) && !is_active(before) {
                    *before = line;
                }
            }
            _ => kept.push(line),
        }
    }
    *lines = kept;
}

fn names(profiles: &[Profile]) -> String {
    profiles.iter().map(Profile::marked).collect::<Vec<_>>().join(", ")
}

/// dnf's table, one for each repository.
fn table(
    modules: &Modules<'_, '_, '_>,
    lines: &[Line],
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let cells = |line: &Line| {
        let stream =
            line.identity.stream.clone() + &modules.marks(line.document, &line.identity, false);
        [line.identity.name.clone(), stream]
    };
    let start = ["Name", "Stream"].map(str::len);
    let widths = lines.iter().map(cells).fold(start, |widths, cells| {
        [widths[0].max(cells[0].chars().count()), widths[1].max(cells[1].chars().count())]
    });
    let [name, stream] = widths;
    for (number, group) in lines.chunk_by(|a, b| a.repo == b.repo).enumerate() {
        let gap = if number == 0 { "" } else { "\n" };
        writeln!(out, "{gap}{}", modules.opened.title(&group[0].repo))?;
        writeln!(out, "{:<name$} {:<stream$} Profiles", "Name", "Stream")?;
        for line in group {
            let [module, of] = cells(line);
            writeln!(out, "{module:<name$} {of:<stream$} {}", names(&line.profiles))?;
        }
    }
    if !lines.is_empty() {
        writeln!(out, "\nHint: [d]efault, [e]nabled, [x]disabled, [i]nstalled")?;
    }
    Ok(())
}

/// Every build by itself. Users see contexts where they ask for one, or where it takes them to tell builds apart.
fn builds(
    modules: &Modules<'_, '_, '_>,
    lines: &[Line],
    args: &ModuleListArgs,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let identities: Vec<&Nsvca> = lines.iter().map(|line| &line.identity).collect();
    let asked =
        |pattern: &String| ModuleSpec::parse(pattern).is_some_and(|spec| spec.context.is_some());
    let texts = match args.patterns.iter().any(asked) {
        true => identities.iter().map(|identity| identity.nsvc()).collect(),
        false => shown(identities),
    };
    for (line, text) in lines.iter().zip(&texts) {
        let marks = modules.marks(line.document, &line.identity, true);
        writeln!(out, "{text}{marks} {} {}", line.repo, names(&line.profiles))?;
    }
    Ok(())
}

fn as_json(
    modules: &Modules<'_, '_, '_>,
    lines: &[Line],
) -> Result<Vec<serde_json::Value>, Failure> {
    let mut all = Vec::with_capacity(lines.len());
    for Line { repo, identity, document, profiles } in lines {
        let text = super::info::text(modules, *document)?;
        let profiles: Vec<_> = profiles
            .iter()
            .map(|profile| {
                json!({ "name": profile.name, "packages": profile.packages,
                        "default": profile.is_default, "installed": profile.is_installed })
            })
            .collect();
        all.push(json!({
            "nsvca": identity.to_string(), "repo": repo, "name": identity.name, "stream": identity.stream,
            "version": identity.version, "context": identity.context, "arch": identity.arch,
            "default": modules.is_default(identity), "enabled": modules.is_enabled(identity),
            "disabled": modules.is_disabled(identity), "active": modules.active.is_active(*document),
            "profiles": profiles, "summary": text.summary, "description": text.description,
            "licenses": text.module_licenses,
        }));
    }
    Ok(all)
}
