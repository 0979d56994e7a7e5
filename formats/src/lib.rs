//! The words and bytes of modex.
#![forbid(unsafe_code)]

pub mod index;
pub mod module;
pub mod rpm;
