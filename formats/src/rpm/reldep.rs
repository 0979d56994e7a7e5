//! One dependency on one name: `NAME` or `NAME OP EVR`.

use super::evr::{DependencyOrder, Evr};
use std::{cmp::Ordering, fmt};

/// The comparison in a dependency, as a set of the orders it accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Relation(u8);

impl Relation {
    /// No version: every version will do.
    pub const ANY: Relation = Relation(0);
    /// `>`
    pub const GT: Relation = Relation(1);
    /// `=`
    pub const EQ: Relation = Relation(2);
    /// `>=`
    pub const GE: Relation = Relation(3);
    /// `<`
    pub const LT: Relation = Relation(4);
    /// `<=`
    pub const LE: Relation = Relation(6);

    /// From the three bits that the index stores (1 `>`, 2 `=`, 4 `<`); `None` for the two sets nobody writes.
    pub fn from_bits(bits: u8) -> Option<Self> {
        matches!(bits, 0..=4 | 6).then_some(Relation(bits))
    }

    /// The three bits that the index stores.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// From the `flags` attribute of primary.xml.
    pub fn from_flags(flags: &str) -> Option<Self> {
        Some(match flags {
            "EQ" => Self::EQ,
            "LT" => Self::LT,
            "LE" => Self::LE,
            "GT" => Self::GT,
            "GE" => Self::GE,
            _ => return None,
        })
    }

    /// From the sign used in spec files, boolean dependencies and on the command line.
    pub fn from_sign(sign: &str) -> Option<Self> {
        Some(match sign {
            "=" | "==" => Self::EQ,
            "<" => Self::LT,
            "<=" | "=<" => Self::LE,
            ">" => Self::GT,
            ">=" | "=>" => Self::GE,
            _ => return None,
        })
    }

    /// The sign; empty for [`Relation::ANY`].
    pub fn sign(self) -> &'static str {
        ["", ">", "=", ">=", "<", "", "<=", ""][usize::from(self.0 & 7)]
    }

    fn accepts(self, order: Relation) -> bool {
        self.0 & order.0 != 0
    }

    /// Whether a provided range and a required range overlap. An unversioned side meets everything; where one side
    /// names no release, releases are not compared (libsolv's rule, rpm's too).
    pub fn overlaps(self, provided: Evr<'_>, required: Relation, wanted: Evr<'_>) -> bool {
        self.overlaps_by(required, || provided.compare_in_dependency(&wanted))
    }

    /// The same, where somebody else knows how the provided version stands to the required one.
    pub fn overlaps_by(self, required: Relation, order: impl FnOnce() -> DependencyOrder) -> bool {
        if self == Self::ANY || required == Self::ANY {
            return true;
        }
        if self.0 & required.0 & (Self::LT.0 | Self::GT.0) != 0 {
            return true;
        }
        match order() {
            DependencyOrder::LeftHasNoRelease => self.accepts(Self::EQ),
            DependencyOrder::RightHasNoRelease => required.accepts(Self::EQ),
            DependencyOrder::Known(Ordering::Equal) => {
                self.accepts(Self::EQ) && required.accepts(Self::EQ)
            }
            DependencyOrder::Known(Ordering::Less) => {
                required.accepts(Self::LT) || self.accepts(Self::GT)
            }
            DependencyOrder::Known(Ordering::Greater) => {
                required.accepts(Self::GT) || self.accepts(Self::LT)
            }
        }
    }
}

/// A dependency on one name, owned.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reldep {
    /// A package name, a capability, or a path that starts with `/`.
    pub name: String,
    /// The comparison.
    pub relation: Relation,
    /// `[EPOCH:]VERSION[-RELEASE]`, epoch left out where 0; empty exactly where the relation is [`Relation::ANY`].
    pub evr: String,
}

impl Reldep {
    /// A dependency without a version.
    pub fn any(name: impl Into<String>) -> Self {
        Reldep { name: name.into(), relation: Relation::ANY, evr: String::new() }
    }

    /// Whether this dependency, seen as a provide, satisfies another one of the same name.
    pub fn satisfies(&self, required: &Reldep) -> bool {
        self.name == required.name
            && self.relation.overlaps(
                Evr::parse(&self.evr),
                required.relation,
                Evr::parse(&required.evr),
            )
    }
}

impl fmt::Display for Reldep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if self.relation != Relation::ANY {
            write!(f, " {} {}", self.relation.sign(), self.evr)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dep(text: &str) -> Reldep {
        let mut words = text.split(' ');
        let name = words.next().unwrap();
        match (words.next(), words.next()) {
            (Some(sign), Some(evr)) => Reldep {
                name: name.into(),
                relation: Relation::from_sign(sign).unwrap(),
                evr: evr.into(),
            },
            _ => Reldep::any(name),
        }
    }

    /// Verdicts of libsolv 0.7.23.
    #[test]
    fn overlap_is_libsolvs() {
        for (provide, require, want) in [
            ("x = 1:1-1", "x = 1", false),
            ("x = 1:1-1", "x >= 1", true),
            ("x = 5-1", "x < 1:1", true),
            ("x = 1-1", "x = 1", true),
            ("x = 1-2", "x = 1", true),
            ("x = 1-2", "x > 1", false),
            ("x = 1-1", "x < 1", false),
            ("x = 1", "x = 1-1", true),
            ("x = 1", "x > 1-1", true),
            ("x = 1", "x < 1-1", true),
            ("x = 1-1", "x <= 1", true),
            ("x", "x = 7", true),
            ("x = 7", "x", true),
            ("x >= 3", "x >= 9", true),
            ("x >= 3", "x < 3", false),
            ("x >= 3", "x <= 3", true),
            ("x < 3", "x = 3", false),
            ("y = 1", "x = 1", false),
        ] {
            assert_eq!(dep(provide).satisfies(&dep(require)), want, "{provide} for {require}");
        }
    }
}
