//! Whether an idea works: it is resolved, from the system as it is, in a world of its own.

use super::ideas::{Change, Idea};
use crate::request::Request;
use crate::resolve::{Options, Solved, Verdict};
use crate::store::OpenIndex;
use crate::store::universe::RepoOptions;
use crate::system::installed::InstalledPackage;
use crate::world::World;
use modex_formats::plan::{Action, PlanHint};

/// No more ideas than these are tried for one refusal; each takes one resolution, and one for each module command before it.
pub const MOST_TRIALS: u32 = 8;

/// Tries ideas.
pub(super) struct Trials<'t, 'i> {
    world: &'t World<'i>,
    options: &'t Options,
    /// What is installed.
    installed: &'t [InstalledPackage],
    left: u32,
}

impl<'t, 'i> Trials<'t, 'i> {
    pub(super) fn new(
        world: &'t World<'i>,
        options: &'t Options,
        installed: &'t [InstalledPackage],
    ) -> Self {
        Trials { world, options, installed, left: MOST_TRIALS }
    }

    /// The ideas that work, cheapest first, and those that leave the command as it was `asked` before those that do not: `goal` is
    /// met by what comes of the last command.
    pub(super) fn all(
        &mut self,
        ideas: Vec<Idea>,
        asked: &[String],
        goal: impl Fn(&Idea, &World<'_>, &Solved) -> bool,
    ) -> Vec<PlanHint> {
        let mut found: Vec<PlanHint> = Vec::new();
        for idea in ideas {
            if self.left == 0 {
                break;
            }
            self.left -= 1;
            found.extend(self.attempt(&idea, &goal));
        }
        found.sort_by_key(|hint| {
            let is_other = hint.commands.last().is_none_or(|last| last != asked);
            (hint.removes.len(), is_other, hint.commands.len())
        });
        found
    }

    fn attempt(
        &self,
        idea: &Idea,
        goal: impl Fn(&Idea, &World<'_>, &Solved) -> bool,
    ) -> Option<PlanHint> {
        let mut options = self.options.clone();
        let mut repos: Vec<(RepoOptions, &OpenIndex)> =
            self.world.indexed().map(|(repo, index)| (repo.options.clone(), index)).collect();
        match &idea.change {
            Change::Nothing => {}
            Change::AllowErasing => options.allow_erasing = true,
            Change::NoBest => options.best = false,
            Change::SkipBroken => options.strict = false,
            Change::NoExcludes => options.exclude.clear(),
            Change::WithoutRepo(id) => repos.retain(|(repo, _)| repo.id != *id),
            Change::Hotfixes(id) => repos
                .iter_mut()
                .filter(|(repo, _)| repo.id == *id)
                .for_each(|(repo, _)| repo.module_hotfixes = true),
        }
        let mut system = self.world.system().clone();
        let mut installed = self.installed.to_vec();
        let mut hint = PlanHint {
            options: idea.change.words(),
            commands: idea.commands.clone(),
            installs: Vec::new(),
            removes: Vec::new(),
        };
        let (last, before) = idea.commands.split_last()?;
        for words in before {
            let (modules, left) = {
                let world = World::new(&repos, &system).ok()?;
                let solved = solved(&world, words, &options)?;
                add(&mut hint, &solved);
                let changes = !solved.plan.packages.is_empty();
                let left = changes.then(|| world.installed_after(&solved, &installed));
                (solved.states.clone(), left)
            };
            system.modules = modules;
            if let Some(left) = left {
                system.install(&left, &repos).ok()?;
                installed = left;
            }
        }
        let world = World::new(&repos, &system).ok()?;
        let solved = solved(&world, last, &options)?;
        add(&mut hint, &solved);
        goal(idea, &world, &solved).then_some(hint)
    }
}

fn solved(world: &World<'_>, words: &[String], options: &Options) -> Option<Box<Solved>> {
    let request = Request::parse(words).ok()?;
    match world.resolve(&request, options).ok()?.verdict {
        Verdict::Solved(solved) => Some(solved),
        _ => None,
    }
}

/// Adds what a command does to what the commands before it did.
fn add(hint: &mut PlanHint, solved: &Solved) {
    for package in &solved.plan.packages {
        let list = match package.action {
            Action::Remove => &mut hint.removes,
            _ => &mut hint.installs,
        };
        if !list.contains(&package.nevra) {
            list.push(package.nevra.clone());
        }
    }
}
