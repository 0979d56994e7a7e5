//! Module documents written, merged and converted, by ourselves and by libmodulemd.

mod converting;
mod hostile;
mod merging;
mod oracle;
mod random;
mod support;
mod writing;
