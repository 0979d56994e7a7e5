//! Indexes, system state and a request in; dnf's answer and the reason for it out. Synchronous and offline.
#![deny(unsafe_code)]

pub mod solve;
pub mod store;
pub mod visible;
