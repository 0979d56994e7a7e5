//! Roots that rpm and dnf made, where these are installed: read as rpm reads them, written as dnf writes them.

use crate::made::Made;
use modex_formats::index::section::relations::RelationKind;
use modex_root::modules::NewState;
use modex_root::{Package, State};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether a program is there; says so where it is not.
fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if !found {
        modex_fixtures::skipped("root", &format!("{program} is not installed"));
    }
    found
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").canonicalize().unwrap()
}

fn run(command: &mut Command) -> String {
    let output = command.env("HOME", "/root").env("LC_ALL", "C.UTF-8").output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {log}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A root in which rpm says that the packages of a shipped repository are installed.
fn installed(made: &Made) -> Option<PathBuf> {
    let oracle = fixtures().join("oracle");
    let repo = fixtures().join("repos/baseos");
    let root = made.path("root");
    let list =
        "import sys, repodata\nprint('\\n'.join(p.nevra for p in repodata.packages(sys.argv[1])))";
    let packages = Command::new("/usr/bin/python3")
        .args(["-c", list])
        .arg(&repo)
        .current_dir(&oracle)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output();
    let packages = packages.ok().filter(|it| it.status.success())?;
    let mut maker = Command::new("/usr/bin/python3")
        .arg(oracle.join("installed_root.py"))
        .arg("--repo")
        .arg(&repo)
        .arg(&root)
        .env("HOME", "/root")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .spawn()
        .ok()?;
    maker.stdin.take()?.write_all(&packages.stdout).ok()?;
    maker.wait().ok().filter(|status| status.success()).map(|_| root)
}

/// What rpm says of a package, and what we do: its NEVRA, then its dependencies and paths, sorted.
fn said(package: &Package) -> String {
    let mut lines: Vec<String> =
        package.relations.iter().map(|(kind, it)| format!("{} {it}", kind.word())).collect();
    lines.extend(package.files.iter().map(|path| format!("file {path}")));
    lines.sort();
    lines.dedup();
    let head = format!("{} {} {}", package.name, package.evr, package.arch);
    std::iter::once(head).chain(lines).map(|line| line + "\n").collect()
}

#[test]
fn packages_are_those_of_rpm() {
    if !has("rpm") || !has("rpmdb") {
        return;
    }
    let made = Made::new();
    let Some(dir) = installed(&made) else {
        modex_fixtures::skipped("root", "/usr/bin/python3 has no module `rpm`");
        return;
    };
    let state = modex_root::Root::open(&dir).unwrap().read_state(&Default::default()).unwrap();
    let format: String = RelationKind::ALL
        .iter()
        .map(|kind| {
            let tag = kind.word().trim_end_matches('s').to_uppercase();
            format!(
                "[\t{} %{{{tag}NAME}} %{{{tag}FLAGS:depflags}} %{{{tag}VERSION}}\\n]",
                kind.word()
            )
        })
        .collect();
    let query = format!(
        "%{{NAME}} %|EPOCH?{{%{{EPOCH}}:}}:{{}}|%{{VERSION}}-%{{RELEASE}} %{{ARCH}}\\n{format}[\tfile %{{FILENAMES}}\\n]"
    );
    let theirs = run(Command::new("rpm").args(["-qa", "--root"]).arg(&dir).args(["--qf", &query]));
    let mut expected: Vec<String> = Vec::new();
    for block in split_blocks(&theirs) {
        let mut lines: Vec<String> = block[1..].iter().map(|line| plain(line)).collect();
        lines.sort();
        lines.dedup();
        expected.push(std::iter::once(block[0].clone()).chain(lines).map(|it| it + "\n").collect());
    }
    expected.sort();
    let mut ours: Vec<String> = state.packages.iter().map(said).collect();
    ours.sort();
    assert!(ours.len() > 10);
    assert_eq!(ours, expected);
}

fn split_blocks(text: &str) -> Vec<Vec<String>> {
    let mut blocks: Vec<Vec<String>> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix('\t'), blocks.last_mut()) {
            (Some(line), Some(block)) => block.push(line.to_owned()),
            _ => blocks.push(vec![line.to_owned()]),
        }
    }
    blocks
}

/// One of rpm's lines with single blanks and without the epoch 0.
fn plain(line: &str) -> String {
    match line.strip_prefix("file ") {
        Some(_) => line.to_owned(),
        None => line.split_whitespace().collect::<Vec<_>>().join(" ").replace(" 0:", " "),
    }
}

/// All state files of a root, by name.
fn state_files(root: &Path) -> BTreeMap<String, String> {
    let folder = root.join("etc/dnf/modules.d");
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    entries.map(|it| (it.file_name().into_string().unwrap(), read(it.path()))).collect()
}

#[test]
fn state_files_are_those_of_dnf() {
    if !has("dnf") {
        return;
    }
    let start = [
        (
            "nodejs.module",
            "# mine\n[nodejs]  # x\nname = nodejs\nstream = 18\n\n# p\nprofiles = common, \n minimal\nstate = 1\n",
        ),
        ("perl.module", "[perl]\nstream=5.32\nprofiles=common minimal\nenabled=1\nextra=kept\n"),
        ("php.module", "[php]\nname=php\nstream=\nprofiles=\nstate=\n"),
        ("ruby.module", "[ruby]\nname=ruby\nstream=3.1\nprofiles=\nstate=Odd\n"),
        ("nginx.module", "[nginx]\nstream=1.22\n"),
    ];
    let cache = tempfile::tempdir().unwrap();
    for words in [
        &["enable", "php:8.1"][..],
        &["enable", "nginx:1.24"],
        &["disable", "nodejs", "ruby"],
        &["reset", "nodejs", "perl"],
        &["enable", "perl-DBI:1.643"],
    ] {
        let (theirs, ours) = (Made::new(), Made::new());
        let fill = |made: Made| {
            start.iter().fold(made, |made, (name, text)| {
                made.with(&format!("etc/dnf/modules.d/{name}"), text)
            })
        };
        let (theirs, ours) = (fill(theirs), fill(ours));
        let before: State = ours.state();
        let mut dnf = Command::new("dnf");
        dnf.arg(format!("--installroot={}", theirs.dir().display()))
            .arg(format!("--setopt=cachedir={}", cache.path().display()))
            .args(["--releasever=9", "--setopt=reposdir=/nonexistent", "--noplugins", "-y", "-q"])
            .arg("--setopt=module_platform_id=platform:el9");
        for repo in ["baseos", "appstream"] {
            dnf.arg(format!(
                "--repofrompath={repo},{}",
                fixtures().join("repos").join(repo).display()
            ));
        }
        run(dnf.arg("module").args(words));
        let after = NewState { modules: theirs.state().module_states(), copies: Vec::new() };
        ours.root().apply(&before, &after).unwrap();
        assert_eq!(state_files(ours.dir()), state_files(theirs.dir()), "{words:?}");
        assert_eq!(ours.state().modules, theirs.state().modules, "{words:?}");
    }
}
