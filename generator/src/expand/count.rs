//! How much would be built, before it is submitted.

use super::combine::{Efforts, combinations, combine};
use super::expansion::Work;
use super::{ExpandError, Options};
use crate::modulemd::Document;
use modex_formats::module::ModuleStream;
use serde::Serialize;

/// How much would be built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// By stanza, or static context.
    pub stanzas: Vec<StanzaCounts>,
    /// All combinations.
    pub combinations: u64,
    /// All builds; `None` where there are too many combinations to try.
    pub builds: Option<u64>,
}

/// How much would be built of one stanza.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StanzaCounts {
    /// Which stanza, from 1; of a static context the place of that context.
    pub stanza: usize,
    /// The context that the packager chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub static_context: Option<String>,
    /// Choices of one stream for each module: the most that can be built.
    pub combinations: u64,
    /// Those of them that can be built; `None` where there are too many to try.
    pub builds: Option<u64>,
}

/// Counts what [`expand`](super::expand) would build, without making any document. Too many combinations are counted all
/// the same, only not tried.
///
/// # Errors
/// As `expand`, but for the limits.
pub fn count(
    document: &Document,
    against: &[ModuleStream],
    options: &Options,
) -> Result<Counts, ExpandError> {
    let mut work = Work::new(document, against, options)?;
    let mut counts = Counts { stanzas: Vec::new(), combinations: 0, builds: Some(0) };
    for (group, expanded) in &work.groups {
        let first = counts.stanzas.len();
        for stanza in expanded {
            let combinations = combinations(stanza) as u64;
            counts.combinations = counts.combinations.saturating_add(combinations);
            counts.stanzas.push(StanzaCounts {
                stanza: counts.stanzas.len() + 1,
                static_context: group.context.clone(),
                combinations,
                builds: Some(0),
            });
        }
        match combine(expanded, &mut work.known, options, &mut work.efforts) {
            Ok(tried) => {
                for one in tried.iter().filter(|one| one.outcome.is_ok()) {
                    let builds = &mut counts.stanzas[first + one.stanza].builds;
                    *builds = builds.map(|builds| builds + 1);
                }
            }
            Err(ExpandError::Limit { .. }) => {
                counts.stanzas[first..].iter_mut().for_each(|stanza| stanza.builds = None);
                // Each static context has a try of its own.
                work.efforts = Efforts::new(options);
            }
            Err(error) => return Err(error),
        }
    }
    counts.builds = counts.stanzas.iter().map(|stanza| stanza.builds).sum();
    Ok(counts)
}
