//! Any YAML node as JSON whose scalars are all strings.

use super::refuse::plain_nodes_only;
use super::scalar::{Text, probe};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// A text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Reads a list or a map as JSON.
pub(super) struct Json;

impl<'de> DeserializeSeed<'de> for Json {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Json {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar, a list or a map")
    }

    plain_nodes_only!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<String, A::Error> {
        let mut parts = Vec::new();
        loop {
            // The end of the list looks like a scalar that is not there.
            let mut ended = false;
            let end = |none: Option<String>, ended: &mut bool| {
                *ended |= none.is_none();
                none.unwrap_or_default()
            };
            let part = match probe(|seed| {
                list.next_element_seed(seed).map(|found| end(found, &mut ended))
            })? {
                Some(_) if ended => return Ok(format!("[{}]", parts.join(","))),
                Some(text) => quoted(&text),
                None => list.next_element_seed(Json)?.unwrap_or_default(),
            };
            parts.push(part);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
        let mut parts = BTreeMap::new();
        while let Some(key) = map.next_key::<Text>()? {
            let value = match probe(|seed| map.next_value_seed(seed))? {
                Some(text) => quoted(&text),
                None => map.next_value_seed(Json)?,
            };
            parts.insert(key.0, value);
        }
        let parts: Vec<_> =
            parts.iter().map(|(key, value)| format!("{}:{value}", quoted(key))).collect();
        Ok(format!("{{{}}}", parts.join(",")))
    }
}
