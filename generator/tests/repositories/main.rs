//! Whole repositories, through the library's front door.

mod contents;
mod determinism;
mod hostile;
mod neighbours;
mod publishing;
mod support;
mod verifying;
