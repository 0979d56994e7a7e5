//! Whole repositories, through the library's front door.

mod contents;
mod determinism;
mod hostile;
mod neighbours;
mod package_files;
mod publishing;
mod support;
mod verifying;
