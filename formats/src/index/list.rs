//! Many short lists of numbers, by list id.
//!
//! Layout: `lists u32`, `long u32`, then `ceil(lists / 64)` anchors u32 (the position of the first item of lists 0, 64,
//! 128, …), `long` pairs u32 (list, length) sorted by list, `lists` length bytes (255: look among the long ones), zero
//! bytes to a multiple of four, the items u32. One byte a list instead of an u32 offset saves a fifth of the hot file;
//! finding a list adds up at most 63 bytes.

use super::{FormatError, file};
use zerocopy::little_endian::U32;

const BLOCK: usize = 64;
const LONG: u8 = 255;

/// Lists by id.
#[derive(Clone, Copy)]
pub struct Lists<'a> {
    anchors: &'a [U32],
    long: &'a [[U32; 2]],
    lengths: &'a [u8],
    items: &'a [U32],
}

impl<'a> Lists<'a> {
    /// Checks that the parts fit and that there are as many lists as wanted. O(1).
    pub(super) fn open(tag: [u8; 4], bytes: &'a [u8], wanted: usize) -> Result<Self, FormatError> {
        let damaged = |what: &str| FormatError::damaged(tag.escape_ascii().to_string(), what);
        let short = || damaged("cut inside the lists");
        let (lists, rest) = bytes.split_first_chunk::<4>().ok_or_else(short)?;
        let (long, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        let (lists, long) =
            (u32::from_le_bytes(*lists) as usize, u32::from_le_bytes(*long) as usize);
        if lists != wanted {
            return Err(damaged("another number of lists than of their owners"));
        }
        let (anchors, rest) = rest.split_at_checked(lists.div_ceil(BLOCK) * 4).ok_or_else(short)?;
        let (long, rest) =
            rest.split_at_checked(long.checked_mul(8).ok_or_else(short)?).ok_or_else(short)?;
        let (lengths, rest) = rest.split_at_checked(lists.next_multiple_of(4)).ok_or_else(short)?;
        if lengths[lists..].iter().any(|byte| *byte != 0) {
            return Err(damaged("padding is not zero"));
        }
        Ok(Lists {
            anchors: file::rows(tag, anchors)?,
            long: file::rows(tag, long)?,
            lengths: &lengths[..lists],
            items: file::rows(tag, rest)?,
        })
    }

    /// Number of lists.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether there is no list.
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// Number of items in all lists.
    pub fn items(&self) -> usize {
        self.items.len()
    }

    fn length(&self, list: usize) -> Option<usize> {
        match *self.lengths.get(list)? {
            LONG => {
                let at = self.long.binary_search_by_key(&(list as u32), |row| row[0].get()).ok()?;
                Some(self.long[at][1].get() as usize)
            }
            short => Some(usize::from(short)),
        }
    }

    /// A list; `None` where the id is out of range or the table is damaged.
    pub fn get(&self, list: u32) -> Option<&'a [U32]> {
        let list = list as usize;
        let length = self.length(list)?;
        if length == 0 {
            return Some(&[]);
        }
        let (block, number) = (list / BLOCK, list % BLOCK);
        let first = block * BLOCK;
        let before = match self.lengths[first..].first_chunk() {
            Some(lengths) => sum_of_first(lengths, number),
            None => self.lengths[first..list].iter().map(|length| u32::from(*length)).sum(),
        };
        let mut start = self.anchors.get(block)?.get() as usize + before as usize;
        // Of a long list, the sum has its mark only.
        let long = self.long.partition_point(|row| (row[0].get() as usize) < first);
        for row in self.long[long..].iter().take_while(|row| (row[0].get() as usize) < list) {
            start = (start + row[1].get() as usize).checked_sub(usize::from(LONG))?;
        }
        self.items.get(start..start.checked_add(length)?)
    }

    /// Anchors, lengths and long lists agree and use every item once; items pass `item`. O(items).
    pub(super) fn check(
        &self,
        tag: [u8; 4],
        mut item: impl FnMut(u32, &[U32]) -> Result<(), &'static str>,
    ) -> Result<(), FormatError> {
        let damaged = |what: &str| Err(FormatError::damaged(tag.escape_ascii().to_string(), what));
        if !self.long.is_sorted_by(|a, b| a[0].get() < b[0].get()) {
            return damaged("long lists are not in order");
        }
        if self.long.len() != self.lengths.iter().filter(|length| **length == LONG).count() {
            return damaged("long lists without their mark");
        }
        let mut at = 0usize;
        for list in 0..self.len() {
            if list % BLOCK == 0 && self.anchors[list / BLOCK].get() as usize != at {
                return damaged("an anchor is not where its lists start");
            }
            let Some(length) = self.length(list) else {
                return damaged("a long list has no length");
            };
            if self.lengths[list] == LONG && length < usize::from(LONG) {
                return damaged("a short list is marked as a long one");
            }
            let Some(items) = at.checked_add(length).and_then(|end| self.items.get(at..end)) else {
                return damaged("a list reaches past the items");
            };
            if let Err(what) = item(list as u32, items) {
                return damaged(what);
            }
            at += length;
        }
        if at != self.items.len() {
            return damaged("items that no list holds");
        }
        Ok(())
    }
}

/// The sum of the first `count` of a block's lengths. Always goes through all of them: a loop that ends at `count` is one that
/// the processor cannot foresee, and finding lists is what a search does most.
fn sum_of_first(lengths: &[u8; BLOCK], count: usize) -> u32 {
    /// Ones, then zeros: the window that starts `count` before the border keeps the first `count` lengths.
    const KEEP: [[u8; BLOCK]; 2] = [[0xff; BLOCK], [0; BLOCK]];
    /// Every second byte of a word.
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    let window = KEEP.as_flattened().get(BLOCK - count..).and_then(|rest| rest.first_chunk());
    let keep: &[u8; BLOCK] = window.unwrap_or(&KEEP[0]);
    let words = |bytes: &[u8; BLOCK]| {
        let (words, _) = bytes.as_chunks::<8>();
        let words: [u64; BLOCK / 8] = std::array::from_fn(|at| u64::from_le_bytes(words[at]));
        words
    };
    // Four sums of 16 bits side by side: none is more than 16 lengths.
    let kept = words(lengths).into_iter().zip(words(keep)).map(|(length, keep)| length & keep);
    let sums: u64 = kept.map(|word| (word & EVEN) + (word >> 8 & EVEN)).sum();
    (sums.wrapping_mul(0x0001_0001_0001_0001) >> 48) as u32
}

/// Collects lists in the order of their ids.
#[derive(Default)]
pub struct ListsBuilder {
    anchors: Vec<u32>,
    long: Vec<(u32, u32)>,
    lengths: Vec<u8>,
    items: Vec<u32>,
}

impl ListsBuilder {
    /// Appends the next list.
    pub fn push(&mut self, items: impl IntoIterator<Item = u32>) {
        let list = self.lengths.len();
        if list.is_multiple_of(BLOCK) {
            self.anchors.push(self.items.len() as u32);
        }
        let before = self.items.len();
        self.items.extend(items);
        let length = self.items.len() - before;
        if length >= usize::from(LONG) {
            self.long.push((list as u32, length as u32));
        }
        self.lengths.push(length.min(usize::from(LONG)) as u8);
    }

    /// From pairs (list, item) that are sorted by list: `lists` lists, those without a pair empty.
    pub fn from_pairs(lists: usize, pairs: &[(u32, u32)]) -> Self {
        let mut builder = Self::default();
        let mut rest = pairs;
        for list in 0..lists as u32 {
            let (own, others) =
                rest.split_at(rest.partition_point(|pair| pair.0 <= list).min(rest.len()));
            builder.push(own.iter().map(|pair| pair.1));
            rest = others;
        }
        builder
    }

    /// The section's bytes.
    pub fn finish(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(
            16 + self.anchors.len() * 4 + self.lengths.len() + self.items.len() * 4,
        );
        let mut put = |number: u32| bytes.extend_from_slice(&number.to_le_bytes());
        put(self.lengths.len() as u32);
        put(self.long.len() as u32);
        self.anchors.iter().for_each(|anchor| put(*anchor));
        self.long.iter().for_each(|(list, length)| {
            put(*list);
            put(*length);
        });
        bytes.extend_from_slice(&self.lengths);
        bytes.resize(bytes.len() + self.lengths.len().next_multiple_of(4) - self.lengths.len(), 0);
        self.items.iter().for_each(|item| bytes.extend_from_slice(&item.to_le_bytes()));
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sums_of_first(lengths in proptest::array::uniform32(any::<[u8; 2]>()), count in 0..BLOCK) {
            let lengths: [u8; BLOCK] = lengths.concat().try_into().unwrap();
            let sum: u32 = lengths[..count].iter().map(|length| u32::from(*length)).sum();
            prop_assert_eq!(sum_of_first(&lengths, count), sum);
        }
    }

    #[test]
    fn the_largest_sum() {
        assert_eq!(sum_of_first(&[255; BLOCK], BLOCK), 64 * 255);
    }
}
