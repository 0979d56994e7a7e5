//! Small repositories, written as a test needs them.

use modex_formats::Pointer;
use modex_formats::index::{Cold, Hot, Warm, check};
use modex_generator::digest::sha256_hex;
use modex_generator::publish::{self, Published};
use modex_generator::{Error, Options};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A repository in a folder of its own.
pub(crate) struct Repo {
    pub(crate) folder: TempDir,
    documents: Vec<(String, String, Vec<u8>)>,
}

impl Repo {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("repodata")).unwrap();
        Repo { folder, documents: Vec::new() }
    }

    /// With a primary document of these packages.
    pub(crate) fn of(packages: &[String]) -> Self {
        Repo::new().with("primary", "primary.xml", primary(packages))
    }

    /// With one document more; repomd.xml describes all that were added.
    pub(crate) fn with(mut self, kind: &str, file: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        fs::write(self.repodata().join(file), &bytes).unwrap();
        self.documents.push((kind.into(), file.into(), bytes));
        fs::write(self.repodata().join("repomd.xml"), self.repomd()).unwrap();
        self
    }

    fn repomd(&self) -> String {
        let records: String = self
            .documents
            .iter()
            .map(|(kind, file, bytes)| record(kind, &format!("repodata/{file}"), bytes))
            .collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<repomd \
             xmlns=\"http://linux.duke.edu/metadata/repo\">\n  <revision>7</revision>\n{records}</repomd>\n"
        )
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn repodata(&self) -> PathBuf {
        self.path().join("repodata")
    }

    /// Replaces a text in repomd.xml.
    pub(crate) fn edit_repomd(&self, from: &str, to: &str) {
        let path = self.repodata().join("repomd.xml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        fs::write(&path, text.replace(from, to)).unwrap();
    }

    /// Name and bytes of every file.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.repodata())
    }
}

pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_string();
    entries.map(|path| (name(&path), fs::read(&path).unwrap())).collect()
}

/// A record of repomd.xml.
pub(crate) fn record(kind: &str, location: &str, bytes: &[u8]) -> String {
    format!(
        "  <data type=\"{kind}\">\n    <checksum type=\"sha256\">{}</checksum>\n    \
         <location href=\"{location}\"/>\n    <timestamp>1700000000</timestamp>\n    \
         <size>{}</size>\n  </data>\n",
        sha256_hex(bytes),
        bytes.len()
    )
}

pub(crate) fn primary(packages: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metadata xmlns=\"http://linux.duke.edu/metadata/common\" \
         xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\" packages=\"{}\">\n{}</metadata>\n",
        packages.len(),
        packages.concat()
    )
}

/// A package NAME-VERSION-1.ARCH; `format` goes into its `format` element. Its pkgid is the digest of its NEVRA.
pub(crate) fn package(name: &str, version: &str, arch: &str, format: &str) -> String {
    let file = format!("{name}-{version}-1.{arch}.rpm");
    let pkgid = pkgid(name, version, arch);
    format!(
        "<package type=\"rpm\"><name>{name}</name><arch>{arch}</arch>\
         <version epoch=\"0\" ver=\"{version}\" rel=\"1\"/>\
         <checksum type=\"sha256\" pkgid=\"YES\">{pkgid}</checksum><summary>About {name}</summary>\
         <description>All about {name}.</description><url>https://example.org/{name}</url>\
         <time file=\"2\" build=\"1\"/><size package=\"10\" installed=\"20\" archive=\"30\"/>\
         <location href=\"Packages/{file}\"/><format><rpm:license>MIT</rpm:license>\
         <rpm:sourcerpm>{name}-{version}-1.src.rpm</rpm:sourcerpm>\
         <rpm:provides><rpm:entry name=\"{name}\" flags=\"EQ\" epoch=\"0\" ver=\"{version}\" rel=\"1\"/>\
         </rpm:provides>{format}</format></package>\n"
    )
}

pub(crate) fn pkgid(name: &str, version: &str, arch: &str) -> String {
    sha256_hex(format!("{name}-{version}-1.{arch}").as_bytes())
}

/// `<rpm:requires>` of some names.
pub(crate) fn requires(names: &[&str]) -> String {
    let entry = |name: &&str| format!("<rpm:entry name=\"{}\"/>", name.replace('<', "&lt;"));
    format!("<rpm:requires>{}</rpm:requires>", names.iter().map(entry).collect::<String>())
}

pub(crate) fn jobs(jobs: usize) -> Options<'static> {
    Options { jobs, ..Options::default() }
}

pub(crate) fn index(repos: &[&Repo]) -> Result<Vec<Published>, Error> {
    let dirs: Vec<&Path> = repos.iter().map(|repo| repo.path()).collect();
    publish::index(&dirs, &jobs(2))
}

/// The files of one index.
pub(crate) struct Files {
    pub(crate) hot: Vec<u8>,
    pub(crate) warm: Vec<u8>,
    pub(crate) cold: Vec<u8>,
}

impl Files {
    pub(crate) fn of(folder: &Path, pointer: &Pointer, arch: &str) -> Self {
        let index = &pointer.architectures[arch];
        let [hot, warm, cold] = index.files().map(|file| {
            let bytes = fs::read(folder.join(&file.name)).unwrap();
            check::whole(&bytes).unwrap();
            assert_eq!((bytes.len() as u64, sha256_hex(&bytes)), (file.size, file.sha256.clone()));
            bytes
        });
        Files { hot, warm, cold }
    }

    pub(crate) fn hot(&self) -> Hot<'_> {
        Hot::open(&self.hot).unwrap()
    }

    pub(crate) fn warm(&self) -> Warm<'_> {
        Warm::open(&self.warm).unwrap()
    }

    pub(crate) fn cold(&self) -> Cold<'_> {
        Cold::open(&self.cold).unwrap()
    }

    pub(crate) fn nevras(&self) -> Vec<String> {
        let hot = self.hot();
        (0..hot.packages.len() as u32).map(|id| hot.nevra(id).unwrap().to_string()).collect()
    }
}

/// The x86_64 index of one repository.
pub(crate) fn indexed(repo: &Repo) -> (Published, Files) {
    let published = index(&[repo]).unwrap().remove(0);
    let files = Files::of(&published.folder, &published.content, "x86_64");
    (published, files)
}

/// The report's problems as text.
pub(crate) fn problems(published: &Published) -> Vec<String> {
    let indexes = published.indexes.iter().map(|index| &index.report);
    let reports = std::iter::once(&published.report).chain(indexes);
    reports.flat_map(|report| report.problems.iter().map(ToString::to_string)).collect()
}

/// gzip data of some text, then some block again and again, then some text: small, whatever it unpacks to.
pub(crate) fn gzip_bomb(start: &str, block: &[u8], times: usize, end: &str) -> Vec<u8> {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    let member = |bytes: &[u8]| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    };
    let mut bytes = member(start.as_bytes());
    bytes.extend(member(block).repeat(times));
    bytes.extend(member(end.as_bytes()));
    bytes
}
