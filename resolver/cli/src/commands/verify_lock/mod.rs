//! `verify-lock`: which pins the repositories do not have any more, and what took their place.

mod finding;
mod pins;
mod replaced;

use crate::args::VerifyLockArgs;
use crate::commands::module;
use crate::document::Document;
use crate::error::{Ending, Failure};
use crate::origin::{ModulesFile, Origins};
use crate::world::Opened;
use finding::Finding;
use modex_formats::lock::LockFile;
use modex_resolver::visible::Visible;
use pins::{Pins, pins};
use replaced::Look;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

pub(crate) fn run(args: &VerifyLockArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let about = |failure: Failure| failure.about(format!("`{}`", args.file.display()));
    let all = pins(&Document::read(&args.file)?).map_err(about)?;
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let origins = Origins::new(&args.origin, &opened)?;
    let arch = &world.system().arch;
    let (ours, others): (Vec<&Pins>, Vec<&Pins>) = all.iter().partition(|pins| pins.arch == *arch);
    let mut log = io::stderr().lock();
    let names: BTreeSet<&str> = others.iter().map(|pins| pins.arch.as_str()).collect();
    if ours.is_empty() {
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        let failure =
            Failure::new(format!("it pins nothing for {arch}")).hint(match names.as_str() {
                "" => String::from("it has no architecture at all"),
                _ => format!("say --arch with one of {names}"),
            });
        return Err(about(failure));
    }
    for pins in &others {
        let count = pins.packages.len() + pins.metadata.len();
        let other = pins.arch.escape_debug();
        writeln!(log, "modex: {other}: {count} pins are not looked at; say --arch {other}")?;
    }
    let known: BTreeSet<&str> = opened.indexes().iter().map(|index| index.id()).collect();
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    for repo in ours.iter().flat_map(|pins| pins.repos()).filter(|repo| !known.contains(repo)) {
        *unknown.entry(repo).or_default() += 1;
    }
    for (repo, count) in &unknown {
        writeln!(
            log,
            "modex: no repository here has the id `{}`: its {count} pins are looked for in all of them",
            repo.escape_debug()
        )?;
    }
    let twice: BTreeSet<String> = ours.iter().flat_map(|pins| pins.twice()).collect();
    for name in &twice {
        writeln!(log, "modex: {} is pinned more than once", name.escape_debug())?;
    }
    let mut findings = Vec::new();
    let mut there = 0;
    module::with_active(&opened, &world, |active| {
        let visible = Visible::new(world.universe(), active);
        let look = Look { opened: &opened, world: &world, visible: &visible, origins: &origins };
        for entry in ours.iter().flat_map(|pins| &pins.packages) {
            let known = entry.repo.as_deref().is_some_and(|repo| known.contains(repo));
            let found = look.at(entry, known)?;
            there += usize::from(found.is_none());
            findings.extend(found);
        }
        Ok(())
    })?;
    opened.check(&world)?;
    for file in ours.iter().flat_map(|pins| &pins.metadata) {
        let found = metadata(file, &opened, &origins)?;
        there += usize::from(found.is_none());
        findings.extend(found);
    }
    if args.world.json {
        let document = json!({
            "arch": arch, "pins": there + findings.len(), "there": there, "findings": findings,
            "twice": twice, "unknown_repositories": unknown.keys().collect::<Vec<_>>(),
            "other_architectures": names,
        });
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)?;
    } else {
        findings.iter().try_for_each(|finding| finding.write(out))?;
        let gone = findings.iter().filter(|finding| finding.is_gone()).count();
        let rest = findings.len() - gone;
        writeln!(
            out,
            "{} pins for {arch}: {there} there, {gone} gone, {rest} not the same",
            there + findings.len()
        )?;
    }
    Ok(if findings.is_empty() { Ending::Answered } else { Ending::No })
}

/// What became of a pinned modules document; `None`: it is there.
fn metadata(
    file: &LockFile,
    opened: &Opened,
    origins: &Origins,
) -> Result<Option<Finding>, Failure> {
    let repo = file.repoid.as_deref().unwrap_or_default();
    let subject = format!("modules of {repo}");
    let pinned = file.checksum.as_ref().map(|sum| sum.to_ascii_lowercase());
    let gone = || Finding::gone(subject.clone(), file.repoid.clone());
    if !opened.indexes().iter().any(|index| index.id() == repo) {
        for index in opened.indexes() {
            let found = ModulesFile::of(opened, index.id())?;
            if found.is_some_and(|found| Some(found.checksum) == pinned) {
                return Ok(None);
            }
        }
        return Ok(Some(gone()));
    }
    let Some(found) = ModulesFile::of(opened, repo)? else { return Ok(Some(gone())) };
    let mut finding = Finding::differs(subject, file.repoid.clone());
    let now = found.to_lock(repo, origins);
    finding.compare("checksum", pinned, now.checksum);
    finding.compare("size", file.size, now.size);
    // Its name has its digest in it: where the file is another one, that is told already.
    if finding.is_empty() && !origins.is_at(repo, &found.location, &file.url) {
        finding.compare("url", Some(&file.url), Some(&now.url));
    }
    Ok(Some(finding).filter(|finding| !finding.is_empty()))
}
