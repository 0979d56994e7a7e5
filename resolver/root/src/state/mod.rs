//! The state of a machine as plain data, and as JSON.

mod after;
mod read;
pub(crate) mod words;

pub use read::{PackageFacts, ReadOptions};

use crate::config::repositories::load_order;
use crate::config::{MainConfig, Repository};
use crate::error::{Note, RootError};
use crate::modules::ModuleFile;
use crate::modules::failsafe::NamedText;
use crate::rpmdb::Package;
use crate::save::save;
use modex_resolver::streams::ModuleStates;
use modex_resolver::system::installed::InstalledPackage;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// The `format` of a state file.
pub const FORMAT: &str = "modex-state";
/// The newest `version` of a state file that this reads, and the one that it writes. A version grows where a reader of the older one would
/// misunderstand; new facts come as new fields, which older readers pass over.
pub const VERSION: u32 = 1;

/// All that an answer needs to know of a machine, but for its repositories' metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// [`FORMAT`].
    pub format: String,
    /// At most [`VERSION`].
    pub version: u32,
    /// Its architecture, as rpm names it; not known for an empty root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arch: Option<String>,
    /// The platform that its os-release names, `NAME:STREAM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os_release_platform: Option<String>,
    /// `[main]` of dnf.conf.
    #[serde(default)]
    pub config: MainConfig,
    /// What `$NAME` stands for in its configuration.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// Its repositories, in dnf's order.
    #[serde(default)]
    pub repositories: Vec<Repository>,
    /// Its modules' state files, by module.
    #[serde(default)]
    pub modules: BTreeMap<String, ModuleFile>,
    /// Its own defaults documents, by file name; they replace those of repositories.
    #[serde(default)]
    pub module_defaults: Vec<NamedText>,
    /// Its fail-safe copies of enabled streams, by file name `NAME:STREAM:ARCH.yaml`.
    #[serde(default)]
    pub fail_safe: Vec<NamedText>,
    /// Its packages, in the order of installing.
    #[serde(default)]
    pub packages: Vec<Package>,
    /// What was passed over while reading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// The first fields, which every version has.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

impl State {
    /// Whether bytes look like a state file, not like a list of packages.
    pub fn is_state(bytes: &[u8]) -> bool {
        bytes.trim_ascii_start().first() == Some(&b'{')
    }

    /// Reads a state file.
    ///
    /// # Errors
    /// The bytes are no JSON, of another program, of a newer version, or miss something.
    pub fn from_json(bytes: &[u8]) -> Result<Self, RootError> {
        let wrong = |error: serde_json::Error| RootError::NoState(error.to_string());
        let head: Head = serde_json::from_slice(bytes).map_err(wrong)?;
        if head.format != FORMAT {
            return Err(RootError::NoState(format!("its format is `{}`", head.format)));
        }
        if head.version > VERSION {
            let problem =
                format!("its version {} is newer than {VERSION}, which this reads", head.version);
            return Err(RootError::NoState(problem));
        }
        serde_json::from_slice(bytes).map_err(wrong)
    }

    /// Writes a state file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn to_json(&self, mut out: impl io::Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        out.write_all(b"\n")
    }

    /// Writes a state file, whole or not at all.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), RootError> {
        save(path, |out| self.to_json(out)).map_err(|error| RootError::unwritten(path, &error))
    }

    /// What was decided about modules.
    pub fn module_states(&self) -> ModuleStates {
        crate::modules::files::states(&self.modules)
    }

    /// The enabled repositories in the order in which dnf loads them, which its choices depend on: by priority, then by cost, then as they
    /// stand.
    pub fn enabled_repositories(&self) -> Vec<&Repository> {
        load_order(&self.repositories)
    }

    /// Takes the packages out, as the resolver takes them: they are most of a state.
    pub fn take_installed(&mut self) -> Vec<InstalledPackage> {
        std::mem::take(&mut self.packages).into_iter().map(Package::into_installed).collect()
    }
}
