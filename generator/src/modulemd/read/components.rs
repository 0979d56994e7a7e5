//! The components of a stream document.

use super::node::{Fields, Value};
use modex_formats::module::{Components, ModuleComponent, RpmComponent};
use serde::de::MapAccess;
use std::collections::BTreeMap;

/// `components`
#[derive(Default)]
pub(super) struct ComponentsFields {
    pub(super) rpms: BTreeMap<String, RpmComponent>,
    modules: BTreeMap<String, ModuleComponent>,
    /// Key of the first component without rationale.
    pub(super) unexplained: Option<String>,
}

impl<'de> Fields<'de> for ComponentsFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        let missing = &mut self.unexplained;
        match key {
            "rpms" => {
                let components = value.named::<RpmFields>()?.into_iter();
                let named = |(key, fields): (String, RpmFields)| {
                    (key.clone(), fields.into_rpm(key, missing))
                };
                self.rpms.extend(components.map(named));
            }
            "modules" => {
                let components = value.named::<ModuleFields>()?.into_iter();
                let named = |(key, fields): (String, ModuleFields)| {
                    (key.clone(), fields.0.into_module(key, missing))
                };
                self.modules.extend(components.map(named));
            }
            _ => value.unknown()?,
        }
        Ok(())
    }
}

impl ComponentsFields {
    pub(super) fn into_components(self) -> Components {
        Components {
            rpms: self.rpms.into_values().collect(),
            modules: self.modules.into_values().collect(),
        }
    }
}

/// One package.
#[derive(Default)]
struct RpmFields {
    component: RpmComponent,
    rationale: Option<String>,
}

impl<'de> Fields<'de> for RpmFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        let component = &mut self.component;
        match key {
            "name" => component.name = Some(value.text()?),
            "rationale" => self.rationale = Some(value.text()?),
            "repository" => component.repository = Some(value.text()?),
            "cache" => component.cache = Some(value.text()?),
            "ref" => component.reference = Some(value.text()?),
            "buildorder" => component.buildorder = value.signed_number()?,
            "buildafter" => component.buildafter = value.set()?,
            "buildonly" => component.buildonly = value.boolean()?,
            "buildroot" => component.buildroot = value.boolean()?,
            "srpm-buildroot" => component.srpm_buildroot = value.boolean()?,
            "arches" => component.arches = value.set()?,
            "multilib" => component.multilib = value.set()?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

/// One module: it has some of the keys of packages.
#[derive(Default)]
struct ModuleFields(RpmFields);

impl<'de> Fields<'de> for ModuleFields {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "rationale" | "repository" | "ref" | "buildorder" | "buildonly" => {
                self.0.field(key, value)
            }
            _ => value.unknown(),
        }
    }
}

impl RpmFields {
    fn into_rpm(self, key: String, missing: &mut Option<String>) -> RpmComponent {
        let Some(rationale) = self.rationale else {
            missing.get_or_insert_with(|| key.clone());
            return RpmComponent { key, ..self.component };
        };
        RpmComponent { key, rationale, ..self.component }
    }

    fn into_module(self, key: String, missing: &mut Option<String>) -> ModuleComponent {
        let rpm = self.into_rpm(key, missing);
        ModuleComponent {
            key: rpm.key,
            rationale: rpm.rationale,
            repository: rpm.repository,
            reference: rpm.reference,
            buildorder: rpm.buildorder,
            buildonly: rpm.buildonly,
        }
    }
}
