//! rpms.lock.yaml ([`modex_formats::lock`] has its shape) as YAML: read within limits, written in one style.

use crate::modulemd::{Node, within_limits};
use crate::source::Limits;
use modex_formats::lock::{LOCK_VENDOR, LOCK_VERSION, LockArch, LockFile, RpmsLock};
use serde::Deserialize;

/// Why a text is no lock file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// It costs more to read than its size, or is no text.
    #[error("{0}")]
    Refused(String),
    /// It is no YAML, or not of that shape. The message has the place.
    #[error("{0}")]
    Shape(String),
    /// It is of another version or vendor.
    #[error("its {member} is {found}, not {wanted}")]
    Unknown {
        /// The member.
        member: &'static str,
        /// What it says.
        found: String,
        /// What it would have to say.
        wanted: String,
    },
}

/// Reads a lock file, JSON included. It is held in memory together with what it says; [`Limits::yaml_document_bytes`] and the
/// other limits of YAML bound that, aliases are refused.
///
/// # Errors
/// Any [`LockError`].
pub fn read(bytes: &[u8], limits: &Limits) -> Result<RpmsLock, LockError> {
    let text = within_limits(bytes, limits).map_err(LockError::Refused)?;
    let read = RpmsLock::deserialize(serde_yaml::Deserializer::from_str(text));
    let lock = read.map_err(|error| LockError::Shape(error.to_string()))?;
    let unknown = |member, found: &dyn ToString, wanted: &dyn ToString| {
        Err(LockError::Unknown { member, found: found.to_string(), wanted: wanted.to_string() })
    };
    if lock.version != LOCK_VERSION {
        return unknown("lockfileVersion", &lock.version, &LOCK_VERSION);
    }
    if lock.vendor != LOCK_VENDOR {
        let found = format!("`{}`", lock.vendor.escape_debug());
        return unknown("lockfileVendor", &found, &format!("`{LOCK_VENDOR}`"));
    }
    Ok(lock)
}

/// Writes a lock file as it stands; [`RpmsLock::new`] puts it in order. Whatever some YAML reader could take for something
/// other than a text stands in double quotes.
///
/// ```
/// use modex_formats::lock::{LockArch, RpmsLock};
///
/// let lock = RpmsLock::new(vec![LockArch { arch: "x86_64".into(), ..LockArch::default() }]);
/// assert_eq!(
///     modex_generator::lock::to_yaml(&lock),
///     "---\nlockfileVersion: 1\nlockfileVendor: redhat\narches:\n- arch: x86_64\n  packages: []\n  source: []\n  \
///      module_metadata: []\n"
/// );
/// ```
pub fn to_yaml(lock: &RpmsLock) -> String {
    let mut out = String::from("---\n");
    map([
        ("lockfileVersion", Some(Node::Plain(lock.version.to_string()))),
        ("lockfileVendor", Some(Node::Text(lock.vendor.clone()))),
        ("arches", Some(Node::List(lock.arches.iter().map(arch).collect()))),
    ])
    .write(&mut out);
    out
}

fn arch(arch: &LockArch) -> Node {
    let files = |files: &[LockFile]| Some(Node::List(files.iter().map(file).collect()));
    map([
        ("arch", Some(Node::Text(arch.arch.clone()))),
        ("packages", files(&arch.packages)),
        ("source", files(&arch.source)),
        ("module_metadata", files(&arch.module_metadata)),
    ])
}

fn file(file: &LockFile) -> Node {
    let text = |text: &Option<String>| text.clone().map(Node::Text);
    map([
        ("url", Some(Node::Text(file.url.clone()))),
        ("repoid", text(&file.repoid)),
        ("size", file.size.map(|size| Node::Plain(size.to_string()))),
        ("checksum", text(&file.checksum)),
        ("name", text(&file.name)),
        ("evr", text(&file.evr)),
        ("sourcerpm", text(&file.sourcerpm)),
    ])
}

/// A map of the members that are there.
fn map<const N: usize>(members: [(&str, Option<Node>); N]) -> Node {
    let there = |(key, node): (&str, Option<Node>)| Some((key.to_owned(), node?));
    Node::Map(members.into_iter().filter_map(there).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<RpmsLock, LockError> {
        super::read(text.as_bytes(), &Limits::default())
    }

    const HEAD: &str = "lockfileVersion: 1\nlockfileVendor: redhat\n";

    #[test]
    fn least() {
        let lock =
            read(&format!("{HEAD}arches:\n- arch: x86_64\n  packages: [{{url: u, evr: 1.10}}]\n"));
        let file = lock.unwrap().arches[0].packages[0].clone();
        assert_eq!((file.url.as_str(), file.evr.as_deref()), ("u", Some("1.10")));
        assert_eq!((file.size, file.checksum), (None, None));
    }

    #[test]
    fn refused_with_what_is_wrong() {
        let bomb = "a: &a [x,x]\nb: &b [*a,*a]\nlockfileVersion: 1";
        let deep = format!("{HEAD}arches: {}", "[".repeat(100_000));
        let of_arch =
            |text: &str| format!("{HEAD}arches:\n- arch: x86_64\n  packages:\n  - {text}\n");
        for (text, words) in [
            ("", "missing field `lockfileVersion`"),
            (bomb, "aliases"),
            (&deep, "nested deeper"),
            ("lockfileVersion: 2\nlockfileVendor: redhat\narches: []", "lockfileVersion is 2"),
            ("lockfileVersion: 1\nlockfileVendor: \"a\\e\"\narches: []", r"is `a\u{1b}`"),
            ("lockfileVersion: 1\narches: []", "missing field `lockfileVendor`"),
            (&of_arch("repoid: x"), "missing field `url` at line 6 column 5"),
            (&of_arch("{url: x, size: -1}"), "arches[0].packages[0].size"),
            (&of_arch("{url: x, size: many}"), "line 6"),
            (&of_arch("{url: [x]}"), "arches[0].packages[0].url"),
            (&of_arch("{url: x, url: y}"), "duplicate field `url`"),
            ("- a\n- b", "invalid type"),
            ("\u{0}", "control characters"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text:.80}: {error}");
        }
        let small = Limits { yaml_document_bytes: 10, ..Limits::default() };
        let error = super::read(HEAD.as_bytes(), &small).unwrap_err().to_string();
        assert!(error.contains("larger than the limit"), "{error}");
        let error = super::read(b"\xff\xfe", &Limits::default()).unwrap_err().to_string();
        assert!(error.contains("UTF-16"), "{error}");
    }

    proptest! {
        /// What is written is read back equal, whatever is in it.
        #[test]
        fn round_trip(texts in prop::collection::vec(("\\PC{0,12}", prop::option::of("[0-9.:~^a-e+-]{0,9}"), any::<u64>()), 0..6)) {
            let files = |keep: usize| -> Vec<LockFile> {
                let file = |(url, evr, size): &(String, Option<String>, u64)| LockFile {
                    url: url.clone(),
                    evr: evr.clone(),
                    size: Some(*size),
                    sourcerpm: evr.clone(),
                    ..LockFile::default()
                };
                texts.iter().take(keep).map(file).collect()
            };
            let arch = LockArch { arch: "noarch".into(), packages: files(6), source: files(2), module_metadata: files(1) };
            let lock = RpmsLock::new(vec![arch]);
            prop_assert_eq!(read(&to_yaml(&lock)).unwrap(), lock.clone());
            let json = serde_json::to_vec(&lock).unwrap();
            prop_assert_eq!(super::read(&json, &Limits::default()).unwrap(), lock);
        }
    }
}
