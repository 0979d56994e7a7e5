#!/usr/bin/python3
"""`upgrade` of a machine with 2,000 installed packages: modex beside warm dnf, whole processes, in turn.

    benches/upgrade.py --repo DIR --modex BIN [--installed 2000] [--older 0.3] [--runs 9] [--work /var/tmp/mx/upgrade]

The machine: what `install` of packages drawn by chance from the repository brings (as modex resolves it), a share of it in a made-up
older version, in rpm's database of an installroot (fixtures/oracle/installed_root.py).  Both read that root and the repository's
metadata from the disk; dnf has its cache (`makecache` before, then `-C`), modex its index.  Exit status 1 if the packages that go in
differ, or modex takes more than a twentieth of dnf's time.  Needs dnf and python3-rpm; written for Debian's.
"""
import argparse, json, os, random, resource, shutil, statistics, subprocess, sys, time
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "fixtures", "oracle"))
import dnf_run
dnf_run.set_home()
import installed_root


def draw(o, builder, platform):
    """NEVRAs that stand together"""
    r = random.Random(1)
    names = sorted({p.name for p in builder.by.values() if p.arch != "src"})
    there = {}
    while len(there) < o.installed:
        words = r.sample(names, 60)
        out = subprocess.run([o.modex, "resolve", "--repo", "r=" + o.repo, *platform, "--skip-broken", "--no-weak-deps", "--json",
                              "--cache", o.work + "/cache", "--", "install"] + words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        plan = json.loads(out.stdout) if out.returncode == 0 else {"packages": []}
        for p in plan["packages"]:
            there.setdefault(p["nevra"], None)
    return list(there)[:o.installed], r


def make_root(o):
    builder = installed_root.Builder([o.repo])
    nevras, r = draw(o, builder, ["--arch", "x86_64"])
    older = 0
    for n in nevras:
        if r.random() < o.older:
            builder.by[n].version, builder.by[n].release = "0", "0"
            older += 1
    root = os.path.join(o.work, "root")
    shutil.rmtree(root, ignore_errors=True)
    builder.make(root, nevras)
    for path, text in (("etc/yum.repos.d/r.repo", "[r]\nname=r\nbaseurl=file://%s\n" % os.path.abspath(o.repo)),
                       ("etc/dnf/dnf.conf", "[main]\nplugins=0\ngpgcheck=0\nmetadata_expire=-1\n"),
                       ("etc/os-release", "PLATFORM_ID=\"platform:x\"\n")):
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        with open(os.path.join(root, path), "w") as f:
            f.write(text)
    return root, len(nevras), older


def timed(words):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    r = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, r


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--repo", required=True)
    a.add_argument("--modex", required=True)
    a.add_argument("--installed", type=int, default=2000)
    a.add_argument("--older", type=float, default=0.3)
    a.add_argument("--runs", type=int, default=9)
    a.add_argument("--work", default="/var/tmp/mx/upgrade")
    o = a.parse_args()
    os.makedirs(o.work, exist_ok=True)
    root, count, older = make_root(o)
    base = ["dnf", "--installroot=" + root, "--releasever=9", "-y", "--setopt=keepcache=1"]
    subprocess.run(base + ["makecache"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    dnf = base + ["-C", "--assumeno", "upgrade"]
    modex = [o.modex, "resolve", "--installroot", root, "--releasever", "9", "--arch", "x86_64", "--cache", o.work + "/cache",
             "--repo", "r=" + o.repo, "--", "upgrade"]
    timed(modex), timed(dnf)
    times = {"modex": [], "dnf": []}
    for _ in range(o.runs):
        for name, words in (("modex", modex), ("dnf", dnf)):
            times[name].append(timed(words))
    ours = json.loads(timed(modex[:2] + ["--json"] + modex[2:])[2].stdout)
    theirs = dnf_run.run(root, ["--assumeno", "upgrade"]).get("transaction") or []
    mine = sorted((p["action"], p["nevra"]) for p in ours["packages"] if p["action"] != "remove")
    other = sorted((t["action"], t["nevra"]) for t in theirs if t["action"] in ("install", "upgrade", "downgrade", "reinstall"))
    print("installed %d, of them older %d; dnf upgrades %d, installs %d" % (
        count, older, sum(x[0] == "upgrade" for x in other), sum(x[0] == "install" for x in other)))
    median = {}
    for name, all_ in times.items():
        wall, cpu = sorted(t[0] for t in all_), sorted(t[1] for t in all_)
        median[name] = statistics.median(wall)
        print("%-6s median %8.1f ms (%.1f to %.1f), processor %8.1f ms" % (
            name, 1e3 * median[name], 1e3 * wall[0], 1e3 * wall[-1], 1e3 * statistics.median(cpu)))
    print("dnf / modex: %.1f" % (median["dnf"] / median["modex"]))
    for x in sorted(set(mine) ^ set(other))[:10]:
        print("differs: %s %s" % x)
    sys.exit(bool(set(mine) ^ set(other)) or median["modex"] * 20 > median["dnf"])


if __name__ == "__main__":
    main()
