//! Our verdict on hostile inputs, and libmodulemd's.

use super::cases::{self, Case, SAMPLE};
use crate::oracle;
use crate::support::{any_set, set};
use data_encoding::HEXLOWER;
use modex_generator::modulemd::{Mode, Modules, write};
use serde_json::json;

/// Our verdicts in the two modes: the set, or the first thing that is wrong.
fn ours(case: &Case) -> [Result<Modules, String>; 2] {
    [Mode::Lax, Mode::Strict].map(|mode| any_set(&case.bytes, mode))
}

/// Whatever comes, there is an answer, and what is wrong has a short explanation.
#[test]
fn every_input_has_a_clear_answer() {
    for case in cases::all() {
        for why in ours(&case).into_iter().filter_map(Result::err) {
            assert!((5..300).contains(&why.len()), "{}: {why}", case.name);
            assert!(!why.chars().any(char::is_control), "{}: {why:?}", case.name);
        }
    }
}

/// What a document says goes to a terminal in reasons and subjects.
#[test]
fn reasons_are_short_and_plain() {
    let odd = format!("\"\\e[2J{}\"", "x".repeat(100_000));
    for lines in [
        format!("artifacts: {{rpms: [{odd}]}}"),
        format!("components: {{rpms: {{{odd}: {{}}}}}}"),
        format!(
            "components: {{rpms: {{a: {{rationale: r, arches: [{odd}]}}}}}}\n  buildopts: {{arches: [b]}}"
        ),
        format!("dependencies: [{{requires: {{{odd}: [a, -b]}}}}]"),
        format!("profiles: {{{odd}: a}}"),
        format!("servicelevels: {{a: {{eol: {odd}}}}}"),
        format!("version: {odd}"),
        format!("context: {odd}"),
        format!("{odd}: &x [*x]"),
    ] {
        let text = format!("{}  {lines}\n", cases::STREAM);
        let why = any_set(text.as_bytes(), Mode::Strict).unwrap_err();
        assert!(why.len() < 1000 && !why.contains('\u{1b}'), "{why:?}");
    }
}

/// The beginnings of a document are refused or are documents.
fn cuts() -> Vec<Case> {
    let cut =
        |end: usize| Case { name: format!("cut: {end}"), bytes: SAMPLE.as_bytes()[..end].into() };
    (0..=SAMPLE.len()).map(cut).collect()
}

/// Where the two differ on purpose: beginnings of names, and how.
const DIFFERENCES: [(&str, How); 25] = [
    // An `xmd` that is a list, and lists in it whose items are not of one kind.
    ("aliases: xmd: &x [1]", How::TheyRefuse),
    ("shapes: xmd: [", How::TheyRefuse),
    ("tags: xmd: !", How::Any),
    // The dump gives up on maps that deep.
    ("nesting: ", How::TheyRefuse),
    // Local tags.
    ("tags: ", How::WeRefuse),
    // Bytes that hold no document.
    ("shapes: \"", How::TheyRefuse),
    ("before: \"...", How::TheyRefuse),
    ("after: \"...\\n%YAML", How::TheyRefuse),
    // libyaml decodes UTF-16.
    ("encodings: UTF-16", How::WeRefuse),
    // Line ends of YAML 1.1 that nobody uses.
    ("encodings: two documents, NEL", How::WeRefuse),
    ("encodings: two documents, LS", How::WeRefuse),
    ("encodings: two documents, PS", How::WeRefuse),
    // A text ends at a NUL there.
    ("escapes: summary: \"a\\0b\"", How::ReadOtherwise),
    // C's strtoul passes over blanks and a plus.
    ("numbers: ", How::WeRefuse),
    // 32 bits there.
    ("numbers: components: {rpms: {a: {rationale: r, buildorder: ", How::ReadOtherwise),
    // Lists in lists are flattened there; maps in their place are unknown keys.
    ("shapes: api: {rpms: [", How::WeRefuse),
    ("shapes: api: {rpms: {a", How::WeRefuse),
    ("shapes: unknown: {? [a] : b}", How::WeRefuse),
    // As of 2.15 an empty value is an empty set.
    ("shapes: api: {rpms}", How::ReadOtherwise),
    ("shapes: api:\n    rpms:", How::ReadOtherwise),
    ("words: api: {rpms: ''}", How::ReadOtherwise),
    ("words: dependencies: [{requires: {a: ''}}]", How::ReadOtherwise),
    // The root: only the first data counts there, and unknown keys are never an error.
    ("twice: ", How::WeRefuse),
    // No name at all is an error there, an empty one is not.
    ("words: name: ''", How::WeRefuse),
    ("words: stream: ''", How::WeRefuse),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Any,
    WeRefuse,
    TheyRefuse,
    ReadOtherwise,
}

#[test]
fn verdicts_are_libmodulemds() {
    if !oracle::is_here("verdicts_are_libmodulemds") {
        return;
    }
    let all: Vec<Case> = cases::all().into_iter().chain(cuts()).collect();
    let asked: Vec<_> = all
        .iter()
        .flat_map(|case| [false, true].map(|strict| json!({"op": "verdict", "hex": HEXLOWER.encode(&case.bytes), "strict": strict})))
        .collect();
    let answers = oracle::ask(&asked);
    let (mut wrong, mut met) = (Vec::new(), [false; DIFFERENCES.len()]);
    for (case, answers) in all.iter().zip(answers.chunks(2)) {
        for (strict, (ours, theirs)) in ours(case).iter().zip(answers).enumerate() {
            let refused = theirs.error.as_ref().or(theirs.failures.first());
            let told = match (ours, refused) {
                (Ok(modules), None) => {
                    let dumped = set(&theirs.yaml);
                    (write(&dumped) != write(modules)).then(|| {
                        let both = format!("OURS {}\nTHEIRS {}", write(modules), theirs.yaml);
                        (How::ReadOtherwise, both)
                    })
                }
                (Err(_), Some(_)) => None,
                (Ok(_), Some(why)) => Some((How::TheyRefuse, why.clone())),
                (Err(why), None) => Some((How::WeRefuse, why.clone())),
            };
            let Some((how, told)) = told else { continue };
            let is_known = |(place, (name, known)): (usize, &(&str, How))| {
                let fits = case.name.starts_with(name) && [how, How::Any].contains(known);
                met[place] |= fits;
                fits
            };
            if !DIFFERENCES.iter().enumerate().any(is_known) {
                let mode = ["lax", "strict"][strict];
                wrong.push(format!("{} [{mode}] {how:?}: {told}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
    let gone = DIFFERENCES.iter().zip(met).filter(|(_, met)| !met);
    assert_eq!(gone.collect::<Vec<_>>(), [], "no differences any more");
}
