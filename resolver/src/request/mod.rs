//! What is asked for, in dnf's words.

mod words;

pub use words::{Form, Marked, Matches, PathOwners, Words};

/// A request. Its lists may be filled together; [`Request::parse`] fills them from the words of a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The request as written; a plan repeats it.
    pub words: Vec<String>,
    /// Packages to install, as dnf takes them: NEVRA or part of one, a capability or a path, globs included.
    pub packages: Vec<String>,
    /// Module arguments, `NAME[:STREAM[:VERSION[:CONTEXT[:ARCH]]]][/PROFILE]`: their streams become enabled and their
    /// profiles are installed.
    pub modules: Vec<String>,
    /// Module arguments whose streams become enabled, and nothing more.
    pub enable: Vec<String>,
    /// Module arguments whose modules become disabled.
    pub disable: Vec<String>,
    /// Module arguments of whose modules it is forgotten what was decided.
    pub reset: Vec<String>,
}

/// Words that are no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Neither `install` nor `module install`.
    #[error("`{0}` is not known here")]
    UnknownWord(String),
    /// An option among the words.
    #[error("`{0}` is no package and no module")]
    Option(String),
    /// `@` without a module.
    #[error("`@` names no module")]
    NoModule,
    /// Nothing to install.
    #[error("nothing to install was named")]
    Nothing,
}

impl Request {
    /// Reads `install SPEC…`, where `@SPEC` is a module, or `module install SPEC…`.
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
    /// Other words, an option, or nothing to install.
    pub fn parse(words: &[impl AsRef<str>]) -> Result<Self, RequestError> {
        let texts: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let (packages, modules): (Vec<&str>, Vec<&str>) = match texts[..] {
            ["install", ref rest @ ..] => {
                let (modules, packages): (Vec<&str>, Vec<&str>) =
                    rest.iter().partition(|word| word.starts_with('@'));
                (packages, modules.into_iter().map(|word| &word[1..]).collect())
            }
            ["module", "install", ref rest @ ..] => (Vec::new(), rest.to_vec()),
            ["module", word, ..] => {
                return Err(RequestError::UnknownWord(format!("module {word}")));
            }
            [word, ..] => return Err(RequestError::UnknownWord(word.to_owned())),
            [] => return Err(RequestError::UnknownWord(String::new())),
        };
        if let Some(word) = packages.iter().chain(&modules).find(|word| word.starts_with('-')) {
            return Err(RequestError::Option((*word).to_owned()));
        }
        if modules.contains(&"") {
            return Err(RequestError::NoModule);
        }
        if packages.is_empty() && modules.is_empty() {
            return Err(RequestError::Nothing);
        }
        let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
        Ok(Request {
            packages: owned(packages),
            modules: owned(modules),
            words: owned(texts),
            ..Request::default()
        })
    }

    /// Whether a module argument was written where dnf takes a group as well: `install @SPEC`.
    pub(crate) fn may_be_group(&self, module: &str) -> bool {
        self.words.first().is_some_and(|word| word == "install")
            && !module.contains([':', '/'])
            && self.words.iter().any(|word| word.strip_prefix('@') == Some(module))
    }
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
        assert_eq!(wrong("remove a"), RequestError::UnknownWord("remove".into()));
        assert_eq!(wrong("module"), RequestError::UnknownWord("module".into()));
        assert_eq!(wrong("module enable a"), RequestError::UnknownWord("module enable".into()));
        assert_eq!(wrong("install a -y"), RequestError::Option("-y".into()));
        assert_eq!(wrong("install a @"), RequestError::NoModule);
        assert_eq!(wrong("install"), RequestError::Nothing);
        assert_eq!(wrong("module install"), RequestError::Nothing);
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
