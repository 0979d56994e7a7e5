//! Stream documents, versions 1 and 2.

use super::components::ComponentsFields;
use super::node::{Fields, Value};
use super::scalar::clip;
use modex_formats::module::{
    BuildOptions, Licences, MappedArtifact, ModuleRequire, ModuleStream, Nsvca, Profile,
    References, ServiceLevel, Stanza,
};
use serde::de::{self, MapAccess};
use std::collections::BTreeMap;

/// The formats of streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// Dependencies name one stream each, and there are no static contexts.
    V1,
    #[default]
    V2,
    /// Version 2 without what the build system adds.
    PackagerV2,
}

/// The `data` of a stream document.
#[derive(Default)]
pub(super) struct StreamData {
    pub(super) format: Format,
    pub(super) name: Option<String>,
    pub(super) stream: Option<String>,
    pub(super) version: u64,
    pub(super) context: String,
    pub(super) arch: String,
    pub(super) static_context: bool,
    pub(super) summary: Option<String>,
    pub(super) description: Option<String>,
    pub(super) licences: LicenceFields,
    pub(super) dependencies: Vec<Stanza>,
    pub(super) profiles: BTreeMap<String, Profile>,
    pub(super) api: RpmSet,
    pub(super) filter: RpmSet,
    pub(super) demodularized: RpmSet,
    pub(super) references: ReferenceFields,
    pub(super) components: ComponentsFields,
    pub(super) artifacts: ArtifactFields,
    pub(super) build_options: Option<BuildOptionFields>,
    pub(super) xmd: Option<String>,
    pub(super) service_levels: BTreeMap<String, Option<String>>,
}

impl<'de> Fields<'de> for StreamData {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        let first_version = self.format == Format::V1;
        match key {
            "name" | "stream" | "version" | "context" | "static_context" | "arch"
            | "servicelevels" | "xmd" | "buildopts" | "artifacts"
                if self.format == Format::PackagerV2 =>
            {
                value.unknown()?;
            }
            "name" => self.name = Some(value.text()?),
            "stream" => self.stream = Some(value.text()?),
            "version" => self.version = value.number()?,
            "context" => self.context = value.text()?,
            "arch" => self.arch = value.text()?,
            "static_context" if !first_version => self.static_context = value.boolean()?,
            "summary" => self.summary = Some(value.text()?),
            "description" => self.description = Some(value.text()?),
            "license" => {
                self.licences.module_only = self.format == Format::PackagerV2;
                value.map(&mut self.licences)?;
            }
            "dependencies" if first_version => {
                let mut stanza = OneStreamEach::default();
                value.map(&mut stanza)?;
                self.dependencies = vec![stanza.0];
            }
            "dependencies" => {
                let stanzas = value.list::<StanzaFields>()?;
                self.dependencies.extend(stanzas.into_iter().map(|fields| fields.0));
            }
            "profiles" => self.profiles.extend(profiles(value)?),
            "api" => value.map(&mut self.api)?,
            "filter" => value.map(&mut self.filter)?,
            "demodularized" if !first_version => value.map(&mut self.demodularized)?,
            "references" => value.map(&mut self.references)?,
            "components" => value.map(&mut self.components)?,
            "artifacts" => value.map(&mut self.artifacts)?,
            "buildopts" => value.map(self.build_options.insert(BuildOptionFields::default()))?,
            "xmd" => self.xmd = Some(value.json()?),
            "servicelevels" => {
                let levels = value.named::<ServiceLevelFields>()?.into_iter();
                self.service_levels.extend(levels.map(|(name, fields)| (name, fields.0)));
            }
            // Of version 1: the end of life of the only service level there was.
            "eol" if first_version => {
                self.service_levels.insert("rawhide".into(), Some(value.parsed(date)?));
            }
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl StreamData {
    /// The stream, once everything about it was checked.
    pub(super) fn into_stream(self) -> ModuleStream {
        let (name, stream) = (self.name.unwrap_or_default(), self.stream.unwrap_or_default());
        ModuleStream {
            nsvca: Nsvca {
                name,
                stream,
                version: self.version,
                context: self.context,
                arch: self.arch,
            },
            static_context: self.static_context,
            summary: self.summary.unwrap_or_default(),
            description: self.description.unwrap_or_default(),
            licences: self.licences.licences,
            dependencies: self.dependencies,
            profiles: self.profiles.into_values().collect(),
            api: self.api.0,
            filter: self.filter.0,
            demodularized: self.demodularized.0,
            references: self.references.0,
            components: self.components.into_components(),
            artifacts: self.artifacts.rpms,
            artifact_map: self.artifacts.map,
            build_options: self.build_options.map(|fields| fields.0),
            xmd: self.xmd,
            service_levels: self
                .service_levels
                .into_iter()
                .map(|(name, eol)| ServiceLevel { name, eol })
                .collect(),
        }
    }
}

/// `license`
#[derive(Default)]
pub(super) struct LicenceFields {
    pub(super) licences: Licences,
    /// The licences of the content are not known yet.
    module_only: bool,
}

impl<'de> Fields<'de> for LicenceFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "module" => self.licences.module = value.set()?,
            "content" if !self.module_only => self.licences.content = value.set()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

/// A map with a set called `rpms`.
#[derive(Default)]
pub(super) struct RpmSet(pub(super) Vec<String>);

impl<'de> Fields<'de> for RpmSet {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "rpms" => self.0 = value.set()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

/// `references`
#[derive(Default)]
pub(super) struct ReferenceFields(pub(super) References);

impl<'de> Fields<'de> for ReferenceFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "community" => self.0.community = Some(value.text()?),
            "documentation" => self.0.documentation = Some(value.text()?),
            "tracker" => self.0.tracker = Some(value.text()?),
            _ => value.unknown()?,
        }
        Ok(())
    }
}

/// One stanza of version 2.
#[derive(Default)]
struct StanzaFields(Stanza);

impl<'de> Fields<'de> for StanzaFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        let place = match key {
            "requires" => &mut self.0.requires,
            "buildrequires" => &mut self.0.build_requires,
            _ => return value.unknown(),
        };
        *place = value
            .sets()?
            .into_iter()
            .map(|(module, streams)| ModuleRequire { module, streams })
            .collect();
        Ok(())
    }
}

/// The dependencies of version 1.
#[derive(Default)]
struct OneStreamEach(Stanza);

impl<'de> Fields<'de> for OneStreamEach {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        let place = match key {
            "requires" => &mut self.0.requires,
            "buildrequires" => &mut self.0.build_requires,
            _ => return value.unknown(),
        };
        let requires = value.texts()?.into_iter();
        *place = requires
            .map(|(module, stream)| ModuleRequire { module, streams: vec![stream] })
            .collect();
        Ok(())
    }
}

/// `profiles`
pub(super) fn profiles<'de, A: MapAccess<'de>>(
    value: Value<'_, A>,
) -> Result<impl Iterator<Item = (String, Profile)> + use<A>, A::Error> {
    let profiles = value.named::<ProfileFields>()?.into_iter();
    Ok(profiles.map(|(name, fields)| (name.clone(), Profile { name, ..fields.0 })))
}

/// One profile.
#[derive(Default)]
struct ProfileFields(Profile);

impl<'de> Fields<'de> for ProfileFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "description" => self.0.description = Some(value.text()?),
            "rpms" => self.0.rpms = value.set()?,
            "default" => self.0.default = value.boolean()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

/// `artifacts`
#[derive(Default)]
pub(super) struct ArtifactFields {
    pub(super) rpms: Vec<String>,
    pub(super) map: Vec<MappedArtifact>,
}

impl<'de> Fields<'de> for ArtifactFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "rpms" => self.rpms = value.set()?,
            "rpm-map" => {
                let digests = value.named::<Digest>()?.into_iter();
                let entries = digests.flat_map(|(digest, map)| {
                    map.0.into_iter().map(move |entry| (digest.clone(), entry))
                });
                self.map = entries
                    .map(|(digest, (checksum, nevra))| MappedArtifact { digest, checksum, nevra })
                    .collect();
            }
            _ => value.unknown()?,
        }
        Ok(())
    }
}

/// The checksums of one kind, and the packages they belong to.
#[derive(Default)]
struct Digest(BTreeMap<String, String>);

impl<'de> Fields<'de> for Digest {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        let mut entry = MapEntry::default();
        value.map(&mut entry)?;
        let nevra = entry
            .nevra()
            .map_err(|why| de::Error::custom(format!("rpm-map entry {key}: {why}")))?;
        self.0.insert(key.into(), nevra);
        Ok(())
    }
}

#[derive(Default)]
struct MapEntry {
    texts: [Option<String>; 5],
    epoch: u64,
}

impl<'de> Fields<'de> for MapEntry {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        let at = match key {
            "name" => 0,
            "version" => 1,
            "release" => 2,
            "arch" => 3,
            "nevra" => 4,
            "epoch" => {
                self.epoch = value.number()?;
                return Ok(());
            }
            _ => return value.unknown(),
        };
        self.texts[at] = Some(value.text()?);
        Ok(())
    }
}

impl MapEntry {
    fn nevra(self) -> Result<String, String> {
        let [Some(name), Some(version), Some(release), Some(arch), nevra] = self.texts else {
            return Err("a part of the package's name is missing".into());
        };
        let joined = format!("{name}-{}:{version}-{release}.{arch}", self.epoch);
        match nevra {
            Some(nevra) if nevra != joined => Err(format!("the parts of {nevra} say {joined}")),
            _ => Ok(joined),
        }
    }
}

/// `buildopts`
#[derive(Default)]
pub(super) struct BuildOptionFields(pub(super) BuildOptions);

impl<'de> Fields<'de> for BuildOptionFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "rpms" => value.map(&mut RpmOptions(&mut self.0))?,
            "arches" => self.0.arches = value.set()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

struct RpmOptions<'o>(&'o mut BuildOptions);

impl<'de> Fields<'de> for RpmOptions<'_> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "macros" => self.0.macros = Some(value.text()?),
            "whitelist" => self.0.whitelist = value.set()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

/// One service level.
#[derive(Default)]
struct ServiceLevelFields(Option<String>);

impl<'de> Fields<'de> for ServiceLevelFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "eol" => self.0 = Some(value.parsed(date)?),
            _ => value.unknown()?,
        }
        Ok(())
    }
}

fn date(text: &str) -> Result<String, String> {
    if super::dates::is_date(text) {
        return Ok(text.into());
    }
    Err(format!("{:?} is no date of the form YYYY-MM-DD", clip(text)))
}
