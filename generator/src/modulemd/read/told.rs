//! Texts of a document as they are told to somebody: short, and without anything that moves a cursor.

/// The most characters of a reason or a subject.
const MAX_TOLD: usize = 400;

/// The beginning of a text that may be long, with escapes in the place of control characters.
pub(crate) fn told(text: &str) -> String {
    let mut out = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == MAX_TOLD {
            out.push('…');
            break;
        }
        let turns = matches!(c, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || turns {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(told("a\u{1b}[2J\nb\u{202e}é"), "a\\u{1b}[2J\\u{a}b\\u{202e}é");
        let long = told(&"é".repeat(1000));
        assert_eq!((long.chars().count(), long.ends_with('…')), (401, true));
    }
}
