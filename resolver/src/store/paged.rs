//! A table over all packages of which a search touches a few.
//!
//! A plain array would be as long as the universe, and every package that is touched would bring in another page of zeroed
//! memory: on a repository of 63,000 packages those page faults cost more than a small search itself.

const PAGE: usize = 16;

/// An array of default values; only the parts that were written take memory.
pub(crate) struct Paged<T> {
    /// By page: its place among the written ones, plus one.
    places: Vec<u32>,
    written: Vec<[T; PAGE]>,
}

impl<T: Copy + Default> Paged<T> {
    /// An array of this length.
    pub(crate) fn new(length: usize) -> Self {
        Paged { places: vec![0; length.div_ceil(PAGE)], written: Vec::new() }
    }

    /// An element; the default where nothing was written.
    pub(crate) fn get(&self, at: u32) -> T {
        let at = at as usize;
        match self.places[at / PAGE] {
            0 => T::default(),
            place => self.written[place as usize - 1][at % PAGE],
        }
    }

    /// An element to write.
    pub(crate) fn slot(&mut self, at: u32) -> &mut T {
        let at = at as usize;
        let pages = self.places.len();
        let place = &mut self.places[at / PAGE];
        if *place == 0 {
            if self.written.is_empty() {
                // Room for all at once: it is memory only where it is written, and nothing is ever moved.
                self.written.reserve_exact(pages);
            }
            self.written.push([T::default(); PAGE]);
            *place = self.written.len() as u32;
        }
        &mut self.written[*place as usize - 1][at % PAGE]
    }

    /// Number of elements, rounded up.
    pub(crate) fn len(&self) -> usize {
        self.places.len() * PAGE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_written_is_the_default() {
        let mut table: Paged<u32> = Paged::new(130);
        *table.slot(64) = 7;
        *table.slot(129) = 9;
        let found: Vec<u32> = [0, 63, 64, 65, 128, 129].map(|at| table.get(at)).to_vec();
        assert_eq!(found, [0, 0, 7, 0, 0, 9]);
        assert_eq!(table.written.len(), 2, "untouched parts take no memory");
    }
}
