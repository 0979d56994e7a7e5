//! Texts that are hard to write, and what is made of texts.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

/// Texts that some YAML reader takes for something else, or that are hard to write.
const NASTY: [&str; 70] = [
    "1",
    "5.30",
    "1.10",
    "0x1F",
    "0o17",
    "017",
    "1e5",
    "7e96446",
    "1_000",
    "1:30",
    "190:20:30",
    "2020-01-01",
    "2020-05-01T00:00Z",
    "+1",
    "-1",
    ".5",
    ".inf",
    "-.INF",
    ".NaN",
    "true",
    "False",
    "YES",
    "no",
    "on",
    "Off",
    "y",
    "N",
    "null",
    "~",
    "-",
    "?",
    ":",
    "- a",
    "? a",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "&a",
    "*a",
    "&a b *a c",
    "!a",
    "!!str a",
    "|",
    ">-",
    "'a'",
    "\"a\"",
    "it's",
    "%a",
    "@a",
    "`a`",
    "[a]",
    "{a: b}",
    "a, b",
    " a",
    "a ",
    "  ",
    "\ta",
    "a\tb",
    "a\nb",
    "a\n",
    "\na",
    "a\n\n",
    "a\n\nb\n",
    " a\n  b\n",
    "a\n---\nb\n...\n",
    "a\r\nb",
    "<<",
    "=",
    "é日本\u{1f600}",
];

/// Any text without NUL, which C takes for an end; maybe empty.
pub(super) fn text() -> BoxedStrategy<String> {
    let signs: Vec<char> =
        "ab1 \n\t-:#,[]{}&*!|>'\"%@`?.\\~=é日\r\u{1}\u{7f}\u{85}\u{a0}\u{2028}\u{2029}\u{feff}\u{fffe}\u{1f600}"
            .chars()
            .collect();
    prop_oneof![
        4 => "[a-z][a-z0-9-]{0,8}",
        3 => select(NASTY.to_vec()).prop_map(String::from),
        2 => vec(select(signs), 0..12).prop_map(String::from_iter),
        1 => vec(select(NASTY.to_vec()), 2..5).prop_map(|parts| parts.join("\n")),
        1 => "([a-z]{1,9}[ ,.:]){10,60}",
        1 => any::<String>().prop_map(|text| text.replace('\0', "")),
    ]
    .boxed()
}

/// A text that is not empty.
pub(super) fn name() -> BoxedStrategy<String> {
    text().prop_map(|text| if text.is_empty() { "x".into() } else { text }).boxed()
}

pub(super) fn texts(most: usize) -> BoxedStrategy<Vec<String>> {
    btree_set(text(), 0..=most).prop_map(|set| set.into_iter().collect()).boxed()
}

pub(super) fn names(least: usize) -> BoxedStrategy<Vec<String>> {
    btree_set(name(), least..4).prop_map(|set| set.into_iter().collect()).boxed()
}

pub(super) fn map<V: std::fmt::Debug + 'static>(
    value: impl Strategy<Value = V> + 'static,
    most: usize,
) -> BoxedStrategy<Vec<(String, V)>> {
    btree_map(name(), value, 0..=most).prop_map(|map| map.into_iter().collect()).boxed()
}

pub(super) fn date() -> BoxedStrategy<String> {
    (1000..3000u32, 1..13u32, 1..29u32).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")).boxed()
}

pub(super) fn minute() -> BoxedStrategy<String> {
    (date(), 0..24u32, 0..60u32).prop_map(|(date, h, m)| format!("{date}T{h:02}:{m:02}Z")).boxed()
}

pub(super) fn artifact() -> BoxedStrategy<String> {
    let pattern = "[a-z][a-z0-9._+-]{0,8}";
    (pattern, any::<u32>(), "[0-9][a-z0-9.~^]{0,4}", "[0-9][a-z0-9.]{0,4}", "[a-z_0-9]{1,6}")
        .prop_map(|(n, e, v, r, a)| format!("{n}-{e}:{v}-{r}.{a}"))
        .boxed()
}

/// JSON whose scalars are all strings. Lists hold texts only, or maps only: libmodulemd drops items of a list that are of
/// another kind than the first.
pub(super) fn xmd() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        3 => text().prop_map(Value::from),
        1 => vec(text(), 0..3).prop_map(Value::from),
    ];
    let entries = |inner: BoxedStrategy<Value>| {
        btree_map(text(), inner, 0..4).prop_map(|map| Value::Object(Map::from_iter(map)))
    };
    let tree = leaf.prop_recursive(4, 24, 4, move |inner| {
        let map = entries(inner.boxed()).boxed();
        prop_oneof![map.clone(), vec(map, 1..3).prop_map(Value::from)]
    });
    btree_map(text(), tree, 0..4)
        .prop_map(|map| Value::Object(Map::from_iter(map)).to_string())
        .boxed()
}
