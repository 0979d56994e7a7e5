//! `PLATFORM_ID` of os-release.

use crate::error::RootError;
use crate::inside::Root;
use modex_resolver::system::platform_parts;

/// More bytes than this are no os-release.
const LIMIT: u64 = 1 << 20;

/// The platform that os-release names, `NAME:STREAM`; the first of the two files that names one counts.
///
/// dnf looks for the first line that contains `PLATFORM_ID`, comments included, and wants double quotes; this reads
/// the assignments as a shell does, as os-release(5) asks for.
///
/// # Errors
/// A file that is there cannot be read.
pub(crate) fn platform(root: &Root) -> Result<Option<String>, RootError> {
    for path in ["etc/os-release", "usr/lib/os-release"] {
        if let Some(bytes) = root.read(path, LIMIT)?
            && let Some(platform) = platform_id(&String::from_utf8_lossy(&bytes))
        {
            return Ok(Some(platform));
        }
    }
    Ok(None)
}

/// The last assignment to `PLATFORM_ID` that has the form of a platform.
fn platform_id(text: &str) -> Option<String> {
    let assigned = |line: &str| {
        // A line that a shell could not read assigns nothing.
        let word = shlex::Shlex::new(line).next()?;
        Some(word.strip_prefix("PLATFORM_ID=")?.to_owned())
    };
    text.lines().filter_map(assigned).rfind(|value| platform_parts(value).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_a_shell_reads_it() {
        for text in [
            "PLATFORM_ID=\"platform:el9\"",
            "PLATFORM_ID=platform:el9",
            "PLATFORM_ID='platform:el9' # nine",
            "  PLATFORM_ID=plat\\form:'e'\"l9\"\r\n",
            "# PLATFORM_ID=\"platform:el8\"\nNAME=\"a\nPLATFORM_ID=platform:el9\nX_PLATFORM_ID=platform:el7",
            "PLATFORM_ID=platform:el8\nPLATFORM_ID=platform:el9\nPLATFORM_ID=none",
        ] {
            assert_eq!(platform_id(text).as_deref(), Some("platform:el9"), "{text}");
        }
        for text in [
            "",
            "PLATFORM_ID=",
            "PLATFORM_ID=el9",
            "PLATFORM_ID=:el9",
            "PLATFORM_ID=a:",
            "PLATFORM_ID=\"a:b",
        ] {
            assert_eq!(platform_id(text), None, "{text}");
        }
    }
}
