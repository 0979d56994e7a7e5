//! YAML into documents, one by one: what is wrong with one of them hides none of the others.

mod check;
mod components;
mod dates;
mod json;
mod node;
mod notes;
mod other;
mod packager;
mod refuse;
mod root;
mod scalar;
mod screen;
mod split;
mod stream;
mod told;

pub(crate) use screen::within_limits;
pub(super) use told::told;

use super::{Document, Kind};
use crate::source::xml::walk::read_bytes;
use crate::source::{Error, Fault, Limits, Opened};
use rayon::prelude::*;
use serde::Serialize;

/// What becomes of keys that the format does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// They are passed over, and kept apart ([`Judged::unknown`]): what dnf does.
    #[default]
    Lax,
    /// The document is refused: what a validator does.
    Strict,
}

/// A key that the format does not know, with what stands under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownKey {
    /// Where it stands: keys joined with dots, places of a list as numbers.
    pub path: String,
    /// What it says, as JSON whose scalars are all strings.
    pub json: String,
}

/// What came of one document of a YAML stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Line of the stream, from 1: where the document begins, or what is wrong with it stands.
    pub line: u64,
    /// Column of that line, from 1, where what is wrong has a place.
    pub column: Option<u64>,
    /// What it states to be; `None` where it states nothing usable.
    pub kind: Option<Kind>,
    /// What it is about, as far as is known: an NSVCA, or its number in the stream.
    pub subject: String,
    /// What it says, or what is wrong with it.
    pub document: Result<Document, String>,
    /// What is odd about it.
    pub doubts: Vec<String>,
    /// Keys that were passed over, the first hundred.
    pub unknown: Vec<UnknownKey>,
}

/// The documents of a YAML stream in their order, each judged by itself, with the name of the stream.
///
/// The rules are libmodulemd 2.14's, and where 2.15 reads an empty value as an empty set, that one's. It gives up a whole
/// stream for one document whose YAML is broken or whose kind is unknown; here only that document is refused. A packager
/// document of version 3 is always read strictly. A name and a stream are asked for where documents are
/// [put together](super::read()), not here.
///
/// `jobs` threads work at a time; the outcome is the same for any number.
///
/// # Errors
/// Where the stream cannot be read, exceeds a limit, or is not the file that repomd.xml describes.
pub fn documents(
    opened: Opened<'_>,
    mode: Mode,
    jobs: usize,
    limits: &Limits,
) -> Result<(String, Vec<Judged>), Error> {
    let (name, bytes) = read_bytes(opened, limits.yaml_bytes)?;
    let stream = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let parts = split::split(stream);
    if parts.len() > limits.yaml_documents {
        let limit = limits.yaml_documents as u64;
        let fault = Fault::Limit { what: "the number of documents", limit };
        return Err(Error::new(&name, None, fault));
    }
    if screen::signs(&bytes) > limits.yaml_all_signs {
        let limit = limits.yaml_all_signs as u64;
        let fault = Fault::Limit { what: "the number of YAML signs", limit };
        return Err(Error::new(&name, None, fault));
    }
    let one = |(at, part)| root::judge(part, at + 1, mode, limits);
    let pool = match jobs.min(parts.len()) {
        0 | 1 => None,
        _ => rayon::ThreadPoolBuilder::new().num_threads(jobs.min(64)).build().ok(),
    };
    let judged = match pool {
        Some(pool) => pool.install(|| parts.par_iter().enumerate().map(one).collect()),
        None => parts.iter().enumerate().map(one).collect(),
    };
    Ok((name, judged))
}
