//! The real dnf and libsolv, asked by the scripts of `fixtures/oracle` where they are installed.

use crate::ask::{Answer, Question, ask};
use crate::world::World;
use modex_resolver::store::universe::RepoOptions;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Debian's own Python: only that one sees dnf and libsolv.
const PYTHON: &str = "/usr/bin/python3";

/// Whether Python has a module; where not, that the test does not run is said on stderr.
pub(crate) fn has(test: &str, module: &str) -> bool {
    let import = Command::new(PYTHON).args(["-c", &format!("import {module}")]).output();
    let there = import.is_ok_and(|output| output.status.success());
    if !there {
        modex_fixtures::skipped(test, &format!("{PYTHON} has no module `{module}`"));
    }
    there
}

fn script(name: &str) -> PathBuf {
    modex_fixtures::fixtures_dir().join("oracle").join(name)
}

/// Runs a script and gives what it prints; its own files go below `scratch`.
pub(crate) fn run(name: &str, args: &[String], input: &str, scratch: &Path) -> String {
    let mut child = Command::new(PYTHON)
        .arg(script(name))
        .args(args)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONHASHSEED", "0")
        .env("MX_PYCACHE", scratch.join("pycache"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    // A script that reads nothing from stdin may close it early.
    let _ = writer.join().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} {args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Lines of JSON.
pub(crate) fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts(value: &Value) -> BTreeSet<&str> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap()).collect()
}

/// What differs between the oracle's answer and ours: the verdict, what goes in, what goes out.
pub(crate) fn difference(theirs: &Value, ours: &Answer) -> Option<String> {
    let ok = theirs["ok"].as_bool().unwrap();
    match ours {
        Answer::GaveUp => Some("the search was given up".into()),
        Answer::Refused(_) if !ok => None,
        Answer::Refused(facts) => {
            let texts: Vec<&str> = facts.iter().map(|fact| fact.text.as_str()).collect();
            Some(format!("refused, they do it: {texts:?}"))
        }
        Answer::Done(_) if !ok => Some(format!("done, they refuse: {}", theirs["error"])),
        Answer::Done(done) => {
            let install = done.install();
            let ours: BTreeSet<&str> = install.keys().copied().collect();
            let out: BTreeSet<&str> = done.remove.iter().map(String::as_str).collect();
            let (in_theirs, out_theirs) = (texts(&theirs["nevras"]), texts(&theirs["removed"]));
            let only = |a: &BTreeSet<&str>, b: &BTreeSet<&str>| format!("{:?}", a - b);
            (ours != in_theirs || out != out_theirs).then(|| {
                format!(
                    "only ours {}, only theirs {}; out: ours {out:?}, theirs {out_theirs:?}",
                    only(&ours, &in_theirs),
                    only(&in_theirs, &ours)
                )
            })
        }
    }
}

/// Asks dnf and modex the same on repositories of EL9; every answer must be dnf's. dnf's answers.
pub(crate) fn same_as_dnf_on(repos: &[(String, PathBuf)], requests: &[String]) -> Vec<Value> {
    let scratch = tempfile::tempdir().unwrap();
    let mut args = vec!["--platform".to_owned(), "platform:el9".to_owned()];
    for (id, path) in repos {
        args.extend(["--repo".to_owned(), format!("{id}={}", path.display())]);
    }
    let theirs = lines(&run("dnf_answers.py", &args, &requests.join("\n"), scratch.path()));
    assert_eq!(theirs.len(), requests.len());
    let world = World::new(repos, "x86_64");
    let view = world.view(repos.iter().map(|(id, _)| RepoOptions::new(id)).collect(), &[]);
    let mut differences = Vec::new();
    for (request, theirs) in requests.iter().zip(&theirs) {
        let question = Question { words: request.split(' ').collect(), ..Question::default() };
        if let Some(what) = difference(theirs, &ask(&view, &question)) {
            differences.push(format!("{request}: {what}"));
        }
    }
    assert!(
        differences.is_empty(),
        "{} of {} differ:\n{}",
        differences.len(),
        requests.len(),
        differences.join("\n")
    );
    theirs
}
