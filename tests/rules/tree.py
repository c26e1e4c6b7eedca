"""The repository holds what the design lays out: nothing else at the top, no path of one machine, no half-finished work."""

import re
import subprocess
import sys

from table import ROOT, report

TOP = {
    ".ci", ".clang-format", ".clang-tidy", ".cmake", ".gitattributes", ".gitignore",
    "CHANGELOG.md", "CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md",
    "conf", "fuzz", "quickstart", "signaling", "systemd", "tests", "turnctl", "turnd",
}
HOME = re.compile(r"/(?:home|Users|root|work)/\w+/|[^\w.$}{]/(?:root|work)/")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
TEXT = (".cpp", ".h", ".py", ".sh", ".js", ".mjs", ".ts", ".go", ".md", ".yaml", ".json", ".txt", ".cmake", ".service", "")


def main() -> int:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    files = [name for name in listed.decode().split("\0") if name]
    found = [f"{top}: the top of the tree has no place for it (tests/rules/tree.py)"
             for top in sorted({name.partition("/")[0] for name in files} - TOP)]
    for name in files:
        path = ROOT / name
        if path.suffix not in TEXT or name == "tests/rules/tree.py" or "/seeds/" in name or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if HOME.search(line):
                found.append(f"{name}:{number}: a path of one machine: {line.strip()}")
            if UNFINISHED.search(line):
                found.append(f"{name}:{number}: unfinished: {line.strip()}")
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
