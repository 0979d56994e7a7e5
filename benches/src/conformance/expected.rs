//! What must come of a step, as the tables write it.

/// What must come of one step.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// The step, from 1.
    pub(crate) step: usize,
    pub(crate) checks: Vec<Check>,
}

/// One thing that must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// Exit status.
    Exit(u8),
    /// The transaction: these items, and no others where `exact`.
    Transaction { items: Vec<(String, String)>, exact: bool },
    /// Module states: module, stream (`-` none, `?` any), state, profiles.
    State(Vec<StateItem>),
    /// Rows of a listing: cells from the left, and no others where `exact`.
    List { rows: Vec<Vec<String>>, exact: bool },
    /// What a text says.
    Text(String),
}

/// The state of one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StateItem {
    pub(crate) module: String,
    pub(crate) stream: String,
    pub(crate) state: String,
    pub(crate) profiles: Vec<String>,
}

/// Reads a cell: `[1] rc=0 , tx={…} , state{…} && [2] …`. Behind `text:` everything up to the next check belongs to it.
pub(crate) fn parse(cell: &str) -> Result<Vec<Expected>, String> {
    let mut found: Vec<Expected> = Vec::new();
    let mut rest = cell.trim();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('[') {
            let (number, after) =
                after.split_once(']').ok_or_else(|| format!("no `]` behind `[` in `{rest}`"))?;
            let step = number.parse().map_err(|_| format!("`{number}` is no number of a step"))?;
            found.push(Expected { step, checks: Vec::new() });
            rest = after.trim_start();
            continue;
        }
        let Some(current) = found.last_mut() else {
            return Err(format!("`{rest}` does not start with the number of a step"));
        };
        let (word, after) = next(rest);
        current.checks.push(check(word)?);
        rest = after;
    }
    Ok(found)
}

/// The first check of a text, and what comes behind it and what separates them.
fn next(text: &str) -> (&str, &str) {
    let is_text = text.starts_with("text:");
    let mut at = 0;
    while let Some(found) = text[at..].find(" , ").into_iter().chain(text[at..].find(" && ")).min()
    {
        let start = at + found;
        let separator = if text[start..].starts_with(" , ") { 3 } else { 4 };
        let after = text[start + separator..].trim_start();
        let begins = match separator {
            3 => STARTS.iter().any(|start| after.starts_with(start)),
            _ => is_number(after),
        };
        if !is_text || begins {
            return (text[..start].trim(), after);
        }
        at = start + separator;
    }
    (text.trim(), "")
}

const STARTS: [&str; 8] = ["rc=", "tx=", "tx>=", "tx-empty", "state{", "list=", "list>=", "text:"];

fn is_number(text: &str) -> bool {
    let number = text.strip_prefix('[').and_then(|text| text.split_once(']'));
    number.is_some_and(|(number, _)| number.parse::<usize>().is_ok())
}

fn check(word: &str) -> Result<Check, String> {
    let word = word.trim_end_matches(',').trim();
    let inside = |start: &str| word.strip_prefix(start).and_then(|rest| rest.strip_suffix('}'));
    if let Some(code) = word.strip_prefix("rc=") {
        return Ok(Check::Exit(code.parse().map_err(|_| format!("`{word}` is no exit status"))?));
    }
    if word == "tx-empty" {
        return Ok(Check::Transaction { items: Vec::new(), exact: true });
    }
    for (start, exact) in [("tx={", true), ("tx>={", false)] {
        if let Some(items) = inside(start) {
            let items = split(items).map(|item| {
                let (action, what) = item.split_once(' ').unwrap_or((item, ""));
                (action.to_owned(), what.trim().to_owned())
            });
            return Ok(Check::Transaction { items: items.collect(), exact });
        }
    }
    for (start, exact) in [("list={", true), ("list>={", false)] {
        if let Some(rows) = inside(start) {
            let cells = |row: &str| row.split('|').map(|cell| cell.trim().to_owned()).collect();
            return Ok(Check::List { rows: split(rows).map(cells).collect(), exact });
        }
    }
    if let Some(items) = inside("state{") {
        return split(items).map(state).collect::<Result<_, _>>().map(Check::State);
    }
    match word.strip_prefix("text:") {
        Some(text) => Ok(Check::Text(text.trim().to_owned())),
        None => Err(format!("`{word}` is no check")),
    }
}

fn split(items: &str) -> impl Iterator<Item = &str> {
    items.split("; ").map(str::trim).filter(|item| !item.is_empty())
}

/// `module:stream=state[profile, profile]`.
fn state(item: &str) -> Result<StateItem, String> {
    let wrong = || format!("`{item}` is no module state");
    let (name, rest) = item.rsplit_once('=').ok_or_else(wrong)?;
    let (module, stream) = name.split_once(':').ok_or_else(wrong)?;
    let (state, profiles) =
        rest.strip_suffix(']').and_then(|rest| rest.split_once('[')).ok_or_else(wrong)?;
    let profiles = profiles.split(',').map(str::trim).filter(|profile| !profile.is_empty());
    Ok(StateItem {
        module: module.to_owned(),
        stream: stream.to_owned(),
        state: state.to_owned(),
        profiles: profiles.map(str::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell() {
        let cell = "[1] rc=0 , tx>={install a-0:1-1.x86_64; module-stream-switch m:1 -> 2} , \
                    state{m:1=enabled[a, b]; n:-=unset[]} && [3] rc=1 , text:stderr is «a , b && c» , tx-empty";
        let found = parse(cell).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].step, found[1].step), (1, 3));
        let items = vec![
            ("install".to_owned(), "a-0:1-1.x86_64".to_owned()),
            ("module-stream-switch".to_owned(), "m:1 -> 2".to_owned()),
        ];
        assert_eq!(found[0].checks[1], Check::Transaction { items, exact: false });
        let Check::State(states) = &found[0].checks[2] else { panic!("{found:?}") };
        assert_eq!(states[0].profiles, ["a", "b"]);
        assert_eq!((states[1].stream.as_str(), states[1].state.as_str()), ("-", "unset"));
        assert_eq!(found[1].checks[1], Check::Text("stderr is «a , b && c»".into()));
        assert_eq!(found[1].checks.len(), 3);
    }

    #[test]
    fn listings() {
        let found = parse("[1] list={r | m | 1 [d] | a, b; r | n | 2 | } && [2] list={}").unwrap();
        let Check::List { rows, exact: true } = &found[0].checks[0] else { panic!("{found:?}") };
        assert_eq!(rows[0], ["r", "m", "1 [d]", "a, b"]);
        assert_eq!(rows[1], ["r", "n", "2", ""]);
    }

    #[test]
    fn what_is_no_cell() {
        for wrong in ["rc=0", "[x] rc=0", "[1] rc=zero", "[1] nonsense", "[1] state{a}"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse("").unwrap(), []);
    }
}
