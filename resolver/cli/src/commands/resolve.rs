//! `resolve`: dnf's words in, dnf's transaction out.

use crate::args::{ResolveArgs, SolveArgs};
use crate::error::{Ending, Failure};
use crate::machine::Machine;
use crate::render::{explain, table};
use crate::world::Opened;
use modex_formats::plan::Plan;
use modex_resolver::{Options, Request, RequestError, Verdict, Warning, World};
use std::io::{self, Write};
use std::time::SystemTime;

pub(crate) fn run(args: &ResolveArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    answer(args, args.world.json, out, &mut |_, _, _| Ok(()))
}

/// Answers and prints plans, as JSON or as a table; `each` sees every plan that there is to follow.
pub(super) fn answer(
    args: &ResolveArgs,
    json: bool,
    out: &mut dyn Write,
    each: &mut Follower<'_>,
) -> Result<Ending, Failure> {
    let requests = requests(&args.words)?;
    let mut opened = Opened::open_for(&args.world, args.state_after.is_some())?;
    let options = options(&args.solve, &opened.machine)?;
    let mut said = Said::new(json, requests.len());
    let mut ending = Ending::Answered;
    let mut changes_anything = false;
    for (number, request) in requests.iter().enumerate() {
        opened.bring(request)?;
        let world = opened.world()?;
        let answer = world.resolve(request, &options).map_err(|error| opened.failure(error))?;
        for warning in &answer.warnings {
            warn(warning, args, world.platform(), &mut io::stderr().lock())?;
        }
        let solved = match &answer.verdict {
            Verdict::Solved(solved) => solved,
            Verdict::Refused(plan) => {
                let mut plan = plan.clone();
                plan.hints = world
                    .hints(request, &options, &plan.refused, opened.installed()?)
                    .map_err(|error| opened.failure(error))?;
                if !args.world.json {
                    refuse(&plan, &mut io::stderr().lock())?;
                }
                said.plan(&plan, out)?;
                // What comes behind it would start from a system that never is.
                ending = Ending::No;
                break;
            }
            Verdict::GaveUp => return Err(gave_up()),
        };
        said.plan(&solved.plan, out)?;
        each(&opened, &world, &solved.plan)?;
        // Where there is nothing to do, dnf writes nothing either.
        changes_anything |= !solved.plan.states.is_empty() || !solved.plan.packages.is_empty();
        let is_last = number + 1 == requests.len();
        if !is_last || args.state_after.is_some() || args.apply_module_state {
            let after = opened.after(&world, solved)?;
            drop(world);
            opened.follow(after);
        }
        // The process ends soon: thousands of small texts need not be given back one by one.
        std::mem::forget(answer);
    }
    said.end(out)?;
    if args.apply_module_state && changes_anything && ending == Ending::Answered {
        for path in opened.apply()?.written {
            writeln!(io::stderr(), "modex: wrote {path}")?;
        }
    }
    if let Some(path) = &args.state_after {
        opened.save(path)?;
    }
    Ok(ending)
}

/// The commands of dnf behind `--`.
pub(super) fn requests(words: &[String]) -> Result<Vec<Request>, Failure> {
    let commands = words.split(|word| word == "--");
    commands.map(|words| Request::parse(words).map_err(no_request)).collect()
}

/// Nobody knows whether there is a solution.
pub(super) fn gave_up() -> Failure {
    Failure::new("the search was given up: the dependencies are too complex")
        .hint("no real repository is; check where this one comes from")
}

/// What is done with a plan beyond printing it.
pub(super) type Follower<'f> = dyn FnMut(&Opened, &World<'_>, &Plan) -> Result<(), Failure> + 'f;

/// What the arguments and dnf.conf say together.
pub(super) fn options(args: &SolveArgs, machine: &Machine) -> Result<Options, Failure> {
    let config = machine.config();
    let is_off = |word: &String| matches!(word.as_str(), "all" | "main");
    let excludes_are_off = args.disable_excludes || config.disable_excludes.iter().any(is_off);
    Ok(Options {
        weak_deps: !args.no_weak_deps && config.install_weak_deps,
        best: args.best || (config.best && !args.nobest),
        stream_switch: config.module_stream_switch,
        module_obsoletes: match config.module_obsoletes {
            true => Some(moment(args.now.as_deref())?),
            false => None,
        },
        exclude: if excludes_are_off { Vec::new() } else { config.excludepkgs },
        include: if excludes_are_off { Vec::new() } else { config.includepkgs },
        every_arch: config.multilib_policy == "all",
        allow_erasing: args.allow_erasing,
        strict: !args.skip_broken && config.strict,
        clean_requirements: !args.no_clean_requirements && config.clean_requirements_on_remove,
        install_only: config.installonlypkgs,
        install_only_limit: config.installonly_limit,
        protected: config.protected_packages,
        running_kernel: None,
    })
}

/// A moment as `YYYYMMDDHHMM`; the present one where none is given.
fn moment(given: Option<&str>) -> Result<u64, Failure> {
    let present;
    let text = match given {
        Some(text) => text,
        None => {
            present = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
            &present[..]
        }
    };
    let wrong = || {
        Failure::new(format!("`--now {text}` is no moment")).hint("say it as in 2026-11-22T12:00Z")
    };
    // `YYYY-MM-DDTHH:MM`, then seconds or the zone.
    let minutes = text.get(..16).ok_or_else(wrong)?;
    let digits: String = minutes.chars().filter(char::is_ascii_digit).collect();
    let is_whole = digits.len() == 12 && text.ends_with('Z');
    digits.parse().ok().filter(|_| is_whole).ok_or_else(wrong)
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
const NO_PLATFORM: &str = "no platform was given, nor does os-release name one; say --platform platform:el9 or what the system is";

fn warn(
    warning: &Warning,
    args: &ResolveArgs,
    platform: Option<&str>,
    log: &mut dyn Write,
) -> io::Result<()> {
    match warning {
        Warning::Modular(problems) => {
            writeln!(log, "modex: warning: modular dependency problems:")?;
            problems.iter().try_for_each(|text| writeln!(log, "  - {text}"))?;
            match platform {
                None => writeln!(log, "  hint: {NO_PLATFORM}"),
                Some(_) => Ok(()),
            }
        }
        Warning::Lost { module, stream } => writeln!(
            log,
            "modex: warning: stream `{stream}` of `{module}` is enabled, but no repository has it; \
             `module reset {module}` forgets it"
        ),
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

/// Why there is no solution, in words, and what would work.
pub(super) fn refuse(plan: &Plan, log: &mut dyn Write) -> io::Result<()> {
    writeln!(log, "modex: no solution for `{}`", plan.request.join(" "))?;
    explain::tree(&plan.refused, "  ", log)?;
    let mut of_modules = plan.refused.iter().filter(|fact| fact.kind == "module");
    match &plan.platform {
        None if of_modules.next().is_some() => writeln!(log, "  hint: {NO_PLATFORM}")?,
        Some(platform)
            if of_modules.any(|it| it.text.contains("nothing provides module(platform:")) =>
        {
            writeln!(
                log,
                "  hint: the platform is {platform}; say --platform where it is another one"
            )?;
        }
        _ => {}
    }
    explain::hints(&plan.hints, "  ", log)
}
