//! What a module document says beyond what resolving needs, as records of the cold file.

use crate::source::{Problem, Report, Severity};
use modex_formats::index::section::texts::{ComponentText, MAX_BLOCK, ModuleText, Record};
use modex_formats::module::ModuleStream;

/// The record of a document. What makes it larger than its share of a block is cut, the least needed first, and reported.
pub(crate) fn record(stream: &ModuleStream, report: &mut Report) -> ModuleText {
    let mut text = whole(stream);
    type Cut = (&'static str, fn(&mut ModuleText));
    let cuts: [Cut; 6] = [
        ("xmd", |text| text.xmd.clear()),
        ("rationales", |text| text.components.iter_mut().for_each(|c| c.rationale.clear())),
        ("components", |text| text.components.clear()),
        ("API and filter", |text| {
            text.api.clear();
            text.filter.clear();
        }),
        ("texts", |text| {
            text.description = super::cut(&text.description, 64 << 10).into();
            text.summary = super::cut(&text.summary, 4 << 10).into();
            text.profiles.clear();
        }),
        ("licences and links", |text| {
            *text = ModuleText {
                nsvca: super::cut(&text.nsvca, 4 << 10).into(),
                summary: std::mem::take(&mut text.summary),
                description: std::mem::take(&mut text.description),
                ..ModuleText::default()
            };
        }),
    ];
    for (what, cut) in cuts {
        if fits(&text) {
            break;
        }
        cut(&mut text);
        report.add(Problem {
            severity: Severity::Doubted,
            document: "modules.yaml".into(),
            line: None,
            column: None,
            subject: super::cut(&text.nsvca, 200).into(),
            what: format!("it is larger than an index can hold; its {what} are left out"),
        });
    }
    text
}

fn fits(text: &ModuleText) -> bool {
    let bytes = ModuleText::encode(std::slice::from_ref(text)).map_or(usize::MAX, |b| b.len());
    bytes <= MAX_BLOCK / ModuleText::PER_BLOCK as usize
}

fn whole(stream: &ModuleStream) -> ModuleText {
    let links = &stream.references;
    let links = [
        ("community", &links.community),
        ("documentation", &links.documentation),
        ("tracker", &links.tracker),
    ];
    let link = |(kind, link): (&str, &Option<String>)| Some((kind.into(), link.clone()?));
    let rpms = stream.components.rpms.iter().map(|rpm| ComponentText {
        name: rpm.name.clone().unwrap_or_else(|| rpm.key.clone()),
        is_module: false,
        rationale: rpm.rationale.clone(),
        reference: rpm.reference.clone().unwrap_or_default(),
        build_order: rpm.buildorder,
    });
    let modules = stream.components.modules.iter().map(|module| ComponentText {
        name: module.key.clone(),
        is_module: true,
        rationale: module.rationale.clone(),
        reference: module.reference.clone().unwrap_or_default(),
        build_order: module.buildorder,
    });
    let profile = |profile: &modex_formats::module::Profile| {
        Some((profile.name.clone(), profile.description.clone()?))
    };
    let level = |level: &modex_formats::module::ServiceLevel| {
        (level.name.clone(), level.eol.clone().unwrap_or_default())
    };
    ModuleText {
        nsvca: stream.nsvca.to_string(),
        summary: stream.summary.clone(),
        description: stream.description.clone(),
        module_licenses: stream.licences.module.clone(),
        content_licenses: stream.licences.content.clone(),
        references: links.into_iter().filter_map(link).collect(),
        profiles: stream.profiles.iter().filter_map(profile).collect(),
        api: stream.api.clone(),
        filter: stream.filter.clone(),
        components: rpms.chain(modules).collect(),
        service_levels: stream.service_levels.iter().map(level).collect(),
        xmd: stream.xmd.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use modex_formats::module::{Nsvca, Profile, References, RpmComponent};

    #[test]
    fn a_record_says_what_the_document_says() {
        let stream = ModuleStream {
            nsvca: Nsvca { name: "perl".into(), stream: "5.30".into(), ..Nsvca::default() },
            summary: "Perl".into(),
            profiles: vec![
                Profile { name: "a".into(), description: Some("A".into()), ..Profile::default() },
                Profile { name: "b".into(), ..Profile::default() },
            ],
            references: References { tracker: Some("t".into()), ..References::default() },
            xmd: Some("{}".into()),
            ..ModuleStream::default()
        };
        let mut report = Report::new(9);
        let text = record(&stream, &mut report);
        assert_eq!((&text.nsvca[..], &text.xmd[..]), ("perl:5.30:::", "{}"));
        assert_eq!(text.references, [("tracker".to_string(), "t".to_string())]);
        assert_eq!(text.profiles, [("a".to_string(), "A".to_string())]);
        assert!(report.is_clean());
    }

    #[test]
    fn too_much_is_cut_until_it_fits() {
        let huge = "x".repeat(3 << 20);
        let component = RpmComponent { rationale: huge.clone(), ..RpmComponent::default() };
        let mut stream = ModuleStream { xmd: Some(huge.clone()), ..ModuleStream::default() };
        stream.components.rpms.push(component);
        stream.description = huge.clone();
        stream.licences.content = vec![huge];
        let mut report = Report::new(9);
        let text = record(&stream, &mut report);
        assert!(fits(&text) && report.doubted == 6, "{report:?}");
        assert_eq!(text.description.len(), 64 << 10);
    }
}
