//! A pointer.

use super::view::{Row, View};
use modex_formats::Pointer;
use modex_formats::index::FormatError;
use serde_json::json;

pub(crate) fn view(bytes: &[u8]) -> Result<View, FormatError> {
    let pointer = Pointer::parse(bytes)?;
    let mut view = View::new("pointer".into(), bytes.len());
    view.fact("format", pointer.version);
    view.fact("generator", pointer.generator);
    view.fact("revision", pointer.revision);
    view.count("documents it was made from", pointer.sources.len());
    view.count("architectures", pointer.architectures.len());
    let sources = pointer.sources.into_iter();
    let source = |(kind, sum): (String, modex_formats::pointer::SourceChecksum)| -> Row {
        vec![("document", json!(kind)), ("checksum", json!(format!("{} {}", sum.kind, sum.value)))]
    };
    view.rows("sources", sources.map(source).collect());
    let mut rows: Vec<Row> = Vec::new();
    for (arch, index) in &pointer.architectures {
        // The name of a file begins with its digest.
        let [hot, warm, cold] =
            index.files().map(|file| json!({ "file": file.name, "bytes": file.size }));
        rows.push(vec![
            ("arch", json!(arch)),
            ("source", json!(index.source)),
            ("packages", json!(index.packages)),
            ("modules", json!(index.modules)),
            ("hot", hot),
            ("warm", warm),
            ("cold", cold),
        ]);
    }
    view.rows("architectures", rows);
    Ok(view)
}
