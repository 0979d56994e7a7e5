//! Where a file may lie: below the repository, nowhere else.

/// Says what is wrong with a relative location; `None` where nothing is.
///
/// Refused is whatever a program that joins it to a base path or URL could read as a way out of the repository: empty
/// text, absolute paths, schemes (`:` before the first `/`), `..` in any spelling that URLs allow, backslashes, and
/// control characters.
pub(crate) fn fault(location: &str) -> Option<&'static str> {
    let first = location.split('/').next().unwrap_or("");
    if location.is_empty() {
        Some("the location is empty")
    } else if location.starts_with('/') {
        Some("the location is absolute")
    } else if first.contains(':') {
        Some("the location has a scheme")
    } else if location.bytes().any(|byte| byte < b' ' || byte == 0x7f || byte == b'\\') {
        Some("the location has a control character or a backslash")
    } else if location.split(['/', '?', '#']).any(climbs) {
        Some("the location leaves the repository")
    } else {
        None
    }
}

/// Whether a segment is `..`, its dots maybe written `%2e`.
fn climbs(segment: &str) -> bool {
    if segment.len() > 6 || !segment.starts_with(['.', '%']) {
        return false;
    }
    segment.to_ascii_lowercase().replace("%2e", ".") == ".."
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn only_paths_below_are_accepted() {
        for good in
            ["a", "Packages/f/foo-1.rpm", "./a", "a//b", "..a/b..", "a/...", "a/b:c", "a%2eb"]
        {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in [
            "",
            "/a",
            "//host/a",
            "http://host/a",
            "file:a",
            "c:a",
            "..",
            "../a",
            "a/../b",
            "a/..",
            "%2e%2E/a",
            "a/.%2e/b",
            "a\\..\\b",
            "a\0",
            "a\nb",
            "a/..?x",
        ] {
            assert!(fault(bad).is_some(), "{bad:?}");
        }
    }
}
