//! Documents as YAML, in one order and one style.
//!
//! The order of documents, and of the keys in them, is that of libmodulemd 2.14's
//! `ModuleIndex.dump_to_string()`; sets and maps are sorted bytewise. The style is narrower: whatever some YAML reader
//! could take for something other than a text stands in double quotes, and no line is folded. What is written is read
//! back equal, by [`documents`](super::documents) and by libmodulemd.

mod other;
mod packager;
mod scalar;
mod stream;
mod tree;

use super::{Document, Modules};
use modex_formats::module::{Defaults, ModuleStream, Nsvca, Obsoletes, Translations};
use std::collections::BTreeMap;
pub(crate) use tree::Node;

/// One document, from its `---` line to its `...` line.
///
/// Each kind is written as what it is; what a kind has no key for (the identity of a packager document of version 2) is
/// left out. A [`ModuleStream`] is written as version 2.
///
/// # Example
/// ```
/// use modex_formats::module::Defaults;
/// use modex_generator::modulemd::{Document, to_yaml};
///
/// let defaults = Defaults { module: "perl".into(), stream: Some("5.30".into()), ..Defaults::default() };
/// assert_eq!(
///     to_yaml(&Document::Defaults(defaults)),
///     "---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: perl\n  stream: \"5.30\"\n...\n"
/// );
/// ```
pub fn to_yaml(document: &Document) -> String {
    let mut out = String::new();
    match document {
        Document::Stream(stream) => enclose(&mut out, "modulemd", 2, stream::data(stream)),
        Document::PackagerV2(stream) => {
            enclose(&mut out, "modulemd-packager", 2, stream::packager_data(stream));
        }
        Document::PackagerV3(packager) => {
            enclose(&mut out, "modulemd-packager", 3, packager::data(packager));
        }
        Document::Defaults(defaults) => write_defaults(&mut out, defaults),
        Document::Obsoletes(obsoletes) => write_obsoletes(&mut out, obsoletes),
        Document::Translations(translations) => write_translations(&mut out, translations),
    }
    out
}

/// A whole set, in the order of libmodulemd's dumps: modules by name; of each module its defaults, its obsoletes as
/// they come, its translations by stream, its streams by the text of their identity (`a:10:…` before `a:1:…`). Only
/// where parts of identities are missing the order is another one: those with fewer parts come first. Behind the others
/// they would be taken for one of them, and lost.
///
/// Nothing at all gives an empty text. Keys that the format does not know are not written.
pub fn write(modules: &Modules) -> String {
    let mut by_name: BTreeMap<&str, OfOneModule<'_>> = BTreeMap::new();
    for defaults in &modules.defaults {
        by_name.entry(&defaults.module).or_default().defaults.push(defaults);
    }
    for obsoletes in &modules.obsoletes {
        by_name.entry(&obsoletes.module).or_default().obsoletes.push(obsoletes);
    }
    for translations in &modules.translations {
        by_name.entry(&translations.module).or_default().translations.push(translations);
    }
    for stream in &modules.streams {
        by_name.entry(&stream.nsvca.name).or_default().streams.push(stream);
    }
    let mut out = String::new();
    for mut module in by_name.into_values() {
        module.translations.sort_by(|a, b| a.stream.cmp(&b.stream));
        module
            .streams
            .sort_by_cached_key(|stream| (parts(&stream.nsvca), stream.nsvca.to_string()));
        module.defaults.into_iter().for_each(|defaults| write_defaults(&mut out, defaults));
        module.obsoletes.into_iter().for_each(|obsoletes| write_obsoletes(&mut out, obsoletes));
        module.translations.into_iter().for_each(|one| write_translations(&mut out, one));
        for stream in module.streams {
            enclose(&mut out, "modulemd", 2, stream::data(stream));
        }
    }
    out
}

/// How many of version, context and architecture are there.
fn parts(nsvca: &Nsvca) -> usize {
    let parts = [nsvca.version != 0, !nsvca.context.is_empty(), !nsvca.arch.is_empty()];
    parts.into_iter().filter(|there| *there).count()
}

/// The documents of one module.
#[derive(Default)]
struct OfOneModule<'m> {
    defaults: Vec<&'m Defaults>,
    obsoletes: Vec<&'m Obsoletes>,
    translations: Vec<&'m Translations>,
    streams: Vec<&'m ModuleStream>,
}

fn write_defaults(out: &mut String, defaults: &Defaults) {
    enclose(out, "modulemd-defaults", 1, other::defaults(defaults));
}

fn write_obsoletes(out: &mut String, obsoletes: &Obsoletes) {
    enclose(out, "modulemd-obsoletes", 1, other::obsoletes(obsoletes));
}

fn write_translations(out: &mut String, translations: &Translations) {
    enclose(out, "modulemd-translations", 1, other::translations(translations));
}

fn enclose(out: &mut String, document: &str, version: u8, data: Node) {
    let root = Node::Map(vec![
        ("document".into(), Node::Text(document.into())),
        ("version".into(), Node::Plain(version.to_string())),
        ("data".into(), data),
    ]);
    out.push_str("---\n");
    root.write(out);
    out.push_str("...\n");
}

#[cfg(test)]
mod tests;
