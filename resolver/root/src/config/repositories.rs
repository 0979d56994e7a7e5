//! Repositories: sections of dnf.conf and of `.repo` files.

use super::main::PATH as DNF_CONF;
use super::{MainConfig, document, no_value, passed_over};
use crate::error::{Note, RootError};
use crate::ini::Section;
use crate::inside::Root;
use crate::value::{boolean, gather, list, number, substitute};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// A repository as it is configured, variables replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// Its id.
    pub id: String,
    /// Its name; the id where it has none.
    pub name: String,
    /// The file that it stands in, as a path below the root.
    pub file: String,
    /// Whether it is used.
    pub enabled: bool,
    /// The lowest number wins before versions are compared.
    pub priority: i32,
    /// The lowest number wins between equal versions.
    pub cost: i32,
    /// Where it lies; local paths are `file://` URLs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baseurl: Vec<String>,
    /// A list of such places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirrorlist: Option<String>,
    /// A list of such places with checksums.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metalink: Option<String>,
    /// Packages of it that are hidden: names, globs, NEVRAs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excludepkgs: Vec<String>,
    /// Where there is any: the only ones that are not hidden.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub includepkgs: Vec<String>,
    /// Nothing of it is hidden by modules.
    pub module_hotfixes: bool,
    /// It does not matter where its metadata cannot be had.
    pub skip_if_unavailable: bool,
    /// Signatures of its packages are checked.
    pub gpgcheck: bool,
    /// Where dnf keeps repositories' metadata; the folder of this one is below it.
    pub cachedir: String,
}

/// All repositories of a root, enabled or not, in dnf's order: sections of dnf.conf, then those of `.repo` files by name.
pub(crate) fn read(
    root: &Root,
    main: &MainConfig,
    variables: &BTreeMap<String, String>,
    notes: &mut Vec<Note>,
) -> Result<Vec<Repository>, RootError> {
    let mut files = Vec::new();
    for folder in &main.reposdir {
        let folder = folder.trim_end_matches('/');
        let is_repo = |name: &String| name.ends_with(".repo") && !name.starts_with('.');
        files.extend(
            root.names(folder)?.into_iter().filter(is_repo).map(|it| format!("{folder}/{it}")),
        );
    }
    // By the parts of the path, without the file's suffix.
    files.sort_by(|a, b| stem(a).split('/').cmp(stem(b).split('/')));
    let mut repositories: Vec<Repository> = Vec::new();
    let mut ids = HashSet::new();
    for file in std::iter::once(DNF_CONF.to_owned()).chain(files) {
        let document = match document(root, &file) {
            Ok(document) => document.unwrap_or_default(),
            Err(error) => {
                notes.push(passed_over(&file, &error));
                continue;
            }
        };
        for section in document.sections().iter().filter(|section| section.name != "main") {
            let mut note = |problem: String| {
                notes.push(Note { path: file.clone(), line: None, problem });
            };
            let id = substitute(&section.name, variables);
            if !is_id(&id) {
                note(format!("`{id}` is no id for a repository; it is passed over"));
            } else if !ids.insert(id.clone()) {
                note(format!("repository `{id}` is configured twice; the first one counts"));
            } else {
                repositories.push(repository(&file, section, id, main, variables, notes));
            }
        }
    }
    Ok(repositories)
}

fn stem(path: &str) -> &str {
    path.strip_suffix(".repo").unwrap_or(path)
}

/// Whether dnf takes a text as a repository's id.
fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.' | b':'))
}

fn repository(
    file: &str,
    section: &Section,
    id: String,
    main: &MainConfig,
    variables: &BTreeMap<String, String>,
    notes: &mut Vec<Note>,
) -> Repository {
    let mut it = Repository {
        name: id.clone(),
        id,
        file: file.to_owned(),
        enabled: main.enabled,
        priority: 99,
        cost: 1000,
        baseurl: Vec::new(),
        mirrorlist: None,
        metalink: None,
        excludepkgs: Vec::new(),
        includepkgs: Vec::new(),
        module_hotfixes: false,
        skip_if_unavailable: main.skip_if_unavailable,
        gpgcheck: main.gpgcheck,
        cachedir: main.cachedir.clone(),
    };
    for (key, value) in section.values() {
        let value = substitute(value, variables);
        let value = if value == "None" { "" } else { value.as_str() };
        if it.set(key, value).is_none() {
            notes.push(no_value(file, &section.name, key, value));
        }
    }
    it
}

impl Repository {
    /// Sets an option; `None` where the value is none for it. Options that bear on no answer are passed over.
    fn set(&mut self, key: &str, value: &str) -> Option<()> {
        let some = || Some(value.to_owned()).filter(|it| !it.is_empty());
        match key {
            "name" => value.clone_into(&mut self.name),
            "enabled" => self.enabled = boolean(value)?,
            "priority" => self.priority = number(value)?,
            "cost" => self.cost = number(value)?,
            "baseurl" => self.baseurl = list(value).into_iter().map(url).collect(),
            "mirrorlist" => self.mirrorlist = some(),
            "metalink" => self.metalink = some(),
            "excludepkgs" | "exclude" => gather(&mut self.excludepkgs, value),
            "includepkgs" => gather(&mut self.includepkgs, value),
            "module_hotfixes" => self.module_hotfixes = boolean(value)?,
            "skip_if_unavailable" => self.skip_if_unavailable = boolean(value)?,
            "gpgcheck" => self.gpgcheck = boolean(value)?,
            _ => {}
        }
        Some(())
    }
}

fn url(word: String) -> String {
    if word.starts_with('/') { format!("file://{word}") } else { word }
}

/// The order in which dnf loads repositories, which its choices depend on: by priority, then cost, then as they stand.
pub(crate) fn load_order(repositories: &[Repository]) -> Vec<&Repository> {
    let mut order: Vec<&Repository> = repositories.iter().filter(|it| it.enabled).collect();
    order.sort_by_key(|it| (it.priority, it.cost));
    order
}
