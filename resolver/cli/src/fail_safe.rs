//! Copies of the module documents of enabled streams, as dnf keeps them against the loss of a repository.

use crate::error::Failure;
use crate::machine::copy;
use modex_formats::module::Nsvca;
use modex_generator::Repository;
use modex_generator::modulemd::{Document, to_yaml};
use modex_generator::source::{Limits, Report};
use modex_resolver::EnabledDocument;
use modex_resolver::streams::ModuleStates;
use modex_resolver::system::FailSafeCopy;
use modex_root::modules::failsafe::{NamedText, module_and_stream};
use std::collections::BTreeMap;
use std::path::Path;

/// The copies that there are to be after a transaction: those of the documents that are in force for enabled streams, and of
/// the ones there were those of streams that are still enabled. `folder` is where a repository lies, by its id.
pub(crate) fn keep<'d>(
    before: &[NamedText],
    modules: &ModuleStates,
    enabled: &[EnabledDocument],
    folder: impl Fn(&str) -> Option<&'d Path>,
) -> Result<Vec<NamedText>, Failure> {
    let mut kept: BTreeMap<String, String> = BTreeMap::new();
    for text in before {
        let is_enabled = module_and_stream(&text.name)
            .is_some_and(|(module, stream)| modules.enabled(module) == Some(stream));
        if is_enabled {
            kept.insert(text.name.clone(), text.text.clone());
        }
    }
    let mut by_repo: BTreeMap<&str, Vec<&Nsvca>> = BTreeMap::new();
    for document in enabled {
        by_repo.entry(&document.repo).or_default().push(&document.nsvca);
    }
    for (repo, wanted) in by_repo {
        let Some(dir) = folder(repo) else { continue };
        let limits = Limits::default();
        let mut report = Report::new(limits.problems);
        let repository = Repository::open(dir, &limits, &mut report)?;
        let modules = repository.read_modules(1, &limits, &mut report)?;
        for stream in modules.streams {
            if wanted.contains(&&stream.nsvca) {
                let Nsvca { name, stream: of, .. } = &stream.nsvca;
                let name = format!("{name}:{of}:{}.yaml", stream.nsvca.arch_or_noarch());
                kept.insert(name, to_yaml(&Document::Stream(Box::new(stream))));
            }
        }
    }
    Ok(kept.into_iter().map(|(name, text)| NamedText { name, text }).collect())
}

/// Copies as the resolver takes them.
pub(crate) fn copies(persistdir: &str, texts: &[NamedText]) -> Result<Vec<FailSafeCopy>, Failure> {
    let copies: Vec<Option<FailSafeCopy>> =
        texts.iter().map(|text| copy(persistdir, text)).collect::<Result<_, _>>()?;
    Ok(copies.into_iter().flatten().collect())
}
