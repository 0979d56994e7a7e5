//! `diff`: two machines, plans, lock files or lists, by NEVRA and by NSVC.

mod compare;
mod inventory;
mod words;

use crate::args::DiffArgs;
use crate::document::Document;
use crate::error::{Ending, Failure};
use compare::Difference;
use inventory::Inventory;
use serde_json::json;
use std::io::{self, Write};
use std::path::Path;

pub(crate) fn run(args: &DiffArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    let ((kind_a, mut a), (kind_b, mut b)) = (read(&args.a)?, read(&args.b)?);
    if !a.is_lock || !b.is_lock || (a.arches == b.arches && a.arches.len() == 1) {
        for (path, side) in [(&args.a, &mut a), (&args.b, &mut b)] {
            if side.is_lock && side.arches.len() > 1 {
                let what = format!("`{}` has several architectures", path.display());
                return Err(Failure::new(what).hint("such lock files are compared with lock files"));
            }
            side.join_sections();
        }
    }
    let difference = Difference::of(&a, &b);
    let mut log = io::stderr().lock();
    if a.modules.is_some() != b.modules.is_some() {
        let (of, kind) = if a.modules.is_none() { ("A", kind_a) } else { ("B", kind_b) };
        writeln!(
            log,
            "modex: {of} is {kind}, which tells nothing of modules: they are not compared"
        )?;
    }
    if args.commands {
        let commands = words::commands(&a, &b).map_err(|is_a| {
            let (of, kind) = if is_a { ("A", kind_a) } else { ("B", kind_b) };
            Failure::new(format!("{of} is {kind}, not what is on a machine"))
                .hint("--commands takes files of `modex state export` and lists of NEVRAs")
        })?;
        // The words are for a shell, names may be anything.
        let odd = |word: &&String| {
            word.starts_with('-')
                || word.contains(|c: char| !(c.is_ascii_graphic()) || "*?[]\\'\"`$".contains(c))
        };
        if let Some(word) = commands.iter().flatten().find(odd) {
            let what = format!("`{}` cannot be said in a command", word.escape_debug());
            return Err(Failure::new(what));
        }
        for (number, command) in commands.iter().enumerate() {
            let before = if number > 0 { "-- " } else { "" };
            writeln!(out, "{before}{}", command.join(" "))?;
        }
        if !commands.is_empty() {
            writeln!(
                log,
                "modex: follow them with --no-weak-deps --no-clean-requirements, so that nothing else comes or goes"
            )?;
        }
    } else if args.json {
        let sides = json!({ "a": kind_a, "b": kind_b, "difference": difference });
        serde_json::to_writer_pretty(&mut *out, &sides)?;
        writeln!(out)?;
    } else {
        difference.write(out)?;
    }
    Ok(if difference.is_empty() { Ending::Answered } else { Ending::No })
}

/// Reads one side, and says what it is.
fn read(path: &Path) -> Result<(&'static str, Inventory), Failure> {
    let document = Document::read(path)?;
    let inventory = Inventory::of(&document)
        .map_err(|failure| failure.about(format!("`{}`", path.display())))?;
    Ok((document.kind(), inventory))
}
