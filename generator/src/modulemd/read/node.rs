//! Reading YAML nodes into fields: maps by their keys, lists, sets, and scalars as text.

use super::UnknownKey;
use super::json::{Json, quoted};
use super::notes::{MAX_UNKNOWN, Notes};
use super::refuse::plain_nodes_only;
use super::scalar::{Parsed, Text, clip, probe};
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

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
