//! Repositories into indexes.

use crate::digest::{source_digest, unhex};
use crate::lower::packages::{Packages, Stop};
use crate::lower::paths::{SortedPaths, is_primary};
use crate::lower::{self, texts::pack_all};
use crate::modulemd::Modules;
use crate::observer::{Observer, Step, Unobserved};
use crate::package_files::{PackageFiles, Search};
use crate::repository::{Document, Repository};
use crate::source::comps::Group;
use crate::source::{Limits, Problem, Report, Severity, filelists, primary};
use crate::workers::Workers;
use crate::{Error, lower::groups};
use modex_formats::index::section::builds::{ModuleBuild, TranslationsText};
use modex_formats::index::section::texts::{
    GroupText, ModuleText, PackageText, PathOwners, Record,
};
use modex_formats::index::{
    BuildError, FileBuilder, FormatError, HotBuilder, Kind, SourceDigest, TextId, WarmTables,
};
use modex_formats::rpm::arch;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

/// What to make of repositories, and how.
pub struct Options<'o> {
    /// The architectures to index for. None: those that the packages have, without the ones that another one covers.
    pub arches: Vec<String>,
    /// How many threads work at a time.
    pub jobs: usize,
    /// What documents may cost.
    pub limits: Limits,
    /// Paths that other repositories ask for, whose owners the indexes shall know.
    pub asked: BTreeSet<String>,
    /// Whether to look into package files for what primary.xml does not say.
    pub package_files: PackageFiles,
    /// Sees the progress, and may stop it.
    pub observer: &'o dyn Observer,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            arches: Vec::new(),
            jobs: 1,
            limits: Limits::default(),
            asked: BTreeSet::new(),
            package_files: PackageFiles::default(),
            observer: &Unobserved,
        }
    }
}

/// The index of one repository for one architecture.
#[derive(Clone, Debug)]
pub struct Index {
    /// The architecture.
    pub arch: String,
    /// What it was made from.
    pub source: SourceDigest,
    /// The documents it was made from.
    pub documents: Vec<Document>,
    /// The hot file.
    pub hot: Vec<u8>,
    /// The warm file.
    pub warm: Vec<u8>,
    /// The cold file.
    pub cold: Vec<u8>,
    /// Packages in it.
    pub packages: u64,
    /// Module stream documents in it.
    pub modules: u64,
    /// Packages left out because their architecture does not fit.
    pub foreign: u64,
    /// Packages in it whose file carries a modularity label and that no document lists, as far as files were read.
    pub orphans: u64,
    /// What was dropped or doubted while the documents became an index.
    pub report: Report,
}

/// Makes the indexes of repositories and gives each to `sink`, with the number of its repository.
///
/// The repositories are used together: a path that a package of any of them asks for is looked up in all of them, so that a
/// client who uses these repositories needs no file lists. `reports` gets what the readers of the documents dropped or
/// doubted, one report a repository.
///
/// The outcome depends on the documents, the architectures, the asked paths and the package files that are read, not on
/// folders, threads or time. Memory is bounded by the indexes of one architecture (all repositories), not by the documents.
///
/// # Errors
/// Where a document cannot be used, something exceeds the format, an architecture cannot be one, the observer says stop,
/// or `sink` fails.
pub fn compile(
    repositories: &[Repository],
    options: &Options<'_>,
    reports: &mut [Report],
    mut sink: impl FnMut(usize, Index) -> Result<(), Error>,
) -> Result<(), Error> {
    let workers = &Workers::new(options.jobs)?;
    let mut arches = asked_arches(options)?;
    let given = !arches.is_empty();
    if !given {
        arches = guess_arches(repositories, options)?;
    }
    let first = arches[0].clone();
    let mut documents = Vec::new();
    for (repository, report) in repositories.iter().zip(&mut *reports) {
        documents.push(Words {
            modules: repository.read_modules(options.jobs, &options.limits, report)?,
            groups: repository.read_groups(&options.limits, report)?,
        });
    }
    let read = |arch, reports: Option<&mut [Report]>| {
        let task = Task { arch, workers, options };
        task.read_all(repositories, reports)
    };
    let mut round = Some(read(&first, Some(&mut *reports))?);
    if !given {
        let found = round.iter().flatten().flat_map(|lowered| &lowered.packages.arches);
        let mut leading: Vec<String> =
            arch::leading(found.map(String::as_str)).into_iter().map(String::from).collect();
        match leading.iter().position(|arch| *arch == first) {
            // What was read first is used first.
            Some(at) => leading.swap(0, at),
            None => round = None,
        }
        arches = leading;
    }
    for (number, arch) in arches.iter().enumerate() {
        let lowered = match round.take() {
            Some(lowered) => lowered,
            None => read(arch, None)?,
        };
        let task = Task { arch, workers, options };
        let reports = (number == 0).then_some(&mut *reports);
        task.finish_all(repositories, &documents, lowered, reports, &mut sink)?;
    }
    Ok(())
}

fn asked_arches(options: &Options<'_>) -> Result<Vec<String>, Error> {
    let mut arches: Vec<String> = Vec::new();
    for arch in &options.arches {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if arch.is_empty()
            || arch.len() > 32
            || !arch.bytes().all(word)
            || ["noarch", "src", "nosrc"].contains(&&arch[..])
        {
            return Err(Error::Architecture(arch.clone()));
        }
        if !arches.contains(arch) {
            arches.push(arch.clone());
        }
    }
    Ok(arches)
}

/// What the first packages say. Only the time it takes depends on whether it is right.
fn guess_arches(repositories: &[Repository], options: &Options<'_>) -> Result<Vec<String>, Error> {
    let mut found = BTreeSet::new();
    for repository in repositories {
        found.extend(repository.first_arches(&options.limits)?);
    }
    Ok(arch::leading(found.iter().map(String::as_str)).into_iter().map(String::from).collect())
}

/// The documents that are the same for every architecture.
struct Words {
    modules: Modules,
    groups: Vec<Group>,
}

/// A repository whose packages were read.
struct Lowered<'w> {
    packages: Packages<'w>,
    report: Report,
}

/// Indexes for one architecture.
struct Task<'t> {
    arch: &'t str,
    workers: &'t Workers,
    options: &'t Options<'t>,
}

impl<'t> Task<'t> {
    fn step(&self, step: Step<'_>) -> Result<(), Error> {
        match self.options.observer.step(step).is_break() {
            true => Err(Error::Interrupted),
            false => Ok(()),
        }
    }

    fn report(&self) -> Report {
        Report::new(self.options.limits.problems)
    }

    /// Reads the packages of all repositories. Where nobody wants the reports of the readers, they were given before.
    fn read_all(
        &self,
        repositories: &[Repository],
        mut reports: Option<&mut [Report]>,
    ) -> Result<Vec<Lowered<'t>>, Error> {
        let mut all = Vec::new();
        for (number, repository) in repositories.iter().enumerate() {
            let mut unwanted = self.report();
            let report = match &mut reports {
                Some(reports) => &mut reports[number],
                None => &mut unwanted,
            };
            all.push(self.read(repository, report)?);
        }
        Ok(all)
    }

    fn read(&self, repository: &Repository, reading: &mut Report) -> Result<Lowered<'t>, Error> {
        let limits = &self.options.limits;
        let opened = repository.open_document(&repository.primary, limits)?;
        let mut packages = Packages::new(self.arch, opened.document(), self.workers);
        let mut report = self.report();
        let mut count = 0;
        let outcome = primary::read(opened, self.options.jobs, limits, reading, |chunk| {
            count += chunk.packages().len() as u64;
            let (repository, arch) = (&repository.dir, self.arch);
            self.step(Step::Packages { repository, arch, packages: count }).map_err(Stop::Other)?;
            packages.add(chunk, &mut report)
        });
        match outcome {
            Ok(_) => {
                packages.end();
                Ok(Lowered { packages, report })
            }
            Err(Stop::Document(error)) => Err(repository.of(error)),
            Err(Stop::TooMuch(error)) => Err(too_much(&repository.dir)(error)),
            Err(Stop::Other(error)) => Err(error.in_repository(&repository.dir)),
        }
    }

    /// Finds out what all of them ask for, and finishes one after the other.
    fn finish_all(
        &self,
        repositories: &[Repository],
        words: &[Words],
        mut lowered: Vec<Lowered<'_>>,
        mut reports: Option<&mut [Report]>,
        sink: &mut impl FnMut(usize, Index) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut asked: BTreeSet<String> =
            self.options.asked.iter().filter(|path| path.starts_with('/')).cloned().collect();
        for ((repository, words), lowered) in repositories.iter().zip(words).zip(&mut lowered) {
            let builder = &mut lowered.packages.builder;
            lower::modules::modules(&words.modules, builder).map_err(too_much(&repository.dir))?;
            for path in builder.paths() {
                if !asked.contains(path) {
                    asked.insert(path.into());
                }
            }
        }
        for (number, lowered) in lowered.into_iter().enumerate() {
            let repository = &repositories[number];
            self.step(Step::Compiling { repository: &repository.dir, arch: self.arch })?;
            let mut unwanted = self.report();
            let reading = match &mut reports {
                Some(reports) => &mut reports[number],
                None => &mut unwanted,
            };
            let finish = Finish { task: self, repository, words: &words[number], asked: &asked };
            sink(number, finish.run(lowered, reading)?)?;
        }
        Ok(())
    }
}

fn too_much(dir: &Path) -> impl Fn(BuildError) -> Error + use<> {
    let dir = dir.to_path_buf();
    move |error| Error::TooMuch { repository: dir.clone(), error }
}

/// From the packages of one repository to its files.
struct Finish<'f> {
    task: &'f Task<'f>,
    repository: &'f Repository,
    words: &'f Words,
    /// Every path that anybody asks for.
    asked: &'f BTreeSet<String>,
}

impl Finish<'_> {
    fn run(&self, lowered: Lowered<'_>, reading: &mut Report) -> Result<Index, Error> {
        let Lowered { mut packages, mut report } = lowered;
        let workers = self.task.workers;
        let paths = std::mem::take(&mut packages.paths);
        let paths = paths.sorted(workers);
        let mut owners = Vec::new();
        for path in self.asked {
            let id = packages.builder.name(path);
            owners.extend(paths.owners(path).map(|package| (package, id)));
        }
        let documents = self.documents(&mut report);
        if documents.iter().any(|document| document.kind == "filelists") {
            self.read_filelists(&mut packages, &mut owners, reading)?;
        }
        packages.builder.files(&mut owners);
        drop(owners);
        let checksums: Vec<_> =
            documents.iter().map(|document| (&document.kind[..], &document.checksum)).collect();
        let asked = self.asked.iter().map(String::as_str);
        let Packages { mut builder, warm, texts, foreign, .. } = packages;
        let orphans = self.orphans(&builder, &warm, &mut report)?;
        let source = source_digest(self.task.arch, &checksums, asked, &orphans);
        let orphan_count = orphans.len() as u64;
        builder.orphans(orphans);
        let count = u64::from(builder.packages());
        let texts = texts.finish().map_err(|error| self.unsound(error))?;
        let mut cut = self.task.report();
        let (hot, words) = workers.both(
            || {
                let tables = builder.finish().map_err(too_much(&self.repository.dir))?;
                let hot = tables.to_bytes(source).map_err(|error| self.unsound(error))?;
                let documents = tables.modules.documents.iter();
                let order = documents.map(|tables| tables.document.order).collect::<Vec<_>>();
                Ok::<_, Error>((hot, order))
            },
            || {
                let sections = ColdSections {
                    packages: texts,
                    groups: pack_all(
                        workers,
                        &groups::records(self.words.groups.clone(), &mut cut),
                    )?,
                    paths: self.path_pack(&paths, &mut cut)?,
                };
                Ok::<_, FormatError>((warm.to_bytes(source), sections))
            },
        );
        let (hot, order) = hot?;
        let (warm, sections) = words.map_err(|error| self.unsound(error))?;
        let modules =
            self.module_sections(&order, &mut cut).map_err(|error| self.unsound(error))?;
        report.append(cut);
        let mut cold = FileBuilder::new(Kind::Cold, source);
        cold.required(PackageText::TAG, sections.packages);
        cold.required(ModuleText::TAG, modules.texts);
        cold.required(GroupText::TAG, sections.groups);
        cold.required(PathOwners::TAG, sections.paths);
        modules.builds.into_iter().for_each(|bytes| cold.optional(ModuleBuild::TAG, bytes));
        let translations = modules.translations.into_iter();
        translations.for_each(|bytes| cold.optional(TranslationsText::TAG, bytes));
        Ok(Index {
            arch: self.task.arch.into(),
            source,
            documents,
            hot,
            warm,
            cold: cold.finish(),
            packages: count,
            modules: order.len() as u64,
            foreign,
            orphans: orphan_count,
            report,
        })
    }

    fn unsound(&self, error: FormatError) -> Error {
        Error::Unsound { repository: self.repository.dir.clone(), error }
    }

    /// The packages of modules that no document describes, as far as that is wanted.
    fn orphans(
        &self,
        builder: &HotBuilder,
        warm: &WarmTables,
        report: &mut Report,
    ) -> Result<Vec<u32>, Error> {
        let Task { arch, workers, options } = *self.task;
        let search =
            Search { repository: self.repository, arch, workers, observer: options.observer };
        search.run(&options.package_files, builder, &warm.locations, report)
    }

    /// The documents that the index is made from. The file lists only where they can say something new.
    fn documents(&self, report: &mut Report) -> Vec<Document> {
        let Repository { primary, filelists, modules, group, .. } = self.repository;
        let unlisted = self.asked.iter().filter(|path| !is_primary(path)).count();
        if unlisted > 0 && filelists.is_none() {
            report.add(Problem {
                severity: Severity::Doubted,
                document: "repomd.xml".into(),
                line: None,
                column: None,
                subject: "filelists".into(),
                what: format!(
                    "packages ask for {unlisted} paths that primary.xml does not list, and there \
                     is no filelists document to find their owners"
                ),
            });
        }
        let filelists = filelists.as_ref().filter(|_| unlisted > 0);
        let all = [Some(primary), filelists, modules.as_ref(), group.as_ref()];
        all.into_iter().flatten().cloned().collect()
    }

    fn read_filelists(
        &self,
        packages: &mut Packages<'_>,
        owners: &mut Vec<(u32, TextId)>,
        reading: &mut Report,
    ) -> Result<(), Error> {
        let Some(document) = &self.repository.filelists else { return Ok(()) };
        let Packages { warm, builder, .. } = packages;
        let unlisted: HashSet<&str> =
            self.asked.iter().map(String::as_str).filter(|path| !is_primary(path)).collect();
        let ids = by_digest(warm);
        let limits = &self.task.options.limits;
        let opened = self.repository.open_document(document, limits)?;
        let mut digest = Vec::new();
        let jobs = self.task.options.jobs;
        let asked = |path: &str| unlisted.contains(path);
        filelists::read(opened, jobs, limits, reading, &asked, |found| {
            digest.clear();
            if unhex(found.pkgid, &mut digest).is_some()
                && let Some(package) = ids.get(&digest[..])
            {
                owners.push((*package, builder.name(found.path)));
            }
            Ok::<_, crate::source::Error>(())
        })
        .map_err(|error| self.repository.of(error))?;
        Ok(())
    }

    fn path_pack(
        &self,
        paths: &SortedPaths<'_>,
        report: &mut Report,
    ) -> Result<Vec<u8>, FormatError> {
        let records = paths.records(|path, what| {
            report.add(Problem {
                severity: Severity::Doubted,
                document: "primary.xml".into(),
                line: None,
                column: None,
                subject: path.into(),
                what,
            });
        });
        pack_all(self.task.workers, &records)
    }

    /// Records in the order of the hot file's documents, and the translations.
    fn module_sections(
        &self,
        order: &[u32],
        report: &mut Report,
    ) -> Result<ModuleSections, FormatError> {
        let (modules, workers) = (&self.words.modules, self.task.workers);
        let streams = || order.iter().filter_map(|place| modules.streams.get(*place as usize));
        let texts: Vec<_> =
            streams().map(|stream| lower::details::record(stream, report)).collect();
        let builds = order.iter().map(|place| lower::builds::record(modules, *place, report));
        let builds: Vec<_> = builds.collect();
        let translations = lower::builds::translations(modules, report);
        let some = |written: bool| move |bytes| written.then_some(bytes);
        Ok(ModuleSections {
            builds: pack_all(workers, &builds).map(some(!builds.is_empty()))?,
            translations: pack_all(workers, &translations).map(some(!translations.is_empty()))?,
            texts: pack_all(workers, &texts)?,
        })
    }
}

/// Sections of the cold file that wait for the hot file; what is optional only where there is something in it.
struct ModuleSections {
    texts: Vec<u8>,
    builds: Option<Vec<u8>>,
    translations: Option<Vec<u8>>,
}

/// Sections of the cold file that do not wait for the hot file.
struct ColdSections {
    packages: Vec<u8>,
    groups: Vec<u8>,
    paths: Vec<u8>,
}

/// Packages by the digest of their file, the first one of each.
fn by_digest(warm: &WarmTables) -> HashMap<&[u8], u32> {
    let mut start = 0;
    let mut ids = HashMap::with_capacity(warm.digest_lengths.len());
    for (length, package) in warm.digest_lengths.iter().zip(0u32..) {
        let end = start + usize::from(*length);
        ids.entry(&warm.digests[start..end]).or_insert(package);
        start = end;
    }
    ids
}
