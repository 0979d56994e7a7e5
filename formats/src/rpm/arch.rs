//! Which architectures go together, by libsolv's policies.

/// How well an architecture fits a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchFit {
    /// 0: does not fit; 1: `noarch`; otherwise the place in the system's list, from 2, lower is better. Every place is
    /// a class of its own when candidates are compared.
    pub score: u16,
    /// Which of the two colours (bit 0: 32-bit, bit 1: 64-bit) it has; `noarch` has both.
    pub colour: u8,
}

impl ArchFit {
    /// Nothing of this kind can be installed.
    pub const FOREIGN: ArchFit = ArchFit { score: 0, colour: 3 };

    /// Whether packages of it can be installed.
    pub fn fits(self) -> bool {
        self.score != 0
    }

    /// Whether it is `noarch`.
    pub fn is_noarch(self) -> bool {
        self.score == 1
    }
}

/// The architectures that a system takes, best first, without `noarch`, which fits everywhere.
pub fn policy(system: &str) -> Vec<&str> {
    let tail: &[&str] = match system {
        "x86_64" | "ia32e" | "amd64" => &["i686", "i586", "i486", "i386"],
        "x86_64_v2" => &["x86_64", "i686", "i586", "i486", "i386"],
        "x86_64_v3" => &["x86_64_v2", "x86_64", "i686", "i586", "i486", "i386"],
        "x86_64_v4" => &["x86_64_v3", "x86_64_v2", "x86_64", "i686", "i586", "i486", "i386"],
        "athlon" => &["i686", "i586", "i486", "i386"],
        "i686" => &["i586", "i486", "i386"],
        "i586" => &["i486", "i386"],
        "i486" => &["i386"],
        "s390x" => &["s390"],
        "ppc64p7" => &["ppc64", "ppc"],
        "ppc64" => &["ppc"],
        "armv7hnl" => &["armv7hl", "armv6hl"],
        "armv7hl" => &["armv6hl"],
        "armv7l" => {
            &["armv6l", "armv5tejl", "armv5tel", "armv5tl", "armv5l", "armv4tl", "armv4l", "armv3l"]
        }
        _ => &[],
    };
    std::iter::once(system).chain(tail.iter().copied()).collect()
}

/// How an architecture fits a system's policy.
pub fn fit(policy: &[&str], arch: &str) -> ArchFit {
    let colour = match arch {
        "noarch" => 3,
        "s390x" => 2,
        arch if arch.contains("64") => 2,
        _ => 1,
    };
    let score = match arch {
        "noarch" => 1,
        arch => policy.iter().position(|known| *known == arch).map_or(0, |place| place as u16 + 2),
    };
    ArchFit { score, colour }
}

/// Whether a word names an architecture that dnf knows; used to tell `NAME.ARCH` from a name with a dot.
pub fn is_known(arch: &str) -> bool {
    const KNOWN: [&str; 45] = [
        "noarch",
        "src",
        "nosrc",
        "x86_64",
        "x86_64_v2",
        "x86_64_v3",
        "x86_64_v4",
        "amd64",
        "ia32e",
        "athlon",
        "i386",
        "i486",
        "i586",
        "i686",
        "geode",
        "aarch64",
        "ppc64le",
        "ppc64",
        "ppc64p7",
        "ppc64iseries",
        "ppc64pseries",
        "ppc",
        "s390x",
        "s390",
        "armv3l",
        "armv4b",
        "armv4l",
        "armv4tl",
        "armv5l",
        "armv5tel",
        "armv5tejl",
        "armv5tl",
        "armv6l",
        "armv6hl",
        "armv7l",
        "armv7hl",
        "armv7hnl",
        "armv8l",
        "armv8hl",
        "riscv64",
        "riscv128",
        "loongarch64",
        "ia64",
        "sparc64",
        "alpha",
    ];
    KNOWN.contains(&arch)
}

/// The architectures among `found` that need an index of their own: those that no other one's policy takes. `noarch`,
/// `src` and `nosrc` fit or are left out everywhere, so they count only where nothing else is there: then the answer is
/// `noarch`. Sorted, none twice.
pub fn leading<'f>(found: impl IntoIterator<Item = &'f str>) -> Vec<&'f str> {
    let mut found: Vec<&str> = found.into_iter().collect();
    found.sort_unstable();
    found.dedup();
    found.retain(|arch| !matches!(*arch, "noarch" | "src" | "nosrc"));
    let taken =
        |arch: &str| found.iter().any(|other| *other != arch && policy(other)[1..].contains(&arch));
    let leading: Vec<&str> = found.iter().copied().filter(|arch| !taken(arch)).collect();
    if leading.is_empty() { vec!["noarch"] } else { leading }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_an_x86_system() {
        let policy = policy("x86_64");
        let score = |arch| fit(&policy, arch).score;
        assert_eq!((score("noarch"), score("x86_64"), score("i686")), (1, 2, 3));
        for foreign in ["src", "nosrc", "aarch64", ""] {
            assert!(!fit(&policy, foreign).fits(), "{foreign}");
        }
    }

    #[test]
    fn which_architectures_lead() {
        assert_eq!(leading(["noarch", "i686", "x86_64", "src", "i686"]), ["x86_64"]);
        assert_eq!(leading(["aarch64", "x86_64", "i386"]), ["aarch64", "x86_64"]);
        assert_eq!(leading(["i686"]), ["i686"]);
        assert_eq!(leading(["src", "noarch"]), ["noarch"]);
        assert_eq!(leading([]), ["noarch"]);
    }
}
