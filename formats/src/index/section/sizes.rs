//! `SZDL`, `SZIN`: download and installed size of every package in bytes, u32; u32::MAX: look in `SZBG`, pairs of u64
//! rows (package, download, installed) for the packages of 4 GiB and more, sorted by package.

use super::packages::MAX_PACKAGES;
use super::{check_ids, fail};
use crate::index::{File, FileBuilder, FormatError, write::column};
use zerocopy::IntoBytes;
use zerocopy::little_endian::{U32, U64};

/// Tags: download size, installed size, sizes of big packages.
pub const TAGS: [[u8; 4]; 3] = [*b"SZDL", *b"SZIN", *b"SZBG"];

const BIG: u32 = u32::MAX;

/// What the columns say of a size.
fn small(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(BIG)
}

/// Sizes by package.
#[derive(Clone, Copy)]
pub struct Sizes<'a> {
    download: &'a [U32],
    installed: &'a [U32],
    big: &'a [[U64; 3]],
}

impl<'a> Sizes<'a> {
    pub(crate) fn open(file: &File<'a>) -> Result<Self, FormatError> {
        let [szdl, szin, szbg] = TAGS;
        let sizes = Sizes {
            download: file.rows(szdl)?,
            installed: file.rows(szin)?,
            big: file.rows(szbg)?,
        };
        if sizes.download.len() > MAX_PACKAGES {
            return Err(fail(szdl, "more packages than the format allows"));
        }
        match sizes.download.len() == sizes.installed.len() {
            true => Ok(sizes),
            false => Err(fail(szin, "columns of different length")),
        }
    }

    /// Number of packages.
    pub fn len(&self) -> usize {
        self.download.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.download.is_empty()
    }

    fn one(&self, column: &[U32], package: u32, field: usize) -> Option<u64> {
        match column.get(package as usize)?.get() {
            BIG => {
                let at =
                    self.big.binary_search_by_key(&u64::from(package), |row| row[0].get()).ok()?;
                Some(self.big[at][field].get())
            }
            small => Some(u64::from(small)),
        }
    }

    /// Bytes to download.
    pub fn download(&self, package: u32) -> Option<u64> {
        self.one(self.download, package, 1)
    }

    /// Bytes after installation.
    pub fn installed(&self, package: u32) -> Option<u64> {
        self.one(self.installed, package, 2)
    }

    pub(crate) fn check(&self) -> Result<(), FormatError> {
        let [_, _, szbg] = TAGS;
        check_ids(
            szbg,
            self.len(),
            self.big.iter().map(|row| u32::try_from(row[0].get()).unwrap_or(u32::MAX)),
        )?;
        if !self.big.is_sorted_by(|a, b| a[0].get() < b[0].get()) {
            return Err(fail(szbg, "packages are not in order"));
        }
        let known =
            |package: u32| self.download(package).is_some() && self.installed(package).is_some();
        if !(0..self.len() as u32).all(known) {
            return Err(fail(szbg, "the size of a big package is missing"));
        }
        // A row says nothing else than the columns, and is there because one of them cannot say it.
        let agrees = |row: &[U64; 3]| {
            let [package, download, installed] = row.map(U64::get);
            let columns = (self.download[package as usize], self.installed[package as usize]);
            columns == (small(download).into(), small(installed).into())
                && small(download.max(installed)) == BIG
        };
        match self.big.iter().all(agrees) {
            true => Ok(()),
            false => Err(fail(szbg, "a row that differs from the columns")),
        }
    }
}

/// (Download, installed) by package.
pub(crate) fn write(sizes: &[(u64, u64)], out: &mut FileBuilder) {
    let [szdl, szin, szbg] = TAGS;
    out.required(szdl, column(sizes.iter().map(|size| small(size.0))));
    out.required(szin, column(sizes.iter().map(|size| small(size.1))));
    let big: Vec<[U64; 3]> = sizes
        .iter()
        .zip(0u64..)
        .filter(|(size, _)| small(size.0) == BIG || small(size.1) == BIG)
        .map(|(size, package)| [package, size.0, size.1].map(U64::new))
        .collect();
    out.required(szbg, big.as_bytes().to_vec());
}
