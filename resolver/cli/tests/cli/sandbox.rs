//! A folder with the shipped repositories, indexed, and `modex` run in it.

use modex_generator::{Options, publish};
use snapbox::assert::{Action, Assert};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// What `$R` stands for.
const REPOS: &str = "--repo baseos=baseos --repo appstream=appstream --platform platform:el9";

/// Name and bytes of every file of both repositories, their index published.
type Files = Vec<(String, Vec<u8>)>;

/// A folder of its own for one test.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in published() {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Sandbox { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    /// A repository as its mirror published it before modex: without an index.
    pub(crate) fn without_index(&self, repo: &str, copy: &str) {
        copy_repodata(&modex_fixtures::repos_dir().join(repo), &self.path(copy));
    }

    /// The file of a repository's index of that ending.
    pub(crate) fn index_file(&self, repo: &str, ending: &str) -> PathBuf {
        let mut files = fs::read_dir(self.path(repo).join("repodata")).unwrap();
        let found = files.find_map(|entry| {
            let path = entry.unwrap().path();
            path.extension().is_some_and(|found| found == ending).then_some(path)
        });
        found.unwrap()
    }

    pub(crate) fn output(&self, line: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_modex"));
        command.args(words(line)).current_dir(self.folder.path()).stdin(Stdio::null());
        for variable in ["HOME", "COLUMNS", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        command.env("XDG_CACHE_HOME", self.path("cache-home")).output().unwrap()
    }

    /// The transcript of one command.
    pub(crate) fn run(&self, line: &str) -> String {
        let output = self.output(line);
        let stdout = self.tidy(&output.stdout);
        let stderr: String =
            self.tidy(&output.stderr).lines().map(|line| format!("2> {line}\n")).collect();
        let status = output.status.code().expect("killed by a signal");
        format!("$ modex {line}\n{stdout}{stderr}=> {status}\n\n")
    }

    /// Runs commands and compares their transcript with the recorded one.
    pub(crate) fn check(&self, name: &str, lines: &[&str]) {
        let transcript: String = lines.iter().map(|line| self.run(line)).collect();
        compare(name, transcript);
    }

    /// Text without what changes with the format of the index. A path of this machine in it is a failure: what was given
    /// relative must be told so.
    fn tidy(&self, bytes: &[u8]) -> String {
        let text = std::str::from_utf8(bytes).expect("output is UTF-8");
        let here = self.folder.path().to_string_lossy();
        let text = text.replace(&*self.path("cache-home").to_string_lossy(), "$XDG_CACHE_HOME");
        assert!(!text.contains(&*here), "an absolute path in the output:\n{text}");
        without_digests(&text)
    }
}

/// Compares a transcript with `snapshots/NAME.txt`.
pub(crate) fn compare(name: &str, transcript: String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/{name}.txt"));
    // Nothing stands for anything else in the transcripts: they are compared byte by byte.
    let expected = snapbox::Data::read_from(&path, None).raw();
    Assert::new().action(Action::Verify).action_env("SNAPSHOTS").eq(transcript, expected);
}

/// Digests and sizes of our own files change with every version of the format; those of packages stay.
fn without_digests(text: &str) -> String {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let (mut out, mut done) = (String::new(), 0);
    while let Some(start) = text[done..].bytes().position(is_digit).map(|at| done + at) {
        let length = text[start..].bytes().take_while(|byte| is_digit(*byte)).count();
        let (before, found, after) =
            (&text[..start], &text[start..start + length], &text[start + length..]);
        if after.starts_with(" bytes long") || before.ends_with("the pointer says ") {
            out.push_str(&text[done..start]);
            out.push('N');
            done = start + length;
            continue;
        }
        let ours = after.starts_with("-modex")
            || before.ends_with("indexes/")
            || before.ends_with("\"source\": \"")
            || before.ends_with("\"hot\": \"");
        out.push_str(&text[done..start]);
        out.push_str(if length == 64 && ours { "[DIGEST]" } else { found });
        done = start + length;
    }
    out + &text[done..]
}

/// Words as a shell splits them, with single quotes and `$R`.
fn words(line: &str) -> Vec<String> {
    let line = line.replace("$R", REPOS);
    let mut words = vec![String::new()];
    for (number, part) in line.split('\'').enumerate() {
        if number % 2 == 1 {
            words.last_mut().unwrap().push_str(part);
            continue;
        }
        for (number, word) in part.split(' ').enumerate() {
            if number > 0 {
                words.push(String::new());
            }
            words.last_mut().unwrap().push_str(word);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Publishes the indexes of repositories that are used together.
pub(crate) fn index<'d>(
    dirs: impl IntoIterator<Item = &'d Path>,
    arches: impl IntoIterator<Item = &'d str>,
) {
    let dirs: Vec<&Path> = dirs.into_iter().collect();
    let arches = arches.into_iter().map(str::to_owned).collect();
    publish::index(&dirs, &Options { arches, ..Options::default() }).unwrap();
}

fn copy_repodata(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("repodata")).unwrap();
    for entry in fs::read_dir(from.join("repodata")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join("repodata").join(entry.file_name())).unwrap();
    }
}

/// The shipped repositories, published as `modex-publish index baseos appstream` does.
fn published() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let dirs = ["baseos", "appstream"].map(|id| {
            let dir = folder.path().join(id);
            copy_repodata(&modex_fixtures::repos_dir().join(id), &dir);
            dir
        });
        index(dirs.iter().map(PathBuf::as_path), ["x86_64"]);
        let mut files = Vec::new();
        for dir in dirs {
            let id = dir.file_name().unwrap().to_string_lossy().into_owned();
            for entry in fs::read_dir(dir.join("repodata")).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                files.push((format!("{id}/repodata/{name}"), fs::read(path).unwrap()));
            }
        }
        files
    })
}
