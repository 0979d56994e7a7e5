//! Which architectures go together: the rules are `modex_formats::rpm::arch`'s, which the generator needs too.

pub use modex_formats::rpm::arch::*;
