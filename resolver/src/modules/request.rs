//! What a command asks of modules: which streams it enables, disables or resets, and what that changes.
//!
//! The rules are dnf 4.14's (`module_base.py`) and libdnf's, see `module-resolution.md`, section 5.

use super::trouble::{SpecError, Trouble};
use crate::store::universe::PackageId;
use crate::streams::{ActiveStreams, DocumentRef, ModuleState, ModuleStates, Streams};
use modex_formats::index::section::modules::Sign;
use modex_formats::module::ModuleSpec;
use modex_formats::rpm::Evr;
use std::collections::{BTreeMap, BTreeSet};

/// One module that an argument means, with the one stream that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Matched {
    /// The argument as written.
    pub spec: String,
    /// Its profile.
    pub profile: Option<String>,
    /// Module name.
    pub module: String,
    /// Stream.
    pub stream: String,
    /// The documents of that stream that the argument means, in libdnf's order.
    pub documents: Vec<DocumentRef>,
}

/// What a command changes about modules; each list sorted by module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleChanges {
    /// Modules that were not enabled and are now, with the stream.
    pub enabled: Vec<(String, String)>,
    /// Modules whose enabled stream changes: from, to. Refused unless `module_stream_switch` is set.
    pub switched: Vec<(String, String, String)>,
    /// Modules that were not disabled and are now.
    pub disabled: Vec<String>,
    /// Modules that were enabled or disabled and are neither now.
    pub reset: Vec<String>,
    /// Profiles recorded anew: module, profile.
    pub profiles_added: Vec<(String, String)>,
    /// Profiles no longer recorded: module, profile.
    pub profiles_removed: Vec<(String, String)>,
}

/// The module side of one command.
#[derive(Clone, Debug)]
pub(crate) struct ModuleRequest {
    before: ModuleStates,
    now: ModuleStates,
    /// How often the command spoke of each module.
    counts: BTreeMap<String, u32>,
}

impl ModuleRequest {
    /// Starts from what was decided before.
    pub(crate) fn new(states: ModuleStates) -> Self {
        ModuleRequest { before: states.clone(), now: states, counts: BTreeMap::new() }
    }

    /// What is decided now.
    pub(crate) fn states(&self) -> &ModuleStates {
        &self.now
    }

    /// Enables the streams that arguments mean. Arguments that cannot be followed leave no trace in the first list, but
    /// may have enabled something: a command with errors must not go on.
    pub(crate) fn enable(
        &mut self,
        streams: &Streams<'_, '_>,
        specs: &[impl AsRef<str>],
    ) -> (Vec<Matched>, Vec<SpecError>) {
        let (mut matched, mut errors) = (Vec::<Matched>::new(), Vec::new());
        for spec in specs {
            let spec = spec.as_ref();
            if matched.iter().any(|known| known.spec == spec) {
                continue;
            }
            let Some((parsed, documents)) = find(streams, spec) else {
                errors.push(SpecError::new(spec, Trouble::NoMatch));
                continue;
            };
            match self.by_stream(streams, spec, &parsed, documents, true) {
                Ok(mut found) => matched.append(&mut found),
                Err(trouble) => errors.push(SpecError::new(spec, trouble)),
            }
        }
        (matched, errors)
    }

    /// The documents that an argument means by module, of each module those of one stream; which is enabled where asked.
    pub(super) fn by_stream(
        &mut self,
        streams: &Streams<'_, '_>,
        spec: &str,
        parsed: &ModuleSpec,
        documents: Vec<DocumentRef>,
        enable: bool,
    ) -> Result<Vec<Matched>, Trouble> {
        // By module in order of first document, by stream.
        let mut modules: Vec<(String, BTreeMap<String, Vec<DocumentRef>>)> = Vec::new();
        for document in documents {
            let identity = streams.identity(document);
            let at = match modules.iter().position(|(module, _)| *module == identity.name) {
                Some(at) => at,
                None => {
                    modules.push((identity.name, BTreeMap::new()));
                    modules.len() - 1
                }
            };
            modules[at].1.entry(identity.stream).or_default().push(document);
        }
        let mut matched = Vec::new();
        for (module, mut by_stream) in modules {
            let stream = self.choose(streams, &module, &by_stream)?;
            if enable {
                self.change_stream(&module, &stream)?;
            }
            matched.push(Matched {
                spec: spec.to_owned(),
                profile: parsed.profile.clone(),
                documents: by_stream.remove(&stream).unwrap_or_default(),
                module,
                stream,
            });
        }
        Ok(matched)
    }

    /// Which of the streams that an argument means: the only one, or the enabled one, or the default one.
    fn choose(
        &self,
        streams: &Streams<'_, '_>,
        module: &str,
        by_stream: &BTreeMap<String, Vec<DocumentRef>>,
    ) -> Result<String, Trouble> {
        if by_stream.len() == 1
            && let Some(only) = by_stream.keys().next()
        {
            return Ok(only.clone());
        }
        let default = streams.defaults().stream(module);
        let wanted = match self.now.get(module) {
            Some(ModuleState::Enabled { stream, .. }) => Some(stream.as_str()),
            Some(ModuleState::Disabled) => default,
            // A default stream without documents is none.
            None => default.filter(|stream| streams.has_stream(module, stream)),
        };
        match wanted {
            Some(stream) if by_stream.contains_key(stream) => Ok(stream.to_owned()),
            None if self.now.get(module).is_none() => {
                let mut streams: Vec<String> = by_stream.keys().cloned().collect();
                streams.sort_by(|a, b| Evr::parse(a).compare(&Evr::parse(b)));
                Err(Trouble::Ambiguous { module: module.to_owned(), streams })
            }
            _ => Err(Trouble::OtherStreams { module: module.to_owned() }),
        }
    }

    /// Enables a stream; a command may do so once for each module.
    fn change_stream(&mut self, module: &str, stream: &str) -> Result<(), Trouble> {
        let count = self.counts.entry(module.to_owned()).or_default();
        *count += 1;
        let current = self.now.enabled(module);
        if current == Some(stream) {
            return Ok(());
        }
        if *count > 1 && current != self.before.enabled(module) {
            return Err(Trouble::TwoStreams { module: module.to_owned() });
        }
        self.now.enable(module, stream);
        Ok(())
    }

    /// Enables a stream that follows an obsolete one: nothing that the command itself asked for.
    pub(super) fn follow(&mut self, module: &str, stream: &str) {
        if self.now.enabled(module) != Some(stream) {
            self.now.enable(module, stream);
        }
    }

    /// Forgets an obsolete stream: nothing that the command itself asked for.
    pub(super) fn forget(&mut self, module: &str) {
        self.now.0.remove(module);
    }

    /// Disables the modules that arguments mean; only their names count.
    pub(crate) fn disable(
        &mut self,
        streams: &Streams<'_, '_>,
        specs: &[impl AsRef<str>],
    ) -> Vec<SpecError> {
        self.each_module(streams, specs, |states, module| states.disable(module))
    }

    /// Forgets what was decided about the modules that arguments mean; only their names count.
    pub(crate) fn reset(
        &mut self,
        streams: &Streams<'_, '_>,
        specs: &[impl AsRef<str>],
    ) -> Vec<SpecError> {
        self.each_module(streams, specs, |states, module| {
            states.0.remove(&module);
        })
    }

    fn each_module(
        &mut self,
        streams: &Streams<'_, '_>,
        specs: &[impl AsRef<str>],
        change: impl Fn(&mut ModuleStates, String),
    ) -> Vec<SpecError> {
        let mut errors = Vec::new();
        for spec in specs {
            let spec = spec.as_ref();
            let Some((_, documents)) = find(streams, spec) else {
                errors.push(SpecError::new(spec, Trouble::NoMatch));
                continue;
            };
            let modules: BTreeSet<String> =
                documents.into_iter().map(|document| streams.identity(document).name).collect();
            modules.into_iter().for_each(|module| change(&mut self.now, module));
        }
        errors
    }

    /// Enables the active ones of some documents, and every active stream that they require, and so on.
    ///
    /// # Errors
    /// A required stream differs from the one that the command enables.
    pub(crate) fn enable_tree(
        &mut self,
        streams: &Streams<'_, '_>,
        active: &ActiveStreams,
        start: impl IntoIterator<Item = DocumentRef>,
    ) -> Result<(), Trouble> {
        let by_module = active_by_module(streams, active);
        let mut todo: Vec<DocumentRef> =
            start.into_iter().filter(|document| active.is_active(*document)).collect();
        let mut seen: BTreeSet<DocumentRef> = todo.iter().copied().collect();
        while let Some(document) = todo.pop() {
            let identity = streams.identity(document);
            self.change_stream(&identity.name, &identity.stream)?;
            for required in required_by(streams, document, &by_module) {
                if seen.insert(required) {
                    todo.push(required);
                }
            }
        }
        Ok(())
    }

    /// Enables the active streams of which something is installed, with what they require: dnf does so once the packages
    /// of a transaction are known.
    ///
    /// # Errors
    /// A required stream differs from the one that the command enables.
    pub(crate) fn enable_for(
        &mut self,
        streams: &Streams<'_, '_>,
        active: &ActiveStreams,
        packages: impl IntoIterator<Item = PackageId>,
    ) -> Result<(), Trouble> {
        let mut found = BTreeSet::new();
        for package in packages {
            streams.universe().visit_listing(package, |document| {
                if active.is_active(document) {
                    found.insert(document);
                }
            });
        }
        found.retain(|document| {
            let identity = streams.identity(*document);
            self.now.enabled(&identity.name) != Some(&identity.stream)
        });
        self.enable_tree(streams, active, found)
    }

    /// Records a profile as installed, if its stream is the enabled one.
    pub(crate) fn add_profile(&mut self, module: &str, stream: &str, profile: &str) {
        if let Some(ModuleState::Enabled { stream: enabled, profiles }) = self.now.0.get_mut(module)
            && enabled == stream
            && !profiles.iter().any(|known| known == profile)
        {
            profiles.push(profile.to_owned());
        }
    }

    /// Forgets that a profile was installed, if its stream is the enabled one.
    pub(super) fn remove_profile(&mut self, module: &str, stream: &str, profile: &str) {
        if let Some(ModuleState::Enabled { stream: enabled, profiles }) = self.now.0.get_mut(module)
            && enabled == stream
        {
            profiles.retain(|known| known != profile);
        }
    }

    /// The profiles of a module that were installed before and are not now, sorted.
    pub(super) fn removed_profiles(&self, module: &str) -> Vec<String> {
        let now = self.now.profiles(module);
        let before = self.before.profiles(module).iter();
        let mut gone: Vec<String> = before.filter(|it| !now.contains(it)).cloned().collect();
        gone.sort();
        gone
    }

    /// What differs from what was decided before.
    pub(crate) fn changes(&self) -> ModuleChanges {
        let mut changes = ModuleChanges::default();
        let modules: BTreeSet<&String> = self.before.0.keys().chain(self.now.0.keys()).collect();
        for module in modules {
            match (self.before.get(module), self.now.get(module)) {
                (
                    Some(ModuleState::Enabled { stream: from, .. }),
                    Some(ModuleState::Enabled { stream: to, .. }),
                ) => {
                    if from != to {
                        changes.switched.push((module.clone(), from.clone(), to.clone()));
                    }
                }
                (_, Some(ModuleState::Enabled { stream, .. })) => {
                    changes.enabled.push((module.clone(), stream.clone()));
                }
                (Some(ModuleState::Disabled), Some(ModuleState::Disabled)) => {}
                (_, Some(ModuleState::Disabled)) => changes.disabled.push(module.clone()),
                (Some(_), None) => changes.reset.push(module.clone()),
                (None, None) => {}
            }
            let (before, now) = (self.before.profiles(module), self.now.profiles(module));
            let beyond = |these: &[String], those: &[String]| -> Vec<(String, String)> {
                let new = these.iter().filter(|profile| !those.contains(profile));
                new.map(|profile| (module.clone(), profile.clone())).collect()
            };
            changes.profiles_added.append(&mut beyond(now, before));
            changes.profiles_removed.append(&mut beyond(before, now));
        }
        changes
    }
}

/// The documents that an argument means; `None` where there are none.
pub(super) fn find(
    streams: &Streams<'_, '_>,
    spec: &str,
) -> Option<(ModuleSpec, Vec<DocumentRef>)> {
    let parsed = ModuleSpec::parse(spec)?;
    let documents = streams.matching(&parsed);
    (!documents.is_empty()).then_some((parsed, documents))
}

/// The active documents of each module.
fn active_by_module(
    streams: &Streams<'_, '_>,
    active: &ActiveStreams,
) -> BTreeMap<String, Vec<DocumentRef>> {
    let mut found: BTreeMap<String, Vec<DocumentRef>> = BTreeMap::new();
    for group in active.groups() {
        if let Some(first) = group.first() {
            found.entry(streams.identity(*first).name).or_default().extend(group);
        }
    }
    found
}

/// The active documents that meet a requirement of a document.
fn required_by(
    streams: &Streams<'_, '_>,
    document: DocumentRef,
    active: &BTreeMap<String, Vec<DocumentRef>>,
) -> Vec<DocumentRef> {
    let hot = &streams.universe().repo(document.repo).hot;
    let rows: Vec<_> = hot.modules.requirements(document.document).collect();
    let mut found = Vec::new();
    for row in &rows {
        let Some(providers) = active.get(streams.text(document, row.module)) else { continue };
        // Unwanted streams alone mean any other stream.
        let wanted = match row.sign {
            Sign::Wanted => row.stream.map(|stream| streams.text(document, stream)),
            Sign::Any | Sign::Unwanted => None,
        };
        let meets = |other: &&DocumentRef| {
            wanted.is_none_or(|wanted| streams.identity(**other).stream == wanted)
        };
        found.extend(providers.iter().filter(meets));
    }
    found
}
