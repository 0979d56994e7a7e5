//! State files, `etc/dnf/modules.d/NAME.module`.

use crate::error::{Note, RootError};
use crate::ini::Document;
use crate::inside::Root;
use crate::value::list;
use modex_resolver::streams::{ModuleState, ModuleStates};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where state files lie.
pub(crate) const FOLDER: &str = "/etc/dnf/modules.d";
/// More bytes than this are no state file.
const LIMIT: u64 = 1 << 20;

/// What a state file says of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModuleFile {
    /// `enabled`, `disabled`, or nothing where neither was decided (also where the word in the file is another one).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// The stream.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stream: String,
    /// The installed profiles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
}

impl ModuleFile {
    /// The decision about the module; `None` where there is none.
    pub fn decision(&self) -> Option<ModuleState> {
        match self.state.as_str() {
            // Enabling without a stream is nothing that a stream could be.
            "enabled" if self.stream.is_empty() => None,
            "enabled" => Some(ModuleState::Enabled {
                stream: self.stream.clone(),
                profiles: self.profiles.clone(),
            }),
            "disabled" => Some(ModuleState::Disabled),
            _ => None,
        }
    }
}

/// A state file with its lines, to be changed and written.
pub(crate) struct Lines {
    module: String,
    document: Document,
}

impl Lines {
    /// A module without a state file.
    pub(crate) fn new(module: &str) -> Self {
        let mut lines = Lines { module: module.to_owned(), document: Document::default() };
        lines.clear();
        lines
    }

    /// Reads a state file. One without stream, profiles or state counts as empty.
    fn parse(module: &str, text: &str) -> Result<(Self, bool), crate::ini::IniError> {
        let mut lines = Lines { module: module.to_owned(), document: Document::parse(text)? };
        let has = |key| lines.document.get(module, key).is_some();
        let is_whole = has("stream") && has("profiles") && (has("state") || has("enabled"));
        if is_whole {
            lines.document.set(module, "name", module);
            if let Some(old) = lines.document.get(module, "enabled").map(str::to_owned) {
                lines.document.set(module, "state", &old);
                lines.document.remove(module, "enabled");
            }
        } else {
            lines.clear();
        }
        Ok((lines, is_whole))
    }

    fn clear(&mut self) {
        let Lines { module, document } = self;
        document.set(module, "name", module);
        ["stream", "profiles", "state"].iter().for_each(|key| document.set(module, key, ""));
    }

    fn get(&self, key: &str) -> &str {
        self.document.get(&self.module, key).unwrap_or_default()
    }

    /// What the file says.
    pub(crate) fn says(&self) -> ModuleFile {
        let state = match self.get("state") {
            "1" | "true" | "enabled" => "enabled",
            "0" | "false" | "disabled" => "disabled",
            _ => "",
        };
        ModuleFile {
            state: state.into(),
            stream: self.get("stream").into(),
            profiles: list(self.get("profiles")),
        }
    }

    /// Makes the file say something else; whether a line of it changed.
    pub(crate) fn say(&mut self, said: &ModuleFile) -> bool {
        let mut changed = false;
        let same_profiles = list(self.get("profiles")) == said.profiles;
        let profiles = said.profiles.join(", ");
        for (key, value, same) in [
            ("state", &said.state, self.get("state") == said.state),
            ("stream", &said.stream, self.get("stream") == said.stream),
            ("profiles", &profiles, same_profiles),
        ] {
            if !same {
                self.document.set(&self.module, key, value);
                changed = true;
            }
        }
        changed
    }

    /// The file.
    pub(crate) fn text(&self) -> String {
        self.document.text()
    }
}

/// All state files of a root, by module.
///
/// # Errors
/// A file cannot be read, or is no ini file; dnf does not start either then.
pub(crate) fn read(
    root: &Root,
    notes: &mut Vec<Note>,
) -> Result<BTreeMap<String, Lines>, RootError> {
    let mut files = BTreeMap::new();
    for name in root.names(FOLDER)? {
        let Some(module) = name.strip_suffix(".module").filter(|it| !it.is_empty()) else {
            continue;
        };
        let inside = format!("{FOLDER}/{name}");
        let Some(bytes) = root.read(&inside, LIMIT)? else { continue };
        let malformed = |line: usize, problem: &str| {
            let path = root.path(&inside)?;
            Err(RootError::Malformed { path, line, problem: problem.to_owned() })
        };
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                return malformed(line, "not UTF-8");
            }
        };
        let (lines, is_whole) = match Lines::parse(module, text) {
            Ok(read) => read,
            Err(error) => return malformed(error.line, error.problem),
        };
        let problem = match lines.says() {
            _ if !is_whole => {
                Some(format!("section [{module}] lacks `stream`, `profiles` or `state`"))
            }
            said if said.state.is_empty() && !lines.get("state").is_empty() => {
                Some(format!("`{}` is no state", lines.get("state")))
            }
            said if said.state == "enabled" && said.stream.is_empty() => {
                Some("it is enabled without a stream".to_owned())
            }
            _ => None,
        };
        if let Some(problem) = problem {
            let problem = format!("{problem}; nothing counts as decided about the module");
            notes.push(Note { path: inside, line: None, problem });
        }
        files.insert(module.to_owned(), lines);
    }
    Ok(files)
}

/// The decisions of state files.
pub(crate) fn states(files: &BTreeMap<String, ModuleFile>) -> ModuleStates {
    let decided = |(module, file): (&String, &ModuleFile)| Some((module.clone(), file.decision()?));
    ModuleStates(files.iter().filter_map(decided).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> ModuleFile {
        Lines::parse("m", text).unwrap().0.says()
    }

    #[test]
    fn what_files_say() {
        let file = said("[m]\nname=x\nstream = 10\nprofiles=default, minimal a\nstate=1\n");
        assert_eq!(
            (file.state.as_str(), file.stream.as_str(), file.profiles.len()),
            ("enabled", "10", 3)
        );
        assert_eq!(said("[m]\nstream=1\nprofiles=\nenabled=false\n").state, "disabled");
        assert_eq!(said("[m]\nstream=1\nprofiles=\nstate=1\nenabled=0\n").state, "disabled");
        assert_eq!(said("[m]\nstream=1\nprofiles=\nstate=Enabled\n").state, "");
        for text in ["", "[m]\nstream=1\nstate=1\n", "[n]\nstream=1\nprofiles=\nstate=1\n"] {
            assert_eq!(said(text), ModuleFile::default(), "{text}");
        }
    }

    #[test]
    fn lines_keep_their_spelling() {
        let text = "# mine\n[m]\nname=m\nstream = 10\n# why\nprofiles=a b\nenabled=1\n";
        let (mut lines, _) = Lines::parse("m", text).unwrap();
        let mut file = lines.says();
        assert!(lines.say(&file), "the word becomes `enabled`");
        assert_eq!(
            lines.text(),
            "# mine\n[m]\nname=m\nstream = 10\n# why\nprofiles=a b\nstate=enabled\n"
        );
        assert!(!lines.say(&file));
        file.profiles = vec!["c".into()];
        assert!(lines.say(&file));
        assert_eq!(
            lines.text(),
            "# mine\n[m]\nname=m\nstream = 10\n# why\nprofiles=c\nstate=enabled\n"
        );
    }
}
