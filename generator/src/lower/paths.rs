//! The paths that primary.xml lists, with their owners.

use crate::workers::Workers;
use modex_formats::index::section::texts::PathOwners;

/// Longest path that the cold file keeps, in bytes: the longest that Linux opens.
const MOST_BYTES: usize = 4096;
/// Most owners of one path that the cold file keeps. With [`MOST_BYTES`] it holds every block below the format's limit.
const MOST_OWNERS: usize = 7000;

/// Every path that primary.xml lists, with the package that lists it.
#[derive(Default)]
pub(crate) struct PathTable {
    text: String,
    /// End of the text (it starts where the one before it ends) and owner.
    rows: Vec<(u64, u32)>,
}

/// The same, in order.
pub(crate) struct SortedPaths<'t> {
    /// Sorted by path, then owner; none twice.
    rows: Vec<(&'t str, u32)>,
}

impl PathTable {
    /// A package lists a path.
    pub(crate) fn push(&mut self, package: u32, path: &str) {
        self.text.push_str(path);
        self.rows.push((self.text.len() as u64, package));
    }

    pub(crate) fn sorted(&self, workers: &Workers) -> SortedPaths<'_> {
        let mut start = 0;
        let mut rows: Vec<(&str, u32)> = self
            .rows
            .iter()
            .map(|(end, package)| {
                let path = &self.text[start..*end as usize];
                start = *end as usize;
                (path, *package)
            })
            .collect();
        workers.sort(&mut rows);
        rows.dedup();
        SortedPaths { rows }
    }
}

impl<'t> SortedPaths<'t> {
    /// The owners of a path. O(log n).
    pub(crate) fn owners(&self, path: &str) -> impl Iterator<Item = u32> + '_ {
        let start = self.rows.partition_point(|row| row.0 < path);
        let end = start + self.rows[start..].partition_point(|row| row.0 == path);
        self.rows[start..end].iter().map(|row| row.1)
    }

    /// The records of the cold file. `report` hears of what had to be cut.
    pub(crate) fn records(&self, mut report: impl FnMut(&str, String)) -> Vec<PathOwners> {
        let mut records = Vec::new();
        for rows in self.rows.chunk_by(|a, b| a.0 == b.0) {
            let path = rows[0].0;
            if path.len() > MOST_BYTES {
                let what =
                    format!("the path is longer than {MOST_BYTES} bytes; not kept for queries");
                report(super::cut(path, 80), what);
                continue;
            }
            if rows.len() > MOST_OWNERS {
                let what =
                    format!("it has {} owners; the first {MOST_OWNERS} are kept", rows.len());
                report(path, what);
            }
            let packages = rows.iter().take(MOST_OWNERS).map(|row| row.1).collect();
            records.push(PathOwners { path: path.into(), packages });
        }
        records
    }
}

/// Whether primary.xml lists a path of this kind; createrepo_c's rule. All others are in filelists.xml only.
pub(crate) fn is_primary(path: &str) -> bool {
    path.starts_with("/etc/") || path.contains("bin/") || path == "/usr/lib/sendmail"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_in_order() {
        let mut paths = PathTable::default();
        for (package, path) in [(2, "/b"), (0, "/b"), (2, "/b"), (1, "/a"), (3, "/bin/c")] {
            paths.push(package, path);
        }
        let workers = Workers::new(1).unwrap();
        let sorted = paths.sorted(&workers);
        assert_eq!(sorted.owners("/b").collect::<Vec<_>>(), [0, 2]);
        assert_eq!(sorted.owners("/c").count(), 0);
        let records = sorted.records(|path, what| panic!("{path}: {what}"));
        let texts: Vec<_> = records.iter().map(|record| record.path.as_str()).collect();
        assert_eq!(texts, ["/a", "/b", "/bin/c"]);
        assert_eq!(records[1].packages, [0, 2]);
    }

    #[test]
    fn too_much_is_cut_and_said() {
        let mut paths = PathTable::default();
        let long = format!("/{}", "x".repeat(MOST_BYTES));
        paths.push(0, &long);
        (0..=MOST_OWNERS as u32).for_each(|package| paths.push(package, "/etc/popular"));
        let workers = Workers::new(1).unwrap();
        let mut said = Vec::new();
        let records =
            paths.sorted(&workers).records(|path, what| said.push(format!("{path} {what}")));
        assert_eq!((records.len(), records[0].packages.len(), said.len()), (1, MOST_OWNERS, 2));
    }

    #[test]
    fn what_primary_lists() {
        for path in ["/etc/passwd", "/usr/bin/sh", "/opt/x/sbin/y", "/usr/lib/sendmail"] {
            assert!(is_primary(path), "{path}");
        }
        for path in ["/usr/bin", "/etc", "/usr/lib/sendmail2", "/usr/share/x"] {
            assert!(!is_primary(path), "{path}");
        }
    }
}
