#!/usr/bin/env python3
"""Reads an index file of modex. Written from formats/SPEC.md alone; needs nothing but the standard library.

    spec_reader.py FILE            the file as JSON, after checking every rule
    spec_reader.py --verdicts      reads files from standard input, each behind its length (u64 little-endian); says of each on a
                                   line: ok, not ours, too new, or damaged: and the rule

Packs are decompressed with the `zstd` command; without it, exit code 77.
"""

import json
import shutil
import struct
import subprocess
import sys
import zlib

NONE = 0xFFFFFFFF


class NotOurs(Exception):
    pass


class TooNew(Exception):
    pass


class Damaged(Exception):
    pass


def rule(holds, what):
    if not holds:
        raise Damaged(what)


def ascending(items):
    return all(a < b for a, b in zip(items, items[1:]))


# Chapter 2

KINDS = {1: "hot", 2: "warm", 3: "cold"}
TAGS = {
    "hot": "NAMS EVRS EVRM PKGN PKGE PKGA ARCH NMPK RELN RELV RICH REQS PROV CONF OBSO RECO SUGG SUPP ENHA PRBY RQBY CFBY "
    "OBBY SPBY IFBY MODU MDEP MPRO MDEM MDFT MDPR MDIN MDIP MOBS ARTI MART ARDO ARPK MNAM ORPH REQI MSLV MSLD".split(),
    "warm": "SZDL SZIN SZBG CSUM CSLN LOCP LOCD LOCX LOCN".split(),
    "cold": "PTXT MTXT GRPS PATH MBLD MTRN".split(),
}
OPTIONAL = ["MDIN", "MDIP", "MOBS", "ORPH", "REQI", "MSLV", "MSLD", "MBLD", "MTRN"]


def open_file(data):
    if data[:8] != b"\x8dMODEX\r\n":
        raise NotOurs()
    rule(len(data) >= 64, "header")
    version, kind, count, length = struct.unpack_from("<HHIQ", data, 8)
    if version > 1:
        raise TooNew()
    rule(version == 1, "version")
    rule(length == len(data), "length")
    rule(count <= 256, "sections")
    start = 64 + 32 * count
    rule(start <= len(data), "table of contents")
    reserved, crc = struct.unpack_from("<II", data, 56)
    rule(crc == zlib.crc32(data[:60] + data[64:start]), "header CRC")
    rule(reserved == 0, "reserved")
    sections, at = {}, start
    entries = []
    for number in range(count):
        tag, flags, offset, size, crc, reserved = struct.unpack_from("<4sIQQII", data, 64 + 32 * number)
        tag = tag.decode("latin-1")
        rule(tag not in sections, "tag twice")
        rule(flags in (0, 1) and reserved == 0, "reserved in table")
        aligned = (at + 7) // 8 * 8
        rule(offset == aligned and offset + size <= len(data), "offset")
        rule(not any(data[at:offset]), "padding")
        sections[tag] = data[offset : offset + size]
        entries.append((tag, flags, crc))
        at = offset + size
    rule(at == len(data), "end")
    rule(kind in KINDS, "kind")
    kind = KINDS[kind]
    for tag, flags, _ in entries:
        if flags == 1 and tag not in TAGS[kind]:
            raise TooNew()
    for tag in TAGS[kind]:
        rule(tag in sections or tag in OPTIONAL, "missing " + tag)
    for tag, _, crc in entries:
        rule(zlib.crc32(sections[tag]) == crc, "CRC of " + tag)
    return kind, data[24:56], sections, [tag for tag, _, _ in entries]


# Chapter 3


def column(section, form):
    width = struct.calcsize("<" + form)
    rule(len(section) % width == 0, "column")
    rows = list(struct.iter_unpack("<" + form, section))
    return [row[0] for row in rows] if len(form) == 1 else rows


def text(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Damaged("UTF-8")


def string_table(section):
    rule(len(section) >= 4, "string table")
    (count,) = struct.unpack_from("<I", section)
    start = 4 + 4 * (count + 1)
    rule(start <= len(section), "string table")
    offsets = struct.unpack_from("<%dI" % (count + 1), section, 4)
    texts = section[start:]
    rule(offsets[0] == 0 and offsets[-1] == len(texts), "offsets")
    rule(all(a <= b for a, b in zip(offsets, offsets[1:])), "offsets")
    found = [texts[a:b] for a, b in zip(offsets, offsets[1:])]
    rule(all(len(one) <= 65535 for one in found), "long text")
    return [text(one) for one in found]


def lists(section, owners):
    rule(len(section) >= 8, "lists")
    count, long_count = struct.unpack_from("<II", section)
    rule(count == owners, "number of lists")
    at = 8
    size = 4 * ((count + 63) // 64)
    rule(at + size <= len(section), "lists")
    anchors = column(section[at : at + size], "I")
    at += size
    rule(at + 8 * long_count <= len(section), "lists")
    long_rows = column(section[at : at + 8 * long_count], "II")
    at += 8 * long_count
    padded = (count + 3) // 4 * 4
    rule(at + padded <= len(section), "lists")
    lengths = list(section[at : at + count])
    rule(not any(section[at + count : at + padded]), "padding in lists")
    items = column(section[at + padded :], "I")
    rule(ascending([row[0] for row in long_rows]), "long lists")
    rule([row[0] for row in long_rows] == [i for i, n in enumerate(lengths) if n == 255], "long lists")
    for number, length in long_rows:
        rule(length >= 255, "short long list")
        lengths[number] = length
    found, at = [], 0
    for number, length in enumerate(lengths):
        if number % 64 == 0:
            rule(anchors[number // 64] == at, "anchor")
        found.append(items[at : at + length])
        at += length
    rule(at == len(items), "items")
    return found


class Record:
    """Reads the wire form."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        rule(self.at + count <= len(self.data), "record")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, form="Q"):
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]

    def bool(self):
        byte = self.number("B")
        rule(byte <= 1, "bool")
        return byte == 1

    def text(self):
        size = self.number()
        rule(size <= 4194304, "long text in record")
        return text(self.take(size))

    def list(self, item, most):
        count = self.number()
        rule(count <= most, "long list in record")
        return [item() for _ in range(count)]

    def texts(self):
        return self.list(self.text, 174762)

    def pairs(self):
        return self.list(lambda: [self.text(), self.text()], 87381)


def decompress(frame):
    if shutil.which("zstd") is None:
        sys.exit(77)
    done = subprocess.run(["zstd", "-dcq"], input=frame, capture_output=True)
    rule(done.returncode == 0 and len(done.stdout) <= 8388608, "frame")
    return done.stdout


def pack(section, per_block, read):
    rule(len(section) >= 8, "pack")
    count, found = struct.unpack_from("<II", section)
    rule(found == per_block, "records in a block")
    blocks = (count + per_block - 1) // per_block
    start = 8 + 4 * (blocks + 1)
    rule(start <= len(section), "pack")
    offsets = column(section[8:start], "I")
    frames = section[start:]
    rule(offsets[0] == 0 and offsets[-1] == len(frames) and offsets == sorted(offsets), "offsets of a pack")
    records = []
    for block in range(blocks):
        record = Record(decompress(frames[offsets[block] : offsets[block + 1]]))
        wanted = min(per_block, count - block * per_block)
        rule(record.number() == wanted, "records")
        records += [read(record) for _ in range(wanted)]
        rule(record.at == len(record.data), "bytes behind the records")
    return records


# Chapter 4


def split_version(version):
    digits = 0
    while digits < len(version) and version[digits] in "0123456789":
        digits += 1
    if digits and version[digits : digits + 1] == ":":
        epoch, rest = version[:digits], version[digits + 1 :]
    else:
        epoch, rest = "0", version
    if "-" in rest:
        version, release = rest.rsplit("-", 1)
        return epoch, version, release or None
    return epoch, rest, None


DIGITS = b"0123456789"
LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def run(part, of):
    end = 0
    while end < len(part) and part[end] in of:
        end += 1
    return part[:end], part[end:]


def compare(a, b):
    return (a > b) - (a < b)


def compare_parts(a, b):
    a, b = a.encode(), b.encode()
    while True:
        while a and a[0] not in DIGITS + LETTERS + b"~^":
            a = a[1:]
        while b and b[0] not in DIGITS + LETTERS + b"~^":
            b = b[1:]
        tildes = (a[:1] == b"~", b[:1] == b"~")
        if all(tildes):
            a, b = a[1:], b[1:]
            continue
        if any(tildes):
            return -1 if tildes[0] else 1
        carets = (a[:1] == b"^", b[:1] == b"^")
        if all(carets):
            a, b = a[1:], b[1:]
            continue
        if carets[0]:
            return -1 if b else 1
        if carets[1]:
            return 1 if a else -1
        if not a or not b:
            return compare(bool(a), bool(b))
        digits = a[0] in DIGITS
        head_a, a = run(a, DIGITS if digits else LETTERS)
        head_b, b = run(b, DIGITS if digits else LETTERS)
        if not head_b:
            return 1 if digits else -1
        if digits:
            head_a, head_b = head_a.lstrip(b"0"), head_b.lstrip(b"0")
            order = compare(len(head_a), len(head_b)) or compare(head_a, head_b)
        else:
            order = compare(head_a, head_b)
        if order:
            return order


def compare_epoch_version(a, b):
    (e1, v1, _), (e2, v2, _) = split_version(a), split_version(b)
    return compare_parts(e1, e2) or compare_parts(v1, v2)


def compare_versions(a, b):
    r1, r2 = split_version(a)[2], split_version(b)[2]
    order = compare_epoch_version(a, b)
    if order:
        return order
    if r1 is None or r2 is None:
        return compare(r1 is not None, r2 is not None)
    return compare_parts(r1, r2)


# Chapters 4 to 8

SIGNS = {0: None, 1: ">", 2: "=", 3: ">=", 4: "<", 6: "<="}
OPERATORS = {1: "and", 2: "or", 3: "if", 4: "unless", 5: "with", 6: "without"}
RELATIONS = {
    "requires": "REQS",
    "provides": "PROV",
    "conflicts": "CONF",
    "obsoletes": "OBSO",
    "recommends": "RECO",
    "suggests": "SUGG",
    "supplements": "SUPP",
    "enhances": "ENHA",
}
RICH = 1 << 31


def in_range(ids, count, what):
    rule(all(one < count for one in ids), "id out of range: " + what)


def or_none(ids):
    return [one for one in ids if one != NONE]


def hot(s, source):
    names = string_table(s["NAMS"])
    rule(ascending([one.encode() for one in names]), "NAMS order")
    versions = string_table(s["EVRS"])
    marks = s["EVRM"]
    rule(len(marks) == len(versions), "EVRM length")
    for i in range(1, len(versions)):
        order = compare_versions(versions[i - 1], versions[i])
        rule(order < 0 or order == 0 and versions[i - 1].encode() < versions[i].encode(), "EVRS order")
    for i, version in enumerate(versions):
        equal = i > 0 and compare_versions(versions[i - 1], version) == 0
        same = i > 0 and compare_epoch_version(versions[i - 1], version) == 0
        without = split_version(version)[2] is None
        rule(marks[i] == equal | same << 1 | without << 2, "EVRM")

    def name(one):
        return None if one == NONE else names[one]

    # Chapter 5
    package_names, package_versions = column(s["PKGN"], "I"), column(s["PKGE"], "I")
    bytes_, arches = column(s["PKGA"], "B"), column(s["ARCH"], "I")
    count = len(package_names)
    rule(len(package_versions) == count and len(bytes_) == count and count <= 268435456, "packages")
    rule(len(arches) <= 64 and ascending(arches), "ARCH")
    in_range(package_names, len(names), "PKGN")
    in_range(package_versions, len(versions), "PKGE")
    in_range(arches, len(names), "ARCH")
    rule(all(byte & 0x40 == 0 for byte in bytes_), "PKGA bit 6")
    in_range([byte & 63 for byte in bytes_], len(arches), "PKGA")
    package_arches = [arches[byte & 63] for byte in bytes_]
    by_name = lists(s["NMPK"], len(names))
    wanted = [[] for _ in names]
    for package, one in enumerate(package_names):
        wanted[one].append(package)
    rule(by_name == wanted, "NMPK")

    # Chapter 6
    reln, relv = column(s["RELN"], "I"), column(s["RELV"], "I")
    rule(len(reln) == len(relv), "RELV length")
    in_range(reln, len(names), "RELN")
    rule(ascending(list(zip(reln, relv))), "RELN order")
    for value in relv:
        relation, file, version = value & 7, value & 8, value >> 4
        rule(relation in SIGNS, "relation")
        rule(relation != 0 or version == 0, "version without relation")
        rule(relation == 0 or not file, "file with relation")
        rule(relation == 0 or version < len(versions), "version id")
    rich = column(s["RICH"], "IIII")
    operands = []
    for row, (op, left, right, otherwise) in enumerate(rich):
        rule(op in OPERATORS, "operator")
        rule(otherwise == NONE or op in (3, 4), "else")
        total = 0
        for part in [left, right] + ([] if otherwise == NONE else [otherwise]):
            if part >= RICH:
                rule(part - RICH < row, "part behind the whole")
                total += operands[part - RICH]
            else:
                rule(part < len(reln) and not relv[part] & 8, "operand")
                total += 1
        rule(total <= 512, "operands")
        operands.append(total)

    def words(dep):
        if dep >= RICH:
            op, left, right, otherwise = rich[dep - RICH]
            otherwise = None if otherwise == NONE else words(otherwise)
            return {"op": OPERATORS[op], "left": words(left), "right": words(right), "else": otherwise}
        sign, version = SIGNS[relv[dep] & 7], relv[dep] >> 4
        return names[reln[dep]] + (" %s %s" % (sign, versions[version]) if sign else "")

    relations = {word: lists(s[tag], count) for word, tag in RELATIONS.items()}
    for word, of in relations.items():
        for package, items in enumerate(of):
            own = (package_names[package], 2 | package_versions[package] << 4)
            for dep in items:
                rule(dep - RICH < len(rich) if dep >= RICH else dep < len(reln), "dependency id")
                if word == "provides":
                    rule(dep < RICH and (reln[dep], relv[dep]) != own, "PROV")
                else:
                    rule(dep >= RICH or not relv[dep] & 8, "file outside PROV")
            rule(word in ("recommends", "suggests", "supplements", "enhances") or ascending(items), word + " order")

    # Chapter 7
    def operands_of(dep, condition=False):
        if dep < RICH:
            yield dep, condition
            return
        op, left, right, otherwise = rich[dep - RICH]
        yield from operands_of(left, condition)
        yield from operands_of(right, condition or op in (3, 4, 6))
        if otherwise != NONE:
            yield from operands_of(otherwise, condition)

    providers = lists(s["PRBY"], len(names))
    wanted = [set() for _ in names]
    requirers = lists(s["RQBY"], len(reln))
    plain, inside, conditions = [set() for _ in reln], [set() for _ in reln], set()
    for package in range(count):
        for dep in relations["provides"][package]:
            wanted[reln[dep]].add(package)
        for dep in relations["requires"][package]:
            for operand, condition in operands_of(dep):
                (inside if dep >= RICH else plain)[operand].add(package)
                if condition:
                    conditions.add((operand, package))
    rule(providers == [sorted(one) for one in wanted], "PRBY")
    for items, alone, parts in zip(requirers, plain, inside):
        rule(items == [one if one in alone else one | RICH for one in sorted(alone | parts)], "RQBY")

    def pairs_of(word):
        return {
            (operand, package)
            for package in range(count)
            for dep in relations[word][package]
            for operand, _ in operands_of(dep)
        }

    pairs = {}
    for word, tag, found in [
        ("conflicts", "CFBY", pairs_of("conflicts")),
        ("obsoletes", "OBBY", pairs_of("obsoletes")),
        ("supplements", "SPBY", pairs_of("supplements")),
        ("conditions", "IFBY", conditions),
    ]:
        pairs[word] = column(s[tag], "II")
        rule(pairs[word] == sorted(found), tag)

    # Chapter 8
    rows = column(s["MODU"], "IIIIIIQII")
    keys = []
    for module, stream, context, arch, resolve, place, version, flags, reserved in rows:
        in_range([module, stream, resolve] + or_none([context, arch]), len(names), "MODU")
        rule(flags <= 1 and reserved == 0, "MODU reserved")
        first = [-1 if one == NONE else one for one in (context, arch)]
        keys.append((module, stream, version, *first, place))
    rule(keys == sorted(keys), "MODU order")
    rule(sorted(row[5] for row in rows) == list(range(len(rows))), "MODU places")
    requires, profiles = column(s["MDEP"], "IIIII"), column(s["MPRO"], "III")
    demodularized = column(s["MDEM"], "II")
    defaults, default_profiles = column(s["MDFT"], "IIQ"), column(s["MDPR"], "III")
    for of in (requires, profiles, demodularized, default_profiles):
        rule(ascending(of), "module rows order")
    for of in (requires, profiles, demodularized):
        in_range([row[0] for row in of], len(rows), "document")
    for _, _, sign, module, stream in requires:
        in_range([module] + or_none([stream]), len(names), "MDEP")
        rule(sign <= 2 and (sign == 0) == (stream == NONE), "sign")
    in_range([row[1] for row in profiles] + or_none(row[2] for row in profiles), len(names), "MPRO")
    in_range([row[1] for row in demodularized], len(names), "MDEM")
    rule(ascending([row[0] for row in defaults]), "MDFT order")
    in_range([row[0] for row in defaults] + or_none(row[1] for row in defaults), len(names), "MDFT")
    in_range([row[1] for row in default_profiles] + or_none(row[2] for row in default_profiles), len(names), "MDPR")
    rule({row[0] for row in default_profiles} <= {row[0] for row in defaults}, "MDPR without MDFT")

    rule(("MDIN" in s) == ("MDIP" in s) and s.get("MDIN") != b"" and s.get("MOBS") != b"", "optional sections without rows")
    intents, intent_profiles = column(s.get("MDIN", b""), "III"), column(s.get("MDIP", b""), "IIII")
    rule(ascending([row[:2] for row in intents]) and ascending(intent_profiles), "intents order")
    in_range([one for row in intents for one in row[:2]] + or_none(row[2] for row in intents), len(names), "MDIN")
    in_range([one for row in intent_profiles for one in row[:3]], len(names), "MDIP")
    in_range(or_none(row[3] for row in intent_profiles), len(names), "MDIP")
    rule({row[:2] for row in intent_profiles} <= {row[:2] for row in intents}, "MDIP without MDIN")
    rule({row[0] for row in intents} <= {row[0] for row in defaults}, "MDIN without MDFT")

    abandoned = column(s.get("MOBS", b""), "IIIIIIQQII")
    keys = []
    for module, stream, context, message, by_module, by_stream, modified, eol, flags, reserved in abandoned:
        in_range([module, stream, message] + or_none([context, by_module, by_stream]), len(names), "MOBS")
        rule((by_module == NONE) == (by_stream == NONE), "MOBS by")
        rule(flags <= 1 and reserved == 0, "MOBS reserved")
        rule(moment(modified) and (eol == 0 or moment(eol)), "MOBS moment")
        keys.append((module, stream, -1 if context == NONE else context, modified))
    rule(ascending(keys), "MOBS order")

    artifacts = column(s["ARTI"], "III")
    rule(ascending(artifacts), "ARTI order")
    in_range([row[0] for row in artifacts] + [row[2] for row in artifacts], len(names), "ARTI")
    in_range([row[1] for row in artifacts], len(versions), "ARTI")
    of_document = lists(s["MART"], len(rows))
    wanted = [[] for _ in artifacts]
    for document, items in enumerate(of_document):
        rule(ascending(items), "MART order")
        in_range(items, len(artifacts), "MART")
        for artifact in items:
            wanted[artifact].append(document)
    documents = lists(s["ARDO"], len(artifacts))
    rule(documents == wanted, "ARDO")
    joined = column(s["ARPK"], "II")
    rank = {row: number for number, row in enumerate(artifacts)}
    keys = list(zip(package_names, package_versions, package_arches))
    rule(joined == [(package, rank[key]) for package, key in enumerate(keys) if key in rank], "ARPK")
    artifact_names = lists(s["MNAM"], len(rows))
    for items, found in zip(of_document, artifact_names):
        binary = {artifacts[one][0] for one in items if names[artifacts[one][2]] not in ("src", "nosrc")}
        rule(found == sorted(binary), "MNAM")

    rule(s.get("ORPH") != b"", "ORPH without rows")
    orphans = list(column(s.get("ORPH", b""), "I"))
    rule(ascending(orphans), "ORPH order")
    in_range(orphans, count, "ORPH")
    rule(not {row[0] for row in joined} & set(orphans), "ORPH of an artifact")

    rule(s.get("REQI") != b"", "REQI without rows")
    to_install = list(column(s.get("REQI", b""), "II"))
    rule(ascending(to_install), "REQI order")
    in_range([row[0] for row in to_install], count, "REQI")
    rule(all(dep in relations["requires"][package] for package, dep in to_install), "REQI of no requirement")

    def place(document):
        module, _, _, _, _, place, _, flags, _ = rows[document]
        return flags == 0, module, place

    rule(("MSLV" in s) == ("MSLD" in s), "MSLV and MSLD")
    solvables, inner = None, None
    if "MSLV" in s:
        solvables = column(s["MSLD"], "I")
        kind, inner_source, inner_sections, tags = open_file(s["MSLV"])
        rule(kind == "hot" and inner_source == source, "MSLV")
        rule("MSLV" not in tags and inner_sections["MODU"] == b"", "MSLV in MSLV")
        rule(all(inner_sections.get(tag, b"") == b"" for tag in ("MDIN", "MDIP", "MOBS", "ORPH", "REQI")), "modules in MSLV")
        inner = hot(inner_sections, source)
        rule(solvables == sorted(range(len(rows)), key=place), "MSLD")
        rule(len(inner["packages"]) == len(rows), "solvables")
        for document, found in zip(solvables, inner["packages"]):
            found = {**found, "requires": as_set(found["requires"])}
            rule(found == solvable(document, rows[document], requires, names), "solvable")

    packages = []
    for package in range(count):
        row = {
            "name": names[package_names[package]],
            "version": versions[package_versions[package]],
            "arch": names[package_arches[package]],
            "own": bytes_[package] & 0x80 == 0,
        }
        row.update((word, [words(dep) for dep in of[package]]) for word, of in relations.items())
        packages.append(row)
    return {
        "names": names,
        "versions": [[version, marks[i] & 1 == 1] for i, version in enumerate(versions)],
        "packages": packages,
        "by_name": by_name,
        "statements": [[words(dep), relv[dep] & 8 != 0] for dep in range(len(reln))],
        "providers": providers,
        "requirers": [[[one % RICH, one >= RICH] for one in of] for of in requirers],
        **pairs,
        "documents": [
            {
                "module": name(module),
                "stream": name(stream),
                "version": version,
                "context": name(context),
                "arch": name(arch),
                "resolve": name(resolve),
                "place": place,
                "static": flags == 1,
                "requires": [[row[1], row[2], name(row[3]), name(row[4])] for row in requires if row[0] == id_],
                "profiles": [[name(row[1]), name(row[2])] for row in profiles if row[0] == id_],
                "demodularized": [name(row[1]) for row in demodularized if row[0] == id_],
                "artifacts": of_document[id_],
                "names": [name(one) for one in artifact_names[id_]],
            }
            for id_, (module, stream, context, arch, resolve, place, version, flags, _) in enumerate(rows)
        ],
        "defaults": [
            {
                "module": name(module),
                "stream": name(stream),
                "modified": modified,
                "profiles": [[name(row[1]), name(row[2])] for row in default_profiles if row[0] == module],
            }
            for module, stream, modified in defaults
        ],
        "intents": [
            {
                "module": name(module),
                "intent": name(intent),
                "stream": name(stream),
                "profiles": [[name(row[2]), name(row[3])] for row in intent_profiles if row[:2] == (module, intent)],
            }
            for module, intent, stream in intents
        ],
        "obsolete_streams": [
            {
                "module": name(module),
                "stream": name(stream),
                "context": name(context),
                "modified": modified,
                "eol": eol or None,
                "reset": flags == 1,
                "message": name(message),
                "by": None if by_module == NONE else [name(by_module), name(by_stream)],
            }
            for module, stream, context, message, by_module, by_stream, modified, eol, flags, _ in abandoned
        ],
        "artifacts": [
            {"name": name(row[0]), "version": versions[row[1]], "arch": name(row[2]), "documents": documents[one]}
            for one, row in enumerate(artifacts)
        ],
        "joined": joined,
        "orphans": orphans,
        "to_install": to_install,
        "solvables": solvables,
        "inner": inner,
    }


def moment(number):
    rest, minute = divmod(number, 100)
    rest, hour = divmod(rest, 100)
    rest, day = divmod(rest, 100)
    year, month = divmod(rest, 100)
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60


def as_set(dependencies):
    return sorted({json.dumps(one) for one in dependencies})


def solvable(document, row, requires, names):
    module, stream, _, arch, resolve, _, version, _, _ = row
    conflicts = {"module(%s)" % names[module]}
    required = []
    for stanza, of in sorted({(one[1], one[3]) for one in requires if one[0] == document}):
        wanted = None
        for _, _, sign, _, of_stream in [one for one in requires if (one[0], one[1], one[3]) == (document, stanza, of)][::-1]:
            one = "module(%s:%s)" % (names[of], names[of_stream]) if sign else None
            if sign == 1:
                wanted = one if wanted is None else {"op": "or", "left": one, "right": wanted, "else": None}
            elif sign == 2:
                conflicts.add(one)
        required.append(wanted or "module(%s)" % names[of])
    provides = {"module(%s)" % names[module], "module(%s:%s)" % (names[module], names[stream])}
    return {
        "name": names[resolve],
        "version": str(version),
        "arch": "noarch" if arch == NONE else names[arch],
        "own": False,
        "requires": as_set(required),
        "provides": sorted(provides, key=str.encode),
        "conflicts": sorted(conflicts, key=str.encode),
        "obsoletes": [],
        "recommends": [],
        "suggests": [],
        "supplements": [],
        "enhances": [],
    }


# Chapter 9

ALGORITHMS = {16: "md5", 20: "sha", 28: "sha224", 32: "sha256", 48: "sha384", 64: "sha512"}


def warm(s):
    columns = column(s["SZDL"], "I"), column(s["SZIN"], "I")
    big = column(s["SZBG"], "QQQ")
    count = len(columns[0])
    rule(len(columns[1]) == count and count <= 268435456, "SZIN length")
    rule(ascending([row[0] for row in big]), "SZBG order")
    rule({row[0] for row in big} == {p for p in range(count) if NONE in (columns[0][p], columns[1][p])}, "SZBG")
    sizes = list(zip(*columns))
    for package, *both in big:
        rule(sizes[package] == tuple(min(size, NONE) for size in both), "SZBG differs")
        sizes[package] = tuple(both)

    lengths = list(s["CSLN"])
    rule(len(set(lengths)) > 1 or len(lengths) == min(count, 1), "CSLN form")
    if len(lengths) == 1:
        lengths *= count
    rule(len(lengths) == count and all(length in ALGORITHMS for length in lengths), "CSLN")
    rule(sum(lengths) == len(s["CSUM"]), "CSUM")
    digests, at = [], 0
    for length in lengths:
        digests.append(s["CSUM"][at : at + length])
        at += length

    folder_of, folders = column(s["LOCP"], "H"), string_table(s["LOCD"])
    odd, odd_names = column(s["LOCX"], "I"), string_table(s["LOCN"])
    rule(len(folder_of) == count, "LOCP")
    in_range(folder_of, len(folders), "LOCP")
    rule(list(dict.fromkeys(folder_of)) == list(range(len(folders))), "LOCD order")
    rule(len(set(folders)) == len(folders), "LOCD twice")
    rule(all(one == "" or one.endswith("/") for one in folders), "LOCD slash")
    rule(len(odd) == len(odd_names) and ascending(odd), "LOCX")
    in_range(odd, count, "LOCX")
    rule(not any("/" in one and folders[folder_of[package]] for package, one in zip(odd, odd_names)), "LOCN")
    odd = dict(zip(odd, odd_names))
    return {
        "packages": [
            {
                "download": sizes[package][0],
                "installed": sizes[package][1],
                "algorithm": ALGORITHMS[lengths[package]],
                "digest": digests[package].hex(),
                "folder": folders[folder_of[package]],
                "file": odd.get(package),
            }
            for package in range(count)
        ]
    }


# Chapter 10


def cold(s):
    def package(r):
        return [r.text(), r.text(), r.text(), r.text(), r.text(), r.number()]

    def component(r):
        return [r.text(), r.bool(), r.text(), r.text(), r.number("q")]

    def module(r):
        head = [r.text(), r.text(), r.text(), r.texts(), r.texts(), r.pairs(), r.pairs(), r.texts(), r.texts()]
        return head + [r.list(lambda: component(r), 47662), r.pairs(), r.text()]

    def group(r):
        return [r.text(), r.text(), r.text(), r.texts(), r.texts(), r.texts(), r.pairs()]

    def requirement(r):
        return [r.text(), r.texts()]

    def source(r):
        head = [[r.text(), r.text(), r.text()], r.texts(), [r.bool(), r.bool(), r.bool()]]
        return head + [r.texts(), r.texts()]

    def build(r):
        stanzas = r.list(lambda: r.list(lambda: requirement(r), 87381), 174762)
        head = [stanzas, r.text(), r.texts(), r.texts(), r.list(lambda: source(r), 27594)]
        return head + [r.list(lambda: [r.text(), r.text(), r.text()], 58254), r.pairs()]

    def locale(r):
        return [r.text(), r.text(), r.text(), r.pairs()]

    def translation(r):
        return [r.text(), r.text(), r.number(), r.list(lambda: locale(r), 43690)]

    def path(r):
        return [r.text(), r.list(lambda: r.number("I"), 1048576)]

    packages = pack(s["PTXT"], 64, package)
    modules = pack(s["MTXT"], 4, module)
    groups = pack(s["GRPS"], 16, group)
    paths = pack(s["PATH"], 256, path)
    builds = pack(s["MBLD"], 4, build) if "MBLD" in s else None
    rule(builds is None or len(builds) == len(modules), "MBLD")
    translations = pack(s["MTRN"], 16, translation) if "MTRN" in s else None
    rule(translations != [], "MTRN without records")
    rule(ascending([[one.encode() for one in record[:2]] for record in translations or []]), "MTRN order")
    for records in (groups, paths):
        rule(ascending([record[0].encode() for record in records]), "records order")
    for _, owners in paths:
        rule(ascending(owners), "owners order")
        in_range(owners, len(packages), "PATH")
    return {"packages": packages, "builds": builds, "translations": translations, "modules": modules, "groups": groups, "paths": paths}


def dump(data):
    kind, source, sections, tags = open_file(data)
    value = hot(sections, source) if kind == "hot" else {"warm": warm, "cold": cold}[kind](sections)
    return {"kind": kind, "source": source.hex(), "sections": tags, **value}


def verdict(data):
    try:
        dump(data)
        return "ok"
    except NotOurs:
        return "not ours"
    except TooNew:
        return "too new"
    except Damaged as error:
        return "damaged: %s" % error


def main():
    if sys.argv[1:] == ["--verdicts"]:
        while head := sys.stdin.buffer.read(8):
            print(verdict(sys.stdin.buffer.read(struct.unpack("<Q", head)[0])))
    elif len(sys.argv) == 2:
        with open(sys.argv[1], "rb") as file:
            json.dump(dump(file.read()), sys.stdout)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
