//! Contexts: hashes of what a build was built against and of what it needs to run.
//!
//! The texts that are hashed are those of Python's `json.dumps` with its defaults and sorted keys; the build service
//! hashes these very bytes (spec of the rule: Module Build Service, March 2020).

use crate::digest;
use modex_formats::module::Stanza;
use serde::Serialize;
use sha1::{Digest, Sha1};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The hashes of one build: 40 lower-case hexadecimal digits each, and the context, which is 8.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contexts {
    /// Over the stream of every module in the build root.
    pub build: String,
    /// The same without the base modules.
    pub build_no_base: String,
    /// Over the streams that the document requires.
    pub runtime: String,
    /// The first 8 digits of the hash over `BUILD:RUNTIME`.
    pub context: String,
}

/// The hashes of a build that was built against `used` (stream by module) and whose document has these stanzas.
/// Time: proportional to the texts.
pub fn contexts(
    used: &BTreeMap<&str, &str>,
    base_modules: &[String],
    stanzas: &[&Stanza],
) -> Contexts {
    let no_base = used.iter().filter(|(name, _)| !base_modules.iter().any(|base| base == *name));
    let build = sha1_hex(&streams_json(used.iter()));
    let build_no_base = sha1_hex(&streams_json(no_base));
    let runtime = sha1_hex(&requires_json(stanzas));
    let mut context = sha1_hex(&format!("{build}:{runtime}"));
    context.truncate(8);
    Contexts { build, build_no_base, runtime, context }
}

/// `{"gtk": "1", "platform": "f28"}`
pub fn streams_json<'a>(streams: impl Iterator<Item = (&'a &'a str, &'a &'a str)>) -> String {
    object(streams.map(|(name, stream)| (*name, text(stream))))
}

/// `{"gtk": ["1"], "platform": []}`: what all the stanzas require, the streams of one module united and sorted.
pub fn requires_json(stanzas: &[&Stanza]) -> String {
    let mut united: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for require in stanzas.iter().flat_map(|stanza| &stanza.requires) {
        let streams = united.entry(&require.module).or_default();
        streams.extend(require.streams.iter().map(String::as_str));
    }
    object(united.into_iter().map(|(name, streams)| {
        let streams: Vec<String> = streams.into_iter().map(text).collect();
        (name, format!("[{}]", streams.join(", ")))
    }))
}

/// UTF-8's bytewise order, in which the members come, is the order of code points, which Python sorts by.
fn object<'a>(members: impl Iterator<Item = (&'a str, String)>) -> String {
    let members: Vec<String> =
        members.map(|(name, value)| format!("{}: {value}", text(name))).collect();
    format!("{{{}}}", members.join(", "))
}

/// A JSON string in ASCII: other characters as `\uXXXX`, beyond the basic plane as two surrogates.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
    out
}

fn sha1_hex(text: &str) -> String {
    digest::hex(&Sha1::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_of_python() {
        for (plain, json) in [
            ("a/b", r#""a/b""#),
            ("é", r#""\u00e9""#),
            ("\u{1f600}\u{ffff}", r#""\ud83d\ude00\uffff""#),
            ("\"\\\n\r\t\u{8}\u{c}", r#""\"\\\n\r\t\b\f""#),
            ("\u{1}\u{1f}\u{7f}\u{80}", r#""\u0001\u001f\u007f\u0080""#),
        ] {
            assert_eq!(text(plain), json);
        }
    }
}
