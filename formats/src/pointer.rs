//! The pointer: which index files belong to which state of a repository.
//!
//! A small JSON document, less than 1 KiB an architecture, that repomd.xml lists as a record of type `modex`. It is the
//! only file of ours that a client has to ask for again; what it names never changes under its name.
//!
//! ```json
//! {
//!   "modex": 1,
//!   "generator": "modex-publish 0.1.0",
//!   "revision": "1700000000",
//!   "sources": { "primary": { "type": "sha256", "value": "2f1a…" } },
//!   "architectures": {
//!     "x86_64": {
//!       "source": "77aa…",
//!       "packages": 63440,
//!       "modules": 0,
//!       "hot":  { "name": "5be1…-modex-x86_64.hot",  "size": 9622171, "sha256": "5be1…" },
//!       "warm": { "name": "c0d2…-modex-x86_64.warm", "size": 2665472, "sha256": "c0d2…" },
//!       "cold": { "name": "91f0…-modex-x86_64.cold", "size": 6021847, "sha256": "91f0…" }
//!     }
//!   }
//! }
//! ```
//!
//! | member | type | meaning |
//! |---|---|---|
//! | `modex` | number | version of this schema, 1. Stands for "one of ours" too: a document without it is not |
//! | `generator` | text | program and version that wrote it; for people |
//! | `revision` | text | the `revision` of repomd.xml; empty where it has none |
//! | `sources` | object | by record type of repomd.xml (`primary`, `filelists`, `modules`, `group` or a compressed `group_…`): type and value of the checksum of every document that any of the indexes was made from |
//! | `architectures` | object | by architecture. `noarch` stands there alone, for a repository that has nothing else, and then serves every architecture |
//! | `source` | text | the source digest in the headers of its three files, 64 lower-case hexadecimal digits |
//! | `packages`, `modules` | number | packages and module stream documents in the hot file |
//! | `hot`, `warm`, `cold` | object | `name`: file name in the folder of the pointer; `size` in bytes; `sha256`: 64 lower-case hexadecimal digits, of the whole file |
//!
//! A reader passes over members that it does not know. A `modex` above 1 means that a member above no longer means the
//! same, or is gone.

use crate::index::FormatError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The newest schema that this crate writes and reads.
pub const POINTER_VERSION: u32 = 1;

/// A longer document is none of ours.
pub const MAX_BYTES: usize = 1 << 20;

/// The type of the record in repomd.xml.
pub const RECORD_TYPE: &str = "modex";

/// A pointer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// Version of the schema.
    #[serde(rename = "modex")]
    pub version: u32,
    /// Program and version that wrote it.
    pub generator: String,
    /// The repository's revision; empty where it states none.
    #[serde(default)]
    pub revision: String,
    /// What the indexes were made from, by record type.
    pub sources: BTreeMap<String, SourceChecksum>,
    /// The indexes, by architecture.
    pub architectures: BTreeMap<String, ArchitectureIndex>,
}

/// A checksum as repomd.xml states it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceChecksum {
    /// Kind of checksum, such as `sha256`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Hexadecimal digits, as stated.
    pub value: String,
}

/// The index of one architecture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchitectureIndex {
    /// Source digest of the three files, in hexadecimal digits.
    pub source: String,
    /// Number of packages.
    pub packages: u64,
    /// Number of module stream documents.
    pub modules: u64,
    /// The hot file.
    pub hot: IndexFile,
    /// The warm file.
    pub warm: IndexFile,
    /// The cold file.
    pub cold: IndexFile,
}

impl ArchitectureIndex {
    /// The three files: hot, warm, cold.
    pub fn files(&self) -> [&IndexFile; 3] {
        [&self.hot, &self.warm, &self.cold]
    }
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexFile {
    /// File name in the folder of the pointer.
    pub name: String,
    /// Length in bytes.
    pub size: u64,
    /// Digest of the whole file, in hexadecimal digits.
    pub sha256: String,
}

impl Pointer {
    /// Reads a pointer and checks what it says: version, digests, and that file names are plain names, so that no
    /// pointer leads out of its folder.
    ///
    /// # Errors
    /// [`FormatError::NotOurs`] where it is no JSON object with the member `modex`, [`FormatError::TooNew`],
    /// [`FormatError::Damaged`] with the member that does not hold.
    ///
    /// # Example
    /// ```
    /// use modex_formats::{Pointer, index::FormatError};
    ///
    /// assert_eq!(Pointer::parse(b"<repomd/>"), Err(FormatError::NotOurs));
    /// assert!(matches!(Pointer::parse(br#"{"modex":2}"#), Err(FormatError::TooNew { .. })));
    /// assert!(matches!(Pointer::parse(br#"{"modex":1}"#), Err(FormatError::Damaged { .. })));
    /// let empty = br#"{"modex":1,"generator":"x","sources":{},"architectures":{},"later":true}"#;
    /// assert!(Pointer::parse(empty)?.architectures.is_empty());
    /// # Ok::<_, FormatError>(())
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        #[derive(Deserialize)]
        struct Versioned {
            modex: serde_json::Value,
        }
        // serde would read a struct from an array as well.
        let is_object = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if bytes.len() > MAX_BYTES || !is_object {
            return Err(FormatError::NotOurs);
        }
        let versioned: Versioned =
            serde_json::from_slice(bytes).map_err(|_| FormatError::NotOurs)?;
        if versioned.modex != POINTER_VERSION {
            return Err(match versioned.modex.as_u64() {
                Some(found) if found > u64::from(POINTER_VERSION) => FormatError::TooNew {
                    found: found.to_string(),
                    supported: POINTER_VERSION as u16,
                },
                _ => FormatError::damaged("pointer", "a schema version that never was"),
            });
        }
        let pointer: Pointer = serde_json::from_slice(bytes)
            .map_err(|error| FormatError::damaged("pointer", error.to_string()))?;
        pointer.check()?;
        Ok(pointer)
    }

    fn check(&self) -> Result<(), FormatError> {
        for (arch, index) in &self.architectures {
            let fail = |what: &str| Err(FormatError::damaged(format!("pointer, {arch}"), what));
            if !is_digest(&index.source) {
                return fail("the source digest is not 64 hexadecimal digits");
            }
            for file in index.files() {
                if !is_plain_name(&file.name) {
                    return fail("a file name is not a plain name");
                }
                if !is_digest(&file.sha256) {
                    return fail("the digest of a file is not 64 hexadecimal digits");
                }
            }
        }
        Ok(())
    }

    /// The document's bytes: one line of JSON, members in the order of the schema, maps sorted by key.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Cannot fail: texts and numbers in structs and maps with text keys.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// Whether a text is a SHA-256 digest as we write them.
pub fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a text is a file name without a path: ASCII letters, digits, `-`, `_`, `.`, not starting with a dot.
fn is_plain_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !text.is_empty() && text.len() <= 255 && !text.starts_with('.') && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Pointer {
        let file = |end: &str| IndexFile {
            name: format!("{}-modex-x86_64.{end}", "0a".repeat(32)),
            size: u64::MAX,
            sha256: "0a".repeat(32),
        };
        let index = ArchitectureIndex {
            source: "0b".repeat(32),
            packages: 4_000_000,
            modules: 100_000,
            hot: file("hot"),
            warm: file("warm"),
            cold: file("cold"),
        };
        let checksum = || SourceChecksum { kind: "sha256".into(), value: "0c".repeat(32) };
        Pointer {
            version: POINTER_VERSION,
            generator: "modex-publish 0.1.0".into(),
            revision: "1700000000".into(),
            sources: [("primary".into(), checksum()), ("modules".into(), checksum())].into(),
            architectures: [("x86_64".into(), index)].into(),
        }
    }

    #[test]
    fn round_trip_in_less_than_a_kibibyte() {
        let bytes = sample().to_bytes();
        assert!(bytes.len() < 1200 && bytes.starts_with(br#"{"modex":1,"#), "{}", bytes.len());
        assert_eq!(Pointer::parse(&bytes).unwrap(), sample());
        let one = serde_json::to_vec(&sample().architectures).unwrap();
        assert!(one.len() < 1024, "{} bytes an architecture", one.len());
    }

    #[test]
    fn a_pointer_leads_nowhere_else() {
        for name in ["../x", "/etc/passwd", "a/b", "", ".hidden", "a\\b", "a:b", "ä"] {
            let mut pointer = sample();
            pointer.architectures.get_mut("x86_64").unwrap().warm.name = name.into();
            let error = Pointer::parse(&pointer.to_bytes()).unwrap_err();
            assert!(error.to_string().contains("plain name"), "{name}: {error}");
        }
        for spoil in [
            |index: &mut ArchitectureIndex| index.source.make_ascii_uppercase(),
            |index: &mut ArchitectureIndex| index.cold.sha256.clear(),
        ] {
            let mut pointer = sample();
            spoil(pointer.architectures.get_mut("x86_64").unwrap());
            assert!(matches!(
                Pointer::parse(&pointer.to_bytes()),
                Err(FormatError::Damaged { .. })
            ));
        }
    }

    #[test]
    fn four_states_of_a_pointer() {
        for (text, want) in [
            ("", "not a modex"),
            ("[1]", "not a modex"),
            ("{}", "not a modex"),
            (r#"{"modex":0}"#, "never was"),
            (r#"{"modex":"1"}"#, "never was"),
            (r#"{"modex":3}"#, "format 3"),
            (r#"{"modex":1,"generator":7}"#, "damaged"),
        ] {
            let error = Pointer::parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(want), "{text}: {error}");
        }
    }
}
