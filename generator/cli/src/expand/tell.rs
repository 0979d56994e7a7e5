//! What people read.

use crate::failure::Failure;
use crate::output::{Output, counted};
use modex_formats::module::{ModuleRequire, Stanza};
use modex_generator::expand::{
    Combination, Counts, Expansion, Finding, Outcome, Planned, StanzaCounts,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// `gtk:1 platform:f28: `
pub(super) fn streams(streams: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> =
        streams.iter().map(|(module, stream)| format!("{module}:{stream}")).collect();
    if pairs.is_empty() { String::new() } else { format!("{}: ", pairs.join(" ")) }
}

/// Every combination on a line of its own, by stanza.
pub(super) fn combinations(expansion: &Expansion, output: &mut Output) -> Result<(), Failure> {
    let mut last = None;
    for combination in &expansion.combinations {
        if last.replace(combination.stanza) != Some(combination.stanza) {
            output.line(title(combination.stanza, combination.static_context.as_deref()))?;
        }
        output.line(format_args!("  {}", line(expansion, combination)))?;
    }
    let (builds, all) = (expansion.builds.len() as u64, expansion.combinations.len() as u64);
    output.line(format_args!("{} of {}", counted(builds, "build"), counted(all, "combination")))
}

fn title(stanza: usize, context: Option<&str>) -> String {
    match context {
        Some(context) => format!("context {context}"),
        None => format!("stanza {stanza}"),
    }
}

fn line(expansion: &Expansion, combination: &Combination) -> String {
    let streams = streams(&combination.streams);
    match &combination.outcome {
        Outcome::Dropped { reason } => format!("not built  {streams}{reason}"),
        Outcome::Kept { build, context, others, same_context } => {
            let mut line = format!("built      {streams}context {context}");
            let more = more(&expansion.builds[*build], combination);
            if !more.is_empty() {
                line += &format!(", with {}", more.join(" "));
            }
            if *others > 0 {
                line += &format!(" ({} of builds)", counted(*others as u64, "other choice"));
            }
            if same_context.is_some() {
                line += ", the same as an earlier one";
            }
            line
        }
    }
}

/// What only the runtime requires of others brought in.
fn more(build: &Planned, combination: &Combination) -> Vec<String> {
    let asked = |name: &String| combination.streams.contains_key(name);
    let more = build.used.iter().filter(|used| !asked(&used.name));
    more.map(|used| format!("{}:{}", used.name, used.stream)).collect()
}

/// A finding on a line; of a split the stanzas to write, too.
pub(super) fn finding(finding: &Finding, output: &mut Output) -> Result<(), Failure> {
    output.line(finding)?;
    if let Finding::Split { parts, .. } = finding {
        for part in parts {
            output.line(format_args!("  # stream {}", part.stream))?;
            stanza(&part.stanza, output)?;
        }
    }
    Ok(())
}

fn stanza(stanza: &Stanza, output: &mut Output) -> Result<(), Failure> {
    output.line("  dependencies:")?;
    let sides = [("- buildrequires:", &stanza.build_requires), ("  requires:", &stanza.requires)];
    for (key, requires) in sides {
        output.line(format_args!("  {key}{}", if requires.is_empty() { " {}" } else { "" }))?;
        for ModuleRequire { module, streams } in requires {
            let streams: Vec<String> = streams.iter().map(|stream| scalar(stream)).collect();
            output.line(format_args!("      {}: [{}]", scalar(module), streams.join(", ")))?;
        }
    }
    Ok(())
}

/// A YAML scalar that is read as this text: quoted unless it is a plain word.
fn scalar(text: &str) -> String {
    let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.+".contains(c))
        && !words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if plain { text.into() } else { Value::from(text).to_string() }
}

/// The numbers by stanza, then all of them.
pub(super) fn counts(counts: &Counts, output: &mut Output) -> Result<(), Failure> {
    let builds = |builds: Option<u64>| match builds {
        Some(builds) => counted(builds, "build"),
        None => "too many to try".into(),
    };
    for StanzaCounts { stanza, static_context, combinations, builds: built } in &counts.stanzas {
        let title = title(*stanza, static_context.as_deref());
        let combinations = counted(*combinations, "combination");
        output.line(format_args!("{title}: {combinations}, {}", builds(*built)))?;
    }
    let all = counted(counts.combinations, "combination");
    output.line(format_args!("all: {all}, {}", builds(counts.builds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_stay_texts() {
        let words = ["f28", "5.30", "no", "-f26", "a b", "\"", "é", ""].map(scalar);
        assert_eq!(
            words,
            ["f28", "\"5.30\"", "\"no\"", "\"-f26\"", "\"a b\"", "\"\\\"\"", "\"é\"", "\"\""]
        );
    }
}
