//! comps.xml: groups of packages.
//!
//! Environments, categories and language packs are not read: nothing that modex publishes or answers needs them.

use super::xml::walk::{self, Event, Walk};
use super::{Error, Fault, Limits, Opened, Problem, Report, Severity};
use std::collections::HashSet;

/// A group of packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id, as on dnf's command line.
    pub id: String,
    /// Its untranslated name.
    pub name: String,
    /// Its packages, in document order.
    pub packages: Vec<GroupPackage>,
}

/// A package of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPackage {
    /// Package name.
    pub name: String,
    /// When it is installed with the group.
    pub kind: GroupPackageKind,
}

/// When a package is installed with its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupPackageKind {
    /// Always.
    Mandatory,
    /// Unless the user says otherwise.
    Default,
    /// Only where the user says so.
    Optional,
    /// Where this other package is installed.
    Conditional(String),
}

/// Reads a comps.xml.
///
/// A group without id, and an entry without package name, are left out and reported. A package entry of an unknown type
/// is doubted and read as mandatory, as libcomps reads it.
///
/// # Errors
/// Where the document cannot be read or is no comps.xml.
///
/// # Example
/// ```
/// use modex_generator::source::{Error, Limits, Opened, Report, Stated, comps};
///
/// let xml = br#"<comps><group><id>web</id><name>Web</name><name xml:lang="de">Netz</name><packagelist>
///   <packagereq type="mandatory">httpd</packagereq>
///   <packagereq type="conditional" requires="php">mod_php</packagereq></packagelist></group></comps>"#;
/// let limits = Limits::default();
/// let opened = Opened::stream("comps.xml", &xml[..], Stated::default(), &limits)?;
/// let groups = comps::read(opened, &limits, &mut Report::new(limits.problems))?;
/// assert_eq!((groups[0].id.as_str(), groups[0].name.as_str()), ("web", "Web"));
/// assert_eq!(groups[0].packages[1].kind, comps::GroupPackageKind::Conditional("php".into()));
/// # Ok::<_, Error>(())
/// ```
pub fn read(opened: Opened<'_>, limits: &Limits, report: &mut Report) -> Result<Vec<Group>, Error> {
    let (document, text) = walk::read_text(opened, limits.small_xml_bytes)?;
    // Every comps.xml names its document type, which declares nothing that matters.
    let text = without_doctype(text);
    let mut walk = Walk::new(&document, &text, limits);
    match walk.next()? {
        Event::Open("comps") => {}
        _ => return Err(walk.error(Fault::WrongKind("its root element is not <comps>".into()))),
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut ids = HashSet::new();
    loop {
        match walk.next()? {
            Event::Open("group") => {
                let line = walk.line();
                let mut problems = Vec::new();
                let group = read_group(&mut walk, &mut problems)?;
                let dropped = group.id.is_empty();
                if dropped {
                    problems = vec![(Severity::Dropped, "it has no id")];
                } else if !ids.insert(group.id.clone()) {
                    problems.push((Severity::Doubted, "its id comes twice"));
                }
                for (severity, what) in problems {
                    let (document, subject) = (document.clone(), format!("group {}", group.id));
                    report.add(Problem {
                        severity,
                        document,
                        line: Some(line),
                        column: None,
                        subject,
                        what: what.into(),
                    });
                }
                if !dropped {
                    groups.push(group);
                }
            }
            Event::Open(_) => walk.skip()?,
            Event::Close => {}
            Event::End => return Ok(groups),
        }
    }
}

/// Blanks out a document type declaration that has no declarations of its own.
fn without_doctype(mut text: String) -> String {
    let Some(start) = text.find("<!DOCTYPE").filter(|start| !text[..*start].contains("<comps"))
    else {
        return text;
    };
    let Some(length) = text[start..].find('>') else { return text };
    let declaration = start..start + length + 1;
    if !text[start + 1..declaration.end].contains(['[', '<']) {
        let blank: String =
            text[declaration.clone()].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
        text.replace_range(declaration, &blank);
    }
    text
}

fn read_group(
    walk: &mut Walk<'_>,
    problems: &mut Vec<(Severity, &'static str)>,
) -> Result<Group, Error> {
    let mut group = Group { id: String::new(), name: String::new(), packages: Vec::new() };
    loop {
        match walk.next()? {
            Event::Open("id") => group.id = walk.text()?,
            Event::Open("name") if walk.attribute("xml:lang")?.is_none() => {
                group.name = walk.text()?
            }
            Event::Open("packagelist") => read_packages(walk, &mut group.packages, problems)?,
            Event::Open(_) => walk.skip()?,
            Event::Close | Event::End => return Ok(group),
        }
    }
}

fn read_packages(
    walk: &mut Walk<'_>,
    packages: &mut Vec<GroupPackage>,
    problems: &mut Vec<(Severity, &'static str)>,
) -> Result<(), Error> {
    loop {
        match walk.next()? {
            Event::Open("packagereq") => {
                let kind = match walk.attribute("type")?.as_deref() {
                    None | Some("mandatory") => GroupPackageKind::Mandatory,
                    Some("default") => GroupPackageKind::Default,
                    Some("optional") => GroupPackageKind::Optional,
                    Some("conditional") => {
                        let requires = walk.attribute("requires")?.unwrap_or_default();
                        if requires.is_empty() {
                            problems.push((
                                Severity::Doubted,
                                "a conditional package does not say its condition",
                            ));
                        }
                        GroupPackageKind::Conditional(requires)
                    }
                    Some(_) => {
                        problems.push((
                            Severity::Doubted,
                            "a package is of an unknown type; read as mandatory",
                        ));
                        GroupPackageKind::Mandatory
                    }
                };
                match walk.text()? {
                    name if name.is_empty() => {
                        problems.push((Severity::Dropped, "a package has no name"))
                    }
                    name => packages.push(GroupPackage { name, kind }),
                }
            }
            Event::Open(_) => walk.skip()?,
            Event::Close | Event::End => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Stated;

    fn run(text: &str) -> (Result<Vec<Group>, Error>, Report) {
        let limits = Limits::default();
        let mut report = Report::new(100);
        let opened =
            Opened::stream("comps.xml", text.as_bytes(), Stated::default(), &limits).unwrap();
        (read(opened, &limits, &mut report), report)
    }

    const DOCTYPE: &str =
        "<!DOCTYPE comps PUBLIC \"-//Red Hat, Inc.//DTD Comps info//EN\" \"comps.dtd\">";

    #[test]
    fn groups_and_what_is_odd_about_them() {
        let text = format!(
            "<?xml version='1.0'?>\n{DOCTYPE}\n<comps>
            <group><id>a</id><packagelist><packagereq>m</packagereq><packagereq type='default'>d</packagereq>
              <packagereq type='optional'>o&amp;</packagereq><packagereq type='x'>x</packagereq>
              <packagereq type='conditional'>c</packagereq><packagereq/></packagelist></group>
            <group><name>no id</name></group>
            <environment><id>e</id></environment>
            <group><id>a</id><name xml:lang='de'>A</name></group></comps>"
        );
        let (groups, report) = run(&text);
        let groups = groups.unwrap();
        let found: Vec<_> =
            groups[0].packages.iter().map(|p| format!("{} {:?}", p.name, p.kind)).collect();
        assert_eq!(
            found,
            ["m Mandatory", "d Default", "o& Optional", "x Mandatory", "c Conditional(\"\")"]
        );
        assert_eq!((groups.len(), groups[1].name.as_str()), (2, ""));
        let lines: Vec<_> = report.problems.iter().map(|problem| problem.line.unwrap()).collect();
        assert_eq!((lines, report.dropped, report.doubted), (vec![4, 4, 4, 7, 9], 2, 3));
    }

    #[test]
    fn broken_documents_are_errors() {
        for bad in [
            "<comps>",
            "<group/>",
            "<comps><group><id>&nbsp;</id></group></comps>",
            "<!DOCTYPE comps [<!ENTITY a \"b\">]><comps></comps>",
            "<!DOCTYPE comps SYSTEM 'a'><!DOCTYPE comps><comps></comps>",
            "<comps><group><id>a<!DOCTYPE comps></id></group></comps>",
        ] {
            assert!(run(bad).0.is_err(), "{bad}");
        }
    }
}
