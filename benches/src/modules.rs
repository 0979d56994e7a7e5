//! Module documents beside libmodulemd: what it takes to read, check and index a modules.yaml.

use crate::child::Child;
use crate::failure::{Context, Failure, Outcome};
use crate::stats::{Summary, digits};
use crate::{own, say};
use clap::Args;
use modex_generator::digest::sha256_hex;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Ours by libmodulemd's time, at most.
const MOST: f64 = 1.0 / 3.0;
/// KiB that ours may take.
const MOST_MEMORY: u64 = 60_000_000 / 1024;

/// Loads a file as createrepo_c and dnf do, and prints the seconds that it took.
const LIBMODULEMD: &str = "
import sys, time, gi
gi.require_version('Modulemd', '2.0')
from gi.repository import Modulemd
start = time.perf_counter()
index = Modulemd.ModuleIndex.new()
sound, failures = index.update_from_file(sys.argv[1], sys.argv[2] == 'strict')
print(time.perf_counter() - start)
";

#[derive(Debug, Args)]
pub(crate) struct ModulesArgs {
    /// A modules.yaml, not compressed
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How often everything is measured
    #[arg(long, default_value_t = 11, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// The modex-publish to measure [default: built as this program was built]
    #[arg(long, value_name = "FILE")]
    modex_publish: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One way of doing it.
struct Entry {
    who: &'static str,
    child: Child,
    /// Whether it prints its own seconds; else the whole process is measured.
    tells: bool,
    /// A folder that has to be gone before each run.
    clear: Option<PathBuf>,
    /// Milliseconds, by round.
    times: Vec<f64>,
}

pub(crate) fn run(args: &ModulesArgs, out: &mut impl Write) -> Result<Outcome, Failure> {
    let publish = match &args.modex_publish {
        Some(path) => path.canonicalize().context(path.display())?,
        None => own::build("modex-publish")?,
    };
    let work = tempfile::tempdir()?;
    let repository = repository(&args.file, work.path())?;
    let output = work.path().join("output");
    let ours = |words: &[&str], place: &Path| Child::new(&publish).args(words).arg(place);
    let index = ours(&["index", "--arch", "x86_64", "--output"], &output).arg(&repository);
    let theirs =
        |mode| Child::new("/usr/bin/python3").args(["-c", LIBMODULEMD]).arg(&args.file).arg(mode);
    let entry = |who, child, tells| Entry { who, child, tells, clear: None, times: Vec::new() };
    let mut entries = vec![
        Entry { clear: Some(output), ..entry("modex-publish index", index, false) },
        entry("modex-publish modules validate", ours(&["modules", "validate"], &args.file), false),
        entry("… with one job", ours(&["modules", "validate", "-j1"], &args.file), false),
    ];
    for entry in &entries {
        entry.child.must()?;
    }
    match theirs("strict").must() {
        Ok(_) => {
            entries.push(entry("libmodulemd, strict", theirs("strict"), true));
            entries.push(entry("libmodulemd, lax", theirs("lax"), true));
        }
        Err(why) => say(&format!("libmodulemd is skipped (package gir1.2-modulemd-2.0): {why}")),
    }
    for round in 0..=args.runs {
        for entry in &mut entries {
            let time = entry.time()?;
            // The first round is for the page cache.
            if round > 0 {
                entry.times.push(time);
            }
        }
    }
    report(&entries, args.json, out)
}

impl Entry {
    fn time(&self) -> Result<f64, Failure> {
        if let Some(folder) = self.clear.as_ref().filter(|folder| folder.exists()) {
            std::fs::remove_dir_all(folder).context(folder.display())?;
        }
        if self.tells {
            let heard = self.child.must()?;
            let seconds: Option<f64> = heard.out.trim().parse().ok();
            return seconds
                .map(|seconds| seconds * 1e3)
                .ok_or_else(|| Failure::new(format!("`{}` told no time", heard.tail())));
        }
        match self.child.wall()? {
            (wall, 0) => Ok(wall),
            (_, status) => {
                Err(Failure::new(format!("`{}` ended with {status}", self.child.line())))
            }
        }
    }
}

/// A repository without packages that has the file for its modules.
fn repository(file: &Path, work: &Path) -> Result<PathBuf, Failure> {
    let folder = work.join("repository");
    let repodata = folder.join("repodata");
    std::fs::create_dir_all(&repodata)?;
    let modules = std::fs::read(file).context(file.display())?;
    let primary = b"<metadata packages=\"0\"></metadata>\n".to_vec();
    let mut repomd = String::from("<repomd>\n");
    for (kind, name, bytes) in
        [("primary", "primary.xml", primary), ("modules", "modules.yaml", modules)]
    {
        repomd += &format!(
            "<data type=\"{kind}\"><checksum type=\"sha256\">{}</checksum><location href=\"repodata/{name}\"/></data>\n",
            sha256_hex(&bytes)
        );
        std::fs::write(repodata.join(name), bytes)?;
    }
    std::fs::write(repodata.join("repomd.xml"), repomd + "</repomd>\n")?;
    Ok(folder)
}

fn report(entries: &[Entry], as_json: bool, out: &mut impl Write) -> Result<Outcome, Failure> {
    let peer = entries.iter().find(|entry| entry.tells).map(|entry| &entry.times[..]);
    let (mut rows, mut small) = (Vec::new(), true);
    if !as_json {
        writeln!(
            out,
            "| who | ms, median (min..max) | by libmodulemd, strict | peak, MiB |\n|---|---|---|---|"
        )?;
    }
    for entry in entries {
        let time = Summary::of(entry.times.iter().copied());
        let time = time.ok_or_else(|| Failure::new("nothing was measured"))?;
        let ratio = peer.and_then(|peer| Summary::of_ratios(&entry.times, peer));
        let peak = entry.child.peak()?;
        if !entry.tells {
            small &= peak.is_none_or(|peak| peak <= MOST_MEMORY);
        }
        rows.push(json!({
            "who": entry.who,
            "ms": time.to_json(),
            "ratio": ratio.map(Summary::to_json),
            "peak_kib": peak,
            "command": entry.child.line(),
        }));
        if !as_json {
            let ratio = ratio.map_or("-".into(), Summary::words);
            let peak = peak.map_or("-".into(), |peak| digits(peak as f64 / 1024.0));
            writeln!(out, "| {} | {} | {ratio} | {peak} |", entry.who, time.words())?;
        }
    }
    let ours = entries.first().and_then(|index| Summary::of_ratios(&index.times, peer?));
    let fast = ours.is_none_or(|ratio| ratio.median <= MOST);
    if as_json {
        writeln!(out, "{:#}", Value::from(rows))?;
    } else {
        let holds = |holds| if holds { "holds" } else { "DOES NOT HOLD" };
        writeln!(out, "\nindex in at most 1/3 of libmodulemd's time: {}", holds(fast))?;
        writeln!(out, "at most 60 MB: {}", holds(small))?;
    }
    Ok(if small && fast { Outcome::Holds } else { Outcome::DoesNotHold })
}
