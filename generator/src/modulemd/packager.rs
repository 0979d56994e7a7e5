//! The input of a build system, version 3: one module stream, and the configurations to build it in.

use modex_formats::module::{BuildOptions, Components, Profile, References};

/// A `modulemd-packager` document of version 3. Sets and maps are sorted, as in
/// [`ModuleStream`](modex_formats::module::ModuleStream).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packager {
    /// Module name, mostly left to the build system.
    pub name: Option<String>,
    /// Stream name, mostly left to the build system.
    pub stream: Option<String>,
    /// One line.
    pub summary: String,
    /// Some paragraphs.
    pub description: String,
    /// Licences of the document; `MIT` where it names none.
    pub licences: Vec<String>,
    /// The free extra data as JSON whose scalars are all strings.
    pub xmd: Option<String>,
    /// The builds to make: at least one, in document order, each with a context of its own.
    pub configurations: Vec<Configuration>,
    /// Links.
    pub references: References,
    /// Installation profiles, by name; here `default` counts.
    pub profiles: Vec<Profile>,
    /// Names of the packages that are the module's interface.
    pub api: Vec<String>,
    /// Names of packages that the build makes and the module does not ship.
    pub filter: Vec<String>,
    /// Names of packages that left the module.
    pub demodularized: Vec<String>,
    /// What the module is built from.
    pub components: Components,
}

/// One build of a [`Packager`]: a context and the streams it is built and run with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// Its context: 1 to 10 ASCII letters and digits.
    pub context: String,
    /// The stream of the platform.
    pub platform: String,
    /// The stream of each other module that the build needs, by module.
    pub build_requires: Vec<(String, String)>,
    /// The stream of each other module that the result needs, by module. A `platform` in here comes on top of
    /// [`platform`](Self::platform).
    pub requires: Vec<(String, String)>,
    /// Options for the build system.
    pub build_options: Option<BuildOptions>,
}
