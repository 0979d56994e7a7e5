//! Bytes that are not what they were, and bytes that never were right.

use crate::alloc::peak_of;
use crate::parts::Parts;
use crate::sample::{golden_files, put_pack, tiny_files};
use crate::seal::{ENTRY, HEADER, seal, seal_header};
use crate::touch::{open_any, open_cold, open_hot};
use modex_formats::index::section::reldeps::{DepId, RichDep, SimpleDep};
use modex_formats::index::section::texts::{PackageText, Record};
use modex_formats::index::{
    Cold, File, FileBuilder, FormatError, Hot, HotTables, Kind, NONE, Warm, check,
};
use modex_formats::rpm::RichOp;

fn open(bytes: &[u8]) -> Result<Kind, FormatError> {
    let kind = File::open(bytes)?.kind();
    match kind {
        Kind::Hot => Hot::open(bytes).map(|_| ())?,
        Kind::Warm => Warm::open(bytes).map(|_| ())?,
        Kind::Cold => Cold::open(bytes).map(|_| ())?,
    }
    Ok(kind)
}

/// No byte of a file is without meaning: every bit that turns is noticed by the check.
#[test]
fn every_flipped_bit_is_found() {
    let mut flips = 0;
    for (name, mut bytes) in tiny_files().into_iter().chain(golden_files()) {
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(check::whole(&bytes).is_err(), "bit {bit} of {name}");
            bytes[bit / 8] ^= 1 << (bit % 8);
            flips += 1;
        }
        assert!(check::whole(&bytes).is_ok());
    }
    assert!(flips > 100_000, "{flips}");
}

/// The cure of a truncated file is to fetch it again, so it must not even open.
#[test]
fn every_truncation_and_every_byte_too_many_is_found_when_opening() {
    for (name, bytes) in tiny_files().into_iter().chain(golden_files()) {
        for length in 0..bytes.len() {
            let error = open(&bytes[..length]).expect_err(name);
            assert_eq!(error == FormatError::NotOurs, length < 8, "{name}, {length} bytes");
        }
        for more in [vec![0], vec![0; 8], bytes.clone()] {
            assert!(open(&[&bytes[..], &more].concat()).is_err(), "{name}");
        }
    }
}

/// The same flips with all checksums made right: what an adversary, or a broken writer, would send. `open_any` calls every
/// accessor, and where the check passes it demands that writing the content again gives the same sections.
#[test]
fn every_flipped_bit_behind_right_checksums_is_harmless() {
    let (mut tried, mut sound) = (0, 0);
    for (_, bytes) in tiny_files() {
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            seal(&mut damaged);
            sound += usize::from(open_any(&damaged));
            tried += 1;
        }
    }
    // A digit of a size, a letter of a name: what no rule can know. All else is found.
    assert!(tried > 30_000 && sound < tried / 4, "{sound} of {tried} pass the check");
}

/// Numbers at the edges in the place of every aligned number of every section.
#[test]
fn every_number_replaced_by_one_at_an_edge_is_harmless() {
    let mut tried = 0;
    for (_, bytes) in tiny_files() {
        let parts = Parts::of(&bytes);
        for (at, (_, section)) in parts.sections.iter().enumerate() {
            for place in (0..section.len().saturating_sub(3)).step_by(4) {
                let was = u32::from_le_bytes(section[place..place + 4].try_into().unwrap());
                let edges = [0, 1, 63, 255, 1 << 28, 1 << 31, (1 << 31) | 1, NONE - 1, NONE];
                let near = [was.wrapping_add(1), was.wrapping_sub(1), section.len() as u32];
                for number in edges.into_iter().chain(near) {
                    let mut parts = parts.clone();
                    parts.sections[at].1[place..place + 4].copy_from_slice(&number.to_le_bytes());
                    open_any(&parts.to_bytes());
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 7_000, "{tried}");
}

/// Sections cut, stretched and swapped, behind a table of contents that knows it.
#[test]
fn sections_of_any_length_are_harmless() {
    for (_, bytes) in tiny_files() {
        let parts = Parts::of(&bytes);
        for at in 0..parts.sections.len() {
            let section = &parts.sections[at].1;
            let mut lengths: Vec<Vec<u8>> =
                (0..section.len()).map(|length| section[..length].to_vec()).collect();
            lengths.extend((1..=8).map(|more| [&section[..], &[0; 8][..more]].concat()));
            lengths.extend(parts.sections.iter().map(|(_, other)| other.clone()));
            for other in lengths {
                let mut parts = parts.clone();
                parts.sections[at].1 = other;
                open_any(&parts.to_bytes());
            }
            let mut without = parts.clone();
            let (tag, _) = &without.sections.remove(at);
            // A file with half of what belongs together is damaged, one without anything optional is not.
            let stands_alone = [*b"MOBS", *b"ORPH", *b"REQI", *b"MBLD", *b"MTRN"].contains(tag);
            let sound = check::whole(&without.to_bytes()).is_ok();
            assert_eq!(sound, stands_alone, "{}", tag.escape_ascii());
        }
    }
}

/// The middle of the big sample, where lists are long: every bit of some sections, checksums right.
#[test]
fn flips_in_long_lists_are_harmless() {
    let [(_, hot), (_, warm), ..] = golden_files();
    for (bytes, tags) in [
        (hot, &[*b"RECO", *b"NMPK", *b"RQBY", *b"EVRM", *b"RICH", *b"MDEP", *b"ARPK"][..]),
        (warm, &[*b"CSLN", *b"SZBG", *b"LOCD", *b"LOCX"]),
    ] {
        let parts = Parts::of(&bytes);
        for tag in tags {
            let length = parts.clone().section(tag).len();
            // Primes apart, so that every byte of a row and every bit of a byte has its turn.
            for bit in (0..length * 8).step_by(if length > 200 { 67 } else { 7 }) {
                let mut parts = parts.clone();
                parts.section(tag)[bit / 8] ^= 1 << (bit % 8);
                open_any(&parts.to_bytes());
            }
        }
    }
}

fn put(file: &mut [u8], at: usize, bytes: &[u8]) {
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

#[test]
fn tables_of_contents_that_lie() {
    let [(_, sound), ..] = tiny_files();
    let count = Parts::of(&sound).sections.len();
    let entry = |number: usize| HEADER + number * ENTRY;
    let row = |number: usize| sound[entry(number)..entry(number + 1)].to_vec();
    // What it is, and which bytes go where.
    type Case = (&'static str, Vec<(usize, Vec<u8>)>);
    let cases: Vec<Case> = vec![
        ("no section", vec![(12, vec![0; 4])]),
        ("one section less", vec![(12, (count as u32 - 1).to_le_bytes().to_vec())]),
        ("one section more", vec![(12, (count as u32 + 1).to_le_bytes().to_vec())]),
        ("more sections than allowed", vec![(12, 257u32.to_le_bytes().to_vec())]),
        ("endless sections", vec![(12, vec![255; 4])]),
        ("a section twice", vec![(entry(1), row(0)[..4].to_vec())]),
        ("two sections overlap", vec![(entry(1) + 8, row(0)[8..16].to_vec())]),
        ("sections out of order", vec![(entry(0), row(1)), (entry(1), row(0))]),
        ("a section in the header", vec![(entry(0) + 8, vec![0; 8])]),
        ("a section far behind the end", vec![(entry(2) + 8, vec![255; 8])]),
        ("an endless section", vec![(entry(2) + 16, vec![255; 8])]),
        (
            "offset and length that sum up to 0",
            vec![(entry(count - 1) + 16, {
                let offset = u64::from_le_bytes(row(count - 1)[8..16].try_into().unwrap());
                offset.wrapping_neg().to_le_bytes().to_vec()
            })],
        ),
        ("a reserved flag", vec![(entry(3) + 4, vec![3])]),
        ("a reserved number", vec![(entry(3) + 28, vec![1])]),
        ("reserved bytes of the header", vec![(56, vec![1])]),
        ("a version that never was", vec![(8, vec![0, 0])]),
        ("an unknown kind", vec![(10, vec![4, 0])]),
        ("no kind", vec![(10, vec![0, 0])]),
        ("a longer file", vec![(16, (sound.len() as u64 + 1).to_le_bytes().to_vec())]),
        ("an endless file", vec![(16, vec![255; 8])]),
    ];
    for (what, changes) in cases {
        let mut file = sound.clone();
        changes.iter().for_each(|(at, bytes)| put(&mut file, *at, bytes));
        seal_header(&mut file);
        let error = open(&file).expect_err(what);
        assert!(matches!(error, FormatError::Damaged { .. }), "{what}: {error}");
        open_any(&file);
    }
    let mut unsealed = sound.clone();
    put(&mut unsealed, 24, &[0]);
    assert!(open(&unsealed).unwrap_err().to_string().contains("header checksum"));
    let mut padding = sound.clone();
    let number = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap()) as usize;
    let place = |at: usize| (number(&row(at)[8..16]), number(&row(at)[16..24]));
    let (start, length) =
        (0..count).map(place).find(|(_, length)| length % 8 != 0).expect("a section with padding");
    put(&mut padding, start + length, &[1]);
    assert!(open(&padding).is_ok());
    assert!(check::whole(&padding).unwrap_err().to_string().contains("padding"));
}

#[test]
fn four_states_and_a_wrong_kind() {
    let [(_, hot), (_, warm), _] = tiny_files();
    for bytes in [&b""[..], b"\x8dMODEX\r", b"<?xml version='1.0'?>", &[0; 64]] {
        assert_eq!(open(bytes), Err(FormatError::NotOurs));
    }
    assert!(matches!(open(b"\x8dMODEX\r\n"), Err(FormatError::Damaged { .. })));
    let wrong = FormatError::WrongKind { found: Kind::Warm, wanted: Kind::Hot };
    assert_eq!(Hot::open(&warm).err(), Some(wrong));

    // Too new: nothing behind the version is looked at.
    let mut newer = hot.clone();
    put(&mut newer, 8, &[2, 0]);
    put(&mut newer, 16, &[0xee; 48]);
    let want = FormatError::TooNew { found: "2".into(), supported: 1 };
    assert_eq!(open(&newer), Err(want.clone()));
    assert_eq!(check::whole(&newer), Err(want));

    let with = |required: bool| {
        let parts = Parts::of(&hot);
        let mut out = FileBuilder::new(Kind::Hot, parts.source);
        for (tag, bytes) in &parts.sections {
            out.required(*tag, bytes.clone());
        }
        match required {
            true => out.required(*b"NEWS", vec![1]),
            false => out.optional(*b"NEWS", vec![1]),
        }
        out.finish()
    };
    assert_eq!(check::whole(&with(false)), Ok(Kind::Hot));
    assert!(open_hot(&with(false)));
    let error = check::whole(&with(true)).unwrap_err();
    assert!(
        matches!(&error, FormatError::TooNew { found, .. } if found.contains("NEWS")),
        "{error}"
    );
}

/// One name, one simple dependency, and these boolean ones.
fn boolean(rows: impl IntoIterator<Item = RichDep>) -> Vec<u8> {
    let tables = HotTables {
        names: vec!["a".into()],
        simple: vec![SimpleDep { name: 0, version: None, file: false }],
        rich: rows.into_iter().collect(),
        ..HotTables::default()
    };
    tables.to_bytes([0; 32]).unwrap()
}

fn both(left: DepId, right: DepId) -> RichDep {
    RichDep { op: RichOp::And, left, right, otherwise: None }
}

const ATOM: DepId = DepId(0);

/// Files that broke an earlier state of the crate, or would break a careless reader, by the names of what they do. The replay test
/// has them as files.
pub(crate) fn named_inputs() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let last = |row: u32| match row {
        0 => ATOM,
        row => DepId::rich(row - 1),
    };
    let doubled = boolean((0..40).map(|row| both(last(row), last(row))));
    let deep = boolean((0..10_000).map(|row| both(last(row), ATOM)));
    let itself = boolean([both(DepId::rich(0), ATOM)]);
    let [(_, hot), (_, warm), (_, cold)] = tiny_files();
    let change = |file: &[u8], tag: &[u8; 4], change: &dyn Fn(&mut Vec<u8>)| {
        let mut parts = Parts::of(file);
        change(parts.section(tag));
        parts.to_bytes()
    };
    let padded = change(&hot, b"NMPK", &|lists| {
        let lengths = 8 + 4 + u32::from_le_bytes(lists[..4].try_into().unwrap()) as usize;
        assert_ne!(lengths % 4, 0, "there is padding");
        lists[lengths] = 1;
    });
    // A frame of a few hundred bytes that says it holds 1 TiB, and one that holds 64 MiB of nothing.
    let bomb = change(&cold, b"PTXT", &|pack| {
        let frame = zstd::bulk::compress(&vec![0; 64 << 20], 19).unwrap();
        pack.truncate(12);
        pack.extend_from_slice(&(frame.len() as u32).to_le_bytes());
        pack.extend(frame);
    });
    let liar = change(&cold, b"PTXT", &|pack| {
        // A single segment frame with an 8 byte content size of 1 TiB and one empty raw block.
        let frame = [&[0x28, 0xb5, 0x2f, 0xfd, 0xe0][..], &(1u64 << 40).to_le_bytes(), &[1, 0, 0]];
        let frame = frame.concat();
        pack.truncate(12);
        pack.extend_from_slice(&(frame.len() as u32).to_le_bytes());
        pack.extend(frame);
    });
    let two_frames = change(&cold, b"PTXT", &|pack| {
        pack.extend_from_slice(&[0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
        let end = u32::from_le_bytes(pack[12..16].try_into().unwrap()) + 8;
        pack[12..16].copy_from_slice(&end.to_le_bytes());
    });
    let many = change(&cold, b"PATH", &|pack| {
        pack[..4].copy_from_slice(&NONE.to_le_bytes());
    });
    vec![
        ("open_hot", "rich-doubles-forty-times", doubled),
        ("open_hot", "rich-chain-of-10000", deep),
        ("open_hot", "rich-contains-itself", itself),
        ("open_hot", "lists-padding-not-zero", padded),
        ("open_hot", "lists-endless-count", change(&hot, b"REQS", &|l| l[..8].fill(255))),
        ("open_hot", "strings-endless-count", change(&hot, b"NAMS", &|s| s[..4].fill(255))),
        (
            "open_hot",
            "inner-file-is-itself-outer",
            change(&hot, b"MSLV", &|inner| {
                inner.clone_from(&hot);
            }),
        ),
        (
            "open_hot",
            "requirers-of-nothing-stated",
            change(&hot, b"RQBY", &|lists| {
                let end = lists.len() - 1;
                lists[end] ^= 0x80;
            }),
        ),
        (
            "open_warm",
            "size-of-a-big-package-missing",
            change(&warm, b"SZBG", &|rows| rows.clear()),
        ),
        ("open_warm", "checksums-of-no-algorithm", change(&warm, b"CSLN", &|l| l[0] = 17)),
        (
            "open_warm",
            "file-name-leaves-its-folder",
            change(&warm, b"LOCN", &|names| {
                let end = names.len() - 1;
                names[end] = b'/';
            }),
        ),
        ("open_cold", "zstd-bomb", bomb),
        ("open_cold", "zstd-frame-says-one-tebibyte", liar),
        ("open_cold", "zstd-frame-with-another-behind", two_frames),
        ("open_cold", "pack-endless-count", many),
    ]
}

/// The files that the replay test plays are these. One that is missing is written; one that is there is never changed.
#[test]
fn named_inputs_are_committed() {
    let fuzz = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let attacks = named_inputs()
        .into_iter()
        .map(|(target, name, bytes)| (fuzz.join("artifacts").join(target).join(name), bytes));
    let seeds = tiny_files()
        .into_iter()
        .map(|(name, bytes)| (fuzz.join("seeds").join(format!("open_{name}")).join("tiny"), bytes));
    for (path, bytes) in attacks.chain(seeds) {
        if !path.exists() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &bytes).unwrap();
        }
    }
}

#[test]
fn known_attacks_are_refused_in_little_memory() {
    for (_, name, bytes) in named_inputs() {
        let (sound, peak) = peak_of(|| open_any(&bytes));
        assert!(!sound, "{name}");
        assert!(peak < 32 * bytes.len() + (64 << 20), "{name} takes {peak} bytes");
    }
}

/// The bound on operands holds exactly.
#[test]
fn boolean_dependencies_end_at_512_operands() {
    let chain = |operands: u32| {
        let rows = (0..operands - 1).map(|row| match row {
            0 => both(ATOM, ATOM),
            row => both(ATOM, DepId::rich(row - 1)),
        });
        boolean(rows)
    };
    let file = chain(512);
    assert_eq!(check::whole(&file), Ok(Kind::Hot));
    assert!(Hot::open(&file).unwrap().dependency(DepId::rich(510)).is_ok());
    let file = chain(513);
    assert!(check::whole(&file).is_err());
    // Not checked, an expression twice as large is still cut off.
    let file = chain(1025);
    let hot = Hot::open(&file).unwrap();
    assert!(hot.dependency(DepId::rich(1023)).is_err());
}

/// Many statements that share one large expression: every one of them spells out 512 operands, none of which need be kept.
#[test]
fn checking_takes_memory_by_the_length_of_the_file() {
    let rows = (0..511).map(|row| match row {
        0 => both(ATOM, ATOM),
        row => both(DepId::rich(row - 1), ATOM),
    });
    let mut tables = HotTables {
        names: vec!["a".into()],
        evrs: vec!["1".into()],
        simple: vec![SimpleDep { name: 0, version: None, file: false }],
        rich: rows.collect(),
        ..HotTables::default()
    };
    let package = modex_formats::index::section::packages::Package {
        name: 0,
        evr: 0,
        arch: 0,
        provides_own_name: true,
    };
    tables.packages = vec![package];
    // Each with 512 operands, all of them different rows.
    let top = DepId::rich(509);
    tables.rich.extend((0..2000).map(|_| both(top, ATOM)));
    tables.statements[0] = (511..2511).map(DepId::rich).collect();
    tables.ends = std::array::from_fn(|kind| vec![if kind == 0 { 2000 } else { 0 }]);
    let file = tables.to_bytes([0; 32]).unwrap();
    let (checked, peak) = peak_of(|| check::whole(&file));
    assert_eq!(checked, Ok(Kind::Hot));
    assert!(peak < 32 * file.len() + (4 << 20), "{peak} bytes for {}", file.len());

    for (name, bytes) in golden_files() {
        let ((), peak) = peak_of(|| assert!(open(&bytes).is_ok()));
        assert!(peak < 4096, "opening {name} takes {peak} bytes");
        let (_, peak) = peak_of(|| check::whole(&bytes));
        assert!(peak < 32 * bytes.len() + (1 << 20), "checking {name} takes {peak} bytes");
    }
}

/// The most memory a record can be made to take: a block full of the shortest records.
#[test]
fn a_block_of_records_takes_less_than_64_mib() {
    let wide = PackageText { summary: "x".repeat(4 << 20), ..PackageText::default() };
    let mut out = FileBuilder::new(Kind::Cold, [0; 32]);
    put_pack(&mut out, vec![wide]);
    let pack = |tag: [u8; 4], per_block: u32| {
        assert!(tag != PackageText::TAG);
        [&0u32.to_le_bytes()[..], &per_block.to_le_bytes(), &0u32.to_le_bytes()].concat()
    };
    out.required(*b"MTXT", pack(*b"MTXT", 4));
    out.required(*b"GRPS", pack(*b"GRPS", 16));
    out.required(*b"PATH", pack(*b"PATH", 256));
    let bytes = out.finish();
    let (sound, peak) = peak_of(|| open_cold(&bytes));
    assert!(sound && peak < 64 << 20, "{peak}");

    // A group of seven empty lists takes more memory than bytes.
    let texts = vec![String::new(); 174_762];
    let module = modex_formats::index::section::texts::ModuleText {
        api: texts.clone(),
        filter: texts.clone(),
        module_licenses: texts.clone(),
        content_licenses: texts,
        ..Default::default()
    };
    let mut out = FileBuilder::new(Kind::Cold, [0; 32]);
    out.required(*b"PTXT", [&0u32.to_le_bytes()[..], &64u32.to_le_bytes(), &[0; 4]].concat());
    put_pack(&mut out, vec![module]);
    out.required(*b"GRPS", pack(*b"GRPS", 16));
    out.required(*b"PATH", pack(*b"PATH", 256));
    let bytes = out.finish();
    let (sound, peak) = peak_of(|| open_cold(&bytes));
    assert!(sound && peak < 64 << 20, "{peak}");
}
