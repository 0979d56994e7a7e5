//! The command line of `modules`.

use crate::work::WorkArgs;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Check, merge and show module documents (modulemd).
///
/// A PLACE is a file of YAML, plain or compressed, a repository's folder, or `-` for stdin.
#[derive(Debug, Args)]
pub(crate) struct ModulesArgs {
    #[command(subcommand)]
    pub(crate) command: ModulesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModulesCommand {
    Validate(ValidateArgs),
    Merge(MergeArgs),
    Show(ShowArgs),
    Unique(UniqueArgs),
}

/// Say of each document whether it is accepted, and where it is not, why.
///
/// The verdicts are libmodulemd's; a broken document never hides the others. Documents of build systems
/// (modulemd-packager, streams without a name) are accepted as what they are. Requirements that no stream in the
/// file can ever meet are told as warnings.
///
/// Exits with 0 where every document is accepted, 1 where one is refused, 2 where a file cannot be read.
#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Files of YAML, plain or compressed; repositories; `-` for stdin
    #[arg(required = true, value_name = "PLACE")]
    pub(crate) places: Vec<PathBuf>,
    /// Refuse documents with keys that the format does not know
    #[arg(long)]
    pub(crate) strict: bool,
    /// Refuse what a repository cannot hold: documents of build systems, streams without a name
    #[arg(long)]
    pub(crate) repository: bool,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    /// Print the verdict on every document as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Merge the documents of several places into one, as libmodulemd's merger does.
///
/// All places have the same rank, in the order given: the first document of an identity stays, defaults follow
/// the larger `modified`. Documents that are refused are left out with a warning. Exits with 1, and writes nothing, where defaults
/// cannot be merged.
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Files of YAML, plain or compressed; repositories; `-` for stdin
    #[arg(required = true, value_name = "PLACE")]
    pub(crate) places: Vec<PathBuf>,
    /// Where to write the merged documents; stdout where it is `-`
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(crate) output: PathBuf,
    /// Places whose defaults replace those of the others as a whole (as /etc/dnf/modules.defaults.d does)
    #[arg(long, value_name = "PLACE")]
    pub(crate) overrides: Vec<PathBuf>,
    /// Treat as errors: refused documents, unknown keys, builds of one identity that differ, default streams that are equally old
    #[arg(long)]
    pub(crate) strict: bool,
    /// Leave out the defaults of a module that cannot be merged, instead of giving up
    #[arg(long)]
    pub(crate) isolate: bool,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    /// Print what was merged, left out and lost as JSON (with --output FILE)
    #[arg(long, requires = "output")]
    pub(crate) json: bool,
}

/// Print the documents of a module, in the canonical form.
///
/// Exits with 1 where there is none.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// What to show: `NAME:STREAM:VERSION:CONTEXT:ARCH` from the left, each part a glob, or NAME-STREAM-VERSION-CONTEXT
    #[arg(value_name = "NSVCA")]
    pub(crate) spec: String,
    /// Files of YAML, plain or compressed; repositories; `-` for stdin
    #[arg(required = true, value_name = "PLACE")]
    pub(crate) places: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    /// Print them as JSON, with the places they stand in
    #[arg(long)]
    pub(crate) json: bool,
}

/// Check that name:stream:version:context:arch names one build over all places.
///
/// Prints each identity of two documents that differ, with both places, and then exits with 1. Equal copies are counted.
#[derive(Debug, Args)]
pub(crate) struct UniqueArgs {
    /// Files of YAML, plain or compressed; repositories; `-` for stdin
    #[arg(required = true, value_name = "PLACE")]
    pub(crate) places: Vec<PathBuf>,
    /// Print equal copies too, and exit with 1 where there are any
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    /// Print it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
