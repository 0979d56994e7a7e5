//! One document of a modules.yaml: which kind it is, and what it says.

use super::check;
use super::node::{self, Fields, Notes, Value};
use super::other::{DefaultsData, ObsoletesData, TranslationsData};
use super::split::Part;
use super::stream::StreamData;
use crate::source::Limits;
use modex_formats::module::{Defaults, ModuleStream, Obsoletes};
use serde::de::{self, MapAccess};

/// What a document says.
#[derive(Debug)]
pub(super) enum Document {
    Stream(Box<ModuleStream>),
    Defaults(Defaults),
    Obsoletes(Obsoletes),
    /// Translations, which are not kept.
    Translations,
    /// A defaults document that does not say of which module.
    Nothing,
}

/// A document, or what is wrong with it.
pub(super) struct Outcome {
    pub(super) document: Result<Document, String>,
    /// Line of the stream, from 1.
    pub(super) line: u64,
    /// What it is about, as far as is known.
    pub(super) subject: String,
    /// What is odd about it.
    pub(super) doubts: Vec<String>,
}

/// Reads one document.
pub(super) fn read(part: &Part<'_>, number: usize, limits: &Limits) -> Outcome {
    let notes = Notes::default();
    let mut root = Root::default();
    let mut line = part.line;
    let document =
        read_root(part, &mut root, &notes, limits, &mut line).and_then(|()| root.interpret());
    let subject = root.subject.unwrap_or_else(|| format!("document {number}"));
    Outcome { document, line, subject, doubts: notes.0.into_inner() }
}

fn read_root(
    part: &Part<'_>,
    root: &mut Root,
    notes: &Notes,
    limits: &Limits,
    line: &mut u64,
) -> Result<(), String> {
    let text = within_limits(part.bytes, limits)?;
    let mut attempt = |root: &mut Root| {
        node::read(text, root, notes).map_err(|error| {
            let mut what = error.to_string();
            if let Some(place) = error.location() {
                *line = part.line + place.line() as u64 - 1;
                what.truncate(what.find(" at line ").unwrap_or(what.len()));
            }
            what
        })
    };
    attempt(root)?;
    if root.data_came_first {
        // Only now is it known what the data is.
        *root =
            Root { kind: root.kind.take(), version: root.version, again: true, ..Root::default() };
        notes.0.borrow_mut().clear();
        attempt(root)?;
    }
    Ok(())
}

/// Refuses what the decoder had better not see.
fn within_limits<'t>(bytes: &'t [u8], limits: &Limits) -> Result<&'t str, String> {
    if bytes.len() > limits.yaml_document_bytes {
        return Err(format!("it is larger than the limit of {} bytes", limits.yaml_document_bytes));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text")?;
    let (mut signs, mut depth, mut deepest) = (0, 0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'-' | b',' | b':' | b'\n' => {}
            _ => continue,
        }
        signs += 1;
        deepest = deepest.max(depth);
    }
    if signs > limits.yaml_signs {
        return Err(format!("it has more YAML signs than the limit of {}", limits.yaml_signs));
    }
    if deepest > limits.yaml_flow_depth {
        return Err(format!(
            "it has brackets nested deeper than the limit of {}",
            limits.yaml_flow_depth
        ));
    }
    if has_aliases(text) {
        return Err("YAML aliases are not accepted".into());
    }
    Ok(text)
}

/// Whether some `&NAME` is taken up by a `*NAME`. libmodulemd reads no aliases, and they are what YAML bombs are made
/// of. A document that has both words in its prose is refused as well: none is known.
fn has_aliases(text: &str) -> bool {
    let words = |sign: char| {
        text.match_indices(sign).map(|(at, _)| {
            let rest = &text[at + 1..];
            let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'));
            &rest[..length.unwrap_or(rest.len())]
        })
    };
    let anchors: std::collections::HashSet<&str> =
        words('&').filter(|word| !word.is_empty()).collect();
    !anchors.is_empty() && words('*').any(|word| anchors.contains(word))
}

/// The root of a document.
#[derive(Default)]
struct Root {
    kind: Option<String>,
    version: Option<u64>,
    data: Option<Data>,
    subject: Option<String>,
    data_came_first: bool,
    /// Kind and version are known from before.
    again: bool,
}

/// The data, by kind and version.
enum Data {
    Stream(Box<StreamData>),
    Defaults(DefaultsData),
    Obsoletes(ObsoletesData),
    Translations(TranslationsData),
    Refused(String),
}

impl Data {
    fn of(kind: &str, version: u64) -> Data {
        match (kind, version) {
            ("modulemd" | "modulemd-stream", 1 | 2) => Data::Stream(Box::new(StreamData {
                first_version: version == 1,
                ..StreamData::default()
            })),
            ("modulemd-defaults", 1) => Data::Defaults(DefaultsData::default()),
            ("modulemd-obsoletes", 1) => Data::Obsoletes(ObsoletesData::default()),
            ("modulemd-translations", 1) => Data::Translations(TranslationsData::default()),
            ("modulemd-packager", _) => Data::Refused(
                "a packager document is the input of a build system, not part of a repository"
                    .into(),
            ),
            (
                "modulemd"
                | "modulemd-stream"
                | "modulemd-defaults"
                | "modulemd-obsoletes"
                | "modulemd-translations",
                _,
            ) => Data::Refused(format!("version {version} of {kind} is not known")),
            _ => Data::Refused(format!("documents of the kind {kind:?} are not known")),
        }
    }
}

impl<'de> Fields<'de> for Root {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match (key, &self.kind, self.version) {
            ("document" | "version", ..) if self.again => value.ignore(),
            ("document", Some(_), _) | ("version", _, Some(_)) => {
                Err(de::Error::custom(format!("{key:?} comes twice")))
            }
            ("document", ..) => {
                self.kind = Some(value.text()?);
                Ok(())
            }
            ("version", ..) => {
                self.version = Some(value.number()?);
                Ok(())
            }
            ("data", Some(kind), Some(version)) => {
                let mut data = Data::of(kind, version);
                // What was read of it before an error tells what the error is about.
                let outcome = match &mut data {
                    Data::Stream(data) => value.map(&mut **data),
                    Data::Defaults(data) => value.map(data),
                    Data::Obsoletes(data) => value.map(data),
                    Data::Translations(data) => value.map(data),
                    Data::Refused(_) => value.ignore(),
                };
                if let Data::Stream(data) = &data {
                    let [name, stream] =
                        [&data.name, &data.stream].map(|text| text.clone().unwrap_or_default());
                    let (version, context, arch) =
                        (data.version, data.context.clone(), data.arch.clone());
                    if !name.is_empty() {
                        let nsvca =
                            modex_formats::module::Nsvca { name, stream, version, context, arch };
                        self.subject = Some(nsvca.to_string());
                    }
                }
                self.data = Some(data);
                outcome
            }
            ("data", ..) => {
                self.data_came_first = true;
                value.ignore()
            }
            _ => value.ignore(),
        }
    }
}

impl Root {
    fn interpret(&mut self) -> Result<Document, String> {
        if self.kind.is_none() {
            return Err("it does not say what document it is".into());
        }
        if self.version.is_none_or(|version| version == 0) {
            return Err("it has no version".into());
        }
        match self.data.take() {
            None => Err("it has no data".into()),
            Some(Data::Refused(why)) => Err(why),
            Some(Data::Stream(data)) => {
                check::stream(&data)?;
                Ok(Document::Stream(Box::new(data.into_stream())))
            }
            Some(Data::Defaults(data)) => {
                let defaults = data.into_defaults();
                self.subject =
                    defaults.as_ref().map(|defaults| format!("defaults of {}", defaults.module));
                Ok(defaults.map_or(Document::Nothing, Document::Defaults))
            }
            Some(Data::Obsoletes(data)) => {
                let obsoletes = data.into_obsoletes()?;
                self.subject =
                    Some(format!("obsoletes of {}:{}", obsoletes.module, obsoletes.stream));
                Ok(Document::Obsoletes(obsoletes))
            }
            Some(Data::Translations(data)) => data.check().map(|()| Document::Translations),
        }
    }
}
