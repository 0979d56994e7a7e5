//! From documents to the tables of an index.
//!
//! Packages stream through [`packages`] while primary.xml is being read; what is kept of them is what the index will hold:
//! numbers, one copy of each distinct name, compressed blocks of text. [`paths`] keeps the paths that primary.xml lists,
//! [`texts`] compresses, [`groups`], [`details`] and [`builds`] turn comps and modulemd into records.

pub(crate) mod builds;
pub(crate) mod details;
pub(crate) mod groups;
pub(crate) mod locations;
pub(crate) mod modules;
pub(crate) mod packages;
pub(crate) mod paths;
pub(crate) mod texts;

/// The beginning of a text, at most so many bytes, never half a character.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
