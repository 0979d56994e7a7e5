//! What holds for any lists.

use super::{document, told, world};
use crate::expand::{Options, count, expand};
use proptest::prelude::*;
use std::collections::BTreeSet;

const NAMES: [&str; 3] = ["foo", "gtk", "platform"];

fn streams(name: &str) -> [&'static str; 2] {
    if name == "platform" { ["f28", "f29"] } else { ["1", "2"] }
}

/// Places of the streams to build against and to run with.
type Lists = (Vec<usize>, Vec<usize>);

/// A list of each module, to build against and to run with: which streams, and in which order.
fn lists() -> impl Strategy<Value = Vec<Lists>> {
    let list = || prop::sample::subsequence(vec![0, 1], 1..=2).prop_shuffle();
    prop::collection::vec((list(), list()), 3)
}

fn text(lists: &[Lists]) -> String {
    let side = |of: fn(&Lists) -> &Vec<usize>| {
        let one = |(name, list): (&&str, _)| {
            let streams: Vec<&str> = of(list).iter().map(|at| streams(name)[*at]).collect();
            format!("{name} {}", streams.join(","))
        };
        NAMES.iter().zip(lists).map(one).collect::<Vec<_>>().join("; ")
    };
    format!("{} | {}", side(|list| &list.0), side(|list| &list.1))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_a_list_does_not_matter(lists in lists()) {
        let known = world(&["gtk:1", "gtk:2", "foo:1", "foo:2"]);
        let sorted: Vec<_> = lists
            .iter()
            .cloned()
            .map(|(mut build, mut run)| { build.sort(); run.sort(); (build, run) })
            .collect();
        let one = expand(&document(&[&text(&lists)]), &known, &Options::default()).unwrap();
        let other = expand(&document(&[&text(&sorted)]), &known, &Options::default()).unwrap();
        prop_assert_eq!(told(&one), told(&other));

        let mut reversed = known.clone();
        reversed.reverse();
        let other = expand(&document(&[&text(&lists)]), &reversed, &Options::default()).unwrap();
        prop_assert_eq!(told(&one), told(&other), "nor that of the documents");

        let product: usize = lists.iter().map(|(build, _)| build.len()).product();
        prop_assert_eq!(one.builds.len(), product);
        let contexts: BTreeSet<&str> = one.builds.iter().map(|build| build.nsvca.context.as_str()).collect();
        prop_assert_eq!(contexts.len(), product, "each has a context of its own");
        let counts = count(&document(&[&text(&lists)]), &known, &Options::default()).unwrap();
        prop_assert_eq!(counts.builds, Some(product as u64));
    }

    #[test]
    fn any_stream_is_all_streams(run in prop::bool::ANY) {
        let known = world(&["gtk:1", "gtk:2"]);
        let run = if run { "gtk 1,2" } else { "" };
        let any = expand(&document(&[&format!("platform; gtk | {run}")]), &known, &Options::default()).unwrap();
        let all = format!("platform f28,f29; gtk 1,2 | {run}");
        let all = expand(&document(&[&all]), &known, &Options::default()).unwrap();
        let lists = |expansion: &crate::expand::Expansion| -> Vec<_> {
            expansion.builds.iter().map(|build| build.stanzas[0].build_requires.clone()).collect()
        };
        prop_assert_eq!(lists(&any), lists(&all));
    }
}
