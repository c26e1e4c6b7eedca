"""Shell scripts parse and pass shellcheck."""

import subprocess
import sys

from table import ROOT, report


def scripts() -> list[str]:
    """Tracked files that start with a shell's name."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    found = []
    for name in listed.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            with path.open("rb") as file:
                first = file.readline(80)
            if first.startswith(b"#!") and first.split(b"/")[-1].split()[-1] in (b"sh", b"bash"):
                found.append(name)
    return found


def main() -> int:
    names = scripts()
    found = [] if "quickstart" in names else ["quickstart: no shell script of that name"]
    for name in names:
        run = subprocess.run(["shellcheck", name], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        if run.returncode != 0:
            found.append(run.stdout)
        if not (ROOT / name).stat().st_mode & 0o100:
            found.append(f"{name}: no run bit")
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
