//! rpms.lock.yaml: the files that a build downloads, pinned.
//!
//! The shape is that of rpm-lockfile-prototype (konflux-ci), which writes such files, and of hermeto, which downloads what
//! they name; it was read off `rpm_lockfile/__init__.py` of the one and the model in `package_managers/rpm/redhat.py` of the
//! other.
//!
//! ```yaml
//! ---
//! lockfileVersion: 1
//! lockfileVendor: redhat
//! arches:
//! - arch: x86_64
//!   packages:
//!   - url: https://mirror.example.org/baseos/Packages/bash-5.1.8-2.el9.x86_64.rpm
//!     repoid: baseos
//!     size: 1816000
//!     checksum: sha256:aa30…
//!     name: bash
//!     evr: 5.1.8-2.el9
//!     sourcerpm: bash-5.1.8-2.el9.src.rpm
//!   source:
//!   - url: https://mirror.example.org/baseos-source/Packages/bash-5.1.8-2.el9.src.rpm
//!     repoid: baseos-source
//!     size: 10512000
//!     checksum: sha256:5b02…
//!     name: bash
//!     evr: 5.1.8-2.el9
//!   module_metadata: []
//! ```
//!
//! | member | meaning |
//! |---|---|
//! | `lockfileVersion`, `lockfileVendor` | always 1 and `redhat` |
//! | `arches` | one entry an architecture, sorted |
//! | `packages` | what is installed, sorted by `url`, none twice |
//! | `source` | the source packages of these, as far as a repository has them, sorted likewise |
//! | `module_metadata` | `url`, `repoid`, `size` and `checksum` of the modules document, as stored, of every repository with a package in `packages` that a module lists |
//! | `size`, `checksum` | of the file, in bytes; `ALGORITHM:DIGITS`, the algorithm as hawkey names it (`sha1`, not `sha`) |
//! | `evr` | `[EPOCH:]VERSION-RELEASE`, an epoch of 0 left out |
//! | `sourcerpm` | file name of the source package; left out where there is none |
//!
//! A reader asks for `lockfileVersion`, `lockfileVendor`, `arches`, `arch` and `url`, of module metadata for `repoid` as well; the
//! rest may be missing, and members that it does not know are passed over.

use serde::{Deserialize, Serialize};

/// The only version.
pub const LOCK_VERSION: u32 = 1;
/// The only vendor.
pub const LOCK_VENDOR: &str = "redhat";

/// An rpms.lock.yaml.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RpmsLock {
    /// Version of the shape.
    #[serde(rename = "lockfileVersion")]
    pub version: u32,
    /// Who defines the shape.
    #[serde(rename = "lockfileVendor")]
    pub vendor: String,
    /// By architecture.
    pub arches: Vec<LockArch>,
}

impl RpmsLock {
    /// A file of these architectures, everything in it in order.
    pub fn new(mut arches: Vec<LockArch>) -> Self {
        arches.sort_by(|a, b| a.arch.cmp(&b.arch));
        for arch in &mut arches {
            for list in [&mut arch.packages, &mut arch.source, &mut arch.module_metadata] {
                list.sort();
                list.dedup();
            }
        }
        RpmsLock { version: LOCK_VERSION, vendor: LOCK_VENDOR.to_owned(), arches }
    }
}

/// What one architecture takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockArch {
    /// The architecture, as rpm names it.
    pub arch: String,
    /// Binary packages.
    #[serde(default)]
    pub packages: Vec<LockFile>,
    /// Source packages.
    #[serde(default)]
    pub source: Vec<LockFile>,
    /// Modules documents of repositories.
    #[serde(default)]
    pub module_metadata: Vec<LockFile>,
}

/// One file to download.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LockFile {
    /// Where from.
    pub url: String,
    /// Id of its repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repoid: Option<String>,
    /// Its bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Its checksum, `ALGORITHM:DIGITS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<String>,
    /// Of a package: its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Of a package: its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evr: Option<String>,
    /// Of a binary package: the file name of its source package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sourcerpm: Option<String>,
}

/// A checksum as lock files write it; `kind` as repodata names it.
pub fn checksum(kind: &str, digits: &str) -> String {
    let kind = if kind == "sha" { "sha1" } else { kind };
    [kind, ":", &digits.to_ascii_lowercase()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_order_and_none_twice() {
        let file =
            |url: &str, size| LockFile { url: url.into(), size: Some(size), ..LockFile::default() };
        let arch = |arch: &str| LockArch {
            arch: arch.into(),
            packages: vec![file("b", 1), file("a", 2), file("b", 1), file("a", 1)],
            ..LockArch::default()
        };
        let lock = RpmsLock::new(vec![arch("x86_64"), arch("aarch64")]);
        assert_eq!(lock.arches[0].arch, "aarch64");
        assert_eq!(lock.arches[1].packages, [file("a", 1), file("a", 2), file("b", 1)]);
        assert_eq!(checksum("sha", "AB"), "sha1:ab");
    }
}
