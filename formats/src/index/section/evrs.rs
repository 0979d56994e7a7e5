//! `EVRS`: every version text, as [`Strings`] in rpm's order (texts that compare equal stand bytewise). `EVRQ`: one bit
//! a version, lowest bit first: it compares equal to the one before it. Ids are ranks: most comparisons are of numbers.

use super::fail;
use crate::index::{File, FileBuilder, FormatError, Strings, StringsBuilder};
use crate::rpm::Evr;
use std::cmp::Ordering;

/// Tag of the texts.
pub const TAG: [u8; 4] = *b"EVRS";
/// Tag of the bits that mark equals.
pub const EQUALS_TAG: [u8; 4] = *b"EVRQ";

/// Versions by rank.
#[derive(Clone, Copy)]
pub struct Evrs<'a> {
    texts: Strings<'a>,
    equals: &'a [u8],
}

impl<'a> Evrs<'a> {
    pub(crate) fn open(file: &File<'a>) -> Result<Self, FormatError> {
        let texts = Strings::open(TAG, file.section(TAG)?)?;
        let equals = file.section(EQUALS_TAG)?;
        if equals.len() != texts.len().div_ceil(8) {
            return Err(fail(EQUALS_TAG, "not one bit a version"));
        }
        Ok(Evrs { texts, equals })
    }

    /// Number of versions.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The text of a version.
    pub fn text(&self, id: u32) -> Option<&'a str> {
        self.texts.get(id)
    }

    /// The version, split.
    pub fn get(&self, id: u32) -> Option<Evr<'a>> {
        self.text(id).map(Evr::parse)
    }

    fn equals_previous(&self, id: u32) -> bool {
        self.equals.get(id as usize / 8).is_some_and(|byte| byte >> (id % 8) & 1 == 1)
    }

    /// The order of two versions as packages.
    pub fn compare(&self, a: u32, b: u32) -> Ordering {
        let (low, high) = (a.min(b), a.max(b));
        match (low..high).all(|id| self.equals_previous(id + 1)) {
            true => Ordering::Equal,
            false => a.cmp(&b),
        }
    }

    /// The id of exactly this text. O(log n).
    pub fn find(&self, text: &str) -> Option<u32> {
        let wanted = Evr::parse(text);
        self.texts
            .search(|found| order(std::str::from_utf8(found).unwrap_or(""), text, &wanted))
            .ok()
    }

    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.texts.check(TAG)?;
        for id in 1..self.len() as u32 {
            let (before, this) = (self.text(id - 1).unwrap_or(""), self.text(id).unwrap_or(""));
            if order(before, this, &Evr::parse(this)) != Ordering::Less {
                return Err(fail(TAG, "versions are not in order"));
            }
            if self.equals_previous(id) != Evr::parse(before).compare(&Evr::parse(this)).is_eq() {
                return Err(fail(EQUALS_TAG, "a wrong mark of equality"));
            }
        }
        let spare = self.equals.len() * 8;
        if self.equals_previous(0) || (self.len()..spare).any(|id| self.equals_previous(id as u32))
        {
            return Err(fail(EQUALS_TAG, "a mark that belongs to no version"));
        }
        Ok(())
    }
}

/// rpm's order, equals bytewise.
fn order(found: &str, text: &str, wanted: &Evr<'_>) -> Ordering {
    Evr::parse(found).compare(wanted).then_with(|| found.cmp(text))
}

/// The order in which the section wants its texts.
pub fn compare(a: &str, b: &str) -> Ordering {
    order(a, b, &Evr::parse(b))
}

pub(crate) fn write(texts: &[&str], file: &mut FileBuilder) {
    let mut equals = vec![0u8; texts.len().div_ceil(8)];
    for (at, pair) in texts.windows(2).enumerate() {
        if Evr::parse(pair[0]).compare(&Evr::parse(pair[1])).is_eq() {
            equals[(at + 1) / 8] |= 1 << ((at + 1) % 8);
        }
    }
    file.required(TAG, texts.iter().copied().collect::<StringsBuilder>().finish());
    file.required(EQUALS_TAG, equals);
}
