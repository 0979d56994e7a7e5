//! What came against what must come.

use crate::expected::{Check, StateItem};
use crate::listing;
use crate::scene::{Came, Scene};
use serde_json::Value;
use std::collections::BTreeSet;

/// Everything that one step left to look at.
pub(crate) struct Left<'l> {
    pub(crate) came: &'l Came,
    /// The plan, where the step was a transaction.
    pub(crate) plan: Option<Value>,
    /// The rows of a listing, where it was one.
    pub(crate) rows: Option<Vec<Vec<String>>>,
    /// What was installed before.
    pub(crate) before: &'l [String],
    /// Whether texts are what the scenario is about.
    pub(crate) is_listing: bool,
}

/// Says what is wrong; nothing where all is well.
pub(crate) fn wrong(check: &Check, left: &Left<'_>, scene: &Scene<'_>) -> Option<String> {
    match check {
        Check::Exit(code) if left.came.exit == *code => None,
        Check::Exit(code) => Some(format!("exit {} instead of {code}", left.came.exit)),
        Check::Transaction { items, exact } => transaction(items, *exact, left, scene),
        Check::State(items) if items.is_empty() => {
            let decided = scene.decided();
            (!decided.is_empty()).then(|| format!("decided about {}", decided.join(", ")))
        }
        Check::State(items) => items.iter().find_map(|item| state(item, scene)),
        Check::List { rows, exact } => match &left.rows {
            Some(came) => listing::rows(rows, *exact, came),
            None if rows.is_empty() => None,
            None => Some(String::from("a listing was expected, and none was made")),
        },
        Check::Text(text) if left.is_listing => listing::text(text, left.came),
        Check::Text(_) => None,
    }
}

fn state(item: &StateItem, scene: &Scene<'_>) -> Option<String> {
    let (state, stream, profiles) = scene.module(&item.module);
    let shown = match state.as_str() {
        "" => "unset",
        state => state,
    };
    let state_fits = match item.state.as_str() {
        "unset" | "available" => state.is_empty(),
        wanted => state == wanted,
    };
    let stream_fits = match item.stream.as_str() {
        "?" => !stream.is_empty(),
        "-" => stream.is_empty(),
        wanted => stream == wanted,
    };
    let set = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
    let fits = state_fits && stream_fits && set(&profiles) == set(&item.profiles);
    let StateItem { module, .. } = item;
    (!fits).then(|| format!("{module}:{stream} is {shown}[{}]", profiles.join(", ")))
}

/// What a plan does, in the words of the tables.
fn actions(plan: &Value) -> BTreeSet<(String, String)> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let mut found = BTreeSet::new();
    for package in list(&plan["packages"]) {
        let reason = package["reason"].as_str().unwrap_or("");
        let action = match (package["action"].as_str().unwrap_or(""), reason) {
            ("install", "dependency") => "install-dep",
            ("install", "weak") => "install-weak",
            ("install", "profile") => "install-group",
            ("remove", "dependent") => "remove-dep",
            ("remove", "unused") => "remove-unused",
            (action, _) => action,
        };
        found.insert((action.to_owned(), text(&package["nevra"])));
    }
    let states = &plan["states"];
    for (key, action) in [
        ("enabled", "module-stream-enable"),
        ("disabled", "module-disable"),
        ("reset", "module-reset"),
        ("profiles_installed", "module-profile-install"),
        ("profiles_removed", "module-profile-disable"),
    ] {
        found.extend(list(&states[key]).iter().map(|it| (action.to_owned(), text(it))));
    }
    for switch in list(&states["switched"]) {
        let what = format!(
            "{}:{} -> {}",
            text(&switch["module"]),
            text(&switch["from"]),
            text(&switch["to"])
        );
        found.insert(("module-stream-switch".to_owned(), what));
    }
    found
}

fn transaction(
    items: &[(String, String)],
    exact: bool,
    left: &Left<'_>,
    scene: &Scene<'_>,
) -> Option<String> {
    let Some(plan) = &left.plan else {
        return (!items.is_empty()).then(|| String::from("there was no transaction"));
    };
    let mut came = actions(plan);
    let after = scene.installed();
    for (action, what) in items {
        let what = with_epoch(what);
        let fits = match action.as_str() {
            "unchanged" => left.before.contains(&what) && after.contains(&what),
            "present" => after.contains(&what),
            "absent" => !after.contains(&what),
            "obsoleted" | "replaced" => left.before.contains(&what) && !after.contains(&what),
            // A plan names one reason; the suite calls what goes with a removed package simply removed.
            "remove" => ["remove", "remove-dep"]
                .iter()
                .any(|it| came.remove(&((*it).to_owned(), what.clone()))),
            "upgrade" | "upgraded" | "downgrade" | "reinstall" | "install" => {
                came.remove(&(action.trim_end_matches('d').to_owned(), what.clone()))
            }
            _ => came.remove(&(action.clone(), what.clone())),
        };
        if !fits {
            return Some(format!("no `{action} {what}`; came: {}", shown(&actions(plan))));
        }
    }
    let is_more = exact && !came.is_empty();
    is_more.then(|| format!("more than expected: {}", shown(&came)))
}

fn shown(actions: &BTreeSet<(String, String)>) -> String {
    match actions.len() {
        0 => String::from("nothing"),
        _ => actions.iter().map(|(a, b)| format!("{a} {b}")).collect::<Vec<_>>().join("; "),
    }
}

/// A NEVRA with its epoch, as plans have it; anything else as it is.
fn with_epoch(what: &str) -> String {
    match modex_formats::rpm::Nevra::parse(what) {
        Some(nevra) if nevra.evr.release.is_some() && !what.contains('/') => nevra.to_string(),
        _ => what.to_owned(),
    }
}
