//! The body of the fuzz target of identities: true where the text is one in some spelling.

use modex_formats::module::{ModuleSpec, Nsvca, shown};

/// Any bytes as the text of an identity, or of what a user means by one.
pub(crate) fn nsvca(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let (colons, dashes) = (Nsvca::parse(text), Nsvca::parse_dashed(text));
    if let Some(one) = &colons {
        let printed = one.to_string();
        assert_eq!(Nsvca::parse(&printed).as_ref(), Some(one));
        assert_eq!(Nsvca::parse(&one.nsvc()).map(|back| back.nsvc()), Some(one.nsvc()));
        assert_eq!(Nsvca::parse(&one.nsv()).map(|back| back.nsv()), Some(one.nsv()));
        assert!(one.is_spelled(&printed) && one.is_spelled(&one.dashed()) && one.finds(one));
        assert_eq!(shown([one]), [one.nsv()]);
        let splits = !one.context.is_empty()
            && !one.context.contains(['-', '.'])
            && !one.stream.contains('-');
        if splits {
            let arch = String::new();
            assert_eq!(Nsvca::parse_dashed(&one.dashed()), Some(Nsvca { arch, ..one.clone() }));
        }
    }
    if let Some(one) = &dashes {
        assert_eq!(Nsvca::parse_dashed(&one.dashed()).as_ref(), Some(one));
        assert!(one.is_spelled(&one.dashed()));
    }
    let spec = ModuleSpec::parse(text);
    if let Some(spec) = &spec {
        assert_eq!(ModuleSpec::parse(&spec.to_string()).as_ref(), Some(spec));
        let patterns = spec.patterns();
        for one in colons.iter().chain(&dashes) {
            let matches = patterns.matches(one);
            let literal = !text.contains(['*', '?', '[', '/']);
            if literal && Some(one) == colons.as_ref() && one.to_string() == text {
                assert!(matches, "{text}");
            }
        }
    }
    colons.is_some() || dashes.is_some() || spec.is_some()
}
