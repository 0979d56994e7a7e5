//! `resolve`: dnf's words in, dnf's transaction out.

use super::sound;
use crate::args::ResolveArgs;
use crate::error::{Ending, Failure};
use crate::render::table;
use crate::world::World;
use modex_formats::plan::{PLAN_VERSION, Plan, PlanFact, PlanIndex, PlanModule};
use modex_resolver::explain;
use modex_resolver::request::Words;
use modex_resolver::solve::{Job, Outcome, SolveOptions, solve};
use modex_resolver::store::universe::Universe;
use modex_resolver::transaction;
use modex_resolver::visible::Visible;
use std::io::{self, Write};

/// What is asked for, by kind.
struct Request<'w> {
    /// Package words, in order.
    packages: Vec<&'w str>,
    /// Module specs, without their `@`.
    modules: Vec<&'w str>,
}

/// Reads `install WORD…` and `module install SPEC…`.
fn request(words: &[String]) -> Result<Request<'_>, Failure> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let unknown = |word: &str| {
        Failure::new(format!("`{word}` is not known here"))
            .hint("the words are `install SPEC…` and `module install SPEC…`, as for dnf")
    };
    let (packages, modules): (Vec<&str>, Vec<&str>) = match words[..] {
        ["install", ref rest @ ..] => {
            let (modules, packages): (Vec<&str>, Vec<&str>) = rest.iter().partition(|word| word.starts_with('@'));
            (packages, modules.into_iter().map(|word| &word[1..]).collect())
        }
        ["module", "install", ref rest @ ..] => (Vec::new(), rest.to_vec()),
        ["module", word, ..] => return Err(unknown(&format!("module {word}"))),
        [word, ..] => return Err(unknown(word)),
        [] => return Err(unknown("")),
    };
    match packages.is_empty() && modules.is_empty() {
        true => Err(Failure::new("nothing to install was named").hint("say `install SPEC…`")),
        false => Ok(Request { packages, modules }),
    }
}

pub(crate) fn run(args: &ResolveArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let asked = request(&args.words)?;
    let world = World::open(&args.world)?;
    let universe = world.universe()?;
    let mut plan = empty_plan(args, &world, &universe)?;
    let staged = crate::staged::stage(&world, &universe, args, &asked.modules)?;
    let visible: &Visible<'_, '_> = &staged.visible;
    plan.modules = staged.modules;
    let owners = |repo: u32, path: &str| world.owners(repo, path);
    let words = Words::new(&universe, visible, &owners);
    let mut jobs: Vec<Job> = staged.jobs;
    let mut unmatched: Vec<PlanFact> = staged.refused;
    for word in &asked.packages {
        match words.install(word) {
            Some(marked) => {
                for old in marked.already_installed.iter().filter(|_| !args.world.json) {
                    writeln!(io::stderr(), "modex: {} is already installed", universe.nevra(*old))?;
                }
                jobs.extend(marked.jobs);
            }
            None => unmatched.push(no_match(word)),
        }
    }
    if !unmatched.is_empty() {
        sound(&universe)?;
        return refuse(plan, unmatched, args, out);
    }
    let options =
        SolveOptions { weak_deps: !args.no_weak_deps, best: args.best, ..SolveOptions::default() };
    match solve(&universe, visible, jobs.clone(), options) {
        Outcome::GaveUp => {
            sound(&universe)?;
            Err(Failure::new("the search was given up: the dependencies are too complex")
                .hint("no real repository is; check where this one comes from"))
        }
        Outcome::Refused(refusal) => {
            sound(&universe)?;
            let hidden_by = |_package| None;
            let facts = explain::facts(&universe, &jobs, &refusal, &hidden_by);
            refuse(plan, facts, args, out)
        }
        Outcome::Solved(solution) => {
            sound(&universe)?;
            plan.packages = transaction::packages(&universe, &solution, &staged.profile_packages, |repo| {
                let index = world.index(repo).ok_or_else(|| Failure::new("an installed package would be installed"))?;
                Ok::<_, Failure>(index.warm()?)
            })?;
            plan.totals = transaction::totals(&plan.packages);
            sound(&universe)?;
            if args.world.json {
                serde_json::to_writer_pretty(&mut *out, &plan)?;
                writeln!(out)?;
            } else {
                table::write(&plan, out)?;
            }
            Ok(Ending::Answered)
        }
    }
}

fn empty_plan(args: &ResolveArgs, world: &World, universe: &Universe<'_>) -> Result<Plan, Failure> {
    let offset = universe.repos().len() - world.indexes.len();
    let indexes = world.indexes.iter().enumerate().map(|(at, (options, index))| PlanIndex {
        repo: options.id.clone(),
        source: hex(&universe.repos()[at + offset].hot.source),
        hot: index.entry().hot.sha256.clone(),
    });
    Ok(Plan {
        version: PLAN_VERSION,
        request: args.words.clone(),
        arch: args.world.arch.clone(),
        platform: args.world.platform.clone(),
        weak_deps: !args.no_weak_deps,
        best: args.best,
        modules: Vec::<PlanModule>::new(),
        packages: Vec::new(),
        totals: Default::default(),
        refused: Vec::new(),
        indexes: indexes.collect(),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn no_match(word: &str) -> PlanFact {
    PlanFact {
        kind: "no-match",
        text: format!("nothing visible matches `{word}`"),
        packages: Vec::new(),
        dependency: Some(word.to_owned()),
        stream: None,
    }
}

/// Prints why there is no solution: as data on stdout, or in words on stderr.
fn refuse(mut plan: Plan, facts: Vec<PlanFact>, args: &ResolveArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    plan.refused = facts;
    if args.world.json {
        serde_json::to_writer_pretty(&mut *out, &plan)?;
        writeln!(out)?;
    } else {
        let mut log = io::stderr().lock();
        writeln!(log, "modex: no solution for `{}`", args.words.join(" "))?;
        for fact in &plan.refused {
            writeln!(log, "  - {}", fact.text)?;
        }
    }
    Ok(Ending::No)
}
