//! Default streams and default profiles, and how those of several repositories become one.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One defaults document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defaults {
    /// The module it speaks of.
    pub module: String,
    /// The stream to use where the user names none; never `Some("")`.
    pub stream: Option<String>,
    /// When this was decided, any growing number; 0 where unset.
    pub modified: u64,
    /// For each stream (sorted) the profiles (sorted, each once) to install where the user names none. A stream with no
    /// profiles here differs from a stream that is not listed: it says "no default profile".
    pub profiles: Vec<(String, Vec<String>)>,
    /// Other choices for other uses. No client of today names an intent; they matter to the merge only.
    pub intents: Vec<(String, Intent)>,
}

/// Defaults for one intended use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// As in [`Defaults`].
    pub stream: Option<String>,
    /// As in [`Defaults`].
    pub profiles: Vec<(String, Vec<String>)>,
}

/// Two documents of one module, equally old, that cannot be reconciled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("module {module}: {what}")]
pub struct MergeConflict {
    /// The module.
    pub module: String,
    /// What they disagree about.
    pub what: String,
}

/// What one conflict costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// No module has any default stream or default profile: what dnf 4.14 does.
    #[default]
    NoDefaultsAtAll,
    /// Only the module in question has none.
    NoneForTheModule,
}

/// The outcome of [`merge`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// One entry a module, by name.
    pub defaults: Vec<Defaults>,
    /// What could not be reconciled, by module.
    pub conflicts: Vec<MergeConflict>,
}

/// Merges the defaults of repositories of equal priority (libmodulemd 2.14's rule, quirks included).
///
/// `repositories` come in load order, each with at most one document a module (inside one file a later document
/// replaces an earlier one of the same module). Documents of one module are folded from the left:
///
/// * A stream on one side only is taken. Of two different streams the one with the larger `modified` is taken; where
///   both are equally old there is no default stream, and a third document may then set one, however old it is.
/// * Profiles are united by stream. Different profiles of one stream: the larger `modified` wins; equally old is a
///   conflict. Intents likewise, and there a stream tie is a conflict too.
/// * The merged `modified` is the larger one.
pub fn merge<'a, R>(repositories: impl IntoIterator<Item = R>, on_conflict: OnConflict) -> Merged
where
    R: IntoIterator<Item = &'a Defaults>,
{
    merge_with(repositories, OnStreamTie::NoStream, on_conflict)
}

/// What two equally old documents with different default streams are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnStreamTie {
    /// No default stream: libmodulemd's lax mode, which dnf uses.
    #[default]
    NoStream,
    /// A conflict: libmodulemd's strict mode.
    Conflict,
}

/// [`merge`], with a choice of what a tie of default streams is.
pub fn merge_with<'a, R>(
    repositories: impl IntoIterator<Item = R>,
    on_tie: OnStreamTie,
    on_conflict: OnConflict,
) -> Merged
where
    R: IntoIterator<Item = &'a Defaults>,
{
    let mut modules: BTreeMap<&str, Result<Defaults, MergeConflict>> = BTreeMap::new();
    for document in repositories.into_iter().flatten() {
        match modules.get_mut(document.module.as_str()) {
            None => {
                modules.insert(&document.module, Ok(document.clone()));
            }
            Some(Err(_)) => {}
            Some(slot) => {
                if let Ok(into) = slot
                    && let Err(what) = fold(into, document, on_tie)
                {
                    *slot = Err(MergeConflict { module: document.module.clone(), what });
                }
            }
        }
    }
    let mut merged = Merged::default();
    for outcome in modules.into_values() {
        match outcome {
            Ok(defaults) => merged.defaults.push(defaults),
            Err(conflict) => merged.conflicts.push(conflict),
        }
    }
    if on_conflict == OnConflict::NoDefaultsAtAll && !merged.conflicts.is_empty() {
        merged.defaults.clear();
    }
    merged
}

/// Lays documents of a higher priority (dnf: `/etc/dnf/modules.defaults.d`) over merged ones: each replaces the
/// module's entry as a whole, whatever its `modified`. The result is sorted by module.
pub fn override_with(defaults: &mut Vec<Defaults>, higher: impl IntoIterator<Item = Defaults>) {
    for document in higher {
        match defaults.binary_search_by(|entry| entry.module.cmp(&document.module)) {
            Ok(at) => defaults[at] = document,
            Err(at) => defaults.insert(at, document),
        }
    }
}

/// Merges one document into another of the same module.
fn fold(into: &mut Defaults, from: &Defaults, on_tie: OnStreamTie) -> Result<(), String> {
    let age = from.modified.cmp(&into.modified);
    into.stream = match newer_stream(&into.stream, &from.stream, age) {
        Some(stream) => stream,
        // libmodulemd means to remember this as a conflict, but forgets.
        None if on_tie == OnStreamTie::NoStream => None,
        None => return Err("there are two default streams of equal age".into()),
    };
    fold_profiles(&mut into.profiles, &from.profiles, age)?;
    for (name, intent) in &from.intents {
        match into.intents.binary_search_by(|(known, _)| known.cmp(name)) {
            Err(at) => into.intents.insert(at, (name.clone(), intent.clone())),
            Ok(at) => {
                let known = &mut into.intents[at].1;
                known.stream = newer_stream(&known.stream, &intent.stream, age)
                    .ok_or_else(|| format!("intent {name} has two default streams of equal age"))?;
                fold_profiles(&mut known.profiles, &intent.profiles, age)?;
            }
        }
    }
    into.modified = into.modified.max(from.modified);
    Ok(())
}

/// The stream that wins, `None` on a tie.
fn newer_stream(
    into: &Option<String>,
    from: &Option<String>,
    age: std::cmp::Ordering,
) -> Option<Option<String>> {
    match (into, from) {
        (None, other) | (other, None) => Some(other.clone()),
        (a, b) if a == b => Some(a.clone()),
        (a, b) => match age {
            std::cmp::Ordering::Less => Some(a.clone()),
            std::cmp::Ordering::Greater => Some(b.clone()),
            std::cmp::Ordering::Equal => None,
        },
    }
}

fn fold_profiles(
    into: &mut Vec<(String, Vec<String>)>,
    from: &[(String, Vec<String>)],
    age: std::cmp::Ordering,
) -> Result<(), String> {
    for (stream, profiles) in from {
        match into.binary_search_by(|(known, _)| known.cmp(stream)) {
            Err(at) => into.insert(at, (stream.clone(), profiles.clone())),
            Ok(at) if into[at].1 == *profiles || age.is_lt() => {}
            Ok(at) if age.is_gt() => into[at].1.clone_from(profiles),
            Ok(_) => {
                return Err(format!(
                    "stream {stream} has two sets of default profiles of equal age"
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `STREAM(MODIFIED)`; an empty stream for none.
    fn document(stream: &str, modified: u64) -> Defaults {
        let stream = (!stream.is_empty()).then(|| stream.to_string());
        Defaults { module: "m".into(), stream, modified, ..Defaults::default() }
    }

    fn with_profiles(modified: u64, profiles: &[(&str, &[&str])]) -> Defaults {
        let list = |names: &[&str]| names.iter().map(|n| n.to_string()).collect();
        Defaults {
            profiles: profiles
                .iter()
                .map(|(stream, names)| (stream.to_string(), list(names)))
                .collect(),
            ..document("1", modified)
        }
    }

    fn fold_all(documents: &[Defaults]) -> Merged {
        merge(documents.iter().map(std::slice::from_ref), OnConflict::default())
    }

    /// The folds that were run with libmodulemd 2.14.
    #[test]
    fn worked_cases() {
        for (documents, stream, modified) in [
            (&[("1", 5), ("2", 5), ("3", 4)][..], "3", 5),
            (&[("3", 4), ("1", 5), ("2", 5)], "", 5),
            (&[("1", 5), ("3", 9), ("2", 5)], "3", 9),
            (&[("1", 0), ("2", 0), ("3", 0)], "3", 0),
            (&[("1", 5), ("2", 5), ("3", 9), ("4", 9)], "", 9),
            (&[("", 9), ("1", 2)], "1", 9),
            (&[("1", 2), ("", 9)], "1", 9),
            (&[("1", 7), ("1", 3)], "1", 7),
            (&[("1", 7), ("2", 3)], "1", 7),
        ] {
            let documents: Vec<_> = documents.iter().map(|(s, m)| document(s, *m)).collect();
            let merged = fold_all(&documents);
            assert_eq!(merged.conflicts, []);
            assert_eq!(merged.defaults[0].stream.as_deref().unwrap_or(""), stream, "{documents:?}");
            assert_eq!(merged.defaults[0].modified, modified, "{documents:?}");
        }
    }

    #[test]
    fn profiles_unite_and_the_newer_set_wins() {
        let merged = fold_all(&[
            with_profiles(1, &[("1", &["a"]), ("2", &[])]),
            with_profiles(2, &[("1", &["b"]), ("3", &["c"])]),
            with_profiles(1, &[("3", &["d"])]),
        ]);
        let want = with_profiles(2, &[("1", &["b"]), ("2", &[]), ("3", &["c"])]);
        assert_eq!(merged, Merged { defaults: vec![want], conflicts: vec![] });
    }

    #[test]
    fn a_tie_of_profiles_costs_every_module_its_defaults() {
        let other = Defaults { module: "other".into(), ..document("1", 1) };
        let first = [with_profiles(1, &[("1", &["a"])]), other.clone()];
        let second = [with_profiles(1, &[("1", &["b"])])];
        let merged = merge([&first[..], &second[..]], OnConflict::NoDefaultsAtAll);
        assert_eq!((merged.defaults.len(), merged.conflicts.len()), (0, 1));
        assert_eq!(merged.conflicts[0].module, "m");
        let merged = merge([&first[..], &second[..]], OnConflict::NoneForTheModule);
        assert_eq!((merged.defaults, merged.conflicts.len()), (vec![other], 1));
    }

    #[test]
    fn a_tie_of_streams_is_a_conflict_in_strict_mode() {
        let documents = [[document("1", 5)], [document("2", 5)], [document("3", 6)]];
        let strict = |documents: &[[Defaults; 1]]| {
            merge_with(documents, OnStreamTie::Conflict, OnConflict::NoneForTheModule)
        };
        let merged = strict(&documents);
        assert_eq!((merged.defaults.len(), merged.conflicts.len()), (0, 1));
        assert_eq!(strict(&documents[1..]).defaults, [document("3", 6)]);
    }

    #[test]
    fn a_tie_of_intent_streams_is_a_conflict() {
        let intent = |stream: &str| Defaults {
            intents: vec![(
                "server".into(),
                Intent { stream: Some(stream.into()), ..Intent::default() },
            )],
            ..document("1", 1)
        };
        assert_eq!(fold_all(&[intent("1"), intent("1")]).conflicts, []);
        assert_eq!(fold_all(&[intent("1"), intent("2")]).conflicts.len(), 1);
    }

    #[test]
    fn a_higher_priority_replaces_as_a_whole() {
        let mut defaults = vec![with_profiles(9, &[("1", &["a"])])];
        override_with(
            &mut defaults,
            [document("", 0), Defaults { module: "a".into(), ..document("2", 0) }],
        );
        assert_eq!(defaults.iter().map(|d| &d.module[..]).collect::<Vec<_>>(), ["a", "m"]);
        assert_eq!((defaults[1].stream.clone(), defaults[1].profiles.len()), (None, 0));
    }
}
