//! Whole outputs.

use crate::sandbox::{Sandbox, compare};
use std::fs;

/// A primary.xml with one package of each kind of trouble.
const TROUBLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<metadata packages="9">
<package type="rpm"><name>good</name><arch>noarch</arch><version epoch="0" ver="1" rel="1"/>
  <checksum type="sha256">0000000000000000000000000000000000000000000000000000000000000001</checksum>
  <size package="10" installed="20"/><location href="good.rpm"/>
  <format><rpm:requires><rpm:entry name="(a or"/><rpm:entry name="/usr/share/x"/></rpm:requires></format></package>
<package type="rpm"><name>away</name><arch>noarch</arch><version epoch="0" ver="1" rel="1"/>
  <checksum type="sha256">0000000000000000000000000000000000000000000000000000000000000002</checksum>
  <location href="../away.rpm"/></package>
<package type="rpm"><name>good</name><arch>noarch</arch><version epoch="0" ver="1" rel="1"/>
  <checksum type="sha256">0000000000000000000000000000000000000000000000000000000000000003</checksum>
  <location href="again.rpm"/></package>
</metadata>
"#;

#[test]
fn help() {
    let sandbox = Sandbox::new();
    let lines = [
        "",
        "--help",
        "index --help",
        "inspect --help",
        "verify --help",
        "modules --help",
        "modules validate --help",
        "modules merge --help",
        "modules show --help",
        "modules unique --help",
        "expand --help",
    ];
    compare("help", lines.map(|line| sandbox.run(line)).concat());
}

#[test]
fn publishing() {
    let sandbox = Sandbox::new();
    let all = [
        sandbox.run("verify baseos"),
        sandbox.run("index baseos appstream --jobs 2"),
        sandbox.run("index baseos appstream --arch x86_64 --jobs 1"),
        sandbox.run("verify baseos appstream"),
        sandbox.run("verify appstream --json"),
        sandbox.run("index baseos --output out/new"),
    ];
    compare("publishing", all.concat());
    compare("publishing-json", Sandbox::new().run("index baseos --json"));
}

/// Packages of modules that no document describes.
#[test]
fn package_files() {
    let sandbox = Sandbox::new();
    sandbox.repository("trouble", TROUBLE);
    let nevra = modex_formats::rpm::Nevra::parse("good-1-1.noarch").unwrap();
    let package = modex_fixtures::Package::new(nevra);
    sandbox.write("trouble/good.rpm", package.to_file(Some("m:1:1:aa")));
    let mut all = vec![sandbox.run("index trouble --arch x86_64 --package-files")];
    let hot = sandbox.ours("trouble", ".hot");
    fs::rename(&hot, sandbox.path("file.hot")).unwrap();
    let inspected = sandbox.run("inspect file.hot --rows 1");
    let lines = inspected.lines().filter(|line| line.contains("orphan") || line.contains("ORPH"));
    all.extend(lines.map(|line| format!("{line}\n")));
    sandbox.write("trouble/good.rpm", "no package");
    all.push(sandbox.run("index trouble --arch x86_64 --package-files"));
    compare("package-files", all.concat());
}

#[test]
fn reported_records() {
    let sandbox = Sandbox::new();
    sandbox.repository("trouble", TROUBLE);
    sandbox.write("trouble/repodata/repomd.xml.asc", "a signature");
    compare("reported", sandbox.run("index trouble"));
    compare("reported-json", sandbox.run("index trouble --json"));
}

#[test]
fn inspecting() {
    let sandbox = Sandbox::new();
    let index = sandbox.run("index baseos appstream");
    assert!(index.ends_with("=> 0\n\n"), "{index}");
    let mut all = String::new();
    let mut json = String::new();
    for end in ["-modex.json", ".hot", ".warm", ".cold"] {
        // By a name that does not change with the format.
        let copy = format!("file{end}");
        fs::copy(sandbox.ours("appstream", end), sandbox.path(&copy)).unwrap();
        all += &sandbox.run(&format!("inspect {copy} --rows 1"));
        json += &sandbox.run(&format!("inspect {copy} --rows 1 --json"));
    }
    compare("inspect", all);
    compare("inspect-json", json);
}

#[test]
fn damaged_files() {
    let sandbox = Sandbox::new();
    sandbox.run("index baseos appstream");
    let hot = sandbox.ours("appstream", ".hot");
    let whole = fs::read(&hot).unwrap();
    let mut all = String::new();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (title, bytes) in
        [("cut", &whole[..1000]), ("a byte is another", &flipped[..]), ("empty", &[][..])]
    {
        fs::write(&hot, bytes).unwrap();
        fs::write(sandbox.path("damaged.hot"), bytes).unwrap();
        all += &format!("# {title}\n{}", sandbox.run("verify appstream"));
        let shown = sandbox.run("inspect damaged.hot --rows 0");
        // What can still be read of it is shown as of a whole one.
        let kept = shown.lines().filter(|line| !line.starts_with("  "));
        all += &kept.map(|line| format!("{line}\n")).collect::<String>();
    }
    fs::remove_file(&hot).unwrap();
    all += &format!("# missing\n{}", sandbox.run("verify appstream --json"));
    compare("damaged", all);
}

#[test]
fn what_cannot_be_done() {
    let sandbox = Sandbox::new();
    sandbox.repository("broken", "<metadata packages=\"1\">\n<package></metadata>");
    sandbox.repository("bomb", "<!DOCTYPE a [<!ENTITY b \"c\">]><metadata>&b;</metadata>");
    sandbox.repository("deep", &format!("<metadata>\n{}", "<x>".repeat(99)));
    sandbox.repository("away", "<metadata/>");
    let repomd = sandbox.path("away/repodata/repomd.xml");
    let text = fs::read_to_string(&repomd).unwrap();
    fs::write(&repomd, text.replace("repodata/primary.xml", "/etc/passwd")).unwrap();
    sandbox.repository("other", "<metadata/>");
    sandbox.write("other/repodata/primary.xml", "<metadata />");
    sandbox.write("text", "no index");
    let lines = [
        "index nowhere",
        "index baseos/repodata",
        "index broken",
        "index bomb",
        "index deep",
        "index away",
        "index other",
        "index baseos baseos/../baseos",
        "index baseos --arch noarch",
        "index baseos --jobs 0",
        "index baseos --output text",
        "index",
        "inspect text",
        "inspect nowhere",
        "verify nowhere",
        "verify other",
        "publish baseos",
    ];
    compare("errors", lines.map(|line| sandbox.run(line)).concat());
}
