//! Reading scalars as modulemd means them: every one is its literal text, never a number, a truth value or nothing.
//!
//! serde's view of YAML decides what a scalar is before it hands it over (`5.30` becomes 5.3), unless the reader asks
//! for a text from the start. Where modulemd allows a list or a single scalar, the reader must first know which of
//! them it has, without giving the scalar away. yaml_serde takes no step forward when it is asked for an enum variant
//! and finds a list or a map, so [`probe`] asks for a variant first; what it really is can be asked for again. The tests of
//! [`node`](super::node) pin that behaviour down.

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, VariantAccess, Visitor};
use std::fmt;

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
pub(super) struct Parsed<F>(pub(super) F);

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
