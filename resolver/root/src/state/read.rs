//! Reading all of a root.

use super::{FORMAT, State, VERSION};
use crate::config::{self, MainConfig};
use crate::error::{Note, RootError};
use crate::inside::Root;
use crate::modules::{failsafe, files};
use crate::{history, os_release, rpmdb};
use modex_formats::rpm::arch;
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

impl Root {
    /// Reads the state of a root. Nothing in it is written, and nothing is taken from the machine that this runs on, except its
    /// architecture where the root is `/`. O(bytes of rpm's database).
    ///
    /// # Errors
    /// A part of it cannot be read, is damaged or in use; what dnf passes over is passed over and noted.
    pub fn read_state(&self, options: &ReadOptions) -> Result<State, RootError> {
        let mut notes = Vec::new();
        let mut config = MainConfig::read(self, &mut notes)?;
        let mut packages = rpmdb::read(self, options.dbpath.as_deref(), &mut notes)?;
        let leading = arch::leading(packages.iter().map(|package| package.arch.as_str()));
        let known = leading.into_iter().find(|it| arch::is_known(it) && *it != "noarch");
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
            &packages,
            &given,
            &mut notes,
        )?;
        config.substitute(&variables);
        let repositories = config::repositories::read(self, &config, &variables, &mut notes)?;
        history::reasons(self, &config.persistdir, &mut packages, &mut notes)?;
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
            packages,
            notes,
        })
    }
}
