//! `why-not`: what holds packages back, and what would bring them in.

use super::resolve;
use crate::args::WhyNotArgs;
use crate::error::{Ending, Failure};
use crate::render::explain;
use crate::world::Opened;
use modex_resolver::why::{Group, WhyNot};
use serde_json::{Value, json};
use std::io::{self, Write};

pub(crate) fn run(args: &WhyNotArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let opened = Opened::open(&args.world)?;
    let options = resolve::options(&args.solve, &opened.machine)?;
    let world = opened.world()?;
    let mut all = Vec::new();
    let mut ending = Ending::Answered;
    for name in &args.names {
        let found = world
            .why_not(name, &options, opened.installed()?)
            .map_err(|error| opened.failure(error))?;
        if found.groups.is_empty() {
            super::missing("matches", name);
            ending = Ending::No;
        }
        match args.world.json {
            true => all.push(as_json(&found)),
            false => write(&found, out)?,
        }
    }
    if args.world.json {
        serde_json::to_writer_pretty(&mut *out, &all)?;
        writeln!(out)?;
    }
    opened.check(&world)?;
    Ok(ending)
}

fn write(found: &WhyNot, out: &mut dyn Write) -> io::Result<()> {
    for group in &found.groups {
        let more = match group.nevras.len() {
            1 => String::new(),
            count => format!(" ({} more)", count - 1),
        };
        let first = group.nevras.first().map(String::as_str).unwrap_or_default();
        writeln!(out, "{first}{more} {}", group.repo)?;
        for obstacle in &group.obstacles {
            writeln!(out, "  - {}", obstacle.text)?;
        }
        if group.obstacles.is_empty() {
            let is_offered = |nevra: &String| found.offered.contains(nevra);
            let state = match group.nevras.iter().any(is_offered) {
                true => "can be installed",
                false => "is visible",
            };
            writeln!(out, "  - {state}")?;
        }
        for note in &group.notes {
            writeln!(out, "  - {note}")?;
        }
    }
    if !found.groups.is_empty() && shows_refusal(found) {
        writeln!(out, "`install {}` has no solution:", found.refused_word)?;
        explain::tree(&found.refused, "  ", out)?;
    }
    explain::hints(&found.hints, "", out)
}

/// Whether the refusal says more than what was said of the packages.
fn shows_refusal(found: &WhyNot) -> bool {
    found.refused.iter().any(|fact| fact.kind != "no-match")
}

fn as_json(found: &WhyNot) -> Value {
    let group = |group: &Group| {
        let obstacles: Vec<Value> = group
            .obstacles
            .iter()
            .map(|it| json!({ "rule": it.rule.name(), "text": it.text, "streams": it.streams }))
            .collect();
        json!({
            "packages": group.nevras, "repo": group.repo, "obstacles": obstacles, "notes": group.notes,
        })
    };
    json!({
        "name": found.word, "groups": found.groups.iter().map(group).collect::<Vec<_>>(),
        "offered": found.offered, "refused_word": found.refused_word, "refused": found.refused, "hints": found.hints,
    })
}
