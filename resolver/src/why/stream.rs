//! Why a stream is active, or is not.

use super::scene::Scene;
use crate::explain;
use crate::streams::DocumentRef;
use modex_formats::index::section::modules::Sign;

impl Scene<'_> {
    /// How an active stream came to be so, without its name.
    pub(super) fn why_active(&self, document: DocumentRef) -> String {
        let identity = self.streams.identity(document);
        let (module, stream) = (&identity.name, identity.stream.as_str());
        let states = &self.world.system().modules;
        let how = if states.enabled(module) == Some(stream) {
            String::from("enabled")
        } else {
            let mut by = self.requirers(module, stream);
            let is_default = states.get(module).is_none()
                && self.streams.defaults().stream(module) == Some(stream);
            match (is_default, by.len()) {
                (true, _) => String::from("the default"),
                (false, 0) => String::from("active"),
                (false, _) => {
                    by.truncate(3);
                    format!("active because {} requires it", by.join(", "))
                }
            }
        };
        match self.streams.is_fail_safe(document) {
            true => format!("{how}, known of a fail-safe copy only: its repository is gone"),
            false => how,
        }
    }

    /// The active streams that require a module in this stream.
    fn requirers(&self, module: &str, stream: &str) -> Vec<String> {
        let requires = |document: &DocumentRef| {
            let hot = &self.universe.repo(document.repo).hot;
            hot.modules.requirements(document.document).any(|row| {
                let text = |id: u32| self.streams.text(*document, id);
                let meets = match (row.sign, row.stream) {
                    (Sign::Any, _) => true,
                    (Sign::Wanted, wanted) => wanted.is_some_and(|it| text(it) == stream),
                    (Sign::Unwanted, not) => not.is_some_and(|it| text(it) != stream),
                };
                text(row.module) == module && meets
            })
        };
        let found: Vec<DocumentRef> = self.active.documents().filter(requires).collect();
        self.streams_of(&found)
    }

    /// Why the stream of an inactive document is not active, as a sentence.
    pub(super) fn why_inactive(&self, document: DocumentRef) -> String {
        let identity = self.streams.identity(document);
        let (module, stream) = (&identity.name, identity.stream.as_str());
        let name = format!("{module}:{stream}");
        let states = &self.world.system().modules;
        let default = self.streams.defaults().stream(module);
        let mut active: Vec<DocumentRef> = self.documents(module);
        active.retain(|document| self.active.is_active(*document));
        let same = |document: &DocumentRef| self.streams.identity(*document).stream == stream;
        if states.is_disabled(module) {
            return format!("module {module} is disabled");
        }
        if let Some(other) = active.iter().find(|document| same(document)) {
            let context = self.streams.identity(*other).context;
            return format!(
                "{name} is active, but in another build of it (context {context}, this is {})",
                identity.context
            );
        }
        let is_enabled = states.enabled(module) == Some(stream);
        let is_default = states.get(module).is_none() && default == Some(stream);
        if is_enabled || is_default {
            let how = if is_enabled { "enabled" } else { "the default" };
            return match self.problem(module, stream) {
                Some(problem) => format!("{name} is {how}, but cannot be active: {problem}"),
                None => format!("{name} is {how}, but cannot be active"),
            };
        }
        match (states.enabled(module), active.first()) {
            (Some(other), _) => format!("{name} is not enabled, {module}:{other} is"),
            (None, Some(other)) => {
                let how = self.why_active(*other);
                format!("{name} is not enabled, {} is {how}", self.stream(*other))
            }
            (None, None) => match default {
                Some(default) => {
                    format!("{name} is not enabled, and the default is {module}:{default}")
                }
                None => format!("{name} is not enabled, and {module} has no default stream"),
            },
        }
    }

    /// The problem that keeps a stream from being active: the chain of requirements. The one that names it, else the first.
    fn problem(&self, module: &str, stream: &str) -> Option<String> {
        let platform = "no platform is known";
        let mut all = explain::problems(self.active);
        let name = format!("{module}:{stream}");
        let first = all.next();
        let named = first.iter().cloned().chain(all).find(|text| text.contains(&name));
        named.or(first).or_else(|| self.world.platform().is_none().then(|| platform.to_owned()))
    }
}
