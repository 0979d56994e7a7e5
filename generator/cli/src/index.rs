//! `modex-publish index`

use crate::Answer;
use crate::args::IndexArgs;
use crate::failure::Failure;
use crate::output::{self, Output, bytes, counted, grouped};
use crate::progress::Progress;
use modex_generator::publish::{self, Published};
use modex_generator::{Options, PackageFiles};
use serde_json::{Value, json};

pub(crate) fn run(args: &IndexArgs, output: &mut Output) -> Result<Answer, Failure> {
    let published = {
        let progress = Progress::new();
        let options = Options {
            arches: args.arch.clone(),
            jobs: args.work.jobs(),
            package_files: match args.package_files {
                true => PackageFiles::Read,
                false => PackageFiles::Unread,
            },
            observer: &progress,
            ..Options::default()
        };
        match &args.output {
            Some(folder) => publish::index_into(&args.repositories, folder, &options)?,
            None => publish::index(&args.repositories, &options)?,
        }
    };
    for published in &published {
        complain(published);
    }
    if args.json {
        let repositories: Vec<Value> = published.iter().map(as_json).collect();
        output.json(&json!({ "repositories": repositories }))?;
    } else {
        for published in &published {
            tell(published, output)?;
        }
    }
    Ok(Answer::Yes)
}

fn complain(published: &Published) {
    let place = published.repository.display().to_string();
    output::problems(&place, &published.report);
    for index in &published.indexes {
        output::problems(&format!("{place}: {}", index.arch), &index.report);
    }
    if published.signed && published.repomd_changed {
        output::warning(format_args!(
            "{place}: repomd.xml changed: its signature repomd.xml.asc no longer fits"
        ));
        output::hint("sign repomd.xml again: gpg --detach-sign --armor repomd.xml");
    }
}

fn tell(published: &Published, output: &mut Output) -> Result<(), Failure> {
    let Published { repository, folder, pointer, content, indexes, .. } = published;
    let state = match (published.repomd_changed, *folder == repository.join("repodata")) {
        (true, _) => "published",
        (false, true) => "unchanged",
        (false, false) => "written",
    };
    let pointer = folder.join(&pointer.name);
    output.line(format_args!("{}: {state}, {}", repository.display(), pointer.display()))?;
    for (arch, index) in &content.architectures {
        let left = indexes.iter().find(|left| left.arch == *arch);
        let (foreign, orphans) = left.map_or((0, 0), |left| (left.foreign, left.orphans));
        let modules = match index.modules {
            0 => String::new(),
            modules => format!(", {}", counted(modules, "module stream")),
        };
        let foreign = match foreign {
            0 => String::new(),
            foreign => format!(" ({} of other architectures left out)", grouped(foreign)),
        };
        output.line(format_args!(
            "  {arch}: {}{foreign}{modules}; hot {}, warm {}, cold {}",
            counted(index.packages, "package"),
            bytes(index.hot.size),
            bytes(index.warm.size),
            bytes(index.cold.size),
        ))?;
        if orphans > 0 {
            let packages = counted(orphans, "package");
            output.line(format_args!(
                "    {packages} with a modularity label, listed by 0 documents"
            ))?;
        }
    }
    for name in &published.removed {
        output.line(format_args!("  removed {name}"))?;
    }
    Ok(())
}

fn as_json(published: &Published) -> Value {
    let indexes: Vec<Value> = published
        .indexes
        .iter()
        .map(
            |index| json!({ "arch": index.arch, "foreign": index.foreign, "orphans": index.orphans, "report": index.report }),
        )
        .collect();
    json!({
        "repository": published.repository.to_string_lossy(),
        "folder": published.folder.to_string_lossy(),
        "pointer": published.pointer,
        "content": published.content,
        "indexes": indexes,
        "report": published.report,
        "repomd_changed": published.repomd_changed,
        "signed": published.signed,
        "removed": published.removed,
    })
}
