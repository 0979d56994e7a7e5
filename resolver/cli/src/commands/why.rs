//! `why`: why packages are installed, would come in, or take part in a transaction.

use super::resolve;
use crate::args::WhyArgs;
use crate::error::{Ending, Failure};
use crate::world::Opened;
use modex_resolver::Verdict;
use modex_resolver::why::{Present, Step};
use serde_json::{Value, json};
use std::io::{self, Write};

pub(crate) fn run(args: &WhyArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let requests = match args.words.is_empty() {
        true => Vec::new(),
        false => resolve::requests(&args.words)?,
    };
    let mut opened = Opened::open(&args.world)?;
    let options = resolve::options(&args.solve, &opened.machine)?;
    let Some((request, before)) = requests.split_last() else {
        let world = opened.world()?;
        let mut said = Said::new(args.world.json);
        for name in &args.names {
            let found = world.why(name, &options).map_err(|error| opened.failure(error))?;
            if found.is_empty() {
                let log = &mut io::stderr();
                writeln!(log, "modex: `{name}` is neither installed nor offered")?;
                writeln!(log, "  hint: ask `modex why-not {name}`")?;
            }
            said.add(name, &found, out)?;
        }
        opened.check(&world)?;
        return said.end(out);
    };
    for request in before.iter().chain([request]) {
        let world = opened.world()?;
        let answer = world.resolve(request, &options).map_err(|error| opened.failure(error))?;
        let solved = match &answer.verdict {
            Verdict::Solved(solved) => solved,
            Verdict::Refused(plan) => {
                resolve::refuse(plan, &mut io::stderr().lock())?;
                return Ok(Ending::No);
            }
            Verdict::GaveUp => return Err(resolve::gave_up()),
        };
        if !std::ptr::eq(request, &requests[before.len()]) {
            let after = opened.after(&world, solved)?;
            drop(world);
            opened.follow(after);
            continue;
        }
        let mut said = Said::new(args.world.json);
        for name in &args.names {
            let found = world
                .why_in(name, request, &options, solved)
                .map_err(|error| opened.failure(error))?;
            if found.is_empty() {
                let words = request.words.join(" ");
                writeln!(io::stderr(), "modex: `{name}` takes no part in `{words}`")?;
            }
            said.add(name, &found, out)?;
        }
        opened.check(&world)?;
        return said.end(out);
    }
    Ok(Ending::Answered)
}

/// What was said.
struct Said {
    json: bool,
    all: Vec<Value>,
    is_whole: bool,
}

impl Said {
    fn new(json: bool) -> Self {
        Said { json, all: Vec::new(), is_whole: true }
    }

    fn add(&mut self, name: &str, found: &[Present], out: &mut dyn Write) -> io::Result<()> {
        self.is_whole &= !found.is_empty();
        if self.json {
            let packages: Vec<Value> = found.iter().map(as_json).collect();
            self.all.push(json!({ "name": name, "packages": packages }));
            return Ok(());
        }
        found.iter().try_for_each(|present| write(present, out))
    }

    fn end(self, out: &mut dyn Write) -> Result<Ending, Failure> {
        if self.json {
            serde_json::to_writer_pretty(&mut *out, &self.all)?;
            writeln!(out)?;
        }
        Ok(if self.is_whole { Ending::Answered } else { Ending::No })
    }
}

fn write(present: &Present, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} {}: {}", present.nevra, present.state, present.reason)?;
    write_chain(&present.chain, out)?;
    let many = |named: &[String], count: usize| match count.saturating_sub(named.len()) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    };
    for (title, named, count) in [
        ("required by", &present.required_by, present.requirers),
        ("recommended by", &present.recommended_by, present.recommenders),
        ("of module", &present.streams, present.streams.len()),
        ("in", &present.repos, present.repos.len()),
    ] {
        if count > 0 {
            writeln!(out, "  {title} {}", many(named, count))?;
        }
    }
    Ok(())
}

fn write_chain(chain: &[Step], out: &mut dyn Write) -> io::Result<()> {
    for (depth, step) in chain.iter().enumerate() {
        let margin = "  ".repeat(depth + 1);
        match &step.tie {
            None => writeln!(out, "{margin}- {}", step.nevra)?,
            Some(tie) => {
                writeln!(out, "{margin}- {} {}: {}", tie.relation, tie.dependency, step.nevra)?;
            }
        }
    }
    Ok(())
}

fn as_json(present: &Present) -> Value {
    let step = |step: &Step| match &step.tie {
        None => json!({ "package": step.nevra }),
        Some(tie) => json!({
            "package": step.nevra, "relation": tie.relation, "dependency": tie.dependency,
        }),
    };
    json!({
        "package": present.nevra, "state": present.state, "reason": present.reason,
        "chain": present.chain.iter().map(step).collect::<Vec<_>>(),
        "required_by": present.required_by, "requirers": present.requirers,
        "recommended_by": present.recommended_by, "recommenders": present.recommenders,
        "streams": present.streams, "repos": present.repos,
    })
}
