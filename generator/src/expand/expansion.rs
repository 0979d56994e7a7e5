//! Expanding one document.

use super::combine::{Efforts, Root, Tried, combine};
use super::input::{Group, Input};
use super::known::Known;
use super::{Contexts, ExpandError, Options, Reason, list, write};
use crate::modulemd::Document;
use modex_formats::module::{ModuleStream, Nsvca, Stanza};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a document expands to.
#[derive(Debug)]
pub struct Expansion {
    pub(super) input: Input,
    /// The builds to make, in the order of their combinations.
    pub builds: Vec<Planned>,
    /// Every combination, in order.
    pub combinations: Vec<Combination>,
    /// What was taken for granted.
    pub notes: Vec<String>,
}

/// A build to make.
#[derive(Clone, Debug, Serialize)]
pub struct Planned {
    /// Name, stream, version and context; no architecture.
    pub nsvca: Nsvca,
    /// The dependencies of its document: one stanza, unless the build service is followed exactly.
    pub stanzas: Vec<Stanza>,
    /// The modules of its build root, by name.
    pub used: Vec<Used>,
    /// What its context is made from; `None` where the packager chose it.
    pub hashes: Option<Contexts>,
    /// Which of the input's groups it comes from.
    #[serde(skip)]
    group: usize,
}

/// A module of a build root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Used {
    /// Its name.
    pub name: String,
    /// Its stream.
    pub stream: String,
    /// Its version; 0 where that is not known.
    pub version: u64,
    /// Its context.
    pub context: String,
    /// The commit it was built from.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Where the build system keeps its packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub koji_tag: Option<String>,
    /// Whether it has no document and was taken for existing.
    pub assumed: bool,
}

/// One choice of one stream for each module that a stanza is built against.
#[derive(Clone, Debug, Serialize)]
pub struct Combination {
    /// Which stanza, from 1; of a static context the place of that context.
    pub stanza: usize,
    /// The context that the packager chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub static_context: Option<String>,
    /// Stream by module; none where the list of a module leaves none.
    pub streams: BTreeMap<String, String>,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What becomes of a combination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is built.
    Kept {
        /// Its place in [`Expansion::builds`].
        build: usize,
        /// The build's context.
        context: String,
        /// How many other choices there were among builds of the same streams; they make no build of their own.
        others: usize,
        /// The place of an earlier build with the same context; the build service takes this one for built already.
        #[serde(skip_serializing_if = "Option::is_none")]
        same_context: Option<usize>,
    },
    /// It is not built.
    Dropped {
        /// Why.
        reason: Reason,
    },
}

/// Expands a document against the builds that exist; those of several architectures count once. No build at all is
/// no error.
///
/// Time and memory are bounded by [`Options::limits`]; usual documents take milliseconds.
///
/// # Errors
/// Where the document is no input of a build system, what was asked for does not fit it, or a limit is exceeded; following
/// the build service exactly, wherever that fails.
///
/// # Example
/// ```
/// use modex_formats::module::{ModuleRequire, ModuleStream, Stanza};
/// use modex_generator::expand::{Options, expand};
/// use modex_generator::modulemd::Document;
///
/// let streams = ["f26", "f27"].map(String::from).to_vec();
/// let platform = vec![ModuleRequire { module: "platform".into(), streams }];
/// let stanza = Stanza { build_requires: platform.clone(), requires: platform };
/// let httpd = ModuleStream { dependencies: vec![stanza], ..ModuleStream::default() };
/// let expansion = expand(&Document::Stream(httpd.into()), &[], &Options::default())?;
/// assert_eq!(expansion.builds.len(), 2);
/// assert_eq!(expansion.document(0)?.dependencies[0].requires[0].streams, ["f26"]);
/// # Ok::<_, modex_generator::expand::ExpandError>(())
/// ```
pub fn expand(
    document: &Document,
    against: &[ModuleStream],
    options: &Options,
) -> Result<Expansion, ExpandError> {
    let mut work = Work::new(document, against, options)?;
    let mut expansion = Expansion {
        input: Input { groups: Vec::new(), ..work.input },
        builds: Vec::new(),
        combinations: Vec::new(),
        notes: std::mem::take(&mut work.known.notes),
    };
    let mut contexts: BTreeMap<String, usize> = BTreeMap::new();
    for (at, (group, expanded)) in work.groups.into_iter().enumerate() {
        let tried = combine(&expanded, &mut work.known, options, &mut work.efforts)?;
        for Tried { stanza, streams, outcome } in tried {
            let outcome = match outcome {
                Ok(root) => {
                    let planner = Planner { group: &group, at, known: &work.known, options };
                    let own = expansion.input.template.nsvca.clone();
                    let planned =
                        planner.plan(own, (stanza, &streams), &root, &mut work.efforts)?;
                    let context = planned.nsvca.context.clone();
                    let build = expansion.builds.len();
                    let first = *contexts.entry(context.clone()).or_insert(build);
                    expansion.builds.push(planned);
                    let same_context = (first != build).then_some(first);
                    Outcome::Kept { build, context, others: root.others, same_context }
                }
                Err(reason) => Outcome::Dropped { reason },
            };
            expansion.combinations.push(Combination {
                stanza: if group.context.is_some() { at + 1 } else { stanza + 1 },
                static_context: group.context.clone(),
                streams: streams.into_iter().collect(),
                outcome,
            });
        }
        expansion.input.groups.push(group);
    }
    Ok(expansion)
}

/// A document made ready, with what is known.
pub(super) struct Work {
    /// Its groups were taken out.
    pub(super) input: Input,
    /// Each with its stanzas expanded.
    pub(super) groups: Vec<(Group, Vec<Stanza>)>,
    pub(super) known: Known,
    pub(super) efforts: Efforts,
}

impl Work {
    pub(super) fn new(
        document: &Document,
        against: &[ModuleStream],
        options: &Options,
    ) -> Result<Work, ExpandError> {
        let mut input = Input::of(document, options)?;
        let mut efforts = Efforts::new(options);
        let groups = std::mem::take(&mut input.groups);
        // All groups' stanzas at once: an override is used where one of them names the module.
        let all: Vec<Stanza> =
            groups.iter().flat_map(|group| group.stanzas.iter().cloned()).collect();
        let mut all = list::overridden(&all, options)?;
        let known = Known::new(against, &all, options);
        list::realise(&mut all, &known, &options.base_modules);
        let mut rest = all.into_iter();
        let mut ready = Vec::with_capacity(groups.len());
        for mut group in groups {
            group.stanzas = rest.by_ref().take(group.stanzas.len()).collect();
            let mut expanded = group.stanzas.clone();
            for stanza in &mut expanded {
                for require in stanza.build_requires.iter_mut().chain(&mut stanza.requires) {
                    require.streams = list::expanded(require, &known, options)?;
                    efforts.steps.spend(1 + require.streams.len())?;
                }
            }
            ready.push((group, expanded));
        }
        Ok(Work { input, groups: ready, known, efforts })
    }
}

/// What the builds of a group are planned with.
struct Planner<'a> {
    group: &'a Group,
    /// The group's place.
    at: usize,
    known: &'a Known,
    options: &'a Options,
}

impl Planner<'_> {
    fn plan(
        &self,
        mut nsvca: Nsvca,
        (stanza, streams): (usize, &[(String, String)]),
        root: &Root,
        efforts: &mut Efforts,
    ) -> Result<Planned, ExpandError> {
        let own = write::stanza(&self.group.stanzas[stanza], streams);
        let stanzas = write::stanzas(self.group, stanza, own, self.options);
        let lists =
            stanzas.iter().flat_map(|stanza| stanza.requires.iter().chain(&stanza.build_requires));
        efforts.steps.spend(lists.map(|require| 1 + require.streams.len()).sum())?;
        let builds = root.builds.iter().map(|at| &self.known.builds[*at]);
        let mut used: Vec<Used> = builds.map(write::used).collect();
        used.sort_by(|a, b| a.name.cmp(&b.name));
        let hashes = match &self.group.context {
            Some(context) => {
                nsvca.context.clone_from(context);
                None
            }
            None => {
                let hashes = write::hashes(&used, &stanzas, self.options);
                nsvca.context.clone_from(&hashes.context);
                Some(hashes)
            }
        };
        nsvca.version = write::version(nsvca.version, &used, self.options);
        Ok(Planned { nsvca, stanzas, used, hashes, group: self.at })
    }
}

impl Expansion {
    /// The document of the build at this place. It costs a copy of the input.
    ///
    /// # Errors
    /// Where there is no build at this place, or the extra data of the input is not of the shape that the build service
    /// needs.
    pub fn document(&self, build: usize) -> Result<ModuleStream, ExpandError> {
        let planned = self.builds.get(build).ok_or(ExpandError::NoSuchBuild(build))?;
        let group = self.input.groups.get(planned.group).ok_or(ExpandError::NoSuchBuild(build))?;
        let mut document = self.input.template.clone();
        document.nsvca = planned.nsvca.clone();
        document.nsvca.arch.clone_from(&self.input.template.nsvca.arch);
        document.dependencies.clone_from(&planned.stanzas);
        document.static_context = group.context.is_some();
        if group.build_options.is_some() {
            document.build_options.clone_from(&group.build_options);
        }
        document.xmd = Some(write::xmd(&self.input, group, &planned.used)?);
        Ok(document)
    }

    /// The documents of all builds, one at a time: together they may be very large.
    pub fn documents(&self) -> impl Iterator<Item = Result<ModuleStream, ExpandError>> + '_ {
        (0..self.builds.len()).map(|build| self.document(build))
    }

    /// The combinations that are not built, with why.
    pub fn dropped(&self) -> impl Iterator<Item = (&Combination, &Reason)> {
        self.combinations.iter().filter_map(|combination| match &combination.outcome {
            Outcome::Dropped { reason } => Some((combination, reason)),
            Outcome::Kept { .. } => None,
        })
    }
}
