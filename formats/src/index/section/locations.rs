//! Where package files lie, relative to the repository: `LOCP`: folder of every package, u16, a row of `LOCD`; `LOCD`: the folders
//! as [`Strings`] in order of first use, each ending in `/` unless empty, with `xml:base` in front where there is one; `LOCX`: u32
//! package ids, sorted, of those whose file is not named `NAME-VERSION-RELEASE.ARCH.rpm`; `LOCN`: their file names as [`Strings`].

use super::{check_ids, fail};
use crate::index::{File, FileBuilder, FormatError, Strings, StringsBuilder, write::column};
use std::collections::BTreeSet;
use zerocopy::little_endian::{U16, U32};

/// Tags: folder of each package, folders, packages with odd names, those names.
pub const TAGS: [[u8; 4]; 4] = [*b"LOCP", *b"LOCD", *b"LOCX", *b"LOCN"];
/// Most distinct folders.
pub const MAX_FOLDERS: usize = 1 << 16;

/// Locations by package.
#[derive(Clone, Copy)]
pub struct Locations<'a> {
    folder_of: &'a [U16],
    folders: Strings<'a>,
    odd: &'a [U32],
    odd_names: Strings<'a>,
}

impl<'a> Locations<'a> {
    pub(crate) fn open(file: &File<'a>) -> Result<Self, FormatError> {
        let [locp, locd, locx, locn] = TAGS;
        let locations = Locations {
            folder_of: file.rows(locp)?,
            folders: Strings::open(locd, file.section(locd)?)?,
            odd: file.rows(locx)?,
            odd_names: Strings::open(locn, file.section(locn)?)?,
        };
        match locations.odd.len() == locations.odd_names.len() {
            true => Ok(locations),
            false => Err(fail(locn, "not one name a package")),
        }
    }

    /// Folder and, where it does not follow from the NEVRA, file name.
    pub fn get(&self, package: u32) -> Option<(&'a str, Option<&'a str>)> {
        let folder = self.folders.get(u32::from(self.folder_of.get(package as usize)?.get()))?;
        match self.odd.binary_search_by_key(&package, |id| id.get()) {
            Ok(at) => Some((folder, Some(self.odd_names.get(at as u32)?))),
            Err(_) => Some((folder, None)),
        }
    }

    pub(crate) fn check(&self, packages: usize) -> Result<(), FormatError> {
        let [locp, locd, locx, locn] = TAGS;
        if self.folder_of.len() != packages {
            return Err(fail(locp, "not one folder a package"));
        }
        check_ids(locp, self.folders.len(), self.folder_of.iter().map(|id| u32::from(id.get())))?;
        check_ids(locx, packages, self.odd.iter().map(|id| id.get()))?;
        self.folders.check(locd)?;
        self.odd_names.check(locn)?;
        let mut used = 0;
        for row in self.folder_of.iter().map(|id| u32::from(id.get())) {
            if row > used {
                return Err(fail(locd, "folders are not in order of first use"));
            }
            used = used.max(row + 1);
        }
        let texts: BTreeSet<_> = (0..used).map(|row| self.folders.bytes(row)).collect();
        if texts.len() != used as usize {
            return Err(fail(locd, "a folder stands twice"));
        }
        if used as usize != self.folders.len() {
            return Err(fail(locd, "a folder that no package uses"));
        }
        let mut folders = (0..used).filter_map(|row| self.folders.get(row));
        if !folders.all(|folder| folder.is_empty() || folder.ends_with('/')) {
            return Err(fail(locd, "a folder does not end in a slash"));
        }
        // A whole location may stand as a file name, where folders are too many to be told apart.
        let sound = |(folder, name): (&str, Option<&str>)| {
            folder.is_empty() || name.is_none_or(|name| !name.contains('/'))
        };
        if !self.odd.iter().all(|id| self.get(id.get()).is_some_and(sound)) {
            return Err(fail(locn, "a file name with a folder"));
        }
        match self.odd.is_sorted_by(|a, b| a.get() < b.get()) {
            true => Ok(()),
            false => Err(fail(locx, "packages are not in order")),
        }
    }
}

/// What the location sections are written from.
#[derive(Clone, Debug, Default)]
pub struct LocationTables {
    /// Distinct folders in order of first use.
    pub folders: Vec<String>,
    /// Row of `folders` for each package.
    pub folder_of: Vec<u16>,
    /// File names that do not follow from the NEVRA, by package.
    pub odd: Vec<(u32, String)>,
}

pub(crate) fn write(tables: &LocationTables, out: &mut FileBuilder) {
    let [locp, locd, locx, locn] = TAGS;
    out.required(locp, tables.folder_of.iter().flat_map(|row| row.to_le_bytes()).collect());
    out.required(
        locd,
        tables.folders.iter().map(String::as_str).collect::<StringsBuilder>().finish(),
    );
    out.required(locx, column(tables.odd.iter().map(|odd| odd.0)));
    out.required(
        locn,
        tables.odd.iter().map(|odd| odd.1.as_str()).collect::<StringsBuilder>().finish(),
    );
}
