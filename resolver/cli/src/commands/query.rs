//! `list`, `repoquery` and `check-update`: packages that dnf would see.

use super::{finish, list, module, requirers};
use crate::args::{ListArgs, OfArgs, PatternArgs, RepoqueryArgs, WhichArgs};
use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_formats::index::section::relations::RelationKind;
use modex_resolver::request::{Form, Words};
use modex_resolver::store::universe::PackageId;
use modex_resolver::system::installed::InstallReason;
use modex_resolver::visible::Visible;
use modex_resolver::{World, is_upgrade};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

pub(crate) fn run_list(args: &ListArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let found = found(&opened, &world, &args.which, &args.patterns, false)?;
    list::print(&opened, &world, &found, args.world.json, out)
}

/// Upgrades of what is installed, the newest of each.
pub(crate) fn check_update(args: &PatternArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let which = WhichArgs {
        of: OfArgs { available: false, of_system: false },
        upgrades: true,
        disable_modular_filtering: false,
    };
    let mut found = found(&opened, &world, &which, &args.patterns, false)?;
    latest(&world, &mut found, 1);
    let universe = world.universe();
    let mut all = Vec::new();
    for package in &found {
        let identity = universe.identity(*package);
        let repo = &universe.repo(universe.locate(*package).0).options.id;
        match args.world.json {
            true => all.push(json!({ "nevra": identity.to_string(), "repo": repo })),
            false => {
                let name = format!("{}.{}", identity.name, identity.arch);
                writeln!(out, "{name:<40} {:<35} {repo}", universe.evr_text(*package))?;
            }
        }
    }
    let ending = finish(&opened, &world, args.world.json.then_some(&all), false, out)?;
    Ok(if found.is_empty() { ending } else { Ending::Updates })
}

pub(crate) fn repoquery(args: &RepoqueryArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let world = opened.world()?;
    let universe = world.universe();
    let mut which = args.which.clone();
    let about_installed = args.userinstalled || args.extras;
    which.of.of_system |= about_installed;
    // As for dnf, a query is about repositories unless it says otherwise.
    which.of.available |= !which.of.of_system && !which.upgrades;
    let mut found = found(&opened, &world, &which, &args.patterns, true)?;
    if args.userinstalled {
        let pulled = [InstallReason::Dependency, InstallReason::Weak];
        found.retain(|package| !pulled.contains(&world.system().reason(*package)));
    }
    if args.extras {
        let is_there = |package: &PackageId| {
            let same = universe.of_name(universe.name(*package));
            let mut same = same.filter(|other| !universe.is_installed(*other));
            same.any(|other| {
                universe.evr(other) == universe.evr(*package)
                    && universe.arch_text(other) == universe.arch_text(*package)
            })
        };
        found.retain(|package| !is_there(package));
    }
    if !args.of_arch.is_empty() {
        found.retain(|package| args.of_arch.iter().any(|it| it == universe.arch_text(*package)));
    }
    let owners = |repo: u32, path: &str| world.path_owners(repo, path);
    let everything = Visible::all(universe);
    let words = Words::new(universe, &everything, &owners);
    if let Some(capability) = &args.whatprovides {
        let matches = words.provides(capability).map(|matches| matches.packages);
        let providers = matches.unwrap_or_default();
        found.retain(|package| providers.contains(package));
    }
    if let Some(capability) = &args.whatrequires {
        let meant = words.find(capability).map(|matches| matches.packages).unwrap_or_default();
        let requirers: BTreeSet<PackageId> = requirers(universe, meant).collect();
        found.retain(|package| requirers.contains(package));
    }
    if let Some(limit) = args.latest_limit {
        latest(&world, &mut found, limit);
    }
    let relation = [
        (args.provides, RelationKind::Provides),
        (args.requires, RelationKind::Requires),
        (args.conflicts, RelationKind::Conflicts),
        (args.obsoletes, RelationKind::Obsoletes),
        (args.recommends, RelationKind::Recommends),
        (args.suggests, RelationKind::Suggests),
        (args.supplements, RelationKind::Supplements),
        (args.enhances, RelationKind::Enhances),
    ];
    let lines: BTreeSet<String> = match relation.into_iter().find(|(wanted, _)| *wanted) {
        Some((_, kind)) => found
            .iter()
            .flat_map(|package| universe.statements(*package, kind).map(|dep| universe.words(dep)))
            .collect(),
        None => {
            found.iter().map(|package| formatted(&world, *package, &args.queryformat)).collect()
        }
    };
    let all: Vec<_> = lines.iter().map(|line| json!(line)).collect();
    if !args.world.json {
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    // That there is nothing is an answer, as for dnf.
    finish(&opened, &world, args.world.json.then_some(&all), false, out)
}

/// The packages that are meant, in load order.
fn found(
    opened: &Opened,
    world: &World<'_>,
    which: &WhichArgs,
    patterns: &[String],
    sources: bool,
) -> Result<Vec<PackageId>, Failure> {
    module::with_active(opened, world, |active| {
        let universe = world.universe();
        let visible = match which.disable_modular_filtering {
            true => Visible::all(universe),
            false => Visible::new(universe, active),
        };
        let owners = |repo: u32, path: &str| world.path_owners(repo, path);
        let words = Words::new(universe, &visible, &owners).with_sources(sources);
        let mut found: BTreeSet<PackageId> = BTreeSet::new();
        if patterns.is_empty() {
            let all = (0..universe.len()).map(PackageId);
            found.extend(all.filter(|package| words.is_available(*package)));
        }
        for pattern in patterns {
            match words.find(pattern) {
                Some(matches) if !sources || matches.form != Form::Provides => {
                    found.extend(matches.packages);
                }
                _ if !sources => super::missing("matches", pattern),
                _ => {}
            }
        }
        let both = which.of.available == which.of.of_system && !which.upgrades;
        let is_meant = |package: &PackageId| match universe.is_installed(*package) {
            true => both || which.of.of_system,
            false => {
                both || which.of.available || (which.upgrades && is_upgrade(universe, *package))
            }
        };
        Ok(found.into_iter().filter(is_meant).collect())
    })
}

/// Keeps of each name and architecture the newest ones; a negative limit drops so many instead.
fn latest(world: &World<'_>, found: &mut Vec<PackageId>, limit: i32) {
    let universe = world.universe();
    let mut groups: BTreeMap<(&str, &str), Vec<PackageId>> = BTreeMap::new();
    for package in found.iter() {
        let name = universe.name_text(universe.name(*package));
        groups.entry((name, universe.arch_text(*package))).or_default().push(*package);
    }
    let mut kept = BTreeSet::new();
    for mut group in groups.into_values() {
        group.sort_by(|a, b| universe.compare_evrs(*b, *a));
        let count = limit.unsigned_abs() as usize;
        match limit < 0 {
            true => kept.extend(group.into_iter().skip(count)),
            false => kept.extend(group.into_iter().take(count)),
        }
    }
    found.retain(|package| kept.contains(package));
}

/// A package in the words of a format.
fn formatted(world: &World<'_>, package: PackageId, format: &str) -> String {
    let universe = world.universe();
    let identity = universe.identity(package);
    let full = identity.to_string();
    let evr = identity.evr;
    let epoch = if evr.epoch.is_empty() { "0" } else { evr.epoch };
    let repo = &universe.repo(universe.locate(package).0).options.id;
    let short = identity.short();
    let mut text = format.replace("\\n", "\n").replace("\\t", "\t");
    for (tag, value) in [
        ("name", identity.name),
        ("epoch", epoch),
        ("version", evr.version),
        ("release", evr.release.unwrap_or("")),
        ("arch", identity.arch),
        ("evr", universe.evr_text(package)),
        ("nevra", &short),
        ("full_nevra", &full),
        ("repoid", repo),
        ("reponame", repo),
    ] {
        text = text.replace(&format!("%{{{tag}}}"), value);
    }
    text
}
