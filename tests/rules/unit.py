"""The systemd units parse without a warning and expose as little as promised (security: Y-SCORE)."""

import pathlib
import re
import subprocess
import sys
import tempfile

from table import ROOT, report

MOST_EXPOSURE = 2.0
EXPECTED = {"Type": "notify", "WatchdogSec": "10s", "NoNewPrivileges": "yes"}
# Beside turnd: signald has no capability.
MOST_EXPOSURE_OF_SIGNALD = 1.5
# They break the metrics address, relay.ports and certificate reload, and gain nothing.
UNWANTED = ("IPAddressDeny", "SocketBindDeny", "SocketBindAllow", "LoadCredential")


def settings(unit: str) -> dict[str, str]:
    lines = (line.partition("=") for line in unit.splitlines() if "=" in line and not line.startswith("#"))
    return {key: value for key, _, value in lines}


def exposure(path: pathlib.Path) -> float:
    run = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", path],
                         stdout=subprocess.PIPE, text=True, check=True)
    return float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", run.stdout).group(1))


def complaints(name: str, unit: str) -> str:
    """What systemd says of the unit. The program it starts is replaced by one that is on every machine."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / name
        path.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit, flags=re.MULTILINE))
        run = subprocess.run(["systemd-analyze", "verify", "--man=no", path], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, check=False)
        return run.stdout if run.returncode != 0 or name in run.stdout else ""


def check(program: str, most: float) -> list[str]:
    path = ROOT / f"systemd/{program}.service"
    unit = path.read_text()
    found = []
    if (score := exposure(path)) > most:
        found.append(f"{path.name}: exposure {score}, at most {most}")
    if said := complaints(path.name, unit):
        found.append(f"{path.name}: {said}")
    has = settings(unit)
    expected = {**EXPECTED, "User": program, "Group": program}
    found += [f"{path.name}: {key}={has.get(key)}, expected {value}" for key, value in expected.items()
              if has.get(key) != value]
    return found + [f"{path.name}: {key} is not wanted" for key in UNWANTED if key in has]


def check_offload() -> list[str]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        with_offload = pathlib.Path(folder) / "turnd.service"
        with_offload.write_text((ROOT / "systemd/turnd.service").read_text() +
                                (ROOT / "systemd/turnd-offload.conf").read_text())
        if (score := exposure(with_offload)) > MOST_EXPOSURE:
            found.append(f"turnd.service with turnd-offload.conf: exposure {score}, at most {MOST_EXPOSURE}")
        if said := complaints(with_offload.name, with_offload.read_text()):
            found.append(f"turnd-offload.conf: {said}")
    return found


def main() -> int:
    found = check("turnd", MOST_EXPOSURE) + check("signald", MOST_EXPOSURE_OF_SIGNALD) + check_offload()
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
