//! A module stream as the package solver sees it.

use super::section::relations::RelationKind;
use super::{BuildError, HotBuilder};
use crate::rpm::rich::{MAX_OPERANDS, Rich};
use crate::rpm::{Dependency, Relation, Reldep, RichOp};

/// One stream document (or the platform) as a package: libdnf 0.69's `setSovable` and `createDependencies`, as rules.
///
/// * name `NAME:STREAM:CONTEXT` with the resolve context, version the module version without a release;
/// * provides `module(NAME)` and `module(NAME:STREAM)`, conflicts with `module(NAME)`: one stream of a module at most;
/// * requires what every stanza requires: one stream, or one of several, or any stream of the module where none is listed
///   or only unwanted ones are; conflicts with each unwanted stream.
#[derive(Clone, Copy, Debug)]
pub struct ModuleSolvable<'t> {
    /// `NAME:STREAM:CONTEXT`, the identity by which documents are versions of one thing.
    pub resolve_name: &'t str,
    /// Module name.
    pub module: &'t str,
    /// Stream name.
    pub stream: &'t str,
    /// Module version, 0 where the document has none.
    pub version: u64,
    /// Architecture; empty where the document has none.
    pub arch: &'t str,
}

impl ModuleSolvable<'_> {
    /// Adds it as the builder's next package; [`ModuleSolvable::require`] speaks of it until the next one.
    ///
    /// # Errors
    /// Where the format cannot hold another one.
    pub fn add(&self, builder: &mut HotBuilder) -> Result<(), BuildError> {
        let arch = if self.arch.is_empty() { "noarch" } else { self.arch };
        builder.package(self.resolve_name, &self.version.to_string(), arch)?;
        let any = any_stream(self.module);
        let mut state = |kind, name: &str| builder.simple(kind, name, Relation::ANY, "");
        state(RelationKind::Provides, &any);
        state(RelationKind::Provides, &one_stream(self.module, self.stream));
        state(RelationKind::Conflicts, &any);
        Ok(())
    }

    /// One requirement of the solvable added last: one of the `wanted` streams of a module, none of the `unwanted` ones.
    ///
    /// # Errors
    /// Where more streams are wanted than a boolean dependency can hold.
    pub fn require(
        builder: &mut HotBuilder,
        module: &str,
        wanted: &[&str],
        unwanted: &[&str],
    ) -> Result<(), BuildError> {
        if wanted.len() > MAX_OPERANDS {
            return Err(BuildError { what: "streams in one requirement" });
        }
        let stream = |stream: &&str| Dependency::Simple(Reldep::any(one_stream(module, stream)));
        let mut alternatives = wanted.iter().rev().map(stream);
        let last = alternatives.next();
        let requirement = match last {
            None => Dependency::Simple(Reldep::any(any_stream(module))),
            Some(last) => alternatives.fold(last, |right, left| {
                Dependency::Rich(Box::new(Rich { op: RichOp::Or, left, right, otherwise: None }))
            }),
        };
        builder.statement(RelationKind::Requires, &requirement);
        for stream in unwanted {
            let name = one_stream(module, stream);
            builder.simple(RelationKind::Conflicts, &name, Relation::ANY, "");
        }
        Ok(())
    }
}

/// What every stream of a module provides.
pub fn any_stream(module: &str) -> String {
    format!("module({module})")
}

/// What one stream provides.
pub fn one_stream(module: &str, stream: &str) -> String {
    format!("module({module}:{stream})")
}
