//! Our record in repomd.xml, as modifyrepo_c would write it, without touching any other byte.

use crate::source::repomd::Repomd;
use modex_formats::pointer::{IndexFile, RECORD_TYPE};

/// The text of a repomd.xml with a record that names this pointer: in the place of the one it has, else as the last one.
/// The same pointer gives the same text, however often it is put in.
pub(super) fn with_pointer(repomd: &Repomd, pointer: &IndexFile) -> String {
    let text = repomd.text();
    let end_tag = repomd.end_tag();
    // `</repomd>` or `</PREFIX:repomd>`: our elements are of the same namespace.
    let name = text[end_tag..].trim_start_matches("</");
    let prefix = name.split_once("repomd").map_or("", |(prefix, _)| prefix);
    let record = record(prefix, pointer, timestamp(repomd));
    match repomd.record(RECORD_TYPE) {
        Some(old) => {
            let (before, after) = (&text[..old.range.start], &text[old.range.end..]);
            format!("{before}{record}{after}")
        }
        None => {
            let (before, after) = text.split_at(end_tag);
            format!("{before}  {record}\n{after}")
        }
    }
}

/// The latest time among the other records: the state of the repository, not the moment of indexing it.
fn timestamp(repomd: &Repomd) -> u64 {
    let others = repomd.records.iter().filter(|record| record.kind != RECORD_TYPE);
    others.filter_map(|record| record.timestamp).max().unwrap_or(0)
}

fn record(prefix: &str, pointer: &IndexFile, timestamp: u64) -> String {
    let IndexFile { name, size, sha256 } = pointer;
    let p = prefix;
    format!(
        "<{p}data type=\"{RECORD_TYPE}\">\n    \
         <{p}checksum type=\"sha256\">{sha256}</{p}checksum>\n    \
         <{p}location href=\"repodata/{name}\"/>\n    \
         <{p}timestamp>{timestamp}</{p}timestamp>\n    \
         <{p}size>{size}</{p}size>\n  \
         </{p}data>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Limits, Opened, Report, Stated, repomd};

    fn read(text: &str) -> Repomd {
        let limits = Limits::default();
        let opened = Opened::stream("repomd.xml", text.as_bytes(), Stated::default(), &limits);
        repomd::read(opened.unwrap(), &limits, &mut Report::new(9)).unwrap()
    }

    fn pointer(letter: &str) -> IndexFile {
        let sha256 = letter.repeat(64);
        IndexFile { name: format!("{sha256}-modex.json"), size: 700, sha256 }
    }

    const DATA: &str =
        "<data type=\"primary\"><location href=\"p\"/><timestamp>17</timestamp></data>";

    #[test]
    fn nothing_else_changes() {
        for text in [
            format!("<?xml version=\"1.0\"?>\n<repomd>\n  {DATA}\n</repomd>\n"),
            format!("<repomd>{DATA}</repomd>"),
            format!(
                "\u{feff}<repomd xmlns=\"x\">\r\n{DATA}\r\n <!-- end -->\r\n</repomd >\r\n\r\n"
            ),
        ] {
            let once = with_pointer(&read(&text), &pointer("a"));
            let repomd = read(&once);
            let ours = repomd.record("modex").unwrap();
            assert_eq!(ours.location, format!("repodata/{}-modex.json", "a".repeat(64)));
            assert_eq!((ours.size, ours.timestamp), (Some(700), Some(17)));
            assert_eq!(once.replacen(&format!("  {}\n", &once[ours.range.clone()]), "", 1), text);
            assert_eq!(with_pointer(&repomd, &pointer("a")), once, "again");
            let other = with_pointer(&repomd, &pointer("b"));
            assert_eq!(other, with_pointer(&read(&text), &pointer("b")), "replaced");
            assert_eq!(with_pointer(&read(&other), &pointer("a")), once, "and back");
        }
    }

    #[test]
    fn a_prefix_is_kept() {
        let text = "<r:repomd xmlns:r=\"x\"><r:data type=\"primary\"><r:location href=\"p\"/>\
                    <r:timestamp>17</r:timestamp></r:data></r:repomd>";
        let once = with_pointer(&read(text), &pointer("a"));
        assert!(once.contains("<r:data type=\"modex\">\n    <r:checksum type"), "{once}");
        assert!(once.contains("<r:timestamp>17</r:timestamp>\n"), "{once}");
        assert!(once.ends_with("</r:data>\n</r:repomd>"), "{once}");
    }
}
