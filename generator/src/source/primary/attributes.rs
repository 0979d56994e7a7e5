//! What the attributes of a package's elements say.

use super::chunk::{EntryKind, EntryRow, Span};
use super::element::Element;
use crate::source::xml::scan::Attribute;
use crate::source::xml::text;
use crate::source::{ChecksumKind, location};
use modex_formats::rpm::Relation;

/// Bits of `Element::seen` for elements that are no texts.
const VERSION: u32 = 1 << 16;
const TIME: u32 = 1 << 17;
const SIZE: u32 = 1 << 18;
const LOCATION: u32 = 1 << 19;

impl<'t> Element<'_, 't> {
    /// The value of an attribute.
    fn value(&mut self, attribute: &Attribute<'t>) -> Span {
        if attribute.plain {
            return self.borrowed(attribute.raw);
        }
        let start = self.rows.extra.len();
        if let Err(fault) = text::push_value(attribute.raw, &mut self.rows.extra) {
            self.unreadable(&fault);
        }
        self.added(start)
    }

    fn number(&mut self, attribute: &Attribute<'t>, what: &str) -> u64 {
        let digits = attribute.raw.bytes().all(|byte| byte.is_ascii_digit());
        match attribute.raw.parse() {
            Ok(number) if digits => number,
            _ => {
                self.wrong(format!("its {what} is no number"));
                0
            }
        }
    }

    /// The range of an epoch: digits, without leading zeros.
    fn epoch(&mut self, attribute: &Attribute<'t>) -> Span {
        let raw = attribute.raw;
        if raw.is_empty() {
            return Span::default();
        }
        if raw.parse::<u32>().is_err() || raw.starts_with('+') {
            self.wrong("an epoch is no number");
        }
        let digits = raw.trim_start_matches('0');
        self.borrowed(if digits.is_empty() { &raw[raw.len() - 1..] } else { digits })
    }

    pub(super) fn checksum_kind(&mut self, attributes: &[Attribute<'t>]) {
        let kind = attributes
            .iter()
            .find(|attribute| attribute.name == "type")
            .map_or("", |kind| kind.raw);
        self.row.checksum = ChecksumKind::from_name(kind);
        if self.row.checksum.is_none() {
            self.wrong(format!("its checksum is of the unknown type {:?}", clip(kind)));
        }
    }

    pub(super) fn version(&mut self, attributes: &[Attribute<'t>]) {
        if self.twice(VERSION, "versions") {
            return;
        }
        for attribute in attributes {
            match attribute.name {
                "epoch" => self.row.epoch = self.epoch(attribute),
                "ver" => self.row.version = self.value(attribute),
                "rel" => self.row.release = self.value(attribute),
                _ => {}
            }
        }
        if self.row.epoch.length == 0 {
            let start = self.rows.extra.len();
            self.rows.extra.push('0');
            self.row.epoch = self.added(start);
        }
        if (self.row.version.length + self.row.release.length) as usize > self.limits.name_bytes {
            self.wrong("its version is longer than the limit");
        }
    }

    pub(super) fn time(&mut self, attributes: &[Attribute<'t>]) {
        if self.twice(TIME, "times") {
            return;
        }
        if let Some(build) = attributes.iter().find(|attribute| attribute.name == "build") {
            self.row.build_time = self.number(build, "build time");
        }
    }

    pub(super) fn size(&mut self, attributes: &[Attribute<'t>]) {
        if self.twice(SIZE, "sizes") {
            return;
        }
        for attribute in attributes {
            match attribute.name {
                "package" => self.row.package_bytes = self.number(attribute, "package size"),
                "installed" => self.row.installed_bytes = self.number(attribute, "installed size"),
                "archive" => self.row.archive_bytes = self.number(attribute, "archive size"),
                _ => {}
            }
        }
    }

    pub(super) fn location(&mut self, attributes: &[Attribute<'t>]) {
        if self.twice(LOCATION, "locations") {
            return;
        }
        for attribute in attributes {
            match attribute.name {
                "href" => {
                    self.row.location = self.value(attribute);
                    if let Some(fault) = location::fault(self.text_of(self.row.location)) {
                        self.wrong(fault);
                    }
                }
                "xml:base" => self.row.base = Some(self.value(attribute)),
                _ => {}
            }
        }
        let length = self.row.location.length.max(self.row.base.map_or(0, |base| base.length));
        if length as usize > self.limits.name_bytes {
            self.wrong("its location is longer than the limit");
        }
    }

    /// A dependency entry.
    #[inline]
    pub(super) fn entry(&mut self, kind: EntryKind, attributes: &[Attribute<'t>]) {
        let (mut name, mut flags, mut ver, mut rel, mut epoch) = (None, "", None, None, None);
        for attribute in attributes {
            match attribute.name {
                "name" => name = Some(attribute),
                "flags" => flags = attribute.raw,
                "ver" => ver = Some(attribute),
                "rel" => rel = Some(attribute),
                "epoch" => epoch = Some(attribute),
                _ => {}
            }
        }
        let Some(name) = name.filter(|name| !name.raw.is_empty()) else {
            return self.wrong(format!("an entry of its {} has no name", kind.name()));
        };
        if kind == EntryKind::Requires && name.raw.starts_with("rpmlib(") {
            return;
        }
        let name = self.value(name);
        let mut row = EntryRow { kind, relation: Relation::ANY, name, evr: Span::default() };
        if !flags.is_empty() && !self.text_of(name).starts_with('(') {
            let Some(relation) = Relation::from_flags(flags) else {
                let (kind, name) = (kind.name(), clip(self.text_of(name)).to_string());
                return self
                    .wrong(format!("it {kind} {name} with the unknown flags {:?}", clip(flags)));
            };
            if ver.is_some_and(|ver| !ver.raw.is_empty()) {
                row.relation = relation;
                row.evr = self.evr(epoch, ver, rel);
            } else if self.doubts.is_empty() {
                let (kind, name) = (kind.name(), clip(self.text_of(name)));
                self.doubts.push(format!(
                    "it {kind} {name} compared with no version; read as any version"
                ));
            }
        }
        if (row.name.length + row.evr.length) as usize > self.limits.name_bytes {
            self.wrong("a dependency is longer than the limit");
        } else if self.rows.entries.len() - self.row.entries.start as usize == self.limits.entries {
            self.wrong("it has more dependencies than the limit");
        } else if self.wrong.is_none() {
            self.rows.entries.push(row);
        }
    }

    /// The joined text of an entry's version: no epoch where it is 0, no `-` where there is no release.
    fn evr(
        &mut self,
        epoch: Option<&Attribute<'t>>,
        ver: Option<&Attribute<'t>>,
        rel: Option<&Attribute<'t>>,
    ) -> Span {
        let raw =
            |attribute: Option<&Attribute<'t>>| attribute.map_or("", |attribute| attribute.raw);
        let key = (raw(epoch), raw(ver), raw(rel));
        let (last_epoch, last_ver, last_rel, span) = self.last_evr;
        if key == (last_epoch, last_ver, last_rel) {
            return span;
        }
        let epoch = epoch.map(|epoch| self.epoch(epoch)).filter(|span| self.text_of(*span) != "0");
        let epoch = epoch.filter(|span| span.length > 0).map_or("", |span| span.of(self.whole));
        let span = match ver {
            // The version alone stands in the document as it is needed.
            Some(ver) if epoch.is_empty() && key.2.is_empty() && ver.plain => {
                self.borrowed(ver.raw)
            }
            _ => {
                let start = self.rows.extra.len();
                if !epoch.is_empty() {
                    self.rows.extra.push_str(epoch);
                    self.rows.extra.push(':');
                }
                let parts = [ver, rel.filter(|rel| !rel.raw.is_empty())];
                for (at, part) in parts.into_iter().flatten().enumerate() {
                    if at > 0 {
                        self.rows.extra.push('-');
                    }
                    if part.plain {
                        self.rows.extra.push_str(part.raw);
                    } else if let Err(fault) = text::push_value(part.raw, &mut self.rows.extra) {
                        self.unreadable(&fault);
                    }
                }
                self.added(start)
            }
        };
        if self.wrong.is_none() {
            self.last_evr = (key.0, key.1, key.2, span);
        }
        span
    }
}

/// The beginning of a text that may be long.
fn clip(text: &str) -> &str {
    match text.char_indices().nth(80) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}
