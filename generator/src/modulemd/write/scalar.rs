//! How one text is written: plain where every reader takes it for that text, else in double quotes or as a literal
//! block.

/// The styles of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is.
    Plain,
    /// In double quotes, with escapes, on one line.
    Quoted,
    /// Line by line behind a `|`.
    Literal,
}

/// The style of a value of its own.
pub(super) fn style(text: &str) -> Style {
    if is_plain(text) {
        Style::Plain
    } else if is_literal(text) {
        Style::Literal
    } else {
        Style::Quoted
    }
}

/// Writes a text that must stay on its line: a key, or an item within brackets.
pub(super) fn write_on_line(out: &mut String, text: &str) {
    if is_plain(text) && !text.contains([',', '[', ']', '{', '}']) {
        out.push_str(text);
    } else {
        write_quoted(out, text);
    }
}

/// Writes a text in double quotes. What is not printable in YAML is escaped; so is a `*` that would look like an alias to
/// readers that search for those.
pub(super) fn write_quoted(out: &mut String, text: &str) {
    use std::fmt::Write;
    out.push('"');
    let mut before = '"';
    for (at, c) in text.char_indices() {
        let code = u32::from(c);
        // Writing to a String does not fail.
        let _ = match c {
            '"' => out.write_str("\\\""),
            '\\' => out.write_str("\\\\"),
            '\n' => out.write_str("\\n"),
            '\t' => out.write_str("\\t"),
            '*' if begins_alias(before, &text[at + 1..]) => out.write_str("\\x2a"),
            _ if is_printable(c) => out.write_char(c),
            _ if code <= 0xff => write!(out, "\\x{code:02x}"),
            _ => write!(out, "\\u{code:04x}"),
        };
        before = c;
    }
    out.push('"');
}

/// Whether no reader of YAML 1.1 or 1.2 takes the text, written as it is in a value outside of brackets, for anything
/// but itself.
fn is_plain(text: &str) -> bool {
    let first = text.chars().next();
    let begins_well = first.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '('));
    begins_well
        && !text.ends_with([' ', ':'])
        && text.chars().all(|c| is_printable(c) && !is_odd_blank(c))
        && !text.contains(": ")
        && !text.contains(" #")
        && !has_alias(text)
        && !is_number_like(text)
        && !is_word_with_meaning(text)
}

/// Blanks that some readers cut off, and the tabulator.
fn is_odd_blank(c: char) -> bool {
    c != ' ' && c.is_whitespace()
}

/// Numbers (decimal, octal, hexadecimal, binary, with exponents, underscores, to the base of 60), dates and times, and
/// some more that consist of the same characters.
fn is_number_like(text: &str) -> bool {
    text.starts_with(|c: char| c.is_numeric())
        && text.chars().all(|c| {
            c.is_numeric()
                || c.is_ascii_hexdigit()
                || matches!(c, '_' | '.' | ':' | '+' | '-' | ' ' | 'x' | 'X' | 'o' | 'O')
                || matches!(c, 'T' | 't' | 'Z' | 'z')
        })
}

/// Words for truth values, for nothing and for what is no number.
fn is_word_with_meaning(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"];
    text.len() <= 8 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a literal block brings the text back byte for byte without an indentation indicator: several lines, at most
/// one line break at the end, nothing at the start of a line that could count as indentation.
fn is_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let line_is_fine = |line: &str| {
        let blank_only = !line.is_empty() && line.trim().is_empty();
        !blank_only && !line.starts_with(is_odd_blank)
    };
    text.contains('\n')
        && !body.is_empty()
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n')
        && text.chars().all(|c| is_printable(c) || matches!(c, '\n' | '\t'))
        && body.split('\n').all(line_is_fine)
        && !has_alias(text)
}

/// The printable characters of YAML without its other line breaks and without the byte order mark.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}'
        | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

/// Whether some `*` of the text would begin an alias if the text were a YAML document.
fn has_alias(text: &str) -> bool {
    text.match_indices('*').any(|(at, _)| {
        let before = text[..at].chars().next_back().unwrap_or(' ');
        begins_alias(before, &text[at + 1..])
    })
}

/// Whether a `*` between these is what readers that refuse aliases look for: where a node can begin, with a word behind
/// it.
fn begins_alias(before: char, after: &str) -> bool {
    let node = before.is_whitespace() || matches!(before, '[' | '{' | ',' | ':' | '-' | '?');
    node && after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_to_everybody_is_quoted() {
        for text in [
            "",
            " ",
            "1",
            "5.30",
            "1.10",
            "0x1F",
            "0o17",
            "017",
            "1e5",
            "7e96446",
            "1E+5",
            "1_000",
            "1:30",
            "190:20:30.15",
            "2020-01-01",
            "2001-12-14t21:59:43.10-05:00",
            "2020-05-01T00:00Z",
            "0b1010",
            "+1",
            "-1",
            ".5",
            "-.inf",
            ".inf",
            ".NaN",
            "nan",
            "true",
            "False",
            "YES",
            "no",
            "On",
            "off",
            "y",
            "N",
            "null",
            "Null",
            "~",
            "-",
            "?",
            ":",
            "- a",
            "-a",
            "=",
            "<<",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "'a",
            "\"a",
            "%a",
            "@a",
            "`a",
            "[a",
            "]",
            "{",
            "}",
            ",",
            " a",
            "a ",
            "a\t",
            "a\tb",
            "\u{feff}a",
            "a\u{85}b",
            "a\u{2028}",
            "a\u{2029}b",
            "a\u{7f}",
            "a\u{1}",
            "a\u{fffe}",
            "\u{a0}a",
            "...",
            "---",
            "see *x",
            "١٢",
        ] {
            assert_ne!(style(text), Style::Plain, "{text:?}");
        }
        for text in [
            "perl",
            "libmodulemd-0:2.15-1.el9.x86_64",
            "389-ds-base",
            "A summary, (short) & sweet; it's \"good\"",
            "http://a.b/?c#d",
            "été",
            "a*b",
            "yesterday",
            "a-b",
            "_x",
            "/usr/bin/x",
            "x=1",
            "f32",
            "C++",
            "日本",
        ] {
            assert_eq!(style(text), Style::Plain, "{text:?}");
        }
    }

    #[test]
    fn escapes() {
        let mut out = String::new();
        write_quoted(&mut out, "a\"\\\n\t\r\0\u{85}\u{2028}\u{feff}\u{1f600} *x * y");
        assert_eq!(out, "\"a\\\"\\\\\\n\\t\\x0d\\x00\\x85\\u2028\\ufeff\u{1f600} \\x2ax * y\"");
    }

    #[test]
    fn blocks_are_for_texts_that_survive_them() {
        for text in ["a\nb", "a\nb\n", "a\n\n  b", "a\n# b\n---\n...", "a\n\tb: c".trim_start()] {
            let want = if text.contains('\t') { Style::Quoted } else { Style::Literal };
            assert_eq!(style(text), want, "{text:?}");
        }
        for text in ["\n", "\na", " a\nb", "a\nb\n\n", "a\r\nb", "a\n \nb", "a\n\u{85}b", "a\n*x y"]
        {
            assert_eq!(style(text), Style::Quoted, "{text:?}");
        }
    }
}
