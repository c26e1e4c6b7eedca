"""What every source looks like: its length, its first line, and no clock where time is an argument."""

import pathlib
import re
import sys

from table import ROOT, read_table, report

MOST_LINES = 300
TREES = ("turnd", "turnctl", "signaling", "tests", "fuzz")
READS_A_CLOCK = re.compile(r"[Cc]lock::now\(|\btime\((?:nullptr|NULL|0)\)|\bclock_gettime\(")


def check_file(root: pathlib.Path, path: pathlib.Path, pure: bool) -> list[str]:
    name = path.relative_to(root).as_posix()
    lines = path.read_text().splitlines()
    found = []
    if len(lines) > MOST_LINES:
        found.append(f"{name}: {len(lines)} lines, at most {MOST_LINES}: where is the seam?")
    if path.suffix == ".h":
        if not lines or not lines[0].startswith("// "):
            found.append(f"{name}:1: the first line says what it is")
        if "#pragma once" not in lines:
            found.append(f"{name}: no #pragma once")
        if not name.startswith("tests/") and any(line.lstrip().startswith("using namespace") for line in lines):
            found.append(f"{name}: `using namespace` in a header")
    if pure:
        for number, line in enumerate(lines, 1):
            if READS_A_CLOCK.search(line.partition("//")[0]):
                found.append(f"{name}:{number}: reads a clock; here time is an argument")
    return found


def check(root: pathlib.Path) -> list[str]:
    pure = {folder.name for folder in read_table(root).values() if not folder.io}
    found = []
    for tree in TREES:
        for path in sorted((root / tree).rglob("*")):
            if path.suffix in (".h", ".cpp") and "node_modules" not in path.parts:
                found += check_file(root, path, path.parent.relative_to(root).as_posix() in pure)
    return found


if __name__ == "__main__":
    sys.exit(report(check(ROOT)))
