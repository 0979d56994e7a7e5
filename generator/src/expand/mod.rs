//! Stream expansion: one document of a packager into the documents of the builds it stands for, as the Module Build
//! Service does it when a module is submitted.
//!
//! [`expand`] takes a stream document with lists of streams (or a packager document) and the documents of the builds that
//! exist; what comes out is one document for each build, with one stream of each module it is built against, all modules of
//! its build root in `xmd.mbs.buildrequires`, a context and a version. Contexts are equal to the build service's, digit
//! by digit. [`lint`] says what will surprise, [`count`] how much would be built.
//!
//! # What differs from the build service (March 2020)
//! With [`Options::mbs_exact`] only those marked with * remain.
//! * A combination that cannot be built is left out and reported. The service fails the whole submission where none of a
//!   stanza's combinations can be solved, or a stream has no build; it silently passes over combinations that cannot
//!   be solved beside others that can.
//! * A document keeps no stanza but its own. In the service the other stanzas of the input stay; their requires count in
//!   the context, and clients then require all of them.
//! * A stanza that is built against nothing does not keep the others from being expanded.
//! * A list that excludes every stream stands for none, even where builds of the module came in for another reason.
//! * A build that requires any stream of a module brings in all streams of it, where nothing else brought in one. The
//!   service finds no build.
//! * The number of the platform is put in front of a version made from a commit time, not of the document's own version.
//! * (*) Builds come in a fixed order: stanzas, then modules bytewise, the last module's stream changing first. The service has
//!   none (a set). Builds that are equally new are taken by context; there by their age in its database.
//! * (*) Every document is a finished build; there are no states, so no builds against a platform past its end of life,
//!   and no suffixes of platform streams.
//! * (*) Where there is no document of a platform stream and none was listed, those named and those that builds were made against
//!   are taken for existing; builds without the service's record are taken for built against what they declare.
//! * (*) A build root record has no `ref` or `koji_tag` where the build's document has none, and never `filtered_rpms`.
//! * A platform stream without a number of the form `x.y.z` is compatible with no other one. To the service all are that
//!   share a virtual stream with it, newer ones and those of other major versions too.
//! * A list of a build's runtime requires that excludes streams means all others; the service looks for a stream `-1`.
//! * (*) A candidate is collected once. The service collects it as often as it is needed, which only shifts how much
//!   older the next one counts, and never ends where builds need each other.
//! * (*) Of stanzas that are the same, or become it when expanded, each is expanded. The service loses some, and may write
//!   a document from the wrong one.
//! * (*) A runtime stanza of a build that needs nothing is met by nothing; the service forgets it beside others.
//! * (*) A build counts as built against a platform stream whatever the version of that.
//! * (*) What runtime requires leave open is decided as libsolv does it. Four of 10,000 random worlds full of conflicts still
//!   had another build root.
//! * (*) The document has `static_context: true` where the context is the packager's.

mod collect;
mod combine;
mod context;
mod count;
mod decide;
mod error;
mod expansion;
mod input;
mod known;
mod lint;
mod list;
mod options;
mod platform;
mod reason;
mod rules;
mod solve;
mod split;
mod version;
mod write;

pub use context::{Contexts, contexts, requires_json, streams_json};
pub use count::{Counts, StanzaCounts, count};
pub use error::ExpandError;
pub use expansion::{Combination, Expansion, Outcome, Planned, Used, expand};
pub use lint::{Finding, lint};
pub use options::{ExpandLimits, Options};
pub use platform::{PlatformStream, stream_version};
pub use reason::{Reason, Wanted};
pub use split::Part;
pub use version::{CommitTime, prefixed};

#[cfg(test)]
mod tests;
