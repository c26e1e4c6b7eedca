"""pion's clients, built from tests/e2e/pion."""

import os
import pathlib
import subprocess

SOURCES = pathlib.Path(__file__).parents[1] / "pion"


def build(folder):
    """`call` and `dual` in that folder, of Debian's packages of Go libraries: no modules from anywhere else."""
    environment = {**os.environ, "GOPATH": "/usr/share/gocode", "GO111MODULE": "off",
                   "GOCACHE": os.environ.get("GOCACHE", str(pathlib.Path.home() / ".cache/go-build"))}
    for client, source in {"call": "main.go", "dual": "dual_allocation/main.go"}.items():
        subprocess.run(["go", "build", "-o", pathlib.Path(folder) / client, SOURCES / source], check=True, env=environment,
                       timeout=300)
