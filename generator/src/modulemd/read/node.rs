//! Reading YAML nodes as modulemd means them: every scalar is its literal text, never a number, a truth value or
//! nothing.
//!
//! serde's view of YAML decides what a scalar is before it hands it over (`5.30` becomes 5.3), unless the reader asks
//! for a text from the start. Where modulemd allows a list or a single scalar, the reader must first know which of
//! them it has, without giving the scalar away. yaml_serde takes no step forward when it is asked for an enum variant
//! and finds a list or a map, so [`Value`] asks for a variant first and then again for what it really is. The tests of
//! this file pin that behaviour down.

use super::UnknownKey;
use super::json::{Json, quoted};
use super::refuse::plain_nodes_only;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;

/// How many unknown keys of a document are kept.
const MAX_UNKNOWN: usize = 100;

/// What is noted about a document while it is read.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Whether a key that is not known is an error. Some kinds of documents decide that for themselves.
    pub(super) strict: Cell<bool>,
    /// What is odd.
    pub(super) doubts: RefCell<Vec<String>>,
    /// Keys that are not known, with paths from the map that is being read.
    pub(super) unknown: RefCell<Vec<UnknownKey>>,
    /// The key at which reading stopped.
    pub(super) unexpected: RefCell<Option<String>>,
}

impl Notes {
    fn doubt(&self, what: String) {
        let mut doubts = self.doubts.borrow_mut();
        if doubts.len() < 8 {
            doubts.push(what);
        }
    }

    /// Forgets what was noted, before the document is read once more.
    pub(super) fn forget(&self) {
        self.doubts.borrow_mut().clear();
        self.unknown.borrow_mut().clear();
    }

    /// Runs what reads the inside of `key`, so that paths noted meanwhile begin with it.
    fn inside<T>(&self, key: impl fmt::Display, read: impl FnOnce() -> T) -> T {
        let before = self.unknown.borrow().len();
        let outcome = read();
        for unknown in &mut self.unknown.borrow_mut()[before..] {
            unknown.path = format!("{key}.{}", unknown.path);
        }
        outcome
    }
}

/// Something that is made of the entries of a map.
pub(super) trait Fields<'de> {
    /// Takes the value of a key. One that is not known is handed to [`Value::unknown`]. A key that comes twice is seen twice.
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error>;
}

/// The value that belongs to the key just read.
pub(super) struct Value<'m, A> {
    map: &'m mut A,
    key: &'m str,
    notes: &'m Notes,
}

impl<'de, A: MapAccess<'de>> Value<'_, A> {
    /// A scalar, as text.
    pub(super) fn text(self) -> Result<String, A::Error> {
        self.map.next_value::<Text>().map(|text| text.0)
    }

    /// A scalar that is read further. An error then has the scalar's place.
    pub(super) fn parsed<T>(
        self,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, A::Error> {
        self.map.next_value_seed(Parsed(parse))
    }

    /// A scalar of decimal digits.
    pub(super) fn number(self) -> Result<u64, A::Error> {
        self.parsed(|text| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            let number = text.parse().ok().filter(|_| digits);
            number.ok_or_else(|| format!("{:?} is not a number below 2^64", clip(text)))
        })
    }

    /// A scalar of decimal digits, maybe with a sign.
    pub(super) fn signed_number(self) -> Result<i64, A::Error> {
        self.parsed(|text| {
            text.parse().map_err(|_| format!("{:?} is not a number within 64 bits", clip(text)))
        })
    }

    /// `true` or `false`, no other spelling.
    pub(super) fn boolean(self) -> Result<bool, A::Error> {
        self.parsed(|text| match text {
            "true" => Ok(true),
            "false" => Ok(false),
            other => Err(format!("{:?} is neither true nor false", clip(other))),
        })
    }

    /// A set of texts: a list of scalars, or one scalar that stands for a list of one. Nothing at all is an empty set,
    /// as of libmodulemd 2.15. Sorted bytewise, without duplicates.
    pub(super) fn set(self) -> Result<Vec<String>, A::Error> {
        let mut texts = match probe(|seed| self.map.next_value_seed(seed))? {
            Some(text) if text.is_empty() => {
                self.notes
                    .doubt(format!("{:?} has no value; read as an empty list", clip(self.key)));
                Vec::new()
            }
            Some(text) => vec![text],
            None => self.map.next_value_seed(List)?,
        };
        texts.sort_unstable();
        texts.dedup();
        Ok(texts)
    }

    /// A map whose entries are taken by `fields`.
    pub(super) fn map<F: Fields<'de>>(self, fields: &mut F) -> Result<(), A::Error> {
        let Value { map, key, notes } = self;
        notes.inside(clip(key), || map.next_value_seed(Map { fields, notes }))
    }

    /// A list of maps.
    pub(super) fn list<F: Fields<'de> + Default>(self) -> Result<Vec<F>, A::Error> {
        let Value { map, key, notes } = self;
        notes.inside(clip(key), || map.next_value_seed(MapList { notes, found: Vec::new() }))
    }

    /// A map from names to maps, sorted by name. Of a name that comes twice, the last one counts.
    pub(super) fn named<F: Fields<'de> + Default>(self) -> Result<Vec<(String, F)>, A::Error> {
        let mut named = Named { found: BTreeMap::new(), once: false };
        self.map(&mut named)?;
        Ok(named.found.into_iter().collect())
    }

    /// The same where a name must not come twice.
    pub(super) fn named_once<F: Fields<'de> + Default>(self) -> Result<Vec<(String, F)>, A::Error> {
        let mut named = Named { found: BTreeMap::new(), once: true };
        self.map(&mut named)?;
        Ok(named.found.into_iter().collect())
    }

    /// A map from names to sets, sorted by name. A name must not come twice.
    pub(super) fn sets(self) -> Result<Vec<(String, Vec<String>)>, A::Error> {
        let mut sets = Sets(BTreeMap::new());
        self.map(&mut sets)?;
        Ok(sets.0.into_iter().collect())
    }

    /// A map from names to scalars, sorted by name. Of a name that comes twice, the last one counts.
    pub(super) fn texts(self) -> Result<Vec<(String, String)>, A::Error> {
        let mut texts = Texts(BTreeMap::new());
        self.map(&mut texts)?;
        Ok(texts.0.into_iter().collect())
    }

    /// Anything, as JSON whose scalars are all strings and whose maps are sorted.
    pub(super) fn json(self) -> Result<String, A::Error> {
        match probe(|seed| self.map.next_value_seed(seed))? {
            Some(text) => Ok(quoted(&text)),
            None => self.map.next_value_seed(Json),
        }
    }

    /// From here on keys that are not known are errors.
    pub(super) fn be_strict(&self) {
        self.notes.strict.set(true);
    }

    /// The value of a key that the format does not know.
    pub(super) fn unknown(self) -> Result<(), A::Error> {
        if self.notes.strict.get() {
            *self.notes.unexpected.borrow_mut() = Some(self.key.into());
            return self.map.next_value_seed(Unexpected);
        }
        if self.notes.unknown.borrow().len() >= MAX_UNKNOWN {
            return self.ignore();
        }
        let (path, notes) = (clip(self.key).to_owned(), self.notes);
        let json = self.json()?;
        notes.unknown.borrow_mut().push(UnknownKey { path, json });
        Ok(())
    }

    /// Anything, unread.
    pub(super) fn ignore(self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(|_| ())
    }
}

/// Meets any value and refuses it: the error then has the value's place.
struct Unexpected;

impl<'de> DeserializeSeed<'de> for Unexpected {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Unexpected {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no such key")
    }
}

/// Reads a whole document, whose root must be a map.
pub(super) fn read<'de>(
    text: &'de str,
    fields: &mut impl Fields<'de>,
    notes: &Notes,
) -> Result<(), serde_yaml::Error> {
    Map { fields, notes }.deserialize(serde_yaml::Deserializer::from_str(text))
}

/// The beginning of a text that may be long.
pub(super) fn clip(text: &str) -> &str {
    match text.char_indices().nth(60) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}

/// A scalar as its literal text.
pub(super) struct Text(pub(super) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Parsed(|text: &str| Ok(Text(text.into()))).deserialize(deserializer)
    }
}

/// Reads a scalar and what it says.
struct Parsed<F>(F);

impl<'de, T, F: FnOnce(&str) -> Result<T, String>> DeserializeSeed<'de> for Parsed<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T, F: FnOnce(&str) -> Result<T, String>> Visitor<'_> for Parsed<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

/// Gives the text of a scalar, `None` where the next node is a list or a map, which is then still to be read.
pub(super) fn probe<E>(
    next: impl FnOnce(Probe<'_>) -> Result<String, E>,
) -> Result<Option<String>, E> {
    let mut is_scalar = false;
    match next(Probe(&mut is_scalar)) {
        Ok(text) => Ok(Some(text)),
        Err(_) if !is_scalar => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads a scalar as if it named a variant. Notes whether it has met a scalar (or a tag, which is then an error).
pub(super) struct Probe<'p>(&'p mut bool);

impl<'de> DeserializeSeed<'de> for Probe<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_enum("", &[], self)
    }
}

impl<'de> Visitor<'de> for Probe<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar without a tag")
    }

    fn visit_enum<A: de::EnumAccess<'de>>(self, access: A) -> Result<String, A::Error> {
        *self.0 = true;
        let (text, rest) = access.variant::<Text>()?;
        rest.unit_variant().map_err(|_| de::Error::custom("YAML tags are not accepted"))?;
        Ok(text.0)
    }
}

/// Reads a list of scalars.
struct List;

impl<'de> DeserializeSeed<'de> for List {
    type Value = Vec<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for List {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of scalars")
    }

    plain_nodes_only!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element::<Text>()? {
            texts.push(text.0);
        }
        Ok(texts)
    }
}

/// Reads a map into fields. An empty scalar is no map.
struct Map<'f, F> {
    fields: &'f mut F,
    notes: &'f Notes,
}

impl<'de, F: Fields<'de>> DeserializeSeed<'de> for Map<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: Fields<'de>> Visitor<'de> for Map<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    plain_nodes_only!();

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Text>()? {
            self.fields.field(&key.0, Value { map: &mut map, key: &key.0, notes: self.notes })?;
        }
        Ok(())
    }
}

/// Reads a list of maps.
struct MapList<'n, F> {
    notes: &'n Notes,
    found: Vec<F>,
}

impl<'de, F: Fields<'de> + Default> DeserializeSeed<'de> for MapList<'_, F> {
    type Value = Vec<F>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: Fields<'de> + Default> Visitor<'de> for MapList<'_, F> {
    type Value = Vec<F>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of maps")
    }

    plain_nodes_only!();

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Self::Value, A::Error> {
        loop {
            let mut fields = F::default();
            let (place, notes) = (self.found.len(), self.notes);
            let seed = Map { fields: &mut fields, notes };
            if notes.inside(place, || list.next_element_seed(seed))?.is_none() {
                return Ok(self.found);
            }
            self.found.push(fields);
        }
    }
}

struct Named<F> {
    found: BTreeMap<String, F>,
    once: bool,
}

impl<'de, F: Fields<'de> + Default> Fields<'de> for Named<F> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        let mut fields = F::default();
        value.map(&mut fields)?;
        match self.found.insert(key.into(), fields) {
            Some(_) if self.once => Err(de::Error::custom(format!("{:?} comes twice", clip(key)))),
            _ => Ok(()),
        }
    }
}

struct Sets(BTreeMap<String, Vec<String>>);

impl<'de> Fields<'de> for Sets {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        if self.0.insert(key.into(), value.set()?).is_some() {
            return Err(de::Error::custom(format!("{:?} comes twice", clip(key))));
        }
        Ok(())
    }
}

struct Texts(BTreeMap<String, String>);

impl<'de> Fields<'de> for Texts {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        self.0.insert(key.into(), value.text()?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One key of each kind.
    #[derive(Default)]
    struct All(Vec<String>);

    impl<'de> Fields<'de> for All {
        fn field<A: MapAccess<'de>>(
            &mut self,
            key: &str,
            value: Value<'_, A>,
        ) -> Result<(), A::Error> {
            let found = match &key[..1] {
                "t" => value.text()?,
                "n" => value.number()?.to_string(),
                "i" => value.signed_number()?.to_string(),
                "b" => value.boolean()?.to_string(),
                "s" => format!("{:?}", value.set()?),
                "S" => format!("{:?}", value.sets()?),
                "x" => format!("{:?}", value.texts()?),
                "j" => value.json()?,
                "l" => format!(
                    "{:?}",
                    value.list::<All>()?.iter().map(|all| &all.0).collect::<Vec<_>>()
                ),
                "N" => format!(
                    "{:?}",
                    value.named::<All>()?.iter().map(|(k, all)| (k, &all.0)).collect::<Vec<_>>()
                ),
                _ => return value.ignore(),
            };
            self.0.push(found);
            Ok(())
        }
    }

    fn found(text: &str) -> Result<Vec<String>, String> {
        let mut all = All::default();
        read(text, &mut all, &Notes::default()).map(|()| all.0).map_err(|error| error.to_string())
    }

    #[test]
    fn scalars_are_their_literal_text() {
        for text in [
            "5.30", "1.10", "00000000", "6e5", "0x1F", "true", "no", "null", "~", "018", "7e96446",
            ".inf", "-0",
        ] {
            let want = [
                format!("[\"{text}\"]"),
                format!("[\"{text}\"]"),
                text.into(),
                format!("\"{text}\""),
            ];
            assert_eq!(
                found(&format!("s1: {text}\ns2: [{text}]\nt: {text}\nj: {text}")).unwrap(),
                want
            );
            let want = [
                format!("[(\"{text}\", [\"{text}\"])]"),
                format!("{{\"{text}\":[\"{text}\",[\"{text}\"]]}}"),
            ];
            assert_eq!(
                found(&format!("S: {{{text}: [{text}]}}\nj: {{{text}: [{text}, [{text}]]}}"))
                    .unwrap(),
                want
            );
        }
        assert_eq!(found("t:\ns:\nj:\nN: {}").unwrap(), ["", "[]", "\"\"", "[]"]);
        assert_eq!(
            found("t: !!str 1\nt2: \"a\\nb\"\nt3: >-\n  a\n  b").unwrap(),
            ["1", "a\nb", "a b"]
        );
    }

    #[test]
    fn sets_are_sorted_and_unknown_keys_are_nothing() {
        assert_eq!(
            found("s: [b, a, b]\nunknown: {a: [b, {c: d}]}\ns2:\n- z\n- é\n").unwrap(),
            ["[\"a\", \"b\"]", "[\"z\", \"é\"]"]
        );
        assert_eq!(
            found("l: [{t: 1}, {s: [2]}]\nN: {b: {t: 1}, a: {}, b: {t: 2}}").unwrap(),
            ["[[\"1\"], [\"[\\\"2\\\"]\"]]", "[(\"a\", []), (\"b\", [\"2\"])]"]
        );
        assert_eq!(found("x: {b: 1.0, a: '2'}").unwrap(), ["[(\"a\", \"2\"), (\"b\", \"1.0\")]"]);
        assert_eq!(
            found("j: {b: [], a: {}, c: [[], {d: \"\\\"\"}]}").unwrap(),
            [r#"{"a":{},"b":[],"c":[[],{"d":"\""}]}"#]
        );
    }

    #[test]
    fn numbers_and_truth_are_strict() {
        assert_eq!(
            found("n: 007\nn2: '18446744073709551615'\ni: -1\nb: true\nb2: \"false\"").unwrap(),
            ["7", "18446744073709551615", "-1", "true", "false"]
        );
        for bad in [
            "n: -1",
            "n: +1",
            "n: 1.0",
            "n: 1e3",
            "n: 18446744073709551616",
            "n: 0x1",
            "n:",
            "n: [1]",
            "i: x",
            "i: 9223372036854775808",
            "b: True",
            "b: yes",
            "b: 1",
            "b: ''",
        ] {
            assert!(found(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn other_nodes_than_expected_are_errors() {
        for bad in [
            "t: [a]",
            "t: {a: b}",
            "s: {a: b}",
            "s: [[a]]",
            "s: [{}]",
            "S: a",
            "S:",
            "S: [a]",
            "S: {a: 1, a: 2}",
            "N: x",
            "N: {a: }",
            "N: {a: [b]}",
            "N:",
            "l: x",
            "l: {a: b}",
            "l: [a]",
            "l:",
            "x: {a: [b]}",
            "x:",
            "[a]",
            "a",
            "",
            "? [a]\n: b",
            "s: !x a",
            "s: !x [a]",
            "j: !x a",
            "j: {? [a] : b}",
            "t: 'a",
            "s: [a",
        ] {
            assert!(found(bad).is_err(), "{bad}: {:?}", found(bad));
        }
    }
}
