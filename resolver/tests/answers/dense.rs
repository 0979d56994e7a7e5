//! Small dense random repositories against libsolv with dnf's settings.

use crate::ask::{Question, ask};
use crate::oracle::{difference, has, lines, run};
use crate::world::World;
use modex_resolver::store::universe::RepoOptions;
use serde_json::Value;
use std::path::Path;

/// Makes repositories of a kind by seed, and asks libsolv and modex the same of each.
fn same_as_libsolv(test: &str, count: usize, options: &[&str]) {
    if !has(test, "solv") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("bundle");
    let named = |words: &[&str]| -> Vec<String> {
        let bundle = ["--bundle", bundle.to_str().unwrap()];
        bundle.iter().chain(words).map(|word| (*word).to_owned()).collect()
    };
    let seeds = format!("1-{count}");
    let words: Vec<&str> = ["--seeds", &seeds].into_iter().chain(options.iter().copied()).collect();
    run("random_repo.py", &named(&words), "", folder.path());
    let theirs = lines(&run("libsolv_answers.py", &named(&[]), "", folder.path()));
    // libsolv alone cannot answer every command.
    assert!(theirs.len() <= count && theirs.len() * 10 > count * 8, "{} answers", theirs.len());
    let mut differences = Vec::new();
    for answer in &theirs {
        let seed = answer["repo"].as_str().unwrap();
        if let Some(what) = one(&bundle, answer) {
            differences.push(format!("{seed} `{}`: {what}", answer["request"]));
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
    let solved = theirs.iter().filter(|answer| answer["ok"] == true).count();
    assert!(solved * 4 > count && solved < theirs.len(), "{solved} of {count} have an answer");
}

fn one(bundle: &Path, theirs: &Value) -> Option<String> {
    let folder = bundle.join(theirs["repo"].as_str().unwrap());
    let plain = serde_json::json!([["r", ".", 99, 1000]]);
    let used = theirs.get("repos").unwrap_or(&plain).as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let number = |value: &Value| i32::try_from(value.as_i64().unwrap()).unwrap();
    let mut repos: Vec<(String, _)> =
        used.iter().map(|repo| (text(&repo[0]), folder.join(repo[1].as_str().unwrap()))).collect();
    if theirs["gone"] == true {
        repos.push(("gone".into(), folder.join("gone")));
    }
    let list = |key: &str| -> Vec<String> {
        theirs[key].as_array().into_iter().flatten().map(text).collect()
    };
    let options = used.iter().map(|repo| RepoOptions {
        priority: number(&repo[2]),
        cost: number(&repo[3]),
        ..RepoOptions::new(text(&repo[0]))
    });
    let world = World::new(&repos, "x86_64");
    let with_reason = |nevra: String| match theirs["reasons"][&nevra].as_str() {
        Some(reason) => format!("{nevra} !{reason}"),
        None => nevra,
    };
    let installed: Vec<String> = list("installed").into_iter().map(with_reason).collect();
    let view = world.view(options.collect(), &installed);
    let hidden = list("hidden");
    let question = Question {
        words: theirs["request"].as_str().unwrap().split(' ').collect(),
        platform: None,
        weak: theirs["weak"] == true,
        best: theirs["best"] == true,
        exclude: hidden.iter().map(String::as_str).collect(),
        allow_erasing: theirs["allow_erasing"] == true,
        skip_broken: theirs["strict"] == false,
        ..Question::default()
    };
    difference(theirs, &ask(&view, &question))
}

/// Answers of dnf to commands on installed systems, made before: `MODEX_BUNDLE` is what random_repo.py made with
/// `--commands`, `MODEX_ANSWERS` what dnf_answers.py said of it.
#[test]
fn a_given_bundle() {
    let given = |name: &str| std::env::var(name).ok();
    let (Some(bundle), Some(answers)) = (given("MODEX_BUNDLE"), given("MODEX_ANSWERS")) else {
        return modex_fixtures::skipped("a_given_bundle", "no MODEX_BUNDLE and MODEX_ANSWERS");
    };
    let theirs = lines(&std::fs::read_to_string(answers).unwrap());
    let mut differences = Vec::new();
    for answer in &theirs {
        if let Some(what) = one(Path::new(&bundle), answer) {
            differences.push(format!("{} `{}`: {what}", answer["repo"], answer["request"]));
        }
    }
    let (count, all) = (differences.len(), theirs.len());
    assert!(differences.is_empty(), "{count} of {all} differ:\n{}", differences.join("\n"));
}

#[test]
fn plain_repositories() {
    same_as_libsolv("plain_repositories", 120, &[]);
}

#[test]
fn installed_systems() {
    same_as_libsolv("installed_systems", 60, &["--installed"]);
}

#[test]
fn commands_on_installed_systems() {
    same_as_libsolv("commands_on_installed_systems", 150, &["--installed", "--commands"]);
}

#[test]
fn two_repositories_excludes_and_best() {
    same_as_libsolv("two_repositories_excludes_and_best", 60, &["--vary"]);
}
