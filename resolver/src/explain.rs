//! A refusal in words and as data.

use crate::modules::{SpecError, Trouble};
use crate::request::Request;
use crate::solve::Job;
use crate::solve::explain::{Exclusion, Fact, Refusal};
use crate::store::universe::{PackageId, Universe};
use crate::streams::{ActiveStreams, DocumentRef, Reason, Streams};
use crate::visible::{Hidden, Visible};
use modex_formats::plan::PlanFact;

/// What hides a package.
pub(crate) struct Hider {
    /// The streams, `MODULE:STREAM` separated by commas, where it is streams.
    streams: Option<String>,
    /// The same as a sentence without its subject's name.
    words: String,
}

/// Asks what hides a package; `None` where nothing does.
pub(crate) type HiddenBy<'f> = dyn Fn(PackageId) -> Option<Hider> + 'f;

/// The facts of a refusal, from what was asked to what cannot be.
pub(crate) fn facts(
    universe: &Universe<'_>,
    jobs: &[Job],
    refusal: &Refusal,
    hidden_by: &HiddenBy<'_>,
) -> Vec<PlanFact> {
    refusal.facts.iter().map(|fact| tell(universe, jobs, fact, hidden_by)).collect()
}

/// What hides a package.
pub(crate) fn hider(
    streams: &Streams<'_, '_>,
    visible: &Visible<'_, '_>,
    package: PackageId,
) -> Option<Hider> {
    let name = |document: &DocumentRef| {
        let identity = streams.identity(*document);
        format!("{}:{}", identity.name, identity.stream)
    };
    let list = |documents: &[DocumentRef]| {
        let mut names: Vec<String> = documents.iter().map(name).collect();
        names.sort();
        names.dedup();
        names.join(", ")
    };
    Some(match visible.why_hidden(package)? {
        Hidden::Inactive(documents) => {
            let list = list(&documents);
            let words = format!("it belongs to {list}, which is not enabled");
            Hider { streams: Some(list), words }
        }
        Hidden::Masked { name, by } => {
            let list = list(&by);
            let words = format!("{list} is active and ships `{name}`");
            Hider { streams: Some(list), words }
        }
        Hidden::Excluded => Hider { streams: None, words: String::from("it is excluded") },
    })
}

/// A fact that is about no package.
pub(crate) fn plain(kind: &'static str, text: String) -> PlanFact {
    PlanFact { kind, text, packages: Vec::new(), dependency: None, stream: None }
}

/// A word that means nothing, or only what is hidden.
pub(crate) fn no_match(
    universe: &Universe<'_>,
    word: &str,
    hidden: &[PackageId],
    hidden_by: &HiddenBy<'_>,
) -> PlanFact {
    let dependency = Some(word.to_owned());
    let Some((first, hider)) =
        hidden.iter().find_map(|package| Some((*package, hidden_by(*package)?)))
    else {
        return PlanFact { dependency, ..plain("no-match", format!("nothing matches `{word}`")) };
    };
    let more = match hidden.len() {
        1 => String::new(),
        count => format!(" ({} more)", count - 1),
    };
    let nevra = universe.nevra(first);
    let text = match hider.streams {
        Some(_) => format!(
            "all that matches `{word}` is hidden by modular filtering: {nevra}{more}: {}",
            hider.words
        ),
        None => format!("all that matches `{word}` is excluded: {nevra}{more}"),
    };
    PlanFact {
        dependency,
        stream: hider.streams,
        packages: hidden.iter().take(MOST).map(|package| universe.nevra(*package)).collect(),
        ..plain("no-match", text)
    }
}

/// A module argument that cannot be followed.
pub(crate) fn module(request: &Request, error: &SpecError) -> PlanFact {
    let spec = &error.spec;
    let text = match error.trouble {
        Trouble::NoMatch if request.may_be_group(spec) => format!(
            "no module is called `{spec}`; should it be a group: groups are not supported yet, packages and modules \
             (`@MODULE:STREAM/PROFILE`) are"
        ),
        _ => error.to_string(),
    };
    PlanFact { dependency: Some(spec.clone()), ..plain("module", text) }
}

/// The problems of module streams, a line each. That a stream was asked for is left out where something follows from it.
pub(crate) fn problems(active: &ActiveStreams) -> impl Iterator<Item = String> + '_ {
    active.problems.iter().map(|problem| {
        let is_asked = |reason: &&Reason| matches!(reason, Reason::Asked { .. });
        let asked = problem.iter().take_while(is_asked).count();
        let told = if asked < problem.len() { &problem[asked..] } else { &problem[..] };
        told.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    })
}

/// More packages than this are no help to anybody.
const MOST: usize = 32;

fn tell(universe: &Universe<'_>, jobs: &[Job], fact: &Fact, hidden_by: &HiddenBy<'_>) -> PlanFact {
    let nevra = |package: &PackageId| universe.nevra(*package);
    let words = |job: usize| jobs.get(job).map_or("", |job| job.words.as_str());
    // All are kept as data up to a number that no report needs; words name the first one and count the rest.
    let list = |packages: &[PackageId]| packages.iter().take(MOST).map(nevra).collect::<Vec<_>>();
    let first = |packages: &[PackageId]| match packages {
        [] => String::from("nothing"),
        [only] => nevra(only),
        [first, rest @ ..] => format!("{} ({} more)", nevra(first), rest.len()),
    };
    let plain = |kind, text, packages| PlanFact { packages, ..plain(kind, text) };
    match fact {
        Fact::Asked { job, candidates } => {
            let text = match candidates.as_slice() {
                [best, _, ..] => format!(
                    "`{}` means any of {} packages; the reason given is that of the best one, {}",
                    words(*job),
                    candidates.len(),
                    nevra(best)
                ),
                _ => format!("`{}` means {}", words(*job), first(candidates)),
            };
            plain("asked", text, list(candidates))
        }
        Fact::NotBest { job } => plain(
            "not-best",
            format!("`{}` must be installed in its best version", words(*job)),
            Vec::new(),
        ),
        Fact::NothingProvides { package, dep } => {
            let dependency = universe.words(*dep);
            let text = format!("nothing provides {dependency} needed by {}", nevra(package));
            PlanFact {
                dependency: Some(dependency),
                ..plain("nothing-provides", text, list(&[*package]))
            }
        }
        Fact::Requires { package, dep, providers } => {
            let dependency = universe.words(*dep);
            let text = format!(
                "{} requires {dependency}, provided by {}",
                nevra(package),
                first(providers)
            );
            let packages = std::iter::once(nevra(package)).chain(list(providers)).collect();
            PlanFact { dependency: Some(dependency), ..plain("requires", text, packages) }
        }
        Fact::Hidden(package) => {
            let hider = hidden_by(*package);
            let text = match &hider {
                Some(Hider { streams: Some(_), words }) => {
                    format!("{} is hidden by modular filtering: {words}", nevra(package))
                }
                _ => format!("{} is excluded", nevra(package)),
            };
            let stream = hider.and_then(|hider| hider.streams);
            PlanFact { stream, ..plain("hidden", text, list(&[*package])) }
        }
        Fact::Excludes { package, other, how } => {
            let packages = list(&[*package, *other]);
            let (kind, text, dependency) = match how {
                Exclusion::Conflicts(dep) => {
                    let dependency = universe.words(*dep);
                    let text = format!(
                        "{} conflicts with {dependency} provided by {}",
                        nevra(package),
                        nevra(other)
                    );
                    ("conflicts", text, Some(dependency))
                }
                Exclusion::Obsoletes(dep) => {
                    let dependency = universe.words(*dep);
                    let text = format!(
                        "{} obsoletes {dependency}, which is {}",
                        nevra(package),
                        nevra(other)
                    );
                    ("obsoletes", text, Some(dependency))
                }
                Exclusion::SameName => {
                    let text =
                        format!("cannot install both {} and {}", nevra(package), nevra(other));
                    ("same-name", text, None)
                }
            };
            PlanFact { dependency, ..plain(kind, text, packages) }
        }
        Fact::ConflictsRich { package, dep } => {
            let dependency = universe.words(*dep);
            let text = format!("{} conflicts with {dependency}", nevra(package));
            PlanFact { dependency: Some(dependency), ..plain("conflicts", text, list(&[*package])) }
        }
        Fact::InferiorArch(package) => {
            let text = format!(
                "{} needs the package of the same name and version for a better architecture",
                nevra(package)
            );
            plain("inferior-arch", text, list(&[*package]))
        }
        Fact::Omitted(count) => {
            plain("omitted", format!("{count} more steps of the same kind"), Vec::new())
        }
        Fact::MustGo { job, package } => plain(
            "asked",
            format!("`{}` removes {}", words(*job), nevra(package)),
            list(&[*package]),
        ),
        Fact::NotBestUpdate(package) => plain(
            "not-best",
            format!("installed {} must be updated to the best version there is", nevra(package)),
            list(&[*package]),
        ),
        Fact::Lost(package) => plain(
            "installed",
            format!("installed {} is in no repository", nevra(package)),
            list(&[*package]),
        ),
        Fact::Split { package, dep } => {
            let dependency = universe.words(*dep);
            let text = format!(
                "{} takes the place of {dependency} only together with others that obsolete it too",
                nevra(package)
            );
            PlanFact { dependency: Some(dependency), ..plain("obsoletes", text, list(&[*package])) }
        }
        Fact::Protected(packages) => plain(
            "protected",
            format!("protected packages would be removed: {}", list(packages).join(", ")),
            list(packages),
        ),
        Fact::Installed(package) => plain(
            "installed",
            format!("installed {} can neither stay nor be updated", nevra(package)),
            list(&[*package]),
        ),
    }
}
