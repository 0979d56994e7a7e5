//! The command line, in createrepo_c's words where it has any.

use crate::expand::ExpandArgs;
use crate::modules::ModulesArgs;
use crate::work::WorkArgs;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Indexes RPM repositories for modex clients, and checks what is published.
#[derive(Debug, Parser)]
#[command(
    name = "modex-publish",
    version,
    arg_required_else_help = true,
    after_help = "Exit status: 0 done, 1 the answer is no (verify, modules, expand; inspect of a damaged file), 2 it could not be done."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Index(IndexArgs),
    Inspect(InspectArgs),
    Verify(VerifyArgs),
    Modules(ModulesArgs),
    Expand(Box<ExpandArgs>),
}

/// Index repositories and publish the indexes in them.
///
/// Reads repodata/repomd.xml and the documents it lists, writes index files beside them and adds one record of type `modex`
/// to repomd.xml. Nothing else changes: dnf and createrepo_c read the repository as before. The same documents give the
/// same files on any machine. Run it after createrepo_c (and modifyrepo_c), before repomd.xml is signed.
///
/// Repositories that clients use together (BaseOS and AppStream) belong in one command: then each index also knows
/// who owns the files that packages of the other ones require.
///
/// What was left out or looks odd is listed on stderr with its place; what cannot be read at all is an error, and then
/// nothing is published.
#[derive(Debug, clap::Args)]
pub(crate) struct IndexArgs {
    /// Folders that hold `repodata`
    #[arg(required = true, value_name = "REPO_DIR")]
    pub(crate) repositories: Vec<PathBuf>,
    /// Index for this architecture; may be given several times [default: those of the packages]
    #[arg(long, value_name = "ARCH")]
    pub(crate) arch: Vec<String>,
    /// Read package files for their modularity label
    ///
    /// primary.xml does not have it. dnf sees it after the download, and refuses a package that carries one and that no
    /// active stream lists; with this option clients of the index know before. Read are the files, up to their payload, of
    /// packages that no document of the repository lists, where they lie below the repository. One that is not there is
    /// passed over. Where none carries a label, the index is the same as without the option.
    #[arg(long)]
    pub(crate) package_files: bool,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    /// Write the index files and pointers into this folder, and leave the repositories alone
    #[arg(short, long, visible_alias = "outputdir", value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Print what was done as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show what is in a file of modex: an index file or a pointer.
///
/// Exits with 1 where the file is one of ours and damaged.
#[derive(Debug, clap::Args)]
pub(crate) struct InspectArgs {
    /// A file named …-modex.json, …-modex-ARCH.hot, .warm or .cold
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Number of rows shown of each kind
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) rows: u32,
    /// Print it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Prove that a repository's index, pointer and repodata belong together and are whole.
///
/// Indexes the documents again and compares every byte. Exits with 1, saying exactly what does not hold, where they do not
/// belong together.
#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    /// Folders that hold `repodata`
    #[arg(required = true, value_name = "REPO_DIR")]
    pub(crate) repositories: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    /// Print it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_table_is_sound() {
        Args::command().debug_assert();
    }
}
