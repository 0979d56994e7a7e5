//! The solvables of stage one: mapped from the repositories' files where that is exact, made anew where it is not.

use crate::store::universe::{RepoOptions, Universe};
use crate::system::platform_parts;
use foldhash::{HashMap, HashMapExt};
use modex_formats::index::section::modules::Sign;
use modex_formats::index::{BuildError, FormatError, Hot, HotBuilder, ModuleSolvable};

/// One stream document of one repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentRef {
    /// Number of the repository in the universe of packages.
    pub repo: u32,
    /// Document id there.
    pub document: u32,
}

/// Why stage one could not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamsError {
    /// The platform is not `NAME:STREAM`.
    #[error("`{0}` is not a platform (NAME:STREAM, as in platform:el9)")]
    Platform(String),
    /// An index is damaged.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The modules of all repositories together are too many.
    #[error(transparent)]
    TooMany(#[from] BuildError),
}

/// The platform as an index of one solvable, and, where needed, all module streams as one index.
///
/// A repository's file holds its own streams as solvables, named by its own resolve contexts. That is all there is to
/// know unless a static context of one repository continues in another one's dynamic documents of the same stream (libdnf
/// looks for it in all repositories): then, or where a file has no solvables, they are made here, in a few milliseconds.
pub struct StreamIndexes {
    pub(super) platform: Option<Vec<u8>>,
    pub(super) made: Option<Made>,
}

/// All streams of all repositories in one index, in libdnf's order.
pub(super) struct Made {
    pub(super) bytes: Vec<u8>,
    pub(super) documents: Vec<DocumentRef>,
}

impl StreamIndexes {
    /// Prepares for the repositories of a universe. `platform` is `NAME:STREAM`; without one, whatever requires a platform
    /// cannot be.
    ///
    /// # Errors
    /// The platform is none, or an index is damaged.
    pub fn new(universe: &Universe<'_>, platform: Option<&str>) -> Result<Self, StreamsError> {
        let platform = platform.map(platform_index).transpose()?;
        let made = must_be_made(universe)?.then(|| make(universe)).transpose()?;
        Ok(StreamIndexes { platform, made })
    }

    /// The universe of solvables, and for each of its repositories but the platform the number of the repository it comes
    /// from.
    pub(super) fn universe<'p>(
        &'p self,
        packages: &Universe<'p>,
        arch: &str,
    ) -> Result<(Universe<'p>, Vec<u32>), StreamsError> {
        let mut repos = Vec::new();
        let mut origins = Vec::new();
        match &self.made {
            Some(made) => repos.push((RepoOptions::new("@modules"), Hot::open(&made.bytes)?)),
            None => {
                for (number, repo) in packages.repos().iter().enumerate() {
                    if let Some(inner) = repo.hot.module_solvables()? {
                        // libdnf keeps all streams in one repository: priority and cost do not count.
                        repos.push((RepoOptions::new(repo.options.id.clone()), inner));
                        origins.push(number as u32);
                    }
                }
            }
        }
        let platform = self.platform.as_deref().map(Hot::open).transpose()?;
        Ok((Universe::new(platform, repos, arch)?, origins))
    }
}

/// `platform:el9` as libdnf's solvable: installed, version 0, context `00000000`.
fn platform_index(platform: &str) -> Result<Vec<u8>, StreamsError> {
    let Some((module, stream)) = platform_parts(platform) else {
        return Err(StreamsError::Platform(platform.to_owned()));
    };
    let mut builder = HotBuilder::default();
    let resolve_name = format!("{platform}:00000000");
    ModuleSolvable { resolve_name: &resolve_name, module, stream, version: 0, arch: "noarch" }
        .add(&mut builder)?;
    Ok(builder.finish()?.to_bytes([0; 32])?)
}

/// A document's runtime requires as libdnf compares them (see `requires_text` in formats), from the rows of the index.
fn requires_text(hot: &Hot<'_>, document: u32) -> Option<String> {
    let mut items = Vec::new();
    for (module, streams) in requirements(hot, document)? {
        if module == "platform" {
            continue;
        }
        let mut streams: Vec<String> = streams
            .into_iter()
            .map(|(sign, stream)| {
                format!("{}{stream}", if sign == Sign::Unwanted { "-" } else { "" })
            })
            .collect();
        streams.sort_unstable();
        items.push(match streams.is_empty() {
            true => module.to_owned(),
            false => format!("{module}:[{}]", streams.join(",")),
        });
    }
    items.sort_unstable();
    Some(items.join(";"))
}

/// The streams of one module that a stanza names, with their signs.
type Required<'a> = (&'a str, Vec<(Sign, &'a str)>);

/// A document's requirements: for each stanza and module the streams; none: any stream. `None` where a row is damaged.
fn requirements<'a>(hot: &Hot<'a>, document: u32) -> Option<Vec<Required<'a>>> {
    let mut found: Vec<(&str, Vec<(Sign, &str)>)> = Vec::new();
    let mut before = None;
    let mut rows: Vec<_> = hot.modules.requirements(document).collect();
    rows.sort_by_key(|row| (row.stanza, row.module));
    for row in rows {
        if before != Some((row.stanza, row.module)) {
            found.push((hot.names.get(row.module)?, Vec::new()));
            before = Some((row.stanza, row.module));
        }
        if let Some(stream) = row.stream {
            found.last_mut()?.1.push((row.sign, hot.names.get(stream)?));
        }
    }
    Some(found)
}

/// A repository's documents in the order of their solvables: (static, the others).
fn by_context(hot: &Hot<'_>) -> (Vec<u32>, Vec<u32>) {
    let row = |id: u32| hot.modules.get(id);
    let all = 0..hot.modules.len() as u32;
    let (mut fixed, mut rest): (Vec<u32>, Vec<u32>) =
        all.partition(|id| row(*id).is_some_and(|row| row.is_static));
    for list in [&mut fixed, &mut rest] {
        list.sort_by_key(|id| row(*id).map(|row| (row.module, row.order)));
    }
    (fixed, rest)
}

/// Whether mapped solvables would differ from libdnf's.
fn must_be_made(universe: &Universe<'_>) -> Result<bool, FormatError> {
    let modular: Vec<&Hot<'_>> = universe
        .repos()
        .iter()
        .map(|repo| &repo.hot)
        .filter(|hot| !hot.modules.is_empty())
        .collect();
    let mut kinds = Vec::with_capacity(modular.len());
    for hot in &modular {
        let Some(solvables) = hot.solvables else { return Ok(true) };
        let is_static = |solvable: u32| {
            solvables
                .document(solvable)
                .and_then(|document| hot.modules.get(document))
                .map(|document| document.is_static)
                .ok_or_else(|| FormatError::damaged("MSLD", "a document id is out of range"))
        };
        // Static ones stand first.
        kinds.push((is_static(0)?, !is_static(hot.modules.len() as u32 - 1)?));
    }
    for (lender, (has_static, _)) in modular.iter().zip(&kinds) {
        for (borrower, (_, has_dynamic)) in modular.iter().zip(&kinds) {
            if *has_static
                && *has_dynamic
                && !std::ptr::eq(*lender, *borrower)
                && lends(lender, borrower)
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a static document of one repository has the stream and the requires of a dynamic one of another.
fn lends(lender: &Hot<'_>, borrower: &Hot<'_>) -> bool {
    let mut known: Option<(u32, Option<u32>)> = None;
    (0..lender.modules.len() as u32).any(|document| {
        let Some(row) = lender.modules.get(document).filter(|row| row.is_static) else {
            return false;
        };
        let text = |id: u32| lender.names.get(id);
        let module = match known {
            Some((module, found)) if module == row.module => found,
            _ => text(row.module).and_then(|text| borrower.names.find(text)),
        };
        known = Some((row.module, module));
        let Some(module) = module else { return false };
        let Some(stream) = text(row.stream).and_then(|text| borrower.names.find(text)) else {
            return false;
        };
        borrower.modules.of_module(module).any(|other| {
            borrower
                .modules
                .get(other)
                .is_some_and(|other| !other.is_static && other.stream == stream)
                && requires_text(borrower, other) == requires_text(lender, document)
        })
    })
}

/// All streams of all repositories, in libdnf's order: every repository's static documents, then every repository's others.
fn make(universe: &Universe<'_>) -> Result<Made, StreamsError> {
    let mut builder = HotBuilder::default();
    let mut documents = Vec::new();
    let lists: Vec<(Vec<u32>, Vec<u32>)> =
        universe.repos().iter().map(|repo| by_context(&repo.hot)).collect();
    // The first static context by module, stream and requires.
    let mut contexts: HashMap<(&str, &str, String), &str> = HashMap::new();
    let damaged = || FormatError::damaged("MODU", "a document's row");
    for dynamic in [false, true] {
        for (number, repo) in universe.repos().iter().enumerate() {
            let hot = &repo.hot;
            let list = if dynamic { &lists[number].1 } else { &lists[number].0 };
            for document in list.iter().copied() {
                let row = hot.modules.get(document).ok_or_else(damaged)?;
                let text = |id: u32| hot.names.get(id).ok_or_else(damaged);
                let (module, stream) = (text(row.module)?, text(row.stream)?);
                let requires = requires_text(hot, document).ok_or_else(damaged)?;
                let own = row.context.map(text).transpose()?.unwrap_or("");
                let key = (module, stream, requires);
                let context = match (dynamic, contexts.get(&key)) {
                    (true, Some(lent)) => (*lent).to_owned(),
                    (true, None) if key.2.is_empty() => "NoRequires".to_owned(),
                    (true, None) => key.2,
                    (false, _) => {
                        contexts.entry(key).or_insert(own);
                        own.to_owned()
                    }
                };
                ModuleSolvable {
                    resolve_name: &format!("{module}:{stream}:{context}"),
                    module,
                    stream,
                    version: row.version,
                    arch: row.arch.map(text).transpose()?.unwrap_or(""),
                }
                .add(&mut builder)?;
                for (module, streams) in requirements(hot, document).ok_or_else(damaged)? {
                    let of = |wanted: Sign| -> Vec<&str> {
                        streams
                            .iter()
                            .filter(|(sign, _)| *sign == wanted)
                            .map(|(_, text)| *text)
                            .collect()
                    };
                    ModuleSolvable::require(
                        &mut builder,
                        module,
                        &of(Sign::Wanted),
                        &of(Sign::Unwanted),
                    )?;
                }
                documents.push(DocumentRef { repo: number as u32, document });
            }
        }
    }
    Ok(Made { bytes: builder.finish()?.to_bytes([0; 32])?, documents })
}
