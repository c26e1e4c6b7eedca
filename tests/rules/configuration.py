"""Every configuration in conf/ loads as shipped."""

import argparse
import pathlib
import subprocess
import sys

from table import ROOT, report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    programs = parser.parse_args().programs

    files = sorted((ROOT / "conf").glob("*.yaml"))
    found = [] if ROOT / "conf/turnd.yaml" in files else ["conf/turnd.yaml: not there"]
    for path in files:
        program = programs / ("signald" if path.name.startswith("signald") else "turnd")
        run = subprocess.run([program, "--config", path, "--check-config"], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, check=False)
        if run.returncode != 0 or f"{path}: ok" not in run.stdout:
            found.append(f"{program.name} refuses {path.relative_to(ROOT)}:\n{run.stdout}")
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
