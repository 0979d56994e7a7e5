//! A refusal in words and as data.

use crate::solve::Job;
use crate::solve::explain::{Exclusion, Fact, Refusal};
use crate::store::universe::{PackageId, Universe};
use modex_formats::plan::PlanFact;

/// What hides a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hider {
    /// The streams, `MODULE:STREAM` separated by commas, where it is streams.
    pub streams: Option<String>,
    /// The same as a sentence without its subject's name.
    pub words: String,
}

/// Asks what hides a package; `None` where nothing does.
pub type HiddenBy<'f> = dyn Fn(PackageId) -> Option<Hider> + 'f;

/// The facts of a refusal, from what was asked to what cannot be.
pub fn facts(
    universe: &Universe<'_>,
    jobs: &[Job],
    refusal: &Refusal,
    hidden_by: &HiddenBy<'_>,
) -> Vec<PlanFact> {
    refusal.facts.iter().map(|fact| tell(universe, jobs, fact, hidden_by)).collect()
}

fn tell(universe: &Universe<'_>, jobs: &[Job], fact: &Fact, hidden_by: &HiddenBy<'_>) -> PlanFact {
    let nevra = |package: &PackageId| universe.nevra(*package);
    let words = |job: usize| jobs.get(job).map_or("", |job| job.words.as_str());
    // All are kept as data up to a number that no report needs; words name the first one and count the rest.
    let list = |packages: &[PackageId]| packages.iter().take(32).map(nevra).collect::<Vec<_>>();
    let first = |packages: &[PackageId]| match packages {
        [] => String::from("nothing"),
        [only] => nevra(only),
        [first, rest @ ..] => format!("{} ({} more)", nevra(first), rest.len()),
    };
    let plain =
        |kind, text, packages| PlanFact { kind, text, packages, dependency: None, stream: None };
    match fact {
        Fact::Asked { job, candidates } => plain(
            "asked",
            format!("`{}` means {}", words(*job), first(candidates)),
            list(candidates),
        ),
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
            let by = hider.as_ref().map(|hider| format!(": {}", hider.words)).unwrap_or_default();
            let text = format!("{} is hidden by modular filtering{by}", nevra(package));
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
        Fact::Installed(package) => plain(
            "installed",
            format!("installed {} can neither stay nor be updated", nevra(package)),
            list(&[*package]),
        ),
    }
}
