//! Hostile and broken input: an error that says where, or a record that is reported and skipped; nothing half-written.

use crate::support::{
    Repo, gzip_bomb, index, indexed, package, primary, problems, record, requires,
};
use modex_generator::{Error, publish};
use std::fs;

/// Indexing fails, says this, and leaves the folder as it was.
fn refused(repo: &Repo, want: &str) -> Error {
    let before = repo.files();
    let error = match index(&[repo]) {
        Err(error) => error,
        Ok(published) => panic!("{want}: accepted: {:?}", problems(&published[0])),
    };
    let text = error.to_string();
    assert!(text.contains(want), "{want:?} is not in {text:?}");
    assert!(text.starts_with(&repo.path().display().to_string()), "which repository? {text}");
    assert!(repo.files() == before, "{want}: something was written");
    error
}

/// Indexing works, and one package of two is reported and left out.
fn dropped(bad: String, want: &str) {
    let repo = Repo::of(&[bad, package("good", "1", "x86_64", "")]);
    let (published, files) = indexed(&repo);
    assert_eq!(files.nevras(), ["good-0:1-1.x86_64"], "{want}");
    let told = problems(&published);
    assert!(told.len() == 1 && told[0].contains(want), "{want}: {told:?}");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    gzip_bomb("", bytes, 1, "")
}

fn good_primary() -> String {
    primary(&[package("a", "1", "x86_64", ""), package("b", "1", "x86_64", "")])
}

#[test]
fn no_repository() {
    let folder = tempfile::tempdir().unwrap();
    for (dir, want) in [("missing", "no such folder"), ("", "no repodata/repomd.xml")] {
        let error = publish::index(&[folder.path().join(dir)], &Default::default()).unwrap_err();
        assert!(error.to_string().contains(want) && error.hint().is_some(), "{error}");
    }
    let repo = Repo::of(&[]);
    let error = publish::index(&[repo.repodata()], &Default::default()).unwrap_err();
    assert!(error.hint().unwrap().contains("above"), "{error}");
    refused(&Repo::new().with("filelists", "f.xml", "<filelists/>"), "no usable primary");
}

#[test]
fn another_file_than_repomd_says() {
    let repo = Repo::of(&[package("a", "1", "x86_64", "")]);
    let path = repo.repodata().join("primary.xml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("About a", "About b")).unwrap();
    let error = refused(&repo, "primary.xml: its checksum is");
    assert!(error.hint().unwrap().contains("sync"));
    fs::remove_file(&path).unwrap();
    refused(&repo, "primary.xml: repomd.xml lists it, and it is not there");
}

#[test]
fn cut_and_flipped_documents() {
    let whole = gzip(good_primary().as_bytes());
    for length in [0, 5, whole.len() / 2, whole.len() - 1] {
        // As the mirror has it: repomd.xml describes the whole file.
        let repo = Repo::new().with("primary", "primary.xml.gz", whole.clone());
        fs::write(repo.repodata().join("primary.xml.gz"), &whole[..length]).unwrap();
        refused(&repo, "primary.xml.gz");
        // As the publisher made it.
        refused(&Repo::new().with("primary", "primary.xml.gz", &whole[..length]), "primary.xml.gz");
    }
    for at in (10..whole.len()).step_by(29) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        let repo = Repo::new().with("primary", "primary.xml.gz", whole.clone());
        fs::write(repo.repodata().join("primary.xml.gz"), flipped).unwrap();
        refused(&repo, "primary.xml.gz");
    }
    let xml = good_primary();
    for length in (1..xml.len() - 12).step_by(97) {
        refused(&Repo::new().with("primary", "primary.xml", &xml[..length]), "primary.xml");
    }
}

#[test]
fn xml_bombs() {
    let entities = "<?xml version=\"1.0\"?><!DOCTYPE metadata [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\
                    <metadata packages=\"1\">&b;</metadata>";
    refused(&Repo::new().with("primary", "primary.xml", entities), "entities");
    let deep = package("a", "1", "x86_64", &"<x>".repeat(100_000));
    refused(&Repo::of(&[deep]), "depth");
    let bomb = gzip_bomb(
        "<metadata packages=\"1\"><package type=\"rpm\"><name a=\"",
        &vec![b'a'; 16 << 20],
        64,
        "\">x</name></package></metadata>",
    );
    assert!(bomb.len() < 2 << 20);
    let repo = Repo::new().with("primary", "primary.xml.gz", bomb);
    let published = index(&[&repo]).map(|published| problems(&published[0]));
    // Larger than a package may be: dropped; or than the document may be: refused.
    let told = published.map_or_else(|error| error.to_string(), |told| told.join("\n"));
    assert!(told.contains("limit"), "{told}");
}

#[test]
fn a_gzip_bomb() {
    let spaces = vec![b' '; 16 << 20];
    let bomb = gzip_bomb("<metadata packages=\"0\">", &spaces, 256, "</metadata>");
    refused(&Repo::new().with("primary", "primary.xml.gz", bomb), "limit");
}

#[test]
fn yaml_bombs() {
    let good = || Repo::of(&[package("a", "1", "x86_64", "")]);
    let aliases = "---\ndocument: modulemd\nversion: 2\ndata:\n  a: &a [x,x,x,x,x,x,x,x,x]\n"
        .to_string()
        + &(0..20)
            .map(|n| {
                format!(
                    "  b{n}: &b{n} [*{p},*{p},*{p},*{p},*{p},*{p}]\n",
                    p = if n == 0 { "a".into() } else { format!("b{}", n - 1) }
                )
            })
            .collect::<String>();
    let nested = format!("---\ndocument: modulemd\nversion: 2\ndata: {}\n", "[".repeat(200_000));
    for yaml in [aliases, nested, "--- [".into(), "\u{1}\u{2}".into()] {
        let (published, files) = indexed(&good().with("modules", "modules.yaml", yaml));
        assert_eq!((files.nevras().len(), files.hot().modules.len()), (1, 0));
        assert_eq!(published.report.dropped, 1, "{:?}", problems(&published));
    }
    let bomb = gzip_bomb("--- \"", &vec![b'a'; 16 << 20], 64, "\"\n");
    refused(&good().with("modules", "modules.yaml.gz", bomb), "limit");
    let repo = good().with("modules", "modules.yaml", "---\n");
    fs::remove_file(repo.repodata().join("modules.yaml")).unwrap();
    refused(&repo, "modules.yaml: repomd.xml lists it, and it is not there");
}

#[test]
fn what_a_mirror_may_leave_out() {
    let repo = Repo::of(&[package("a", "1", "x86_64", &requires(&["/usr/share/x"]))])
        .with("filelists", "filelists.xml", "gone")
        .with("group", "comps.xml", "gone");
    fs::remove_file(repo.repodata().join("filelists.xml")).unwrap();
    fs::remove_file(repo.repodata().join("comps.xml")).unwrap();
    let (published, _) = indexed(&repo);
    assert_eq!((published.report.doubted, published.report.dropped), (2, 0));
    // What is there must be whole.
    let broken = Repo::of(&[]).with("group", "comps.xml", "<comps><group>");
    refused(&broken, "comps.xml");
    let asked = Repo::of(&[package("a", "1", "x86_64", &requires(&["/usr/share/x"]))]);
    refused(&asked.with("filelists", "filelists.xml", "<filelists><package"), "filelists.xml");
}

#[test]
fn records_that_lead_elsewhere() {
    for (location, want) in [
        ("/etc/passwd", "absolute"),
        ("../other/primary.xml", "leaves"),
        ("repodata/../../x", "leaves"),
        ("http://host/primary.xml", "scheme"),
    ] {
        let repo = Repo::of(&[]);
        let repomd = record("primary", location, b"");
        fs::write(repo.repodata().join("repomd.xml"), format!("<repomd>{repomd}</repomd>"))
            .unwrap();
        let error = refused(&repo, "no usable primary");
        assert!(error.hint().is_some(), "{want}");
    }
    let repo = Repo::of(&[]);
    repo.edit_repomd("<location ", "<location xml:base=\"http://host/\" ");
    refused(&repo, "lies somewhere else");
}

#[test]
fn packages_that_lead_elsewhere() {
    let bad = |location: &str| {
        package("bad", "1", "x86_64", "").replace("Packages/bad-1-1.x86_64.rpm", location)
    };
    dropped(bad("/etc/passwd"), "absolute");
    dropped(bad("Packages/../../bad.rpm"), "leaves");
    dropped(bad("http://host/bad.rpm"), "scheme");
    dropped(bad(""), "location");
    let based = |base: &str| {
        bad("bad.rpm").replace("<location ", &format!("<location xml:base=\"{base}\" "))
    };
    dropped(based("http://host/../.."), "climbs");
    dropped(based("/srv"), "neither an address nor a folder");
}

#[test]
fn packages_that_are_none() {
    let good = package("bad", "1", "x86_64", "");
    dropped(good.replace("<name>bad</name>", "<name></name>"), "no name");
    dropped(good.replace("sha256", "md5"), "unknown type");
    dropped(good.replace("size package=\"10\"", "size package=\"-1\""), "no number");
    dropped(
        good.replace("epoch=\"0\" ver=\"1\" rel=\"1\"/><check", "epoch=\"x\" ver=\"1\"/><check"),
        "epoch",
    );
    let text = good.replace("All about", "\u{fffd}\u{fffd}");
    let repo = Repo::new();
    let mut bytes = primary(&[text, package("good", "1", "x86_64", "")]).into_bytes();
    let at = bytes.windows(3).position(|window| window == "\u{fffd}".as_bytes()).unwrap();
    bytes[at] = 0xff;
    let (published, files) = indexed(&repo.with("primary", "primary.xml", bytes));
    assert_eq!(files.nevras(), ["good-0:1-1.x86_64"]);
    assert!(problems(&published)[0].contains("UTF-8"));
}

#[test]
fn texts_as_long_as_they_may_be() {
    // Everything at its limit in every package of a block, and names that fill their offsets.
    let long = "x".repeat(1 << 20);
    let name = "n".repeat(32 << 10);
    let one = |number: usize| {
        package(&format!("p{number}"), "1", "x86_64", &requires(&[&name]))
            .replace(&format!("All about p{number}."), &long)
            .replace(&format!("About p{number}"), &long)
            .replace("MIT", &long)
    };
    let packages: Vec<String> = (0..65).map(one).collect();
    let (published, files) = indexed(&Repo::of(&packages));
    assert_eq!(files.nevras().len(), 65);
    assert!(published.indexes[0].report.doubted >= 3 * 65);
    let longer = package("bad", "1", "x86_64", &requires(&[&"n".repeat(33 << 10)]));
    dropped(longer, "longer than the limit");
}

fn packed(bytes: &[u8]) -> [(&'static str, Vec<u8>); 5] {
    use std::io::Write;
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 1);
    xz.write_all(bytes).unwrap();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(bytes).unwrap();
    // As zstd and createrepo_c write it; without the checksum a flipped byte may pass for text.
    let mut zstd = zstd::Encoder::new(Vec::new(), 3).unwrap();
    zstd.include_checksum(true).unwrap();
    zstd.write_all(bytes).unwrap();
    [
        ("plain", bytes.to_vec()),
        ("gz", gzip(bytes)),
        ("xz", xz.finish().unwrap()),
        ("bz2", bzip2.finish().unwrap()),
        ("zst", zstd.finish().unwrap()),
    ]
}

/// Every kind of document in every compression, cut and flipped: as a mirror that holds another file than repomd.xml
/// says, and as a publisher that described a broken one.
#[test]
fn every_document_cut_and_flipped() {
    let asked = primary(&[package("a", "1", "x86_64", &requires(&["/usr/share/x"]))]);
    let modules = "---\ndocument: modulemd\nversion: 2\ndata:\n  name: m\n  stream: \"1\"\n  summary: s\n  \
                   description: d\n  license: {module: [MIT]}\n";
    let comps = "<comps><group><id>web</id><name>Web</name></group></comps>";
    let filelists = "<filelists packages=\"0\"></filelists>";
    let documents =
        [("primary", &asked[..]), ("modules", modules), ("group", comps), ("filelists", filelists)];
    for (kind, text) in documents {
        for (format, whole) in packed(text.as_bytes()) {
            let file = format!("{kind}.{format}");
            let with = |bytes: &[u8]| match kind {
                "primary" => Repo::new().with(kind, &file, bytes),
                _ => Repo::new().with("primary", "p.xml", asked.clone()).with(kind, &file, bytes),
            };
            let mut flipped = whole.clone();
            flipped[whole.len() * 2 / 3] ^= 0x41;
            for bad in [&whole[..whole.len() / 2], &whole[..0], &flipped] {
                let repo = with(&whole);
                fs::write(repo.repodata().join(&file), bad).unwrap();
                refused(&repo, &file);
                // A plain one may be changed into another that can be read.
                if format != "plain" && !bad.is_empty() {
                    refused(&with(bad), &file);
                }
            }
        }
    }
}

#[test]
fn a_broken_repomd() {
    let cases: [(&[u8], &str); 10] = [
        (b"", "no element"),
        (b"<repomd><data type=\"primary\">", "ends inside <data>"),
        (b"<repomd><revision>7</rev", "ends inside"),
        (b"not found", "not well-formed"),
        (b"<!DOCTYPE html><html></html>", "document type"),
        (b"<!DOCTYPE r [<!ENTITY a \"x\">]><repomd>&a;</repomd>", "document type"),
        (b"<repomd><revision>\xff</revision></repomd>", "UTF-8"),
        (b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><repomd></repomd>", "ISO-8859-1"),
        (b"<metadata/>", "not <repomd>"),
        (b"<repomd></repomd>", "no usable primary"),
    ];
    for (bytes, want) in cases {
        let repo = Repo::of(&[]);
        fs::write(repo.repodata().join("repomd.xml"), bytes).unwrap();
        refused(&repo, want);
    }
    let repo = Repo::of(&[]);
    let deep = format!("<repomd>{}", "<x>".repeat(100_000));
    fs::write(repo.repodata().join("repomd.xml"), deep).unwrap();
    refused(&repo, "depth");
}

#[test]
fn hostile_numbers_in_repomd() {
    let largest = u64::MAX.to_string();
    for (size, want) in [
        (&largest[..], "repomd.xml says 18446744073709551615"),
        ("18446744073709551616", "size is no number"),
        ("-1", "size is no number"),
    ] {
        let repo = Repo::of(&[]);
        let stated = fs::metadata(repo.repodata().join("primary.xml")).unwrap().len();
        repo.edit_repomd(&format!("<size>{stated}<"), &format!("<size>{size}<"));
        refused(&repo, want);
    }
    let repo = Repo::of(&[]);
    repo.edit_repomd("</data>", &format!("<open-size>{largest}</open-size></data>"));
    refused(&repo, "open size");
}

#[test]
fn the_first_of_two_primaries_is_read() {
    let repo = Repo::of(&[package("first", "1", "x86_64", "")]);
    let second = record("primary", "repodata/second.xml", b"");
    repo.edit_repomd("</repomd>", &format!("{second}</repomd>"));
    let (published, files) = indexed(&repo);
    assert_eq!(files.nevras(), ["first-0:1-1.x86_64"]);
    assert!(problems(&published)[0].contains("it comes twice"), "{:?}", problems(&published));
}

#[test]
fn another_number_of_packages_than_announced() {
    let text = good_primary();
    for (announced, doubts) in [("7", 1), ("0", 1), ("2", 0), ("18446744073709551616", 0), ("x", 0)]
    {
        let text = text.replace("packages=\"2\"", &format!("packages=\"{announced}\""));
        let (published, files) = indexed(&Repo::new().with("primary", "primary.xml", text));
        assert_eq!((files.nevras().len(), published.report.doubted), (2, doubts), "{announced}");
    }
    let (published, _) =
        indexed(&Repo::new().with("primary", "p.xml", text.replace(" packages=\"2\"", "")));
    assert!(published.report.is_clean());
}

#[test]
fn bytes_that_are_no_text() {
    let good = || Repo::of(&[package("a", "1", "x86_64", &requires(&["/usr/share/x"]))]);
    refused(&good().with("group", "comps.xml", b"<comps>\xff</comps>"), "comps.xml:1");
    let modules = b"---\ndocument: modulemd\nversion: 2\ndata: {summary: \xff}\n";
    let (published, _) = indexed(&good().with("modules", "modules.yaml", modules));
    assert!(problems(&published)[0].contains("UTF-8"), "{:?}", problems(&published));
    let filelists = b"<filelists><package pkgid=\"0a\" name=\"b\" arch=\"x\"><file>\xff</file></package></filelists>";
    let (published, _) = indexed(&good().with("filelists", "filelists.xml", filelists));
    assert!(problems(&published)[0].contains("UTF-8"), "{:?}", problems(&published));
    // Between packages nobody knows what is lost.
    let text = good_primary().replace("</package>\n<package", "</package>\u{1}<package");
    refused(&Repo::new().with("primary", "primary.xml", text), "primary.xml:3");
}

#[test]
fn gigabytes_in_one_place() {
    let block = vec![b'a'; 16 << 20];
    for (start, want) in [
        ("<metadata packages=\"1\"><package type=\"rpm\"><name>", "limit"),
        ("<metadata packages=\"", "what precedes the first package"),
        ("<metadata packages=\"0\"><!-- ", "limit"),
    ] {
        let bomb = gzip_bomb(start, &block, 64, "");
        refused(&Repo::new().with("primary", "primary.xml.gz", bomb), want);
    }
    let comps = gzip_bomb("<comps><group><id>", &block, 64, "");
    refused(&Repo::of(&[]).with("group", "comps.xml.gz", comps), "limit");
}

#[test]
fn what_is_wrong_with_the_primary_record_is_said() {
    let repo = Repo::of(&[]);
    repo.edit_repomd("repodata/primary.xml", "../primary.xml");
    refused(&repo, "record primary: the location leaves the repository");
}
