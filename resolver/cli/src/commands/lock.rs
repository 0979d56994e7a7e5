//! `lock`: what dnf's words would download, pinned.

use super::resolve;
use crate::args::LockArgs;
use crate::error::{Ending, Failure};
use crate::origin::{ModulesFile, Origins};
use crate::save::save;
use crate::world::Opened;
use modex_formats::lock::{LockArch, LockFile, RpmsLock, checksum};
use modex_formats::plan::{Action, Plan, PlanPackage};
use modex_formats::rpm::Nevra;
use modex_generator::digest::hex;
use modex_generator::lock::to_yaml;
use modex_resolver::World;
use modex_resolver::store::universe::PackageId;
use modex_resolver::transaction::location;
use std::collections::BTreeSet;
use std::io::{self, Write};

pub(crate) fn run(args: &LockArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let mut plans = Vec::new();
    let mut arch = LockArch::default();
    let mut lost = BTreeSet::new();
    let ending = resolve::answer(&args.resolve, true, &mut plans, &mut |opened, world, plan| {
        let origins = Origins::new(&args.origin, opened)?;
        Pinning { args, opened, world, origins: &origins }.pin(plan, &mut arch, &mut lost)?;
        Ok(origins.warn()?)
    })?;
    if ending != Ending::Answered {
        return Ok(ending);
    }
    if let Some(first) = lost.first() {
        let what = match lost.len() {
            1 => first.clone(),
            count => format!("{count} source packages, such as {first}"),
        };
        writeln!(
            io::stderr(),
            "modex: warning: no repository has {what}; add repositories that do, or say --no-sources"
        )?;
    }
    let lock = RpmsLock::new(vec![arch]);
    let bytes = match args.resolve.world.json {
        true => [serde_json::to_vec_pretty(&lock)?, b"\n".to_vec()].concat(),
        false => to_yaml(&lock).into_bytes(),
    };
    if let Some(path) = &args.plan {
        save(path, &plans)?;
    }
    match &args.output {
        Some(path) => save(path, &bytes)?,
        None => out.write_all(&bytes)?,
    }
    Ok(ending)
}

/// What the pins of one answer are made from.
struct Pinning<'p, 'i> {
    args: &'p LockArgs,
    opened: &'p Opened,
    world: &'p World<'i>,
    origins: &'p Origins,
}

impl Pinning<'_, '_> {
    /// Adds what a plan downloads; `lost` takes the source packages that no repository has.
    fn pin(
        &self,
        plan: &Plan,
        arch: &mut LockArch,
        lost: &mut BTreeSet<String>,
    ) -> Result<(), Failure> {
        arch.arch.clone_from(&plan.arch);
        let universe = self.world.universe();
        let mut of_modules = BTreeSet::new();
        for package in plan.packages.iter().filter(|package| package.action != Action::Remove) {
            let id = self.find(package)?;
            let (file, source) = self.file(id, true)?;
            arch.packages.push(file);
            if let Some(source) = source.filter(|_| !self.args.no_sources) {
                match self.source(&source) {
                    Some(id) => arch.source.push(self.file(id, false)?.0),
                    None => drop(lost.insert(source)),
                }
            }
            let documents = universe.listed_by(id);
            let (own, _) = universe.locate(id);
            let has_modules = !universe.repo(own).hot.modules.is_empty();
            match documents.is_empty() {
                true => {}
                false if has_modules => drop(of_modules.insert(own)),
                // Another repository's document lists it.
                false => of_modules.extend(documents.iter().map(|document| document.repo)),
            }
        }
        for repo in of_modules {
            let id = &universe.repo(repo).options.id;
            let found = ModulesFile::of(self.opened, id)?;
            arch.module_metadata.extend(found.map(|found| found.to_lock(id, self.origins)));
        }
        Ok(())
    }

    /// The package behind a line of a plan.
    fn find(&self, package: &PlanPackage) -> Result<PackageId, Failure> {
        let universe = self.world.universe();
        let nevra = Nevra::parse(&package.nevra);
        let same = nevra.map(|nevra| universe.of_identity(&nevra)).unwrap_or_default();
        let is_meant =
            |id: &PackageId| universe.repo(universe.locate(*id).0).options.id == package.repo;
        let lost =
            || Failure::new(format!("{}: repository `{}` lost it", package.nevra, package.repo));
        same.into_iter().find(is_meant).ok_or_else(lost)
    }

    /// The source package of that file name, where a repository has it.
    fn source(&self, file: &str) -> Option<PackageId> {
        let universe = self.world.universe();
        let nevra = Nevra::parse(file.strip_suffix(".rpm")?)?;
        let is_meant = |id: &PackageId| {
            let found = universe.identity(*id);
            let (a, b) = (found.evr, nevra.evr);
            // A file name has no epoch.
            (a.version, a.release, found.arch) == (b.version, b.release, nevra.arch)
        };
        (0..universe.repos().len() as u32)
            .filter_map(|repo| universe.find_name(repo, nevra.name))
            .find_map(|name| universe.of_name(name).find(is_meant))
    }

    /// A package as a lock file has it, and the file name of its source package.
    fn file(&self, id: PackageId, has_source: bool) -> Result<(LockFile, Option<String>), Failure> {
        let universe = self.world.universe();
        let (repo, local) = universe.locate(id);
        let identity = universe.identity(id);
        let repoid = &universe.repo(repo).options.id;
        let lost =
            || Failure::new(format!("{identity}: repository `{repoid}` does not know where it is"));
        let (place, size, checksum, source) = match self.world.file(id) {
            Some(file) => {
                (file.path.clone(), file.size, checksum("sha256", &hex(&file.sha256)), None)
            }
            None => {
                let index = self.opened.index(self.world, repo).ok_or_else(lost)?;
                let warm = index.warm()?;
                let (kind, digest) = warm.checksums.get(local).ok_or_else(lost)?;
                let source = match has_source {
                    true => Some(index.cold()?.packages.get(local)?.source_rpm),
                    false => None,
                };
                let place = location(&identity, local, &warm).ok_or_else(lost)?;
                let size = warm.sizes.download(local).ok_or_else(lost)?;
                let source = source.filter(|source| !source.is_empty());
                (place, size, checksum(kind, &hex(digest)), source)
            }
        };
        let file = LockFile {
            url: self.origins.url(repoid, &place),
            repoid: Some(repoid.clone()),
            size: Some(size),
            checksum: Some(checksum),
            name: Some(identity.name.to_owned()),
            evr: Some(universe.evr_text(id).to_owned()),
            sourcerpm: source.clone(),
        };
        Ok((file, source))
    }
}
