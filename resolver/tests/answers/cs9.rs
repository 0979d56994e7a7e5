//! CentOS Stream 9 as it was published, against the answers of dnf that were recorded for it.

use crate::ask::{Answer, Question, ask};
use crate::oracle::{has, same_as_dnf_on};
use crate::world::World;
use modex_fixtures::shared_or_skip;
use modex_resolver::store::universe::RepoOptions;
use std::path::PathBuf;

/// The two repositories; `None` where they are not here.
fn repositories(test: &str) -> Option<[(String, PathBuf); 2]> {
    let data = shared_or_skip(test)?.join("data");
    let repos = ["baseos", "appstream"].map(|id| (id.to_owned(), data.join(format!("cs9-{id}"))));
    match repos.iter().all(|(_, path)| path.join("repodata/repomd.xml").is_file()) {
        true => Some(repos),
        false => {
            modex_fixtures::skipped(test, "cs9-baseos and cs9-appstream are not in the data");
            None
        }
    }
}

/// Names all over the alphabet and of every kind: libraries, languages, desktops, kernels, what cannot be installed.
const NAMES: [&str; 60] = [
    "389-ds-base",
    "ModemManager",
    "NetworkManager",
    "acl",
    "alsa-lib",
    "ansible-core",
    "apr-util",
    "at-spi2-atk",
    "authselect",
    "avahi",
    "bash",
    "bind",
    "boost",
    "cargo",
    "chrony",
    "clang",
    "cloud-init",
    "cockpit",
    "container-tools",
    "cups",
    "dnf",
    "dovecot",
    "emacs",
    "fence-agents-all",
    "firefox",
    "gdb",
    "gimp",
    "git",
    "glibc-devel",
    "gnome-shell",
    "golang",
    "grub2-efi-x64",
    "haproxy",
    "httpd",
    "ipa-server",
    "java-17-openjdk",
    "kernel",
    "kexec-tools",
    "libreoffice",
    "libvirt",
    "lorax",
    "mariadb-server",
    "mesa-dri-drivers",
    "mod_ssl",
    "nginx",
    "nmap",
    "openssh-server",
    "osbuild-composer",
    "perl",
    "podman",
    "postfix",
    "python3-requests",
    "qemu-kvm",
    "redis",
    "rpm-build",
    "samba",
    "sos",
    "systemd",
    "tomcat",
    "vim-enhanced",
];

#[test]
fn counts_and_refusals() {
    let Some(repos) = repositories("counts_and_refusals") else { return };
    let world = World::new(&repos, "x86_64");
    let view = world.view(repos.iter().map(|(id, _)| RepoOptions::new(id)).collect(), &[]);
    for (words, count) in [
        ("install @nodejs:18/common", 46),
        ("install bash", 15),
        ("install git", 164),
        ("module install php:8.2", 115),
        ("install httpd", 100),
    ] {
        let question = Question { words: words.split(' ').collect(), ..Question::default() };
        match ask(&view, &question) {
            Answer::Done(done) => assert_eq!(done.install().len(), count, "{words}"),
            other => panic!("{words}: {other:?}"),
        }
    }
    for (words, missing) in [
        ("install gcc", "libgcc >= 11.5.0-2.el9"),
        ("module install postgresql:16/server", "libldap.so.2()(64bit)"),
    ] {
        let question = Question { words: words.split(' ').collect(), ..Question::default() };
        let Answer::Refused(facts) = ask(&view, &question) else { panic!("{words} is no refusal") };
        let cause = facts.iter().find(|fact| fact.kind == "nothing-provides");
        let cause = cause.and_then(|fact| fact.dependency.as_deref());
        assert_eq!(cause, Some(missing), "{words}: {facts:?}");
    }
}

#[test]
fn same_as_dnf() {
    let Some(repos) = repositories("cs9_same_as_dnf") else { return };
    if !has("cs9_same_as_dnf", "dnf") {
        return;
    }
    let requests = NAMES.map(|name| format!("install {name}"));
    let theirs = same_as_dnf_on(&repos, &requests);
    let solved = theirs.iter().filter(|answer| answer["ok"] == true).count();
    assert!((20..60).contains(&solved), "{solved} of 60 have an answer");
}
