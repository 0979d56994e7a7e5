use super::*;
use crate::source::{Fault, Stated};
use proptest::prelude::*;

/// A package with everything that is needed, `extra` inside it and `format` inside its format element.
fn package(name: &str, extra: &str, format: &str) -> String {
    format!(
        "<package type=\"rpm\">\n<name>{name}</name><arch>x86_64</arch><version epoch=\"0\" ver=\"1\" rel=\"2\"/>\
         <checksum type=\"sha256\" pkgid=\"YES\">{}</checksum><location href=\"{name}.rpm\"/>{extra}\n\
         <format>{format}</format></package>\n",
        "ab".repeat(32)
    )
}

fn document(packages: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metadata xmlns=\"common\" xmlns:rpm=\"rpm\" packages=\"{}\">\n{}</metadata>\n",
        packages.len(),
        packages.concat()
    )
}

/// Everything about every package, a line for each fact.
fn facts(
    bytes: &[u8],
    jobs: usize,
    piece_bytes: usize,
    limits: &Limits,
) -> (Result<Vec<String>, Error>, Report) {
    let mut report = Report::new(limits.problems);
    let mut found = Vec::new();
    let outcome =
        Opened::stream("primary.xml", bytes, Stated::default(), limits).and_then(|opened| {
            read_pieces(opened, Plan { jobs, piece_bytes, limits }, &mut report, |chunk| {
                for p in chunk.packages() {
                    let (kind, sum) = p.checksum();
                    found.push(format!("{}: {} {} {sum}", p.line(), p.nevra(), kind.name()));
                    found.push(format!(
                        "{:?} {:?} {:?} {:?}",
                        p.summary(),
                        p.description(),
                        p.url(),
                        p.licence()
                    ));
                    found.push(format!(
                        "{:?} {:?} {:?} {:?}",
                        p.vendor(),
                        p.source_rpm(),
                        p.location(),
                        p.base()
                    ));
                    let sizes =
                        [p.package_bytes(), p.installed_bytes(), p.archive_bytes(), p.build_time()];
                    found.push(format!("{sizes:?}"));
                    found.extend(p.entries().map(|e| {
                        format!("{} {} {} {}", e.kind.name(), e.name, e.relation.sign(), e.evr)
                    }));
                    found.extend(p.files().map(|(path, kind)| format!("{kind:?} {path}")));
                }
                Ok::<_, Error>(())
            })
        });
    (outcome.map(|_| found), report)
}

fn read_text(text: &str) -> (Result<Vec<String>, Error>, Report) {
    facts(text.as_bytes(), 1, 1 << 20, &Limits::default())
}

#[test]
fn everything_a_package_says() {
    let text = document(&[package(
        "foo",
        "<summary>A &lt;b&gt; &#38; c</summary><description>two\r\nlines <![CDATA[<&>]]></description><packager>x &amp; y</packager>\
         <url>http://u/?a&amp;b</url><time file=\"7\" build=\"1700000000\"/><size package=\"1\" installed=\"2\" archive=\"3\"/>",
        "<rpm:license>MIT</rpm:license><rpm:vendor>V</rpm:vendor><rpm:group>g</rpm:group><rpm:sourcerpm>foo.src.rpm</rpm:sourcerpm>\
         <rpm:header-range start=\"1\" end=\"2\"/>\
         <rpm:provides><rpm:entry name=\"foo\" flags=\"EQ\" epoch=\"0\" ver=\"1\" rel=\"2\"/>\
         <rpm:entry name='foo(&quot;x&quot;)' flags='EQ' epoch='00' ver='1' rel='2'></rpm:entry></rpm:provides>\
         <rpm:requires><rpm:entry name=\"/bin/sh\" pre=\"1\"/><rpm:entry name=\"rpmlib(X)\" flags=\"LE\" ver=\"4\"/>\
         <rpm:entry name=\"bar\" flags=\"GE\" epoch=\"01\" ver=\"2&gt;\"/><rpm:entry name=\"(a or b)\"/></rpm:requires>\
         <rpm:conflicts/><rpm:obsoletes><rpm:entry name=\"old\" flags=\"LT\" ver=\"3\"/></rpm:obsoletes>\
         <rpm:enhances><rpm:entry name=\"e\" ver=\"1\"/></rpm:enhances><rpm:supplements><rpm:entry name=\"s\"/></rpm:supplements>\
         <rpm:recommends><rpm:entry name=\"r\"/></rpm:recommends><rpm:suggests><rpm:entry name=\"t\"/></rpm:suggests>\
         <file>/a&amp;b</file><file type=\"dir\">/d</file><file type=\"ghost\">/g</file><unknown><file>/no</file></unknown>",
    )]);
    let (found, report) = read_text(&text);
    let sum = "ab".repeat(32);
    assert_eq!(
        found.unwrap(),
        [
            &format!("3: foo-0:1-2.x86_64 sha256 {sum}"),
            r#""A <b> & c" "two\nlines <&>" "http://u/?a&b" "MIT""#,
            r#""V" "foo.src.rpm" "foo.rpm" None"#,
            "[1, 2, 3, 1700000000]",
            "provides foo = 1-2",
            "provides foo(\"x\") = 1-2",
            "requires /bin/sh  ",
            "requires bar >= 1:2>",
            "requires (a or b)  ",
            "obsoletes old < 3",
            "enhances e  ",
            "supplements s  ",
            "recommends r  ",
            "suggests t  ",
            "File /a&b",
            "Dir /d",
            "Ghost /g",
        ]
    );
    assert!(report.is_clean(), "{report:?}");
}

#[test]
fn versions_are_joined_as_formats_joins_them() {
    for (epoch, ver, rel) in [
        ("", "1", ""),
        ("0", "1", "2"),
        ("00", "1", ""),
        ("3", "1", "2"),
        ("03", "1~a", "2^b"),
        ("4", "1", ""),
    ] {
        let entry = format!("<entry name='n' flags='EQ' epoch='{epoch}' ver='{ver}' rel='{rel}'/>");
        let text = document(&[package("foo", "", &format!("<requires>{entry}{entry}</requires>"))]);
        let want = format!("requires n = {}", modex_formats::rpm::Evr::join(epoch, ver, rel));
        assert_eq!(read_text(&text).0.unwrap()[4..], [want.clone(), want]);
    }
}

#[test]
fn bad_packages_are_left_out_and_reported() {
    let good = package("good", "", "");
    let spoil = |from: &str, to: &str| good.replace("good", "bad").replacen(from, to, 1);
    let entry = |attributes: &str| {
        package("bad", "", &format!("<requires><entry {attributes}/></requires>"))
    };
    for (bad, why) in [
        (spoil("<name>bad</name>", ""), "no name"),
        (spoil("<name>bad</name>", "<name>b d</name>"), "white space"),
        (spoil("<name>bad</name>", "<name>bad</name><name>x</name>"), "two names"),
        (spoil("<arch>x86_64</arch>", "<arch></arch>"), "no architecture"),
        (spoil("ver=\"1\"", ""), "no version"),
        (spoil("epoch=\"0\"", "epoch=\"x\""), "epoch"),
        (spoil("epoch=\"0\"", "epoch=\"4294967296\""), "epoch"),
        (spoil("<version", "<version ver='1'/><version"), "two versions"),
        (spoil("<location href=\"bad.rpm\"/>", ""), "no location"),
        (spoil("href=\"bad.rpm\"", "href=\"/bad.rpm\""), "absolute"),
        (spoil("href=\"bad.rpm\"", "href=\"a/../../bad.rpm\""), "leaves"),
        (spoil("href=\"bad.rpm\"", "href=\"http://h/bad.rpm\""), "scheme"),
        (spoil("abab", "ab"), "checksum"),
        (spoil("abab", "abxx"), "checksum"),
        (spoil("sha256", "md5"), "md5"),
        (
            spoil("<checksum type=\"sha256\" pkgid=\"YES\">", "<x>").replace("</checksum>", "</x>"),
            "no checksum",
        ),
        (spoil("</name>", "</name><size package='-1'/>"), "package size"),
        (spoil("</name>", "</name><size installed='1e3'/>"), "installed size"),
        (spoil("</name>", "</name><time build='+1'/>"), "build time"),
        (spoil("</name>", "</name><summary>&nbsp;</summary>"), "entity"),
        (spoil("</name>", "</name><summary>&#1;</summary>"), "character"),
        (spoil("</name>", "</name><summary>a & b</summary>"), "stands alone"),
        (spoil("</name>", "</name><summary><b/></summary>"), "inside a text"),
        (entry("flags='EQ' ver='1'"), "no name"),
        (entry("name='n' flags='NE' ver='1'"), "NE"),
        (entry("name='n' flags='EQ' ver='1' epoch='-1'"), "epoch"),
        (entry("name='&x;'"), "entity"),
        (package("bad", "<summary>\u{1}</summary>", ""), "not UTF-8"),
    ] {
        let text = document(&[good.clone(), bad.clone(), good.clone()]);
        let (found, report) = read_text(&text);
        let found = found.unwrap_or_else(|error| panic!("{why}: {error}"));
        assert_eq!(found.iter().filter(|fact| fact.contains(" good-0:1-2")).count(), 2, "{bad}");
        assert_eq!((report.dropped, report.doubted), (1, 0), "{why}: {report:?}");
        let problem = report.problems[0].to_string();
        assert!(
            problem.starts_with("primary.xml:6: ") && problem.contains(why),
            "{why}: {problem}"
        );
    }
}

#[test]
fn doubts_keep_the_package() {
    let entry = "<requires><entry name='n' flags='EQ'/></requires>";
    let text = document(&[package("foo", "", entry), package("bar", "", "<file>relative</file>")]);
    let (found, report) = read_text(&text);
    let found = found.unwrap();
    assert!(
        found.contains(&"requires n  ".into())
            && !found.iter().any(|fact| fact.contains("relative"))
    );
    assert_eq!((report.dropped, report.doubted), (0, 2));
    let (_, report) = read_text(&document(&[]).replace("\"0\"", "\"3\""));
    assert_eq!(report.problems[0].what, "it announces 3 packages and has 0");
}

#[test]
fn bytes_that_are_no_text_cost_their_package_only() {
    let text = document(&[package("a", "<summary>\u{1}\u{2}</summary>", ""), package("b", "", "")]);
    let bytes: Vec<u8> = text
        .bytes()
        .map(|byte| {
            if byte == 1 {
                0xff
            } else if byte == 2 {
                0xc3
            } else {
                byte
            }
        })
        .collect();
    let (found, report) = facts(&bytes, 2, 100, &Limits::default());
    assert_eq!(found.unwrap().len(), 4);
    assert_eq!(report.problems[0].subject, "a-0:1-2.x86_64");
    let between = document(&[package("a", "", ""), "\u{1}".into(), package("b", "", "")]);
    assert!(matches!(
        read_text(&between).0.unwrap_err(),
        Error { fault: Fault::NotText, line: Some(6), .. }
    ));
    assert!(matches!(read_text(&(document(&[]) + "\u{1}")).0.unwrap_err().fault, Fault::NotText));
}

#[test]
fn broken_documents_are_errors() {
    let whole = document(&[package("a", "", ""), package("b", "", "")]);
    for end in 0..whole.len() - 1 {
        if whole.is_char_boundary(end) && end < whole.trim_end().len() {
            assert!(read_text(&whole[..end]).0.is_err(), "cut at {end}");
        }
    }
    let cases = [
        ("<metadata", "<!DOCTYPE metadata [<!ENTITY x \"y\">]><metadata"),
        ("<metadata", "<other"),
        ("<package type", "<!DOCTYPE x><package type"),
        ("<package type", "<x:package type"),
        ("<package type", "<package><package type"),
        ("</package>", "</pakage>"),
        ("</format>", "</form></format>"),
        ("</metadata>", "</metadata><package></package>"),
        ("</metadata>", "</metadata><metadata>"),
        ("</metadata>", "</metadata>text"),
        ("<arch>", "<arch a='<'>"),
        ("<arch>", "<arch a=1>"),
        ("encoding=\"UTF-8\"", "encoding=\"UTF-16\""),
    ];
    for (from, to) in cases {
        let text = whole.replacen(from, to, 1);
        for (jobs, piece_bytes) in [(1, 1 << 20), (1, 64), (3, 64)] {
            let (found, _) = facts(text.as_bytes(), jobs, piece_bytes, &Limits::default());
            let error = found.expect_err(to);
            assert!(error.line.is_some(), "{to}: {error}");
        }
    }
}

#[test]
fn bombs_are_stopped() {
    let limits = Limits {
        package_bytes: 2000,
        entries: 10,
        files: 10,
        text_bytes: 100,
        name_bytes: 70,
        depth: 10,
        attributes: 8,
        packages: 3,
        ..Limits::default()
    };
    let many = |text: &str, count: usize| text.repeat(count);
    for (bad, why) in [
        (package("bad", &format!("<x>{}</x>", many(" ", 3000)), ""), "limit"),
        (
            package("bad", "", &format!("<requires>{}</requires>", many("<entry name='n'/>", 11))),
            "dependencies",
        ),
        (package("bad", "", &many("<file>/f</file>", 11)), "files"),
        (package("bad", &format!("<summary>{}</summary>", many("x", 101)), ""), "text"),
        (
            package("bad", "", &format!("<requires><entry name='{}'/></requires>", many("n", 71))),
            "dependency",
        ),
        (package("bad", "", &format!("<file>/{}</file>", many("n", 70))), "path"),
    ] {
        let text = document(&[bad, package("good", "", "")]);
        for piece_bytes in [64, 1 << 20] {
            let (found, report) = facts(text.as_bytes(), 1, piece_bytes, &limits);
            assert_eq!(found.unwrap().len(), 4, "{why}");
            assert_eq!(report.dropped, 1, "{why}");
            assert!(report.problems[0].what.contains(why), "{why}: {:?}", report.problems);
        }
    }
    for bad in [
        document(&[package("deep", &many("<x>", 11), "")]),
        document(&[package("wide", &format!("<x {}/>", many("a='' ", 9)), "")]),
        document(&vec![package("many", "", ""); 4]),
    ] {
        let (found, _) = facts(bad.as_bytes(), 2, 64, &limits);
        assert!(matches!(found.unwrap_err().fault, Fault::Limit { .. }));
    }
}

#[test]
fn a_wrong_file_is_named_as_the_cause() {
    let text = document(&[package("a", "", "")]);
    let limits = Limits::default();
    let run = |text: &str, size| {
        let stated = Stated { size: Some(size), ..Stated::default() };
        let opened = Opened::stream("primary.xml", text.as_bytes(), stated, &limits).unwrap();
        read(opened, 2, &limits, &mut Report::new(9), |_| Ok::<_, Error>(()))
    };
    assert_eq!(run(&text, text.len() as u64).unwrap(), Summary { packages: 1, found: 1 });
    assert!(matches!(run(&text, 7).unwrap_err().fault, Fault::Size { .. }));
    assert!(matches!(run(&text[..100], text.len() as u64).unwrap_err().fault, Fault::Size { .. }));
}

#[test]
fn what_the_sink_says_comes_back() {
    #[derive(Debug, PartialEq)]
    struct Enough;
    impl From<Error> for Enough {
        fn from(error: Error) -> Self {
            panic!("{error}")
        }
    }
    let text = document(&vec![package("a", "", ""); 50]);
    let limits = Limits::default();
    for jobs in [1, 2, 5] {
        let opened =
            Opened::stream("primary.xml", text.as_bytes(), Stated::default(), &limits).unwrap();
        let plan = Plan { jobs, piece_bytes: 100, limits: &limits };
        let mut left = 3;
        let outcome = read_pieces(opened, plan, &mut Report::new(9), |_| {
            left -= 1;
            if left == 0 { Err(Enough) } else { Ok(()) }
        });
        assert_eq!((outcome.unwrap_err(), left), (Enough, 0));
    }
}

#[test]
fn prefixes_do_not_matter() {
    let text = document(&[package(
        "a",
        "",
        "<rpm:provides><rpm:entry name='x'/></rpm:provides><rpm:license>L</rpm:license>",
    )]);
    let prefixed = text
        .replace("<metadata xmlns=", "<m:metadata xmlns:m=")
        .replace("</metadata", "</m:metadata")
        .replace("<package", "<m:package")
        .replace("</package", "</m:package")
        .replace("<name", "<m:name")
        .replace("</name", "</m:name")
        .replace("rpm:", "r:");
    assert_eq!(read_text(&text).0.unwrap(), read_text(&prefixed).0.unwrap());
}

/// A package that may be good or bad in many ways, or something that is no package.
fn part() -> impl Strategy<Value = String> {
    let extra = prop_oneof![
        4 => Just(""),
        1 => Just("<!-- </package> -->"),
        1 => Just("<summary>a<![CDATA[</package><package>]]>b&amp;</summary>"),
        1 => Just("<?x </package>?>\n"),
        1 => Just("<summary>&bad;</summary>"),
        1 => Just("<summary>\u{2}</summary>"),
        1 => Just("<description>long\nlong\nlong</description>"),
        1 => Just("<size package='x'/>"),
    ];
    let format = prop_oneof![
        3 => Just("<rpm:requires><rpm:entry name='a' flags='GE' epoch='1' ver='2' rel='3'/></rpm:requires>"),
        1 => Just("<provides><entry name='a&lt;' flags='EQ' ver='2'/></provides><file>/x</file>"),
        1 => Just("<rpm:requires><rpm:entry flags='GE'/></rpm:requires>"),
        1 => Just(""),
    ];
    let between = prop_oneof![8 => Just(""), 1 => Just("<!-- x </package>\n -->"), 1 => Just("<other>x</other>")];
    let broken = prop_oneof![60 => Just(""), 1 => Just("</x>"), 1 => Just("<package>"), 1 => Just("<!DOCTYPE x>")];
    ("[a-c]{0,2}", extra, format, between, broken).prop_map(
        |(name, extra, format, between, broken)| package(&name, extra, format) + between + broken,
    )
}

proptest! {
    /// The outcome depends neither on the size of the pieces nor on the number of threads.
    #[test]
    fn the_way_of_reading_does_not_matter(
        parts in prop::collection::vec(part(), 0..12), piece_bytes in 1usize..3000, jobs in 1usize..5,
    ) {
        let text = document(&parts);
        let bytes: Vec<u8> = text.bytes().map(|byte| if byte == 2 { 0xff } else { byte }).collect();
        let limits = Limits { problems: 3, ..Limits::default() };
        let (whole, whole_report) = facts(&bytes, 1, 1 << 20, &limits);
        let (pieces, report) = facts(&bytes, jobs, piece_bytes, &limits);
        match (whole, pieces) {
            (Ok(whole), Ok(pieces)) => {
                prop_assert_eq!(whole, pieces);
                prop_assert_eq!(whole_report, report);
            }
            (Err(whole), Err(pieces)) => prop_assert_eq!(whole.to_string(), pieces.to_string()),
            (whole, pieces) => prop_assert!(false, "{whole:?} and {pieces:?}"),
        }
    }

    /// Nothing that was done to a document makes the reader panic.
    #[test]
    fn damage_never_panics(
        parts in prop::collection::vec(part(), 1..4),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0usize..20), 1..6),
        jobs in 1usize..3,
    ) {
        let mut bytes = document(&parts).into_bytes();
        for (at, byte, length) in cuts {
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, [byte]);
        }
        let _ = facts(&bytes, jobs, 200, &Limits::default());
    }
}
