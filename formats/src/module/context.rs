//! The resolve context: what makes builds of one stream versions of one thing.

use super::{ModuleRequire, ModuleStream};

/// The runtime requires of a document, without `platform`, as the text that libdnf compares: one item for each module
/// of each stanza (`NAME` where any stream will do, else `NAME:[STREAM,STREAM]`), sorted bytewise, joined with `;`.
/// Empty where nothing but the platform is required.
pub fn requires_text(stream: &ModuleStream) -> String {
    let requires = stream.dependencies.iter().flat_map(|stanza| &stanza.requires);
    let mut items: Vec<String> =
        requires.filter(|require| require.module != "platform").map(item).collect();
    items.sort_unstable();
    items.join(";")
}

fn item(require: &ModuleRequire) -> String {
    if require.streams.is_empty() {
        return require.module.clone();
    }
    let mut streams: Vec<&str> = require.streams.iter().map(String::as_str).collect();
    streams.sort_unstable();
    format!("{}:[{}]", require.module, streams.join(","))
}

/// The resolve context of a document (spec of the rule: libdnf 0.69).
///
/// A document with a static context keeps that context. Another one takes the context of the first static document of
/// the same name and stream that requires the same, else the text of its requires, else `NoRequires`.
///
/// `others` are the documents that are loaded together with this one, in load order; those of other names or streams,
/// and the document itself, may be among them and are passed over.
pub fn resolve_context<'a>(
    stream: &ModuleStream,
    others: impl IntoIterator<Item = &'a ModuleStream>,
) -> String {
    if stream.static_context {
        return stream.nsvca.context.clone();
    }
    let text = requires_text(stream);
    let continued = others.into_iter().find(|other| {
        other.static_context
            && other.nsvca.name == stream.nsvca.name
            && other.nsvca.stream == stream.nsvca.stream
            && requires_text(other) == text
    });
    match continued {
        Some(other) => other.nsvca.context.clone(),
        None if text.is_empty() => "NoRequires".into(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::{Nsvca, Stanza};

    fn document(context: &str, is_static: bool, stanzas: &[&[(&str, &[&str])]]) -> ModuleStream {
        let require = |(module, streams): &(&str, &[&str])| ModuleRequire {
            module: module.to_string(),
            streams: streams.iter().map(|s| s.to_string()).collect(),
        };
        ModuleStream {
            nsvca: Nsvca {
                name: "m".into(),
                stream: "1".into(),
                context: context.into(),
                ..Nsvca::default()
            },
            static_context: is_static,
            dependencies: stanzas
                .iter()
                .map(|s| Stanza { requires: s.iter().map(require).collect(), ..Stanza::default() })
                .collect(),
            ..ModuleStream::default()
        }
    }

    #[test]
    fn dynamic_documents_are_named_after_their_requires() {
        let plain = document("c1", false, &[&[("platform", &["el8"])]]);
        assert_eq!(resolve_context(&plain, []), "NoRequires");
        let two = document(
            "c2",
            false,
            &[&[("platform", &["el8"]), ("perl", &["5.30", "5.26"]), ("any", &[])]],
        );
        assert_eq!(resolve_context(&two, []), "any;perl:[5.26,5.30]");
        let stanzas = document("c3", false, &[&[("b", &["1"])], &[("a", &[]), ("b", &["2"])]]);
        assert_eq!(resolve_context(&stanzas, []), "a;b:[1];b:[2]");
    }

    #[test]
    fn static_documents_keep_theirs_and_lend_it() {
        let fixed = document("stable", true, &[&[("lib", &["1"])]]);
        assert_eq!(resolve_context(&fixed, []), "stable");
        let same = document("0123abcd", false, &[&[("lib", &["1"]), ("platform", &["el8"])]]);
        assert_eq!(resolve_context(&same, [&same, &fixed]), "stable");
        let other = document("0123abcd", false, &[&[("lib", &["2"])]]);
        assert_eq!(resolve_context(&other, [&fixed]), "lib:[2]");
        let mut elsewhere = fixed.clone();
        elsewhere.nsvca.stream = "2".into();
        assert_eq!(resolve_context(&same, [&elsewhere]), "lib:[1]");
        let bare = document("bare", true, &[]);
        assert_eq!(resolve_context(&document("d", false, &[]), [&bare]), "bare");
    }
}
