#!/usr/bin/env python3
"""Plants each fault of faults.toml in a copy of the kernel and runs the simulation on it.

    Tests/Planted/plant.py [FOLDER] [PART OF A FAULT...]

FOLDER (default: a temporary one) holds the copy and its build; given again, only what changed is built. Each fault must be
found; exit status 1 otherwise, and where no fault has one of the parts. Not part of the tests: each fault takes a build of
some ten seconds.
"""
import argparse, pathlib, subprocess, sys, tempfile, tomllib

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("folder", nargs="?", type=pathlib.Path)
parser.add_argument("part", nargs="*")
arguments = parser.parse_args()
folder = arguments.folder or pathlib.Path(tempfile.mkdtemp())
wanted = arguments.part
kernel = ["Convening", "Wire", "Coordination"]

MAIN = """
import Foundation
import Simulation
let first = CommandLine.arguments.dropFirst(2).map { UInt64($0)! }
let seeds = UInt64(CommandLine.arguments[1])!
for seed in first + (1...seeds).filter({ !first.contains($0) }) {
  var world = World(seed: seed)
  do throws(Broken) { _ = try world.run() } catch {
    print("seed \\(seed): \\(error.description.split(separator: "\\n").first ?? "")")
    exit(1)
  }
}
"""


def manifest():
    text = (root / "Package.swift").read_text()
    deps = "\n".join(l for l in text.splitlines() if ".package(url" in l and ("swift-crypto" in l or "swift-collections" in l))
    return f"""// swift-tools-version:6.2
import PackageDescription
let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .unsafeFlags(["-O"])]
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let package = Package(name: "planted", dependencies: [
{deps}
], targets: [
  .target(name: "Convening", swiftSettings: swift),
  .target(name: "Wire", dependencies: ["Convening", crypto], swiftSettings: swift),
  .target(name: "Coordination", dependencies: ["Convening", "Wire", collections], swiftSettings: swift),
  .target(name: "Simulation", dependencies: ["Convening", "Wire", "Coordination", collections], swiftSettings: swift),
  .executableTarget(name: "planted", dependencies: ["Simulation"], swiftSettings: swift),
])
"""


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def lay_out():
    put(folder / "Package.swift", manifest())
    put(folder / "Sources/planted/main.swift", MAIN)
    for name, source in [(n, root / "Sources" / n) for n in kernel] + [("Simulation", root / "Tests/Simulation")]:
        for file in source.glob("*.swift"):
            put(folder / "Sources" / name / file.name, file.read_text())


def build():
    result = subprocess.run(["swift", "build", "--product", "planted"], cwd=folder, capture_output=True, text=True)
    return result.returncode == 0, result.stdout + result.stderr


def run(seeds, first=()):
    command = [folder / ".build/debug/planted", str(seeds), *map(str, first)]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=3600)
    except subprocess.TimeoutExpired:
        return 0, "nothing within an hour"
    said = (result.stdout.strip() or (result.stderr.strip().splitlines() or [""])[0])[:160]
    return result.returncode, said


def main():
    lay_out()
    ok, words = build()
    if not ok:
        sys.exit(words[-3000:])
    status, said = run(20)
    if status:
        sys.exit(f"The kernel without a fault fails: {said}")
    planted = missed = 0
    for fault in tomllib.loads((here / "faults.toml").read_text())["fault"]:
        file, old, new, expected = fault["file"], fault["old"], fault["new"], fault["said"]
        if wanted and not any(w in f"{file} {old} {new}" for w in wanted):
            continue
        planted += 1
        source = (root / "Sources" / file).read_text()
        if old not in source:
            print(f"STALE   {file}: {old!r} is not there")
            missed += 1
            continue
        put(folder / "Sources" / file, source.replace(old, new))
        ok, words = build()
        if not ok:
            error = next((l for l in words.splitlines() if "error:" in l), "")
            print(f"UNBUILT {file}: {new!r}: {error[-160:]}")
            missed += 1
        else:
            status, said = run(200, fault.get("seeds", []))
            verdict = "found  " if status else "MISSED "
            if status and expected not in said:
                verdict = "found* "
            missed += status == 0
            print(f"{verdict} {file}: {old.strip()[:70]!r}\n          {said}", flush=True)
        put(folder / "Sources" / file, source)
    if not planted:
        sys.exit("No fault of faults.toml has any of these words in its file, its old or its new text: nothing was planted.")
    print(f"{missed} of {planted} not found" if missed else f"all {planted} were found")
    sys.exit(missed > 0)


main()
