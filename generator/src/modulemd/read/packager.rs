//! Packager documents, version 3.

use super::check;
use super::components::ComponentsFields;
use super::node::{Fields, Value};
use super::stream::{BuildOptionFields, ReferenceFields, RpmSet, profiles};
use crate::modulemd::{Configuration, Packager};
use modex_formats::module::Profile;
use serde::de::{self, MapAccess};
use std::collections::{BTreeMap, BTreeSet};

/// The `data` of a packager document of version 3.
#[derive(Default)]
pub(super) struct PackagerData {
    pub(super) name: Option<String>,
    pub(super) stream: Option<String>,
    summary: Option<String>,
    description: Option<String>,
    licences: Option<Vec<String>>,
    xmd: Option<String>,
    configurations: Vec<ConfigurationFields>,
    references: ReferenceFields,
    profiles: BTreeMap<String, Profile>,
    api: RpmSet,
    filter: RpmSet,
    demodularized: RpmSet,
    components: ComponentsFields,
}

impl<'de> Fields<'de> for PackagerData {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "name" => self.name = Some(value.text()?),
            "stream" => self.stream = Some(value.text()?),
            "summary" => self.summary = Some(value.text()?),
            "description" => self.description = Some(value.text()?),
            "license" => self.licences = Some(value.set()?),
            "xmd" => self.xmd = Some(value.json()?),
            "configurations" => self.configurations = value.list()?,
            "references" => value.map(&mut self.references)?,
            "profiles" => self.profiles.extend(profiles(value)?),
            "api" => value.map(&mut self.api)?,
            "filter" => value.map(&mut self.filter)?,
            "demodularized" => value.map(&mut self.demodularized)?,
            "components" => value.map(&mut self.components)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl PackagerData {
    /// The document, once everything about it was checked.
    pub(super) fn into_packager(self) -> Result<Packager, String> {
        let summary = self.summary.ok_or("it has no summary")?;
        let description = self.description.ok_or("it has no description")?;
        if self.configurations.is_empty() {
            return Err("it has no configurations".into());
        }
        let built_for = check::built_for(&self.components);
        let mut contexts = BTreeSet::new();
        let mut configurations = Vec::with_capacity(self.configurations.len());
        for fields in self.configurations {
            let configuration = fields.into_configuration()?;
            if !contexts.insert(configuration.context.clone()) {
                return Err(format!(
                    "two configurations have the context {}",
                    configuration.context
                ));
            }
            let arches = configuration.build_options.as_ref().map_or(&[][..], |o| &o.arches);
            check::component_arches(&built_for, arches)?;
            configurations.push(configuration);
        }
        check::components(&self.components)?;
        Ok(Packager {
            name: self.name,
            stream: self.stream,
            summary,
            description,
            licences: self.licences.filter(|l| !l.is_empty()).unwrap_or_else(|| vec!["MIT".into()]),
            xmd: self.xmd,
            configurations,
            references: self.references.0,
            profiles: self.profiles.into_values().collect(),
            api: self.api.0,
            filter: self.filter.0,
            demodularized: self.demodularized.0,
            components: self.components.into_components(),
        })
    }
}

#[derive(Default)]
struct ConfigurationFields {
    context: Option<String>,
    platform: Option<String>,
    build_requires: Vec<(String, String)>,
    requires: Vec<(String, String)>,
    build_options: Option<BuildOptionFields>,
}

impl<'de> Fields<'de> for ConfigurationFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "context" => self.context = Some(value.parsed(context)?),
            "platform" => self.platform = Some(value.text()?),
            "buildrequires" => self.build_requires = one_stream_each(value)?,
            "requires" => self.requires = one_stream_each(value)?,
            "buildopts" => value.map(self.build_options.insert(BuildOptionFields::default()))?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl ConfigurationFields {
    fn into_configuration(self) -> Result<Configuration, String> {
        let context = self.context.ok_or("a configuration has no context")?;
        let platform = self.platform.filter(|platform| !platform.is_empty());
        let platform =
            platform.ok_or_else(|| format!("configuration {context} has no platform"))?;
        let (build_requires, requires) = (self.build_requires, self.requires);
        let build_options = self.build_options.map(|fields| fields.0);
        Ok(Configuration { context, platform, build_requires, requires, build_options })
    }
}

fn context(text: &str) -> Result<String, String> {
    let sound =
        (1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    sound.then(|| text.into()).ok_or_else(|| {
        format!("{text:?} is no context of a configuration: 1 to 10 letters or digits")
    })
}

/// A map of lists that hold one stream each.
fn one_stream_each<'de, A: MapAccess<'de>>(
    value: Value<'_, A>,
) -> Result<Vec<(String, String)>, A::Error> {
    let one = |(module, mut streams): (String, Vec<String>)| match streams.len() {
        1 => Ok((module, streams.remove(0))),
        count => Err(de::Error::custom(format!(
            "a configuration names one stream of each module, {count} of {module}"
        ))),
    };
    value.sets()?.into_iter().map(one).collect()
}
