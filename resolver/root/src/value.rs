//! What the values of dnf's configuration mean: booleans, numbers, lists, variables.

use std::collections::BTreeMap;

/// `1`, `yes`, `true`, `on` and their opposites, in any case; `None` for any other word.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "yes" | "true" | "on" => Some(true),
        "0" | "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// The decimal number that a text begins with, after blanks; what follows it does not matter.
pub(crate) fn number(text: &str) -> Option<i32> {
    let text = text.trim_ascii_start();
    let sign = usize::from(text.starts_with(['-', '+']));
    let digits = text[sign..].bytes().take_while(u8::is_ascii_digit).count();
    text[..sign + digits].parse().ok()
}

/// A list: words apart by commas, blanks or line feeds. Two commas in a row have an empty word between them.
pub(crate) fn list(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start_matches(' ');
    while !rest.is_empty() {
        let Some(end) = rest.find([' ', ',', '\n']) else {
            words.push(rest.to_owned());
            break;
        };
        words.push(rest[..end].to_owned());
        let mut ended_by = rest[end..].chars().next();
        rest = rest[end + 1..].trim_start_matches(' ');
        if ended_by == Some(' ')
            && let Some(after) = rest.strip_prefix(',')
        {
            ended_by = Some(',');
            rest = after.trim_start_matches(' ');
        }
        // A line feed after a comma or a blank separates nothing more.
        if matches!(ended_by, Some(' ' | ','))
            && let Some(after) = rest.strip_prefix('\n')
        {
            rest = after.trim_start_matches(' ');
        }
    }
    words
}

/// Adds to a list as the options do that gather: an empty value, or an empty first word, empties it.
pub(crate) fn gather(into: &mut Vec<String>, text: &str) {
    let words = list(text);
    if words.first().is_none_or(String::is_empty) {
        into.clear();
    }
    into.extend(words.into_iter().filter(|word| !word.is_empty()));
}

/// A text with `$NAME` and `${NAME}` replaced; variables that are not known stay as they are.
pub(crate) fn substitute(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        result.push_str(&rest[..dollar]);
        rest = &rest[dollar..];
        let braced = rest[1..].starts_with('{');
        let name = &rest[1 + usize::from(braced)..];
        let end =
            name.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(name.len());
        let (name, after) = name.split_at(end);
        let after = if braced { after.strip_prefix('}') } else { Some(after) };
        match after.zip(variables.get(name)) {
            Some((after, value)) => {
                result.push_str(value);
                rest = after;
            }
            None => {
                result.push('$');
                rest = &rest[1..];
            }
        }
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_and_numbers() {
        assert_eq!(
            [boolean("Yes"), boolean("oFF"), boolean(""), boolean("2")],
            [Some(true), Some(false), None, None]
        );
        assert_eq!(
            [number(" 10x"), number("-5"), number("x"), number("99999999999")],
            [Some(10), Some(-5), None, None]
        );
    }

    #[test]
    fn lists() {
        for (text, words) in [
            ("", &[][..]),
            ("  ", &[]),
            ("a", &["a"]),
            ("a, b", &["a", "b"]),
            ("a , b", &["a", "b"]),
            ("a,b c  d", &["a", "b", "c", "d"]),
            ("a\nb", &["a", "b"]),
            ("a,\nb", &["a", "b"]),
            ("a \n b", &["a", "b"]),
            ("a,,b", &["a", "", "b"]),
            (",a", &["", "a"]),
            ("a,", &["a"]),
            ("a\n\nb", &["a", "", "b"]),
        ] {
            assert_eq!(list(text), words, "{text:?}");
        }
        let mut gathered = vec!["x".to_owned()];
        gather(&mut gathered, "a b");
        assert_eq!(gathered, ["x", "a", "b"]);
        gather(&mut gathered, ",c");
        assert_eq!(gathered, ["c"]);
        gather(&mut gathered, "");
        assert!(gathered.is_empty());
    }

    #[test]
    fn variables() {
        let variables = [("a", "1"), ("b_2", "x$a")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        for (text, result) in [
            ("$a/$a$b_2", "1/1x$a"),
            ("${a}b ${a b} ${a", "1b ${a b} ${a"),
            ("$ab $ $", "$ab $ $"),
            ("é$a", "é1"),
        ] {
            assert_eq!(substitute(text, &variables), result);
        }
    }
}
