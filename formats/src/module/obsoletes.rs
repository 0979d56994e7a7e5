//! A stream that should no longer be used, and what follows it.

use serde::{Deserialize, Serialize};

/// One obsoletes document. In one file, a later one of the same module, stream, context and time replaces an earlier
/// one.
///
/// Points in time are texts `YYYY-MM-DDTHH:MMZ`, so their bytewise order is their order in time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obsoletes {
    /// The module it speaks of.
    pub module: String,
    /// The stream it speaks of.
    pub stream: String,
    /// The only context it speaks of; `None` for all of them.
    pub context: Option<String>,
    /// When this was decided. The newest one that is in force counts; with equal times one that names a context beats
    /// one that does not.
    pub modified: String,
    /// Says that the stream is not obsolete after all. Then there is neither an `eol_date` nor an `obsoleted_by`.
    pub reset: bool,
    /// From when on it is in force; at once where `None`.
    pub eol_date: Option<String>,
    /// What to tell the user.
    pub message: String,
    /// The stream to go on with.
    pub obsoleted_by: Option<ModuleName>,
}

/// The entry that applies to a stream document, in whatever order the entries come; `None` where the stream is not
/// obsolete. `now` is a point in time like those of the entries; an empty `context` is that of a document without one.
///
/// Entries in force (no `eol_date`, or one that is reached) whose context is absent or equal are looked at. Of those the
/// newest is taken, of equally new ones one with a context, of two of the same identity the later. Entries not yet in
/// force hide nothing. Where a reset is taken, the stream is not obsolete.
///
/// This is libmodulemd 2.14's choice where streams are met before obsoletes, as in dnf. (Met the other way round, it
/// misses entries without a context.)
pub fn chosen<'a>(
    entries: impl IntoIterator<Item = &'a Obsoletes>,
    module: &str,
    stream: &str,
    context: &str,
    now: &str,
) -> Option<&'a Obsoletes> {
    let applies = |entry: &&Obsoletes| {
        entry.module == module
            && entry.stream == stream
            && entry.context.as_deref().is_none_or(|named| named == context)
            && entry.eol_date.as_deref().is_none_or(|eol| eol <= now)
    };
    let newest = entries
        .into_iter()
        .filter(applies)
        .max_by(|a, b| (&a.modified, a.context.is_some()).cmp(&(&b.modified, b.context.is_some())));
    newest.filter(|entry| !entry.reset)
}

/// A module and one of its streams.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ModuleName {
    /// Module name.
    pub module: String,
    /// Stream name.
    pub stream: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2024-06-15T12:00Z";

    fn entry(message: &str, modified: &str, context: Option<&str>, eol: Option<&str>) -> Obsoletes {
        Obsoletes {
            module: "m".into(),
            stream: "1".into(),
            context: context.map(String::from),
            modified: modified.into(),
            eol_date: eol.map(String::from),
            message: message.into(),
            ..Obsoletes::default()
        }
    }

    fn message(entries: &[Obsoletes], context: &str) -> String {
        let forwards = chosen(entries, "m", "1", context, NOW);
        assert_eq!(forwards, chosen(entries.iter().rev(), "m", "1", context, NOW));
        forwards.map(|entry| entry.message.clone()).unwrap_or_default()
    }

    #[test]
    fn the_newest_wins() {
        let entries = [
            entry("old", "2020-01-01T00:00Z", Some("c"), None),
            entry("new", "2021-01-01T00:00Z", None, None),
            entry("other", "2022-01-01T00:00Z", Some("d"), None),
        ];
        assert_eq!(
            (message(&entries, "c"), message(&entries, "d")),
            ("new".into(), "other".into())
        );
        assert_eq!(chosen(&entries, "m", "2", "c", NOW), None);
        assert_eq!(chosen(&entries, "n", "1", "c", NOW), None);
    }

    #[test]
    fn at_equal_times_one_with_a_context_wins() {
        let time = "2020-01-01T00:00Z";
        let entries = [entry("any", time, None, None), entry("c", time, Some("c"), None)];
        assert_eq!((message(&entries, "c"), message(&entries, "d")), ("c".into(), "any".into()));
    }

    #[test]
    fn what_is_not_yet_in_force_hides_nothing() {
        let entries = [
            entry("old", "2020-01-01T00:00Z", None, Some(NOW)),
            entry("later", "2021-01-01T00:00Z", None, Some("2024-06-15T12:01Z")),
        ];
        assert_eq!(message(&entries, "c"), "old", "in force from that minute on");
        assert_eq!(message(&entries[1..], "c"), "");
    }

    #[test]
    fn a_reset_that_wins_leaves_nothing() {
        let reset = |modified| Obsoletes { reset: true, ..entry("", modified, None, None) };
        let old = entry("old", "2020-01-01T00:00Z", None, None);
        assert_eq!(message(&[old.clone(), reset("2021-01-01T00:00Z")], "c"), "");
        assert_eq!(message(&[old, reset("2019-01-01T00:00Z")], "c"), "old");
    }
}
