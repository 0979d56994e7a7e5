//! The scenarios that the command line can ask, through the program itself: status, packages, module streams.
//!
//! `resolver/tests/answers` compares every scenario in all detail; this is about the way through the program.

use crate::sandbox::index;
use modex_fixtures::{Expectation, SYSTEM, Scenario, TextFile, Universe, WrittenRepo};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether the command line has words for everything that the scenario sets.
fn can_be_asked(universe: &Universe, scenario: &Scenario) -> bool {
    let options = &scenario.options;
    let words: Vec<&str> = scenario.request.iter().map(String::as_str).collect();
    let known_words = match words[..] {
        ["install", ref rest @ ..] => {
            let groups = ["@base", "@workstation", "@nosuch", "@core"];
            !rest.iter().any(|word| groups.contains(word))
        }
        ["module", "install", ..] => true,
        _ => false,
    };
    let unset = !(options.skip_broken
        || options.allow_erasing
        || options.stream_switch
        || options.module_obsoletes);
    // What nobody has any more is installed without its requirements: the program cannot know them.
    let described = |nevra: &String| {
        let used =
            universe.repos.iter().filter(|it| scenario.repos.iter().any(|repo| repo.id == it.id));
        used.flat_map(|repo| &repo.packages).any(|package| package.nevra() == *nevra)
    };
    known_words
        && unset
        && options.exclude.is_empty()
        && scenario.enabled.is_empty()
        && scenario.disabled.is_empty()
        && scenario.installed.iter().all(described)
}

fn ask(folder: &Path, written: &[WrittenRepo], scenario: &Scenario) -> (i32, Value, String) {
    let options = &scenario.options;
    let mut command = Command::new(env!("CARGO_BIN_EXE_modex"));
    command.arg("resolve").arg("--json").args(["--arch", &options.arch]);
    for (repo, (_, path)) in scenario
        .repos
        .iter()
        .filter_map(|repo| Some((repo, written.iter().find(|it| it.0 == repo.id)?)))
    {
        command.arg("--repo").arg(format!("{}={}", repo.id, path.display()));
        command.arg("--setopt").arg(format!("{}.priority={}", repo.id, repo.priority));
        command.arg("--setopt").arg(format!("{}.cost={}", repo.id, repo.cost));
        let hotfixes = u8::from(repo.module_hotfixes);
        command.arg("--setopt").arg(format!("{}.module_hotfixes={hotfixes}", repo.id));
    }
    if let Some(platform) = &options.platform {
        command.args(["--platform", platform]);
    }
    if !scenario.installed.is_empty() {
        let list = folder.join("installed.txt");
        std::fs::write(&list, scenario.installed.join("\n")).unwrap();
        command.arg("--installed").arg(list);
    }
    if !options.weak {
        command.arg("--no-weak-deps");
    }
    if options.best {
        command.arg("--best");
    }
    command.arg("--").args(&scenario.request).stdin(Stdio::null());
    let output = command.env("XDG_CACHE_HOME", folder.join("cache")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let plan = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code().unwrap_or(-1), plan, said)
}

fn texts<'v>(list: &'v Value, key: &str, want: impl Fn(&Value) -> bool) -> BTreeSet<&'v str> {
    let items = list.as_array().into_iter().flatten().filter(|item| want(item));
    items.filter_map(|item| item[key].as_str()).collect()
}

fn difference(scenario: &Scenario, status: i32, plan: &Value) -> Option<String> {
    let (install, remove, enabled) = match &scenario.expectation {
        Expectation::Refused(said) => {
            let told = plan["refused"].as_array().is_some_and(|facts| !facts.is_empty());
            return (status != 1 || !told).then(|| format!("expected a refusal: {said:?}"));
        }
        Expectation::Answer(it) => (&it.install, &it.remove, &it.enabled),
        Expectation::Open => return Some("nothing is expected yet".into()),
    };
    let goes_in = texts(&plan["packages"], "nevra", |it| it["action"] != "remove");
    let mut goes_out = texts(&plan["packages"], "nevra", |it| it["action"] == "remove");
    for package in plan["packages"].as_array().into_iter().flatten() {
        goes_out
            .extend(package["replaces"].as_array().into_iter().flatten().filter_map(Value::as_str));
    }
    let streams: BTreeSet<String> = texts(&plan["modules"], "nsvca", |it| it["change"] == "enable")
        .iter()
        .map(|nsvca| nsvca.split(':').take(2).collect::<Vec<_>>().join(":"))
        .collect();
    let same = status == 0
        && goes_in == install.keys().map(String::as_str).collect()
        && goes_out == remove.iter().map(String::as_str).collect()
        && streams == *enabled;
    (!same).then(|| {
        format!("expected {install:?}, out {remove:?}, enabled {enabled:?}\n    came {goes_in:?}, out {goes_out:?}, enabled {streams:?}")
    })
}

#[test]
fn the_program_answers_as_dnf() {
    let mut files: Vec<TextFile> = modex_fixtures::scenario_files().unwrap();
    let shipped = modex_fixtures::repos_dir().join("universe.txt");
    files.push(modex_fixtures::read_text_file(&shipped).unwrap());
    let (mut asked, mut wrong) = (0, Vec::new());
    for universe in files.iter().flat_map(|file| &file.universes) {
        let folder = tempfile::tempdir().unwrap();
        let mut written = universe.write(folder.path()).unwrap();
        written.retain(|(id, _)| id != SYSTEM);
        let arches: BTreeSet<&str> =
            universe.scenarios.iter().map(|it| it.options.arch.as_str()).collect();
        index(written.iter().map(|(_, path)| path.as_path()), arches);
        for scenario in universe.scenarios.iter().filter(|it| can_be_asked(universe, it)) {
            asked += 1;
            let (status, plan, said) = ask(folder.path(), &written, scenario);
            if let Some(what) = difference(scenario, status, &plan) {
                wrong.push(format!("{}:\n    {what}\n    status {status}: {said}", scenario.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(asked, 176, "scenarios that the command line can ask");
}
