//! `modex-publish` as its users meet it: whole outputs, exit codes, and what interrupts leave behind.

mod determinism;
mod expand;
mod interrupts;
mod modules;
mod sandbox;
mod transcripts;
