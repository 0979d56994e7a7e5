//! What is asked for, in dnf's words.

mod words;

pub(crate) use words::is_glob;
pub use words::{Form, Marked, Matches, PathOwners, Words};

/// What a command does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verb {
    /// `install`: packages, and profiles of `@SPEC`.
    #[default]
    Install,
    /// `upgrade`: packages, or everything installed.
    Upgrade,
    /// `remove`: packages with what only they needed, and profiles of `@SPEC`.
    Remove,
    /// `distro-sync`: packages, or everything installed, to what the repositories have, be it older.
    DistroSync,
    /// `downgrade`: packages to the next older version.
    Downgrade,
    /// `reinstall`: packages in the very version that is installed.
    Reinstall,
    /// `autoremove`: what was installed as a dependency and is needed no more.
    Autoremove,
    /// `module VERB`.
    Module(ModuleVerb),
}

/// What a `module` command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleVerb {
    /// Enables streams and what they require.
    Enable,
    /// Disables modules.
    Disable,
    /// Forgets what was decided about modules.
    Reset,
    /// Enables streams and installs profiles.
    Install,
    /// Removes profiles; with `--all` every package of the streams.
    Remove {
        /// `--all`.
        all: bool,
    },
    /// Upgrades what installed profiles name.
    Update,
    /// Switches streams and moves the installed packages to the new ones.
    SwitchTo,
}

/// A request. [`Request::parse`] makes it of the words of a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The request as written; a plan repeats it.
    pub words: Vec<String>,
    /// What is to be done.
    pub verb: Verb,
    /// Packages, as dnf takes them: NEVRA or part of one, a capability or a path, globs included.
    pub packages: Vec<String>,
    /// Package files, by paths that end in `.rpm`; their packages are those of [`System::bring`](crate::System::bring).
    pub files: Vec<String>,
    /// Module arguments, `NAME[:STREAM[:VERSION[:CONTEXT[:ARCH]]]][/PROFILE]`.
    pub modules: Vec<String>,
}

/// Words that are no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// No command of dnf that changes a system.
    #[error("`{0}` is not known here")]
    UnknownWord(String),
    /// An option among the words.
    #[error("`{0}` is no package and no module")]
    Option(String),
    /// `@` without a module.
    #[error("`@` names no module")]
    NoModule,
    /// The command needs arguments and has none.
    #[error("`{0}` needs to be told what")]
    Nothing(String),
}

/// The commands of dnf that are known here, with dnf's aliases.
const VERBS: [(&str, Verb); 19] = [
    ("install", Verb::Install),
    ("upgrade", Verb::Upgrade),
    ("update", Verb::Upgrade),
    ("up", Verb::Upgrade),
    ("remove", Verb::Remove),
    ("erase", Verb::Remove),
    ("rm", Verb::Remove),
    ("distro-sync", Verb::DistroSync),
    ("distrosync", Verb::DistroSync),
    ("downgrade", Verb::Downgrade),
    ("reinstall", Verb::Reinstall),
    ("autoremove", Verb::Autoremove),
    ("module enable", Verb::Module(ModuleVerb::Enable)),
    ("module disable", Verb::Module(ModuleVerb::Disable)),
    ("module reset", Verb::Module(ModuleVerb::Reset)),
    ("module install", Verb::Module(ModuleVerb::Install)),
    ("module remove", Verb::Module(ModuleVerb::Remove { all: false })),
    ("module update", Verb::Module(ModuleVerb::Update)),
    ("module switch-to", Verb::Module(ModuleVerb::SwitchTo)),
];

impl Verb {
    /// Whether the command takes package files.
    pub(crate) fn takes_files(self) -> bool {
        matches!(self, Verb::Install | Verb::Upgrade | Verb::Downgrade | Verb::Reinstall)
    }

    /// Whether the command means everything where it is told nothing.
    fn may_stand_alone(self) -> bool {
        matches!(self, Verb::Upgrade | Verb::DistroSync | Verb::Autoremove)
    }
}

impl Request {
    /// Reads the words of a dnf command that changes a system: `install SPEC…`, `module enable SPEC…` and so on; `@SPEC`
    /// is a module.
    ///
    /// ```
    /// use modex_resolver::Request;
    ///
    /// let request = Request::parse(&["install", "bash", "@nodejs:20/common"])?;
    /// assert_eq!(request.packages, ["bash"]);
    /// assert_eq!(request.modules, ["nodejs:20/common"]);
    /// # Ok::<(), modex_resolver::RequestError>(())
    /// ```
    ///
    /// # Errors
    /// Another command, an option, or nothing where something must be named.
    pub fn parse(words: &[impl AsRef<str>]) -> Result<Self, RequestError> {
        let texts: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let (command, rest): (String, &[&str]) = match texts[..] {
            ["module", word, ref rest @ ..] => (format!("module {word}"), rest),
            [word, ref rest @ ..] => (word.to_owned(), rest),
            [] => return Err(RequestError::UnknownWord(String::new())),
        };
        let known = VERBS.iter().find(|(name, _)| *name == command);
        let Some((_, mut verb)) = known.copied() else {
            return Err(RequestError::UnknownWord(command));
        };
        let mut request = Request { words: owned(&texts), ..Request::default() };
        for word in rest {
            match (&mut verb, *word) {
                (Verb::Module(ModuleVerb::Remove { all }), "--all") => *all = true,
                (_, word) if word.starts_with('-') => {
                    return Err(RequestError::Option(word.to_owned()));
                }
                (_, "@") => return Err(RequestError::NoModule),
                (Verb::Module(_), "") => return Err(RequestError::NoModule),
                (Verb::Module(_), word) => request.modules.push(word.to_owned()),
                // dnf looks for packages that are called so.
                (Verb::DistroSync | Verb::Downgrade | Verb::Reinstall, word)
                    if word.starts_with('@') =>
                {
                    request.packages.push(word.to_owned());
                }
                (_, word) => match word.strip_prefix('@') {
                    Some(module) => request.modules.push(module.to_owned()),
                    None if verb.takes_files() && word.ends_with(".rpm") => {
                        request.files.push(word.to_owned());
                    }
                    None => request.packages.push(word.to_owned()),
                },
            }
        }
        request.verb = verb;
        if request.names_nothing() && !verb.may_stand_alone() {
            return Err(RequestError::Nothing(command));
        }
        Ok(request)
    }

    /// Whether there is a command and nothing behind it.
    pub(crate) fn names_nothing(&self) -> bool {
        self.packages.is_empty() && self.modules.is_empty() && self.files.is_empty()
    }

    /// Whether a module argument was written where dnf takes a group as well: `install @SPEC`.
    pub(crate) fn may_be_group(&self, module: &str) -> bool {
        self.words.first().is_some_and(|word| word == "install")
            && !module.contains([':', '/'])
            && self.words.iter().any(|word| word.strip_prefix('@') == Some(module))
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_request() {
        let wrong = |words: &str| {
            let words: Vec<&str> = words.split_whitespace().collect();
            Request::parse(&words).unwrap_err()
        };
        assert_eq!(wrong(""), RequestError::UnknownWord(String::new()));
        assert_eq!(wrong("swap a b"), RequestError::UnknownWord("swap".into()));
        assert_eq!(wrong("module"), RequestError::UnknownWord("module".into()));
        assert_eq!(wrong("module list a"), RequestError::UnknownWord("module list".into()));
        assert_eq!(wrong("install a -y"), RequestError::Option("-y".into()));
        assert_eq!(wrong("install a @"), RequestError::NoModule);
        assert_eq!(wrong("install"), RequestError::Nothing("install".into()));
        assert_eq!(wrong("module install"), RequestError::Nothing("module install".into()));
    }

    #[test]
    fn what_may_be_a_group() {
        let request = Request::parse(&["install", "@core", "@a:1", "core2"]).unwrap();
        assert!(request.may_be_group("core"));
        assert!(!request.may_be_group("a:1") && !request.may_be_group("core2"));
        let request = Request::parse(&["module", "install", "core"]).unwrap();
        assert!(!request.may_be_group("core"));
    }
}
