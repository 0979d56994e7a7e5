//! `REQS` `PROV` `CONF` `OBSO` `RECO` `SUGG` `SUPP` `ENHA`: what each package states, as [`Lists`] of dependency ids by
//! package. `REQS`, `PROV`, `CONF` and `OBSO` ascend, none twice (libsolv sorts their rules itself); the weak kinds keep the
//! order of the metadata, which the weak stage depends on. `PROV` leaves out `name = evr` of the package itself.

use super::fail;
use super::packages::Packages;
use super::reldeps::{DepId, Reldeps, SimpleDep};
use crate::index::{File, FileBuilder, FormatError, Lists, ListsBuilder};
use crate::rpm::Relation;
use zerocopy::little_endian::U32;

/// One of the eight kinds of statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum RelationKind {
    /// Must be there.
    Requires,
    /// Is offered.
    Provides,
    /// Must not be there.
    Conflicts,
    /// Is replaced.
    Obsoletes,
    /// Should be there.
    Recommends,
    /// Would be nice.
    Suggests,
    /// Should bring this package along.
    Supplements,
    /// Would make this package nice to have.
    Enhances,
}

impl RelationKind {
    /// All, in the order of the sections.
    pub const ALL: [RelationKind; 8] = [
        Self::Requires,
        Self::Provides,
        Self::Conflicts,
        Self::Obsoletes,
        Self::Recommends,
        Self::Suggests,
        Self::Supplements,
        Self::Enhances,
    ];

    /// Tag of the section.
    pub fn tag(self) -> [u8; 4] {
        [*b"REQS", *b"PROV", *b"CONF", *b"OBSO", *b"RECO", *b"SUGG", *b"SUPP", *b"ENHA"]
            [self as usize]
    }

    /// Whether the lists ascend.
    pub fn is_sorted(self) -> bool {
        matches!(self, Self::Requires | Self::Provides | Self::Conflicts | Self::Obsoletes)
    }

    /// The word in primary.xml and on dnf's command line.
    pub fn word(self) -> &'static str {
        [
            "requires",
            "provides",
            "conflicts",
            "obsoletes",
            "recommends",
            "suggests",
            "supplements",
            "enhances",
        ][self as usize]
    }
}

/// The eight lists of every package.
#[derive(Clone, Copy)]
pub struct Relations<'a> {
    lists: [Lists<'a>; 8],
}

impl<'a> Relations<'a> {
    pub(crate) fn open(file: &File<'a>, packages: usize) -> Result<Self, FormatError> {
        let open =
            |kind: RelationKind| Lists::open(kind.tag(), file.section(kind.tag())?, packages);
        let [a, b, c, d, e, f, g, h] = RelationKind::ALL;
        Ok(Relations {
            lists: [open(a)?, open(b)?, open(c)?, open(d)?, open(e)?, open(f)?, open(g)?, open(h)?],
        })
    }

    /// What a package states; `None` where its id is out of range.
    pub fn of(
        &self,
        package: u32,
        kind: RelationKind,
    ) -> Option<impl ExactSizeIterator<Item = DepId> + DoubleEndedIterator + Clone + use<'a>> {
        Some(self.lists[kind as usize].get(package)?.iter().map(|id| DepId(id.get())))
    }

    /// What a package states, as the index stores it; `None` where its id is out of range.
    pub fn slice(&self, package: u32, kind: RelationKind) -> Option<&'a [U32]> {
        self.lists[kind as usize].get(package)
    }

    /// Number of statements of a kind in the whole index.
    pub fn count(&self, kind: RelationKind) -> usize {
        self.lists[kind as usize].items()
    }

    pub(crate) fn check(
        &self,
        reldeps: &Reldeps<'_>,
        packages: &Packages<'_>,
    ) -> Result<(), FormatError> {
        for kind in RelationKind::ALL {
            let list = &self.lists[kind as usize];
            list.check(kind.tag(), |package, items| {
                let own = packages.get(package).map(|own| SimpleDep {
                    name: own.name,
                    version: Some((Relation::EQ, own.evr)),
                    file: false,
                });
                for id in items.iter().map(|id| DepId(id.get())) {
                    let simple = reldeps.simple(id.0);
                    match kind {
                        _ if !reldeps.has(id) => return Err("a dependency id is out of range"),
                        RelationKind::Provides if id.as_rich().is_some() => {
                            return Err("a boolean dependency is provided");
                        }
                        RelationKind::Provides if simple == own => {
                            return Err("a package's own name is listed");
                        }
                        RelationKind::Provides => {}
                        _ if simple.is_some_and(|dep| dep.file) => {
                            return Err("an owned file that is not provided");
                        }
                        _ => {}
                    }
                }
                match kind.is_sorted() && !items.is_sorted_by(|a, b| a.get() < b.get()) {
                    true => Err("a list is not in order"),
                    false => Ok(()),
                }
            })?;
        }
        Ok(())
    }
}

/// The lists of one kind, by package.
pub(crate) fn write<'l>(
    kind: RelationKind,
    lists: impl Iterator<Item = &'l [DepId]>,
    out: &mut FileBuilder,
) -> Result<(), FormatError> {
    let mut builder = ListsBuilder::default();
    for list in lists {
        if kind.is_sorted() && !list.is_sorted_by(|a, b| a < b) {
            return Err(fail(kind.tag(), "a list is not in order"));
        }
        builder.push(list.iter().map(|id| id.0));
    }
    out.required(kind.tag(), builder.finish());
    Ok(())
}
