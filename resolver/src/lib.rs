//! Indexes, system state and a request in; dnf's answer and the reason for it out. Synchronous and offline.
#![deny(unsafe_code)]

pub mod request;
pub mod solve;
pub mod store;
pub mod system;
pub mod visible;
