//! Defaults, obsoletes and translations documents, version 1.

use super::dates;
use super::node::{Fields, Value};
use super::scalar::clip;
use modex_formats::module::{Defaults, Intent, ModuleName, Obsoletes, Translation, Translations};
use serde::de::{self, MapAccess};
use std::collections::BTreeMap;

/// Sets what must not be set twice.
fn once<T, E: de::Error>(place: &mut Option<T>, key: &str, value: T) -> Result<(), E> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::custom(format!("{key:?} comes twice"))),
    }
}

/// Adds entries of a map whose names must not come twice.
fn all_once<T, E: de::Error>(
    known: &mut BTreeMap<String, T>,
    more: impl IntoIterator<Item = (String, T)>,
) -> Result<(), E> {
    for (name, value) in more {
        if known.contains_key(&name) {
            return Err(E::custom(format!("{:?} comes twice", clip(&name))));
        }
        known.insert(name, value);
    }
    Ok(())
}

/// The `data` of a defaults document.
#[derive(Default)]
pub(super) struct DefaultsData {
    module: Option<String>,
    stream: Option<String>,
    modified: u64,
    profiles: BTreeMap<String, Vec<String>>,
    intents: BTreeMap<String, Intent>,
}

impl<'de> Fields<'de> for DefaultsData {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "module" => once(&mut self.module, key, value.text()?)?,
            "stream" => once(&mut self.stream, key, value.text()?)?,
            "modified" => self.modified = value.number()?,
            "profiles" => all_once(&mut self.profiles, value.sets()?)?,
            "intents" => {
                let intents = value.named_once::<IntentFields>()?.into_iter();
                all_once(&mut self.intents, intents.map(|(name, fields)| (name, fields.0)))?;
            }
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl DefaultsData {
    pub(super) fn into_defaults(self) -> Defaults {
        Defaults {
            module: self.module.unwrap_or_default(),
            stream: self.stream.filter(|stream| !stream.is_empty()),
            modified: self.modified,
            profiles: self.profiles.into_iter().collect(),
            intents: self.intents.into_iter().collect(),
        }
    }
}

#[derive(Default)]
struct IntentFields(Intent, Option<String>);

impl<'de> Fields<'de> for IntentFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "stream" => {
                once(&mut self.1, key, value.text()?)?;
                self.0.stream = self.1.clone().filter(|stream| !stream.is_empty());
            }
            "profiles" => self.0.profiles = value.sets()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

/// The `data` of an obsoletes document.
#[derive(Default)]
pub(super) struct ObsoletesData {
    module: Option<String>,
    stream: Option<String>,
    context: Option<String>,
    modified: Option<String>,
    message: Option<String>,
    eol_date: Option<String>,
    reset: bool,
    obsoleted_by: Option<NameFields>,
}

impl<'de> Fields<'de> for ObsoletesData {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "module" => once(&mut self.module, key, value.text()?)?,
            "stream" => once(&mut self.stream, key, value.text()?)?,
            "context" => once(&mut self.context, key, value.text()?)?,
            "message" => once(&mut self.message, key, value.text()?)?,
            "modified" => self.modified = Some(value.parsed(minute)?),
            "eol_date" => self.eol_date = Some(value.parsed(minute)?),
            "reset" => self.reset = value.boolean()?,
            "obsoleted_by" => {
                let mut name = NameFields::default();
                value.map(&mut name)?;
                self.obsoleted_by = Some(name);
            }
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl ObsoletesData {
    pub(super) fn into_obsoletes(self) -> Result<Obsoletes, String> {
        let needed = |text: Option<String>, key: &str| {
            text.filter(|text| !text.is_empty()).ok_or_else(|| format!("it has no {key}"))
        };
        let obsoleted_by = match self.obsoleted_by {
            None => None,
            Some(NameFields { module: Some(module), stream: Some(stream) }) => {
                Some(ModuleName { module, stream })
            }
            Some(_) => return Err("obsoleted_by does not name a module and a stream".into()),
        };
        if self.reset && (self.eol_date.is_some() || obsoleted_by.is_some()) {
            return Err("a reset has neither an eol_date nor an obsoleted_by".into());
        }
        Ok(Obsoletes {
            module: needed(self.module, "module")?,
            stream: needed(self.stream, "stream")?,
            message: needed(self.message, "message")?,
            modified: needed(self.modified, "modified")?,
            context: self.context,
            reset: self.reset,
            eol_date: self.eol_date,
            obsoleted_by,
        })
    }
}

#[derive(Default)]
struct NameFields {
    module: Option<String>,
    stream: Option<String>,
}

impl<'de> Fields<'de> for NameFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "module" => self.module = Some(value.text()?),
            "stream" => self.stream = Some(value.text()?),
            _ => value.unknown()?,
        }
        Ok(())
    }
}

fn minute(text: &str) -> Result<String, String> {
    if dates::is_minute(text) {
        return Ok(text.into());
    }
    Err(format!("{:?} is no time of the form YYYY-MM-DDTHH:MMZ", clip(text)))
}

/// The `data` of a translations document.
#[derive(Default)]
pub(super) struct TranslationsData {
    module: Option<String>,
    stream: Option<String>,
    modified: u64,
    locales: Vec<(String, Translation)>,
}

impl<'de> Fields<'de> for TranslationsData {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "module" => self.module = Some(value.text()?),
            "stream" => self.stream = Some(value.text()?),
            "modified" => self.modified = value.number()?,
            "translations" => {
                let locales = value.named::<TranslationFields>()?.into_iter();
                self.locales = locales.map(|(locale, fields)| (locale, fields.0)).collect();
            }
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl TranslationsData {
    pub(super) fn into_translations(self) -> Result<Translations, String> {
        let named = |text: Option<String>| text.filter(|text| !text.is_empty());
        match (named(self.module), named(self.stream), self.modified) {
            (Some(module), Some(stream), modified @ 1..) => {
                Ok(Translations { module, stream, modified, locales: self.locales })
            }
            _ => Err("it has no module, stream or modified".into()),
        }
    }
}

#[derive(Default)]
struct TranslationFields(Translation);

impl<'de> Fields<'de> for TranslationFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "summary" => self.0.summary = Some(value.text()?),
            "description" => self.0.description = Some(value.text()?),
            "profiles" => self.0.profiles = value.texts()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}
