//! SPEC.md against the crate: `tests/spec_reader.py` was written from the text alone, so where the two disagree, one is wrong.

use crate::dump::dump;
use crate::golden;
use crate::parts::Parts;
use crate::sample::tiny_files;
use modex_formats::index::{FormatError, check};
use std::io::Write;
use std::process::{Command, Stdio};

/// The reader with these arguments, fed with these bytes; `None`, said aloud, where it cannot run here.
fn reader(test: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let skipped = |why: &str| {
        // Past the test harness, which would swallow it.
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {why}");
        None
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/spec_reader.py");
    let child = Command::new("python3")
        .arg(script)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else { return skipped("there is no python3") };
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feed = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap().unwrap();
    match output.status.code() {
        Some(0) => Some(output.stdout),
        Some(77) => skipped("there is no zstd command"),
        code => panic!("spec_reader.py ended with {code:?}"),
    }
}

#[test]
fn the_reader_of_the_text_reads_the_golden_files() {
    for name in
        ["hot", "warm", "cold", "modules-hot", "modules-cold", "orphans-hot", "installed-hot"]
    {
        let path = golden::folder(1).join(name);
        let test = format!("the_reader_of_the_text_reads_the_golden_files ({name})");
        let Some(json) = reader(&test, &[path.to_str().unwrap()], &[]) else { continue };
        let found: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let want = dump(&std::fs::read(&path).unwrap());
        for (key, want) in want.as_object().unwrap() {
            assert_eq!(&found[key], want, "{key} of {name}");
        }
        assert_eq!(found.as_object().unwrap().len(), want.as_object().unwrap().len());
    }
}

/// Both judge the same files sound, damaged, too new: thousands of files with right checksums and wrong content.
#[test]
fn the_reader_of_the_text_refuses_what_the_crate_refuses() {
    let mut input = Vec::new();
    let mut verdicts = Vec::new();
    let mut judge = |file: Vec<u8>, what: String| {
        input.extend_from_slice(&(file.len() as u64).to_le_bytes());
        verdicts.push((check::whole(&file), what));
        input.extend(file);
    };
    for (name, bytes) in tiny_files().into_iter().filter(|(name, _)| *name != "cold") {
        let parts = Parts::of(&bytes);
        for (at, (tag, section)) in parts.sections.iter().enumerate() {
            let mut try_section = |section: Vec<u8>, what: &str| {
                let mut parts = parts.clone();
                parts.sections[at].1 = section;
                judge(parts.to_bytes(), format!("{name}, {}: {what}", tag.escape_ascii()));
            };
            // Primes apart in the inner file, whose sections are tried as those of the outer one.
            for bit in (0..section.len() * 8).step_by(if section.len() > 400 { 5 } else { 1 }) {
                let mut flipped = section.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                try_section(flipped, &format!("bit {bit}"));
            }
            for width in 1..=8 {
                if section.len() >= width {
                    try_section(
                        section[..section.len() - width].to_vec(),
                        &format!("less {width}"),
                    );
                    let again = [section, &section[section.len() - width..]].concat();
                    try_section(again, &format!("again {width}"));
                }
                try_section([&section[..], &[0; 8][..width]].concat(), &format!("zeros {width}"));
                try_section([&section[..], &[255; 8][..width]].concat(), &format!("ones {width}"));
            }
        }
    }
    let count = verdicts.len();
    let test = "the_reader_of_the_text_refuses_what_the_crate_refuses";
    let Some(output) = reader(test, &["--verdicts"], &input) else { return };
    let output = String::from_utf8(output).unwrap();
    let mut sound = 0;
    for ((ours, what), theirs) in verdicts.iter().zip(output.lines()) {
        let agree = match ours {
            Ok(_) => theirs == "ok",
            Err(FormatError::NotOurs) => theirs == "not ours",
            Err(FormatError::TooNew { .. }) => theirs == "too new",
            Err(_) => theirs.starts_with("damaged"),
        };
        assert!(agree, "{what}: the crate says {ours:?}, the reader of the text says {theirs}");
        sound += usize::from(ours.is_ok());
    }
    assert_eq!(output.lines().count(), count);
    // Most content cannot be anything else; names, sizes and digests can.
    assert!(count > 5000 && sound > 100 && sound < count / 2, "{sound} of {count} are sound");
}
