//! The hot file: everything that solving touches.

use super::section::artifacts::{self, Artifact, Artifacts};
use super::section::evrs::{self, Evrs};
use super::section::installing::{self, Installing};
use super::section::intents::{self, Intents};
use super::section::modules::{self, ModuleTables, Modules};
use super::section::names;
use super::section::obsoletes::{self, ObsoletesRows};
use super::section::orphans::{self, Orphans};
use super::section::packages::{self, Package, Packages};
use super::section::relations::{self, RelationKind, Relations};
use super::section::reldeps::{self, DepId, Reldeps, RichDep, SimpleDep};
use super::section::reverse::{self, Forward, Reverse};
use super::section::solvables::{self, Solvables};
use super::strings::MAX_TEXT;
use super::{File, FileBuilder, FormatError, Kind, SourceDigest, Strings};
use crate::rpm::{Dependency, Nevra, Relation, Reldep, rich::MAX_OPERANDS, rich::Rich};

/// A hot file, borrowed from its mapped bytes.
#[derive(Clone)]
pub struct Hot<'a> {
    /// What the index was made from.
    pub source: SourceDigest,
    /// Every text with an id, sorted.
    pub names: Strings<'a>,
    /// Versions by rank.
    pub evrs: Evrs<'a>,
    /// Packages in load order.
    pub packages: Packages<'a>,
    /// Distinct dependencies.
    pub reldeps: Reldeps<'a>,
    /// What each package states.
    pub relations: Relations<'a>,
    /// Who states something about a name or dependency.
    pub reverse: Reverse<'a>,
    /// Module streams and defaults.
    pub modules: Modules<'a>,
    /// Defaults for single uses.
    pub intents: Intents<'a>,
    /// Streams that should no longer be used.
    pub obsoletes: ObsoletesRows<'a>,
    /// What the streams list.
    pub artifacts: Artifacts<'a>,
    /// Packages of modules that no document describes.
    pub orphans: Orphans<'a>,
    /// Requirements that only installing needs.
    pub installing: Installing<'a>,
    /// The streams as solvables, where the file has them.
    pub solvables: Option<Solvables<'a>>,
}

impl<'a> Hot<'a> {
    fn known() -> Vec<[u8; 4]> {
        let mut tags = vec![names::TAG, evrs::TAG, evrs::MARKS_TAG];
        tags.extend(packages::TAGS);
        tags.extend(reldeps::TAGS);
        tags.extend(RelationKind::ALL.map(RelationKind::tag));
        tags.extend(reverse::TAGS);
        tags.extend(modules::TAGS);
        tags.extend(intents::TAGS);
        tags.push(obsoletes::TAG);
        tags.extend(artifacts::TAGS);
        tags.push(orphans::TAG);
        tags.push(installing::TAG);
        tags.extend(solvables::TAGS);
        tags
    }

    /// Checks header, table of contents and the sizes of all sections. O(sections).
    ///
    /// # Errors
    /// Any [`FormatError`].
    pub fn open(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let file = File::open_as(bytes, Kind::Hot, &Self::known())?;
        let names = names::open(&file)?;
        let packages = Packages::open(&file, names.len())?;
        let reldeps = Reldeps::open(&file)?;
        let modules = Modules::open(&file)?;
        Ok(Hot {
            source: file.source(),
            names,
            evrs: Evrs::open(&file)?,
            packages,
            reldeps,
            relations: Relations::open(&file, packages.len())?,
            reverse: Reverse::open(&file, names.len(), reldeps.len())?,
            modules,
            intents: Intents::open(&file)?,
            obsoletes: ObsoletesRows::open(&file)?,
            artifacts: Artifacts::open(&file, modules.len())?,
            orphans: Orphans::open(&file)?,
            installing: Installing::open(&file)?,
            solvables: Solvables::open(&file, modules.len())?,
        })
    }

    /// The index of the module streams as solvables, if there is one. It has none itself. O(sections).
    ///
    /// # Errors
    /// Any [`FormatError`] of the inner file; damaged where it was made from something else, or is no plain inner file.
    pub fn module_solvables(&self) -> Result<Option<Hot<'a>>, FormatError> {
        let Some(solvables) = self.solvables else { return Ok(None) };
        let inner = Hot::open(solvables.bytes())?;
        let damaged = |what: &str| Err(FormatError::damaged("MSLV", what));
        if inner.source != self.source {
            return damaged("the inner file was made from something else");
        }
        let plain = inner.modules.is_empty()
            && inner.intents.is_empty()
            && inner.obsoletes.is_empty()
            && inner.orphans.is_empty()
            && inner.installing.is_empty();
        if inner.solvables.is_some() || !plain {
            return damaged("the inner file has modules of its own");
        }
        match inner.packages.len() == self.modules.len() {
            true => Ok(Some(inner)),
            false => damaged("not one solvable a document"),
        }
    }

    /// A dependency in words.
    ///
    /// # Errors
    /// Damaged, where an id is out of range, or the expression or one of its texts larger than the format allows.
    pub fn dependency(&self, dep: DepId) -> Result<Dependency, FormatError> {
        // An expression has fewer operators than operands.
        self.words(dep, &mut (2 * MAX_OPERANDS))
    }

    fn words(&self, dep: DepId, left: &mut usize) -> Result<Dependency, FormatError> {
        let lost = || FormatError::damaged("RELN", "a dependency id is out of range");
        *left = left.checked_sub(1).ok_or_else(|| FormatError::damaged("RICH", "endless"))?;
        match dep.as_rich() {
            None => {
                let simple = self.reldeps.simple(dep.0).ok_or_else(lost)?;
                let short = |text: Option<&str>| {
                    text.filter(|text| text.len() <= MAX_TEXT).map(str::to_owned).ok_or_else(lost)
                };
                let name = short(self.names.get(simple.name))?;
                let (relation, evr) = match simple.version {
                    Some((relation, evr)) => (relation, short(self.evrs.text(evr))?),
                    None => (Relation::ANY, String::new()),
                };
                Ok(Dependency::Simple(Reldep { name, relation, evr }))
            }
            Some(row) => {
                let rich = self.reldeps.rich(row).ok_or_else(lost)?;
                Ok(Dependency::Rich(Box::new(Rich {
                    op: rich.op,
                    left: self.words(rich.left, left)?,
                    right: self.words(rich.right, left)?,
                    otherwise: rich.otherwise.map(|dep| self.words(dep, left)).transpose()?,
                })))
            }
        }
    }

    /// Whether there is a document of a module's stream.
    pub fn has_stream(&self, module: &str, stream: &str) -> bool {
        let Some(module) = self.names.find(module) else { return false };
        let Some(stream) = self.names.find(stream) else { return false };
        let mut documents = self.modules.of_module(module);
        documents.any(|id| self.modules.get(id).is_some_and(|row| row.stream == stream))
    }

    /// The identity of a package.
    pub fn nevra(&self, package: u32) -> Option<Nevra<'a>> {
        let row = self.packages.get(package)?;
        Some(Nevra {
            name: self.names.get(row.name)?,
            evr: self.evrs.get(row.evr)?,
            arch: self.names.get(row.arch)?,
        })
    }
}

/// What a hot file is written from: sorted tables whose rows are ids.
#[derive(Debug, Default)]
pub struct HotTables {
    /// Sorted bytewise, none twice.
    pub names: Vec<String>,
    /// Sorted by [`evrs::compare`], none twice.
    pub evrs: Vec<String>,
    /// In load order.
    pub packages: Vec<Package>,
    /// Sorted by [`SimpleDep::sort_key`], none twice.
    pub simple: Vec<SimpleDep>,
    /// Parts before wholes, none twice.
    pub rich: Vec<RichDep>,
    /// By kind: ends of each package's list in `statements`.
    pub ends: [Vec<u32>; 8],
    /// By kind: all lists, one after the other.
    pub statements: [Vec<DepId>; 8],
    /// Sorted, none twice.
    pub artifacts: Vec<Artifact>,
    /// (Package, artifact), sorted.
    pub artifact_packages: Vec<(u32, u32)>,
    /// Packages with a modularity label that are no artifact, sorted.
    pub orphans: Vec<u32>,
    /// (Package, one of its requirements that only installing needs), sorted, none twice.
    pub installing: Vec<(u32, DepId)>,
    /// Sorted by [`ModuleTables::sort`].
    pub modules: ModuleTables,
    /// The streams as solvables, in their section's order.
    pub module_solvables: Option<Box<HotTables>>,
}

impl HotTables {
    fn list(&self, package: u32, kind: RelationKind) -> &[DepId] {
        let (ends, package) = (&self.ends[kind as usize], package as usize);
        let start = if package == 0 { 0 } else { ends[package - 1] };
        &self.statements[kind as usize][start as usize..ends[package] as usize]
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// Damaged, where the tables do not hold what their docs demand.
    pub fn to_bytes(&self, source: SourceDigest) -> Result<Vec<u8>, FormatError> {
        let mut out = FileBuilder::new(Kind::Hot, source);
        names::write(self.names.iter().map(String::as_str), &mut out);
        let evrs: Vec<&str> = self.evrs.iter().map(String::as_str).collect();
        evrs::write(&evrs, &mut out);
        packages::write(&self.packages, self.names.len(), &mut out);
        reldeps::write(&self.simple, &self.rich, &mut out);
        let packages = self.packages.len();
        for kind in RelationKind::ALL {
            relations::write(
                kind,
                (0..packages as u32).map(|package| self.list(package, kind)),
                &mut out,
            )?;
        }
        Forward {
            names: self.names.len(),
            simple_names: &|row| self.simple[row as usize].name,
            simple: self.simple.len(),
            rich: &self.rich,
            packages,
            lists: &|package, kind| self.list(package, kind),
        }
        .write(&mut out);
        modules::write(&self.modules, &mut out);
        artifacts::write(
            &self.artifacts,
            &self.modules.documents,
            &self.artifact_packages,
            &mut out,
        );
        orphans::write(&self.orphans, &mut out);
        installing::write(&self.installing, &mut out);
        if let Some(inner) = &self.module_solvables {
            solvables::write(inner, &self.modules.documents, source, &mut out)?;
        }
        Ok(out.finish())
    }
}
