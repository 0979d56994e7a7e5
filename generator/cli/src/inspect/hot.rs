//! A hot file.

use super::view::{Row, View};
use modex_formats::index::section::relations::RelationKind;
use modex_formats::index::{FormatError, Hot};
use modex_formats::module::Nsvca;
use serde_json::{Value, json};

/// Statements of one kind that are shown of a package.
const SHOWN: usize = 8;

pub(crate) fn fill(view: &mut View, bytes: &[u8], rows: u32) -> Result<(), FormatError> {
    let hot = Hot::open(bytes)?;
    counts(view, &hot);
    let packages = hot.packages.len().min(rows as usize) as u32;
    let packages = (0..packages).map(|id| package(&hot, id)).collect::<Result<_, _>>()?;
    view.rows("packages", packages);
    let modules = hot.modules.len().min(rows as usize) as u32;
    let modules = (0..modules).map(|id| module(&hot, id)).collect::<Result<_, _>>()?;
    view.rows("modules", modules);
    let obsoletes = hot.obsoletes.len().min(rows as usize) as u32;
    let obsoletes = (0..obsoletes).map(|id| obsolete(&hot, id)).collect::<Result<_, _>>()?;
    view.rows("obsoletes", obsoletes);
    let orphans = hot.orphans.packages().take(rows as usize);
    let orphans = orphans.map(|id| orphan(&hot, id)).collect::<Result<_, _>>()?;
    view.rows("orphans", orphans);
    Ok(())
}

fn counts(view: &mut View, hot: &Hot<'_>) {
    view.count("packages", hot.packages.len());
    view.count("names", hot.names.len());
    view.count("names that are paths", hot.names.prefix("/").len());
    view.count("versions", hot.evrs.len());
    view.count("dependencies", hot.reldeps.len());
    view.count("boolean dependencies", hot.reldeps.rich_len());
    for kind in RelationKind::ALL {
        view.count(kind.word(), hot.relations.count(kind));
    }
    view.count("module stream documents", hot.modules.len());
    view.count("modules with defaults", hot.modules.defaults().len());
    view.count("module obsoletes", hot.obsoletes.len());
    view.count("artifacts", hot.artifacts.len());
    view.count("packages that are artifacts", hot.artifacts.packages().len());
    view.count("orphaned packages", hot.orphans.len());
}

fn package(hot: &Hot<'_>, id: u32) -> Result<Row, FormatError> {
    let lost = || FormatError::damaged("PKGN", "a package's row is out of range");
    let mut row: Row = vec![
        ("nevra", json!(hot.nevra(id).ok_or_else(lost)?.to_string())),
        ("id", json!(id)),
        ("provides_own_name", json!(hot.packages.provides_own_name(id))),
    ];
    for kind in RelationKind::ALL {
        let all = hot.relations.of(id, kind).ok_or_else(lost)?;
        let count = all.len();
        let mut words = Vec::new();
        for dependency in all.take(SHOWN) {
            words.push(json!(hot.dependency(dependency)?.to_string()));
        }
        if count > SHOWN {
            words.push(json!(format!("… {} more", count - SHOWN)));
        }
        row.push((kind.word(), Value::Array(words)));
    }
    Ok(row)
}

fn orphan(hot: &Hot<'_>, id: u32) -> Result<Row, FormatError> {
    let lost = || FormatError::damaged("ORPH", "a package's row is out of range");
    let nevra = hot.nevra(id).ok_or_else(lost)?;
    Ok(vec![("nevra", json!(nevra.to_string())), ("id", json!(id))])
}

fn module(hot: &Hot<'_>, id: u32) -> Result<Row, FormatError> {
    let lost = || FormatError::damaged("MODU", "a document's row is out of range");
    let document = hot.modules.get(id).ok_or_else(lost)?;
    let text = |id: u32| hot.names.get(id).map(String::from).ok_or_else(lost);
    let maybe = |id: Option<u32>| id.map(text).transpose().map(Option::unwrap_or_default);
    let nsvca = Nsvca {
        name: text(document.module)?,
        stream: text(document.stream)?,
        version: document.version,
        context: maybe(document.context)?,
        arch: maybe(document.arch)?,
    };
    let mut requires = Vec::new();
    for requirement in hot.modules.requirements(id) {
        let (module, stream) = (text(requirement.module)?, maybe(requirement.stream)?);
        let not = if requirement.sign as u32 == 2 { "-" } else { "" };
        requires.push(json!(format!("{module}:{not}{stream}")));
    }
    let mut profiles: Vec<String> =
        hot.modules.profiles(id).map(|(profile, _)| text(profile)).collect::<Result<_, _>>()?;
    profiles.dedup();
    let artifacts = hot.artifacts.of_document(id).ok_or_else(lost)?.len();
    Ok(vec![
        ("nsvca", json!(nsvca.to_string())),
        ("id", json!(id)),
        ("place", json!(document.order)),
        ("requires", Value::Array(requires)),
        ("profiles", json!(profiles)),
        ("artifacts", json!(artifacts)),
    ])
}

fn obsolete(hot: &Hot<'_>, id: u32) -> Result<Row, FormatError> {
    let lost = || FormatError::damaged("MOBS", "a row is out of range");
    let row = hot.obsoletes.get(id).ok_or_else(lost)?;
    let text = |id: u32| hot.names.get(id).ok_or_else(lost);
    let by = row.obsoleted_by.map(|(module, stream)| {
        Ok::<_, FormatError>(format!("{}:{}", text(module)?, text(stream)?))
    });
    Ok(vec![
        ("stream", json!(format!("{}:{}", text(row.module)?, text(row.stream)?))),
        ("context", json!(row.context.map(text).transpose()?)),
        ("modified", json!(row.modified)),
        ("eol", json!(row.eol)),
        ("reset", json!(row.reset)),
        ("obsoleted_by", json!(by.transpose()?)),
        ("message", json!(text(row.message)?)),
    ])
}
