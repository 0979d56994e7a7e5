//! Every scenario of `fixtures/scenarios` and of the shipped universe, through real bytes.

use crate::ask::{Answer, Question, ask};
use crate::compare::differences;
use crate::left::{DIFFERENCES, LEFT, why_left};
use crate::world::World;
use modex_fixtures::{Scenario, TextFile, Universe, read_text_file, repos_dir, scenario_files};
use modex_resolver::store::universe::RepoOptions;
use modex_resolver::streams::{ModuleState, ModuleStates};
use std::collections::BTreeMap;

fn all_files() -> Vec<TextFile> {
    let mut files = scenario_files().unwrap();
    files.push(read_text_file(&repos_dir().join("universe.txt")).unwrap());
    files
}

/// The indexes of a universe, by architecture.
struct Worlds<'u> {
    universe: &'u Universe,
    by_arch: BTreeMap<String, World>,
}

impl Worlds<'_> {
    fn ask(&mut self, scenario: &Scenario) -> Answer {
        let options = &scenario.options;
        let world = self.by_arch.entry(options.arch.clone()).or_insert_with(|| {
            let folder = tempfile::tempdir().unwrap();
            World::new(&self.universe.write(folder.path()).unwrap(), &options.arch)
        });
        let used = scenario.repos.iter().map(|repo| RepoOptions {
            priority: repo.priority,
            cost: repo.cost,
            module_hotfixes: repo.module_hotfixes,
            ..RepoOptions::new(&repo.id)
        });
        let with_reason = |nevra: &String| match scenario.pulled_in.contains(nevra) {
            true => format!("{nevra} !dependency"),
            false => nevra.clone(),
        };
        let installed: Vec<String> = scenario.installed.iter().map(with_reason).collect();
        let view = world.view(used.collect(), &installed);
        let question = Question {
            words: scenario.request.iter().map(String::as_str).collect(),
            states: states(scenario),
            platform: options.platform.as_deref(),
            weak: options.weak,
            best: options.best,
            stream_switch: options.stream_switch,
            obsoletes: options.module_obsoletes,
            exclude: options.exclude.iter().map(String::as_str).collect(),
            allow_erasing: options.allow_erasing,
            skip_broken: options.skip_broken,
        };
        ask(&view, &question)
    }
}

fn states(scenario: &Scenario) -> ModuleStates {
    let mut states = ModuleStates::default();
    for it in &scenario.enabled {
        let state =
            ModuleState::Enabled { stream: it.stream.clone(), profiles: it.profiles.clone() };
        states.0.insert(it.module.clone(), state);
    }
    scenario.disabled.iter().for_each(|module| states.disable(module));
    states
}

#[test]
fn every_scenario_gets_dnfs_answer() {
    let (mut run, mut left) = (0, [0; LEFT.len()]);
    let mut known = Vec::new();
    let mut wrong = Vec::new();
    for file in all_files() {
        let stem = file.path.file_stem().unwrap().to_string_lossy().into_owned();
        for universe in &file.universes {
            let mut worlds = Worlds { universe, by_arch: BTreeMap::new() };
            for scenario in &universe.scenarios {
                if let Some(why) = why_left(scenario) {
                    left[why] += 1;
                    continue;
                }
                run += 1;
                let answer = worlds.ask(scenario);
                let found = differences(universe, scenario, &answer);
                if found.is_empty() {
                    continue;
                }
                let place = format!("{stem}.txt:{}: {}", scenario.line, scenario.name);
                match DIFFERENCES.iter().find(|(name, ..)| *name == scenario.name) {
                    Some((name, what, _)) if found.join("\n").contains(what) => known.push(*name),
                    _ => wrong.push(format!("{place}\n    {}", found.join("\n    "))),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {run} differ:\n{}", wrong.len(), wrong.join("\n"));
    let expected: Vec<&str> = DIFFERENCES.iter().map(|(name, ..)| *name).collect();
    assert_eq!(known, expected, "known differences, in the order of the files");
    for (count, (why, expected)) in left.iter().zip(LEFT) {
        assert_eq!(*count, expected, "scenarios left out because {why}");
    }
    assert_eq!(run, 284, "scenarios that were run");
}
