//! Files that say which packages there are or were: states of machines, plans, lock files, lists. Each is told by what is in it.

mod entry;
mod plan;

pub(crate) use entry::{Entry, of_lock, of_plan};
pub(crate) use plan::PlanFile;

use crate::error::Failure;
use crate::machine::failure;
use modex_formats::lock::RpmsLock;
use modex_generator::lock::{self, LockError};
use modex_generator::source::Limits;
use modex_resolver::system::installed::{InstalledPackage, read_bytes};
use modex_root::State;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Larger files are refused before they are read.
const MAX_BYTES: u64 = 512 << 20;

/// A file, read.
pub(crate) enum Document {
    /// Of `modex state export`.
    State(Box<State>),
    /// Of `modex resolve --json`, one for each command.
    Plans(Vec<PlanFile>),
    /// An rpms.lock.yaml.
    Lock(RpmsLock),
    /// A list of NEVRAs.
    List(Vec<InstalledPackage>),
}

/// What an object of JSON is told by.
#[derive(Deserialize)]
struct Marks {
    plan: Option<IgnoredAny>,
    #[serde(rename = "lockfileVersion")]
    lock: Option<IgnoredAny>,
}

impl Document {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
            .map_err(|error| Failure::file(path, &error))?;
        let name = format!("`{}`", path.display());
        if bytes.len() as u64 > MAX_BYTES {
            return Err(Failure::new(format!("it is larger than {MAX_BYTES} bytes")).about(name));
        }
        Self::parse(&bytes).map_err(|failure| failure.about(name))
    }

    fn parse(bytes: &[u8]) -> Result<Self, Failure> {
        match bytes.trim_ascii_start().first() {
            Some(b'{') => {
                let marks: Marks = serde_json::from_slice(bytes)
                    .map_err(|error| Failure::new(format!("not JSON: {error}")))?;
                match marks {
                    Marks { plan: Some(_), .. } => {
                        Ok(Document::Plans(vec![PlanFile::read(bytes)?]))
                    }
                    Marks { lock: Some(_), .. } => Self::lock(bytes),
                    _ => Ok(Document::State(Box::new(State::from_json(bytes).map_err(failure)?))),
                }
            }
            Some(b'[') => Ok(Document::Plans(PlanFile::read_several(bytes)?)),
            _ if is_lock(bytes) => Self::lock(bytes),
            _ => {
                let list = read_bytes(bytes).map_err(|error| {
                    Failure::new(error).hint(
                        "it must be a file of `modex state export`, a plan of `modex resolve --json`, an rpms.lock.yaml \
                         or a list of NEVRAs, one a line",
                    )
                })?;
                Ok(Document::List(list))
            }
        }
    }

    fn lock(bytes: &[u8]) -> Result<Self, Failure> {
        let read = lock::read(bytes, &Limits::default());
        read.map(Document::Lock).map_err(|error| match error {
            LockError::Unknown { .. } => Failure::new(error)
                .hint("only what rpm-lockfile-prototype and `modex lock` write is read here"),
            error => Failure::new(error).about("no rpms.lock.yaml"),
        })
    }

    /// What it is.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Document::State(_) => "a state file",
            Document::Plans(_) => "a plan",
            Document::Lock(_) => "a lock file",
            Document::List(_) => "a list",
        }
    }
}

/// Whether a text that is not JSON looks like a lock file rather than a list.
fn is_lock(bytes: &[u8]) -> bool {
    let begins = |line: &[u8]| {
        [
            &b"lockfileVersion"[..],
            b"\"lockfileVersion",
            b"'lockfileVersion",
            b"---",
            b"%YAML",
            b"arches:",
        ]
        .iter()
        .any(|mark| line.starts_with(mark))
    };
    bytes.starts_with(b"\xef\xbb\xbf") || bytes.split(|byte| *byte == b'\n').any(begins)
}
