//! What the decoder had better not see: YAML whose reading costs far more than its size, and aliases.

use crate::source::Limits;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::HashSet;

/// Refuses what the decoder had better not see.
pub(crate) fn within_limits<'t>(bytes: &'t [u8], limits: &Limits) -> Result<&'t str, String> {
    if bytes.len() > limits.yaml_document_bytes {
        return Err(format!("it is larger than the limit of {} bytes", limits.yaml_document_bytes));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 0, 0xfe, 0xff, ..] => {
            "it is UTF-16 or UTF-32 text, not UTF-8"
        }
        _ => "it is not UTF-8 text",
    })?;
    let (mut depth, mut deepest) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        deepest = deepest.max(depth);
    }
    if signs(bytes) > limits.yaml_signs {
        return Err(format!("it has more YAML signs than the limit of {}", limits.yaml_signs));
    }
    if deepest > limits.yaml_flow_depth {
        return Err(format!(
            "it has brackets nested deeper than the limit of {}",
            limits.yaml_flow_depth
        ));
    }
    if may_have_aliases(text) && has_aliases(text) {
        return Err("YAML aliases are not accepted".into());
    }
    Ok(text)
}

/// How many signs there are that can begin or end a node.
pub(super) fn signs(bytes: &[u8]) -> usize {
    let is_sign =
        |byte: &&u8| matches!(byte, b'[' | b']' | b'{' | b'}' | b'-' | b',' | b':' | b'\n' | b'\r');
    bytes.iter().filter(is_sign).count()
}

/// Whether an anchor of the text is taken up by an alias. libmodulemd reads no aliases, and they are what YAML bombs are
/// made of. Without their anchors aliases are errors, while prose that looks like both stays prose.
fn has_aliases(text: &str) -> bool {
    let mut without = text.to_owned();
    for (at, word) in words(text, '&') {
        let blank = " ".repeat(1 + word.len());
        without.replace_range(at..at + blank.len(), &blank);
    }
    let read = IgnoredAny::deserialize(serde_yaml::Deserializer::from_str(&without));
    read.is_err_and(|error| error.to_string().contains("unknown anchor"))
}

/// Whether some `&NAME` is followed up by a `*NAME`, both where a YAML node can begin.
fn may_have_aliases(text: &str) -> bool {
    let anchors: HashSet<&str> = words(text, '&').map(|(_, word)| word).collect();
    !anchors.is_empty() && words(text, '*').any(|(_, word)| anchors.contains(word))
}

/// The words behind a sign that stands where a node can begin, with the place of the sign.
fn words(text: &str, sign: char) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices(sign).filter_map(|(at, _)| {
        let begins = text[..at].chars().next_back().is_none_or(|before| {
            before.is_whitespace() || matches!(before, '[' | '{' | ',' | ':' | '-' | '?')
        });
        let rest = &text[at + 1..];
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'));
        let (word, after) = rest.split_at(length.unwrap_or(rest.len()));
        let ends = after.chars().next().is_none_or(|after| {
            after.is_whitespace() || after == '\u{feff}' || "?:,]}%@`".contains(after)
        });
        (begins && ends && !word.is_empty()).then_some((at, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_told_from_prose() {
        for text in ["a: &x [1]\nb: *x", "[&x a,*x]", "{a: &x b, *x : c}", "- &x\n- *x\n", "&x *x"]
        {
            assert!(may_have_aliases(text) && has_aliases(text), "{text}");
        }
        for text in ["R&D and C*D", "a: &x 1", "see *x", "*x* and &x;", "q&x a, *x", "&x a\n2*x"] {
            assert!(!may_have_aliases(text), "{text}");
        }
        for text in ["a: see &x and *x", "a: |\n  &x\n  *x y", "a: ' &x *x '"] {
            assert!(may_have_aliases(text) && !has_aliases(text), "{text}");
        }
    }
}
