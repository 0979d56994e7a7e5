//! What stands before the packages: the XML declaration and the root element's start tag.

use super::scan::{Markup, Scanner};
use super::{local, newlines};
use crate::source::Fault;

/// What stands before the first package.
#[derive(Debug)]
pub(crate) struct Head {
    /// Name of the root element, prefix included.
    pub(crate) root: String,
    /// Name of the package elements: the prefix of the root, and `package`.
    pub(crate) package: String,
    /// The `packages` attribute, where it is a number.
    pub(crate) packages: Option<u64>,
    /// How many lines end before the pieces begin.
    pub(crate) lines: u64,
    /// Whether the root element closes itself, so that no end tag follows.
    pub(crate) empty: bool,
}

/// The root element's start tag and the offset behind it, or a fault and its offset.
pub(super) fn read(
    bytes: &[u8],
    root: &str,
    most_attributes: usize,
) -> Result<(Head, usize), (usize, Fault)> {
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or(""),
    };
    let mut scanner = Scanner::new(valid, most_attributes);
    loop {
        let step = scanner.step().map_err(|flaw| (flaw.at, flaw.fault))?;
        let fail = |fault| Err((step.at, fault));
        if !step.text.trim_ascii().is_empty() {
            return fail(Fault::WrongKind("it does not begin with an XML element".into()));
        }
        match step.markup {
            Markup::Comment | Markup::Declaration => {}
            Markup::Open { name, .. } if local(name) != root => {
                return fail(Fault::WrongKind(format!(
                    "its root element is <{name}>, not <{root}>"
                )));
            }
            Markup::Open { name, empty } => {
                let attribute =
                    scanner.attributes.iter().find(|attribute| attribute.name == "packages");
                let prefix = &name[..name.len() - root.len()];
                let head = Head {
                    root: name.into(),
                    package: format!("{prefix}package"),
                    packages: attribute
                        .and_then(|attribute| attribute.raw.trim_ascii().parse().ok()),
                    lines: newlines(&bytes[..scanner.at()]),
                    empty,
                };
                return Ok((head, scanner.at()));
            }
            Markup::End if valid.len() == bytes.len() => {
                return fail(Fault::EndsInside("what precedes the root".into()));
            }
            Markup::End => return fail(Fault::NotText),
            Markup::Close { .. } | Markup::CData(_) => {
                return fail(Fault::NotWellFormed("the root element is missing".into()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cut::Cutter;
    use super::*;
    use crate::source::Limits;

    #[test]
    fn heads() {
        let open = |text: &str| {
            Cutter::open(text.as_bytes(), "m", 10, &Limits::default()).map(|(_, head)| head)
        };
        let head = open("\u{feff}<?xml version='1.0' encoding='UTF-8'?>\n<!-- x -->\n<p:m xmlns:p='u' packages='7'>").unwrap();
        assert_eq!(
            (head.root.as_str(), head.package.as_str(), head.packages, head.lines),
            ("p:m", "p:package", Some(7), 2)
        );
        assert!(matches!(open("<!DOCTYPE m [<!ENTITY a 'b'>]><m>"), Err((1, Fault::Entities))));
        assert!(matches!(open("\n<n>"), Err((2, Fault::WrongKind(_)))));
        assert!(matches!(open("text"), Err((_, Fault::WrongKind(_)))));
        assert!(matches!(
            open("<?xml version='1.0' encoding='latin1'?><m>"),
            Err((_, Fault::Refused(_)))
        ));
        for cut in ["", "<", "<m a='", "<!-- "] {
            assert!(matches!(open(cut), Err((_, Fault::EndsInside(_)))), "{cut}");
        }
        let late = format!("<!--{}--><m>", "x".repeat(300_000));
        assert!(open(&late).is_ok());
        assert!(open(&format!("<!--{}--><m>", "x".repeat(3 << 20))).is_err());
        let not_text: &[u8] = b"<?xml version='1.0'?>\xff<m>";
        assert!(matches!(
            Cutter::open(not_text, "m", 10, &Limits::default()),
            Err((_, Fault::NotText))
        ));
    }
}
