//! An installed package, from its header.

use crate::state::words;
use modex_formats::index::section::relations::RelationKind;
use modex_formats::rpm::header::lossy;
use modex_formats::rpm::{Dependency, Evr, Header, HeaderError, Relation, Reldep};
use modex_resolver::system::installed::{InstallReason, InstalledPackage, Statements};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// More bytes of paths than this in one package are refused.
const MAX_PATHS: usize = 256 << 20;

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const INSTALL_TIME: u32 = 1008;
const SIZE: u32 = 1009;
const VENDOR: u32 = 1011;
const ARCH: u32 = 1022;
const SOURCE_RPM: u32 = 1044;
const NO_SOURCE: u32 = 1051;
const NO_PATCH: u32 = 1052;
const SOURCE_PACKAGE: u32 = 1106;
const DIR_INDEXES: u32 = 1116;
const BASE_NAMES: u32 = 1117;
const DIR_NAMES: u32 = 1118;
const LONG_SIZE: u32 = 5009;

/// The tags of names, versions and flags of each kind of dependency.
const RELATIONS: [(RelationKind, [u32; 3]); 8] = [
    (RelationKind::Requires, [1049, 1050, 1048]),
    (RelationKind::Provides, [1047, 1113, 1112]),
    (RelationKind::Conflicts, [1054, 1055, 1053]),
    (RelationKind::Obsoletes, [1090, 1115, 1114]),
    (RelationKind::Recommends, [5046, 5047, 5048]),
    (RelationKind::Suggests, [5049, 5050, 5051]),
    (RelationKind::Supplements, [5052, 5053, 5054]),
    (RelationKind::Enhances, [5055, 5056, 5057]),
];

/// Flags of a requirement: of scripts while installing (`pre`, `post`), and of any that runs later (`preun`, `postun`, and
/// the old word for all four).
const TO_INSTALL: u32 = 1 << 9 | 1 << 10;
const LATER: u32 = 1 << 6 | 1 << 11 | 1 << 12;

/// An installed package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version, epoch left out where 0.
    pub evr: String,
    /// Its architecture; `src` or `nosrc` for an installed source package.
    pub arch: String,
    /// Its number in rpm's database: the order of installing.
    pub number: u32,
    /// When it was installed, in seconds since 1970.
    #[serde(default)]
    pub installed: u64,
    /// What its files take, in bytes.
    #[serde(default)]
    pub size: u64,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// The module that it was built for, `NAME:STREAM:VERSION:CONTEXT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modularity_label: Option<String>,
    /// Why it is there, as dnf remembers.
    #[serde(default, with = "words::reason")]
    pub reason: InstallReason,
    /// Its dependencies by kind, in the order of its header.
    #[serde(default, with = "words::relations")]
    pub relations: Vec<(RelationKind, Dependency)>,
    /// Those of its requirements that only scripts needed while it was installed.
    #[serde(default, with = "words::dependencies", skip_serializing_if = "Vec::is_empty")]
    pub requires_to_install: Vec<Dependency>,
    /// The paths that it owns, sorted.
    #[serde(default, with = "words::files")]
    pub files: Vec<String>,
}

impl Package {
    /// Reads a header; `None` for a key (`gpg-pubkey`), which rpm keeps among the packages. What is passed over as libsolv passes it
    /// over is told to `note`.
    pub(crate) fn read(
        header: &Header<'_>,
        number: u32,
        note: &mut impl FnMut(String),
    ) -> Result<Option<Self>, HeaderError> {
        let text = |tag| header.text(tag)?.ok_or(HeaderError::Missing(tag));
        let name = text(NAME)?;
        if name == "gpg-pubkey" {
            return Ok(None);
        }
        let epoch = header.number(EPOCH)?.unwrap_or(0);
        let evr = Evr::join(&epoch.to_string(), &text(VERSION)?, &text(RELEASE)?);
        let arch = if header.has(SOURCE_RPM) || !header.has(SOURCE_PACKAGE) {
            header.text(ARCH)?.unwrap_or_else(|| "noarch".into())
        } else if header.has(NO_SOURCE) || header.has(NO_PATCH) {
            "nosrc".into()
        } else {
            "src".into()
        };
        let mut relations = Vec::new();
        for (kind, tags) in RELATIONS {
            if !read_relations(header, kind, tags, &mut relations)? {
                note(format!(
                    "the {} of {name}-{evr}.{arch} are damaged; they are passed over",
                    kind.word()
                ));
            }
        }
        Ok(Some(Package {
            installed: header.number(INSTALL_TIME)?.unwrap_or(0).into(),
            size: match header.long(LONG_SIZE)? {
                Some(size) => size,
                None => header.number(SIZE)?.unwrap_or(0).into(),
            },
            vendor: header.text(VENDOR)?,
            modularity_label: header.modularity_label()?,
            reason: InstallReason::Unknown,
            requires_to_install: to_install(header)?,
            files: read_files(header)?,
            name,
            evr,
            arch,
            number,
            relations,
        }))
    }

    /// The package as the resolver takes it.
    pub fn into_installed(self) -> InstalledPackage {
        let Package { name, evr, arch, reason, relations, requires_to_install, files, .. } = self;
        InstalledPackage {
            name,
            evr,
            arch,
            reason,
            statements: Statements::Known { relations, files, to_install: requires_to_install },
        }
    }
}

/// Reads the dependencies of one kind; false where names, versions and flags are not equally many: then there are none.
fn read_relations(
    header: &Header<'_>,
    kind: RelationKind,
    [names, versions, flags]: [u32; 3],
    into: &mut Vec<(RelationKind, Dependency)>,
) -> Result<bool, HeaderError> {
    let (tag, names) = (names, header.texts(names)?);
    let (versions, flags) = (header.texts(versions)?, header.numbers(flags)?);
    let count = names.promised();
    if count != versions.promised() || count != flags.len() {
        return Ok(count == 0);
    }
    let before = into.len();
    let mut dropped = 0;
    for ((name, version), flags) in names.zip(versions).zip(flags) {
        match dependency(&lossy(name), &lossy(version), flags) {
            Some(dependency) => into.push((kind, dependency)),
            None => dropped += 1,
        }
    }
    match into.len() - before + dropped == count {
        true => Ok(true),
        false => Err(HeaderError::Tag(tag)),
    }
}

/// The requirements that only scripts needed while the package was installed, wherever they are stated: libsolv's
/// `SOLVABLE_PREREQ_IGNOREINST`. Boolean ones are never among them.
fn to_install(header: &Header<'_>) -> Result<Vec<Dependency>, HeaderError> {
    let (_, [names, versions, flags]) = RELATIONS[0];
    let flags: Vec<u32> = header.numbers(flags)?.collect();
    if flags.iter().all(|flags| flags & TO_INSTALL == 0) {
        return Ok(Vec::new());
    }
    let (names, versions) = (header.texts(names)?, header.texts(versions)?);
    let stated = names.zip(versions).zip(flags).filter_map(|((name, version), flags)| {
        let dependency = dependency(&lossy(name), &lossy(version), flags)?;
        let is_past = flags & TO_INSTALL != 0 && flags & LATER == 0;
        Some((dependency, is_past))
    });
    let stated: Vec<(Dependency, bool)> = stated.collect();
    let needed = stated.iter().filter(|(_, past)| !past).map(|(it, _)| it);
    // What was found is passed over from then on, as what is needed is.
    let mut passed_over: HashSet<&Dependency> = needed.collect();
    let past = stated.iter().filter(|(it, past)| *past && matches!(it, Dependency::Simple(_)));
    let found = past.map(|(it, _)| it).filter(|it| passed_over.insert(it));
    Ok(found.cloned().collect())
}

/// A dependency from its name, version and flags (bit 1 less, 2 greater, 3 equal; the others do not matter to an answer); `None` for a
/// boolean one that cannot be read, which libsolv drops.
fn dependency(name: &str, version: &str, flags: u32) -> Option<Dependency> {
    let senses = (flags >> 1) & 7;
    if senses == 0 && name.starts_with('(') {
        return Dependency::parse(name).ok();
    }
    // The index's bits: 1 greater, 2 equal, 4 less.
    let [less, greater, equal] = [senses & 1, (senses >> 1) & 1, (senses >> 2) & 1];
    let bits = (greater | equal << 1 | less << 2) as u8;
    // All three, and less or greater, are relations that nobody writes: any version meets them.
    let relation =
        Relation::from_bits(bits).filter(|_| !version.is_empty()).unwrap_or(Relation::ANY);
    let evr = match relation {
        Relation::ANY => String::new(),
        _ => {
            version.strip_prefix("0:").filter(|rest| !rest.is_empty()).unwrap_or(version).to_owned()
        }
    };
    Some(Dependency::Simple(Reldep { name: name.to_owned(), relation, evr }))
}

/// The paths of a package: a folder and a name for each.
fn read_files(header: &Header<'_>) -> Result<Vec<String>, HeaderError> {
    let folders: Vec<_> = header.texts(DIR_NAMES)?.map(lossy).collect();
    let (names, indexes) = (header.texts(BASE_NAMES)?, header.numbers(DIR_INDEXES)?);
    if names.promised() != indexes.len() {
        return Err(HeaderError::Tag(BASE_NAMES));
    }
    let mut files = Vec::with_capacity(indexes.len());
    let mut bytes = 0;
    for (name, folder) in names.zip(indexes) {
        let Some(folder) = folders.get(folder as usize) else { continue };
        let name = lossy(name);
        let path = [folder, name.trim_start_matches('/')].concat();
        bytes += path.len();
        if bytes > MAX_PATHS {
            return Err(HeaderError::TooMuch(BASE_NAMES));
        }
        files.push(path);
    }
    files.sort_unstable();
    files.dedup();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_installing_needed() {
        let mut header = modex_fixtures::HeaderBytes::default();
        let (pre, post, preun, old) = (1 << 9, 1 << 10, 1 << 11, 1 << 6);
        let stated = [
            ("by-pre", pre),
            ("by-post", post | 1 << 3),
            ("by-both", pre | post),
            ("later-too", post | preun),
            ("old-word", old | pre),
            ("always", 0),
            ("twice", pre),
            ("twice", 0),
            ("twice-before", pre),
            ("twice-before", post),
            ("(rich or not)", pre),
        ];
        let flags = stated.map(|(_, flags)| flags);
        header.texts(1049, &stated.map(|(name, _)| name));
        header.texts(1050, &stated.map(|(_, flags)| if flags & 8 == 0 { "" } else { "0:2" }));
        header.numbers(1048, &flags);
        let bytes = header.finish();
        let found = to_install(&Header::parse(&bytes).unwrap()).unwrap();
        let texts: Vec<String> = found.iter().map(Dependency::to_string).collect();
        assert_eq!(texts, ["by-pre", "by-post = 2", "by-both", "twice-before"]);
    }

    #[test]
    fn dependencies() {
        for (name, version, flags, text) in [
            ("a", "", 0, Some("a")),
            ("a", "0:1-2", 1 << 3, Some("a = 1-2")),
            ("a", "1", 1 << 3 | 1 << 2 | 1 << 9, Some("a >= 1")),
            ("a", "1", 1 << 1, Some("a < 1")),
            ("a", "1", 0, Some("a")),
            ("a", "", 1 << 3, Some("a")),
            ("rpmlib(X)", "4.0-1", 1 << 24 | 1 << 3 | 1 << 1, Some("rpmlib(X) <= 4.0-1")),
            ("(a or b >= 2)", "", 1 << 27, Some("(a or b >= 2)")),
            ("(a or", "", 0, None),
        ] {
            let found = dependency(name, version, flags);
            assert_eq!(
                found,
                text.map(|text| Dependency::parse(text).unwrap()),
                "{name} {version}"
            );
        }
    }
}
