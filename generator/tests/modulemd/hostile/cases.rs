//! The small inputs, by name.

/// An input and what to call it.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// The lines that every stream document of these tests has.
pub(super) const STREAM: &str = "---\ndocument: modulemd\nversion: 2\ndata:\n  name: m\n  stream: a\n  version: 7\n  \
    context: c\n  arch: x86_64\n  summary: s\n  description: d\n  license:\n    module: [MIT]\n";

/// A document of a kind that has a module.
const DEFAULTS: &str = "---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: m\n";

/// Many documents in few bytes.
pub(super) const SAMPLE: &str = "---\ndocument: modulemd\nversion: 2\ndata:\n  name: m\n  stream: '5.30'\n  version: 7\n  \
    summary: >-\n    A\n    b\n  description: \"d\\n\"\n  license: {module: [MIT]}\n  profiles:\n    p: {rpms: [a, b]}\n  \
    dependencies:\n  - requires: {x: [-1]}\n  xmd: |\n    t\n...\n---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: m\n";

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    fn add(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.push(Case { name: name.into(), bytes: bytes.into() });
    }

    /// A stream document with more lines.
    fn with(&mut self, group: &str, lines: &str) {
        self.add(format!("{group}: {}", lines.trim()), format!("{STREAM}  {lines}\n"));
    }

    /// A stream document of which the line that begins so is another one.
    fn instead(&mut self, group: &str, line: &str) {
        let key = line.split(':').next().unwrap_or_default();
        let at = STREAM.find(&format!("  {key}:")).unwrap();
        let end = at + STREAM[at..].find('\n').unwrap();
        let bytes = format!("{}  {line}{}", &STREAM[..at], &STREAM[end..]);
        self.add(format!("{group}: {line}"), bytes);
    }
}

/// All of them.
pub(super) fn all() -> Vec<Case> {
    let mut cases = Cases::default();
    aliases(&mut cases);
    twice(&mut cases);
    tags(&mut cases);
    numbers(&mut cases);
    words(&mut cases);
    encodings(&mut cases);
    shapes(&mut cases);
    nesting(&mut cases);
    cases.0
}

fn aliases(cases: &mut Cases) {
    for lines in [
        "xmd: {a: &x [1], b: *x}",
        "xmd: {a: &x 1, b: *x}",
        "xmd: &x {a: *x}",
        "xmd: *x",
        "xmd: &x 1",
        "xmd: &x [1]",
        "references: {community: see &x and *x}",
        "xmd: {a: &x {k: v}, b: {<<: *x}}",
        "xmd: {<<: {a: b}}",
        "xmd: {<<: [{a: b}, {c: d}]}",
        "<<: {filter: {rpms: [a]}}",
        "profiles: {<<: {rpms: [a]}}",
        "references: {<<: {community: c}}",
        "? &x community\n  : y",
    ] {
        cases.with("aliases", lines);
    }
}

fn twice(cases: &mut Cases) {
    for line in ["document: modulemd", "version: 2", "data: {}", "unknown: x"] {
        cases.add(format!("twice: {line}"), format!("{STREAM}{line}\n{line}\n"));
    }
    for lines in [
        "name: n",
        "stream: b",
        "version: 8",
        "context: d",
        "arch: i686",
        "summary: t",
        "description: e",
        "license: {module: [GPL]}",
        "license: {content: [GPL]}",
        "static_context: true\n  static_context: false",
        "xmd: {a: b}\n  xmd: {c: d}",
        "xmd: {a: b, a: c}",
        "servicelevels: {a: {}}\n  servicelevels: {b: {}}",
        "servicelevels: {a: {eol: 2020-01-01}, a: {}}",
        "servicelevels: {a: {eol: 2020-01-01, eol: 2021-01-01}}",
        "dependencies: [{requires: {a: [b]}}]\n  dependencies: [{requires: {c: [d]}}]",
        "dependencies: [{requires: {a: [b]}, requires: {c: [d]}}]",
        "dependencies: [{requires: {a: [b], a: [c]}}]",
        "references: {community: a, community: b}",
        "references: {community: a}\n  references: {tracker: b}",
        "profiles: {a: {rpms: [a]}}\n  profiles: {b: {rpms: [b]}}",
        "profiles: {a: {rpms: [a]}, a: {description: x}}",
        "profiles: {a: {rpms: [a], rpms: [b]}}",
        "profiles: {a: {default: true, default: false}}",
        "api: {rpms: [a]}\n  api: {rpms: [b]}",
        "api: {rpms: [a], rpms: [b]}",
        "filter: {rpms: [a], rpms: [b]}",
        "demodularized: {rpms: [a], rpms: [b]}",
        "components: {rpms: {a: {rationale: a, rationale: b}}}",
        "components: {rpms: {a: {rationale: a, ref: x}, a: {rationale: b}}}",
        "components: {rpms: {a: {rationale: a, arches: [x], arches: [y]}}}",
        "components: {rpms: {a: {rationale: a}}, rpms: {b: {rationale: b}}}",
        "components: {rpms: {a: {rationale: a}}}\n  components: {rpms: {b: {rationale: b}}}",
        "components: {modules: {a: {rationale: a}}, modules: {b: {rationale: b}}}",
        "buildopts: {arches: [a], arches: [b]}",
        "buildopts: {rpms: {macros: a}}\n  buildopts: {arches: [b]}",
        "buildopts: {rpms: {macros: a}, rpms: {whitelist: [b]}}",
        "buildopts: {rpms: {macros: a, macros: b}}",
        "artifacts: {rpms: [a-0:1-1.x], rpms: [b-0:1-1.x]}",
        "artifacts: {rpms: [a-0:1-1.x]}\n  artifacts: {rpms: [b-0:1-1.x]}",
        "unknown: a\n  unknown: b",
    ] {
        cases.with("twice", lines);
    }
    for lines in [
        "module: n",
        "stream: a\n  stream: b",
        "modified: 1\n  modified: 2",
        "profiles: {a: [b]}\n  profiles: {c: [d]}",
        "profiles: {a: [b], a: [c]}",
        "intents: {a: {stream: a}, a: {stream: b}}",
        "intents: {a: {stream: a, stream: b}}",
        "intents: {a: {stream: a}}\n  intents: {b: {stream: b}}",
        "intents: {a: {profiles: {a: [b], a: [c]}}}",
    ] {
        cases.add(format!("twice in defaults: {lines}"), format!("{DEFAULTS}  {lines}\n"));
    }
}

fn tags(cases: &mut Cases) {
    for tag in ["!!str", "!!int", "!!binary", "!foo", "!", "!<tag:x>", "!!null", "!x!y"] {
        cases.instead("tags", &format!("summary: {tag} 5"));
        cases.with("tags", &format!("xmd: {tag} 5"));
        cases.with("tags", &format!("xmd: {{a: {tag} 5}}"));
        cases.with("tags", &format!("xmd: {tag} [a]"));
        cases.with("tags", &format!("api: {{rpms: {tag} [a]}}"));
        cases.with("tags", &format!("api: {{rpms: {tag} a}}"));
        cases.with("tags", &format!("api: {{rpms: [{tag} a]}}"));
        cases.with("tags", &format!("api: {tag} {{rpms: [a]}}"));
        cases.with("tags", &format!("unknown: {tag} a"));
        cases.with("tags", &format!("{tag} api: {{rpms: [a]}}"));
        cases.add(format!("tags: root {tag}"), STREAM.replacen("---", &format!("--- {tag}"), 1));
    }
    cases.with("tags", "static_context: !!bool true");
    cases.with("tags", "dependencies: !!seq [!!map {requires: !!map {a: !!seq [!!str b]}}]");
    cases.with("tags", "profiles: !foo {p: !foo {rpms: [a]}}");
    cases.with("tags", "unknown: !foo {a: !bar [b]}");
}

fn numbers(cases: &mut Cases) {
    let long = format!("1{}", "0".repeat(400));
    for number in [
        "18446744073709551615",
        "18446744073709551616",
        &long,
        "0x1F",
        "0o17",
        "017",
        "-1",
        "-0",
        "+1",
        "1_000",
        "1.0",
        "1e3",
        "'7'",
        "' 7'",
        "'7 '",
        "''",
        "7x",
        "~",
        "null",
        ".nan",
        ".inf",
        "[7]",
        "٧",
    ] {
        cases.instead("numbers", &format!("version: {number}"));
        let text = format!("{DEFAULTS}  modified: {number}\n");
        cases.add(format!("numbers: modified {number}"), text);
        let text = STREAM.replacen("version: 2", &format!("version: {number}"), 1);
        cases.add(format!("numbers: document version {number}"), text);
    }
    for number in [
        "2147483647",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        &long,
        "+5",
        "-5",
        "0x5",
        "05",
        "' 5'",
        "''",
        "5x",
        "~",
        "5.0",
    ] {
        let line = format!("components: {{rpms: {{a: {{rationale: r, buildorder: {number}}}}}}}");
        cases.with("numbers", &line);
    }
    let text = STREAM.replacen("version: 2", "version: 02", 1);
    cases.add("numbers: document version 02", text);
}

fn words(cases: &mut Cases) {
    for word in
        [".nan", "6e5", "1e999", "0x1F", "~", "null", "true", "5.30", "-0", "2020-01-01", "''"]
    {
        for key in ["name", "stream", "context", "arch", "summary", "description"] {
            cases.instead("words", &format!("{key}: {word}"));
        }
        for line in [
            format!("api: {{rpms: [{word}]}}"),
            format!("api: {{rpms: {word}}}"),
            format!("profiles: {{{word}: {{rpms: [a]}}}}"),
            format!("dependencies: [{{requires: {{a: [{word}]}}}}]"),
            format!("dependencies: [{{requires: {{a: {word}}}}}]"),
            format!("dependencies: [{{requires: {{{word}: []}}}}]"),
            format!("dependencies: {word}"),
            format!("references: {word}"),
            format!("references: {{community: {word}}}"),
            format!("servicelevels: {{a: {{eol: {word}}}}}"),
            format!("servicelevels: {{a: {word}}}"),
            format!("static_context: {word}"),
            format!("xmd: {word}"),
            format!("xmd: {{a: {word}}}"),
        ] {
            cases.with("words", &line);
        }
        let text = format!("{DEFAULTS}  stream: {word}\n");
        cases.add(format!("words: default stream {word}"), text);
    }
    for word in ["True", "TRUE", "'true'", "yes", "on", "1", "false", "False", "[true]"] {
        cases.with("words", &format!("static_context: {word}"));
        cases.with("words", &format!("profiles: {{a: {{default: {word}}}}}"));
    }
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    text.encode_utf16().flat_map(bytes).collect()
}

fn utf32(text: &str, little: bool) -> Vec<u8> {
    let bytes =
        |c: char| if little { u32::from(c).to_le_bytes() } else { u32::from(c).to_be_bytes() };
    text.chars().flat_map(bytes).collect()
}

fn encodings(cases: &mut Cases) {
    let marked = format!("\u{feff}{STREAM}");
    cases.add("encodings: mark", marked.clone());
    cases.add("encodings: two marks", format!("\u{feff}{marked}"));
    cases.add("encodings: mark before the second document", format!("{DEFAULTS}{marked}"));
    for (end, little) in [("little", true), ("big", false)] {
        cases.add(format!("encodings: UTF-16, {end} endian, mark"), utf16(&marked, little));
        cases.add(format!("encodings: UTF-16, {end} endian"), utf16(STREAM, little));
        cases.add(format!("encodings: UTF-32, {end} endian, mark"), utf32(&marked, little));
        cases.add(format!("encodings: UTF-32, {end} endian"), utf32(STREAM, little));
    }
    for (name, end) in [
        ("CR LF", "\r\n"),
        ("CR", "\r"),
        ("LF CR", "\n\r"),
        ("NEL", "\u{85}"),
        ("LS", "\u{2028}"),
        ("PS", "\u{2029}"),
        ("FF", "\u{c}"),
    ] {
        cases.add(format!("encodings: lines end with {name}"), STREAM.replace('\n', end));
        let two = format!("{DEFAULTS}...\n{STREAM}");
        cases.add(format!("encodings: two documents, {name}"), two.replace('\n', end));
    }
    for (name, bytes) in [
        ("FF", &b"\xff"[..]),
        ("overlong", b"\xc0\xaf"),
        ("surrogate", b"\xed\xa0\x80"),
        ("cut", b"\xe2\x82"),
        ("too large", b"\xf4\x90\x80\x80"),
        ("latin1", b"\xe9"),
        ("NUL", b"\0"),
        ("SOH", b"\x01"),
        ("ESC", b"\x1b[2J"),
        ("DEL", b"\x7f"),
        ("C1", b"\xc2\x9b"),
        ("NEL", b"\xc2\x85"),
        ("noncharacter", b"\xef\xbf\xbf"),
        ("mark", b"\xef\xbb\xbf"),
        ("private", b"\xee\x80\x80"),
        ("emoji", "\u{1f600}".as_bytes()),
        ("tab", b"\t"),
    ] {
        let at = STREAM.find("summary: s").unwrap() + 10;
        let inside = [&STREAM.as_bytes()[..at], bytes, b"t", &STREAM.as_bytes()[at..]].concat();
        cases.add(format!("encodings: {name} in a text"), inside);
        cases.add(
            format!("encodings: {name} in a comment"),
            [STREAM.as_bytes(), b"# ", bytes, b"\n"].concat(),
        );
        cases.add(format!("encodings: {name} at the end"), [STREAM.as_bytes(), bytes].concat());
    }
    for escape in [
        "\\0",
        "\\e",
        "\\x41",
        "\\xe9",
        "\\u2028",
        "\\ud800",
        "\\U0001F600",
        "\\U00110000",
        "\\q",
        "\\N",
        "\\_",
        "\\/",
    ] {
        cases.instead("escapes", &format!("summary: \"a{escape}b\""));
    }
}

fn shapes(cases: &mut Cases) {
    for text in [
        "",
        "\n",
        "\n\n \n",
        "# only\n",
        "---\n",
        "---\n...\n",
        "...\n",
        "---\n---\n",
        "--- ~\n",
        "--- text\n",
        "--- |\n  text\n",
        "--- >\n text\n",
        "--- []\n",
        "--- {}\n",
        "--- 'a\n",
        "--- &a\n",
        "--- !!str\n",
        "a\n",
        "%YAML 1.1\n",
        "%YAML 1.1\n---\n",
        "%\n",
        "\t\n",
        " \t# x\n",
        "---\t\n",
        "-\n",
        "?\n",
        ":\n",
        "? \n: \n",
        "- a\n",
        "{",
        "[",
        "\"",
        "'",
        "|",
        "#",
        "\\",
        "@",
        "`",
        "--- # x\n",
        "---x\n",
    ] {
        cases.add(format!("shapes: {text:?}"), text);
    }
    for before in [
        "%YAML 1.1\n",
        "%YAML 1.2\n",
        "%YAML 1.0\n",
        "%YAML 1.3\n",
        "%YAML 2.0\n",
        "%YAML 1\n",
        "%YAML x\n",
        "%YAML 1.1\n%YAML 1.1\n",
        "%TAG ! tag:x,2000:\n",
        "%TAG !e! tag:x,2000:\n",
        "%FOO bar\n",
        "# x\n%YAML 1.1\n",
        "\n%YAML 1.1\n",
        "...\n",
        "\t\n",
        "# x\n\n",
        "--- # x\n...\n",
    ] {
        cases.add(format!("before: {before:?}"), format!("{before}{STREAM}"));
    }
    for after in [
        "...",
        "...\n...\n",
        "... # x\n",
        "... x\n",
        "%YAML 1.1\n",
        "...\n%YAML 1.1\n",
        "\t\n",
        "  \t# x\n",
        " \n",
        "---",
        "---\n",
        "x",
        "  x",
        "  x:",
        "data",
        "# x",
        "- a\n",
    ] {
        cases.add(format!("after: {after:?}"), format!("{STREAM}{after}"));
    }
    cases.add("tabs: for indentation", STREAM.replace("\n  ", "\n\t"));
    cases.add("tabs: behind colons", STREAM.replace(": ", ":\t"));
    cases.add("tabs: before line ends", STREAM.replace('\n', "\t\n"));
    for lines in [
        "api: {\trpms:\t[a,\tb]\t}",
        "api:\n  \trpms: [a]",
        "api:\n    rpms:\n    -\ta",
        "api:\n    rpms: [a,\n\tb]",
        "xmd: |\n    a\n\tb",
        "xmd: \"a\n\tb\"",
        "xmd: a\n\tb",
    ] {
        cases.with("tabs", lines);
    }
    for lines in [
        "? summary\n  : x",
        "? [a]\n  : b",
        "? {a: b}\n  : c",
        "xmd: {? [a] : b}",
        "unknown: {? [a] : b}",
        "? api\n  : {rpms: [a]}",
        "\"api\": {'rpms': [a]}",
        "xmd: {a}",
        "xmd: {a, b: }",
        "xmd: [a: b]",
        "api: {rpms}",
        "api:\n    rpms:",
        "profiles:",
        "profiles: {}",
        "profiles: {a: {}}",
        "profiles: []",
        "components:",
        "artifacts: {}",
        "xmd: [a, [b], {c: d}]",
        "xmd: [{a: b}]",
        "xmd: []",
        "'': x",
        "api: {rpms: [[a]]}",
        "api: {rpms: [{a: b}]}",
        "api: {rpms: {a: b}}",
        "api: [a]",
    ] {
        cases.with("shapes", lines);
    }
}

fn nesting(cases: &mut Cases) {
    for depth in [10, 50, 100, 119] {
        let flow = format!("xmd: {{a: {}x{}}}", "[".repeat(depth), "]".repeat(depth));
        cases.add(format!("nesting: {depth} lists"), format!("{STREAM}  {flow}\n"));
        let flow = format!("unknown: {}x{}", "{a: ".repeat(depth), "}".repeat(depth));
        cases.add(format!("nesting: {depth} unknown maps"), format!("{STREAM}  {flow}\n"));
        let block: String = (0..depth).map(|at| format!("{}a:\n", " ".repeat(4 + at))).collect();
        cases.add(
            format!("nesting: {depth} maps"),
            format!("{STREAM}  xmd:\n{block}{}x\n", " ".repeat(5 + depth)),
        );
    }
}
