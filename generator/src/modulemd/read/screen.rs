//! What the decoder had better not see: YAML whose reading costs far more than its size, and aliases.

use crate::source::Limits;
use std::collections::HashSet;

/// Refuses what the decoder had better not see.
pub(super) fn within_limits<'t>(bytes: &'t [u8], limits: &Limits) -> Result<&'t str, String> {
    if bytes.len() > limits.yaml_document_bytes {
        return Err(format!("it is larger than the limit of {} bytes", limits.yaml_document_bytes));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text")?;
    let (mut signs, mut depth, mut deepest) = (0, 0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'-' | b',' | b':' | b'\n' => {}
            _ => continue,
        }
        signs += 1;
        deepest = deepest.max(depth);
    }
    if signs > limits.yaml_signs {
        return Err(format!("it has more YAML signs than the limit of {}", limits.yaml_signs));
    }
    if deepest > limits.yaml_flow_depth {
        return Err(format!(
            "it has brackets nested deeper than the limit of {}",
            limits.yaml_flow_depth
        ));
    }
    if has_aliases(text) {
        return Err("YAML aliases are not accepted".into());
    }
    Ok(text)
}

/// Whether some `&NAME` is taken up by a `*NAME`, both where a YAML node can begin. libmodulemd reads no aliases, and they
/// are what YAML bombs are made of. Prose that looks exactly like an anchor and its alias is refused as well: none is
/// known.
fn has_aliases(text: &str) -> bool {
    let anchors: HashSet<&str> = words(text, '&').collect();
    !anchors.is_empty() && words(text, '*').any(|word| anchors.contains(word))
}

/// The words behind a sign that stands where a node can begin.
fn words(text: &str, sign: char) -> impl Iterator<Item = &str> {
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
        (begins && ends && !word.is_empty()).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_told_from_prose() {
        for text in ["a: &x [1]\nb: *x", "[&x a,*x]", "{a: &x b, *x : c}", "- &x\n- *x\n", "&x *x"]
        {
            assert!(has_aliases(text), "{text}");
        }
        for text in ["R&D and C*D", "a: &x 1", "see *x", "*x* and &x;", "q&x a, *x", "&x a\n2*x"] {
            assert!(!has_aliases(text), "{text}");
        }
    }
}
