//! A cold file.

use super::view::{Row, View};
use modex_formats::index::section::texts::{Pack, Record};
use modex_formats::index::{Cold, FormatError};
use serde_json::json;

pub(crate) fn fill(view: &mut View, bytes: &[u8], rows: u32) -> Result<(), FormatError> {
    let cold = Cold::open(bytes)?;
    view.count("texts of packages", cold.packages.len() as usize);
    view.count("texts of module documents", cold.modules.len() as usize);
    view.count("builds of module documents", cold.builds.map_or(0, |pack| pack.len()) as usize);
    view.count("translations", cold.translations.map_or(0, |pack| pack.len()) as usize);
    view.count("groups", cold.groups.len() as usize);
    view.count("paths", cold.paths.len() as usize);
    let packages = first(&cold.packages, rows, |id, text| {
        vec![
            ("package", json!(format!("package {id}"))),
            ("summary", json!(text.summary)),
            ("license", json!(text.license)),
            ("url", json!(text.url)),
            ("source", json!(text.source_rpm)),
        ]
    })?;
    let modules = first(&cold.modules, rows, |_, text| {
        vec![
            ("nsvca", json!(text.nsvca)),
            ("summary", json!(text.summary)),
            ("licenses", json!(text.module_licenses)),
            ("components", json!(text.components.len())),
        ]
    })?;
    let builds = cold.builds.map(|pack| {
        first(&pack, rows, |id, build| {
            let unknown: Vec<&String> = build.unknown.iter().map(|(path, _)| path).collect();
            let all = build.build_requires.iter().flatten();
            let requires: Vec<String> =
                all.map(|(module, streams)| format!("{module}:[{}]", streams.join(","))).collect();
            vec![
                ("document", json!(format!("document {id}"))),
                ("build_requires", json!(requires)),
                ("unknown_keys", json!(unknown)),
            ]
        })
    });
    let translations = cold.translations.map(|pack| {
        first(&pack, rows, |_, of| {
            let locales: Vec<&String> = of.locales.iter().map(|words| &words.locale).collect();
            vec![
                ("stream", json!(format!("{}:{}", of.module, of.stream))),
                ("locales", json!(locales)),
            ]
        })
    });
    let groups = first(&cold.groups, rows, |_, group| {
        vec![
            ("id", json!(group.id)),
            ("name", json!(group.name)),
            ("mandatory", json!(group.mandatory.len())),
            ("default", json!(group.default.len())),
            ("optional", json!(group.optional.len())),
            ("conditional", json!(group.conditional.len())),
        ]
    })?;
    let paths = first(&cold.paths, rows, |_, owners| {
        vec![("path", json!(owners.path)), ("packages", json!(owners.packages))]
    })?;
    view.rows("packages", packages);
    view.rows("modules", modules);
    view.rows("builds", builds.transpose()?.unwrap_or_default());
    view.rows("translations", translations.transpose()?.unwrap_or_default());
    view.rows("groups", groups);
    view.rows("paths", paths);
    Ok(())
}

fn first<R: Record>(
    pack: &Pack<'_, R>,
    rows: u32,
    row: impl Fn(u32, &R) -> Row,
) -> Result<Vec<Row>, FormatError> {
    let records = pack.iter().take(rows as usize).zip(0u32..);
    records.map(|(record, id)| record.map(|record| row(id, &record))).collect()
}
