"""The systemd units parse without a warning and expose as little as promised (security: Y-SCORE)."""

import pathlib
import re
import subprocess
import sys
import tempfile

from table import ROOT, report

MOST_EXPOSURE = 2.0
EXPECTED = {"Type": "notify", "WatchdogSec": "10s", "User": "turnd", "Group": "turnd", "NoNewPrivileges": "yes"}
# They break the metrics address, relay.ports and certificate reload, and gain nothing.
UNWANTED = ("IPAddressDeny", "SocketBindDeny", "SocketBindAllow", "LoadCredential")


def settings(unit: str) -> dict[str, str]:
    lines = (line.partition("=") for line in unit.splitlines() if "=" in line and not line.startswith("#"))
    return {key: value for key, _, value in lines}


def exposure(path: pathlib.Path) -> float:
    run = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", path],
                         stdout=subprocess.PIPE, text=True, check=True)
    return float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", run.stdout).group(1))


def complaints(unit: str) -> str:
    """What systemd says of the unit. The program it starts is replaced by one that is on every machine."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "turnd.service"
        path.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit, flags=re.MULTILINE))
        run = subprocess.run(["systemd-analyze", "verify", "--man=no", path], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, check=False)
        return run.stdout if run.returncode != 0 or "turnd.service" in run.stdout else ""


def main() -> int:
    path = ROOT / "systemd/turnd.service"
    unit = path.read_text()
    found = []
    if (score := exposure(path)) > MOST_EXPOSURE:
        found.append(f"turnd.service: exposure {score}, at most {MOST_EXPOSURE}")
    with tempfile.TemporaryDirectory() as folder:
        with_offload = pathlib.Path(folder) / "turnd.service"
        with_offload.write_text(unit + (ROOT / "systemd/turnd-offload.conf").read_text())
        if (score := exposure(with_offload)) > MOST_EXPOSURE:
            found.append(f"turnd.service with turnd-offload.conf: exposure {score}, at most {MOST_EXPOSURE}")
        if said := complaints(with_offload.read_text()):
            found.append(f"turnd-offload.conf: {said}")
    if said := complaints(unit):
        found.append(f"turnd.service: {said}")
    has = settings(unit)
    found += [f"turnd.service: {key}={has.get(key)}, expected {value}" for key, value in EXPECTED.items()
              if has.get(key) != value]
    found += [f"turnd.service: {key} is not wanted" for key in UNWANTED if key in has]
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
