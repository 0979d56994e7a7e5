//! What will surprise about a document, before a build is wasted.

use super::error::listed;
use super::expansion::Work;
use super::split::{Part, split};
use super::{Combination, ExpandError, Expansion, Options, Outcome, Reason, expand};
use crate::modulemd::Document;
use modex_formats::module::{ModuleStream, Stanza};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// What will surprise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Finding {
    /// The lists of one module to build against and to run with have streams in common and are not the same: the list to run
    /// with stays as it is in every build.
    Overlap {
        /// Which stanza, from 1.
        stanza: usize,
        /// The module.
        module: String,
        /// The list to build against; none listed means any stream.
        build: Vec<String>,
        /// The list to run with.
        run: Vec<String>,
    },
    /// A combination that can never be built.
    Never {
        /// Which stanza, from 1.
        stanza: usize,
        /// Stream by module.
        streams: BTreeMap<String, String>,
        /// Why.
        reason: Reason,
    },
    /// Two combinations with the same context: only one of them can be built.
    SameContext {
        /// Which stanza, from 1.
        stanza: usize,
        /// Stream by module.
        streams: BTreeMap<String, String>,
        /// The context.
        context: String,
    },
    /// A stanza to be split into streams that have no combination which cannot be built.
    Split {
        /// Which stanza, from 1.
        stanza: usize,
        /// The streams.
        parts: Vec<Part>,
    },
}

/// One line; of a split only the names.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Overlap { stanza, module, build, run } => write!(
                f,
                "stanza {stanza}: {module} is built against [{}] and runs with [{}]: \
                 the lists differ, so every build requires all of the second",
                listed_or_any(build),
                listed_or_any(run),
            ),
            Finding::Never { stanza, streams, reason } if streams.is_empty() => {
                write!(f, "stanza {stanza} can never be built: {reason}")
            }
            Finding::Never { stanza, streams, reason } => {
                write!(f, "stanza {stanza}: {} can never be built: {reason}", pairs(streams))
            }
            Finding::SameContext { stanza, streams, context } => {
                write!(
                    f,
                    "stanza {stanza}: {} has the context {context} of an earlier build",
                    pairs(streams)
                )
            }
            Finding::Split { stanza, parts } => {
                let names: Vec<String> = parts.iter().map(|part| part.stream.clone()).collect();
                write!(f, "stanza {stanza}: split it into the streams {}", listed(&names))
            }
        }
    }
}

fn listed_or_any(streams: &[String]) -> String {
    if streams.is_empty() { String::new() } else { listed(streams) }
}

/// `gtk:1, platform:f28`
fn pairs(streams: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> =
        streams.iter().map(|(module, stream)| format!("{module}:{stream}")).collect();
    listed(&pairs)
}

/// Looks for what will surprise: overlaps first, then by stanza what can never be built, and how to split it.
///
/// # Errors
/// As [`expand`], but nothing that only the build service fails at.
pub fn lint(
    document: &Document,
    against: &[ModuleStream],
    options: &Options,
) -> Result<Vec<Finding>, ExpandError> {
    let lenient = Options { mbs_exact: false, ..options.clone() };
    let work = Work::new(document, against, &lenient)?;
    let mut findings = Vec::new();
    let mut number = 0;
    for (group, expanded) in &work.groups {
        for (original, expanded) in group.stanzas.iter().zip(expanded) {
            number += 1;
            overlaps(number, original, expanded, &mut findings);
        }
    }
    let expansion = expand(document, against, &lenient)?;
    never(&expansion, &lenient, &mut findings);
    Ok(findings)
}

fn overlaps(number: usize, original: &Stanza, expanded: &Stanza, findings: &mut Vec<Finding>) {
    let built = expanded.build_requires.iter().zip(&original.build_requires);
    let built: BTreeMap<&str, _> = built
        .map(|(expanded, original)| (original.module.as_str(), (expanded, original)))
        .collect();
    for (run_expanded, run) in expanded.requires.iter().zip(&original.requires) {
        let Some((build_expanded, build)) = built.get(run.module.as_str()) else { continue };
        if build.streams == run.streams {
            continue;
        }
        let common: std::collections::HashSet<&String> = build_expanded.streams.iter().collect();
        if run_expanded.streams.iter().any(|stream| common.contains(stream)) {
            findings.push(Finding::Overlap {
                stanza: number,
                module: run.module.clone(),
                build: build.streams.clone(),
                run: run.streams.clone(),
            });
        }
    }
}

fn never(expansion: &Expansion, options: &Options, findings: &mut Vec<Finding>) {
    let mut stanzas: BTreeMap<usize, Vec<&Combination>> = BTreeMap::new();
    for combination in &expansion.combinations {
        stanzas.entry(combination.stanza).or_default().push(combination);
    }
    for (stanza, combinations) in stanzas {
        let mut kept = Vec::new();
        for combination in &combinations {
            let streams = combination.streams.clone();
            match &combination.outcome {
                Outcome::Dropped { reason } => {
                    findings.push(Finding::Never { stanza, streams, reason: reason.clone() });
                }
                Outcome::Kept { context, same_context, .. } => {
                    kept.push(&combination.streams);
                    if same_context.is_some() {
                        let context = context.clone();
                        findings.push(Finding::SameContext { stanza, streams, context });
                    }
                }
            }
        }
        // Static contexts are their own split.
        let original = expansion.input.groups.first().filter(|group| group.context.is_none());
        let original = original.and_then(|group| group.stanzas.get(stanza - 1));
        if let (Some(original), true, true) =
            (original, !kept.is_empty(), kept.len() < combinations.len())
        {
            let parts = split(original, &expansion.input.template.nsvca.stream, &kept, options);
            findings.push(Finding::Split { stanza, parts });
        }
    }
}
