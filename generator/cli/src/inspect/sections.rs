//! What every section holds, in a few words.

use super::view::Section;
use modex_formats::index::File;

/// The table of contents of a file.
pub(crate) fn of(file: &File<'_>) -> Vec<Section> {
    file.sections()
        .map(|(tag, required, bytes)| Section {
            tag: tag.escape_ascii().to_string(),
            required,
            bytes: bytes.len(),
            holds: holds(tag),
        })
        .collect()
}

fn holds(tag: [u8; 4]) -> &'static str {
    match &tag {
        b"NAMS" => "every name: packages, capabilities, asked paths, modules, streams",
        b"EVRS" => "versions in rpm's order",
        b"EVRM" => "versions: equal to the one before, of the same version, without a release",
        b"PKGN" => "packages: name",
        b"PKGE" => "packages: version",
        b"PKGA" => "packages: architecture",
        b"ARCH" => "architectures",
        b"NMPK" => "packages by name",
        b"RELN" => "dependencies: name",
        b"RELV" => "dependencies: comparison and version",
        b"RICH" => "boolean dependencies",
        b"REQS" => "what packages require",
        b"PROV" => "what packages provide beyond their own name",
        b"CONF" => "what packages conflict with",
        b"OBSO" => "what packages obsolete",
        b"RECO" => "what packages recommend",
        b"SUGG" => "what packages suggest",
        b"SUPP" => "what packages supplement",
        b"ENHA" => "what packages enhance",
        b"PRBY" => "who provides a name or owns a path",
        b"RQBY" => "who requires a dependency",
        b"CFBY" => "who conflicts with a dependency",
        b"OBBY" => "who obsoletes a dependency",
        b"SPBY" => "who supplements a dependency",
        b"IFBY" => "whose requirements have a dependency as condition",
        b"MODU" => "module stream documents",
        b"MDEP" => "what module streams require",
        b"MPRO" => "profiles of module streams",
        b"MDEM" => "packages that left a module",
        b"MDFT" => "default streams",
        b"MDPR" => "default profiles",
        b"MDIN" => "default streams for single uses",
        b"MDIP" => "default profiles for single uses",
        b"MOBS" => "streams that should no longer be used",
        b"ARTI" => "artifacts of modules",
        b"MART" => "artifacts by document",
        b"ARDO" => "documents by artifact",
        b"ARPK" => "which packages are artifacts",
        b"MNAM" => "names that an active document hides elsewhere",
        b"ORPH" => "packages with a modularity label that no document lists",
        b"REQI" => "requirements that only installing needed, of an installed system",
        b"MSLV" => "module streams as solvables, a hot file of their own",
        b"MSLD" => "documents of the solvables",
        b"SZDL" => "download sizes",
        b"SZIN" => "installed sizes",
        b"SZBG" => "sizes of 4 GiB and more",
        b"CSUM" => "checksums of the package files",
        b"CSLN" => "lengths of the checksums",
        b"LOCP" => "folder of each package file",
        b"LOCD" => "folders",
        b"LOCX" => "packages whose file is not named NAME-VERSION-RELEASE.ARCH.rpm",
        b"LOCN" => "their file names",
        b"PTXT" => "texts of packages",
        b"MTXT" => "texts of module documents",
        b"GRPS" => "groups",
        b"PATH" => "paths that primary.xml lists, with owners",
        b"MBLD" => "how module documents were built",
        b"MTRN" => "translations of modules",
        _ => "not known to this version",
    }
}

#[cfg(test)]
mod tests {
    use super::holds;
    use modex_formats::index::section::texts::Record;
    use modex_formats::index::section::{
        artifacts, builds, checksums, evrs, installing, intents, locations, modules, names,
        obsoletes, orphans, packages, relations, reldeps, reverse, sizes, solvables, texts,
    };

    #[test]
    fn every_section_is_explained() {
        let mut tags = vec![names::TAG, evrs::TAG, evrs::MARKS_TAG, obsoletes::TAG, orphans::TAG];
        tags.push(installing::TAG);
        tags.extend([builds::ModuleBuild::TAG, builds::TranslationsText::TAG]);
        tags.extend(relations::RelationKind::ALL.map(relations::RelationKind::tag));
        for some in [
            &packages::TAGS[..],
            &reldeps::TAGS,
            &reverse::TAGS,
            &modules::TAGS,
            &artifacts::TAGS,
            &intents::TAGS,
            &solvables::TAGS,
            &sizes::TAGS,
            &checksums::TAGS,
            &locations::TAGS,
            &texts::TAGS,
        ] {
            tags.extend(some);
        }
        for tag in tags {
            assert!(!holds(tag).starts_with("not known"), "{}", tag.escape_ascii());
        }
    }
}
