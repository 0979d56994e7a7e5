//! A repository made up from a seed: the same on every machine, with the shapes that cost a solver time.
//!
//! | one in | package | what it brings |
//! |---|---|---|
//! | 10 in 25 | library | a soname; sonames of earlier ones; now and then an older version beside it |
//! | 3 in 25 | devel | `= version` on its library; other devels |
//! | 2 in 25 | data | noarch |
//! | 8 in 25 | application | many sonames, versioned names, `/bin/sh`, alternatives, weak dependencies |
//! | 2 in 25 | plugin | supplements, a shared capability, a conflict with what nobody has |
//!
//! What is required leans towards early packages, as towards glibc in real life, so closures stay as small as there.
//! The first packages are `glibc` and `bash`, the last one is `gnome-core`.

use crate::failure::Failure;
use modex_formats::index::section::relations::RelationKind::{
    Conflicts, Obsoletes, Provides, Recommends, Requires, Suggests, Supplements,
};
use modex_formats::index::{HotBuilder, TextId};
use modex_formats::rpm::{Dependency, Relation};

/// Packages of the repository that the counts are made on.
pub(super) const PACKAGES: u32 = 20_000;

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u32
    }

    fn one_in(&mut self, many: u32) -> bool {
        self.below(many) == 0
    }

    /// Below `end`, small numbers more often: the least of three.
    fn early(&mut self, end: u32) -> u32 {
        let (a, b, c) = (self.below(end), self.below(end), self.below(end));
        a.min(b).min(c)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Library,
    Devel,
    Data,
    Application,
    Plugin,
}

/// What a package is follows from its number alone, so that others can name it before it is made.
fn role(number: u32) -> Role {
    match number % 25 {
        0..=9 => Role::Library,
        10..=12 => Role::Devel,
        13..=14 => Role::Data,
        15..=22 => Role::Application,
        _ => Role::Plugin,
    }
}

fn name(number: u32) -> String {
    const WORDS: [&str; 16] = [
        "alder", "birch", "cedar", "fir", "hazel", "larch", "maple", "oak", "pine", "rowan",
        "spruce", "thuja", "walnut", "willow", "yew", "zelkova",
    ];
    let word = WORDS[number as usize % WORDS.len()];
    match role(number) {
        Role::Library => format!("lib{word}{number}"),
        Role::Devel => format!("{}-devel", name(library(number))),
        Role::Data => format!("{word}{number}-data"),
        Role::Application => format!("{word}-{number}"),
        Role::Plugin => format!("{word}-plugin-{number}"),
    }
}

fn evr(number: u32) -> String {
    format!("{}.{}.{}-{}.fc38", 1 + number % 4, number % 13, number % 5, 1 + number % 7)
}

/// The nearest library at or before a number.
fn library(number: u32) -> u32 {
    if number % 25 < 10 { number } else { number - number % 25 + 9 - number % 25 % 5 }
}

fn soname(number: u32) -> String {
    format!("{}.so.{}()(64bit)", name(library(number)), number % 3)
}

/// The hot file.
///
/// # Errors
/// What the format's own writer says.
pub(super) fn hot_file(packages: u32) -> Result<Vec<u8>, Failure> {
    let mut made = Made { builder: HotBuilder::default(), random: Random(20), owners: Vec::new() };
    made.core()?;
    for number in 0..packages {
        made.package(number)?;
    }
    made.desktop(packages)?;
    let Made { mut builder, mut owners, .. } = made;
    builder.files(&mut owners);
    Ok(builder.finish()?.to_bytes([20; 32])?)
}

struct Made {
    builder: HotBuilder,
    random: Random,
    owners: Vec<(u32, TextId)>,
}

impl Made {
    fn start(&mut self, name: &str, evr: &str, arch: &str) -> Result<(), Failure> {
        self.builder.package(name, evr, arch)?;
        self.builder.simple(Provides, name, Relation::EQ, evr);
        Ok(())
    }

    fn requires(&mut self, name: &str) {
        self.builder.simple(Requires, name, Relation::ANY, "");
    }

    fn core(&mut self) -> Result<(), Failure> {
        self.start("filesystem", "3.18-3.fc38", "x86_64")?;
        self.start("glibc", "2.37-1.fc38", "x86_64")?;
        self.builder.simple(Provides, "libc.so.6()(64bit)", Relation::ANY, "");
        self.builder.simple(Recommends, &name(0), Relation::ANY, "");
        self.start("bash", "5.2.15-3.fc38", "x86_64")?;
        for name in ["filesystem", "libc.so.6()(64bit)"] {
            self.requires(name);
        }
        for number in [1, 4, 34, 57, 109] {
            self.requires(&soname(number));
        }
        let shell = self.builder.name("/bin/sh");
        self.owners.push((self.builder.packages() - 1, shell));
        Ok(())
    }

    fn package(&mut self, number: u32) -> Result<(), Failure> {
        let arch = if role(number) == Role::Data { "noarch" } else { "x86_64" };
        if role(number) == Role::Library && self.random.one_in(12) {
            self.start(&name(number), &format!("0.9.{}-1.fc38", number % 5), arch)?;
            self.builder.simple(Provides, &soname(number), Relation::ANY, "");
            self.requires("libc.so.6()(64bit)");
        }
        self.start(&name(number), &evr(number), arch)?;
        match role(number) {
            Role::Library => self.library(number),
            Role::Devel => self.devel(number),
            Role::Data => {}
            Role::Application => self.application(number)?,
            Role::Plugin => self.plugin(number),
        }
        Ok(())
    }

    fn sonames(&mut self, number: u32, most: u32) {
        for _ in 0..self.random.below(most + 1) {
            let wanted = library(self.random.early(number.max(1)));
            if wanted < number {
                // With the number's own version of the soname, which every version of the library provides.
                self.requires(&soname(wanted));
            }
        }
        self.requires("libc.so.6()(64bit)");
    }

    fn library(&mut self, number: u32) {
        self.builder.simple(Provides, &soname(number), Relation::ANY, "");
        self.builder.simple(
            Provides,
            &format!("{}(x86-64)", name(number)),
            Relation::EQ,
            &evr(number),
        );
        self.sonames(number, 4);
        if self.random.one_in(20) {
            self.builder.simple(
                Obsoletes,
                &format!("{}-compat", name(number)),
                Relation::LT,
                &evr(number),
            );
        }
    }

    fn devel(&mut self, number: u32) {
        let library = library(number);
        self.builder.simple(Requires, &name(library), Relation::EQ, &evr(library));
        if number > 100 && self.random.one_in(2) {
            let other = self.random.early(number / 25) * 25 + 10;
            self.requires(&name(other));
        }
    }

    fn application(&mut self, number: u32) -> Result<(), Failure> {
        self.sonames(number, 12);
        if self.random.one_in(3) {
            self.requires("/bin/sh");
        }
        if number < 100 {
            return Ok(());
        }
        let blocks = number / 25;
        let earlier = |random: &mut Random, place: u32| random.early(blocks) * 25 + place;
        if self.random.one_in(2) {
            let data = earlier(&mut self.random, 13);
            self.builder.simple(Requires, &name(data), Relation::GE, &evr(data));
        }
        if self.random.one_in(8) {
            let (a, b) = (earlier(&mut self.random, 16), earlier(&mut self.random, 17));
            let either = format!("({} or {})", name(a), name(b));
            self.builder.statement(Requires, &Dependency::parse(&either)?);
        }
        if self.random.one_in(10) {
            let kind = self.random.below(8);
            self.requires(&format!("plugin({kind})"));
        }
        for kind in [Recommends, Recommends, Suggests] {
            if self.random.one_in(4) {
                let other = earlier(&mut self.random, 18);
                self.builder.simple(kind, &name(other), Relation::ANY, "");
            }
        }
        Ok(())
    }

    fn plugin(&mut self, number: u32) {
        self.sonames(number, 3);
        self.builder.simple(Provides, &format!("plugin({})", number % 8), Relation::ANY, "");
        let host = self.random.early(number / 25 + 1) * 25 + 15;
        if host < number {
            self.builder.simple(Requires, &name(host), Relation::GE, &evr(host));
            self.builder.simple(Conflicts, &name(host), Relation::LT, "0.5");
            if self.random.one_in(3) {
                self.builder.simple(Supplements, &name(host), Relation::ANY, "");
            }
        }
    }

    fn desktop(&mut self, packages: u32) -> Result<(), Failure> {
        self.start("gnome-core", "43-1.fc38", "noarch")?;
        let blocks = (packages / 25).max(1);
        for part in 0..80 {
            let application = self.random.early(blocks) * 25 + 15 + part % 8;
            let kind = if part % 4 == 3 { Recommends } else { Requires };
            self.builder.simple(kind, &name(application), Relation::ANY, "");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use modex_formats::index::check;

    #[test]
    fn whole_and_the_same_each_time() {
        let first = hot_file(2000).unwrap();
        check::whole(&first).unwrap();
        assert!(first == hot_file(2000).unwrap());
    }
}
