//! `PKGN`, `PKGE`, `PKGA`: name id u32, version id u32 and architecture byte of every package; `ARCH`: name ids u32 of
//! the architectures; `NMPK`: packages by name.
//!
//! A package's id is its place in primary.xml, from 0: libsolv's choices depend on that order, so it is the one order
//! that must not be lost, and with it as the id no column has to be translated while solving. The order by name is
//! `NMPK`. The architecture byte: bits 0-5 row of `ARCH`, bit 7 "does not provide its own name".

use super::{check_ids, fail};
use crate::index::{File, FileBuilder, FormatError, Lists, ListsBuilder, write::column};
use zerocopy::little_endian::U32;

/// Tags: names, versions, architecture bytes, architectures, packages by name.
pub const TAGS: [[u8; 4]; 5] = [*b"PKGN", *b"PKGE", *b"PKGA", *b"ARCH", *b"NMPK"];
/// Most architectures in one index.
pub const MAX_ARCHES: usize = 64;
/// Most packages in one index; the bit above marks, where a list needs one.
pub const MAX_PACKAGES: usize = 1 << 28;

const ARCH_MASK: u8 = 0x3f;
const NO_OWN_PROVIDE: u8 = 0x80;

/// One package, as ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package {
    /// Name id.
    pub name: u32,
    /// Version id.
    pub evr: u32,
    /// Name id of the architecture.
    pub arch: u32,
    /// Whether `name = evr` is among its provides (that provide is not listed anywhere else).
    pub provides_own_name: bool,
}

/// Packages by id.
#[derive(Clone, Copy)]
pub struct Packages<'a> {
    names: &'a [U32],
    evrs: &'a [U32],
    arches: &'a [u8],
    arch_names: &'a [U32],
    by_name: Lists<'a>,
}

impl<'a> Packages<'a> {
    pub(crate) fn open(file: &File<'a>, names: usize) -> Result<Self, FormatError> {
        let [pkgn, pkge, pkga, arch, nmpk] = TAGS;
        let packages = Packages {
            names: file.rows(pkgn)?,
            evrs: file.rows(pkge)?,
            arches: file.section(pkga)?,
            arch_names: file.rows(arch)?,
            by_name: Lists::open(nmpk, file.section(nmpk)?, names)?,
        };
        if packages.evrs.len() != packages.len() || packages.arches.len() != packages.len() {
            return Err(fail(pkge, "columns of different length"));
        }
        if packages.len() > MAX_PACKAGES || packages.arch_names.len() > MAX_ARCHES {
            return Err(fail(pkgn, "more packages or architectures than the format allows"));
        }
        Ok(packages)
    }

    /// Number of packages.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// A package; `None` where the id is out of range or the row is damaged.
    pub fn get(&self, id: u32) -> Option<Package> {
        let byte = *self.arches.get(id as usize)?;
        Some(Package {
            name: self.names.get(id as usize)?.get(),
            evr: self.evrs.get(id as usize)?.get(),
            arch: self.arch_names.get(usize::from(byte & ARCH_MASK))?.get(),
            provides_own_name: byte & NO_OWN_PROVIDE == 0,
        })
    }

    /// A package's name id.
    pub fn name(&self, id: u32) -> Option<u32> {
        Some(self.names.get(id as usize)?.get())
    }

    /// A package's version id.
    pub fn evr(&self, id: u32) -> Option<u32> {
        Some(self.evrs.get(id as usize)?.get())
    }

    /// A package's row in [`Packages::arch_names`].
    pub fn arch_row(&self, id: u32) -> Option<u8> {
        Some(self.arches.get(id as usize)? & ARCH_MASK)
    }

    /// Whether a package provides its own name.
    pub fn provides_own_name(&self, id: u32) -> bool {
        self.arches.get(id as usize).is_some_and(|byte| byte & NO_OWN_PROVIDE == 0)
    }

    /// Name ids of the architectures.
    pub fn arch_names(&self) -> &'a [U32] {
        self.arch_names
    }

    /// The packages of a name, ids ascending; `None` where the name id is out of range.
    pub fn of_name(&self, name: u32) -> Option<&'a [U32]> {
        self.by_name.get(name)
    }

    pub(crate) fn check(&self, names: usize, evrs: usize) -> Result<(), FormatError> {
        let [pkgn, pkge, pkga, arch, nmpk] = TAGS;
        check_ids(pkgn, names, self.names.iter().map(|id| id.get()))?;
        check_ids(pkge, evrs, self.evrs.iter().map(|id| id.get()))?;
        check_ids(arch, names, self.arch_names.iter().map(|id| id.get()))?;
        if !self.arch_names.is_sorted_by(|a, b| a.get() < b.get()) {
            return Err(fail(arch, "architectures are not in order"));
        }
        if self.arches.iter().any(|byte| byte & !(ARCH_MASK | NO_OWN_PROVIDE) != 0) {
            return Err(fail(pkga, "reserved bits are not zero"));
        }
        check_ids(
            pkga,
            self.arch_names.len(),
            self.arches.iter().map(|byte| u32::from(byte & ARCH_MASK)),
        )?;
        if self.by_name.items() != self.len() {
            return Err(fail(nmpk, "not every package stands under its name"));
        }
        self.by_name.check(nmpk, |name, packages| {
            if !packages.is_sorted_by(|a, b| a.get() < b.get()) {
                return Err("packages of a name are not in order");
            }
            match packages.iter().all(|id| self.name(id.get()) == Some(name)) {
                true => Ok(()),
                false => Err("a package under another name"),
            }
        })
    }
}

pub(crate) fn write(packages: &[Package], names: usize, out: &mut FileBuilder) {
    let [pkgn, pkge, pkga, arch, nmpk] = TAGS;
    let mut arches: Vec<u32> = packages.iter().map(|package| package.arch).collect();
    arches.sort_unstable();
    arches.dedup();
    let byte = |package: &Package| {
        // Found: the list was made from these very packages.
        let row = arches.binary_search(&package.arch).unwrap_or(0) as u8;
        row | if package.provides_own_name { 0 } else { NO_OWN_PROVIDE }
    };
    let mut by_name: Vec<(u32, u32)> =
        packages.iter().zip(0..).map(|(package, id)| (package.name, id)).collect();
    by_name.sort_unstable();
    out.required(pkgn, column(packages.iter().map(|package| package.name)));
    out.required(pkge, column(packages.iter().map(|package| package.evr)));
    out.required(pkga, packages.iter().map(byte).collect());
    out.required(arch, column(arches.iter().copied()));
    out.required(nmpk, ListsBuilder::from_pairs(names, &by_name).finish());
}
