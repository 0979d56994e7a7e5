//! A small YAML emitter for trees of texts, lists and maps.
//!
//! serde's emitter is not used: it knows no dates, numbers to the base of 60 or underscores in numbers (it writes
//! `2020-01-01` and `1:30` plain, which readers of YAML 1.1 take for other things than texts), and it leaves no choice of
//! style.

use super::scalar::{self, Style};

/// A key longer than this many bytes is written behind a `?`: YAML finds simple keys within 1,024 characters only, and
/// each byte may take four to write.
const MAX_SIMPLE_KEY: usize = 250;

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// A number or a truth value, as it is.
    Plain(String),
    /// A text, in the style that suits it.
    Text(String),
    /// A text, always in double quotes.
    Quoted(String),
    /// Texts in brackets on one line.
    Flow(Vec<String>),
    /// A list, one item a line.
    List(Vec<Node>),
    /// A map, one entry a line.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// Writes a whole tree; it ends with a line break.
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Node::Map(entries) if !entries.is_empty() => write_entries(out, entries, 0, true),
            other => {
                let start = out.len();
                other.write_value(out, 0, After::Key);
                // A value is set off from what is before it; here nothing is.
                if out[start..].starts_with([' ', '\n']) {
                    out.remove(start);
                }
            }
        }
    }

    /// Writes what follows a `KEY:`, a `-` or a `:` that stands at this indentation.
    fn write_value(&self, out: &mut String, indent: usize, after: After) {
        match self {
            Node::Plain(text) => write_line(out, text),
            Node::Quoted(text) => {
                out.push(' ');
                scalar::write_quoted(out, text);
                out.push('\n');
            }
            Node::Text(text) => write_text(out, text, indent),
            Node::Flow(items) => {
                out.push_str(" [");
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    scalar::write_on_line(out, item);
                }
                out.push_str("]\n");
            }
            Node::List(items) if items.is_empty() => write_line(out, "[]"),
            Node::Map(entries) if entries.is_empty() => write_line(out, "{}"),
            Node::List(items) => match after {
                // The dashes of a list stand below its key.
                After::Key => {
                    out.push('\n');
                    write_items(out, items, indent, true);
                }
                After::Sign => {
                    out.push(' ');
                    write_items(out, items, indent + 2, false);
                }
            },
            Node::Map(entries) => match after {
                After::Key => {
                    out.push('\n');
                    write_entries(out, entries, indent + 2, true);
                }
                After::Sign => {
                    out.push(' ');
                    write_entries(out, entries, indent + 2, false);
                }
            },
        }
    }
}

/// What a value stands behind.
#[derive(Clone, Copy)]
enum After {
    /// `KEY:`
    Key,
    /// `-`, or the `:` of a key behind a `?`: the value begins on the same line.
    Sign,
}

fn write_line(out: &mut String, text: &str) {
    out.push(' ');
    out.push_str(text);
    out.push('\n');
}

fn write_text(out: &mut String, text: &str, indent: usize) {
    match scalar::style(text) {
        Style::Plain => write_line(out, text),
        Style::Quoted => {
            out.push(' ');
            scalar::write_quoted(out, text);
            out.push('\n');
        }
        Style::Literal => {
            let body = text.strip_suffix('\n');
            write_line(out, if body.is_some() { "|" } else { "|-" });
            for line in body.unwrap_or(text).split('\n') {
                if !line.is_empty() {
                    push_indent(out, indent + 2);
                    out.push_str(line);
                }
                out.push('\n');
            }
        }
    }
}

/// Writes items; the first one is indented where it begins a line.
fn write_items(out: &mut String, items: &[Node], indent: usize, on_new_line: bool) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 || on_new_line {
            push_indent(out, indent);
        }
        out.push('-');
        item.write_value(out, indent, After::Sign);
    }
}

/// Writes entries; the first one is indented where it begins a line.
fn write_entries(out: &mut String, entries: &[(String, Node)], indent: usize, on_new_line: bool) {
    for (at, (key, value)) in entries.iter().enumerate() {
        if at > 0 || on_new_line {
            push_indent(out, indent);
        }
        if key.len() <= MAX_SIMPLE_KEY {
            scalar::write_on_line(out, key);
            out.push(':');
            value.write_value(out, indent, After::Key);
        } else {
            out.push_str("? ");
            scalar::write_quoted(out, key);
            out.push('\n');
            push_indent(out, indent);
            out.push(':');
            value.write_value(out, indent, After::Sign);
        }
    }
}

fn push_indent(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// The entries of a map in the making; what says nothing is left out.
#[derive(Default)]
pub(super) struct Entries(Vec<(String, Node)>);

impl Entries {
    /// Adds an entry.
    pub(super) fn put(&mut self, key: &str, value: Node) -> &mut Self {
        self.0.push((key.into(), value));
        self
    }

    /// Adds a text.
    pub(super) fn text(&mut self, key: &str, text: &str) -> &mut Self {
        self.put(key, Node::Text(text.into()))
    }

    /// Adds a text that is there.
    pub(super) fn maybe(&mut self, key: &str, text: &Option<String>) -> &mut Self {
        if let Some(text) = text {
            self.text(key, text);
        }
        self
    }

    /// Adds a text in double quotes.
    pub(super) fn quoted(&mut self, key: &str, text: &str) -> &mut Self {
        self.put(key, Node::Quoted(text.into()))
    }

    /// Adds what is true.
    pub(super) fn flag(&mut self, key: &str, flag: bool) -> &mut Self {
        if flag {
            self.put(key, Node::Plain("true".into()));
        }
        self
    }

    /// Adds a number that is not 0.
    pub(super) fn number<N: Default + PartialEq + ToString>(
        &mut self,
        key: &str,
        n: N,
    ) -> &mut Self {
        if n != N::default() {
            self.put(key, Node::Plain(n.to_string()));
        }
        self
    }

    /// Adds texts in brackets, where there are any.
    pub(super) fn flow(&mut self, key: &str, texts: &[String]) -> &mut Self {
        if !texts.is_empty() {
            self.put(key, Node::Flow(texts.to_vec()));
        }
        self
    }

    /// Adds texts, one a line, where there are any.
    pub(super) fn lines(&mut self, key: &str, texts: &[String]) -> &mut Self {
        if !texts.is_empty() {
            self.put(key, Node::List(texts.iter().cloned().map(Node::Text).collect()));
        }
        self
    }

    /// Adds a map that is not empty.
    pub(super) fn map(&mut self, key: &str, entries: Entries) -> &mut Self {
        if !entries.0.is_empty() {
            self.put(key, entries.into_node());
        }
        self
    }

    /// The map, maybe empty.
    pub(super) fn into_node(self) -> Node {
        Node::Map(self.0)
    }
}

impl<K: Into<String>> FromIterator<(K, Node)> for Entries {
    fn from_iter<I: IntoIterator<Item = (K, Node)>>(entries: I) -> Self {
        Entries(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout() {
        let text = |text: &str| Node::Text(text.into());
        let tree = Node::Map(vec![
            ("a".into(), Node::List(vec![text("x"), Node::List(vec![text("z"), text("1")])])),
            (
                "1.0".into(),
                Node::Map(vec![
                    (
                        "m".into(),
                        Node::List(vec![Node::Map(vec![
                            ("k".into(), text("l\nm")),
                            ("o".into(), text("p")),
                        ])]),
                    ),
                    ("e".into(), Node::Map(vec![])),
                    ("f".into(), Node::Flow(vec!["a,b".into(), "c".into()])),
                ]),
            ),
            ("k".repeat(300), Node::List(vec![Node::List(vec![]), text("x\n\ny\n")])),
        ]);
        let mut out = String::new();
        tree.write(&mut out);
        let long = "k".repeat(300);
        assert_eq!(
            out,
            format!(
                "a:\n- x\n- - z\n  - \"1\"\n\"1.0\":\n  m:\n  - k: |-\n      l\n      m\n    o: p\n  e: {{}}\n  \
                 f: [\"a,b\", c]\n? \"{long}\"\n: - []\n  - |\n    x\n\n    y\n"
            )
        );
    }
}
