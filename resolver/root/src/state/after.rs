//! The state of a machine as it would be after a command.

use super::{FORMAT, State, VERSION};
use crate::modules::failsafe::NamedText;
use crate::modules::{ModuleFile, to_say};
use crate::rpmdb::Package;
use modex_formats::index::section::relations::RelationKind;
use modex_resolver::streams::ModuleStates;
use modex_resolver::system::installed::{InstalledPackage, Statements};
use std::collections::BTreeMap;

impl State {
    /// A machine of which nothing is known and on which nothing is installed.
    pub fn empty() -> Self {
        State {
            format: FORMAT.to_owned(),
            version: VERSION,
            arch: None,
            os_release_platform: None,
            config: Default::default(),
            variables: BTreeMap::new(),
            repositories: Vec::new(),
            modules: BTreeMap::new(),
            module_defaults: Vec::new(),
            fail_safe: Vec::new(),
            packages: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Takes over what is decided about modules, and the fail-safe copies of enabled streams.
    pub fn set_modules(&mut self, modules: &ModuleStates, copies: Vec<NamedText>) {
        let known: Vec<String> = self.modules.keys().chain(modules.0.keys()).cloned().collect();
        for module in known {
            let now: ModuleFile = self.modules.get(&module).cloned().unwrap_or_default();
            let said = to_say(now, modules.get(&module));
            self.modules.insert(module, said);
        }
        self.fail_safe = copies;
    }

    /// Takes over what is installed. Packages that were there before keep what only rpm's database knows of them.
    pub fn set_packages(&mut self, installed: &[InstalledPackage]) {
        let key = |name: &str, evr: &str, arch: &str| [name, evr, arch].map(str::to_owned);
        let before: BTreeMap<[String; 3], Package> = std::mem::take(&mut self.packages)
            .into_iter()
            .map(|package| (key(&package.name, &package.evr, &package.arch), package))
            .collect();
        let mut number = before.values().map(|package| package.number).max().unwrap_or(0);
        for package in installed {
            let InstalledPackage { name, evr, arch, statements, reason } = package;
            let known = before.get(&key(name, evr, arch));
            let (relations, files, requires_to_install) = match statements {
                Statements::Known { relations, files, to_install } => {
                    (relations.clone(), files.clone(), to_install.clone())
                }
                Statements::LookUp { provides } => {
                    let provides = provides.iter().cloned();
                    let provides = provides.map(|it| (RelationKind::Provides, it)).collect();
                    (provides, Vec::new(), Vec::new())
                }
            };
            if known.is_none() {
                number += 1;
            }
            self.packages.push(Package {
                name: name.clone(),
                evr: evr.clone(),
                arch: arch.clone(),
                number: known.map_or(number, |known| known.number),
                installed: known.map_or(0, |known| known.installed),
                size: known.map_or(0, |known| known.size),
                vendor: known.and_then(|known| known.vendor.clone()),
                modularity_label: known.and_then(|known| known.modularity_label.clone()),
                reason: *reason,
                relations,
                requires_to_install,
                files,
            });
        }
        self.packages.sort_by_key(|package| package.number);
    }
}
