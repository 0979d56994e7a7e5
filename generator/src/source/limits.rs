//! How much a document may cost, so that no input, however hostile, can exhaust the machine.

/// Limits on what the readers accept. The defaults are far above every repository known to the authors.
///
/// The readers of primary.xml and filelists.xml hold a few pieces of the document in memory, whatever its size; the
/// other readers hold the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that any document may have when opened (decompressed).
    pub open_bytes: u64,
    /// How many times larger than its compressed form a document may be when opened; applies above `open_floor`.
    /// Real ones reach 50.
    pub open_ratio: u64,
    /// Bytes up to which the ratio is not looked at.
    pub open_floor: u64,
    /// Bytes of memory that a decoder may use (xz).
    pub decoder_memory: u64,
    /// Bytes of one `<package>` element. A larger one is dropped and reported. Also what a piece of a document can
    /// take in memory.
    pub package_bytes: usize,
    /// Packages in one document.
    pub packages: u64,
    /// Dependency entries of one package.
    pub entries: usize,
    /// File paths of one package in primary.xml.
    pub files: usize,
    /// Bytes of one longer text (summary, description, licence).
    pub text_bytes: usize,
    /// Bytes of one name, version, path or dependency.
    pub name_bytes: usize,
    /// Elements inside elements.
    pub depth: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Bytes of an XML document that is held in memory (repomd.xml, comps.xml).
    pub small_xml_bytes: u64,
    /// Records of a repomd.xml.
    pub records: usize,
    /// Bytes of a modules.yaml.
    pub yaml_bytes: u64,
    /// Bytes of one document inside a modules.yaml.
    pub yaml_document_bytes: usize,
    /// Signs that can begin or end a YAML node (`-`, `,`, `:`, brackets, line ends) in one document inside a
    /// modules.yaml. The decoder takes some hundred bytes for each node before anybody looks at it.
    pub yaml_signs: usize,
    /// Such signs in all documents of a modules.yaml: what they say takes some hundred bytes for each as well. All
    /// streams of Enterprise Linux 8 together have half a million.
    pub yaml_all_signs: usize,
    /// Brackets inside brackets, roughly, in one document inside a modules.yaml: the decoder's time grows with the
    /// square.
    pub yaml_flow_depth: usize,
    /// Documents in a modules.yaml.
    pub yaml_documents: usize,
    /// Problems kept with their text; all are counted.
    pub problems: usize,
}

const MIB: u64 = 1 << 20;

impl Default for Limits {
    fn default() -> Self {
        Limits {
            open_bytes: 16 << 30,
            open_ratio: 1000,
            open_floor: 256 * MIB,
            decoder_memory: 256 * MIB,
            package_bytes: 64 << 20,
            packages: 4_000_000,
            entries: 1_000_000,
            files: 1_000_000,
            text_bytes: 1 << 20,
            name_bytes: 32 << 10,
            depth: 32,
            attributes: 64,
            small_xml_bytes: 256 * MIB,
            records: 10_000,
            yaml_bytes: 128 * MIB,
            yaml_document_bytes: 16 << 20,
            yaml_signs: 1_000_000,
            yaml_all_signs: 4_000_000,
            yaml_flow_depth: 200,
            yaml_documents: 50_000,
            problems: 1000,
        }
    }
}

impl Limits {
    /// Bytes that a document of this compressed size may have when opened.
    pub(crate) fn open_bytes_for(&self, compressed: Option<u64>) -> u64 {
        let by_ratio = compressed.map_or(u64::MAX, |bytes| bytes.saturating_mul(self.open_ratio));
        self.open_bytes.min(by_ratio.max(self.open_floor))
    }
}
