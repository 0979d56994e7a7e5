//! `EVRS`: every version text, as [`Strings`] in rpm's order (texts that compare equal stand bytewise). `EVRM`: one byte
//! a version: bit 0 it compares equal to the one before, bit 1 it has that one's epoch and version, bit 2 it has no release.
//! Ids are ranks, and the marks say when ranks are not all: no comparison within one index looks at a text.

use super::fail;
use crate::index::{File, FileBuilder, FormatError, Strings, StringsBuilder};
use crate::rpm::Evr;
use crate::rpm::evr::DependencyOrder;
use std::cmp::Ordering;

/// Tag of the texts.
pub const TAG: [u8; 4] = *b"EVRS";
/// Tag of the marks.
pub const MARKS_TAG: [u8; 4] = *b"EVRM";

/// Compares equal to the version before.
const EQUAL: u8 = 1;
/// Has the epoch and version of the version before.
const SAME_VERSION: u8 = 2;
/// Has no release.
const NO_RELEASE: u8 = 4;

/// Versions by rank.
#[derive(Clone, Copy)]
pub struct Evrs<'a> {
    texts: Strings<'a>,
    marks: &'a [u8],
}

impl<'a> Evrs<'a> {
    pub(crate) fn open(file: &File<'a>) -> Result<Self, FormatError> {
        let texts = Strings::open(TAG, file.section(TAG)?)?;
        let marks = file.section(MARKS_TAG)?;
        match marks.len() == texts.len() {
            true => Ok(Evrs { texts, marks }),
            false => Err(fail(MARKS_TAG, "not one mark a version")),
        }
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

    /// Whether every version behind the lower one, up to the higher one, has a mark.
    fn all_between(&self, a: u32, b: u32, mark: u8) -> bool {
        let (low, high) = (a.min(b), a.max(b));
        let marks = self.marks.get(low as usize + 1..=high as usize);
        low == high || marks.is_some_and(|marks| marks.iter().all(|found| found & mark != 0))
    }

    /// The order of two versions as packages. O(versions that compare equal to the lower one).
    pub fn compare(&self, a: u32, b: u32) -> Ordering {
        match self.all_between(a, b, EQUAL) {
            true => Ordering::Equal,
            false => a.cmp(&b),
        }
    }

    /// The order of two versions inside dependencies, as [`Evr::compare_in_dependency`] has it. O(versions that differ from
    /// the lower one in the release only).
    pub fn compare_in_dependency(&self, a: u32, b: u32) -> DependencyOrder {
        let no_release = |id: u32| self.marks.get(id as usize).is_some_and(|m| m & NO_RELEASE != 0);
        if !self.all_between(a, b, SAME_VERSION) {
            return DependencyOrder::Known(a.cmp(&b));
        }
        match (no_release(a), no_release(b)) {
            (true, false) => DependencyOrder::LeftHasNoRelease,
            (false, true) => DependencyOrder::RightHasNoRelease,
            _ => DependencyOrder::Known(self.compare(a, b)),
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
        }
        let texts = (0..self.len() as u32).map(|id| self.text(id).unwrap_or(""));
        match marks(texts).eq(self.marks.iter().copied()) {
            true => Ok(()),
            false => Err(fail(MARKS_TAG, "a wrong mark")),
        }
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

/// The marks of versions in order.
fn marks<'t>(texts: impl Iterator<Item = &'t str>) -> impl Iterator<Item = u8> {
    let mut before: Option<Evr<'t>> = None;
    texts.map(move |text| {
        let evr = Evr::parse(text);
        let mark = |found: bool, mark: u8| if found { mark } else { 0 };
        let equal = before.is_some_and(|before| before.compare(&evr).is_eq());
        let same = before.is_some_and(|before| before.compare_epoch_version(&evr).is_eq());
        before = Some(evr);
        mark(equal, EQUAL) | mark(same, SAME_VERSION) | mark(evr.release.is_none(), NO_RELEASE)
    })
}

pub(crate) fn write(texts: &[&str], file: &mut FileBuilder) {
    file.required(TAG, texts.iter().copied().collect::<StringsBuilder>().finish());
    file.required(MARKS_TAG, marks(texts.iter().copied()).collect());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{Hot, HotTables, SourceDigest};
    use proptest::prelude::*;

    /// Versions that share epochs, versions and releases, with every way to leave one out and to write one twice.
    fn texts() -> impl Strategy<Value = Vec<String>> {
        let text = "(1:|0:|)(1|1\\.0|1\\.00|2|a)(-1|-01|-2\\.el9|)";
        proptest::collection::vec(text, 1..24)
    }

    proptest! {
        #[test]
        fn ranks_and_marks_say_what_the_texts_say(mut texts in texts()) {
            texts.sort_by(|a, b| compare(a, b));
            texts.dedup();
            let tables = HotTables { evrs: texts.clone(), ..HotTables::default() };
            let bytes = tables.to_bytes(SourceDigest::default()).unwrap();
            let hot = Hot::open(&bytes).unwrap();
            for (a, left) in texts.iter().enumerate() {
                for (b, right) in texts.iter().enumerate() {
                    let (left, right) = (Evr::parse(left), Evr::parse(right));
                    let (a, b) = (a as u32, b as u32);
                    prop_assert_eq!(hot.evrs.compare(a, b), left.compare(&right));
                    let order = hot.evrs.compare_in_dependency(a, b);
                    prop_assert_eq!(order, left.compare_in_dependency(&right));
                }
            }
        }
    }
}
