//! The tools that everybody uses still read a published repository.

use crate::support::{Repo, index, package};
use modex_generator::verify;
use std::path::Path;
use std::process::Command;

/// Runs a tool; `None`, and said so, where it is not installed.
fn run(test: &str, command: &mut Command) -> Option<String> {
    match command.output() {
        Ok(output) => {
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{command:?}: {errors}");
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(error) => {
            let tool = command.get_program().to_string_lossy();
            modex_fixtures::skipped(test, &format!("{tool}: {error}"));
            None
        }
    }
}

fn published() -> Repo {
    let filelists =
        "<filelists xmlns=\"http://linux.duke.edu/metadata/filelists\" packages=\"0\"></filelists>";
    let repo = Repo::of(&[package("a", "1", "x86_64", ""), package("b", "2", "noarch", "")]).with(
        "filelists",
        "filelists.xml",
        filelists,
    );
    index(&[&repo]).unwrap();
    repo
}

fn names(listed: &str) -> Vec<&str> {
    let mut names: Vec<&str> = listed.lines().filter(|line| !line.is_empty()).collect();
    names.sort_unstable();
    names
}

#[test]
fn dnf_reads_it() {
    let repo = published();
    let root = tempfile::tempdir().unwrap();
    let set = |option: &str, value: &Path| format!("--setopt={option}={}", value.display());
    let mut dnf = Command::new("dnf");
    dnf.args(["-q", "--releasever=9", "--forcearch=x86_64", "--setopt=reposdir=/dev/null"])
        .arg(set("cachedir", &root.path().join("cache")))
        .arg(set("persistdir", &root.path().join("persist")))
        .arg(set("logdir", root.path()))
        .arg(format!("--installroot={}", root.path().display()))
        .arg(format!("--repofrompath=t,file://{}", repo.path().display()))
        .args(["--repo=t", "--nogpgcheck", "repoquery", "--qf", "%{name}-%{version}"]);
    let Some(listed) = run("dnf_reads_it", &mut dnf) else { return };
    assert_eq!(names(&listed), ["a-1", "b-2"]);
}

#[test]
fn modifyrepo_c_keeps_our_record() {
    let repo = published();
    let extra = repo.path().join("extra.txt");
    std::fs::write(&extra, "extra").unwrap();
    let mut modifyrepo = Command::new("modifyrepo_c");
    modifyrepo.arg("--mdtype=extra").arg(&extra).arg(repo.repodata());
    if run("modifyrepo_c_keeps_our_record", &mut modifyrepo).is_none() {
        return;
    }
    let verdict = verify(repo.path(), &crate::support::jobs(1)).unwrap();
    assert_eq!(verdict.findings, [], "after modifyrepo_c");
    // It wrote our record in its own way; ours replaces it in place.
    index(&[&repo]).unwrap();
    let text = std::fs::read_to_string(repo.repodata().join("repomd.xml")).unwrap();
    assert_eq!(text.matches("type=\"modex\"").count(), 1);
    assert!(text.contains("type=\"extra\""));
}

#[test]
fn mergerepo_c_reads_it() {
    let repo = published();
    let output = tempfile::tempdir().unwrap();
    let mut mergerepo = Command::new("mergerepo_c");
    mergerepo
        .arg(format!("--repo=file://{}", repo.path().display()))
        .arg(format!("--outputdir={}", output.path().display()))
        .args(["--no-database", "--compress-type=gz"]);
    if run("mergerepo_c_reads_it", &mut mergerepo).is_none() {
        return;
    }
    let merged = [output.path()];
    let published = modex_generator::publish::index(&merged, &crate::support::jobs(1)).unwrap();
    assert_eq!(published[0].content.architectures["x86_64"].packages, 2);
}
