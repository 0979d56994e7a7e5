//! Index builds: what each peer has to do once for every new state of a repository.

use super::contest::{Contest, Entry};
use super::peers::Peers;
use super::repos::Repo;
use crate::child::Child;
use crate::failure::{Context, Failure};

/// modex-publish reads the compressed documents, checks them, and writes and syncs its files; rpmmd2solv gets primary.xml
/// alone, decompressed before.
pub(super) fn contest(repo: &Repo, peers: &Peers) -> Result<Contest, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let ours = |who, jobs: usize| {
        let output = repo.work.join(format!("output-{jobs}"));
        let child = Child::new(&peers.publish)
            .arg("index")
            .arg(&repo.source)
            .args(["--jobs", &jobs.to_string()])
            .arg("--output")
            .arg(&output);
        Entry { clear: Some(output), ..Entry::new(who, child) }
    };
    let entries_of_ours = [ours("modex-publish", cores), ours("modex-publish, 1 job", 1)];
    for entry in &entries_of_ours {
        entry.child.must()?;
        check(entry)?;
    }
    let mut entries = vec![Entry::new("/bin/true", Child::new("/bin/true"))];
    entries.extend(entries_of_ours);
    if let Some(program) = &peers.rpmmd2solv {
        let child = Child::new(program).reading(&repo.raw).writing(&repo.work.join("timed.solv"));
        entries.push(Entry::new("rpmmd2solv", child));
    }
    Ok(Contest { work: "index build".into(), packages: Some(repo.packages), entries })
}

/// That there is a hot file.
fn check(entry: &Entry) -> Result<(), Failure> {
    let Some(folder) = &entry.clear else { return Ok(()) };
    let mut files = std::fs::read_dir(folder).context(folder.display())?.filter_map(Result::ok);
    match files.any(|file| file.file_name().to_string_lossy().ends_with(".hot")) {
        true => Ok(()),
        false => Err(Failure::new(format!("`{}` wrote no hot file", entry.child.line()))),
    }
}
