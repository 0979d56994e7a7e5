//! What the user decided about modules, as plain data.

use std::collections::BTreeMap;

/// The decision about one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModuleState {
    /// One of its streams is enabled.
    Enabled {
        /// The stream.
        stream: String,
        /// Profiles that were installed, in the order of installing.
        profiles: Vec<String>,
    },
    /// None of its streams may be used.
    Disabled,
}

/// The decisions about all modules, by name; about a module that is not in it nothing was decided, its default stream
/// applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleStates(pub BTreeMap<String, ModuleState>);

impl ModuleStates {
    /// The decision about a module.
    pub fn get(&self, module: &str) -> Option<&ModuleState> {
        self.0.get(module)
    }

    /// The enabled stream of a module.
    pub fn enabled(&self, module: &str) -> Option<&str> {
        match self.get(module) {
            Some(ModuleState::Enabled { stream, .. }) => Some(stream),
            _ => None,
        }
    }

    /// Whether a module is disabled.
    pub fn is_disabled(&self, module: &str) -> bool {
        matches!(self.get(module), Some(ModuleState::Disabled))
    }

    /// The installed profiles of a module.
    pub fn profiles(&self, module: &str) -> &[String] {
        match self.get(module) {
            Some(ModuleState::Enabled { profiles, .. }) => profiles,
            _ => &[],
        }
    }

    /// Enables a stream, without profiles.
    pub fn enable(&mut self, module: impl Into<String>, stream: impl Into<String>) {
        let state = ModuleState::Enabled { stream: stream.into(), profiles: Vec::new() };
        self.0.insert(module.into(), state);
    }

    /// Disables a module.
    pub fn disable(&mut self, module: impl Into<String>) {
        self.0.insert(module.into(), ModuleState::Disabled);
    }
}
