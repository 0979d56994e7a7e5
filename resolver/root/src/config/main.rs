//! The section `[main]` of dnf.conf.

use super::{document, no_value};
use crate::error::{Note, RootError};
use crate::inside::Root;
use crate::value::{boolean, gather, list, substitute};
use modex_resolver::solve::INSTALL_ONLY;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where dnf.conf lies.
pub(crate) const PATH: &str = "/etc/dnf/dnf.conf";

/// Whose words are names of protected packages where dnf.conf does not say others.
const PROTECTED: [&str; 2] =
    ["glob:/etc/yum/protected.d/*.conf", "glob:/etc/dnf/protected.d/*.conf"];

/// What of `[main]` bears on an answer, with dnf's defaults where nothing is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MainConfig {
    /// What is asked for must come in its best version.
    pub best: bool,
    /// A word that nothing matches or that cannot be installed ends the command; false where `skip_broken` is set.
    pub strict: bool,
    /// Recommends and Supplements are followed.
    pub install_weak_deps: bool,
    /// What nothing needs any more goes with what is removed.
    pub clean_requirements_on_remove: bool,
    /// Obsoletes take part in upgrades.
    pub obsoletes: bool,
    /// Names and provides of packages of which several versions are kept.
    pub installonlypkgs: Vec<String>,
    /// How many versions of each; 0: any number.
    pub installonly_limit: u32,
    /// Packages that are hidden in all repositories, and the installed ones among them: names, globs, NEVRAs.
    pub excludepkgs: Vec<String>,
    /// Where there is any: the only packages that are not hidden.
    pub includepkgs: Vec<String>,
    /// Whose excludes do not count: `all`, `main` or repository ids.
    pub disable_excludes: Vec<String>,
    /// Packages that are never removed.
    pub protected_packages: Vec<String>,
    /// The running kernel is one of them.
    pub protect_running_kernel: bool,
    /// The platform, `NAME:STREAM`; one of another form makes dnf know no platform at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module_platform_id: Option<String>,
    /// Obsoletes documents of modules are applied.
    pub module_obsoletes: bool,
    /// An enabled stream may be changed for another one.
    pub module_stream_switch: bool,
    /// `best` or `all`: which architectures of a name are installed.
    pub multilib_policy: String,
    /// Packages may come from another vendor.
    pub allow_vendor_change: bool,
    /// Architectures do not matter.
    pub ignorearch: bool,
    /// What repositories have where they do not say.
    pub skip_if_unavailable: bool,
    /// Signatures of packages are checked; for repositories that do not say.
    pub gpgcheck: bool,
    /// Repositories are enabled that do not say.
    pub enabled: bool,
    /// Folders of `.repo` files.
    pub reposdir: Vec<String>,
    /// Folders of variables; the later ones count more.
    pub varsdir: Vec<String>,
    /// Where dnf keeps its memory, below the root.
    pub persistdir: String,
    /// Where dnf keeps repositories' metadata, below the root.
    pub cachedir: String,
}

impl Default for MainConfig {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        MainConfig {
            best: false,
            strict: true,
            install_weak_deps: true,
            clean_requirements_on_remove: true,
            obsoletes: true,
            installonlypkgs: words(&INSTALL_ONLY),
            installonly_limit: 3,
            excludepkgs: Vec::new(),
            includepkgs: Vec::new(),
            disable_excludes: Vec::new(),
            protected_packages: words(&["dnf"]),
            protect_running_kernel: true,
            module_platform_id: None,
            module_obsoletes: false,
            module_stream_switch: false,
            multilib_policy: "best".into(),
            allow_vendor_change: true,
            ignorearch: false,
            skip_if_unavailable: false,
            gpgcheck: false,
            enabled: true,
            reposdir: words(&["/etc/yum.repos.d", "/etc/yum/repos.d", "/etc/distro.repos.d"]),
            varsdir: words(&["/etc/yum/vars", "/etc/dnf/vars"]),
            persistdir: "/var/lib/dnf".into(),
            cachedir: "/var/cache/dnf".into(),
        }
    }
}

impl MainConfig {
    /// Reads dnf.conf of a root; all defaults where there is none (dnf would then take the one of the machine it runs on).
    pub(crate) fn read(root: &Root, notes: &mut Vec<Note>) -> Result<Self, RootError> {
        let mut config = MainConfig::default();
        config.protected_packages.extend(PROTECTED.map(str::to_owned));
        let mut skip_broken = false;
        if let Some(document) = document(root, PATH)? {
            let main = document.sections().iter().find(|it| it.name == "main");
            for (key, value) in main.into_iter().flat_map(|it| it.values()) {
                let value = if value == "None" { "" } else { value };
                if config.set(key, value, &mut skip_broken).is_none() {
                    notes.push(no_value(PATH, "main", key, value));
                }
            }
        }
        config.strict &= !skip_broken;
        config.protected_packages = protected(root, &config.protected_packages)?;
        Ok(config)
    }

    /// Replaces the variables in the folders' names.
    pub(crate) fn substitute(&mut self, variables: &BTreeMap<String, String>) {
        for folder in [&mut self.persistdir, &mut self.cachedir] {
            *folder = substitute(folder, variables);
        }
        self.reposdir.iter_mut().for_each(|folder| *folder = substitute(folder, variables));
    }

    /// Sets an option; `None` where the value is none for it. Options that bear on no answer are passed over.
    fn set(&mut self, key: &str, value: &str, skip_broken: &mut bool) -> Option<()> {
        let flag = match key {
            "best" => &mut self.best,
            "strict" => &mut self.strict,
            "skip_broken" => skip_broken,
            "install_weak_deps" => &mut self.install_weak_deps,
            "clean_requirements_on_remove" => &mut self.clean_requirements_on_remove,
            "obsoletes" => &mut self.obsoletes,
            "protect_running_kernel" => &mut self.protect_running_kernel,
            "module_obsoletes" => &mut self.module_obsoletes,
            "module_stream_switch" => &mut self.module_stream_switch,
            "allow_vendor_change" => &mut self.allow_vendor_change,
            "ignorearch" => &mut self.ignorearch,
            "skip_if_unavailable" => &mut self.skip_if_unavailable,
            "gpgcheck" => &mut self.gpgcheck,
            "enabled" => &mut self.enabled,
            _ => return self.set_text(key, value),
        };
        *flag = boolean(value)?;
        Some(())
    }

    /// The same for options that are no booleans.
    fn set_text(&mut self, key: &str, value: &str) -> Option<()> {
        match key {
            "installonlypkgs" => gather(&mut self.installonlypkgs, value),
            "excludepkgs" | "exclude" => gather(&mut self.excludepkgs, value),
            "includepkgs" => gather(&mut self.includepkgs, value),
            "installonly_limit" => self.installonly_limit = limit(value)?,
            "disable_excludes" => self.disable_excludes = list(value),
            "protected_packages" => self.protected_packages = list(value),
            "reposdir" => self.reposdir = list(value),
            "varsdir" => self.varsdir = list(value),
            "module_platform_id" => self.module_platform_id = Some(value.to_owned()),
            "multilib_policy" => {
                self.multilib_policy =
                    Some(value).filter(|it| matches!(*it, "best" | "all"))?.into();
            }
            "persistdir" => self.persistdir = value.trim_start_matches("file://").to_owned(),
            "cachedir" => self.cachedir = value.to_owned(),
            _ => {}
        }
        Some(())
    }
}

/// `installonly_limit`: `<off>`, 0, or a number from 2.
fn limit(value: &str) -> Option<u32> {
    match value {
        "<off>" => Some(0),
        _ => crate::value::number(value)
            .and_then(|number| u32::try_from(number).ok())
            .filter(|number| *number != 1),
    }
}

/// Words of which those that begin with `glob:` stand for the words of the files that they match, one or more a line.
fn protected(root: &Root, words: &[String]) -> Result<Vec<String>, RootError> {
    let mut found = Vec::new();
    for word in words {
        let Some(pattern) = word.strip_prefix("glob:") else {
            found.push(word.clone());
            continue;
        };
        let (folder, pattern) = pattern.rsplit_once('/').unwrap_or(("", pattern));
        let Ok(pattern) = glob::Pattern::new(pattern) else { continue };
        for name in root.names(folder)? {
            if name.starts_with('.') || !pattern.matches(&name) {
                continue;
            }
            let Some(bytes) = root.read(&format!("{folder}/{name}"), super::LIMIT)? else {
                continue;
            };
            for line in String::from_utf8_lossy(&bytes).lines() {
                let line = line.trim();
                if !line.starts_with('#') {
                    found.extend(list(line).into_iter().filter(|word| !word.is_empty()));
                }
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(text: &str) -> (MainConfig, Vec<Note>) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("etc/dnf/protected.d")).unwrap();
        fs::write(dir.path().join("etc/dnf/dnf.conf"), text).unwrap();
        fs::write(dir.path().join("etc/dnf/protected.d/a.conf"), "# no\n\n sudo \nsystemd, udev\n")
            .unwrap();
        fs::write(dir.path().join("etc/dnf/protected.d/a.txt"), "no\n").unwrap();
        let mut notes = Vec::new();
        (MainConfig::read(&Root::open(dir.path()).unwrap(), &mut notes).unwrap(), notes)
    }

    #[test]
    fn what_is_not_said() {
        let (config, notes) = read("[other]\nbest=1\n");
        let protected = ["dnf", "sudo", "systemd", "udev"].map(str::to_owned).to_vec();
        assert_eq!(config, MainConfig { protected_packages: protected, ..MainConfig::default() });
        assert!(notes.is_empty());
    }

    #[test]
    fn what_is_said() {
        let (config, notes) = read(
            "[main]\nbest=True\nskip_broken=1\ninstallonly_limit=1\ninstallonlypkgs=foo\nexclude=a*,\n b\n\
             excludepkgs=c\nprotected_packages=x\nobsoletes=maybe\nmultilib_policy=some\nunknown=1\nincludepkgs=None\n\
             module_platform_id=platform:el9\n",
        );
        assert!(config.best && !config.strict && config.obsoletes);
        assert_eq!(config.excludepkgs, ["a*", "b", "c"]);
        assert_eq!((config.installonlypkgs.len(), config.installonly_limit), (7, 3));
        assert_eq!(
            (config.protected_packages, config.multilib_policy.as_str()),
            (vec!["x".to_owned()], "best")
        );
        assert_eq!(config.module_platform_id.as_deref(), Some("platform:el9"));
        let about: Vec<&str> = notes.iter().map(|note| note.problem.as_str()).collect();
        assert_eq!(about.len(), 3, "{about:?}");
        assert!(about[0].contains("`installonly_limit=1`"));
    }
}
