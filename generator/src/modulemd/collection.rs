//! The documents of one modules.yaml put together, as libmodulemd's index does.

use super::{Document, Judged, Mode, UnknownKey, documents};
use crate::source::{Error, Limits, Opened, Problem, Report, Severity};
use modex_formats::module::{Defaults, ModuleStream, Nsvca, Obsoletes, Translations};
use std::collections::HashMap;

/// Everything a modules.yaml says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modules {
    /// Stream documents, in document order, each identity once.
    pub streams: Vec<ModuleStream>,
    /// Defaults, one a module, in the order in which the modules were met.
    pub defaults: Vec<Defaults>,
    /// Obsoletes, in document order.
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
/// earlier one of its identity is nothing new; one that says something else is left out and reported. A later defaults
/// document replaces an earlier one of its module; translations give way to newer ones.
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
    Ok(collect(&name, judged, report))
}

/// Puts the documents of the stream of that name together; what is left out or odd is reported.
pub fn collect(name: &str, judged: Vec<Judged>, report: &mut Report) -> Modules {
    let mut collector = Collector::default();
    for judged in judged {
        let Judged { line, column, subject, document, doubts, unknown, .. } = judged;
        let problem = |severity, what| {
            let (document, subject) = (name.to_owned(), subject.clone());
            Problem { severity, document, line: Some(line), column, subject, what }
        };
        let kept = document.and_then(|document| collector.add(document, unknown));
        match kept {
            Ok(doubt) => {
                let doubts = doubts.into_iter().chain(doubt.map(String::from));
                doubts.for_each(|what| report.add(problem(Severity::Doubted, what)));
            }
            Err(what) => report.add(problem(Severity::Dropped, what)),
        }
    }
    collector.modules
}

#[derive(Default)]
struct Collector {
    modules: Modules,
    /// Where the streams of each name and stream are.
    streams: HashMap<(String, String), Vec<usize>>,
    identities: HashMap<Nsvca, usize>,
    defaults: HashMap<String, usize>,
    /// By module, stream, context and time: a later document replaces an earlier one.
    obsoletes: HashMap<(String, String, Option<String>, String), usize>,
    /// By module and stream.
    translations: HashMap<(String, String), usize>,
}

impl Collector {
    /// Adds a document. What is wrong with it is an error, what is odd a value.
    fn add(
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
                put(&mut self.defaults, key, &mut self.modules.defaults, defaults, |_, _| true);
            }
            Document::Obsoletes(obsoletes) => {
                let Obsoletes { module, stream, context, modified, .. } = &obsoletes;
                let key = (module.clone(), stream.clone(), context.clone(), modified.clone());
                put(&mut self.obsoletes, key, &mut self.modules.obsoletes, obsoletes, |_, _| true);
            }
            Document::Translations(translations) => {
                let key = (translations.module.clone(), translations.stream.clone());
                let known = &mut self.modules.translations;
                put(&mut self.translations, key, known, translations, |known, new| {
                    known.modified <= new.modified
                });
            }
        }
        Ok(None)
    }

    fn add_stream(&mut self, stream: ModuleStream, unknown: Vec<UnknownKey>) -> Result<(), String> {
        let nsvca = &stream.nsvca;
        if nsvca.name.is_empty() || nsvca.stream.is_empty() {
            return Err("it has no name or no stream".into());
        }
        let family = self.streams.entry((nsvca.name.clone(), nsvca.stream.clone())).or_default();
        // An identity that lacks a part is taken for every one that has it.
        let complete = nsvca.version != 0 && !nsvca.context.is_empty() && !nsvca.arch.is_empty();
        let same: Vec<usize> = if complete {
            self.identities.get(nsvca).copied().into_iter().collect()
        } else {
            family
                .iter()
                .copied()
                .filter(|at| nsvca.finds(&self.modules.streams[*at].nsvca))
                .take(2)
                .collect()
        };
        match same[..] {
            [] => {
                let at = self.modules.streams.len();
                family.push(at);
                self.identities.insert(nsvca.clone(), at);
                self.modules.streams.push(stream);
                self.modules.unknown.extend(unknown.into_iter().map(|key| (at, key)));
                Ok(())
            }
            [at] if self.modules.streams[at] == stream => Ok(()),
            [at] => Err(format!(
                "{} came before it and says something else",
                self.modules.streams[at].nsvca
            )),
            _ => {
                Err("it lacks a part of its identity, and several came before it that have it"
                    .into())
            }
        }
    }
}

/// Adds a document, or replaces the one of its key.
fn put<K: std::hash::Hash + Eq, D>(
    places: &mut HashMap<K, usize>,
    key: K,
    documents: &mut Vec<D>,
    document: D,
    replaces: impl FnOnce(&D, &D) -> bool,
) {
    match places.get(&key) {
        Some(at) if replaces(&documents[*at], &document) => documents[*at] = document,
        Some(_) => {}
        None => {
            places.insert(key, documents.len());
            documents.push(document);
        }
    }
}
