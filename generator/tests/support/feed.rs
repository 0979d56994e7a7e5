//! The bodies of the fuzz targets: any bytes as a document. True where it is read and nothing in it is dropped.

use modex_generator::modulemd;
use modex_generator::source::{Error, Limits, Opened, Report, Stated, primary, repomd};

/// Small enough that a fuzzer finds them.
fn limits() -> Limits {
    Limits { open_bytes: 1 << 20, package_bytes: 4096, entries: 50, files: 50, ..Limits::default() }
}

fn opened<'b>(name: &str, bytes: &'b [u8], limits: &Limits) -> Option<Opened<'b>> {
    Opened::stream(name, bytes, Stated::default(), limits).ok()
}

/// What one number of threads makes of it, as text.
fn primary_with(bytes: &[u8], jobs: usize) -> Option<(Result<Vec<String>, String>, Report)> {
    let limits = limits();
    let mut report = Report::new(limits.problems);
    let mut found = Vec::new();
    let outcome =
        primary::read(opened("p", bytes, &limits)?, jobs, &limits, &mut report, |chunk| {
            for package in chunk.packages() {
                let entries: Vec<_> =
                    package.entries().map(|entry| (entry.name, entry.evr)).collect();
                let files: Vec<_> = package.files().map(|(path, _)| path).collect();
                found.push(format!(
                    "{} {:?} {entries:?} {files:?} {:?}",
                    package.nevra(),
                    package.location(),
                    package.summary()
                ));
            }
            Ok::<_, Error>(())
        });
    Some((outcome.map(|_| found).map_err(|error| error.to_string()), report))
}

/// A primary.xml, whatever the number of threads.
pub(crate) fn read_primary(bytes: &[u8]) -> bool {
    let Some((one, report)) = primary_with(bytes, 1) else { return false };
    assert_eq!(primary_with(bytes, 3).map(|(outcome, _)| outcome).as_ref(), Some(&one));
    one.is_ok() && report.dropped == 0
}

/// A modules.yaml.
pub(crate) fn read_modules(bytes: &[u8]) -> bool {
    let limits = limits();
    let mut report = Report::new(limits.problems);
    let Some(opened) = opened("m", bytes, &limits) else { return false };
    modulemd::read(opened, 1, &limits, &mut report).is_ok() && report.dropped == 0
}

/// A repomd.xml: every record stands where it says.
pub(crate) fn read_repomd(bytes: &[u8]) -> bool {
    let limits = limits();
    let mut report = Report::new(limits.problems);
    let Some(opened) = opened("r", bytes, &limits) else { return false };
    let Ok(repomd) = repomd::read(opened, &limits, &mut report) else { return false };
    assert!(repomd.text()[repomd.end_tag()..].starts_with("</"));
    for record in &repomd.records {
        let text = &repomd.text()[record.range.clone()];
        assert!(text.starts_with('<') && text.ends_with('>'), "{text}");
    }
    report.dropped == 0
}
