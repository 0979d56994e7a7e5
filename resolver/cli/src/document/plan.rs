//! Plans, read again.

use crate::error::Failure;
use modex_formats::plan::PLAN_VERSION;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What is asked of a plan that somebody kept; [`modex_formats::plan`] tells what its members are.
#[derive(Debug, Deserialize)]
pub(crate) struct PlanFile {
    #[serde(rename = "plan")]
    version: u32,
    pub(crate) arch: String,
    #[serde(default)]
    pub(crate) modules: Vec<PlannedModule>,
    #[serde(default)]
    pub(crate) states: PlannedStates,
    #[serde(default)]
    pub(crate) packages: Vec<PlannedPackage>,
    #[serde(default)]
    refused: Vec<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PlannedModule {
    pub(crate) nsvca: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PlannedStates {
    pub(crate) enabled: Vec<String>,
    pub(crate) switched: Vec<Switch>,
    pub(crate) disabled: Vec<String>,
    pub(crate) reset: Vec<String>,
    pub(crate) profiles_installed: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Switch {
    pub(crate) module: String,
    pub(crate) to: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PlannedPackage {
    pub(crate) action: String,
    pub(crate) nevra: String,
    pub(crate) repo: String,
    #[serde(default)]
    pub(crate) location: Option<String>,
    #[serde(default)]
    pub(crate) checksum: Option<PlannedChecksum>,
    #[serde(default)]
    pub(crate) size: Option<u64>,
}

impl PlannedPackage {
    /// Whether it goes, and nothing is downloaded for it.
    pub(crate) fn is_removal(&self) -> bool {
        self.action == "remove"
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct PlannedChecksum {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) value: String,
}

impl PlanFile {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Failure> {
        let read = serde_json::from_slice(bytes);
        read.map_err(|error| Failure::new(format!("not a plan of modex: {error}")))
            .and_then(Self::checked)
    }

    /// Those of several commands.
    pub(crate) fn read_several(bytes: &[u8]) -> Result<Vec<Self>, Failure> {
        let read: Result<Vec<Self>, _> = serde_json::from_slice(bytes);
        let plans = read.map_err(|error| Failure::new(format!("not plans of modex: {error}")))?;
        plans.into_iter().map(Self::checked).collect()
    }

    fn checked(self) -> Result<Self, Failure> {
        let what = match (self.version > PLAN_VERSION, self.refused.is_empty()) {
            (true, _) => format!("a plan of version {}; {PLAN_VERSION} is read here", self.version),
            (_, false) => String::from("a plan of a request that has no solution"),
            _ => return Ok(self),
        };
        Err(Failure::new(what))
    }
}
