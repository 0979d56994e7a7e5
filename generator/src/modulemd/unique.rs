//! Whether an identity names one build only, over many repositories.

use super::{Document, Judged};
use modex_formats::module::{ModuleStream, Nsvca};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;

/// Where a document stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Its line, from 1.
    pub line: u64,
}

/// `FILE:LINE`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Two documents of one identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Twice {
    /// The identity.
    pub nsvca: String,
    /// Where it stands first.
    pub first: Place,
    /// Where it stands again.
    pub again: Place,
    /// Whether both say the same. If not, the identity does not tell which build it means.
    pub equal: bool,
}

/// Every stream document whose name, stream, version, context and architecture came before, each with the first document of that
/// identity, in the order of files and documents. Documents that were refused play no part. O(documents).
pub fn twice<'d>(files: impl IntoIterator<Item = (&'d str, &'d [Judged])>) -> Vec<Twice> {
    let mut first: HashMap<&Nsvca, (&str, u64, &ModuleStream)> = HashMap::new();
    let mut found = Vec::new();
    for (file, judged) in files {
        for one in judged {
            let Ok(Document::Stream(stream)) = &one.document else { continue };
            if stream.nsvca.name.is_empty() || stream.nsvca.stream.is_empty() {
                continue;
            }
            match first.get(&stream.nsvca) {
                None => {
                    first.insert(&stream.nsvca, (file, one.line, stream));
                }
                Some((known_file, known_line, known)) => found.push(Twice {
                    nsvca: stream.nsvca.to_string(),
                    first: Place { file: (*known_file).into(), line: *known_line },
                    again: Place { file: file.into(), line: one.line },
                    equal: *known == &**stream,
                }),
            }
        }
    }
    found
}

/// `NSVCA stands in PLACE and in PLACE, and they differ`
impl fmt::Display for Twice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Twice { nsvca, first, again, equal } = self;
        let how = if *equal { "they are equal" } else { "they differ" };
        write!(f, "{nsvca} stands in {first} and in {again}, and {how}")
    }
}
