//! How types of the resolver stand in a state file: as words.

/// Why a package is installed, as a word.
pub(crate) mod reason {
    use modex_resolver::system::installed::InstallReason;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    const WORDS: [(InstallReason, &str); 5] = [
        (InstallReason::Unknown, "unknown"),
        (InstallReason::Dependency, "dependency"),
        (InstallReason::Weak, "weak"),
        (InstallReason::Group, "group"),
        (InstallReason::User, "user"),
    ];

    pub(crate) fn serialize<S: Serializer>(
        reason: &InstallReason,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let word = WORDS.iter().find(|(it, _)| it == reason).map_or("unknown", |(_, word)| word);
        to.serialize_str(word)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<InstallReason, D::Error> {
        let word = String::deserialize(from)?;
        let found = WORDS.iter().find(|(_, it)| *it == word).map(|(reason, _)| *reason);
        found.ok_or_else(|| D::Error::custom(format!("`{word}` is no reason")))
    }
}

/// Dependencies as `{"requires": ["bash >= 5", …], …}`, kinds without any left out.
pub(crate) mod relations {
    use modex_formats::index::section::relations::RelationKind;
    use modex_formats::rpm::Dependency;
    use serde::de::Error;
    use serde::ser::SerializeMap;
    use serde::{Deserialize, Deserializer, Serializer};
    use std::collections::BTreeMap;

    type Relations = Vec<(RelationKind, Dependency)>;

    pub(crate) fn serialize<S: Serializer>(
        relations: &Relations,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        for kind in RelationKind::ALL {
            let of_kind = relations.iter().filter(|(it, _)| *it == kind);
            let texts: Vec<String> = of_kind.map(|(_, it)| it.to_string()).collect();
            if !texts.is_empty() {
                map.serialize_entry(kind.word(), &texts)?;
            }
        }
        map.end()
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Relations, D::Error> {
        let map = BTreeMap::<String, Vec<String>>::deserialize(from)?;
        let mut relations = Vec::new();
        for (word, texts) in &map {
            let Some(kind) = RelationKind::ALL.into_iter().find(|kind| kind.word() == word) else {
                return Err(D::Error::custom(format!("`{word}` is no kind of dependency")));
            };
            for text in texts {
                relations.push((kind, super::parse(text)?));
            }
        }
        relations.sort_by_key(|(kind, _)| *kind as usize);
        Ok(relations)
    }
}

/// Dependencies as a list of texts.
pub(crate) mod dependencies {
    use super::parse;
    use modex_formats::rpm::Dependency;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        dependencies: &[Dependency],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(dependencies.iter().map(Dependency::to_string))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Dependency>, D::Error> {
        Vec::<String>::deserialize(from)?.iter().map(|text| parse(text)).collect()
    }
}

fn parse<E: serde::de::Error>(text: &str) -> Result<modex_formats::rpm::Dependency, E> {
    modex_formats::rpm::Dependency::parse(text)
        .map_err(|error| E::custom(format!("`{text}`: {error}")))
}

/// Paths by folder, `{"/usr/bin/": ["a", "b"], …}`: most of a path is its folder.
pub(crate) mod files {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(crate) fn serialize<S: Serializer>(files: &[String], to: S) -> Result<S::Ok, S::Error> {
        let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for file in files {
            let (folder, name) = file.split_at(file.rfind('/').map_or(0, |at| at + 1));
            folders.entry(folder).or_default().push(name);
        }
        folders.serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
        let folders = BTreeMap::<String, Vec<String>>::deserialize(from)?;
        let mut files: Vec<String> = folders
            .iter()
            .flat_map(|(folder, names)| {
                names.iter().map(move |name| [folder, name.as_str()].concat())
            })
            .collect();
        files.sort_unstable();
        Ok(files)
    }
}
