//! The ini dialect of dnf.conf, `.repo` and `.module` files, read as libdnf reads it and written back as libdnf writes it.
//!
//! | line | is |
//! |---|---|
//! | empty, or begins with `#` or `;` | a comment; it ends the value before it |
//! | `[NAME]`, also indented, then nothing or a comment | a section; one that comes again is continued |
//! | begins with a blank | more of the value before it, kept apart from it by a line feed |
//! | `KEY=VALUE`, blanks around `=` | a value; quotes around all of it are taken off; a key that comes again takes its new value |
//!
//! No crate reads this: comments within a section and the very spelling of lines must survive, because dnf rewrites a
//! module's file in place.

use std::fmt::Write;

/// A document: what stands before the first section, and the sections in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Document {
    header: String,
    sections: Vec<Section>,
}

/// A section with its lines in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) name: String,
    raw: Option<String>,
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    Comment(String),
    Value(Value),
}

/// A key's value, and the lines as they stood in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Value {
    key: String,
    value: String,
    raw: Option<String>,
}

/// A line that is none of the above.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub(crate) struct IniError {
    /// Line number from 1.
    pub(crate) line: usize,
    /// What is wrong.
    pub(crate) problem: &'static str,
}

const BLANKS: [char; 3] = [' ', '\t', '\r'];

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// The first line that libdnf does not take.
    pub(crate) fn parse(text: &str) -> Result<Self, IniError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut document = Document::default();
        let mut current: Option<usize> = None;
        let mut pending: Option<Value> = None;
        for (number, line) in text.split_terminator('\n').enumerate() {
            let fail = |problem| Err(IniError { line: number + 1, problem });
            let content = line.trim_matches(BLANKS);
            let is_indented = line.starts_with(BLANKS);
            if let Some(value) = &mut pending {
                // Blanks alone, and what is indented, belong to the value; a section never does.
                if !line.is_empty() && is_indented && !content.starts_with('[') {
                    value.value.push('\n');
                    value.value.push_str(content);
                    value.raw.get_or_insert_default().push_str(&terminated(line));
                    continue;
                }
                document.keep(current, pending.take());
            }
            if line.is_empty() || line.starts_with(['#', ';']) || content.is_empty() {
                document.comment(current, terminated(line));
            } else if let Some(rest) = content.strip_prefix('[') {
                let Some((name, after)) = rest.split_once(']') else {
                    return fail("a section's name lacks its `]`");
                };
                if name.is_empty() {
                    return fail("a section without a name");
                }
                let after = after.trim_start_matches(BLANKS);
                // libdnf looks at all but the last character of the line.
                if after.chars().count() > 1 && !after.starts_with(['#', ';']) {
                    return fail("text after a section's name");
                }
                current = Some(document.section(name, Some(terminated(line))));
            } else if current.is_none() {
                return fail("a line before the first `[section]`");
            } else if is_indented {
                return fail("an indented line that continues nothing");
            } else {
                let (key, value) = match content.split_once('=') {
                    Some(("", _)) => return fail("no key before `=`"),
                    Some(parts) => parts,
                    None => return fail("no `=`"),
                };
                pending = Some(Value {
                    key: key.trim_end_matches([' ', '\t']).to_owned(),
                    value: value.trim_start_matches([' ', '\t']).to_owned(),
                    raw: Some(terminated(line)),
                });
            }
        }
        document.keep(current, pending);
        Ok(document)
    }

    /// The sections, in the order of their first line.
    pub(crate) fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// A value; `None` where the section or the key is not there.
    pub(crate) fn get(&self, section: &str, key: &str) -> Option<&str> {
        self.sections.iter().find(|it| it.name == section)?.get(key)
    }

    /// Sets a value. A line that is there keeps its spelling up to the value; a new one is the last of its section.
    pub(crate) fn set(&mut self, section: &str, key: &str, value: &str) {
        let at = self.section(section, None);
        let Some(section) = self.sections.get_mut(at) else { return };
        match section.value_mut(key) {
            Some(there) => {
                there.raw = there.raw.as_deref().map(|raw| respelled(raw, value));
                there.value = value.to_owned();
            }
            None => section.lines.push(Line::Value(Value {
                key: key.to_owned(),
                value: value.to_owned(),
                raw: None,
            })),
        }
    }

    /// Takes a key out of a section.
    pub(crate) fn remove(&mut self, section: &str, key: &str) {
        if let Some(section) = self.sections.iter_mut().find(|it| it.name == section) {
            section.lines.retain(|line| !matches!(line, Line::Value(value) if value.key == key));
        }
    }

    /// The number of a section, which is made where it is not there.
    fn section(&mut self, name: &str, raw: Option<String>) -> usize {
        let found = self.sections.iter().position(|it| it.name == name);
        found.unwrap_or_else(|| {
            self.sections.push(Section { name: name.to_owned(), raw, lines: Vec::new() });
            self.sections.len() - 1
        })
    }

    fn comment(&mut self, current: Option<usize>, raw: String) {
        match current.and_then(|at| self.sections.get_mut(at)) {
            Some(section) => section.lines.push(Line::Comment(raw)),
            None => self.header.push_str(&raw),
        }
    }

    fn keep(&mut self, current: Option<usize>, value: Option<Value>) {
        let Some((mut value, section)) =
            value.zip(current.and_then(|at| self.sections.get_mut(at)))
        else {
            return;
        };
        value.value = unquoted(value.value.trim_end_matches('\n')).to_owned();
        match section.value_mut(&value.key) {
            Some(there) => *there = value,
            None => section.lines.push(Line::Value(value)),
        }
    }

    /// The text of a document.
    pub(crate) fn text(&self) -> String {
        let mut text = self.header.clone();
        for section in &self.sections {
            match &section.raw {
                Some(raw) => text.push_str(raw),
                None => {
                    let _ = writeln!(text, "[{}]", section.name);
                }
            }
            for line in &section.lines {
                match line {
                    Line::Comment(raw) | Line::Value(Value { raw: Some(raw), .. }) => {
                        text.push_str(raw);
                    }
                    Line::Value(Value { key, value, raw: None }) => {
                        let _ = writeln!(text, "{key}={}", value.replace('\n', "\n "));
                    }
                }
            }
        }
        text
    }
}

impl Section {
    /// Keys and values in order.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().filter_map(|line| match line {
            Line::Value(it) => Some((it.key.as_str(), it.value.as_str())),
            Line::Comment(_) => None,
        })
    }

    fn value_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.lines.iter_mut().find_map(|line| match line {
            Line::Value(it) if it.key == key => Some(it),
            _ => None,
        })
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.values().find(|(it, _)| *it == key).map(|(_, value)| value)
    }
}

fn terminated(line: &str) -> String {
    format!("{line}\n")
}

/// A line with another value: what stands up to the old one, the new one.
fn respelled(raw: &str, value: &str) -> String {
    let Some(equals) = raw.find('=') else { return format!("{value}\n") };
    let after = &raw[equals + 1..];
    let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
    format!("{}{value}\n", &raw[..equals + 1 + blanks])
}

/// Without the quotes around all of it.
fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Document {
        Document::parse(text).unwrap()
    }

    #[test]
    fn the_dialect() {
        let text = "\u{feff}# head\n\n [a] # x\nk = 1\n  2\n\t\n  3\n\nq='x y'\nq2=\"\nk2=\n[b]\nx=1\n[a]\nx= 2\r\nk = 9\n";
        let document = parse(text);
        let value = |section, key| document.get(section, key);
        assert_eq!(value("a", "k"), Some("9"));
        assert_eq!((value("a", "q"), value("a", "q2")), (Some("x y"), Some("\"")));
        assert_eq!(
            (value("a", "k2"), value("a", "x"), value("b", "x")),
            (Some(""), Some("2"), Some("1"))
        );
        assert_eq!(document.sections().len(), 2);
        assert_eq!(parse("[a]\nk = 1\n  2\n\t\n  3\n  \n").get("a", "k"), Some("1\n2\n\n3"));
    }

    #[test]
    fn what_is_refused_and_where() {
        for (text, line) in [
            ("x", 1),
            (" x=1", 1),
            ("\n\n[a", 3),
            ("[]", 1),
            ("[a] xx", 1),
            ("[a]\n x=1", 2),
            ("[a]\n=1", 2),
            ("[a]\n#\nfoo", 3),
            ("[a]\nx=1\n#\n 2", 4),
        ] {
            assert_eq!(Document::parse(text).unwrap_err().line, line, "{text:?}");
        }
        for text in ["", "\n", "#", "[a]", "[a]x", "[a]\nx=1\n [b]\n", " \t"] {
            assert!(Document::parse(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_changed_is_written_as_it_was() {
        let text = "# head\n[a]  ; c\n# in\nk  =  1\n  2\n\nl=\n";
        let mut document = parse(text);
        assert_eq!(document.text(), text);
        document.set("a", "k", "3");
        document.set("a", "l", "x");
        document.set("a", "new", "1\n2");
        assert_eq!(document.text(), "# head\n[a]  ; c\n# in\nk  =  3\n\nl=x\nnew=1\n 2\n");
        document.remove("a", "k");
        document.set("b", "k", "1");
        assert_eq!(document.text(), "# head\n[a]  ; c\n# in\n\nl=x\nnew=1\n 2\n[b]\nk=1\n");
        assert_eq!(parse("[a]\nx=1").text(), "[a]\nx=1\n");
    }
}
