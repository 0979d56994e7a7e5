//! The repositories: given, or made from Debian's package lists; each as its peers want it.

use super::peers::{Peers, scripts};
use super::report::Report;
use crate::child::Child;
use crate::failure::{Context, Failure};
use crate::repository;
use crate::say;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A repository, ready to be asked.
#[derive(Debug)]
pub(super) struct Repo {
    pub(super) label: String,
    /// As given.
    pub(super) source: PathBuf,
    /// A copy that publishes our index.
    pub(super) served: PathBuf,
    /// primary.xml, decompressed.
    pub(super) raw: PathBuf,
    /// As libsolv loads it.
    pub(super) solv: Option<PathBuf>,
    pub(super) packages: u64,
    pub(super) has_modules: bool,
    /// Where things of this run go.
    pub(super) work: PathBuf,
}

/// The repositories of the command line.
pub(super) fn given(words: &[String]) -> Result<Vec<(String, PathBuf)>, Failure> {
    let repo = |word: &String| {
        let (label, dir) = word
            .split_once('=')
            .filter(|(label, _)| !label.is_empty() && !label.contains('/'))
            .ok_or_else(|| Failure::new(format!("`--repo {word}` is not LABEL=DIR")))?;
        Ok((label.to_owned(), PathBuf::from(dir).canonicalize().context(dir)?))
    };
    words.iter().map(repo).collect()
}

/// `full`, `fullmod` and `sub10`, made once from the package lists that apt keeps.
pub(super) fn make(work: &Path, report: &mut Report) -> Result<Vec<(String, PathBuf)>, Failure> {
    let (packages, modules) = (scripts().join("deb2rpmmd.py"), scripts().join("mkmodules.py"));
    let lists: Vec<PathBuf> = fs::read_dir("/var/lib/apt/lists").map_or(Vec::new(), |folder| {
        let mut lists: Vec<PathBuf> = folder
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.to_string_lossy().contains("_Packages"))
            .collect();
        lists.sort();
        lists
    });
    if !packages.is_file() || lists.is_empty() {
        report.skip("repositories from Debian's package lists: no deb2rpmmd.py, or no lists (`apt-get update`)");
        return Ok(Vec::new());
    }
    let python = || Child::new("/usr/bin/python3");
    let folder = |label: &str| work.join("made").join(label);
    let from_lists = |label, options: &[&str]| {
        python().arg(&packages).arg("-o").arg(folder(label)).args(options).args(&lists)
    };
    let layers = python().arg(&modules).arg(folder("full")).arg(folder("fullmod"));
    let ways = [
        ("full", from_lists("full", &[])),
        ("fullmod", layers.args(["--modules", "300", "--streams", "4", "--contexts", "3"])),
        ("sub10", from_lists("sub10", &["--subset", "6344", "--seed-packages", "bash,git"])),
    ];
    let mut made = Vec::new();
    for (label, child) in ways {
        let dir = folder(label);
        if !dir.join("repodata/repomd.xml").is_file() {
            say(&format!("making {label} in {}", dir.display()));
            fs::create_dir_all(work.join("made"))?;
            if let Err(failure) = child.must() {
                report.skip(&format!("{label}: {failure}"));
                continue;
            }
        }
        made.push((label.to_owned(), dir));
    }
    Ok(made)
}

impl Repo {
    /// Copies and indexes the repository, and makes libsolv's file of it.
    pub(super) fn prepare(
        label: &str,
        source: &Path,
        work: &Path,
        peers: &Peers,
    ) -> Result<Self, Failure> {
        let work = work.join("run").join(label);
        if work.exists() {
            fs::remove_dir_all(&work).context(work.display())?;
        }
        let served = work.join("served");
        fs::create_dir_all(served.join("repodata")).context(served.display())?;
        let documents = source.join("repodata");
        for document in fs::read_dir(&documents).context(documents.display())? {
            let document = document?;
            fs::copy(document.path(), served.join("repodata").join(document.file_name()))
                .context(document.path().display())?;
        }
        Child::new(&peers.publish).arg("index").arg(&served).must()?;

        let opened = repository::open(source)?;
        let (raw, head) = (work.join("primary.xml"), work.join("repo.solv"));
        let mut file = BufWriter::new(File::create(&raw).context(raw.display())?);
        repository::write_primary(&opened, &mut file)?;
        file.flush()?;
        let solv = match &peers.rpmmd2solv {
            Some(program) => {
                Child::new(program).reading(&raw).writing(&head).must()?;
                Some(head)
            }
            None => None,
        };
        Ok(Repo {
            label: label.to_owned(),
            source: source.to_owned(),
            served,
            packages: packages(&raw)?,
            raw,
            solv,
            has_modules: opened.modules.is_some(),
            work,
        })
    }
}

/// The number of packages that primary.xml states.
fn packages(raw: &Path) -> Result<u64, Failure> {
    use std::io::Read;
    let mut head = Vec::new();
    File::open(raw).context(raw.display())?.take(4096).read_to_end(&mut head)?;
    let head = String::from_utf8_lossy(&head).into_owned();
    let stated = head.split_once("packages=\"").and_then(|(_, rest)| rest.split('"').next());
    stated
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| Failure::new(format!("`{}` states no number of packages", raw.display())))
}
