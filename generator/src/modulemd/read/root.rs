//! One document: which kind it states to be, and what it says.

use super::node::{self, Fields, Value};
use super::notes::Notes;
use super::other::{DefaultsData, ObsoletesData, TranslationsData};
use super::packager::PackagerData;
use super::split::Part;
use super::stream::{Format, StreamData};
use super::told::told;
use super::{Judged, Mode, check, screen};
use crate::modulemd::{Document, Kind};
use crate::source::Limits;
use modex_formats::module::Nsvca;
use serde::de::{self, MapAccess};

/// Reads one document; `number` tells which one of the stream it is.
pub(super) fn judge(part: &Part<'_>, number: usize, mode: Mode, limits: &Limits) -> Judged {
    let notes = Notes::default();
    notes.strict.set(mode == Mode::Strict);
    let mut root = Root::default();
    let read = screen::within_limits(part.bytes, limits)
        .map_err(|what| Fault { what, place: None })
        .and_then(|text| read(text, &mut root, &notes));
    let place = read.as_ref().err().and_then(|fault| fault.place);
    let document = read
        .map_err(|fault| fault.what)
        .and_then(|()| root.interpret())
        .and_then(|document| short_names(document, limits.name_bytes));
    Judged {
        line: part.line + place.map_or(0, |(line, _)| line - 1),
        column: place.map(|(_, column)| column),
        kind: root.kind.and_then(Result::ok),
        subject: root.subject.map_or_else(|| format!("document {number}"), |text| told(&text)),
        document: document.map_err(|what| told(&what)),
        doubts: notes.doubts.into_inner().iter().map(|doubt| told(doubt)).collect(),
        unknown: notes.unknown.into_inner(),
    }
}

/// Identities are repeated wherever something is said of a document, so they must not be long.
fn short_names(document: Document, limit: usize) -> Result<Document, String> {
    if let Document::Stream(stream) = &document {
        let Nsvca { name, stream, context, arch, .. } = &stream.nsvca;
        if [name, stream, context, arch].iter().any(|part| part.len() > limit) {
            return Err(format!(
                "a part of its identity is longer than the limit of {limit} bytes"
            ));
        }
    }
    Ok(document)
}

/// What is wrong, and on which line and column of the document.
struct Fault {
    what: String,
    place: Option<(u64, u64)>,
}

fn read(text: &str, root: &mut Root, notes: &Notes) -> Result<(), Fault> {
    attempt(text, root, notes)?;
    if root.data_came_first {
        // Only now is it known what the data is.
        let (name, version) = (root.name.take(), root.version);
        *root = Root { name, version, again: true, ..Root::default() };
        root.know_kind();
        notes.forget();
        attempt(text, root, notes)?;
    }
    Ok(())
}

fn attempt(text: &str, root: &mut Root, notes: &Notes) -> Result<(), Fault> {
    node::read(text, root, notes).map_err(|error| {
        let place = error.location();
        if let Some(key) = notes.unexpected.take() {
            let place = place.map(|place| place_of_key(text, &key, place.index()));
            return Fault { what: format!("the format knows no key {key:?} here"), place };
        }
        let mut what = error.to_string();
        if place.is_some() {
            what.truncate(what.find(" at line ").unwrap_or(what.len()));
        }
        let place = place.map(|place| (place.line() as u64, place.column() as u64));
        Fault { what, place }
    })
}

/// Line and column of the key whose value begins at an offset of the text.
fn place_of_key(text: &str, key: &str, value: usize) -> (u64, u64) {
    let mut end = value.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let at = text[..end].rfind(key).unwrap_or(end);
    let line = text[..at].matches('\n').count() + 1;
    let column = text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at].chars().count() + 1;
    (line as u64, column as u64)
}

/// The root of a document.
#[derive(Default)]
struct Root {
    /// The value of `document`.
    name: Option<String>,
    version: Option<u64>,
    /// Known from name and version.
    kind: Option<Result<Kind, String>>,
    data: Option<Data>,
    subject: Option<String>,
    data_came_first: bool,
    /// Kind and version are known from before.
    again: bool,
}

/// The data, by kind.
enum Data {
    Stream(Box<StreamData>),
    Packager(Box<PackagerData>),
    Defaults(DefaultsData),
    Obsoletes(ObsoletesData),
    Translations(TranslationsData),
    /// Of a kind that is not known.
    Unread,
}

impl Data {
    fn of(kind: &Result<Kind, String>) -> Data {
        let stream =
            |format| Data::Stream(Box::new(StreamData { format, ..StreamData::default() }));
        match kind {
            Ok(Kind::StreamV1) => stream(Format::V1),
            Ok(Kind::StreamV2) => stream(Format::V2),
            Ok(Kind::PackagerV2) => stream(Format::PackagerV2),
            Ok(Kind::PackagerV3) => Data::Packager(Box::default()),
            Ok(Kind::Defaults) => Data::Defaults(DefaultsData::default()),
            Ok(Kind::Obsoletes) => Data::Obsoletes(ObsoletesData::default()),
            Ok(Kind::Translations) => Data::Translations(TranslationsData::default()),
            Err(_) => Data::Unread,
        }
    }

    fn subject(&self) -> Option<String> {
        let (name, stream, rest) = match self {
            Data::Stream(data) => (&data.name, &data.stream, Some(data)),
            Data::Packager(data) => (&data.name, &data.stream, None),
            _ => return None,
        };
        let name = name.clone().filter(|name| !name.is_empty())?;
        let stream = stream.clone().unwrap_or_default();
        let (version, context, arch) = rest
            .map(|data| (data.version, data.context.clone(), data.arch.clone()))
            .unwrap_or_default();
        let identity = Nsvca { name, stream, version, context, arch }.to_string();
        Some(identity.trim_end_matches(':').to_owned())
    }
}

impl<'de> Fields<'de> for Root {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        match key {
            "document" | "version" if self.again => value.ignore()?,
            "document" if self.name.is_some() => return Err(twice(key)),
            "version" if self.version.is_some() => return Err(twice(key)),
            "document" => self.name = Some(value.text()?),
            "version" => self.version = Some(value.number()?),
            "data" if self.data.is_some() || self.data_came_first => return Err(twice(key)),
            "data" => return self.data(value),
            _ => value.unknown()?,
        }
        self.know_kind();
        Ok(())
    }
}

fn twice<E: de::Error>(key: &str) -> E {
    de::Error::custom(format!("{key:?} comes twice"))
}

impl Root {
    fn know_kind(&mut self) {
        if let (Some(name), Some(version)) = (&self.name, self.version) {
            self.kind = Some(Kind::of(name, version));
        }
    }

    fn data<'de, A: MapAccess<'de>>(&mut self, value: Value<'_, A>) -> Result<(), A::Error> {
        let Some(kind) = &self.kind else {
            self.data_came_first = true;
            return value.ignore();
        };
        let mut data = Data::of(kind);
        if *kind == Ok(Kind::PackagerV3) {
            value.be_strict();
        }
        // What was read of it before an error tells what the error is about.
        let outcome = match &mut data {
            Data::Stream(data) => value.map(&mut **data),
            Data::Packager(data) => value.map(&mut **data),
            Data::Defaults(data) => value.map(data),
            Data::Obsoletes(data) => value.map(data),
            Data::Translations(data) => value.map(data),
            Data::Unread => value.ignore(),
        };
        self.subject = data.subject();
        self.data = Some(data);
        outcome
    }

    fn interpret(&mut self) -> Result<Document, String> {
        if self.name.is_none() {
            return Err("it does not say what document it is".into());
        }
        if self.version.is_none_or(|version| version == 0) {
            return Err("it has no version".into());
        }
        if let Some(Err(why)) = &self.kind {
            return Err(why.clone());
        }
        match self.data.take() {
            None | Some(Data::Unread) => Err("it has no data".into()),
            Some(Data::Stream(data)) => {
                check::stream(&data)?;
                let format = data.format;
                let stream = Box::new(data.into_stream());
                Ok(match format {
                    Format::PackagerV2 => Document::PackagerV2(stream),
                    Format::V1 | Format::V2 => Document::Stream(stream),
                })
            }
            Some(Data::Packager(data)) => Ok(Document::PackagerV3(Box::new(data.into_packager()?))),
            Some(Data::Defaults(data)) => {
                let defaults = data.into_defaults();
                let named = !defaults.module.is_empty();
                self.subject = named.then(|| format!("defaults of {}", defaults.module));
                Ok(Document::Defaults(defaults))
            }
            Some(Data::Obsoletes(data)) => {
                let obsoletes = data.into_obsoletes()?;
                self.subject =
                    Some(format!("obsoletes of {}:{}", obsoletes.module, obsoletes.stream));
                Ok(Document::Obsoletes(obsoletes))
            }
            Some(Data::Translations(data)) => {
                let translations = data.into_translations()?;
                let (module, stream) = (&translations.module, &translations.stream);
                self.subject = Some(format!("translations of {module}:{stream}"));
                Ok(Document::Translations(translations))
            }
        }
    }
}
