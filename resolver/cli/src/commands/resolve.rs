//! `resolve`: dnf's words in, dnf's transaction out.

use crate::args::ResolveArgs;
use crate::error::{Ending, Failure};
use crate::render::table;
use crate::world::World;
use data_encoding::HEXLOWER;
use modex_formats::plan::{ModuleChange, PLAN_VERSION, Plan, PlanFact, PlanIndex, PlanModule};
use modex_resolver::explain;
use modex_resolver::module_request::{ModuleRequest, SpecError};
use modex_resolver::profiles::Profiles;
use modex_resolver::request::Words;
use modex_resolver::solve::{Outcome, SolveOptions, solve};
use modex_resolver::store::universe::{PackageId, Universe};
use modex_resolver::streams::{
    ActiveStreams, DocumentRef, ErrorClass, ModuleStates, Reason as StreamReason, StreamIndexes,
    StreamOptions, Streams,
};
use modex_resolver::transaction;
use modex_resolver::visible::{Hidden, Visible};
use std::collections::HashSet;
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
            let (modules, packages): (Vec<&str>, Vec<&str>) =
                rest.iter().partition(|word| word.starts_with('@'));
            (packages, modules.into_iter().map(|word| &word[1..]).collect())
        }
        ["module", "install", ref rest @ ..] => (Vec::new(), rest.to_vec()),
        ["module"] => return Err(unknown("module")),
        ["module", word, ..] => return Err(unknown(&format!("module {word}"))),
        [word, ..] => return Err(unknown(word)),
        [] => return Err(unknown("")),
    };
    if let Some(word) = packages.iter().chain(&modules).find(|word| word.starts_with('-')) {
        return Err(Failure::new(format!("`{word}` is no package and no module"))
            .hint("options stand before the `--`"));
    }
    if modules.contains(&"") {
        return Err(Failure::new("`@` names no module").hint("say `@MODULE:STREAM/PROFILE`"));
    }
    match packages.is_empty() && modules.is_empty() {
        true => Err(Failure::new("nothing to install was named")
            .hint("say `install SPEC…` or `module install SPEC…`")),
        false => Ok(Request { packages, modules }),
    }
}

pub(crate) fn run(args: &ResolveArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let asked = request(&args.words)?;
    let world = World::open(&args.world)?;
    let universe = world.universe()?;
    let mut plan = empty_plan(args, &world, &universe)?;
    // Stage one: which streams are active.
    let indexes = StreamIndexes::new(&universe, args.world.platform.as_deref())?;
    let streams = Streams::new(&universe, &indexes, &args.world.arch, StreamOptions::default())?;
    let mut modules = ModuleRequest::new(ModuleStates::default());
    let (matched, mut errors) = modules.enable(&streams, &asked.modules);
    let active = streams.resolve(modules.states());
    let documents = matched.iter().flat_map(|it| it.documents.iter().copied());
    if let Err(trouble) = modules.enable_tree(&streams, &active, documents) {
        errors.push(SpecError { spec: asked.modules.join(" "), trouble });
    }
    let (profiles, more) = match errors.is_empty() {
        true => Profiles::choose(&streams, &active, &matched, &mut modules),
        false => Default::default(),
    };
    errors.extend(more);
    // Stage two: what they hide.
    let visible = Visible::new(&universe, &active);
    let (mut jobs, more) = profiles.jobs(&universe, &visible);
    errors.extend(more);
    let mut refused: Vec<PlanFact> = errors.iter().map(module_fact).collect();
    if !refused.is_empty() {
        refused.extend(problems(&active).map(|text| fact("module", text)));
    } else {
        warn(&active, &asked, args)?;
    }
    let owners = |repo: u32, path: &str| world.owners(repo, path);
    let words = Words::new(&universe, &visible, &owners);
    let everything = Visible::all(&universe);
    let all_words = Words::new(&universe, &everything, &owners);
    let hidden_by = |package| visible.why_hidden(package).map(|why| hidden(&streams, &why));
    for word in &asked.packages {
        match words.install(word) {
            Some(marked) => {
                for old in marked.already_installed.iter().filter(|_| !args.world.json) {
                    writeln!(io::stderr(), "modex: {} is already installed", universe.nevra(*old))?;
                }
                jobs.extend(marked.jobs);
            }
            None => {
                let hidden = all_words.find(word).map(|it| it.packages).unwrap_or_default();
                refused.push(no_match(&universe, word, &hidden, &hidden_by));
            }
        }
    }
    world.sound(&universe)?;
    if !refused.is_empty() {
        return refuse(plan, refused, args, out);
    }
    // Stage three: which packages.
    let options =
        SolveOptions { weak_deps: !args.no_weak_deps, best: args.best, ..SolveOptions::default() };
    let outcome = solve(&universe, &visible, jobs.clone(), options);
    world.sound(&universe)?;
    match outcome {
        Outcome::GaveUp => {
            Err(Failure::new("the search was given up: the dependencies are too complex")
                .hint("no real repository is; check where this one comes from"))
        }
        Outcome::Refused(refusal) => {
            let facts = explain::facts(&universe, &jobs, &refusal, &hidden_by);
            refuse(plan, facts, args, out)
        }
        Outcome::Solved(solution) => {
            let installs = || solution.installs.iter().map(|(package, _)| *package);
            if let Err(trouble) = modules.enable_for(&streams, &active, installs()) {
                let error = SpecError { spec: args.words.join(" "), trouble };
                return refuse(plan, vec![module_fact(&error)], args, out);
            }
            plan.modules = plan_modules(&universe, &streams, &active, &modules, &profiles);
            let names: HashSet<&str> =
                profiles.packages.iter().map(|it| it.name.as_str()).collect();
            let of_profile =
                |package: &PackageId| names.contains(universe.name_text(universe.name(*package)));
            let of_profile: HashSet<u32> = match names.is_empty() {
                true => HashSet::new(),
                false => installs().filter(of_profile).map(|package| package.0).collect(),
            };
            plan.packages = transaction::packages(&universe, &solution, &of_profile, |repo| {
                let index = world
                    .index(repo)
                    .ok_or_else(|| Failure::new("an installed package would be installed"))?;
                index.warm()
            })?;
            plan.totals = transaction::totals(&plan.packages);
            world.sound(&universe)?;
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

/// Says where default streams gave way, as dnf does, and where a platform is missing.
fn warn(active: &ActiveStreams, asked: &Request<'_>, args: &ResolveArgs) -> io::Result<()> {
    let mut log = io::stderr().lock();
    if active.class != ErrorClass::None {
        writeln!(log, "modex: warning: modular dependency problems:")?;
        problems(active).try_for_each(|text| writeln!(log, "  - {text}"))?;
        if args.world.platform.is_none() {
            writeln!(log, "  hint: {NO_PLATFORM}")?;
        }
    } else if args.world.platform.is_none() && !asked.modules.is_empty() {
        writeln!(log, "modex: warning: no platform was given (--platform)")?;
    }
    Ok(())
}

/// What to try where streams cannot be active because there is no platform.
const NO_PLATFORM: &str =
    "no platform was given; say --platform platform:el9 or what the system is";

/// The problems of module streams, a line each. That a stream was asked for is left out where something follows from it.
fn problems(active: &ActiveStreams) -> impl Iterator<Item = String> + '_ {
    active.problems.iter().map(|problem| {
        let is_asked = |reason: &&StreamReason| matches!(reason, StreamReason::Asked { .. });
        let asked = problem.iter().take_while(is_asked).count();
        let told = if asked < problem.len() { &problem[asked..] } else { &problem[..] };
        told.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    })
}

/// A word that means nothing, or only what is hidden.
fn no_match(
    universe: &Universe<'_>,
    word: &str,
    hidden: &[PackageId],
    hidden_by: &explain::HiddenBy<'_>,
) -> PlanFact {
    let dependency = Some(word.to_owned());
    let Some((first, hider)) =
        hidden.iter().find_map(|package| Some((*package, hidden_by(*package)?)))
    else {
        return PlanFact { dependency, ..fact("no-match", format!("nothing matches `{word}`")) };
    };
    let more = match hidden.len() {
        1 => String::new(),
        count => format!(" ({} more)", count - 1),
    };
    let text = format!(
        "all that matches `{word}` is hidden by modular filtering: {}{more}: {}",
        universe.nevra(first),
        hider.words
    );
    PlanFact {
        dependency,
        stream: hider.streams,
        packages: hidden.iter().take(32).map(|package| universe.nevra(*package)).collect(),
        ..fact("no-match", text)
    }
}

/// What hides a package.
fn hidden(streams: &Streams<'_, '_>, why: &Hidden) -> explain::Hider {
    let name = |document: &DocumentRef| {
        let identity = streams.identity(*document);
        format!("{}:{}", identity.name, identity.stream)
    };
    let list = |documents: &[DocumentRef]| {
        let mut names: Vec<String> = documents.iter().map(name).collect();
        names.sort();
        names.dedup();
        names.join(", ")
    };
    match why {
        Hidden::Inactive(documents) => {
            let list = list(documents);
            let words = format!("it belongs to {list}, which is not enabled");
            explain::Hider { streams: Some(list), words }
        }
        Hidden::Masked { name, by } => {
            let list = list(by);
            let words = format!("{list} is active and ships `{name}`");
            explain::Hider { streams: Some(list), words }
        }
        Hidden::Excluded => explain::Hider { streams: None, words: String::from("it is excluded") },
    }
}

/// The streams that the request enables, in their active documents.
fn plan_modules(
    universe: &Universe<'_>,
    streams: &Streams<'_, '_>,
    active: &ActiveStreams,
    modules: &ModuleRequest,
    profiles: &Profiles,
) -> Vec<PlanModule> {
    let changes = modules.changes();
    if changes.enabled.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<PlanModule> = Vec::new();
    for group in active.groups() {
        let newest =
            group.iter().max_by_key(|document| streams.row(**document).map(|row| row.version));
        let Some(document) = newest else { continue };
        let identity = streams.identity(*document);
        if !changes
            .enabled
            .iter()
            .any(|(module, stream)| *module == identity.name && *stream == identity.stream)
        {
            continue;
        }
        let of_module = profiles.installed.iter().filter(|(module, ..)| *module == identity.name);
        found.push(PlanModule {
            repo: universe.repo(document.repo).options.id.clone(),
            profiles: of_module.map(|(_, _, profile)| profile.clone()).collect(),
            nsvca: identity.to_string(),
            change: ModuleChange::Enable,
        });
    }
    found.sort_by(|a, b| a.nsvca.cmp(&b.nsvca));
    found
}

fn empty_plan(args: &ResolveArgs, world: &World, universe: &Universe<'_>) -> Result<Plan, Failure> {
    let offset = universe.repos().len() - world.indexes.len();
    let indexes = world.indexes.iter().enumerate().map(|(at, it)| PlanIndex {
        repo: it.options.id.clone(),
        source: HEXLOWER.encode(&universe.repos()[at + offset].hot.source),
        hot: it.index.entry().hot.sha256.clone(),
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

fn fact(kind: &'static str, text: String) -> PlanFact {
    PlanFact { kind, text, packages: Vec::new(), dependency: None, stream: None }
}

fn module_fact(error: &SpecError) -> PlanFact {
    PlanFact { dependency: Some(error.spec.clone()), ..fact("module", error.to_string()) }
}

/// Prints why there is no solution: as data on stdout, or in words on stderr.
fn refuse(
    mut plan: Plan,
    facts: Vec<PlanFact>,
    args: &ResolveArgs,
    out: &mut dyn Write,
) -> Result<Ending, Failure> {
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
        if plan.platform.is_none() && plan.refused.iter().any(|fact| fact.kind == "module") {
            writeln!(log, "  hint: {NO_PLATFORM}")?;
        }
    }
    Ok(Ending::No)
}
