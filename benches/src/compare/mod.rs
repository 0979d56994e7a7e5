//! Whole processes beside libsolv and dnf, in one run.

mod building;
mod contest;
mod peers;
mod report;
mod repos;
mod requests;
mod targets;

use crate::failure::{Context, Failure, Outcome};
use crate::say;
use clap::Args;
use contest::Contest;
use peers::Peers;
use report::Report;
use repos::Repo;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// How often each request is measured; index builds a third of that
    #[arg(long, default_value_t = 11, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Where repositories, caches and made files go [default: modex-benches in the folder for temporary files]
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
    /// A repository: its label and the folder that holds `repodata/`, which is not changed. None: made from Debian's
    /// package lists
    #[arg(long = "repo", value_name = "LABEL=DIR")]
    repos: Vec<String>,
    /// The packages whose installs are measured
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "bash,git,gnome-core",
        value_name = "NAMES"
    )]
    names: Vec<String>,
    /// The client; built here where not given
    #[arg(long, value_name = "FILE")]
    modex: Option<PathBuf>,
    /// The publish step; built here where not given
    #[arg(long, value_name = "FILE")]
    modex_publish: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &CompareArgs, out: &mut impl Write) -> Result<Outcome, Failure> {
    let work = args.work.clone().unwrap_or_else(|| std::env::temp_dir().join("modex-benches"));
    std::fs::create_dir_all(&work).context(work.display())?;
    // Programs run with other folders as theirs, so every path is a whole one.
    let work = work.canonicalize().context(work.display())?;
    let mut report = Report::new(args.runs);
    let sources = match args.repos.is_empty() {
        true => repos::make(&work, &mut report)?,
        false => repos::given(&args.repos)?,
    };
    if sources.is_empty() {
        return Err(Failure::new("no repository: say --repo LABEL=DIR"));
    }
    let peers = Peers::find(args, &work, &mut report)?;
    for (label, dir) in sources {
        say(&format!("{label}: getting ready"));
        let repo = Repo::prepare(&label, &dir, &work, &peers)?;
        let mut contests: Vec<Contest> = Vec::new();
        for name in &args.names {
            for weak in [true, false] {
                contests.extend(requests::contest(&repo, name, weak, &peers, &mut report)?);
            }
        }
        for contest in contests {
            say(&format!("{label}: {}", contest.work));
            report.add(&label, contest.run(args.runs)?);
        }
        say(&format!("{label}: index build"));
        report.add(&label, building::contest(&repo, &peers)?.run((args.runs / 3).max(3))?);
    }
    targets::judge(&mut report);
    match args.json {
        true => writeln!(out, "{:#}", report.to_json())?,
        false => report.render(out)?,
    }
    Ok(Outcome::of(report.wrong.is_empty()))
}
