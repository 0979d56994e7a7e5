//! What people see: the whole output of every command on the shipped repositories, and of what goes wrong.
//!
//! The transcripts lie in `snapshots/`: `$` is a command in a folder that holds `baseos` and `appstream`, `$R` stands for
//! both with the platform, `2>` marks stderr, `=>` the exit status. `SNAPSHOTS=overwrite cargo test -p modex` writes them
//! anew; read the difference as a user would.

mod damage;
mod files;
mod kept;
mod locks;
mod misuse;
mod queries;
mod resolving;
mod roots;
mod sandbox;
mod scenarios;
mod why;
