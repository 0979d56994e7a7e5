//! The documents of one modules.yaml put together, as libmodulemd's index does.

use super::identities::{Found, Identities};
use super::read::told;
use super::{Document, Judged, Mode, UnknownKey, documents, never_met};
use crate::source::{Error, Limits, Opened, Problem, Report, Severity};
use modex_formats::module::{Defaults, ModuleStream, Obsoletes, Translations};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Everything a modules.yaml says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modules {
    /// Stream documents, in document order, each identity once.
    pub streams: Vec<ModuleStream>,
    /// Defaults, one a module, in the order in which the modules were met.
    pub defaults: Vec<Defaults>,
    /// Obsoletes, in document order, one for a stream, a context and a time.
    pub obsoletes: Vec<Obsoletes>,
    /// Translations, one a stream, in the order in which the streams were met.
    pub translations: Vec<Translations>,
    /// Keys of stream documents that the format does not know, with the place of the document in `streams`.
    pub unknown: Vec<(usize, UnknownKey)>,
}

/// Reads a modules.yaml, by the rules of libmodulemd 2.14 in its lax mode, the mode in which dnf uses it.
///
/// Documents are judged one by one ([`documents`]): one that breaks a rule, is of an unknown kind or the input of a build
/// system is left out and reported. Unknown keys are passed over. A stream document that says the same as an
/// earlier one of its identity is nothing new; one that says something else is left out and reported. Of defaults of one
/// module, translations of one stream and obsoletes of one stream, context and time the last document counts, however
/// old it says to be.
///
/// Requirements that [no stream of a module that is here](never_met) meets are reported.
///
/// `jobs` threads work at a time; the outcome is the same for any number.
///
/// # Errors
/// Where the file cannot be read, exceeds a limit, or is not the file that repomd.xml describes.
///
/// # Example
/// ```
/// use modex_generator::modulemd;
/// use modex_generator::source::{Error, Limits, Opened, Report, Stated};
///
/// let yaml = b"---\ndocument: modulemd\nversion: 2\ndata:\n  name: perl\n  stream: 5.30\n  summary: Perl\n  \
///     description: Perl\n  license: {module: [MIT]}\n...\n---\ndocument: modulemd-packager\nversion: 3\ndata: {}\n...\n";
/// let limits = Limits::default();
/// let mut report = Report::new(limits.problems);
/// let opened = Opened::stream("modules.yaml", &yaml[..], Stated::default(), &limits)?;
/// let modules = modulemd::read(opened, 1, &limits, &mut report)?;
/// assert_eq!(modules.streams[0].nsvca.stream, "5.30");
/// assert_eq!((report.dropped, report.problems[0].line), (1, Some(11)));
/// # Ok::<_, Error>(())
/// ```
pub fn read(
    opened: Opened<'_>,
    jobs: usize,
    limits: &Limits,
    report: &mut Report,
) -> Result<Modules, Error> {
    let (name, judged) = documents(opened, Mode::Lax, jobs, limits)?;
    let (modules, lines) = gather(&name, judged, report);
    // Another repository may have a module of which nothing is here.
    for never in never_met(&modules).into_iter().filter(|never| !never.known.is_empty()) {
        report.add(Problem {
            severity: Severity::Doubted,
            document: name.clone(),
            line: lines.get(never.place).copied(),
            column: None,
            what: never.to_string(),
            subject: told(&never.nsvca),
        });
    }
    Ok(modules)
}

/// Puts the documents of the stream of that name together. What is left out or odd is reported.
pub fn collect(name: &str, judged: Vec<Judged>, report: &mut Report) -> Modules {
    gather(name, judged, report).0
}

/// The set, and the lines of its stream documents.
fn gather(name: &str, judged: Vec<Judged>, report: &mut Report) -> (Modules, Vec<u64>) {
    let mut collection = Collection::default();
    let mut lines = Vec::new();
    for judged in judged {
        let Judged { line, column, subject, document, doubts, unknown, .. } = judged;
        let problem = |severity, what| {
            let (document, subject) = (name.to_owned(), subject.clone());
            Problem { severity, document, line: Some(line), column, subject, what }
        };
        let kept = document.and_then(|document| collection.add(document, unknown));
        lines.resize(collection.streams(), line);
        match kept {
            Ok(doubt) => {
                let doubts = doubts.into_iter().chain(doubt.map(String::from));
                doubts.for_each(|what| report.add(problem(Severity::Doubted, what)));
            }
            Err(what) => report.add(problem(Severity::Dropped, what)),
        }
    }
    (collection.into_modules(), lines)
}

/// Of obsoletes documents that share module, stream, context and time the last one, where it stands.
pub(super) fn last_of_each(obsoletes: Vec<Obsoletes>) -> Vec<Obsoletes> {
    let mut seen = HashSet::new();
    let mut is_last: Vec<bool> =
        obsoletes.iter().rev().map(|one| seen.insert(key_of(one))).collect();
    is_last.reverse();
    let kept = obsoletes.into_iter().zip(is_last);
    kept.filter_map(|(one, is_last)| is_last.then_some(one)).collect()
}

/// A set of documents that grows one by one, by the rules of libmodulemd's index.
#[derive(Debug, Default)]
pub struct Collection {
    modules: Modules,
    identities: Identities,
    defaults: HashMap<String, usize>,
    /// All of them, those that later ones replace too.
    obsoletes: Vec<Obsoletes>,
    /// By module and stream.
    translations: HashMap<(String, String), usize>,
}

impl Collection {
    /// Adds a document, with the keys of it that the format does not know. What is odd about it is a value.
    ///
    /// # Errors
    /// Why the set does not take it: a stream without a name, one that says something else than an earlier one of its
    /// identity, the input of a build system.
    pub fn add(
        &mut self,
        document: Document,
        unknown: Vec<UnknownKey>,
    ) -> Result<Option<&'static str>, String> {
        match document {
            Document::Stream(stream) => self.add_stream(*stream, unknown)?,
            Document::PackagerV2(_) | Document::PackagerV3(_) => {
                return Err(
                    "a packager document is the input of a build system, not part of a repository"
                        .into(),
                );
            }
            Document::Defaults(defaults) if defaults.module.is_empty() => {
                return Ok(Some("it does not say which module it is about"));
            }
            Document::Defaults(defaults) => {
                let key = defaults.module.clone();
                put(&mut self.defaults, key, &mut self.modules.defaults, defaults);
            }
            Document::Obsoletes(obsoletes) => self.obsoletes.push(obsoletes),
            Document::Translations(translations) => {
                let key = (translations.module.clone(), translations.stream.clone());
                put(&mut self.translations, key, &mut self.modules.translations, translations);
            }
        }
        Ok(None)
    }

    /// Number of stream documents so far.
    pub fn streams(&self) -> usize {
        self.modules.streams.len()
    }

    /// The set. Of obsoletes documents that share module, stream, context and time the last one stays.
    pub fn into_modules(self) -> Modules {
        Modules { obsoletes: last_of_each(self.obsoletes), ..self.modules }
    }

    fn add_stream(&mut self, stream: ModuleStream, unknown: Vec<UnknownKey>) -> Result<(), String> {
        let nsvca = &stream.nsvca;
        if nsvca.name.is_empty() || nsvca.stream.is_empty() {
            return Err("it has no name or no stream".into());
        }
        let streams = &mut self.modules.streams;
        match self.identities.find(nsvca, streams) {
            Found::Nothing => {
                let at = streams.len();
                self.identities.add(nsvca, at);
                streams.push(stream);
                self.modules.unknown.extend(unknown.into_iter().map(|key| (at, key)));
                Ok(())
            }
            Found::One(at) if streams[at] == stream => Ok(()),
            Found::One(at) => {
                Err(format!("{} came before it and says something else", streams[at].nsvca))
            }
            Found::Several(_) => {
                Err("it lacks a part of its identity, and several came before it that have it"
                    .into())
            }
        }
    }
}

/// What two obsoletes documents share of which the later replaces the earlier: module, stream, context and time.
fn key_of(obsoletes: &Obsoletes) -> (&str, &str, Option<&str>, &str) {
    let Obsoletes { module, stream, context, modified, .. } = obsoletes;
    (module, stream, context.as_deref(), modified)
}

/// Adds a document, or puts it in the place of the one of its key.
fn put<K: std::hash::Hash + Eq, D>(
    places: &mut HashMap<K, usize>,
    key: K,
    documents: &mut Vec<D>,
    document: D,
) {
    match places.entry(key) {
        Entry::Occupied(at) => documents[*at.get()] = document,
        Entry::Vacant(place) => {
            place.insert(documents.len());
            documents.push(document);
        }
    }
}
