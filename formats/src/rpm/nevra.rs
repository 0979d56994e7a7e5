//! Name, epoch, version, release, architecture: the identity of a package.

use super::Evr;
use std::fmt;

/// A package's identity as modulemd artifacts and dnf's lists write it: `NAME-[EPOCH:]VERSION-RELEASE.ARCH`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Nevra<'a> {
    /// Package name; may contain `-` and `.`.
    pub name: &'a str,
    /// Epoch (`"0"` where the text had none), version and release.
    pub evr: Evr<'a>,
    /// Architecture, `noarch`, `src` and `nosrc` included.
    pub arch: &'a str,
}

impl<'a> Nevra<'a> {
    /// Splits from the right: the last `.` before the architecture, the last `-` before the release, the one before
    /// that before the version. The epoch may also stand in front of the name (`1:foo-2-3.noarch`). `None` where a
    /// part is missing or empty.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (rest, arch) = text.rsplit_once('.')?;
        let (rest, release) = rest.rsplit_once('-')?;
        let (name, version) = rest.rsplit_once('-')?;
        let (mut name, mut version, mut epoch) = (name, version, "0");
        if let Some((e, v)) = split_epoch(version) {
            (epoch, version) = (e, v);
        } else if let Some((e, n)) = split_epoch(name) {
            (epoch, name) = (e, n);
        }
        let whole = [name, version, release, arch].iter().all(|part| !part.is_empty())
            && !arch.contains('-');
        whole.then_some(Nevra { name, evr: Evr { epoch, version, release: Some(release) }, arch })
    }
}

/// The epoch and what follows its colon.
fn split_epoch(text: &str) -> Option<(&str, &str)> {
    let (epoch, rest) = text.split_once(':')?;
    (!epoch.is_empty() && epoch.bytes().all(|b| b.is_ascii_digit())).then_some((epoch, rest))
}

impl<'a> Nevra<'a> {
    /// The full form in pieces, epoch always written.
    fn pieces(&self) -> [&'a str; 9] {
        let Evr { epoch, version, release } = self.evr;
        [self.name, "-", epoch, ":", version, "-", release.unwrap_or(""), ".", self.arch]
    }

    /// As rpm and dnf print it: an epoch of 0 is left out.
    pub fn short(&self) -> String {
        let evr = Evr::join(self.evr.epoch, self.evr.version, self.evr.release.unwrap_or(""));
        [self.name, "-", &evr, ".", self.arch].concat()
    }
}

/// The full form, epoch always written.
impl fmt::Display for Nevra<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().iter().try_for_each(|piece| f.write_str(piece))
    }
}

/// The full form, epoch always written.
impl From<Nevra<'_>> for String {
    fn from(nevra: Nevra<'_>) -> Self {
        nevra.pieces().concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip_and_refusal() {
        for text in ["perl-libs-4:5.32.1-481.el9.x86_64", "a-b-0:1-2.noarch", "x.y-0:1.2-3.a.b.src"]
        {
            assert_eq!(Nevra::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Nevra::parse("foo-1-2.i686").unwrap().to_string(), "foo-0:1-2.i686");
        assert_eq!(Nevra::parse("7:foo-1-2.i686").unwrap().to_string(), "foo-7:1-2.i686");
        let short = |text| Nevra::parse(text).map(|nevra| nevra.short());
        assert_eq!(short("foo-0:1-2.i686").as_deref(), Some("foo-1-2.i686"));
        assert_eq!(short("foo-7:1-2.i686").as_deref(), Some("foo-7:1-2.i686"));
        for text in
            ["", "foo", "foo-1.x86_64", "-1-1.x86_64", "foo-1-1.", "foo--1.x86_64", "foo-1-1"]
        {
            assert!(Nevra::parse(text).is_none(), "{text}");
        }
    }
}
