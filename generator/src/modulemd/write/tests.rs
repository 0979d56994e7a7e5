use super::*;
use crate::modulemd::{Mode, documents};
use crate::source::{Limits, Opened, Stated};

fn back(yaml: &str) -> Vec<Document> {
    let limits = Limits::default();
    let opened = Opened::stream("t.yaml", yaml.as_bytes(), Stated::default(), &limits).unwrap();
    let (_, judged) = documents(opened, Mode::Strict, 1, &limits).unwrap();
    judged.into_iter().map(|judged| judged.document.unwrap()).collect()
}

const STREAM: &str = r#"---
document: modulemd
version: 2
data:
  name: foo
  stream: "1.10"
  version: 20201
  context: "6c81"
  static_context: true
  arch: x86_64
  summary: "A: summary"
  description: |-
    one

    two: 2
  servicelevels:
    rawhide: {}
    stable:
      eol: "2077-10-23"
  license:
    module:
    - "1.0"
    - MIT
    content:
    - Beer
  xmd:
    "":
    - b
    - c: d
      e: []
    "no": "1:30"
  dependencies:
  - buildrequires:
      platform: ["-epel7", "-f27"]
      x: []
    requires:
      z: ["1", b]
  - {}
  references:
    community: http://a.b/
    tracker: c
  profiles:
    default:
      description: desc
      rpms:
      - a
      default: true
    empty: {}
  api:
    rpms:
    - a
  filter:
    rpms:
    - b
  demodularized:
    rpms:
    - c
  buildopts:
    rpms:
      macros: |
        %a 1
      whitelist:
      - x
    arches: [x86_64]
  components:
    rpms:
      bar:
        rationale: r
        name: real
        repository: r1
        cache: c1
        ref: "123"
        buildroot: true
        srpm-buildroot: true
        buildorder: -7
        buildonly: true
        arches: [x86_64]
        multilib: [x86_64]
    modules:
      inc:
        rationale: r
        ref: x
        buildorder: 3
        buildonly: true
  artifacts:
    rpms:
    - bar-0:1-1.x86_64
    rpm-map:
      sha256:
        abc:
          name: bar
          epoch: 0
          version: "1"
          release: "1"
          arch: x86_64
          nevra: bar-0:1-1.x86_64
...
"#;

#[test]
fn canonical_text_is_written_as_it_was() {
    let documents = back(STREAM);
    assert_eq!(to_yaml(&documents[0]), STREAM);
}

#[test]
fn a_set_is_written_in_libmodulemds_order() {
    let stream = |name: &str, stream: &str, version| ModuleStream {
        nsvca: modex_formats::module::Nsvca {
            name: name.into(),
            stream: stream.into(),
            version,
            ..Default::default()
        },
        ..ModuleStream::default()
    };
    let modules = Modules {
        streams: vec![
            stream("b", "1", 9),
            stream("b", "1", 10),
            stream("b", "10", 1),
            stream("a", "z", 0),
        ],
        defaults: vec![Defaults { module: "b".into(), ..Defaults::default() }],
        ..Modules::default()
    };
    let text = write(&modules);
    let order: Vec<_> = text
        .lines()
        .filter_map(|line| {
            line.strip_prefix("  name: ")
                .or(line.strip_prefix("  module: "))
                .or(line.strip_prefix("  stream: "))
                .or(line.strip_prefix("  version: "))
        })
        .collect();
    assert_eq!(
        order,
        ["a", "\"z\"", "b", "b", "\"10\"", "1", "b", "\"1\"", "10", "b", "\"1\"", "9"]
    );
    assert_eq!(write(&Modules::default()), "");
}
