//! Steps of scenarios, read: dnf's command lines, and the set-up between them.

use crate::table::pairs;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A command line of dnf.
    Dnf(Dnf),
    /// Whether a package is installed (`rpm -q`).
    IsInstalled(String),
    /// Set-up.
    SetUp(SetUp),
    /// Something that bears on no answer.
    Nothing,
    /// Words that are not understood.
    Unknown(String),
}

/// A command line of dnf, options apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dnf {
    /// The command and its arguments.
    pub(crate) words: Vec<String>,
    /// Options of the command: `--all`, `--installed` and so on.
    pub(crate) flags: Vec<String>,
    pub(crate) disabled: Vec<String>,
    pub(crate) enabled: Vec<String>,
    pub(crate) best: bool,
    pub(crate) skip_broken: bool,
    pub(crate) allow_erasing: bool,
    /// `--setopt`, key and value.
    pub(crate) set: Vec<(String, String)>,
}

/// What the suite does beside dnf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SetUp {
    /// A repository is there from now on.
    Use(String),
    /// A repository is configured, not enabled.
    Configure { id: String, like: Option<String> },
    /// A repository is there no longer, in any way.
    Drop(String),
    /// The metadata of a repository is gone.
    DropMetadata(String),
    /// dnf.conf says this from now on.
    Config(Vec<(String, String)>),
    /// The platform that dnf.conf names; `None`: it names none.
    Platform(Option<String>),
    /// A file of the root holds this.
    File { path: String, text: String },
    /// A file of the root is gone.
    NoFile(String),
    /// Fail-safe copies are gone.
    NoCopies,
}

/// Reads a step.
pub(crate) fn read(text: &str) -> Step {
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return set_up(inner);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        ["dnf" | "yum", ref rest @ ..] => Step::Dnf(dnf(rest)),
        ["rpm", "-q", name] => Step::IsInstalled(name.to_owned()),
        ["sh:", "rm", ref rest @ ..] if rest.iter().any(|it| it.contains("modulefailsafe")) => {
            Step::SetUp(SetUp::NoCopies)
        }
        ["sh:", ..] => Step::Nothing,
        _ => set_up(text),
    }
}

fn dnf(words: &[&str]) -> Dnf {
    let mut found = Dnf::default();
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        let (option, given) = match word.split_once('=') {
            Some((option, value)) if word.starts_with("--") => (option, Some(value)),
            _ => (word, None),
        };
        let mut value = || given.or_else(|| words.next()).unwrap_or("").to_owned();
        match option {
            "--disablerepo" => found.disabled.push(value()),
            "--enablerepo" => found.enabled.push(value()),
            "--repo" | "--repoid" => {
                found.disabled.push("*".into());
                found.enabled.push(value());
            }
            "--setopt" => {
                let set = value();
                let (key, value) = set.split_once('=').unwrap_or((&set, ""));
                found.set.push((key.to_owned(), value.to_owned()));
            }
            "--best" => found.best = true,
            "--nobest" => found.set.push(("best".into(), "0".into())),
            "--skip-broken" => found.skip_broken = true,
            "--allowerasing" => found.allow_erasing = true,
            "-q" | "-y" | "-v" | "--quiet" | "--assumeyes" | "--verbose" | "-C" => {}
            flag if flag.starts_with('-') => found.flags.push(flag.to_owned()),
            word => found.words.push(word.to_owned()),
        }
    }
    found
}

fn set_up(text: &str) -> Step {
    // A step that runs a step: its words are the inner one's.
    let text = match text.strip_prefix("I execute step \"") {
        Some(inner) => inner.trim_start_matches("Given ").trim_start_matches("And "),
        None => text,
    };
    let text = text.trim_start_matches("Given ").trim();
    let quoted = || text.split('"').nth(1).unwrap_or("").to_owned();
    let braced = || {
        let inside = text.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}'));
        inside.map_or("", |(inside, _)| inside)
    };
    let found = if let Some(id) = text.strip_prefix("use repo ") {
        SetUp::Use(id.trim().to_owned())
    } else if text.starts_with("I drop repository") {
        SetUp::Drop(quoted())
    } else if text.starts_with("I configure a new repository") {
        let like = braced().rsplit('/').next().map(str::to_owned);
        SetUp::Configure { id: quoted(), like }
    } else if text.starts_with("I configure dnf with") {
        SetUp::Config(pairs(braced()))
    } else if text.starts_with("I do not set default module platformid") {
        SetUp::Platform(None)
    } else if text.starts_with("I set default module platformid") {
        SetUp::Platform(Some(quoted()))
    } else if text.starts_with("I delete directory") || text.starts_with("I delete file") {
        match repository(text) {
            Some(id) => SetUp::DropMetadata(id),
            None => SetUp::NoFile(quoted()),
        }
    } else if let Some(rest) = text.strip_prefix("file ") {
        match rest.split_once(' ') {
            Some((path, json)) if json.starts_with('"') => match serde_json::from_str(json) {
                Ok(text) => SetUp::File { path: path.trim_matches('"').to_owned(), text },
                Err(_) => return Step::Unknown(text.to_owned()),
            },
            // An assertion about a file.
            _ => return Step::Nothing,
        }
    } else if NOTHING.iter().any(|start| text.starts_with(start)) || text.is_empty() {
        return Step::Nothing;
    } else {
        return Step::Unknown(text.to_owned());
    };
    Step::SetUp(found)
}

/// Set-up that bears on no answer.
const NOTHING: [&str; 6] = [
    "I set dnf command to",
    "I copy repository",
    "I copy directory",
    "the files ",
    "I successfully execute",
    "sh: modifyrepo_c",
];

/// The repository whose folder or modules file a path is.
fn repository(text: &str) -> Option<String> {
    if let Some((_, rest)) = text.split_once("context.dnf.repos[") {
        return rest.split_once(']').map(|(id, _)| id.to_owned());
    }
    let (_, rest) = text.split_once("/temp-repos/")?;
    Some(rest.split(['/', '"']).next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Dnf {
        match read(text) {
            Step::Dnf(dnf) => dnf,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn command_lines() {
        let dnf = words("dnf -q module list --disablerepo=a --disablerepo b --enabled nodejs");
        assert_eq!(dnf.words, ["module", "list", "nodejs"]);
        assert_eq!((dnf.disabled.len(), &dnf.flags[..]), (2, &["--enabled".to_owned()][..]));
        assert!(words("dnf install @a:1/b --skip-broken").skip_broken);
        assert_eq!(words("dnf upgrade --setopt=best=1").set, [("best".into(), "1".into())]);
    }

    #[test]
    fn set_up_steps() {
        let step = |text: &str| match read(text) {
            Step::SetUp(step) => step,
            other => panic!("{other:?}"),
        };
        assert_eq!(step("[use repo x]"), SetUp::Use("x".into()));
        let drop = r#"[I execute step "Given I drop repository "a-b""]"#;
        assert_eq!(step(drop), SetUp::Drop("a-b".into()));
        let gone = r#"[I execute step "Given I delete file "/{context.dnf.repos[r].path}/repodata/*modules.yaml*" with globs"]"#;
        assert_eq!(step(gone), SetUp::DropMetadata("r".into()));
        let gone = r#"[I execute step "Given I delete directory "/temp-repos/r""]"#;
        assert_eq!(step(gone), SetUp::DropMetadata("r".into()));
        assert_eq!(
            step("I configure dnf with {module_obsoletes=True;module_stream_switch=}"),
            SetUp::Config(vec![
                ("module_obsoletes".into(), "True".into()),
                ("module_stream_switch".into(), String::new())
            ])
        );
        let file = r#"file /etc/os-release "A=\"b\"\n""#;
        let wanted = SetUp::File { path: "/etc/os-release".into(), text: "A=\"b\"\n".into() };
        assert_eq!(step(file), wanted);
        assert_eq!(read("sh: rm {x}/modulefailsafe/ -r"), Step::SetUp(SetUp::NoCopies));
        assert_eq!(read("[I copy repository \"a\" for modification]"), Step::Nothing);
        assert!(matches!(read("[I dance]"), Step::Unknown(_)));
    }
}
