//! Our own programs, built as this one was built.

use crate::child::Child;
use crate::failure::Failure;
use std::path::{Path, PathBuf};

/// Builds one of our programs as this one was built, and finds it beside this one.
pub(crate) fn build(package: &str) -> Result<PathBuf, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    Child::new(cargo)
        .args(["build", "--release", "--quiet", "-p", package, "--manifest-path"])
        .arg(manifest)
        .must()?;
    let program = std::env::current_exe()?.with_file_name(package);
    match program.is_file() {
        true => Ok(program),
        false => Err(Failure::new(format!(
            "`{}` is not there: run this with --release, or name the file",
            program.display()
        ))),
    }
}
