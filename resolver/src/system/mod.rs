//! The system that a request is about.

mod after;
pub(crate) mod files;
mod index;
pub mod installed;
pub(crate) mod platform;

pub use files::{FILES_REPO, PackageFile};
pub use index::{InstalledIndex, Parts};
pub use platform::platform_parts;

use crate::store::OpenIndex;
use crate::store::universe::{PackageId, RepoOptions};
use crate::streams::ModuleStates;
use files::Files;
use installed::{InstallReason, InstalledPackage, SystemError};
use modex_formats::index::Hot;
use modex_formats::module::Defaults;

/// The id of the repository that stands for fail-safe copies, as dnf names it.
pub const FAIL_SAFE_REPO: &str = "@modulefailsafe";

/// A stream document that was kept when its stream was enabled: it counts where no repository has the stream any more.
#[derive(Clone, Debug)]
pub struct FailSafeCopy {
    /// Module name.
    pub module: String,
    /// Stream.
    pub stream: String,
    /// A hot file that holds nothing but the document.
    pub index: Vec<u8>,
}

/// A system: nothing of it is taken from the machine this runs on.
#[derive(Clone, Default)]
pub struct System {
    /// Its architecture, as rpm names it.
    pub arch: String,
    /// Its platform, `NAME:STREAM` as in `platform:el9`, where somebody says so. Else release packages tell.
    pub platform: Option<String>,
    /// Its platform as os-release says, for when nothing else does. Without any, no stream that requires a platform can be
    /// active.
    pub os_platform: Option<String>,
    /// What was decided about modules before.
    pub modules: ModuleStates,
    /// Defaults of the system itself (`modules.defaults.d`), each in place of what repositories say of its module.
    pub defaults: Vec<Defaults>,
    /// Copies of enabled streams, against the loss of their repository.
    pub fail_safe: Vec<FailSafeCopy>,
    installed: Option<InstalledIndex>,
    files: Option<Files>,
}

impl System {
    /// A system with nothing installed and nothing decided.
    pub fn new(arch: &str, platform: Option<&str>) -> Self {
        let platform = platform.map(str::to_owned);
        System { arch: arch.to_owned(), platform, ..System::default() }
    }

    /// Says what is installed. What these packages state is looked up in `repos`, by the very same NEVRA.
    /// O(installed packages and their statements).
    ///
    /// # Errors
    /// It is too much for an index, or an index of `repos` is damaged.
    pub fn install(
        &mut self,
        packages: &[InstalledPackage],
        repos: &[(RepoOptions, &OpenIndex)],
    ) -> Result<(), SystemError> {
        let mut hots = Vec::with_capacity(repos.len() + 1);
        for (options, index) in repos {
            hots.push((options.clone(), index.hot()?));
        }
        if let Some(files) = &self.files {
            hots.push((files::options(), Hot::open(&files.index)?));
        }
        let (index, reasons) = installed::system_index(packages, &hots)?;
        self.installed = Some(InstalledIndex::new(index, reasons));
        Ok(())
    }

    /// Says what is installed by an index that was kept: what [`System::installed`] gave after [`System::install`] with the same
    /// packages and the same repositories, and no package files.
    pub fn install_kept(&mut self, index: InstalledIndex) {
        self.installed = Some(index);
    }

    /// The installed packages; `None` where nothing was said of them.
    pub fn installed(&self) -> Option<&InstalledIndex> {
        self.installed.as_ref()
    }

    /// Says which package files a request may name; none of those of before. What is installed must be said again after this.
    /// O(files and their statements).
    ///
    /// # Errors
    /// As [`System::install`].
    pub fn bring(
        &mut self,
        files: &[PackageFile],
        repos: &[(RepoOptions, &OpenIndex)],
    ) -> Result<(), SystemError> {
        self.files = match files {
            [] => None,
            files => Some(Files::new(files, repos)?),
        };
        Ok(())
    }

    /// The package files with their index; `None` where there is none.
    pub(crate) fn files(&self) -> Option<&Files> {
        self.files.as_ref()
    }

    /// Why a package is installed; unknown for one that is not. Installed packages have the first ids of a universe.
    pub fn reason(&self, package: PackageId) -> InstallReason {
        let reasons = self.installed.as_ref().map(InstalledIndex::reasons).unwrap_or_default();
        reasons.get(package.0 as usize).copied().unwrap_or_default()
    }

    /// The installed packages as an index; `None` where nothing was said of them.
    pub(crate) fn index(&self) -> Option<&[u8]> {
        self.installed.as_ref().map(InstalledIndex::bytes)
    }
}
