//! Cutting a YAML stream into its documents, so that a broken one cannot hide the others.

/// A document of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part<'t> {
    /// The document with its `---` line and what stands before that.
    pub(super) bytes: &'t [u8],
    /// Line of the stream on which it begins, from 1.
    pub(super) line: u64,
}

/// The documents of a stream, in order.
///
/// A line of `---` or `...`, alone or followed by white space, ends a document wherever it stands: YAML forbids such
/// lines even inside quoted and block scalars. Parts of nothing but comments, directives and blank lines belong to the
/// document that follows; at the end of the stream they are nothing.
pub(super) fn split(stream: &[u8]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut start_line) = (0, 1);
    // What the current part has shown so far.
    let (mut marked, mut filled) = (false, false);
    let (mut at, mut line) = (0, 1);
    while at < stream.len() {
        let end = end_of_line(stream, at);
        let text = &stream[at..end];
        if is_marker(text, b"---") {
            if marked || filled {
                parts.push(Part { bytes: &stream[start..at], line: start_line });
                (start, start_line) = (at, line);
            }
            (marked, filled) = (true, !text[3..].trim_ascii().is_empty());
        } else if is_marker(text, b"...") {
            // The decoder is to refuse what else is on the line.
            let more = text[3..].trim_ascii_start();
            let odd = !more.is_empty() && !more.starts_with(b"#");
            if marked || filled || odd {
                let until = if odd { end } else { at };
                parts.push(Part { bytes: &stream[start..until], line: start_line });
            }
            (start, start_line) = (end, line + 1);
            (marked, filled) = (false, false);
        } else {
            let directive = text.starts_with(b"%") && !marked;
            let trimmed = text.trim_ascii_start();
            filled |= !(trimmed.is_empty() || trimmed.starts_with(b"#") || directive);
        }
        (at, line) = (end, line + 1);
    }
    if marked || filled {
        parts.push(Part { bytes: &stream[start..], line: start_line });
    }
    parts
}

/// Where the next line begins. Lines end with LF, CR LF or CR.
fn end_of_line(stream: &[u8], at: usize) -> usize {
    match memchr::memchr2(b'\n', b'\r', &stream[at..]) {
        None => stream.len(),
        Some(length) if stream[at + length..].starts_with(b"\r\n") => at + length + 2,
        Some(length) => at + length + 1,
    }
}

fn is_marker(line: &[u8], marker: &[u8]) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(stream: &str) -> Vec<(u64, &str)> {
        split(stream.as_bytes())
            .iter()
            .map(|part| (part.line, std::str::from_utf8(part.bytes).unwrap()))
            .collect()
    }

    #[test]
    fn documents_begin_and_end_at_markers() {
        assert_eq!(cut("a: 1\n"), [(1, "a: 1\n")]);
        assert_eq!(cut("---\na\n---\nb"), [(1, "---\na\n"), (3, "---\nb")]);
        assert_eq!(cut("# c\n%YAML 1.1\n--- a\n...\n\n# d\n"), [(1, "# c\n%YAML 1.1\n--- a\n")]);
        assert_eq!(cut("---\r\na\r\n...\r\nb\r\n"), [(1, "---\r\na\r\n"), (4, "b\r\n")]);
        assert_eq!(cut("---\ra\r...\rb"), [(1, "---\ra\r"), (4, "b")]);
        assert_eq!(cut("---\n---\nb"), [(1, "---\n"), (2, "---\nb")]);
        assert_eq!(cut("---a\n ---\n....\n"), [(1, "---a\n ---\n....\n")]);
        assert_eq!(cut("a: |\n x\n%y\n---\nb"), [(1, "a: |\n x\n%y\n"), (4, "---\nb")]);
        assert_eq!(cut("a\n... b\n... # c\nd"), [(1, "a\n... b\n"), (4, "d")]);
        assert_eq!(cut(""), []);
        assert_eq!(cut("\n# only\n...\n"), []);
    }
}
