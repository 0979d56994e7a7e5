//! The plan: an answer for machines.
//!
//! ```json
//! {
//!   "plan": 1,
//!   "request": ["install", "bash"],
//!   "arch": "x86_64", "platform": "platform:el9", "weak_deps": true, "best": false,
//!   "modules": [{ "nsvca": "nodejs:18:92…:rhel9:x86_64", "repo": "appstream", "change": "enable", "profiles": ["common"] }],
//!   "states": { "enabled": ["nodejs:18"], "switched": [], "disabled": [], "reset": [],
//!               "profiles_installed": ["nodejs/common"], "profiles_removed": [] },
//!   "packages": [{
//!     "action": "install", "nevra": "bash-0:5.1.8-2.el9.x86_64", "repo": "baseos", "reason": "user",
//!     "location": "Packages/bash-5.1.8-2.el9.x86_64.rpm", "checksum": { "type": "sha256", "value": "…" },
//!     "size": 1816000, "installed_size": 7738778, "replaces": []
//!   }],
//!   "totals": { "install": 15, "upgrade": 0, "downgrade": 0, "reinstall": 0, "remove": 0,
//!               "download_size": 1, "installed_size": 2 },
//!   "indexes": [{ "repo": "baseos", "source": "…", "hot": "…" }]
//! }
//! ```
//!
//! An action is `install`, `upgrade`, `downgrade`, `reinstall` or `remove`; what goes in states in `replaces` what it takes the
//! place of, upgraded and obsoleted packages alike, and only what nothing replaces is removed. The reason of a removal is `user`
//! (asked for), `dependent` (it required something that goes) or `unused` (nothing needs it any more).
//!
//! Packages stand by action, then by NEVRA bytewise; sizes are bytes. A request without a solution gives an object with
//! `refused` in place of `packages`, and with `hints` where something else would work. Readers pass over members that they do not know.

use serde::Serialize;
use std::fmt;

/// Version of the schema.
pub const PLAN_VERSION: u32 = 1;

/// What happens to a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It goes in.
    Install,
    /// It goes in, in place of an older one.
    Upgrade,
    /// It goes in, in place of a newer one.
    Downgrade,
    /// It goes in, in place of the same one.
    Reinstall,
    /// It goes.
    Remove,
}

/// Why it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// Asked for.
    User,
    /// Named by a profile that was asked for.
    Profile,
    /// Required.
    Dependency,
    /// Recommended or supplementing.
    Weak,
    /// It goes because it required something that goes.
    Dependent,
    /// It goes because nothing needs it any more.
    Unused,
}

/// A checksum of a package file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanChecksum {
    /// Algorithm, as repodata names it.
    #[serde(rename = "type")]
    pub kind: String,
    /// Hexadecimal digits.
    pub value: String,
}

/// One package of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanPackage {
    /// What happens to it.
    pub action: Action,
    /// `NAME-EPOCH:VERSION-RELEASE.ARCH`.
    pub nevra: String,
    /// Repository id.
    pub repo: String,
    /// Why.
    pub reason: Reason,
    /// Where its file lies, relative to the repository or absolute with a scheme; absent for removals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The file's checksum; absent for removals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checksum: Option<PlanChecksum>,
    /// Bytes to download.
    pub size: u64,
    /// Bytes after installation.
    pub installed_size: u64,
    /// Installed packages whose place it takes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<String>,
}

/// What happens to a module stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ModuleChange {
    /// The stream becomes enabled.
    Enable,
    /// The stream is in force without being enabled, as a default or for one that is.
    Active,
}

/// One module stream document of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanModule {
    /// `NAME:STREAM:VERSION:CONTEXT:ARCH`.
    pub nsvca: String,
    /// Repository id.
    pub repo: String,
    /// What happens to its stream.
    pub change: ModuleChange,
    /// Profiles that get installed.
    pub profiles: Vec<String>,
}

/// What becomes of the decisions about modules; each list sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanStates {
    /// `MODULE:STREAM` that becomes enabled.
    pub enabled: Vec<String>,
    /// Enabled streams that give way to others.
    pub switched: Vec<PlanSwitch>,
    /// Modules that become disabled.
    pub disabled: Vec<String>,
    /// Modules about which nothing is decided any more.
    pub reset: Vec<String>,
    /// `MODULE/PROFILE` that is recorded as installed.
    pub profiles_installed: Vec<String>,
    /// `MODULE/PROFILE` that is recorded no more.
    pub profiles_removed: Vec<String>,
}

impl PlanStates {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        *self == PlanStates::default()
    }
}

/// An enabled stream that gives way to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanSwitch {
    /// Module name.
    pub module: String,
    /// The stream that was enabled.
    pub from: String,
    /// The stream that is.
    pub to: String,
}

/// Sums over a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Packages that go in new.
    pub install: usize,
    /// Packages that replace an older one.
    pub upgrade: usize,
    /// Packages that replace a newer one.
    pub downgrade: usize,
    /// Packages that replace the same one.
    pub reinstall: usize,
    /// Packages that go.
    pub remove: usize,
    /// Bytes to download.
    pub download_size: u64,
    /// Bytes after installation of what goes in.
    pub installed_size: u64,
}

/// An index that the plan was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanIndex {
    /// Repository id.
    pub repo: String,
    /// Source digest of the index, hexadecimal.
    pub source: String,
    /// SHA-256 of the hot file, hexadecimal.
    pub hot: String,
}

/// A link of the reason why there is no solution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanFact {
    /// What kind of fact: `asked`, `nothing-provides`, `requires`, `hidden`, `conflicts`, `obsoletes`, `same-name`,
    /// `inferior-arch`, `installed`, `not-best`, `protected`, `no-match`, `module`, `orphan`.
    pub kind: &'static str,
    /// The fact in words.
    pub text: String,
    /// The packages it is about, the subject first.
    pub packages: Vec<String>,
    /// The dependency it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dependency: Option<String>,
    /// The module streams that hide the package, `MODULE:STREAM` separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<String>,
}

/// Something that works where a request does not: it was resolved before it is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanHint {
    /// Options that go with it, as the command line spells them.
    pub options: Vec<String>,
    /// The commands to give instead, one after the other, in dnf's words.
    pub commands: Vec<Vec<String>>,
    /// Packages that go in altogether, by NEVRA, upgrades and downgrades included.
    pub installs: Vec<String>,
    /// Installed packages that go and are not replaced.
    pub removes: Vec<String>,
}

/// As it stands behind `modex resolve`: options, then each command behind `--`.
impl fmt::Display for PlanHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let commands = self.commands.iter().map(|words| format!("-- {}", words.join(" ")));
        let words: Vec<String> = self.options.iter().cloned().chain(commands).collect();
        f.write_str(&words.join(" "))
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Version of the schema.
    #[serde(rename = "plan")]
    pub version: u32,
    /// The words of the request.
    pub request: Vec<String>,
    /// Architecture of the system.
    pub arch: String,
    /// Platform of the system.
    pub platform: Option<String>,
    /// Whether weak dependencies were followed.
    pub weak_deps: bool,
    /// Whether only best versions would do.
    pub best: bool,
    /// Module streams.
    pub modules: Vec<PlanModule>,
    /// Decisions about modules.
    pub states: PlanStates,
    /// Packages.
    pub packages: Vec<PlanPackage>,
    /// Installed packages that stay, by NEVRA, but only as long as something needs them: what a profile brought and no
    /// profile names any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub now_dependencies: Vec<String>,
    /// Sums.
    pub totals: Totals,
    /// Why there is no solution; absent where there is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<PlanFact>,
    /// What would work instead, the cheapest first; absent where nothing was looked for or found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<PlanHint>,
    /// What the plan was made from.
    pub indexes: Vec<PlanIndex>,
}
