//! A folder with copies of the shipped repositories, and `modex-publish` run in it.

use snapbox::assert::{Action, Assert};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let sandbox = Sandbox { folder: tempfile::tempdir().unwrap() };
        for id in ["baseos", "appstream"] {
            let from = modex_fixtures::repos_dir().join(id).join("repodata");
            for entry in fs::read_dir(from).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                sandbox.write(&format!("{id}/repodata/{name}"), fs::read(entry.path()).unwrap());
            }
        }
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    /// A repository of nothing but this primary.xml, which repomd.xml describes.
    pub(crate) fn repository(&self, id: &str, primary: &str) {
        let digest = modex_generator::digest::sha256_hex(primary.as_bytes());
        self.write(&format!("{id}/repodata/primary.xml"), primary);
        let repomd = format!(
            "<repomd>\n<data type=\"primary\"><checksum type=\"sha256\">{digest}</checksum>\
             <location href=\"repodata/primary.xml\"/></data>\n</repomd>\n"
        );
        self.write(&format!("{id}/repodata/repomd.xml"), repomd);
    }

    /// The file of ours in a repository whose name ends so.
    pub(crate) fn ours(&self, id: &str, end: &str) -> PathBuf {
        let entries = fs::read_dir(self.path(&format!("{id}/repodata"))).unwrap();
        let mut paths = entries.map(|entry| entry.unwrap().path());
        paths.find(|path| path.to_string_lossy().ends_with(end)).unwrap()
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_modex-publish"));
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env_remove("COLUMNS").env_remove("CLICOLOR_FORCE");
        command
    }

    /// The transcript of one command; digests of our files, which change with the format, are left out.
    pub(crate) fn run(&self, line: &str) -> String {
        let words: Vec<&str> = line.split_whitespace().collect();
        let output = self.command(&words).output().unwrap();
        let text = |bytes: &[u8]| without_digests(std::str::from_utf8(bytes).unwrap());
        let errors: String =
            text(&output.stderr).lines().map(|line| format!("2> {line}\n")).collect();
        let status = output.status.code().expect("killed by a signal");
        format!("$ modex-publish {line}\n{}{errors}=> {status}\n\n", text(&output.stdout))
    }
}

/// Compares a transcript with `snapshots/NAME.txt`; `SNAPSHOTS=overwrite` records it.
pub(crate) fn compare(name: &str, transcript: String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/{name}.txt"));
    let expected = snapbox::Data::read_from(&path, None).raw();
    Assert::new().action(Action::Verify).action_env("SNAPSHOTS").eq(transcript, expected);
}

/// 64 hexadecimal digits become `[DIGEST]`.
fn without_digests(text: &str) -> String {
    let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(digit) {
        let length = rest[start..].chars().take_while(|c| digit(*c)).count();
        let (before, found) = (&rest[..start], &rest[start..start + length]);
        out.push_str(before);
        out.push_str(if length == 64 { "[DIGEST]" } else { found });
        rest = &rest[start + length..];
    }
    out + rest
}
