//! One command, run and measured as a whole process.

use crate::failure::{Context, Failure};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// GNU time. Its small process forks the command, so that the kernel's peak is the command's own: a child starts with
/// the peak of whoever forks it.
const GNU_TIME: &str = "/usr/bin/time";

/// A command with its input and output.
#[derive(Clone, Debug)]
pub(crate) struct Child {
    words: Vec<OsString>,
    stdin: Option<PathBuf>,
    stdout: Option<PathBuf>,
}

impl Child {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        Child { words: vec![program.as_ref().to_owned()], stdin: None, stdout: None }
    }

    pub(crate) fn arg(mut self, word: impl AsRef<OsStr>) -> Self {
        self.words.push(word.as_ref().to_owned());
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(self, words: impl IntoIterator<Item = S>) -> Self {
        words.into_iter().fold(self, Self::arg)
    }

    pub(crate) fn reading(mut self, path: &Path) -> Self {
        self.stdin = Some(path.to_owned());
        self
    }

    pub(crate) fn writing(mut self, path: &Path) -> Self {
        self.stdout = Some(path.to_owned());
        self
    }

    /// The command as one line.
    pub(crate) fn line(&self) -> String {
        let words: Vec<_> = self.words.iter().map(|word| word.to_string_lossy()).collect();
        words.join(" ")
    }

    fn command(&self) -> Result<Command, Failure> {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]);
        self.connect(&mut command)?;
        Ok(command)
    }

    fn connect(&self, command: &mut Command) -> Result<(), Failure> {
        let stdin = match &self.stdin {
            Some(path) => File::open(path).context(path.display())?.into(),
            None => Stdio::null(),
        };
        let stdout = match &self.stdout {
            Some(path) => File::create(path).context(path.display())?.into(),
            None => Stdio::null(),
        };
        command.stdin(stdin).stdout(stdout).stderr(Stdio::null());
        Ok(())
    }

    /// Milliseconds from before the spawn until the process was waited for, and its exit status.
    pub(crate) fn wall(&self) -> Result<(f64, i32), Failure> {
        let mut command = self.command()?;
        let start = Instant::now();
        let status = command.status().context(self.line())?;
        let wall = start.elapsed().as_secs_f64() * 1e3;
        Ok((wall, status.code().unwrap_or(-1)))
    }

    /// What it says on stdout and stderr, and its exit status.
    pub(crate) fn hear(&self) -> Result<Heard, Failure> {
        let mut command = self.command()?;
        if self.stdout.is_none() {
            command.stdout(Stdio::piped());
        }
        let output = command.stderr(Stdio::piped()).output().context(self.line())?;
        Ok(Heard {
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            status: output.status.code().unwrap_or(-1),
        })
    }

    /// Runs it for its effect.
    pub(crate) fn must(&self) -> Result<Heard, Failure> {
        let heard = self.hear()?;
        match heard.status {
            0 => Ok(heard),
            status => Err(Failure::new(format!(
                "`{}` ended with {status}: {}",
                self.line(),
                heard.tail()
            ))),
        }
    }

    /// Peak resident memory in KiB, in a run of its own; `None` without GNU time.
    pub(crate) fn peak(&self) -> Result<Option<u64>, Failure> {
        if !Path::new(GNU_TIME).is_file() {
            return Ok(None);
        }
        let note = tempfile::NamedTempFile::new()?;
        let mut command = Command::new(GNU_TIME);
        command.args(["-q", "-f", "%M", "-o"]).arg(note.path()).args(&self.words);
        self.connect(&mut command)?;
        command.status().context(GNU_TIME)?;
        let text = std::fs::read_to_string(note.path())?;
        Ok(text.trim().parse().ok())
    }
}

/// What a command said.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) status: i32,
}

impl Heard {
    /// The last words, for messages.
    pub(crate) fn tail(&self) -> String {
        let text = if self.err.trim().is_empty() { &self.out } else { &self.err };
        let lines: Vec<&str> = text.lines().rev().take(3).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
    }
}

/// Where a program lies, by the search path.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}
