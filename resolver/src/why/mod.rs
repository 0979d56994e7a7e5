//! Why a package is there, why it is not, why a request is refused; and what would work instead.
//!
//! | file | holds |
//! |---|---|
//! | `scene` | the streams and what they hide, as a request would find them |
//! | `stream` | why a stream is active, or is not |
//! | `present` | why a package is installed, or comes in |
//! | `chain` | the shortest way from a package to somebody who asked |
//! | `absent` | why a package is not offered |
//! | `tree` | a refusal in few lines |
//! | `ideas` | what might work |
//! | `trial` | whether it does |
//!
//! Nothing is offered that was not resolved first, by the same rules as any request; see [`MOST_TRIALS`].

mod absent;
mod chain;
mod ideas;
mod present;
mod scene;
mod stream;
mod tree;
mod trial;

pub use absent::{Group, Obstacle, Rule, WhyNot};
pub use chain::{Step, Tie};
pub use present::Present;
pub use tree::{Line, tree};
pub use trial::MOST_TRIALS;
