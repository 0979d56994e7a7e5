//! Defaults, obsoletes and translations.

use super::tree::{Entries, Node};
use modex_formats::module::{Defaults, Obsoletes, Translations};

/// The `data` of a defaults document.
pub(super) fn defaults(defaults: &Defaults) -> Node {
    let mut data = Entries::default();
    if !defaults.module.is_empty() {
        data.text("module", &defaults.module);
    }
    data.number("modified", defaults.modified);
    if let Some(stream) = &defaults.stream {
        data.quoted("stream", stream);
    }
    data.map("profiles", by_stream(&defaults.profiles));
    let intents = defaults.intents.iter().map(|(name, intent)| {
        let mut entries = Entries::default();
        if let Some(stream) = &intent.stream {
            entries.quoted("stream", stream);
        }
        entries.map("profiles", by_stream(&intent.profiles));
        (name, entries.into_node())
    });
    data.map("intents", intents.collect());
    data.into_node()
}

/// Default profiles; a stream without any is listed too.
fn by_stream(profiles: &[(String, Vec<String>)]) -> Entries {
    profiles.iter().map(|(stream, names)| (stream, Node::Flow(names.clone()))).collect()
}

/// The `data` of an obsoletes document.
pub(super) fn obsoletes(obsoletes: &Obsoletes) -> Node {
    let mut data = Entries::default();
    data.text("modified", &obsoletes.modified)
        .flag("reset", obsoletes.reset)
        .text("module", &obsoletes.module)
        .quoted("stream", &obsoletes.stream)
        .maybe("context", &obsoletes.context)
        .maybe("eol_date", &obsoletes.eol_date)
        .text("message", &obsoletes.message);
    if let Some(by) = &obsoletes.obsoleted_by {
        let mut name = Entries::default();
        name.text("module", &by.module).quoted("stream", &by.stream);
        data.map("obsoleted_by", name);
    }
    data.into_node()
}

/// The `data` of a translations document.
pub(super) fn translations(translations: &Translations) -> Node {
    let locales = translations.locales.iter().map(|(locale, texts)| {
        let profiles = texts.profiles.iter().map(|(name, text)| (name, Node::Text(text.clone())));
        let mut entries = Entries::default();
        entries
            .maybe("summary", &texts.summary)
            .maybe("description", &texts.description)
            .map("profiles", profiles.collect());
        (locale, entries.into_node())
    });
    let mut data = Entries::default();
    data.text("module", &translations.module)
        .quoted("stream", &translations.stream)
        .number("modified", translations.modified)
        .map("translations", locales.collect());
    data.into_node()
}
