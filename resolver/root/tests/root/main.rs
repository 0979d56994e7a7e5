//! Roots made by hand, roots broken in each part, roots made by the peers.

mod broken;
mod made;
mod peers;
mod reading;
mod writing;
