//! What there is to show of a file, as text and as JSON.

use crate::failure::Failure;
use crate::output::{Output, grouped};
use modex_formats::index::FormatError;
use serde_json::{Map, Value, json};

/// What a file is and holds.
pub(crate) struct View {
    kind: String,
    bytes: usize,
    facts: Vec<(&'static str, Value)>,
    pub(crate) sections: Vec<Section>,
    counts: Vec<(&'static str, u64)>,
    rows: Vec<(&'static str, Vec<Row>)>,
    /// What is damaged.
    pub(crate) problem: Option<String>,
}

/// A line of the table of contents.
pub(crate) struct Section {
    pub(crate) tag: String,
    pub(crate) required: bool,
    pub(crate) bytes: usize,
    pub(crate) holds: &'static str,
}

/// Something explained: fields with their values, the first one being its name.
pub(crate) type Row = Vec<(&'static str, Value)>;

impl View {
    pub(crate) fn new(kind: String, bytes: usize) -> Self {
        let (facts, sections, counts, rows) = Default::default();
        View { kind, bytes, facts, sections, counts, rows, problem: None }
    }

    /// Of a file of which nothing but that can be said.
    pub(crate) fn damaged(error: &FormatError, bytes: usize) -> Self {
        View { problem: Some(error.to_string()), ..View::new("unreadable".into(), bytes) }
    }

    pub(crate) fn fact(&mut self, name: &'static str, value: impl Into<Value>) {
        self.facts.push((name, value.into()));
    }

    pub(crate) fn count(&mut self, name: &'static str, count: usize) {
        self.counts.push((name, count as u64));
    }

    pub(crate) fn rows(&mut self, name: &'static str, rows: Vec<Row>) {
        self.rows.push((name, rows));
    }

    pub(crate) fn as_json(&self) -> Value {
        let mut all = Map::new();
        all.insert("kind".into(), json!(self.kind));
        all.insert("bytes".into(), json!(self.bytes));
        all.insert("whole".into(), json!(self.problem.is_none()));
        all.insert("problem".into(), json!(self.problem));
        all.extend(self.facts.iter().map(|(name, value)| (name.to_string(), value.clone())));
        if !self.sections.is_empty() {
            let section = |section: &Section| {
                let Section { tag, required, bytes, holds } = section;
                json!({ "tag": tag, "required": required, "bytes": bytes, "holds": holds })
            };
            all.insert("sections".into(), self.sections.iter().map(section).collect());
        }
        let counts = self.counts.iter().map(|(name, count)| (name.replace(' ', "_"), json!(count)));
        all.insert("counts".into(), Value::Object(counts.collect()));
        for (name, rows) in &self.rows {
            let row = |row: &Row| {
                let fields = row.iter().map(|(name, value)| (name.to_string(), value.clone()));
                Value::Object(fields.collect())
            };
            all.insert(name.to_string(), rows.iter().map(row).collect());
        }
        Value::Object(all)
    }

    pub(crate) fn print(&self, output: &mut Output) -> Result<(), Failure> {
        output.line(format_args!("{} file, {} bytes", self.kind, grouped(self.bytes as u64)))?;
        for (name, value) in &self.facts {
            output.line(format_args!("{name:<10}{}", words(value)))?;
        }
        match &self.problem {
            None => output.line("whole     yes")?,
            Some(problem) => output.line(format_args!("whole     no: {problem}"))?,
        }
        if !self.sections.is_empty() {
            output.line("\nsections")?;
        }
        for section in &self.sections {
            let optional = if section.required { "" } else { " (optional)" };
            output.line(format_args!(
                "  {}  {:>13}  {}{optional}",
                section.tag,
                grouped(section.bytes as u64),
                section.holds
            ))?;
        }
        if !self.counts.is_empty() {
            output.line("\nholds")?;
        }
        for (name, count) in &self.counts {
            output.line(format_args!("  {:>13}  {name}", grouped(*count)))?;
        }
        for (name, rows) in self.rows.iter().filter(|(_, rows)| !rows.is_empty()) {
            output.line(format_args!("\n{name}"))?;
            for row in rows {
                let mut fields = row.iter();
                if let Some((_, title)) = fields.next() {
                    output.line(format_args!("  {}", words(title)))?;
                }
                for (name, value) in fields.filter(|(_, value)| !is_empty(value)) {
                    output.line(format_args!("    {name}: {}", words(value)))?;
                }
            }
        }
        Ok(())
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// A value on one line.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
        Value::Number(number) => number.as_u64().map_or_else(|| number.to_string(), grouped),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name} {}", words(value)));
            fields.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}
