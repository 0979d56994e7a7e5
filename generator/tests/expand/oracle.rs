//! libsolv, asked through `fixtures/oracle/expand.py`.

use crate::case::{Answer, Case};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

/// Debian's own Python: only that one sees libsolv.
const PYTHON: &str = "/usr/bin/python3";

/// Whether libsolv's binding is here; where not, that the test does not run is said on stderr.
pub(crate) fn is_here(test: &str) -> bool {
    let output = Command::new(PYTHON).args(["-c", "import solv"]).output();
    let here = output.is_ok_and(|output| output.status.success());
    if !here {
        modex_fixtures::skipped(test, &format!("{PYTHON} has no solv"));
    }
    here
}

/// As many random cases, with the answers to them.
pub(crate) fn draw(first: u32, count: u32, profile: &str) -> Vec<(Case, Answer)> {
    let arguments = [first.to_string(), count.to_string(), profile.to_owned()];
    let cases = run("expand_cases.py", &arguments, String::new());
    let answers = run("expand.py", &[], cases.clone());
    let parsed = |text: &str| -> Vec<Value> {
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let (cases, answers) = (parsed(&cases), parsed(&answers));
    assert_eq!((cases.len(), answers.len()), (count as usize, count as usize));
    cases.iter().map(Case::of).zip(answers.iter().map(Answer::of)).collect()
}

fn run(script: &str, arguments: &[String], input: String) -> String {
    let mut child = Command::new(PYTHON)
        .arg(modex_fixtures::fixtures_dir().join("oracle").join(script))
        .args(arguments)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // One that takes no input may be gone before it is written.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).is_ok());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {}: {said}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
