//! Installs: the same request put to modex, libsolv and dnf.

use super::contest::{Contest, Entry};
use super::peers::{PLATFORM, Peers};
use super::report::Report;
use super::repos::Repo;
use crate::child::Child;
use crate::failure::{Context, Failure};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// What is measured as `install NAME`, after every answer was looked at. `None` where the repository has no such package.
pub(super) fn contest(
    repo: &Repo,
    name: &str,
    weak: bool,
    peers: &Peers,
    report: &mut Report,
) -> Result<Option<Contest>, Failure> {
    let work = format!("{name}, weak {}", if weak { "on" } else { "off" });
    let place = format!("{}: {work}", repo.label);
    let ours = modex(repo, name, weak, peers, false);
    let Some(packages) = plan_packages(&modex(repo, name, weak, peers, true))? else {
        report.skip(&format!("{place}: modex finds no solution or no such package"));
        return Ok(None);
    };
    let mut entries =
        vec![Entry::new("/bin/true", Child::new("/bin/true")), Entry::new("modex", ours)];
    let mut check = |who: &str, found: Option<u64>| {
        if found != Some(packages) {
            let found = found.map_or("no solution".into(), |found| format!("{found} packages"));
            report.wrong.push(format!("{place}: modex answers {packages} packages, {who} {found}"));
        }
    };
    if let (Some(program), Some(solv)) = (&peers.solvbench, &repo.solv) {
        let weak = (!weak).then_some("-w");
        let child = Child::new(program).args(["-r", "1"]).args(weak).arg(solv).arg(name);
        let found = solvbench_packages(&child)?;
        // It knows nothing of modules, and so answers something else where there are any.
        if !repo.has_modules {
            check("libsolv", found);
        }
        entries.push(Entry::new("libsolv", child));
    }
    if let Some(program) = &peers.dnf {
        let child = dnf(repo, name, weak, program)?;
        let heard = child.hear()?;
        check("dnf", dnf_packages(&heard.out));
        // It exits with 1 for every answer that nobody assumes a yes to.
        entries.push(Entry { status: heard.status, ..Entry::new("dnf, warm", child) });
    }
    Ok(Some(Contest { work, packages: Some(packages), entries }))
}

fn modex(repo: &Repo, name: &str, weak: bool, peers: &Peers, json: bool) -> Child {
    let mut id = std::ffi::OsString::from("r=");
    id.push(&repo.served);
    Child::new(&peers.modex)
        .args(["resolve", "--repo"])
        .arg(id)
        .args(["--arch", "x86_64", "--platform", PLATFORM])
        .args((!weak).then_some("--no-weak-deps"))
        .args(json.then_some("--json"))
        .arg("--cache")
        .arg(repo.work.join("modex-cache"))
        .args(["--", "install", name])
}

fn plan_packages(child: &Child) -> Result<Option<u64>, Failure> {
    let heard = child.hear()?;
    match heard.status {
        0 => {}
        1 => return Ok(None),
        status => {
            let what = format!("`{}` ended with {status}: {}", child.line(), heard.tail());
            return Err(Failure::new(what));
        }
    }
    let plan: Value = serde_json::from_str(&heard.out).context(child.line())?;
    let packages = plan["packages"].as_array().map(|packages| packages.len() as u64);
    packages.map(Some).ok_or_else(|| Failure::new(format!("`{}` gives no packages", child.line())))
}

/// libsolv, whole process: load, file provides, whatprovides, solve.
fn solvbench_packages(child: &Child) -> Result<Option<u64>, Failure> {
    let heard = child.must()?;
    let lines = heard.out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    Ok(lines
        .filter_map(|line| line["packages"].as_i64())
        .find_map(|count| u64::try_from(count).ok()))
}

/// dnf in an installroot of its own, with the cache that its first run made, and without looking whether the repository
/// is newer than that.
fn dnf(repo: &Repo, name: &str, weak: bool, program: &Path) -> Result<Child, Failure> {
    let (conf, root) = (repo.work.join("dnf.conf"), repo.work.join("dnf-root"));
    fs::create_dir_all(root.join("etc/dnf")).context(root.display())?;
    fs::write(&conf, "").context(conf.display())?;
    let path = |option: &str, path: &Path| {
        let mut word = std::ffi::OsString::from(option);
        word.push(path);
        word
    };
    let modules = format!("--setopt=module_platform_id={PLATFORM}");
    let weak = format!("--setopt=install_weak_deps={}", if weak { "True" } else { "False" });
    Ok(Child::new(program)
        .arg("-c")
        .arg(&conf)
        .arg(path("--installroot=", &root))
        .arg(path("--repofrompath=r,", &repo.source))
        .arg(path("--setopt=cachedir=", &repo.work.join("dnf-cache")))
        .args(["--releasever=1", "--repo=r", "--nogpgcheck", "--setopt=plugins=0"])
        .args(["--setopt=metadata_expire=-1", &modules, &weak, "--assumeno", "install", name]))
}

/// The packages that go in, by the summary at the end of dnf's answer.
fn dnf_packages(text: &str) -> Option<u64> {
    let (_, summary) = text.split_once("Transaction Summary")?;
    let lines = summary.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        match (words.next()?, words.next()?.parse::<u64>(), words.next()?) {
            ("Install" | "Upgrade" | "Downgrade", Ok(count), "Package" | "Packages") => Some(count),
            _ => None,
        }
    });
    Some(lines.sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dnf_says_how_many() {
        let text = "Dependencies resolved.\n bash  1 Package\nTransaction Summary\n=====\nInstall  25 Packages\n\nTotal download size: 11 M\n";
        assert_eq!(dnf_packages(text), Some(25));
        assert_eq!(
            dnf_packages("Transaction Summary\n===\nInstall  1 Package\nUpgrade  2 Packages\n"),
            Some(3)
        );
        assert_eq!(dnf_packages("Error: Unable to find a match: no\n"), None);
    }
}
