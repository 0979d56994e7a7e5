//! `modex`: resolve, list and explain installs from static files, offline.

use std::process::ExitCode;

fn main() -> ExitCode {
    modex::main(std::env::args_os())
}
