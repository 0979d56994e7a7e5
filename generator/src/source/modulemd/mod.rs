//! modules.yaml: the module streams, defaults and obsoletes of a repository.

mod check;
mod components;
mod dates;
mod document;
mod json;
mod node;
mod other;
mod split;
mod stream;

use self::document::{Document, Outcome};
use super::xml::walk::read_bytes;
use super::{Error, Fault, Limits, Opened, Problem, Report, Severity};
use modex_formats::module::{Defaults, ModuleStream, Nsvca, Obsoletes};
use rayon::prelude::*;
use std::collections::HashMap;

/// Everything a modules.yaml says that a client needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modules {
    /// Stream documents, in document order, each identity once.
    pub streams: Vec<ModuleStream>,
    /// Defaults, one a module, in the order in which the modules were met.
    pub defaults: Vec<Defaults>,
    /// Obsoletes, in document order.
    pub obsoletes: Vec<Obsoletes>,
    /// How many translations documents were met. They are checked, but not kept: modex shows no translated texts.
    pub translations: u64,
}

/// Reads a modules.yaml, by the rules of libmodulemd 2.14 in its lax mode, the mode in which dnf uses it.
///
/// Documents are judged one by one: one that is broken, breaks a rule, or is of an unknown kind is left out and
/// reported (libmodulemd gives up the whole file where the YAML of one document is broken, and dnf then aborts).
/// Unknown keys are passed over. Streams of version 1 become version 2. A stream document that says the same as an
/// earlier one of its identity is nothing new; one that says something else is left out and reported. A later defaults
/// document replaces an earlier one of its module.
///
/// `jobs` threads work at a time; the outcome is the same for any number.
///
/// # Errors
/// Where the file cannot be read, exceeds a limit, or is not the file that repomd.xml describes.
///
/// # Example
/// ```
/// use modex_generator::source::{Error, Limits, Opened, Report, Stated, modulemd};
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
    let (name, bytes) = read_bytes(opened, limits.yaml_bytes)?;
    let stream = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let parts = split::split(stream);
    if parts.len() > limits.yaml_documents {
        let limit = limits.yaml_documents as u64;
        return Err(Error::new(
            &name,
            None,
            Fault::Limit { what: "the number of documents", limit },
        ));
    }
    let one = |(at, part)| document::read(part, at + 1, limits);
    let pool = match jobs {
        0 | 1 => None,
        _ => rayon::ThreadPoolBuilder::new().num_threads(jobs.min(64)).build().ok(),
    };
    let outcomes: Vec<Outcome> = match pool {
        Some(pool) => pool.install(|| parts.par_iter().enumerate().map(one).collect()),
        None => parts.iter().enumerate().map(one).collect(),
    };
    let mut collector = Collector::default();
    for outcome in outcomes {
        let Outcome { document, line, subject, doubts } = outcome;
        let problem = |severity, what| {
            let (document, subject) = (name.clone(), subject.clone());
            Problem { severity, document, line: Some(line), subject, what }
        };
        let kept = document.and_then(|document| collector.add(document));
        match kept {
            Ok(doubt) => {
                let doubts = doubts.into_iter().chain(doubt.map(String::from));
                doubts.for_each(|what| report.add(problem(Severity::Doubted, what)));
            }
            Err(what) => report.add(problem(Severity::Dropped, what)),
        }
    }
    Ok(collector.modules)
}

/// Puts documents together as libmodulemd's index does.
#[derive(Default)]
struct Collector {
    modules: Modules,
    /// Where the streams of each name and stream are.
    streams: HashMap<(String, String), Vec<usize>>,
    identities: HashMap<Nsvca, usize>,
    defaults: HashMap<String, usize>,
    /// By module, stream, context and time: a later document replaces an earlier one.
    obsoletes: HashMap<(String, String, Option<String>, String), usize>,
}

impl Collector {
    /// Adds a document. What is wrong with it is an error, what is odd a value.
    fn add(&mut self, document: Document) -> Result<Option<&'static str>, String> {
        match document {
            Document::Stream(stream) => self.add_stream(*stream)?,
            Document::Defaults(defaults) => match self.defaults.get(&defaults.module) {
                Some(at) => self.modules.defaults[*at] = defaults,
                None => {
                    self.defaults.insert(defaults.module.clone(), self.modules.defaults.len());
                    self.modules.defaults.push(defaults);
                }
            },
            Document::Obsoletes(obsoletes) => {
                let Obsoletes { module, stream, context, modified, .. } = &obsoletes;
                let key = (module.clone(), stream.clone(), context.clone(), modified.clone());
                match self.obsoletes.get(&key) {
                    Some(at) => self.modules.obsoletes[*at] = obsoletes,
                    None => {
                        self.obsoletes.insert(key, self.modules.obsoletes.len());
                        self.modules.obsoletes.push(obsoletes);
                    }
                }
            }
            Document::Translations => self.modules.translations += 1,
            Document::Nothing => return Ok(Some("it does not say which module it is about")),
        }
        Ok(None)
    }

    fn add_stream(&mut self, stream: ModuleStream) -> Result<(), String> {
        let nsvca = &stream.nsvca;
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

#[cfg(test)]
mod tests;
