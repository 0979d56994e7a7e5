//! Boolean ("rich") dependencies: `(A or B)`, `(A if B else C)` and their kin.

use super::{Evr, Relation, Reldep};
use std::fmt;

/// Parentheses nested deeper than this are refused; real packages nest two or three deep.
pub const MAX_DEPTH: usize = 32;
/// More operands than this in one expression are refused; it also bounds every path through an expression.
pub const MAX_OPERANDS: usize = 512;

/// The operator of a boolean dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum RichOp {
    /// Both.
    And = 1,
    /// At least one.
    Or = 2,
    /// The left one where the right one is installed.
    If = 3,
    /// The left one where the right one is not installed; legal in conflict-like tags.
    Unless = 4,
    /// One single package satisfies both.
    With = 5,
    /// One package satisfies the left one and not the right one.
    Without = 6,
}

impl RichOp {
    /// From the number that the index stores.
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::And, Self::Or, Self::If, Self::Unless, Self::With, Self::Without]
            .into_iter()
            .find(|op| *op as u8 == number)
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::And, Self::Or, Self::If, Self::Unless, Self::With, Self::Without]
            .into_iter()
            .find(|op| op.word() == word)
    }

    /// The operator's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
            Self::If => "if",
            Self::Unless => "unless",
            Self::With => "with",
            Self::Without => "without",
        }
    }

    fn chains(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::With)
    }

    fn takes_else(self) -> bool {
        matches!(self, Self::If | Self::Unless)
    }
}

/// A dependency as one entry of a package's metadata states it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dependency {
    /// On one name.
    Simple(Reldep),
    /// A boolean expression.
    Rich(Box<Rich>),
}

/// `(LEFT OP RIGHT)` or `(LEFT if RIGHT else OTHERWISE)`. A chain `(A or B or C)` leans right: `A or (B or C)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rich {
    /// The operator.
    pub op: RichOp,
    /// What stands left of the operator.
    pub left: Dependency,
    /// What stands right of it; the condition of `if` and `unless`.
    pub right: Dependency,
    /// What follows `else`.
    pub otherwise: Option<Dependency>,
}

/// Why a boolean dependency could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at byte {at}")]
pub struct ParseError {
    /// Byte offset into the text.
    pub at: usize,
    /// What is wrong there.
    pub problem: &'static str,
}

impl Dependency {
    /// Reads a dependency as one text, the form that boolean dependencies have in primary.xml's `name` attribute and
    /// that dnf takes on its command line: `NAME`, `NAME OP EVR`, `(…)`.
    ///
    /// # Errors
    /// Where the parentheses do not match, an operand or operator is missing or unknown, operators are mixed without
    /// parentheses, nesting is deeper than [`MAX_DEPTH`], or there are more than [`MAX_OPERANDS`] operands.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut reader = Reader { text, at: 0, operands: 0 };
        reader.skip_blanks();
        let dependency = reader.operand(0)?;
        reader.skip_blanks();
        if reader.at < text.len() {
            return reader.fail("something follows the dependency");
        }
        Ok(dependency)
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    operands: usize,
}

impl<'a> Reader<'a> {
    fn fail<T>(&self, problem: &'static str) -> Result<T, ParseError> {
        Err(ParseError { at: self.at, problem })
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// The next word: up to a blank or a closing parenthesis that the word itself did not open.
    fn word(&mut self) -> &'a str {
        let (rest, mut open) = (self.rest(), 0usize);
        let end = rest.find(|c: char| match c {
            '(' => {
                open += 1;
                false
            }
            ')' if open == 0 => true,
            ')' => {
                open -= 1;
                false
            }
            c => c.is_whitespace(),
        });
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        self.skip_blanks();
        word
    }

    fn operand(&mut self, depth: usize) -> Result<Dependency, ParseError> {
        if self.rest().starts_with('(') {
            return self.parenthesised(depth + 1);
        }
        self.operands += 1;
        if self.operands > MAX_OPERANDS {
            return self.fail("too many operands");
        }
        let name = self.word();
        if name.is_empty() {
            return self.fail("an operand is missing");
        }
        let before = self.at;
        let sign = self.word();
        let Some(relation) = Relation::from_sign(sign) else {
            self.at = before;
            return Ok(Dependency::Simple(Reldep::any(name)));
        };
        let evr = self.word();
        if evr.is_empty() {
            return self.fail("a version is missing");
        }
        let Evr { epoch, version, release } = Evr::parse(evr);
        let evr = Evr::join(epoch, version, release.unwrap_or(""));
        Ok(Dependency::Simple(Reldep { name: name.into(), relation, evr }))
    }

    fn parenthesised(&mut self, depth: usize) -> Result<Dependency, ParseError> {
        if depth > MAX_DEPTH {
            return self.fail("parentheses are nested too deep");
        }
        self.at += 1;
        self.skip_blanks();
        let mut operands = vec![self.operand(depth)?];
        let mut op = None;
        let mut otherwise = None;
        while !self.rest().starts_with(')') {
            let start = self.at;
            let word = self.word();
            match (op, RichOp::from_word(word)) {
                (None, Some(first)) => {
                    op = Some(first);
                    operands.push(self.operand(depth)?);
                }
                (Some(first), Some(next)) if first == next && first.chains() => {
                    operands.push(self.operand(depth)?);
                }
                (Some(first), None)
                    if word == "else" && first.takes_else() && otherwise.is_none() =>
                {
                    otherwise = Some(self.operand(depth)?);
                }
                (_, found) => {
                    self.at = start;
                    return self.fail(match found {
                        Some(_) => "operators are mixed without parentheses",
                        None if word.is_empty() => "a closing parenthesis is missing",
                        None => "an operator is unknown",
                    });
                }
            }
            if otherwise.is_some() && !self.rest().starts_with(')') {
                return self.fail("a closing parenthesis is missing");
            }
        }
        self.at += 1;
        self.skip_blanks();
        let mut last = operands.pop().expect("the first operand was pushed before the loop");
        let Some(op) = op else { return Ok(last) };
        while let Some(left) = operands.pop() {
            last = Dependency::Rich(Box::new(Rich {
                op,
                left,
                right: last,
                otherwise: otherwise.take(),
            }));
        }
        Ok(last)
    }
}

impl fmt::Display for Dependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dependency::Simple(reldep) => reldep.fmt(f),
            Dependency::Rich(rich) => {
                write!(f, "({}", rich.left)?;
                let (op, mut right) = (rich.op, &rich.right);
                // A chain is written as it was read.
                while op.chains() {
                    match right {
                        Dependency::Rich(next) if next.op == op => {
                            write!(f, " {} {}", op.word(), next.left)?;
                            right = &next.right;
                        }
                        _ => break,
                    }
                }
                write!(f, " {} {right}", op.word())?;
                if let Some(otherwise) = &rich.otherwise {
                    write!(f, " else {otherwise}")?;
                }
                f.write_str(")")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back() {
        for text in [
            "bash",
            "foo >= 1:2-3",
            "(a or b)",
            "(a or b or c >= 2)",
            "(a if b else c)",
            "(a unless (b and c))",
            "(perl(Foo::Bar) >= 1 with perl(Foo::Bar) < 2)",
            "(libx.so.1()(64bit) without y)",
            "((a and b) or (c and d))",
        ] {
            assert_eq!(Dependency::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Dependency::parse("(  a   or b )").unwrap().to_string(), "(a or b)");
        assert_eq!(Dependency::parse("(a)").unwrap().to_string(), "a");
        assert_eq!(Dependency::parse("a = 0:1").unwrap().to_string(), "a = 1");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "(",
            ")",
            "(a",
            "(a or)",
            "(a or b",
            "(a or b and c)",
            "(a xor b)",
            "(a if b if c)",
            "a b",
            "a >=",
            "(a or b) c",
            "(a if b else c else d)",
            "(or a)",
            "(a else b)",
        ] {
            assert!(Dependency::parse(text).is_err(), "{text:?}");
        }
        let deep = format!("{}a{}", "(b or ".repeat(100), ")".repeat(100));
        assert!(Dependency::parse(&deep).is_err());
    }
}
