//! libmodulemd, asked through `fixtures/oracle/modulemd.py`.

use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

/// Debian's own Python: only that one sees libmodulemd.
const PYTHON: &str = "/usr/bin/python3";

/// What libmodulemd makes of a case.
pub(crate) struct Answer {
    /// What it dumps.
    pub(crate) yaml: String,
    /// The single stream of a conversion.
    pub(crate) stream: String,
    pub(crate) failures: Vec<String>,
    pub(crate) error: Option<String>,
}

/// Whether libmodulemd 2.14 is here; where not, that the test does not run is said on stderr.
pub(crate) fn is_here(test: &str) -> bool {
    imports(test, "", "no gi with libmodulemd 2.14")
}

/// The same for PyYAML as well.
pub(crate) fn is_here_with_pyyaml(test: &str) -> bool {
    imports(test, "import yaml; ", "no PyYAML, or no gi with libmodulemd 2.14")
}

fn imports(test: &str, more: &str, lacks: &str) -> bool {
    let probe = "import gi; gi.require_version('Modulemd', '2.0'); from gi.repository import Modulemd; \
                 assert Modulemd.get_version().startswith('2.14.')";
    let output = Command::new(PYTHON).args(["-c", &format!("{more}{probe}")]).output();
    let here = output.is_ok_and(|output| output.status.success());
    if !here {
        modex_fixtures::skipped(test, &format!("{PYTHON} has {lacks}"));
    }
    here
}

/// Asks for all of these in one process.
pub(crate) fn ask(cases: &[Value]) -> Vec<Answer> {
    let mut child = Command::new(PYTHON)
        .arg(modex_fixtures::fixtures_dir().join("oracle/modulemd.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let written = writer.join().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && written.is_ok(), "{}: {said}", output.status);
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Answer> = text.lines().map(answer).collect();
    assert_eq!(answers.len(), cases.len(), "{said}");
    answers
}

fn answer(line: &str) -> Answer {
    let value: Value = serde_json::from_str(line).unwrap();
    let text = |key: &str| value[key].as_str().map(String::from);
    let failures = value["failures"].as_array().unwrap();
    Answer {
        yaml: text("yaml").unwrap(),
        stream: text("stream").unwrap_or_default(),
        failures: failures.iter().map(|failure| failure.as_str().unwrap().into()).collect(),
        error: text("error"),
    }
}
