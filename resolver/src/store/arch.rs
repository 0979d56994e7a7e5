//! Which architectures go together: the rules are `modex_formats::rpm::arch`'s, which the generator needs too.

pub use modex_formats::rpm::arch::*;

/// The architectures that systems mostly are of: what to say to somebody whose word is none.
pub const COMMON: [&str; 10] = [
    "x86_64",
    "aarch64",
    "ppc64le",
    "s390x",
    "riscv64",
    "i686",
    "x86_64_v2",
    "x86_64_v3",
    "ppc64",
    "armv7hl",
];

/// Whether a system can be of an architecture: any that dnf knows, but those of source packages.
pub fn is_system(arch: &str) -> bool {
    is_known(arch) && !matches!(arch, "src" | "nosrc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_system_can_be() {
        assert!(COMMON.iter().all(|arch| is_system(arch)));
        assert!(["sparc", "", "src", "X86_64", "x86-64"].iter().all(|arch| !is_system(arch)));
    }
}
