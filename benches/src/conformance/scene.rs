//! The machine of one scenario: a root with dnf's files, repositories, and a state file that goes from command to command.

use crate::repos::Repos;
use crate::steps::{Dnf, SetUp};
use crate::table::RepoUse;
use modex_fixtures::Package;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{fs, io};

/// What all scenarios share.
pub(crate) struct Stage<'s> {
    pub(crate) repos: &'s Repos,
    /// Where the repositories lie, each in a folder of its id.
    pub(crate) written: &'s Path,
    pub(crate) cache: &'s Path,
    /// The program that answers as `modex` where its first argument says so.
    pub(crate) program: &'s Path,
}

/// A repository of the scene.
#[derive(Clone, Debug)]
struct Repo {
    id: String,
    /// Whose packages it has.
    content: String,
    options: Vec<(String, String)>,
    enabled: bool,
    /// Its metadata is gone.
    lost: bool,
}

/// One machine.
pub(crate) struct Scene<'s> {
    stage: &'s Stage<'s>,
    root: tempfile::TempDir,
    repos: Vec<Repo>,
    config: BTreeMap<String, String>,
    /// The state as `modex` wrote it last.
    state: Value,
}

/// The release and platform of the suite.
const PLATFORM: &str = "platform:f29";

/// What came of a command.
pub(crate) struct Came {
    pub(crate) exit: u8,
    pub(crate) out: String,
    pub(crate) log: String,
}

impl<'s> Scene<'s> {
    pub(crate) fn new(stage: &'s Stage<'s>, repos: &[RepoUse]) -> io::Result<Self> {
        let mut scene = Scene {
            stage,
            root: tempfile::tempdir()?,
            repos: Vec::new(),
            config: BTreeMap::from([("module_platform_id".to_owned(), PLATFORM.to_owned())]),
            state: json!({}),
        };
        for used in repos {
            match scene.repos.iter_mut().find(|repo| repo.id == used.id) {
                Some(repo) => {
                    repo.enabled |= used.enabled;
                    repo.options.extend(used.options.iter().cloned());
                }
                None => scene.repos.push(Repo {
                    id: used.id.clone(),
                    content: used.id.clone(),
                    options: used.options.clone(),
                    enabled: used.enabled,
                    lost: false,
                }),
            }
        }
        Ok(scene)
    }

    /// Does what the suite does between commands.
    pub(crate) fn set_up(&mut self, step: &SetUp) -> io::Result<()> {
        match step {
            SetUp::Use(id) => match self.repos.iter_mut().find(|repo| repo.id == *id) {
                Some(repo) => repo.enabled = true,
                None => self.add(id, id, true),
            },
            SetUp::Configure { id, like } => {
                self.repos.retain(|repo| repo.id != *id);
                self.add(id, like.as_deref().unwrap_or(id), true);
            }
            SetUp::Drop(id) => self.repos.retain(|repo| repo.id != *id),
            SetUp::DropMetadata(id) => {
                let lost = self.repos.iter_mut().filter(|repo| repo.id == *id);
                lost.for_each(|repo| repo.lost = true);
            }
            SetUp::Config(pairs) => {
                for (key, value) in pairs {
                    match value.is_empty() {
                        true => self.config.remove(key),
                        false => self.config.insert(key.clone(), value.clone()),
                    };
                }
            }
            SetUp::Platform(platform) => {
                self.config.remove("module_platform_id");
                let platform = platform.clone().map(|it| ("module_platform_id".to_owned(), it));
                self.config.extend(platform);
            }
            SetUp::File { path, text } => {
                let path = self.inside(path);
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::write(path, text)?;
            }
            SetUp::NoFile(path) => match fs::remove_file(self.inside(path)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            },
            SetUp::NoCopies => self.state["fail_safe"] = json!([]),
        }
        Ok(())
    }

    fn add(&mut self, id: &str, content: &str, enabled: bool) {
        let (id, content) = (id.to_owned(), content.to_owned());
        self.repos.push(Repo { id, content, options: Vec::new(), enabled, lost: false });
    }

    fn inside(&self, path: &str) -> PathBuf {
        self.root.path().join(path.trim_start_matches('/'))
    }

    /// The installed packages as the state file has them.
    pub(crate) fn installed(&self) -> Vec<String> {
        let packages = self.state["packages"].as_array().into_iter().flatten();
        packages
            .map(|package| {
                let text = |key: &str| package[key].as_str().unwrap_or("").to_owned();
                let evr = text("evr");
                let epoch = if evr.contains(':') { "" } else { "0:" };
                format!("{}-{epoch}{evr}.{}", text("name"), text("arch"))
            })
            .collect()
    }

    /// State, stream and profiles of a module.
    pub(crate) fn module(&self, module: &str) -> (String, String, Vec<String>) {
        let file = &self.state["modules"][module];
        let text = |key: &str| file[key].as_str().unwrap_or("").to_owned();
        let profiles = file["profiles"].as_array().into_iter().flatten();
        let profiles = profiles.filter_map(|it| it.as_str().map(str::to_owned)).collect();
        (text("state"), text("stream"), profiles)
    }

    /// Modules that are enabled or disabled.
    pub(crate) fn decided(&self) -> Vec<String> {
        let modules = self.state["modules"].as_object().into_iter().flatten();
        let decided =
            modules.filter(|(_, file)| file["state"].as_str().is_some_and(|it| !it.is_empty()));
        decided.map(|(module, _)| module.clone()).collect()
    }

    /// Runs a command of `modex` on the machine; a transaction becomes its state.
    pub(crate) fn run(
        &mut self,
        dnf: &Dnf,
        command: &[&str],
        words: &[String],
    ) -> io::Result<Came> {
        let transacts = command.first() == Some(&"resolve");
        let state = self.root.path().join("state.json");
        let after = self.root.path().join("after.json");
        self.write_state(dnf, &state)?;
        let mut run = Command::new(self.stage.program);
        run.arg("modex").args(command).arg("--cache").arg(self.stage.cache);
        run.arg("--installed").arg(&state);
        for repo in self.active(dnf) {
            let folder = self.stage.written.join(&repo.content);
            run.arg("--repo").arg(format!("{}={}", repo.id, folder.display()));
            for (key, value) in &repo.options {
                if matches!(key.as_str(), "priority" | "cost" | "module_hotfixes") {
                    run.arg("--setopt").arg(format!("{}.{key}={value}", repo.id));
                }
            }
        }
        if transacts {
            run.arg("--state-after").arg(&after);
            for (given, option) in [
                (dnf.best, "--best"),
                (dnf.skip_broken, "--skip-broken"),
                (dnf.allow_erasing, "--allow-erasing"),
            ] {
                if given {
                    run.arg(option);
                }
            }
        }
        run.args(dnf.flags_for(transacts)).arg("--").args(self.with_files(words)?);
        let Output { status, stdout, stderr } = run.output()?;
        if transacts && status.success() {
            self.state = serde_json::from_slice(&fs::read(&after)?)?;
        }
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let log = text(stderr);
        let exit = match u8::try_from(status.code().unwrap_or(255)).unwrap_or(255) {
            // dnf has one exit status for what cannot be done and for words that are no command.
            2 if is_usage(&log) => 1,
            exit => exit,
        };
        Ok(Came { exit, out: text(stdout), log })
    }

    /// The words of a command with package files in place of their places in the suite, `…/REPOSITORY/ARCH/FILE.rpm`.
    fn with_files(&self, words: &[String]) -> io::Result<Vec<String>> {
        let file = |word: &String| -> io::Result<String> {
            let mut parts = word.rsplit('/');
            let (Some(name), Some(_), Some(repo)) = (parts.next(), parts.next(), parts.next())
            else {
                return Ok(word.clone());
            };
            let packages = self.stage.repos.by_id.get(repo).map(|repo| &repo.packages[..]);
            let is_meant = |package: &&Package| package.location.rsplit('/').next() == Some(name);
            let Some(package) = packages.unwrap_or_default().iter().find(is_meant) else {
                return Ok(word.clone());
            };
            let path = self.inside(name);
            fs::write(&path, package.to_file(None))?;
            Ok(path.display().to_string())
        };
        words
            .iter()
            .map(|word| if word.ends_with(".rpm") { file(word) } else { Ok(word.clone()) })
            .collect()
    }

    /// The repositories that a command sees, in order.
    fn active(&self, dnf: &Dnf) -> Vec<&Repo> {
        let named = |list: &[String], id: &str| list.iter().any(|it| it == id || it == "*");
        let is_on = |repo: &&Repo| {
            let enabled = repo.enabled && !named(&dnf.disabled, &repo.id);
            (enabled || named(&dnf.enabled, &repo.id))
                && !repo.lost
                && self.stage.repos.by_id.contains_key(&repo.content)
        };
        self.repos.iter().filter(is_on).collect()
    }

    /// The state file of a command: configuration and files of the root as `modex` reads them, and what the commands
    /// before left.
    fn write_state(&self, dnf: &Dnf, path: &Path) -> io::Result<()> {
        let mut config = self.config.clone();
        config.extend(dnf.set.iter().cloned());
        let lines: Vec<String> =
            config.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let conf = self.inside("etc/dnf/dnf.conf");
        fs::create_dir_all(self.inside("etc/dnf"))?;
        fs::write(conf, format!("[main]\n{}\n", lines.join("\n")))?;
        let mut export = Command::new(self.stage.program);
        export.args(["modex", "state", "export", "--arch", "x86_64", "--installroot"]);
        let Output { status, stdout, stderr } = export.arg(self.root.path()).output()?;
        if !status.success() {
            let what = String::from_utf8_lossy(&stderr).into_owned();
            return Err(io::Error::other(format!("the root cannot be read: {what}")));
        }
        let mut state: Value = serde_json::from_slice(&stdout)?;
        for key in ["modules", "fail_safe", "packages"] {
            if !self.state[key].is_null() {
                state[key] = self.state[key].clone();
            }
        }
        state["repositories"] = json!([]);
        fs::write(path, serde_json::to_vec(&state)?)
    }
}

/// Whether `modex` was told too little.
fn is_usage(log: &str) -> bool {
    log.contains("required arguments were not provided") || log.contains("needs to be told what")
}

impl Dnf {
    /// The flags of a command that shows things, as `modex` spells them. Those of transactions stand among the words.
    fn flags_for(&self, transacts: bool) -> Vec<String> {
        if transacts {
            return Vec::new();
        }
        let lists_modules = self.words.iter().take(2).map(String::as_str).eq(["module", "list"]);
        let spelled = |flag: &String| match flag.as_str() {
            "--installed" if lists_modules => String::from("--installed-profiles"),
            "--installed" => String::from("--of-system"),
            _ => flag.clone(),
        };
        self.flags.iter().map(spelled).collect()
    }
}
