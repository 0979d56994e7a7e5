//! Texts of module documents that the root keeps: defaults of the machine, and fail-safe copies of enabled streams.

use crate::error::{Note, RootError};
use crate::inside::Root;
use serde::{Deserialize, Serialize};

/// Where the machine's own defaults lie.
pub const DEFAULTS: &str = "/etc/dnf/modules.defaults.d";
/// More bytes than this in one file are refused.
const LIMIT: u64 = 16 << 20;
/// More bytes than this in all files together are refused.
const TOTAL: u64 = 256 << 20;

/// A file with YAML documents, not looked into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedText {
    /// Its name, without a folder.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// The folder of fail-safe copies.
pub fn folder(persistdir: &str) -> String {
    format!("{}/modulefailsafe", persistdir.trim_end_matches('/'))
}

/// The files of `etc/dnf/modules.defaults.d`, by name.
pub(crate) fn defaults(root: &Root, notes: &mut Vec<Note>) -> Result<Vec<NamedText>, RootError> {
    texts(root, DEFAULTS, is_defaults, notes)
}

/// The fail-safe copies, by name.
pub(crate) fn copies(
    root: &Root,
    persistdir: &str,
    notes: &mut Vec<Note>,
) -> Result<Vec<NamedText>, RootError> {
    texts(root, &folder(persistdir), is_copy, notes)
}

fn is_defaults(name: &str) -> bool {
    name.ends_with(".yaml")
}

/// Whether dnf takes a file for a fail-safe copy: names are ten bytes or longer.
pub(crate) fn is_copy(name: &str) -> bool {
    name.len() >= 10 && name.ends_with(".yaml")
}

/// The module and the stream in the name of a fail-safe copy, `NAME:STREAM:ARCH.yaml`.
pub fn module_and_stream(name: &str) -> Option<(&str, &str)> {
    let (module, rest) = name.split_once(':')?;
    let (stream, _) = rest.split_once(':')?;
    (!module.is_empty() && !stream.is_empty()).then_some((module, stream))
}

fn texts(
    root: &Root,
    folder: &str,
    counts: fn(&str) -> bool,
    notes: &mut Vec<Note>,
) -> Result<Vec<NamedText>, RootError> {
    let mut found = Vec::new();
    let mut total = 0;
    for name in root.names(folder)? {
        if !counts(&name) {
            continue;
        }
        let path = format!("{folder}/{name}");
        let problem = match root.read(&path, LIMIT) {
            Ok(None) => continue,
            Ok(Some(bytes)) => match String::from_utf8(bytes) {
                Ok(text) => {
                    total += text.len() as u64;
                    if total > TOTAL {
                        return Err(RootError::TooLarge { path: root.path(folder)?, limit: TOTAL });
                    }
                    found.push(NamedText { name, text });
                    continue;
                }
                Err(_) => "not UTF-8".to_owned(),
            },
            Err(error) => error.problem(),
        };
        notes.push(Note { path, line: None, problem: format!("{problem}; it is passed over") });
    }
    Ok(found)
}
