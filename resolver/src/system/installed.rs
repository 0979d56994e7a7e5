//! The installed packages from a list.
//!
//! One package a line, `NAME-[EPOCH:]VERSION-RELEASE.ARCH`, optionally followed by a tab or blanks and the provides that it has
//! beyond its name, separated by commas. Before the provides may stand why it is there: `!user`, `!group`, `!dependency` or
//! `!weak`. Blank lines and lines that start with `#` are passed over. What a package
//! states (requirements, weak dependencies, paths) is taken from a repository that has the very same package; a package that no
//! repository has is taken to require nothing.

use crate::store::OpenError;
use crate::store::universe::{RepoOptions, Universe};
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::{BuildError, FormatError, Hot, HotBuilder, TextId};
use modex_formats::rpm::{Dependency, Evr, Nevra, Relation, Reldep};
use std::borrow::Cow;
use std::collections::HashSet;

/// An installed package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledPackage {
    /// Package name.
    pub name: String,
    /// Version, epoch left out where 0.
    pub evr: String,
    /// Architecture.
    pub arch: String,
    /// What it states.
    pub statements: Statements,
    /// Why it is there, as dnf remembers.
    pub reason: InstallReason,
}

/// What an installed package states beyond its own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statements {
    /// Known of a list only: some provides; the rest is looked up in the repositories.
    LookUp {
        /// What it provides beyond its own name.
        provides: Vec<Dependency>,
    },
    /// Known of rpm's database.
    Known {
        /// All of its dependencies by kind, in the order of its header; its own name is among the provides.
        relations: Vec<(RelationKind, Dependency)>,
        /// The paths that it owns.
        files: Vec<String>,
        /// Those of its requirements that only scripts needed while it was installed.
        to_install: Vec<Dependency>,
    },
}

/// Why a package is installed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum InstallReason {
    /// Nobody knows; dnf takes it as asked for.
    #[default]
    Unknown,
    /// Something required it.
    Dependency,
    /// Something recommended it.
    Weak,
    /// A group or a module profile named it.
    Group,
    /// It was asked for.
    User,
}

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}: `{text}`")]
pub struct ListError {
    /// Line number from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// The word in question, cut where it is long.
    pub text: String,
}

/// Why the installed system could not be laid out.
#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    /// More than an index can hold.
    #[error(transparent)]
    TooMuch(#[from] BuildError),
    /// A repository's index is damaged.
    #[error(transparent)]
    Damaged(#[from] FormatError),
    /// A repository's index cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Reads a list from a file's bytes.
///
/// # Errors
/// As [`read_list`]; also the first line that is not UTF-8.
pub fn read_bytes(bytes: &[u8]) -> Result<Vec<InstalledPackage>, ListError> {
    read_list(std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let text = bytes[start..].split(|byte| *byte == b'\n').next().unwrap_or_default();
        ListError {
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            problem: String::from("not UTF-8"),
            text: excerpt(&String::from_utf8_lossy(text)),
        }
    })?)
}

/// As much of a text as a message can bear.
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Reads a list.
///
/// # Errors
/// The first line that is no NEVRA or has a provide that is no dependency.
pub fn read_list(text: &str) -> Result<Vec<InstalledPackage>, ListError> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fail = |problem: String, text: &str| ListError {
            line: number + 1,
            problem,
            text: excerpt(text),
        };
        let (nevra, provides) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        // rpm's epochs are numbers; a colon anywhere else is none of a version's letters.
        let sound = |evr: &Evr<'_>| {
            evr.epoch.bytes().all(|byte| byte.is_ascii_digit()) && !evr.version.contains(':')
        };
        let Some(parsed) = Nevra::parse(nevra).filter(|parsed| sound(&parsed.evr)) else {
            return Err(fail("not NAME-[EPOCH:]VERSION-RELEASE.ARCH".into(), nevra));
        };
        let (reason, provides) = match provides.trim_start().strip_prefix('!') {
            None => (InstallReason::Unknown, provides),
            Some(rest) => {
                let (word, provides) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                let reason = match word {
                    "user" => InstallReason::User,
                    "group" => InstallReason::Group,
                    "dependency" => InstallReason::Dependency,
                    "weak" => InstallReason::Weak,
                    _ => return Err(fail("no reason to be installed".into(), word)),
                };
                (reason, provides)
            }
        };
        let provides = provides
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(|word| Dependency::parse(word).map_err(|error| fail(error.to_string(), word)))
            .collect::<Result<_, _>>()?;
        let Evr { epoch, version, release } = parsed.evr;
        found.push(InstalledPackage {
            name: parsed.name.to_owned(),
            evr: Evr::join(epoch, version, release.unwrap_or("")),
            arch: parsed.arch.to_owned(),
            statements: Statements::LookUp { provides },
            reason,
        });
    }
    Ok(found)
}

/// The installed packages as an index, none twice, by name and then in the order of the list, as libdnf numbers those of rpm's
/// database; and why each of them is there, in the same order.
///
/// # Errors
/// Where it is too much for an index, or a repository's index is damaged.
pub(crate) fn system_index(
    packages: &[InstalledPackage],
    repos: &[(RepoOptions, Hot<'_>)],
) -> Result<(Vec<u8>, Vec<InstallReason>), SystemError> {
    let available = Universe::new(None, repos.to_vec(), "noarch")?;
    let mut builder = HotBuilder::default();
    let mut paths: Vec<(u32, TextId)> = Vec::new();
    let mut reasons = Vec::with_capacity(packages.len());
    let mut seen = HashSet::new();
    let mut packages: Vec<&InstalledPackage> = packages.iter().collect();
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    let asked = asked_paths(&packages, repos);
    for package in packages {
        if !seen.insert((&package.name, &package.evr, &package.arch)) {
            continue;
        }
        builder.package(&package.name, &package.evr, &package.arch)?;
        reasons.push(package.reason);
        describe(&mut builder, package, &mut paths, |path| asked.contains(path));
        if matches!(package.statements, Statements::Known { .. }) {
            continue;
        }
        let Some((repo, local)) = find(&available, package) else { continue };
        let hot = &available.repo(repo).hot;
        for kind in RelationKind::ALL {
            for dep in available.statements(available.package(repo, local), kind) {
                match available.simple(dep) {
                    Some(simple) if simple.file => {
                        let path = available.sound(hot.names.get(simple.name), "NAMS");
                        let path = builder.name(path);
                        paths.push((builder.packages() - 1, path));
                    }
                    _ => builder.statement(kind, &hot.dependency(dep.dep)?),
                }
            }
        }
    }
    builder.files(&mut paths);
    Ok((builder.finish()?.to_bytes([0; 32])?, reasons))
}

/// Adds what a package states to the package that was added last, and those of its paths that are asked for to `paths`.
pub(super) fn describe(
    builder: &mut HotBuilder,
    package: &InstalledPackage,
    paths: &mut Vec<(u32, TextId)>,
    is_asked: impl Fn(&str) -> bool,
) {
    let InstalledPackage { name, evr, statements, .. } = package;
    builder.simple(RelationKind::Provides, name, Relation::EQ, evr);
    match statements {
        Statements::LookUp { provides } => {
            for provide in provides {
                builder.statement(RelationKind::Provides, provide);
            }
        }
        Statements::Known { relations, files, to_install } => {
            let own = Reldep { name: name.clone(), relation: Relation::EQ, evr: evr.clone() };
            let own = Dependency::Simple(own);
            for (kind, stated) in relations {
                if (*kind, stated) != (RelationKind::Provides, &own) {
                    builder.statement(*kind, stated);
                }
            }
            to_install.iter().for_each(|requirement| builder.only_to_install(requirement));
            for path in files.iter().filter(|path| is_asked(path)) {
                let path = builder.name(path);
                paths.push((builder.packages() - 1, path));
            }
        }
    }
}

/// The paths that anybody may ask for: those that repositories know, and those that installed packages name. The others,
/// nearly all, are nothing to a solver.
fn asked_paths<'t>(
    packages: &[&'t InstalledPackage],
    repos: &[(RepoOptions, Hot<'t>)],
) -> HashSet<Cow<'t, str>> {
    let mut asked = HashSet::new();
    for (_, hot) in repos {
        let paths = hot.names.prefix("/").filter_map(|name| hot.names.get(name));
        asked.extend(paths.map(Cow::Borrowed));
    }
    for package in packages {
        let Statements::Known { relations, .. } = &package.statements else { continue };
        for (_, dependency) in relations {
            match dependency {
                Dependency::Simple(simple) if simple.name.starts_with('/') => {
                    asked.insert(Cow::Borrowed(simple.name.as_str()));
                }
                Dependency::Simple(_) => {}
                rich => {
                    let text = rich.to_string();
                    let words = text.split(['(', ')', ' ']).filter(|word| word.starts_with('/'));
                    asked.extend(words.map(|word| Cow::Owned(word.to_owned())));
                }
            }
        }
    }
    asked
}

/// The same package in a repository: repository number and package id there.
fn find(universe: &Universe<'_>, package: &InstalledPackage) -> Option<(u32, u32)> {
    (0..universe.repos().len() as u32).find_map(|repo| {
        let name = universe.find_name(repo, &package.name)?;
        let same = |local: &u32| {
            let id = universe.package(repo, *local);
            Evr::parse(universe.evr_text(id)) == Evr::parse(&package.evr)
                && universe.arch_text(id) == package.arch
        };
        let locals = universe.sound(universe.repo(repo).hot.packages.of_name(name.name), "NMPK");
        locals.iter().map(|local| local.get()).find(same).map(|local| (repo, local))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let list = read_list(
            "# mine\n\nbash-0:5.1-2.el9.x86_64\nfoo-1-2.noarch  bar = 3, libx.so.1()(64bit)\n",
        )
        .unwrap();
        assert_eq!(list.len(), 2);
        assert_eq!((list[0].evr.as_str(), provides(&list[1])), ("5.1-2.el9", 2));
        let error = read_list("bash-0:5.1-2.el9.x86_64\nnonsense\n").unwrap_err();
        assert_eq!((error.line, error.text.as_str()), (2, "nonsense"));
        assert!(read_list("foo-1-2.noarch (a or\n").is_err());
    }

    fn provides(package: &InstalledPackage) -> usize {
        match &package.statements {
            Statements::LookUp { provides } => provides.len(),
            Statements::Known { .. } => panic!("a list knows no statements"),
        }
    }

    fn wrong(bytes: &[u8]) -> (usize, String, String) {
        let error = read_bytes(bytes).unwrap_err();
        (error.line, error.problem, error.text)
    }

    #[test]
    fn bytes_that_are_no_text() {
        let line = |bytes: &[u8]| wrong(bytes).0;
        assert_eq!(line(b"\xff"), 1);
        assert_eq!(line(b"a-1-1.noarch\n\nb-1-1.noarch\xe9\nc"), 3);
        let (_, problem, text) = wrong(b"a-1-1.noarch\ncaf\xe9-1-1.noarch\n");
        assert_eq!((problem.as_str(), text.as_str()), ("not UTF-8", "caf\u{fffd}-1-1.noarch"));
        assert_eq!(line("\0\n".as_bytes()), 1);
        assert_eq!(read_bytes(b"").unwrap(), []);
        assert_eq!(read_bytes("\r\n # x\r\na-1-1.noarch\r\n".as_bytes()).unwrap().len(), 1);
    }

    #[test]
    fn garbage() {
        for text in [
            "-",
            ".",
            "a",
            "a-1",
            "a-1-1",
            "a-1-1.",
            "-1-1.noarch",
            "a--1.noarch",
            "a-1-.noarch",
            "a-x:1-1.noarch",
        ] {
            let error = read_list(text).unwrap_err();
            assert_eq!((error.line, error.text.as_str()), (1, text), "{text}");
        }
        for provides in ["(", "()", "a >", "a >= ", "(a or)", "= 1"] {
            let line = format!("a-1-1.noarch {provides}");
            assert!(read_list(&line).is_err(), "{line}");
        }
        assert_eq!(provides(&read_list("a-1-1.noarch ,, ,").unwrap()[0]), 0);
    }

    #[test]
    fn a_long_line_is_told_short() {
        let long = "é".repeat(5 << 20);
        let (line, _, text) = wrong(long.as_bytes());
        assert_eq!((line, text.chars().count()), (1, 121));
        let named = format!("{long}-1-1.noarch");
        assert_eq!(read_list(&named).unwrap()[0].name, long);
        let nested = format!("a-1-1.noarch {}", "(".repeat(10 << 20));
        assert!(wrong(nested.as_bytes()).2.len() < 200);
        let many = "a-1-1.noarch ".to_owned() + &"b,".repeat(1 << 20);
        assert_eq!(provides(&read_list(&many).unwrap()[0]), 1 << 20);
    }

    #[test]
    fn what_is_listed_twice_is_there_once() {
        let list = read_list(
            "b-1-1.noarch\na-0:1-1.noarch\na-1-1.noarch x\na-1-1.x86_64\na-1:1-1.noarch\n",
        )
        .unwrap();
        assert_eq!(list.len(), 5);
        let (bytes, _) = system_index(&list, &[]).unwrap();
        let hot = Hot::open(&bytes).unwrap();
        let count = hot.packages.len() as u32;
        let nevras: Vec<String> = (0..count).map(|id| hot.nevra(id).unwrap().to_string()).collect();
        assert_eq!(
            nevras,
            ["a-0:1-1.noarch", "a-0:1-1.x86_64", "a-1:1-1.noarch", "b-0:1-1.noarch"]
        );
    }
}
