//! The bytes of the index: what is written, what is read back, what is refused.
//!
//! One binary, so that the crate is linked once. `golden`: bytes of today against bytes of every version. `spec`: a reader written
//! from SPEC.md alone. `damage`: what nobody vouches for. `round_trip`: what goes in comes out.

mod alloc;
mod damage;
mod dump;
mod golden;
mod module_sample;
mod parts;
mod round_trip;
mod sample;
#[path = "../support/seal.rs"]
mod seal;
mod spec;
#[path = "../support/touch.rs"]
mod touch;
mod wire;

#[global_allocator]
static ALLOCATOR: alloc::Counting = alloc::Counting;
