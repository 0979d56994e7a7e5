//! The words and bytes of modex.
#![forbid(unsafe_code)]

pub mod index;
pub mod module;
pub mod pointer;
pub mod rpm;

pub use pointer::Pointer;
