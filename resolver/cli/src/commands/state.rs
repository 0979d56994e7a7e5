//! `state export`: all that is known of a machine, as a file for another one.

use crate::args::ExportArgs;
use crate::error::{Ending, Failure};
use crate::machine::failure;
use crate::world::failure_of;
use modex_resolver::ResolveError;
use modex_resolver::store::arch;
use modex_root::{ReadOptions, Root};
use std::io::{self, Write};

pub(crate) fn export(args: &ExportArgs, out: &mut dyn Write) -> Result<Ending, Failure> {
    if let Some(arch) = args.arch.as_ref().filter(|it| !arch::is_system(it)) {
        return Err(failure_of(&[], ResolveError::Arch(arch.clone())));
    }
    let options = ReadOptions {
        arch: args.arch.clone(),
        releasever: args.releasever.clone(),
        ..ReadOptions::default()
    };
    let root = Root::open(&args.installroot).map_err(failure)?;
    let state = root.read_state(&options).map_err(failure)?;
    for note in &state.notes {
        writeln!(io::stderr(), "modex: warning: {note}")?;
    }
    match &args.output {
        Some(path) => state.save(path).map_err(failure)?,
        None => state.to_json(out)?,
    }
    Ok(Ending::Answered)
}
