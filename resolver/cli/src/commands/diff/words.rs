//! The dnf words that make one machine like another.

use super::compare::is_same_version;
use super::inventory::Inventory;
use crate::document::Entry;
use modex_formats::rpm::{Evr, Nevra};
use modex_resolver::streams::ModuleState;
use std::collections::{BTreeMap, BTreeSet};

/// The commands that make A like B, in their order: decisions about modules first, which packages may need to be seen; then what
/// comes, in one transaction; profiles, whose packages are there by then; and last what goes.
///
/// # Errors
/// A side is not all that is on a machine: `true` where it is A.
pub(super) fn commands(a: &Inventory, b: &Inventory) -> Result<Vec<Vec<String>>, bool> {
    if !a.is_machine || !b.is_machine {
        return Err(!a.is_machine);
    }
    let [mut reset, mut disable, mut enable, mut profiles] = [const { Vec::new() }; 4];
    // A list tells nothing of modules: nothing was decided there, and nothing is to be.
    if let Some(wanted) = &b.modules {
        let none = BTreeMap::new();
        let now = a.modules.as_ref().unwrap_or(&none);
        let names: BTreeSet<&String> = now.keys().chain(wanted.keys()).collect();
        for name in names {
            let of =
                |side: &BTreeMap<String, Option<ModuleState>>| side.get(name).cloned().flatten();
            match (of(now), of(wanted)) {
                (None, None) => {}
                (Some(_), None) => reset.push(name.clone()),
                (Some(ModuleState::Disabled), Some(ModuleState::Disabled)) => {}
                (_, Some(ModuleState::Disabled)) => disable.push(name.clone()),
                (before, Some(ModuleState::Enabled { stream, profiles: wanted })) => {
                    let kept = match &before {
                        Some(ModuleState::Enabled { stream: old, profiles: had })
                            if *old == stream && had.iter().all(|it| wanted.contains(it)) =>
                        {
                            had.clone()
                        }
                        // Profiles are forgotten without their packages only with the stream.
                        before => {
                            if before.is_some() {
                                reset.push(name.clone());
                            }
                            enable.push(format!("{name}:{stream}"));
                            Vec::new()
                        }
                    };
                    let missing = wanted.iter().filter(|profile| !kept.contains(profile));
                    profiles.extend(missing.map(|profile| format!("{name}:{stream}/{profile}")));
                }
            }
        }
    }
    let (mut install, mut remove) = (Vec::new(), Vec::new());
    for (key, entries) in &b.packages {
        let there = a.packages.get(key).map(Vec::as_slice).unwrap_or_default();
        let is_new = |entry: &&_| !there.iter().any(|it| is_same_version(it, entry));
        install.extend(entries.iter().filter(is_new).map(nevra));
    }
    for (key, entries) in &a.packages {
        let stays = b.packages.get(key).map(Vec::as_slice).unwrap_or_default();
        let goes = |entry: &&_| !stays.iter().any(|it| is_same_version(it, entry));
        // What another version takes the place of goes by itself; of several versions each is told.
        match (stays, &entries[..]) {
            // By its name: a profile may have brought another version by then.
            ([], [entry, ..]) => remove.push(format!("{}.{}", entry.name, entry.arch)),
            (_, [_]) => {}
            _ => remove.extend(entries.iter().filter(goes).map(nevra)),
        }
    }
    let commands = [
        (&["module", "reset"][..], reset),
        (&["module", "disable"], disable),
        (&["module", "enable"], enable),
        (&["install"], install),
        (&["module", "install"], profiles),
        (&["remove"], remove),
    ];
    let said = commands.into_iter().filter(|(_, words)| !words.is_empty());
    Ok(said
        .map(|(verb, words)| verb.iter().map(|&word| word.to_owned()).chain(words).collect())
        .collect())
}

fn nevra(entry: &Entry) -> String {
    Nevra { name: &entry.name, evr: Evr::parse(&entry.evr), arch: &entry.arch }.into()
}
