//! Indexes, system state and a request in; dnf's answer and the reason for it out. Synchronous and offline.
#![deny(unsafe_code)]

mod artifacts;
pub mod explain;
pub mod module_request;
pub mod module_spec;
pub mod profiles;
pub mod request;
pub mod solve;
pub mod store;
pub mod streams;
pub mod system;
pub mod transaction;
pub mod visible;
