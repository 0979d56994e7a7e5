//! Groups as records of the cold file.

use crate::source::comps::{Group, GroupPackageKind};
use crate::source::{Problem, Report, Severity};
use modex_formats::index::section::texts::{GroupText, MAX_BLOCK, Record};

/// Sorted by id, each id once: the first group of an id is kept. One that is larger than its share of a block is left out
/// and reported.
pub(crate) fn records(groups: Vec<Group>, report: &mut Report) -> Vec<GroupText> {
    let mut records: Vec<GroupText> = groups.into_iter().map(record).collect();
    records.sort_by(|a, b| a.id.cmp(&b.id));
    records.dedup_by(|later, first| later.id == first.id);
    records.retain(|group| {
        let bytes = GroupText::encode(std::slice::from_ref(group)).map_or(usize::MAX, |b| b.len());
        let fits = bytes <= MAX_BLOCK / GroupText::PER_BLOCK as usize;
        if !fits {
            report.add(Problem {
                severity: Severity::Dropped,
                document: "comps.xml".into(),
                line: None,
                column: None,
                subject: format!("group {}", super::cut(&group.id, 80)),
                what: "it is larger than an index can hold".into(),
            });
        }
        fits
    });
    records
}

fn record(group: Group) -> GroupText {
    let mut record = GroupText { id: group.id, name: group.name, ..GroupText::default() };
    for package in group.packages {
        match package.kind {
            GroupPackageKind::Mandatory => record.mandatory.push(package.name),
            GroupPackageKind::Default => record.default.push(package.name),
            GroupPackageKind::Optional => record.optional.push(package.name),
            GroupPackageKind::Conditional(with) => record.conditional.push((package.name, with)),
        }
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::comps::GroupPackage;

    #[test]
    fn sorted_once_and_not_too_large() {
        let group = |id: &str, name: &str, packages: usize| {
            let package = |number| GroupPackage {
                name: format!("package-{number}"),
                kind: GroupPackageKind::Conditional("x".into()),
            };
            let packages = (0..packages).map(package).collect();
            Group { id: id.into(), name: name.into(), packages }
        };
        let groups = vec![
            group("b", "1", 1),
            group("a", "2", 0),
            group("b", "3", 0),
            group("c", "4", 50_000),
        ];
        let mut report = Report::new(9);
        let records = records(groups, &mut report);
        let found: Vec<_> = records.iter().map(|g| (&g.id[..], &g.name[..])).collect();
        assert_eq!(found, [("a", "2"), ("b", "1")]);
        assert_eq!(records[1].conditional, [("package-0".to_string(), "x".to_string())]);
        assert_eq!(report.dropped, 1);
    }
}
