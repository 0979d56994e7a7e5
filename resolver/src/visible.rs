//! Stage two: what modularity hides.
use crate::store::universe::{PackageId, Universe};
use std::cell::RefCell;

/// Which packages are visible.
pub struct Visible<'u, 'a> {
    universe: &'u Universe<'a>,
    known: RefCell<Vec<u8>>,
}

impl<'u, 'a> Visible<'u, 'a> {
    /// Everything.
    pub fn all(universe: &'u Universe<'a>) -> Self {
        Visible { universe, known: RefCell::default() }
    }

    /// Test.
    pub fn for_test(universe: &'u Universe<'a>, hidden: Vec<u32>) -> Self {
        let mut known = vec![0; universe.len() as usize];
        for p in hidden {
            known[p as usize] = 1;
        }
        Visible { universe, known: RefCell::new(known) }
    }

    /// Whether a package is hidden.
    pub fn is_hidden(&self, package: PackageId) -> bool {
        self.known.borrow().get(package.0 as usize).is_some_and(|x| *x == 1)
    }
}
