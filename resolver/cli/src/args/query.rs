//! Arguments of commands that show things.

use super::WorldArgs;
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ModuleListArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    /// Only enabled streams
    #[arg(long, conflicts_with_all = ["disabled", "installed_profiles"])]
    pub(crate) enabled: bool,
    /// Only disabled modules
    #[arg(long, conflicts_with = "installed_profiles")]
    pub(crate) disabled: bool,
    /// Only streams with installed profiles
    #[arg(long)]
    pub(crate) installed_profiles: bool,
    /// Every build, not only the newest of each stream
    #[arg(long)]
    pub(crate) builds: bool,
    /// NAME[:STREAM[:VERSION[:CONTEXT]]], globs; all where none is given
    pub(crate) patterns: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ModuleInfoArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    /// Show what is in profiles, and nothing else
    #[arg(long)]
    pub(crate) profile: bool,
    /// NAME[:STREAM[:VERSION[:CONTEXT]]], globs
    #[arg(required = true)]
    pub(crate) patterns: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ModuleRepoqueryArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    #[command(flatten)]
    pub(crate) of: OfArgs,
    /// NAME[:STREAM[:VERSION[:CONTEXT]]], globs
    #[arg(required = true)]
    pub(crate) patterns: Vec<String>,
}

/// Installed or not.
#[derive(Debug, Clone, Args)]
pub(crate) struct OfArgs {
    /// Packages of repositories
    #[arg(long)]
    pub(crate) available: bool,
    /// Installed packages (dnf: --installed)
    #[arg(long)]
    pub(crate) of_system: bool,
}

/// Which packages.
#[derive(Debug, Clone, Args)]
pub(crate) struct WhichArgs {
    #[command(flatten)]
    pub(crate) of: OfArgs,
    /// Packages of repositories that are newer than the installed ones
    #[arg(long)]
    pub(crate) upgrades: bool,
    /// Also what modules hide
    #[arg(long)]
    pub(crate) disable_modular_filtering: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    #[command(flatten)]
    pub(crate) which: WhichArgs,
    /// Names, globs, NEVRAs; all where none is given
    pub(crate) patterns: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RepoqueryArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    #[command(flatten)]
    pub(crate) which: WhichArgs,
    /// Installed packages that somebody asked for
    #[arg(long)]
    pub(crate) userinstalled: bool,
    /// Installed packages that no repository has
    #[arg(long)]
    pub(crate) extras: bool,
    /// Of each name and architecture so many newest ones; negative: all but so many
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) latest_limit: Option<i32>,
    /// Packages of these architectures, separated by commas (dnf: --arch)
    #[arg(long, value_name = "ARCH", value_delimiter = ',')]
    pub(crate) of_arch: Vec<String>,
    /// Packages that provide this
    #[arg(long, value_name = "CAPABILITY")]
    pub(crate) whatprovides: Option<String>,
    /// Packages that require this
    #[arg(long, value_name = "CAPABILITY")]
    pub(crate) whatrequires: Option<String>,
    /// Print what packages provide
    #[arg(long, group = "relation")]
    pub(crate) provides: bool,
    /// Print what packages require
    #[arg(long, group = "relation")]
    pub(crate) requires: bool,
    /// Print what packages conflict with
    #[arg(long, group = "relation")]
    pub(crate) conflicts: bool,
    /// Print what packages obsolete
    #[arg(long, group = "relation")]
    pub(crate) obsoletes: bool,
    /// Print what packages recommend
    #[arg(long, group = "relation")]
    pub(crate) recommends: bool,
    /// Print what packages suggest
    #[arg(long, group = "relation")]
    pub(crate) suggests: bool,
    /// Print what packages supplement
    #[arg(long, group = "relation")]
    pub(crate) supplements: bool,
    /// Print what packages enhance
    #[arg(long, group = "relation")]
    pub(crate) enhances: bool,
    /// How a package is printed: text with %{name}, %{epoch}, %{version}, %{release}, %{arch}, %{evr}, %{nevra},
    /// %{full_nevra}, %{repoid}
    #[arg(long, visible_alias = "qf", value_name = "FORMAT", default_value = "%{full_nevra}")]
    pub(crate) queryformat: String,
    /// Names, globs, NEVRAs; all where none is given
    pub(crate) patterns: Vec<String>,
}
