//! `resolve`: dnf's words in, dnf's transaction out.

use crate::args::ResolveArgs;
use crate::error::{Ending, Failure};
use crate::render::table;
use crate::world::Opened;
use modex_formats::plan::Plan;
use modex_resolver::{Options, Request, RequestError, Verdict, Warning};
use std::io::{self, Write};

pub(crate) fn run(args: &ResolveArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let request = Request::parse(&args.words).map_err(no_request)?;
    let opened = Opened::open(&args.world)?;
    let config = opened.machine.config();
    let is_off = |word: &String| matches!(word.as_str(), "all" | "main");
    let options = Options {
        weak_deps: !args.no_weak_deps && config.install_weak_deps,
        best: args.best || config.best,
        stream_switch: config.module_stream_switch,
        exclude: match config.disable_excludes.iter().any(is_off) {
            true => Vec::new(),
            false => config.excludepkgs,
        },
        ..Options::default()
    };
    let world = opened.world()?;
    let answer = world.resolve(&request, &options).map_err(|error| opened.failure(error))?;
    for warning in &answer.warnings {
        warn(warning, args, &mut io::stderr().lock())?;
    }
    let (plan, ending) = match &answer.verdict {
        Verdict::Solved(solved) => (&solved.plan, Ending::Answered),
        Verdict::Refused(plan) => (&**plan, Ending::No),
        Verdict::GaveUp => {
            return Err(Failure::new("the search was given up: the dependencies are too complex")
                .hint("no real repository is; check where this one comes from"));
        }
    };
    if args.world.json {
        serde_json::to_writer_pretty(&mut *out, plan)?;
        writeln!(out)?;
    } else if ending == Ending::Answered {
        table::write(plan, out)?;
    } else {
        refuse(plan, &mut io::stderr().lock())?;
    }
    // Where there is nothing to do, dnf writes nothing either.
    if let Verdict::Solved(solved) = &answer.verdict
        && args.apply_module_state
        && (solved.modules != Default::default() || !solved.plan.packages.is_empty())
    {
        for path in opened.machine.apply(&solved.modules)?.written {
            writeln!(io::stderr(), "modex: wrote {path}")?;
        }
    }
    // The process ends here: thousands of small texts need not be given back one by one.
    std::mem::forget(answer);
    Ok(ending)
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
