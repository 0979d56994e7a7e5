//! The state of the system that a request is about.

pub mod installed;
