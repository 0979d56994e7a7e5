//! The body of the fuzz target for pointers.

use modex_formats::Pointer;

/// The body for a pointer: what is accepted is written and read again as the same. True where it is accepted.
pub(crate) fn parse_pointer(bytes: &[u8]) -> bool {
    let Ok(pointer) = Pointer::parse(bytes) else { return false };
    assert_eq!(Pointer::parse(&pointer.to_bytes()).as_ref(), Ok(&pointer));
    true
}
