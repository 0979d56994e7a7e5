//! The words and bytes of modex.
#![forbid(unsafe_code)]

pub mod index;
pub mod lock;
pub mod module;
pub mod plan;
pub mod pointer;
pub mod rpm;

/// The normative text of the format.
pub mod spec {
    #![doc = include_str!("../SPEC.md")]
}

pub use pointer::Pointer;
