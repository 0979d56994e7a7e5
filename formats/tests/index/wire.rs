//! Golden bytes of the wire form of records: what bincode 1.3.3 writes, pinned so that no encoder can change it unnoticed.

use modex_formats::index::section::texts::{
    ComponentText, GroupText, ModuleText, PackageText, PathOwners, Record,
};

/// A number of 8 bytes.
fn n(number: u64) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

fn text(text: &str) -> Vec<u8> {
    [n(text.len() as u64), text.as_bytes().to_vec()].concat()
}

fn list(items: &[Vec<u8>]) -> Vec<u8> {
    [n(items.len() as u64), items.concat()].concat()
}

fn pinned<R: Record + PartialEq + std::fmt::Debug>(records: &[R], want: &[Vec<u8>]) {
    let want = want.concat();
    assert_eq!(R::encode(records).unwrap(), want);
    assert_eq!(R::decode(&want).unwrap(), records);
    // Nothing may be missing and nothing may follow.
    assert!(R::decode(&want[..want.len() - 1]).is_err());
    assert!(R::decode(&[want, vec![0]].concat()).is_err());
}

#[test]
fn a_list_of_paths_byte_by_byte() {
    let records = [PathOwners { path: "/é".into(), packages: vec![1, 258] }];
    let want = [
        vec![1, 0, 0, 0, 0, 0, 0, 0],                         // one record
        vec![3, 0, 0, 0, 0, 0, 0, 0, b'/', 0xc3, 0xa9],       // its path
        vec![2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 1, 0, 0], // two owners
    ];
    pinned(&records, &want);
}

#[test]
fn records_have_their_fields_in_the_order_of_the_text() {
    let package = PackageText {
        summary: "a".into(),
        description: "b".into(),
        url: "c".into(),
        license: "d".into(),
        source_rpm: "e".into(),
        build_time: 1 << 40,
    };
    let fields = ["a", "b", "c", "d", "e"].map(text).concat();
    pinned(&[package.clone(), package], &[n(2), fields.clone(), n(1 << 40), fields, n(1 << 40)]);

    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let group = GroupText {
        id: "a".into(),
        name: "b".into(),
        description: "c".into(),
        mandatory: vec!["d".into()],
        default: vec![],
        optional: vec!["e".into(), "f".into()],
        conditional: vec![pair("g", "h")],
    };
    pinned(
        &[group],
        &[
            n(1),
            ["a", "b", "c"].map(text).concat(),
            list(&[text("d")]),
            list(&[]),
            list(&[text("e"), text("f")]),
            list(&[[text("g"), text("h")].concat()]),
        ],
    );

    let module = ModuleText {
        nsvca: "a".into(),
        summary: "b".into(),
        description: "c".into(),
        module_licenses: vec!["d".into()],
        content_licenses: vec!["e".into()],
        references: vec![pair("f", "g")],
        profiles: vec![pair("h", "i")],
        api: vec!["j".into()],
        filter: vec!["k".into()],
        components: vec![ComponentText {
            name: "l".into(),
            is_module: true,
            rationale: "m".into(),
            reference: "n".into(),
            build_order: -2,
        }],
        service_levels: vec![pair("o", "p")],
        xmd: "q".into(),
    };
    let one = |item: &str| list(&[text(item)]);
    let two = |a: &str, b: &str| list(&[[text(a), text(b)].concat()]);
    let component =
        [text("l"), vec![1], text("m"), text("n"), (-2i64).to_le_bytes().to_vec()].concat();
    pinned(
        &[module],
        &[
            n(1),
            ["a", "b", "c"].map(text).concat(),
            one("d"),
            one("e"),
            two("f", "g"),
            two("h", "i"),
            one("j"),
            one("k"),
            list(&[component]),
            two("o", "p"),
            text("q"),
        ],
    );
}

#[test]
fn hostile_counts_are_refused_before_memory_is_taken() {
    for count in [1, 2, 1 << 20, u64::MAX / 24, u64::MAX] {
        let ((), peak) = crate::alloc::peak_of(|| {
            assert!(PathOwners::decode(&n(count)).is_err());
            assert!(ModuleText::decode(&[n(1), n(count)].concat()).is_err());
            let owners = [n(1), text("/p"), n(count)].concat();
            assert!(PathOwners::decode(&owners).is_err());
        });
        assert!(peak <= 5 << 20, "{peak} bytes for a count of {count}");
    }
    // A bool is 0 or 1, a text is UTF-8.
    let component = |is_module: u8, name: u8| {
        let empty = text("");
        let component = [n(1), vec![name, is_module], empty.clone(), empty, n(0)].concat();
        let empty_list = n(0);
        [n(1), text("").repeat(3), empty_list.repeat(6), n(1), component, n(0), text("")].concat()
    };
    assert!(ModuleText::decode(&component(1, b'a')).is_ok());
    assert!(ModuleText::decode(&component(2, b'a')).is_err());
    assert!(ModuleText::decode(&component(1, 0xff)).is_err());
}
