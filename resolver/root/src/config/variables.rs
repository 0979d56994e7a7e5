//! `$releasever`, `$basearch`, `$arch` and the variables of the root.

use super::LIMIT;
use crate::error::{Note, RootError};
use crate::inside::Root;
use crate::rpmdb::Package;
use modex_formats::index::section::relations::RelationKind;
use modex_formats::rpm::{Dependency, Evr, Relation};
use std::collections::BTreeMap;

/// Who provides one of these is the release; the first that anybody provides counts.
const RELEASE: [&str; 6] = [
    "system-release(releasever)",
    "system-release",
    "distribution-release(releasever)",
    "distribution-release",
    "redhat-release",
    "suse-release",
];

/// The variables of a root: those given count most, then files in `folders` (the later the more), then what the
/// architecture and `release`, the installed release, say.
pub(crate) fn variables(
    root: &Root,
    folders: &[String],
    arch: Option<&str>,
    release: Option<&str>,
    given: &BTreeMap<String, String>,
    notes: &mut Vec<Note>,
) -> Result<BTreeMap<String, String>, RootError> {
    let mut variables = BTreeMap::new();
    if let Some(arch) = arch {
        variables.insert("arch".to_owned(), arch.to_owned());
        variables.insert("basearch".to_owned(), base(arch).to_owned());
    }
    for folder in folders {
        for name in root.names(folder)? {
            let path = format!("{folder}/{name}");
            match root.read(&path, LIMIT) {
                Ok(Some(bytes)) => {
                    let text = String::from_utf8_lossy(&bytes);
                    let value = text.split('\n').next().unwrap_or_default();
                    variables.insert(name, value.to_owned());
                }
                Ok(None) => {}
                // A folder among the files is none of them.
                Err(_) if root.path(&path).is_ok_and(|path| path.is_dir()) => {}
                Err(error) => notes.push(super::passed_over(&path, &error)),
            }
        }
    }
    if !variables.contains_key("releasever")
        && let Some(release) = release
    {
        variables.insert("releasever".to_owned(), release.to_owned());
    }
    variables.extend(given.clone());
    Ok(variables)
}

/// The version of the system's release: that of the provide where it is exact and not the package's own name, else that
/// of the package.
pub(crate) fn release(packages: &[Package]) -> Option<String> {
    RELEASE.iter().find_map(|wanted| {
        packages.iter().find_map(|package| {
            let provides = package
                .relations
                .iter()
                .filter(|(kind, _)| *kind == RelationKind::Provides)
                .find_map(|(_, provide)| match provide {
                    Dependency::Simple(simple) if simple.name == *wanted => Some(simple),
                    _ => None,
                })?;
            let is_exact = provides.relation == Relation::EQ && package.name != *wanted;
            Some(match is_exact {
                true => provides.evr.clone(),
                false => Evr::parse(&package.evr).version.to_owned(),
            })
        })
    })
}

/// What dnf calls the base architecture of a system's; itself where there is no other name.
pub(crate) fn base(arch: &str) -> &str {
    match arch {
        "alphaev4" | "alphaev45" | "alphaev5" | "alphaev56" | "alphaev6" | "alphaev67"
        | "alphaev68" | "alphaev7" | "alphapca56" => "alpha",
        "armv5tejl" | "armv5tel" | "armv5tl" | "armv6l" | "armv7l" | "armv8l" => "arm",
        "armv6hl" | "armv7hl" | "armv7hnl" | "armv8hl" => "armhfp",
        "athlon" | "geode" | "i486" | "i586" | "i686" => "i386",
        "ppc64iseries" | "ppc64p7" | "ppc64pseries" => "ppc64",
        "sh4a" => "sh4",
        "sparc64" | "sparc64v" | "sparcv8" | "sparcv9" | "sparcv9v" => "sparc",
        "amd64" | "ia32e" | "x86_64_v2" | "x86_64_v3" | "x86_64_v4" => "x86_64",
        other => other,
    }
}
