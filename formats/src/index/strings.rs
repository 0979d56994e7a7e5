//! A table of texts: `count u32`, `count + 1` offsets u32 into the text that follows them, the text (UTF-8).

use super::{FormatError, file};
use std::cmp::Ordering;
use zerocopy::little_endian::U32;

/// The longest text of a table, in bytes. It bounds what an accessor that copies texts can be made to allocate.
pub(super) const MAX_TEXT: usize = u16::MAX as usize;

/// Texts by id. Which order they stand in is the owner's rule.
#[derive(Clone, Copy)]
pub struct Strings<'a> {
    offsets: &'a [U32],
    text: &'a [u8],
}

impl<'a> Strings<'a> {
    /// Checks that count and offsets fit. O(1).
    pub(super) fn open(tag: [u8; 4], bytes: &'a [u8]) -> Result<Self, FormatError> {
        let short = || FormatError::damaged(tag.escape_ascii().to_string(), "cut inside the table");
        let (count, rest) = bytes.split_first_chunk::<4>().ok_or_else(short)?;
        let width =
            (u32::from_le_bytes(*count) as usize).checked_add(1).and_then(|n| n.checked_mul(4));
        let (offsets, text) =
            width.and_then(|width| rest.split_at_checked(width)).ok_or_else(short)?;
        let offsets: &[U32] = file::rows(tag, offsets)?;
        if offsets.last().map(|end| end.get() as usize) != Some(text.len()) {
            return Err(FormatError::damaged(
                tag.escape_ascii().to_string(),
                "the last offset is not the end of the text",
            ));
        }
        Ok(Strings { offsets, text })
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of a text; `None` where the id or its offsets are out of range.
    pub fn bytes(&self, id: u32) -> Option<&'a [u8]> {
        let id = id as usize;
        self.text
            .get(self.offsets.get(id)?.get() as usize..self.offsets.get(id + 1)?.get() as usize)
    }

    /// A text; `None` also where it is not UTF-8.
    pub fn get(&self, id: u32) -> Option<&'a str> {
        std::str::from_utf8(self.bytes(id)?).ok()
    }

    /// The id of a text in a table that is sorted bytewise. O(log n).
    pub fn find(&self, text: &str) -> Option<u32> {
        self.search(|found| found.cmp(text.as_bytes())).ok()
    }

    /// The first id, and the end, of the texts that start with `prefix`, in a table that is sorted bytewise.
    pub fn prefix(&self, prefix: &str) -> std::ops::Range<u32> {
        let from =
            self.search(
                |found| if found < prefix.as_bytes() { Ordering::Less } else { Ordering::Greater },
            );
        let to = self.search(|found| {
            match found.starts_with(prefix.as_bytes()) || found < prefix.as_bytes() {
                true => Ordering::Less,
                false => Ordering::Greater,
            }
        });
        from.unwrap_or_else(|at| at)..to.unwrap_or_else(|at| at)
    }

    /// Binary search as `slice::binary_search_by`.
    pub(crate) fn search(&self, compare: impl Fn(&[u8]) -> Ordering) -> Result<u32, u32> {
        let (mut low, mut high) = (0u32, self.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            // Out-of-range offsets compare as empty text: a damaged table gives a wrong id, never a panic.
            match compare(self.bytes(middle).unwrap_or(&[])) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    /// Offsets ascend, texts are UTF-8 and no longer than [`MAX_TEXT`]. O(bytes).
    pub(super) fn check(&self, tag: [u8; 4]) -> Result<(), FormatError> {
        let damaged = |what: &str| Err(FormatError::damaged(tag.escape_ascii().to_string(), what));
        if self.offsets.first().is_none_or(|start| start.get() != 0) {
            return damaged("the first offset is not 0");
        }
        if !self.offsets.is_sorted_by_key(|offset| offset.get()) {
            return damaged("offsets do not ascend");
        }
        for id in 0..self.len() as u32 {
            match self.get(id) {
                Some(text) if text.len() <= MAX_TEXT => {}
                Some(_) => return damaged("a text is too long"),
                None => return damaged("a text is not UTF-8"),
            }
        }
        Ok(())
    }

    /// Texts ascend bytewise, none twice. O(bytes).
    pub(super) fn check_sorted(&self, tag: [u8; 4]) -> Result<(), FormatError> {
        for id in 1..self.len() as u32 {
            if self.bytes(id - 1) >= self.bytes(id) {
                return Err(FormatError::damaged(
                    tag.escape_ascii().to_string(),
                    "texts are not in order",
                ));
            }
        }
        Ok(())
    }
}

/// Collects texts for a [`Strings`] section.
#[derive(Default)]
pub struct StringsBuilder {
    ends: Vec<u32>,
    text: Vec<u8>,
}

impl StringsBuilder {
    /// Appends a text; its id is the number of texts before it.
    pub fn push(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
        self.ends.push(self.text.len() as u32);
    }

    /// The section's bytes.
    pub fn finish(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + self.ends.len() * 4 + self.text.len());
        bytes.extend_from_slice(&(self.ends.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        for end in &self.ends {
            bytes.extend_from_slice(&end.to_le_bytes());
        }
        bytes.extend_from_slice(&self.text);
        bytes
    }
}

impl<'t> FromIterator<&'t str> for StringsBuilder {
    fn from_iter<I: IntoIterator<Item = &'t str>>(texts: I) -> Self {
        let mut builder = Self::default();
        texts.into_iter().for_each(|text| builder.push(text));
        builder
    }
}
