//! `resolve`: dnf's words in, dnf's transaction out.

use crate::args::ResolveArgs;
use crate::error::{Ending, Failure};
use crate::render::table;
use crate::world::Opened;
use modex_formats::plan::Plan;
use modex_resolver::{ModuleChanges, Options, Request, RequestError, Verdict, Warning};
use modex_root::config::MainConfig;
use std::io::{self, Write};

pub(crate) fn run(args: &ResolveArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let requests: Vec<Request> = args
        .words
        .split(|word| word == "--")
        .map(|words| Request::parse(words).map_err(no_request))
        .collect::<Result<_, _>>()?;
    let mut opened = Opened::open(&args.world)?;
    let options = options(args, opened.machine.config());
    let mut decided = None;
    let mut said = Said::new(args.world.json, requests.len());
    for (number, request) in requests.iter().enumerate() {
        let world = opened.world()?;
        let answer = world.resolve(request, &options).map_err(|error| opened.failure(error))?;
        for warning in &answer.warnings {
            warn(warning, args, &mut io::stderr().lock())?;
        }
        let solved = match &answer.verdict {
            Verdict::Solved(solved) => solved,
            Verdict::Refused(plan) => {
                if !args.world.json {
                    refuse(plan, &mut io::stderr().lock())?;
                }
                said.plan(plan, out)?;
                said.end(out)?;
                return Ok(Ending::No);
            }
            Verdict::GaveUp => {
                return Err(Failure::new(
                    "the search was given up: the dependencies are too complex",
                )
                .hint("no real repository is; check where this one comes from"));
            }
        };
        said.plan(&solved.plan, out)?;
        // Where there is nothing to do, dnf keeps nothing either.
        if solved.modules != ModuleChanges::default() || !solved.plan.packages.is_empty() {
            decided = Some(world.modules_after(solved));
        }
        let is_last = number + 1 == requests.len();
        let after = (!is_last).then(|| opened.after(&world, solved)).transpose()?;
        if let Some(after) = after {
            drop(world);
            opened.follow(after);
        }
        // The process ends soon: thousands of small texts need not be given back one by one.
        std::mem::forget(answer);
    }
    said.end(out)?;
    if let Some(modules) = decided.filter(|_| args.apply_module_state) {
        for path in opened.machine.apply(modules)? {
            writeln!(io::stderr(), "modex: wrote {path}")?;
        }
    }
    Ok(Ending::Answered)
}

/// The options of the command line and, where they say nothing, of dnf.conf.
fn options(args: &ResolveArgs, config: MainConfig) -> Options {
    let is_off = |word: &String| matches!(word.as_str(), "all" | "main");
    Options {
        weak_deps: !args.no_weak_deps && config.install_weak_deps,
        best: args.best || config.best,
        stream_switch: config.module_stream_switch,
        exclude: match config.disable_excludes.iter().any(is_off) {
            true => Vec::new(),
            false => config.excludepkgs,
        },
        allow_erasing: args.allow_erasing,
        strict: !args.skip_broken && config.strict,
        clean_requirements: !args.no_clean_requirements && config.clean_requirements_on_remove,
        install_only_limit: config.installonly_limit,
        protected: config.protected_packages,
        ..Options::default()
    }
}

/// How plans are written: one as it is, several as a JSON array or under the words of each.
struct Said {
    json: bool,
    several: bool,
    count: usize,
}

impl Said {
    fn new(json: bool, commands: usize) -> Self {
        Said { json, several: commands > 1, count: 0 }
    }

    fn plan(&mut self, plan: &Plan, out: &mut dyn Write) -> Result<(), Failure> {
        self.count += 1;
        if self.json {
            if self.several {
                out.write_all(if self.count == 1 { b"[" } else { b"," })?;
            }
            serde_json::to_writer_pretty(&mut *out, plan)?;
            return Ok(());
        }
        if !plan.refused.is_empty() {
            return Ok(());
        }
        if self.several {
            let gap = if self.count == 1 { "" } else { "\n" };
            writeln!(out, "{gap}$ dnf {}", plan.request.join(" "))?;
        }
        Ok(table::write(plan, out)?)
    }

    fn end(&self, out: &mut dyn Write) -> Result<(), Failure> {
        if self.json {
            out.write_all(if self.several { b"]\n" } else { b"\n" })?;
        }
        Ok(())
    }
}

/// Words that are no request, with what to try.
fn no_request(error: RequestError) -> Failure {
    let hint = match error {
        RequestError::UnknownWord(_) => {
            "the words are those of dnf: install, upgrade, remove, distro-sync, downgrade, reinstall, autoremove, \
             module enable, disable, reset, install, remove, update, switch-to"
        }
        RequestError::Option(_) => "options stand before the `--`",
        RequestError::NoModule => "say `@MODULE:STREAM/PROFILE`",
        RequestError::Nothing(_) => "name packages or modules behind it",
    };
    Failure::new(error).hint(hint)
}

/// What to try where streams cannot be active because there is no platform.
const NO_PLATFORM: &str =
    "no platform was given; say --platform platform:el9 or what the system is";

fn warn(warning: &Warning, args: &ResolveArgs, log: &mut dyn Write) -> io::Result<()> {
    match warning {
        Warning::Modular(problems) => {
            writeln!(log, "modex: warning: modular dependency problems:")?;
            problems.iter().try_for_each(|text| writeln!(log, "  - {text}"))?;
            match args.world.platform {
                None => writeln!(log, "  hint: {NO_PLATFORM}"),
                Some(_) => Ok(()),
            }
        }
        Warning::NoPlatform => {
            writeln!(log, "modex: warning: no platform was given (--platform)")
        }
        Warning::Note(note) => writeln!(log, "modex: {note}"),
        Warning::Shared(nevra) => {
            writeln!(log, "modex: {nevra} belongs to another active stream as well and stays")
        }
        // A plan shows by itself that it does not have the package.
        Warning::AlreadyInstalled(_) if args.world.json => Ok(()),
        Warning::Skipped { word, why } => writeln!(log, "modex: `{word}` is passed over: {why}"),
        Warning::AlreadyInstalled(nevra) => writeln!(log, "modex: {nevra} is already installed"),
    }
}

/// Why there is no solution, in words.
fn refuse(plan: &Plan, log: &mut dyn Write) -> io::Result<()> {
    writeln!(log, "modex: no solution for `{}`", plan.request.join(" "))?;
    for fact in &plan.refused {
        writeln!(log, "  - {}", fact.text)?;
    }
    if plan.platform.is_none() && plan.refused.iter().any(|fact| fact.kind == "module") {
        writeln!(log, "  hint: {NO_PLATFORM}")?;
    }
    Ok(())
}
