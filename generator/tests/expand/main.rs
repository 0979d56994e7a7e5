//! Expansions of random documents in random worlds, by ourselves and by libsolv as the Module Build Service uses it.

mod case;
mod differences;
mod oracle;
