//! Whole answers: repositories as text or repodata, indexed by the generator, mapped and resolved, and compared with what
//! dnf and libsolv answer.

mod ask;
mod compare;
mod cs9;
mod dense;
mod hostile;
mod left;
mod oracle;
mod orphans;
mod scenarios;
mod shipped;
mod why;
mod words;
mod world;
