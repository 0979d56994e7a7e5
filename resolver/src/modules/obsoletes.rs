//! Streams that should no longer be used give way before anything else (`module_obsoletes`).

use super::request::ModuleRequest;
use super::trouble::{SpecError, Trouble};
use crate::streams::{DocumentRef, Streams};
use modex_formats::module::obsoletes::{ModuleName, Obsoletes, chosen};

/// Where an enabled stream is obsolete at a moment (`YYYYMMDDHHMM`, UTC), enables what follows it and forgets it, or
/// forgets it. One pass over the documents in libdnf's order; a disabled module follows nothing, and neither does one that
/// nobody has, of which a note is given.
pub(super) fn apply(
    streams: &Streams<'_, '_>,
    now: u64,
    request: &mut ModuleRequest,
) -> Vec<SpecError> {
    let mut notes = Vec::new();
    let now = moment(now);
    let modules: Vec<String> = request.states().0.keys().cloned().collect();
    let mut documents: Vec<DocumentRef> = Vec::new();
    let mut entries: Vec<Obsoletes> = Vec::new();
    for repo in streams.repos() {
        for module in &modules {
            // libdnf looks what is obsolete before it loads its own copies.
            let kept = |document: &DocumentRef| streams.is_fail_safe(*document);
            documents.extend(streams.of_module(repo, module).filter(|document| !kept(document)));
            stated(streams, repo, module, &mut entries);
        }
    }
    if entries.is_empty() {
        return notes;
    }
    documents.sort_by_cached_key(|document| streams.place(*document));
    for document in documents {
        let identity = streams.identity(document);
        if request.states().enabled(&identity.name) != Some(&identity.stream) {
            continue;
        }
        let (name, stream) = (&identity.name, &identity.stream);
        let Some(entry) = chosen(&entries, name, stream, &identity.context, &now) else { continue };
        match &entry.obsoleted_by {
            Some(ModuleName { module, stream }) => {
                let is_known =
                    || streams.repos().any(|repo| streams.of_module(repo, module).count() > 0);
                if request.states().is_disabled(module) {
                    continue;
                }
                // dnf ends here with an exception that nobody catches.
                if request.states().get(module).is_none() && !is_known() {
                    let by = format!("{module}:{stream}");
                    notes.push(SpecError::new(
                        &format!("{name}:{}", identity.stream),
                        Trouble::Follower { by },
                    ));
                    continue;
                }
                request.follow(module, stream);
                if module != name {
                    request.forget(name);
                }
            }
            None => request.forget(name),
        }
    }
    notes
}

/// What a repository says of a module.
fn stated(streams: &Streams<'_, '_>, repo: u32, module: &str, entries: &mut Vec<Obsoletes>) {
    let universe = streams.universe();
    let hot = &universe.repo(repo).hot;
    if hot.obsoletes.is_empty() {
        return;
    }
    let Some(name) = hot.names.find(module) else { return };
    let text = |id: u32| universe.sound(hot.names.get(id), "NAMS").to_owned();
    for row in hot.obsoletes.of_module(name).filter_map(|row| hot.obsoletes.get(row)) {
        let by = row.obsoleted_by;
        entries.push(Obsoletes {
            module: module.to_owned(),
            stream: text(row.stream),
            context: row.context.map(text),
            modified: moment(row.modified),
            reset: row.reset,
            eol_date: row.eol.map(moment),
            message: text(row.message),
            obsoleted_by: by
                .map(|(module, stream)| ModuleName { module: text(module), stream: text(stream) }),
        });
    }
}

/// `YYYYMMDDHHMM` as the text of documents, `YYYY-MM-DDTHH:MMZ`.
fn moment(digits: u64) -> String {
    let (date, time) = (digits / 10_000, digits % 10_000);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}Z",
        date / 10_000,
        date / 100 % 100,
        date % 100,
        time / 100,
        time % 100
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_texts_of_documents() {
        assert_eq!(moment(202002272359), "2020-02-27T23:59Z");
        assert_eq!(moment(101_010_000), "0001-01-01T00:00Z");
    }
}
