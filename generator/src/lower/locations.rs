//! Where package files lie: folder, and file name where it does not follow from the package's identity.

use modex_formats::index::section::locations::{LocationTables, MAX_FOLDERS};
use std::collections::HashMap;

/// Collects the locations of packages in the order of their ids.
#[derive(Default)]
pub(crate) struct LocationBuilder {
    tables: LocationTables,
    folders: HashMap<String, u16>,
    buffer: String,
}

/// The parts that a regular file name is made of.
#[derive(Clone, Copy)]
pub(crate) struct Identity<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    pub(crate) release: Option<&'a str>,
    pub(crate) arch: &'a str,
}

impl Identity<'_> {
    /// Whether a file name is `NAME-VERSION-RELEASE.ARCH.rpm`.
    fn makes(self, file: &str) -> bool {
        let after = |rest: &str, part: &str| -> Option<usize> {
            rest.starts_with(part).then_some(part.len())
        };
        let Some(release) = self.release else { return false };
        let mut at = 0;
        let parts = [self.name, "-", self.version, "-", release, ".", self.arch, ".rpm"];
        for part in parts {
            match after(&file[at..], part) {
                Some(length) => at += length,
                None => return false,
            }
        }
        at == file.len()
    }
}

impl LocationBuilder {
    /// The next package's location.
    pub(crate) fn push(&mut self, identity: Identity<'_>, base: Option<&str>, location: &str) {
        let package = self.tables.folder_of.len() as u32;
        let (folder, file) = location.split_at(location.rfind('/').map_or(0, |slash| slash + 1));
        self.buffer.clear();
        if let Some(base) = base.filter(|base| !base.is_empty()) {
            self.buffer.push_str(base);
            if !base.ends_with('/') {
                self.buffer.push('/');
            }
        }
        self.buffer.push_str(folder);
        let (row, whole) = match self.row() {
            Some(row) => (row, false),
            None => (self.nameless(), true),
        };
        self.tables.folder_of.push(row);
        if whole {
            self.tables.odd.push((package, format!("{}{file}", self.buffer)));
        } else if !identity.makes(file) {
            self.tables.odd.push((package, file.into()));
        }
    }

    /// The row of the folder in the buffer; `None` where there are too many folders. One row is kept back for the empty
    /// folder, under which a whole location can stand as a file name.
    fn row(&mut self) -> Option<u16> {
        if let Some(row) = self.folders.get(&self.buffer) {
            return Some(*row);
        }
        let room = MAX_FOLDERS - usize::from(!self.folders.contains_key(""));
        if self.tables.folders.len() >= room && !self.buffer.is_empty() {
            return None;
        }
        let folder = self.buffer.clone();
        Some(self.add(folder))
    }

    fn nameless(&mut self) -> u16 {
        match self.folders.get("") {
            Some(row) => *row,
            None => self.add(String::new()),
        }
    }

    fn add(&mut self, folder: String) -> u16 {
        let row = self.tables.folders.len() as u16;
        self.folders.insert(folder.clone(), row);
        self.tables.folders.push(folder);
        row
    }

    pub(crate) fn finish(self) -> LocationTables {
        self.tables
    }
}

/// What is wrong with an `xml:base`; `None` where nothing is. It is an address (`SCHEME:…`) or a folder, and leads
/// nowhere by itself.
pub(crate) fn base_fault(base: &str) -> Option<&'static str> {
    let (scheme, rest) = base.split_once(':').unwrap_or(("", base));
    let word = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if base.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'\\') {
        Some("the base of its location has a blank, a control character or a backslash")
    } else if rest.split('/').any(|segment| segment == "..") {
        Some("the base of its location climbs")
    } else if !word || (scheme.is_empty() && base.starts_with('/')) {
        Some("the base of its location is neither an address nor a folder of the repository")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOO: Identity<'_> =
        Identity { name: "foo", version: "1", release: Some("2"), arch: "noarch" };

    #[test]
    fn only_odd_names_are_kept() {
        let mut locations = LocationBuilder::default();
        locations.push(FOO, None, "Packages/f/foo-1-2.noarch.rpm");
        locations.push(FOO, None, "Packages/f/foo-1-2.noarch.rpm.old");
        locations.push(FOO, None, "foo-1.noarch.rpm");
        locations.push(FOO, Some("https://host/pub"), "f/foo-1-2.noarch.rpm");
        locations.push(FOO, Some(""), "foo-1-2.noarch.rpm");
        locations.push(Identity { release: None, ..FOO }, None, "foo-1.noarch.rpm");
        let tables = locations.finish();
        assert_eq!(tables.folders, ["Packages/f/", "", "https://host/pub/f/"]);
        assert_eq!(tables.folder_of, [0, 0, 1, 2, 1, 1]);
        let odd: Vec<_> = tables.odd.iter().map(|(id, name)| (*id, name.as_str())).collect();
        let want =
            [(1, "foo-1-2.noarch.rpm.old"), (2, "foo-1.noarch.rpm"), (5, "foo-1.noarch.rpm")];
        assert_eq!(odd, want);
    }

    #[test]
    fn too_many_folders_are_no_error() {
        let mut locations = LocationBuilder::default();
        for number in 0..MAX_FOLDERS + 2 {
            locations.push(FOO, None, &format!("{number}/foo-1-2.noarch.rpm"));
        }
        locations.push(FOO, None, "foo-1-2.noarch.rpm");
        locations.push(FOO, None, "7/foo-1-2.noarch.rpm");
        let tables = locations.finish();
        assert_eq!((tables.folders.len(), tables.odd.len()), (MAX_FOLDERS, 3));
        assert_eq!(tables.odd[0].1, format!("{}/foo-1-2.noarch.rpm", MAX_FOLDERS - 1));
        assert_eq!(tables.folder_of.last(), Some(&7));
        assert_eq!(tables.folders.last().map(String::as_str), Some(""));
    }

    #[test]
    fn bases() {
        for good in ["https://host/x", "media:1#2", "sub/folder", "", "file:///srv"] {
            assert_eq!(base_fault(good), None, "{good}");
        }
        for bad in ["/etc", "../x", "http://h/../x", "a b", "a\\b", "a\u{1}", "ä:b"] {
            assert!(base_fault(bad).is_some(), "{bad}");
        }
    }
}
