//! What a user writes to name modules: `NAME:STREAM:VERSION:CONTEXT::ARCH/PROFILE` and its shorter forms.

use super::Nsvca;
use glob::Pattern;
use std::fmt;

/// A field of a [`ModuleSpec`], ready to be compared with many texts.
#[derive(Clone, Debug)]
pub enum FieldPattern {
    /// The field is not given.
    Any,
    /// No pattern.
    Literal(String),
    /// A pattern.
    Glob(Pattern),
    /// A pattern that is none.
    Nothing,
}

impl FieldPattern {
    /// A field as given; `None` where it is not.
    pub fn new(text: Option<&str>) -> Self {
        let Some(text) = text else { return FieldPattern::Any };
        if !text.contains(['*', '?', '[']) {
            return FieldPattern::Literal(text.to_owned());
        }
        // Two stars mean what one does; the crate keeps them for paths.
        let mut pattern = text.to_owned();
        while pattern.contains("**") {
            pattern = pattern.replace("**", "*");
        }
        Pattern::new(&pattern).map_or(FieldPattern::Nothing, FieldPattern::Glob)
    }

    /// Whether a text is meant.
    pub fn matches(&self, text: &str) -> bool {
        match self {
            FieldPattern::Any => true,
            FieldPattern::Literal(literal) => literal == text,
            FieldPattern::Glob(pattern) => pattern.matches(text),
            FieldPattern::Nothing => false,
        }
    }
}

/// The patterns of a [`ModuleSpec`], ready to be compared with many identities.
#[derive(Clone, Debug)]
pub struct SpecPatterns {
    /// Of the module name.
    pub name: FieldPattern,
    stream: FieldPattern,
    version: FieldPattern,
    context: FieldPattern,
    arch: FieldPattern,
}

impl SpecPatterns {
    /// Whether a document is meant. One without an architecture is `noarch`.
    pub fn matches(&self, identity: &Nsvca) -> bool {
        self.name.matches(&identity.name)
            && self.stream.matches(&identity.stream)
            && self.version.matches(&identity.version.to_string())
            && self.context.matches(&identity.context)
            && self.arch.matches(identity.arch_or_noarch())
    }
}

/// A module argument, split (libdnf calls it NSVCAP). Every field but the profile selects documents; all are patterns.
///
/// Which form a text has is decided by its colons alone, so no text has more than one form:
///
/// | text | |
/// |---|---|
/// | `N`, `N:S`, `N:S:V`, `N:S:V:C` | the fields from the left |
/// | `N::A`, `N:S::A`, `N:S:V::A`, `N:S:V:C::A`, `N:S:V:C:A` | an architecture behind two colons; behind a context one is enough |
/// | any of them with `/P` | a profile; a `/` with nothing behind it is ignored |
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleSpec {
    /// Module name.
    pub name: String,
    /// Stream.
    pub stream: Option<String>,
    /// Version.
    pub version: Option<String>,
    /// Context as the document states it.
    pub context: Option<String>,
    /// Architecture.
    pub arch: Option<String>,
    /// Profile.
    pub profile: Option<String>,
}

impl ModuleSpec {
    /// Splits an argument. `None` where it has none of the forms, or a character outside `A-Za-z0-9+._-` and `*?[]!` (in a
    /// version: outside `0-9-` and `*?[]!`).
    pub fn parse(text: &str) -> Option<Self> {
        let (selector, profile) = match text.split_once('/') {
            Some((selector, profile)) => (selector, Some(profile)),
            None => (text, None),
        };
        let fields: Vec<&str> = selector.split(':').collect();
        let (fields, arch) = match fields[..] {
            [ref fields @ .., "", arch] if !fields.is_empty() => (fields, Some(arch)),
            [ref fields @ .., arch] if fields.len() == 4 => (fields, Some(arch)),
            _ => (&fields[..], None),
        };
        if fields.len() > 4 {
            return None;
        }
        let field = |at: usize| fields.get(at).copied();
        let spec = ModuleSpec {
            name: field(0)?.to_owned(),
            stream: field(1).map(str::to_owned),
            version: field(2).map(str::to_owned),
            context: field(3).map(str::to_owned),
            arch: arch.map(str::to_owned),
            profile: profile.filter(|profile| !profile.is_empty()).map(str::to_owned),
        };
        let mut words = [&spec.stream, &spec.context, &spec.arch, &spec.profile];
        let sound = is_word(&spec.name)
            && words.iter_mut().all(|word| word.as_deref().is_none_or(is_word))
            && spec.version.as_deref().is_none_or(is_version);
        sound.then_some(spec)
    }

    /// The fields as patterns. The profile plays no part.
    pub fn patterns(&self) -> SpecPatterns {
        SpecPatterns {
            name: FieldPattern::new(Some(&self.name)),
            stream: FieldPattern::new(self.stream.as_deref()),
            version: FieldPattern::new(self.version.as_deref()),
            context: FieldPattern::new(self.context.as_deref()),
            arch: FieldPattern::new(self.arch.as_deref()),
        }
    }
}

fn is_glob(byte: u8) -> bool {
    matches!(byte, b'*' | b'?' | b'[' | b']' | b'!')
}

fn is_word(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"+._-".contains(&byte) || is_glob(byte);
    !text.is_empty() && text.bytes().all(known)
}

fn is_version(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_digit() || byte == b'-' || is_glob(byte);
    !text.is_empty() && text.bytes().all(known)
}

/// The shortest text that splits into the same fields.
impl fmt::Display for ModuleSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        for field in [&self.stream, &self.version, &self.context].into_iter().flatten() {
            write!(f, ":{field}")?;
        }
        if let Some(arch) = &self.arch {
            write!(f, "::{arch}")?;
        }
        match &self.profile {
            Some(profile) => write!(f, "/{profile}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        for (field, text, want) in [
            (None, "x", true),
            (Some("18"), "18", true),
            (Some("1?"), "18", true),
            (Some("[!2]*"), "18", true),
            (Some("**"), "", true),
            (Some("[1"), "[1", false),
        ] {
            assert_eq!(FieldPattern::new(field).matches(text), want, "{field:?} {text}");
        }
    }

    /// Answers of libdnf 0.69 (`hawkey.Subject(…).nsvcap_possibilities()`): name, stream, version, context, arch, profile.
    #[test]
    fn forms_are_libdnfs() {
        for (text, want) in [
            ("nodejs", "nodejs|||||"),
            ("nodejs/", "nodejs|||||"),
            ("nodejs:18/", "nodejs|18||||"),
            ("nodejs:18", "nodejs|18||||"),
            ("nodejs:18/common", "nodejs|18||||common"),
            ("nodejs:18:1", "nodejs|18|1|||"),
            ("nodejs:18:123:ctx", "nodejs|18|123|ctx||"),
            ("nodejs:18:123:ctx/", "nodejs|18|123|ctx||"),
            ("nodejs:18:123:ctx:x86_64", "nodejs|18|123|ctx|x86_64|"),
            ("nodejs:18:123:ctx::x86_64", "nodejs|18|123|ctx|x86_64|"),
            ("nodejs:18:123:ctx:x86_64/p", "nodejs|18|123|ctx|x86_64|p"),
            ("nodejs:18:123:ctx::x86_64/p", "nodejs|18|123|ctx|x86_64|p"),
            ("nodejs:18:123::x86_64/p", "nodejs|18|123||x86_64|p"),
            ("nodejs:18:123::x86_64", "nodejs|18|123||x86_64|"),
            ("nodejs:18::x86_64/p", "nodejs|18|||x86_64|p"),
            ("nodejs:18::x86_64", "nodejs|18|||x86_64|"),
            ("nodejs::x86_64/p", "nodejs||||x86_64|p"),
            ("nodejs::x86_64", "nodejs||||x86_64|"),
            ("nodejs/p", "nodejs|||||p"),
            ("nodejs:18:1-2", "nodejs|18|1-2|||"),
            ("nodejs:18:[12]3", "nodejs|18|[12]3|||"),
            ("n*:1?/c*", "n*|1?||||c*"),
            ("nodejs:18:*:ctx", "nodejs|18|*|ctx||"),
            ("nodejs:18:*:*:*/*", "nodejs|18|*|*|*|*"),
            ("a!b", "a!b|||||"),
            ("nodejs:18:123:x86_64", "nodejs|18|123|x86_64||"),
            ("nodejs:*", "nodejs|*||||"),
        ] {
            let spec = ModuleSpec::parse(text).unwrap_or_else(|| panic!("{text}"));
            let fields = [&spec.stream, &spec.version, &spec.context, &spec.arch, &spec.profile];
            let rest = fields.map(|field| field.as_deref().unwrap_or("")).join("|");
            assert_eq!(format!("{}|{rest}", spec.name), want, "{text}");
            assert_eq!(ModuleSpec::parse(&spec.to_string()), Some(spec), "{text}");
        }
        for text in [
            "",
            "nodejs:18:abc",
            "nod ejs",
            "a:b:c:d:e:f",
            "/p",
            "nodejs:",
            "nodejs:1{8}",
            "a,b",
            "nodejs::::x86_64",
            "a:b:1/p/q",
            "a:b:12a",
            "é",
            "nodejs::",
            "::x86_64",
            ":a",
            "a:b:1:c:::x",
        ] {
            assert_eq!(ModuleSpec::parse(text), None, "{text}");
        }
    }
}
