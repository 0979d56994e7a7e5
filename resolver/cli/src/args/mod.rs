//! The command line.

mod lock;
mod query;

pub(crate) use lock::{DiffArgs, LockArgs, OriginArgs, VerifyLockArgs};
pub(crate) use query::{
    ListArgs, ModuleInfoArgs, ModuleListArgs, ModuleRepoqueryArgs, OfArgs, RepoqueryArgs, WhichArgs,
};

use clap::{Args, Parser, Subcommand, ValueHint};
use std::path::PathBuf;

/// Resolve and explain RPM package and module installs from static files, offline.
#[derive(Debug, Parser)]
#[command(name = "modex", version, max_term_width = 110, arg_required_else_help = true)]
#[command(after_help = "\
Exit status: 0 answered, 1 no solution or nothing found, 2 could not answer (usage, input, I/O).

Example:
  modex resolve --repo baseos=/srv/baseos --repo appstream=/srv/appstream \\
      --platform platform:el9 -- install bash")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the transaction that dnf would make of a request
    Resolve(ResolveArgs),
    /// Tell why packages are installed, would come in, or take part in a transaction
    Why(WhyArgs),
    /// Tell why packages are not offered or cannot be installed, and what would bring them in
    WhyNot(WhyNotArgs),
    /// Pin what dnf's words would download, as rpms.lock.yaml
    Lock(LockArgs),
    /// Tell which pins of a lock file the repositories do not have any more, and what took their place
    VerifyLock(VerifyLockArgs),
    /// Compare two machines, plans, lock files or lists of packages
    Diff(DiffArgs),
    /// List packages by name, glob or NEVRA
    List(ListArgs),
    /// Describe packages
    Info(PatternArgs),
    /// List packages that provide a capability or own a path
    Provides(PatternArgs),
    /// List what packages require
    Requires(DepArgs),
    /// List packages that require a capability, path or package
    Whatrequires(DepArgs),
    /// Query packages, in dnf's words
    Repoquery(RepoqueryArgs),
    /// List what there are newer packages of; exit status 100 where there are any, as for dnf
    CheckUpdate(PatternArgs),
    /// Module streams
    #[command(subcommand)]
    Module(ModuleCommand),
    /// The state of a machine
    #[command(subcommand)]
    State(StateCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModuleCommand {
    /// List module streams with their profiles and state
    List(ModuleListArgs),
    /// Describe module streams
    Info(ModuleInfoArgs),
    /// List the module builds that ship packages
    Provides(PatternArgs),
    /// List the packages of active modules
    Repoquery(ModuleRepoqueryArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum StateCommand {
    /// Write configuration, module state and packages of a machine as one file, for --installed elsewhere
    Export(ExportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The root of the machine's file system
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, default_value = "/")]
    pub(crate) installroot: PathBuf,
    /// Architecture of the machine [default: that of its packages]
    #[arg(long)]
    pub(crate) arch: Option<String>,
    /// What $releasever stands for [default: the version of the installed release]
    #[arg(long, value_name = "VERSION")]
    pub(crate) releasever: Option<String>,
    /// Where to write [default: stdout]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

/// Which repositories, for which system.
#[derive(Debug, Clone, Args)]
pub(crate) struct WorldArgs {
    /// A repository: its id and the folder that holds `repodata/`; repeat for more, in order
    #[arg(long = "repo", value_name = "ID=DIR", value_hint = ValueHint::DirPath)]
    pub(crate) repos: Vec<String>,
    /// A repository's option, as in dnf: ID.priority=N, ID.cost=N or ID.module_hotfixes=1
    #[arg(long, value_name = "ID.OPTION=VALUE")]
    pub(crate) setopt: Vec<String>,
    /// Leave out a repository, by its id; repeat for more
    #[arg(long, value_name = "ID")]
    pub(crate) disablerepo: Vec<String>,
    /// The root of a system: its configuration, repositories, module state and packages are used
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) installroot: Option<PathBuf>,
    /// Architecture of the system [default: that of its packages, else x86_64]
    #[arg(long)]
    pub(crate) arch: Option<String>,
    /// What $releasever stands for [default: the version of the installed release]
    #[arg(long, value_name = "VERSION", requires = "installroot")]
    pub(crate) releasever: Option<String>,
    /// Platform of the system, such as platform:el9; needed where there are modules
    #[arg(long, value_name = "NAME:STREAM")]
    pub(crate) platform: Option<String>,
    /// What is installed: a file of `modex state export`, or one NEVRA a line, then optionally its provides,
    /// separated by commas
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) installed: Option<PathBuf>,
    /// Where indexes made here and checks done are kept [default: $XDG_CACHE_HOME/modex]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) cache: Option<PathBuf>,
    /// Where a repository is indexed here: read its package files, where they are, for their modularity label, and refuse
    /// as dnf does what carries one and no active stream lists
    #[arg(long)]
    pub(crate) package_files: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How a request is resolved.
#[derive(Debug, Clone, Args)]
pub(crate) struct SolveArgs {
    /// Do not follow Recommends and Supplements (dnf: install_weak_deps=0)
    #[arg(long)]
    pub(crate) no_weak_deps: bool,
    /// What is asked for must come in its best version (dnf: best=1)
    #[arg(long)]
    pub(crate) best: bool,
    /// What is asked for may come in an older version, whatever the configuration says
    #[arg(long, conflicts_with = "best")]
    pub(crate) nobest: bool,
    /// Installed packages may be erased to make room
    #[arg(long, visible_alias = "allowerasing")]
    pub(crate) allow_erasing: bool,
    /// Leave out what cannot be installed (dnf: strict=0)
    #[arg(long)]
    pub(crate) skip_broken: bool,
    /// Leave what only removed packages needed (dnf: clean_requirements_on_remove=0)
    #[arg(long)]
    pub(crate) no_clean_requirements: bool,
    /// Pass over the excludes of the configuration (dnf: --disableexcludes=all)
    #[arg(long)]
    pub(crate) disable_excludes: bool,
    /// The moment at which module streams are obsolete or not, YYYY-MM-DDTHH:MMZ [default: now]
    #[arg(long, value_name = "MOMENT")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ResolveArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    #[command(flatten)]
    pub(crate) solve: SolveArgs,
    /// Write what becomes of the modules' state into the root
    #[arg(long, requires = "installroot")]
    pub(crate) apply_module_state: bool,
    /// Write the state that the machine would have afterwards, for --installed
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) state_after: Option<PathBuf>,
    /// dnf's words: install SPEC…, upgrade, remove SPEC…, module install SPEC… and so on, SPEC.rpm being a package file of this machine;
    /// more commands behind another --
    #[arg(required = true, value_name = "DNF-WORDS")]
    pub(crate) words: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct WhyArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    #[command(flatten)]
    pub(crate) solve: SolveArgs,
    /// Names, globs, NEVRAs, capabilities or paths
    #[arg(required = true, value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// In the transaction of this command of dnf, such as install SPEC…; more commands behind another --
    #[arg(last = true, value_name = "DNF-WORDS")]
    pub(crate) words: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct WhyNotArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    #[command(flatten)]
    pub(crate) solve: SolveArgs,
    /// Names, globs, NEVRAs, capabilities or paths
    #[arg(required = true, value_name = "NAME")]
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PatternArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    /// Names, globs, NEVRAs; all where none is given
    pub(crate) patterns: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DepArgs {
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    /// Packages, capabilities or paths
    #[arg(required = true)]
    pub(crate) patterns: Vec<String>,
}
