//! The repositories of the fixture tables, written to disk.

use crate::table::{Line, TableError, lines};
use modex_fixtures::{
    Defaults, ModuleDocument, ModuleObsoletes, ModuleStream, Package, Profile, Relation, Repo,
    Stanza, Tag,
};
use modex_formats::rpm::{Dependency, Nevra};
use serde_json::Value;
use std::collections::BTreeMap;

/// Repositories by id.
#[derive(Default)]
pub(crate) struct Repos {
    pub(crate) by_id: BTreeMap<String, Repo>,
}

impl Repos {
    fn repo(&mut self, id: &str) -> &mut Repo {
        self.by_id.entry(id.to_owned()).or_insert_with(|| Repo::new(id))
    }

    /// Adds the packages of a table.
    pub(crate) fn add_packages(&mut self, text: &str) -> Result<(), TableError> {
        for line in lines(text)? {
            let nevra = line.cell("nevra")?;
            let Some(parsed) = Nevra::parse(nevra) else {
                return Err(line.error(format!("`{nevra}` is no NEVRA")));
            };
            let mut package = Package::new(parsed);
            for (column, tag) in [
                ("extra_provides", Tag::Provides),
                ("requires", Tag::Requires),
                ("recommends", Tag::Recommends),
                ("obsoletes", Tag::Obsoletes),
                ("conflicts", Tag::Conflicts),
            ] {
                for word in line.cell(column)?.split("; ").filter(|word| !word.trim().is_empty()) {
                    relation(&line, word.trim(), tag, &mut package)?;
                }
            }
            self.repo(line.cell("repo")?).packages.push(package);
        }
        Ok(())
    }

    /// Adds the module documents of a table.
    pub(crate) fn add_modules(&mut self, text: &str) -> Result<(), TableError> {
        for line in lines(text)? {
            let document = match line.cell("kind")? {
                "stream" => ModuleDocument::Stream(stream(&line)?),
                "defaults" => ModuleDocument::Defaults(defaults(&line)?),
                "obsoletes" => ModuleDocument::Obsoletes(obsoletes(&line)?),
                other => return Err(line.error(format!("`{other}` is no kind of document"))),
            };
            self.repo(line.cell("repo")?).modules.push(document);
        }
        Ok(())
    }
}

/// One statement of a package.
fn relation(
    line: &Line<'_>,
    word: &str,
    tag: Tag,
    package: &mut Package,
) -> Result<(), TableError> {
    let dependency =
        Dependency::parse(word).map_err(|error| line.error(format!("`{word}`: {error}")))?;
    package.relations.push(Relation { tag, dependency });
    Ok(())
}

fn json(line: &Line<'_>, column: &str) -> Result<Value, TableError> {
    match line.cell(column)? {
        "" => Ok(Value::Null),
        text => serde_json::from_str(text).map_err(|error| line.error(error.to_string())),
    }
}

fn words(value: &Value) -> Vec<String> {
    let list = value.as_array().into_iter().flatten();
    list.filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

fn map(value: &Value) -> Vec<(String, Vec<String>)> {
    let entries = value.as_object().into_iter().flatten();
    entries.map(|(key, list)| (key.clone(), words(list))).collect()
}

fn stream(line: &Line<'_>) -> Result<ModuleStream, TableError> {
    let key = line.cell("key")?;
    let mut parts = key.split(':');
    let mut part = || parts.next().unwrap_or("");
    let (name, stream, version, context, arch) = (part(), part(), part(), part(), part());
    if name.is_empty() || stream.is_empty() || parts.next().is_some() {
        return Err(line.error(format!("`{key}` is not NAME:STREAM:VERSION:CONTEXT:ARCH")));
    }
    let detail = json(line, "detail")?;
    let requires = json(line, "requires")?;
    let stanza = |value| Stanza { requires: map(value), buildrequires: Vec::new() };
    let profile = |(name, rpms)| Profile { name, rpms };
    Ok(ModuleStream {
        name: name.to_owned(),
        stream: stream.to_owned(),
        version: version.parse().map_err(|_| line.error(format!("`{version}` is no version")))?,
        context: context.to_owned(),
        arch: arch.to_owned(),
        static_context: line.cell("static_context")? == "yes",
        summary: format!("Summary of {name}"),
        description: format!("Description of {name}"),
        stanzas: requires.as_array().into_iter().flatten().map(stanza).collect(),
        profiles: map(&json(line, "profiles")?).into_iter().map(profile).collect(),
        artifacts: line.cell("artifacts")?.split_whitespace().map(str::to_owned).collect(),
        demodularized: words(&detail["demodularized"]),
        ..ModuleStream::default()
    })
}

fn defaults(line: &Line<'_>) -> Result<Defaults, TableError> {
    let detail = json(line, "detail")?;
    Ok(Defaults {
        module: line.cell("key")?.to_owned(),
        stream: detail["stream"].as_str().map(str::to_owned),
        modified: detail["modified"].as_u64().unwrap_or(0),
        profiles: map(&detail["profiles"]),
    })
}

fn obsoletes(line: &Line<'_>) -> Result<ModuleObsoletes, TableError> {
    let key = line.cell("key")?;
    let [module, stream, context] = key.split(':').collect::<Vec<_>>()[..] else {
        return Err(line.error(format!("`{key}` is not NAME:STREAM:CONTEXT")));
    };
    let detail = json(line, "detail")?;
    let by = detail["by"].as_str().and_then(|by| by.split_once(':'));
    Ok(ModuleObsoletes {
        module: module.to_owned(),
        stream: stream.to_owned(),
        context: (context != "*").then(|| context.to_owned()),
        modified: moment(detail["modified"].as_u64().unwrap_or(0)),
        eol_date: detail["eol"].as_u64().map(moment),
        obsoleted_by: by.map(|(module, stream)| (module.to_owned(), stream.to_owned())),
        reset: detail["reset"].as_bool().unwrap_or(false),
        message: String::from("obsolete"),
    })
}

/// `YYYYMMDDHHMM` as documents write it.
fn moment(digits: u64) -> String {
    let text = format!("{digits:012}");
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or("");
    format!("{}-{}-{}T{}:{}Z", part(0..4), part(4..6), part(6..8), part(8..10), part(10..12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_become_repositories() {
        let mut repos = Repos::default();
        repos
            .add_packages(
                "repo\tnevra\textra_provides\trequires\trecommends\tobsoletes\tconflicts\tmodularitylabel\n\
                 r\ta-0:1-1.noarch\tb = 2; /usr/bin/a\tc >= 1\t\t\t\t\n",
            )
            .unwrap();
        repos
            .add_modules(
                "repo\tkind\tkey\tstatic_context\trequires\tprofiles\tartifacts\tdetail\n\
                 r\tstream\tm:1:2:c:x86_64\tyes\t[{\"n\": []}]\t{\"p\": [\"a\"]}\ta-0:1-1.noarch\t\n\
                 r\tdefaults\tm\t\t\t\t\t{\"stream\": \"1\", \"profiles\": {\"1\": [\"p\"]}, \"modified\": 0}\n\
                 r\tobsoletes\tm:1:*\t\t\t\t\t{\"modified\": 202005010000, \"reset\": false, \"eol\": null, \"by\": \"n:2\"}\n",
            )
            .unwrap();
        let repo = &repos.by_id["r"];
        assert_eq!((repo.packages[0].relations.len(), repo.modules.len()), (3, 3));
        let ModuleDocument::Obsoletes(obsoletes) = &repo.modules[2] else { panic!() };
        assert_eq!(obsoletes.modified, "2020-05-01T00:00Z");
        assert!(repos.add_packages("repo\tnevra\nr\tnonsense\n").is_err());
    }
}
