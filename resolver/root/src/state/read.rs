//! Reading all of a root.

use super::{FORMAT, State, VERSION};
use crate::config::{self, MainConfig};
use crate::error::{Note, RootError};
use crate::inside::Root;
use crate::modules::{failsafe, files};
use crate::rpmdb::Package;
use crate::{history, os_release, rpmdb};
use modex_formats::rpm::arch;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of a root beforehand.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Its architecture; else what its packages are of.
    pub arch: Option<String>,
    /// `$releasever`; else the version of its release package.
    pub releasever: Option<String>,
    /// Other variables, which count more than those of the root.
    pub variables: BTreeMap<String, String>,
    /// The folder of rpm's database below the root; else where distributions keep it.
    pub dbpath: Option<String>,
}

/// What the rest of a state depends on of the packages in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageFacts {
    /// The architecture that they are of.
    pub arch: Option<String>,
    /// The version of the release package.
    pub releasever: Option<String>,
}

impl PackageFacts {
    /// Those of some packages. O(packages and their provides).
    pub fn of(packages: &[Package]) -> Self {
        let leading = arch::leading(packages.iter().map(|package| package.arch.as_str()));
        let known = leading.into_iter().find(|it| arch::is_known(it) && *it != "noarch");
        let releasever = config::release(packages);
        PackageFacts { arch: known.map(str::to_owned), releasever }
    }
}

impl Root {
    /// Reads the state of a root. Nothing in it is written, and nothing is taken from the machine that this runs on, except its
    /// architecture where the root is `/`. O(bytes of rpm's database).
    ///
    /// # Errors
    /// A part of it cannot be read, is damaged or in use; what dnf passes over is passed over and noted.
    pub fn read_state(&self, options: &ReadOptions) -> Result<State, RootError> {
        let mut notes = Vec::new();
        let packages = self.read_packages(options, &mut notes)?;
        let mut state = self.read_state_around(options, &PackageFacts::of(&packages))?;
        state.packages = packages;
        self.read_reasons(&state.config.persistdir, &mut state.packages, &mut notes)?;
        notes.append(&mut state.notes);
        state.notes = notes;
        Ok(state)
    }

    /// Reads the packages alone, their reasons not yet. O(bytes of rpm's database).
    ///
    /// # Errors
    /// As [`Root::read_state`].
    pub fn read_packages(
        &self,
        options: &ReadOptions,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<Package>, RootError> {
        rpmdb::read(self, options.dbpath.as_deref(), notes)
    }

    /// Gives packages the reasons that dnf remembers below `persistdir`. O(entries of its history).
    ///
    /// # Errors
    /// As [`Root::read_state`].
    pub fn read_reasons(
        &self,
        persistdir: &str,
        packages: &mut [Package],
        notes: &mut Vec<Note>,
    ) -> Result<(), RootError> {
        history::reasons(self, persistdir, packages, notes)
    }

    /// By what one sees that the packages changed; `None` where there are none, or it cannot be told because they changed just now. O(1).
    ///
    /// # Errors
    /// As [`Root::read_state`], as far as the database need not be opened.
    pub fn packages_mark(&self, options: &ReadOptions) -> Result<Option<String>, RootError> {
        let mut notes = Vec::new();
        let place = rpmdb::locate(self, options.dbpath.as_deref(), &mut notes)?;
        place.map_or(Ok(None), |place| rpmdb::mark(&place))
    }

    /// By what one sees that their reasons changed; `None` where it cannot be told. O(1).
    ///
    /// # Errors
    /// The folder may not be looked into.
    pub fn reasons_mark(&self, persistdir: &str) -> Result<Option<String>, RootError> {
        match history::place(self, persistdir)? {
            None => Ok(Some(String::new())),
            Some(place) => rpmdb::mark(&place),
        }
    }

    /// Reads the state of a root but for its packages, of which only this much is known.
    ///
    /// # Errors
    /// As [`Root::read_state`].
    pub fn read_state_around(
        &self,
        options: &ReadOptions,
        facts: &PackageFacts,
    ) -> Result<State, RootError> {
        let mut notes = Vec::new();
        let mut config = MainConfig::read(self, &mut notes)?;
        let known = facts.arch.as_deref();
        if let (Some(given), Some(known)) = (options.arch.as_deref(), known)
            && config::base(given) != config::base(known)
        {
            let problem =
                format!("packages of the root are of {known}; {given} is taken, as was asked for");
            notes.push(Note { path: "/".to_owned(), line: None, problem });
        }
        let host = self.is_host().then_some(std::env::consts::ARCH);
        let arch = options.arch.as_deref().or(known).or(host).map(str::to_owned);
        let mut given = options.variables.clone();
        given.extend(options.releasever.iter().map(|it| ("releasever".to_owned(), it.clone())));
        let variables = config::variables(
            self,
            &config.varsdir,
            arch.as_deref(),
            facts.releasever.as_deref(),
            &given,
            &mut notes,
        )?;
        config.substitute(&variables);
        let repositories = config::repositories::read(self, &config, &variables, &mut notes)?;
        let modules = files::read(self, &mut notes)?;
        Ok(State {
            format: FORMAT.to_owned(),
            version: VERSION,
            arch,
            os_release_platform: os_release::platform(self)?,
            variables,
            repositories,
            modules: modules.into_iter().map(|(module, lines)| (module, lines.says())).collect(),
            module_defaults: failsafe::defaults(self, &mut notes)?,
            fail_safe: failsafe::copies(self, &config.persistdir, &mut notes)?,
            config,
            packages: Vec::new(),
            notes,
        })
    }
}
