//! The programs that are compared: ours, built here, and those that this machine has.

use super::CompareArgs;
use super::report::Report;
use crate::child::{Child, find};
use crate::failure::{Context, Failure};
use crate::own;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Platform of the synthetic modules, and what every command is told.
pub(super) const PLATFORM: &str = "platform:f38";

/// What is there.
#[derive(Debug)]
pub(super) struct Peers {
    pub(super) modex: PathBuf,
    pub(super) publish: PathBuf,
    pub(super) rpmmd2solv: Option<PathBuf>,
    pub(super) solvbench: Option<PathBuf>,
    pub(super) dnf: Option<PathBuf>,
}

/// The folder with the scripts and programs that ask the peers, beside the workspace's own folder.
pub(super) fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/peers")
}

impl Peers {
    pub(super) fn find(
        args: &CompareArgs,
        work: &Path,
        report: &mut Report,
    ) -> Result<Self, Failure> {
        if !Path::new("/usr/bin/time").is_file() {
            report.skip("peak memory: GNU time is not installed (package `time`)");
        }
        let rpmmd2solv = find("rpmmd2solv");
        if rpmmd2solv.is_none() {
            report.skip("rpmmd2solv and libsolv: not installed (package `libsolv-tools`)");
        }
        let solvbench = match &rpmmd2solv {
            Some(_) => solvbench(work).map_err(|why| report.skip(&format!("libsolv: {why}"))).ok(),
            None => None,
        };
        let own = |given: &Option<PathBuf>, package: &str| match given {
            Some(path) => path.canonicalize().context(path.display()),
            None => own::build(package),
        };
        Ok(Peers {
            modex: own(&args.modex, "modex")?,
            publish: own(&args.modex_publish, "modex-publish")?,
            rpmmd2solv,
            solvbench,
            dnf: dnf().map_err(|why| report.skip(&format!("dnf: {why}"))).ok(),
        })
    }
}

fn solvbench(work: &Path) -> Result<PathBuf, String> {
    let source = scripts().join("solvbench.c");
    if !source.is_file() {
        return Err(format!("`{}` is not there", source.display()));
    }
    let cc = find("cc").ok_or("there is no C compiler")?;
    let program = work.join("solvbench");
    let compiled = Child::new(cc)
        .args(["-O2", "-o"])
        .arg(&program)
        .arg(source)
        .args(["-lsolv", "-lsolvext"])
        .must();
    compiled.map_err(|failure| {
        format!(
            "solvbench.c does not compile; are libsolv-dev and libsolvext-dev installed? {failure}"
        )
    })?;
    Ok(program)
}

/// dnf, where it may be used: an installroot needs root.
fn dnf() -> Result<PathBuf, &'static str> {
    let dnf = find("dnf").ok_or("not installed")?;
    match std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
        true => Ok(dnf),
        false => Err("only root may use an installroot"),
    }
}
