//! How the ids of the installed system stand to those of a repository.
//!
//! Both have their names and versions in order, so one walk through both tells of every id of the system where it stands in the
//! repository. An answer about a system with thousands of packages asks that tens of thousands of times; what it would cost to look
//! each up, or to compare versions letter by letter, is more than the rest of the answer.

use modex_formats::index::Hot;
use modex_formats::index::section::evrs;
use std::borrow::Cow;
use std::cmp::Ordering;
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, IntoBytes};

/// From the system to one repository.
pub(crate) struct Bridge<'a> {
    /// By name of the system: twice the number of names of the repository before it, plus one where it is there itself. Ascending.
    names: Cow<'a, [U32]>,
    /// By version of the system: the very same text's id in the repository, plus one; 0 where it is not there.
    evrs: Cow<'a, [U32]>,
}

impl Bridge<'static> {
    /// O(n log(m / n)) comparisons, of n ids of the system and m of the repository. A table that is damaged leads astray, but to an
    /// end.
    pub(crate) fn new(system: &Hot<'_>, repository: &Hot<'_>) -> Self {
        let (own, others) = (&system.names, &repository.names);
        let count = others.len() as u32;
        let mut at = 0;
        let names = (0..own.len() as u32).map(|id| {
            let wanted = own.bytes(id).unwrap_or_default();
            at = gallop(at, count, |other| others.bytes(other).unwrap_or_default() < wanted);
            U32::new(at << 1 | u32::from(others.bytes(at) == Some(wanted)))
        });
        let names = names.collect();
        let count = repository.evrs.len() as u32;
        let mut at = 0;
        let evrs = (0..system.evrs.len() as u32).map(|id| {
            let Some(wanted) = system.evrs.text(id) else { return U32::ZERO };
            let mut same = false;
            at = gallop(at, count, |other| {
                let order = evrs::compare(repository.evrs.text(other).unwrap_or_default(), wanted);
                same |= order.is_eq();
                order.is_lt()
            });
            U32::new(if same { at + 1 } else { 0 })
        });
        let evrs = evrs.collect();
        Bridge { names, evrs }
    }
}

impl<'a> Bridge<'a> {
    /// The tables as bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [self.names.as_bytes(), self.evrs.as_bytes()].concat()
    }

    /// The tables from bytes; `None` where they are not of this system.
    pub(crate) fn from_bytes(system: &Hot<'_>, bytes: &'a [u8]) -> Option<Self> {
        let rows = <[U32]>::ref_from_bytes(bytes).ok()?;
        let (names, evrs) = rows.split_at_checked(system.names.len())?;
        (evrs.len() == system.evrs.len())
            .then_some(Bridge { names: Cow::Borrowed(names), evrs: Cow::Borrowed(evrs) })
    }

    /// A name of the system in the repository.
    pub(super) fn name(&self, of_system: u32) -> Option<u32> {
        let place = self.names.get(of_system as usize)?.get();
        (place & 1 == 1).then_some(place >> 1)
    }

    /// A name of the repository in the system.
    pub(super) fn name_back(&self, of_repository: u32) -> Option<u32> {
        let place =
            self.names.binary_search_by_key(&(of_repository << 1 | 1), |it| it.get()).ok()?;
        u32::try_from(place).ok()
    }

    /// The order of a name of the system and one of the repository.
    pub(super) fn compare_names(&self, of_system: u32, of_repository: u32) -> Ordering {
        // What is not there stands before the name that it would push back.
        let place = self.names.get(of_system as usize).map_or(0, |it| it.get());
        match place.cmp(&(of_repository << 1 | 1)) {
            Ordering::Equal => Ordering::Equal,
            _ if place >> 1 <= of_repository => Ordering::Less,
            _ => Ordering::Greater,
        }
    }

    /// A version of the system in the repository, the very same text.
    pub(super) fn evr(&self, of_system: u32) -> Option<u32> {
        self.evrs.get(of_system as usize)?.get().checked_sub(1)
    }
}

/// The first place from `from` on, or `end`, that is not `before`; what is stands in front of what is not.
fn gallop(from: u32, end: u32, mut before: impl FnMut(u32) -> bool) -> u32 {
    let (mut low, mut step) = (from, 1);
    // All in front of `low` are before.
    let mut high = loop {
        let probe = low.saturating_add(step - 1);
        if probe >= end || step > end {
            break end;
        }
        match before(probe) {
            true => low = probe + 1,
            false => break probe,
        }
        step = step.saturating_mul(2);
    };
    while low < high {
        let middle = low + (high - low) / 2;
        match before(middle) {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use modex_formats::index::{HotTables, SourceDigest};
    use modex_formats::rpm::Evr;
    use proptest::prelude::*;

    fn tables(mut names: Vec<String>, mut evrs: Vec<String>) -> HotTables {
        names.sort();
        names.dedup();
        evrs.sort_by(|a, b| evrs::compare(a, b));
        evrs.dedup();
        HotTables { names, evrs, ..HotTables::default() }
    }

    fn some() -> impl Strategy<Value = HotTables> {
        let names = proptest::collection::vec("[a-d]{1,3}", 0..40);
        let evrs =
            proptest::collection::vec("(1:|0:|)(1|1\\.0|1\\.00|2|a)(-1|-01|-2\\.el9|)", 0..30);
        (names, evrs).prop_map(|(names, evrs)| tables(names, evrs))
    }

    proptest! {
        #[test]
        fn both_ways_and_in_order(system in some(), repository in some()) {
            let files = [&system, &repository].map(|it| it.to_bytes(SourceDigest::default()).unwrap());
            let [from, to] = files.each_ref().map(|bytes| Hot::open(bytes).unwrap());
            let bytes = Bridge::new(&from, &to).to_bytes();
            let bridge = Bridge::from_bytes(&from, &bytes).unwrap();
            prop_assert!(Bridge::from_bytes(&from, bytes.get(4..).unwrap_or(b"x")).is_none());
            for (id, name) in (0..).zip(&system.names) {
                prop_assert_eq!(bridge.name(id), to.names.find(name));
                for (other, text) in (0..).zip(&repository.names) {
                    prop_assert_eq!(bridge.compare_names(id, other), name.cmp(text));
                }
            }
            for (id, name) in (0..).zip(&repository.names) {
                prop_assert_eq!(bridge.name_back(id), from.names.find(name));
            }
            for (id, evr) in (0..).zip(&system.evrs) {
                prop_assert_eq!(bridge.evr(id), to.evrs.find(evr));
                if let Some(same) = bridge.evr(id) {
                    for (other, text) in (0..).zip(&repository.evrs) {
                        prop_assert_eq!(to.evrs.compare(same, other), Evr::parse(evr).compare(&Evr::parse(text)));
                    }
                }
            }
        }
    }
}
