//! Arguments of commands that pin and compare things.

use super::{ResolveArgs, WorldArgs};
use clap::{Args, ValueHint};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct LockArgs {
    /// Where to write [default: stdout]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Also write the plan, as `resolve --json` prints it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) plan: Option<PathBuf>,
    /// Leave source packages out
    #[arg(long)]
    pub(crate) no_sources: bool,
    #[command(flatten)]
    pub(crate) origin: OriginArgs,
    #[command(flatten)]
    pub(crate) resolve: ResolveArgs,
}

/// Where files are fetched from.
#[derive(Debug, Clone, Args)]
pub(crate) struct OriginArgs {
    /// Where a repository is fetched from [default: the first baseurl that the system configures, else its folder]
    #[arg(long, value_name = "ID=URL")]
    pub(crate) baseurl: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyLockArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    #[command(flatten)]
    pub(crate) origin: OriginArgs,
    /// An rpms.lock.yaml, or a plan of `resolve --json`
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// Print the dnf words that make A like B, for `modex resolve --installed A …`
    #[arg(long, conflicts_with = "json")]
    pub(crate) commands: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// A file of `modex state export`, a plan, an rpms.lock.yaml, or a list of NEVRAs
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) a: PathBuf,
    /// What it is compared with
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) b: PathBuf,
}
