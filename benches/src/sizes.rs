//! The size table: what each file and each section weighs, raw and compressed.

use crate::failure::{Context, Failure, Outcome};
use crate::repository;
use crate::stats::thousands;
use clap::Args;
use modex_formats::index::File;
use modex_generator::source::Report;
use modex_generator::{Index, Options, compile};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The level that all compressed sizes are given at.
const LEVEL: i32 = 19;

#[derive(Debug, Args)]
pub(crate) struct SizesArgs {
    /// Folders that hold `repodata`; they are not changed
    #[arg(required = true, value_name = "REPO_DIR")]
    repos: Vec<PathBuf>,
    /// Architecture of the index
    #[arg(long, default_value = "x86_64")]
    arch: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &SizesArgs, out: &mut impl Write) -> Result<Outcome, Failure> {
    let mut all = Vec::new();
    for dir in &args.repos {
        let sizes = measure(dir, &args.arch)?;
        if !args.json {
            sizes.render(out)?;
        }
        all.push(sizes.to_json());
    }
    if args.json {
        writeln!(out, "{:#}", Value::from(all))?;
    }
    Ok(Outcome::Holds)
}

/// Bytes of one thing, as it is and compressed.
struct Weight {
    what: String,
    raw: u64,
    zstd: u64,
}

impl Weight {
    fn of(what: impl Into<String>, bytes: &[u8]) -> Result<Self, Failure> {
        let mut zstd = Pipe::new(bytes.len() as u64)?;
        zstd.write(bytes)?;
        Ok(Weight { what: what.into(), raw: bytes.len() as u64, zstd: zstd.finish()? })
    }

    fn to_json(&self) -> Value {
        json!({ "what": self.what, "raw": self.raw, "zstd": self.zstd })
    }
}

/// A compressor whose output is only counted.
struct Pipe(zstd::stream::write::Encoder<'static, Count>);

impl Pipe {
    fn new(length: u64) -> Result<Self, Failure> {
        let mut encoder = zstd::stream::write::Encoder::new(Count(0), LEVEL)?;
        encoder.set_pledged_src_size(Some(length))?;
        Ok(Pipe(encoder))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        Ok(self.0.write_all(bytes)?)
    }

    fn finish(self) -> Result<u64, Failure> {
        Ok(self.0.finish()?.0)
    }
}

struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Sizes {
    repo: String,
    packages: u64,
    primary: Weight,
    files: Vec<Weight>,
    sections: Vec<Weight>,
}

/// Indexes the repository in memory: the bytes are those that `modex-publish index` would publish.
fn measure(dir: &Path, arch: &str) -> Result<Sizes, Failure> {
    let repository = repository::open(dir)?;
    let mut raw = Vec::new();
    repository::write_primary(&repository, &mut raw)?;
    let primary = Weight::of("primary.xml", &raw)?;
    drop(raw);
    let index = index(repository, arch).context(dir.display())?;
    let hot_and_warm = [&index.hot[..], &index.warm].concat();
    let files = vec![
        Weight::of("hot", &index.hot)?,
        Weight::of("warm", &index.warm)?,
        Weight::of("cold", &index.cold)?,
        Weight::of("hot and warm", &hot_and_warm)?,
    ];
    let sections = File::open(&index.hot)?
        .sections()
        .map(|(tag, _, bytes)| Weight::of(tag.escape_ascii().to_string(), bytes))
        .collect::<Result<_, _>>()?;
    Ok(Sizes {
        repo: dir.display().to_string(),
        packages: index.packages,
        primary,
        files,
        sections,
    })
}

fn index(repository: modex_generator::Repository, arch: &str) -> Result<Index, Failure> {
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let options = Options { arches: vec![arch.to_owned()], jobs, ..Options::default() };
    let mut found = None;
    compile(&[repository], &options, &mut [Report::new(0)], |_, index| {
        found = Some(index);
        Ok(())
    })?;
    found.ok_or_else(|| Failure::new("no index came out"))
}

impl Sizes {
    fn share(&self, weight: &Weight) -> f64 {
        weight.zstd as f64 / self.primary.zstd.max(1) as f64
    }

    fn render(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}: {} packages\n", self.repo, thousands(self.packages))?;
        writeln!(out, "| file | bytes | zstd -{LEVEL} | of primary.xml at zstd -{LEVEL} |")?;
        writeln!(out, "|---|---:|---:|---:|")?;
        for weight in std::iter::once(&self.primary).chain(&self.files) {
            let (raw, zstd) = (thousands(weight.raw), thousands(weight.zstd));
            writeln!(out, "| {} | {raw} | {zstd} | {:.3} |", weight.what, self.share(weight))?;
        }
        writeln!(out, "\n| section of hot | bytes | zstd -{LEVEL}, alone |\n|---|---:|---:|")?;
        for weight in &self.sections {
            writeln!(
                out,
                "| {} | {} | {} |",
                weight.what,
                thousands(weight.raw),
                thousands(weight.zstd)
            )?;
        }
        writeln!(out)
    }

    fn to_json(&self) -> Value {
        let list = |weights: &[Weight]| weights.iter().map(Weight::to_json).collect::<Vec<_>>();
        let shares: serde_json::Map<String, Value> =
            self.files.iter().map(|file| (file.what.clone(), json!(self.share(file)))).collect();
        json!({
            "repository": self.repo, "packages": self.packages, "level": LEVEL,
            "primary": self.primary.to_json(), "files": list(&self.files), "share_of_primary": shares,
            "hot_sections": list(&self.sections),
        })
    }
}
