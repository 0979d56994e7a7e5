//! `module list` and `module info`.
use crate::args::PatternArgs;
use crate::error::{Ending, Failure};
use std::io::Write;

pub(crate) fn list(_args: &PatternArgs, _out: &mut dyn Write) -> Result<Ending, Failure> {
    Ok(Ending::No)
}

pub(crate) fn info(_args: &PatternArgs, _out: &mut dyn Write) -> Result<Ending, Failure> {
    Ok(Ending::No)
}
