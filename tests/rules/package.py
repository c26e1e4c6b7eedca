"""cmake --install and the Debian package hold what an operator expects, and nothing is overwritten that he wrote."""

import argparse
import pathlib
import subprocess
import sys
import tempfile

from table import ROOT, report

# Below the prefix, with a part of what each says.
INSTALLED = {
    "sbin/turnd": b"ELF",
    "sbin/signald": b"ELF",
    "bin/turnctl": b"ELF",
    "lib/systemd/system/turnd.service": b"Type=notify",
    "lib/systemd/system/signald.service": b"User=signald",
    "lib/sysusers.d/turnd.conf": b"m signald turnd",
    "share/bash-completion/completions/turnctl": b"sessions",
    "share/fish/vendor_completions.d/turnctl.fish": b"sessions",
    "share/doc/turnd/CHANGELOG.md": b"turnd",
    "share/doc/turnd/copyright": b"Apache-2.0",
    "share/doc/turnd/README.md": b"turnd",
}
SCRIPTS = {"postinst": "systemd-sysusers turnd.conf", "prerm": "stop signald.service turnd.service", "postrm": "purge turnd.service signald.service"}
LIBRARIES = ("libc6", "libssl3", "libsqlite3-0", "libyaml-cpp", "libicu")


def run(*command: object) -> str:
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stdout}")
    return done.stdout


def missing_files(prefix: pathlib.Path, zsh: str) -> list[str]:
    found = []
    for name, part in {**INSTALLED, zsh: b"sessions"}.items():
        path = prefix / name
        if not path.is_file():
            found.append(f"{name}: not installed")
        elif part not in path.read_bytes():
            found.append(f"{name}: lacks {part!r}")
    return found


def check_install(cmake: str, build: pathlib.Path, prefix: pathlib.Path) -> list[str]:
    run(cmake, "--install", build, "--prefix", prefix)
    found = missing_files(prefix, "share/zsh/site-functions/_turnctl")
    configuration = prefix / "etc/turnd/turnd.yaml"
    unit = (prefix / "lib/systemd/system/turnd.service").read_text()
    if f"ExecStart={prefix}/sbin/turnd --config {configuration}" not in unit:
        found.append("turnd.service: does not start what was installed")
    run(prefix / "sbin/turnd", "--config", configuration, "--check-config")
    run(prefix / "sbin/signald", "--config", prefix / "etc/turnd/signald.yaml", "check-config")

    configuration.chmod(0o640)
    configuration.write_text("realm: mine\n")
    run(cmake, "--install", build, "--prefix", prefix)
    if configuration.read_text() != "realm: mine\n":
        found.append("turnd.yaml: a second installation overwrites it")
    return found


def check_package(cpack: str, build: pathlib.Path, folder: pathlib.Path) -> list[str]:
    run(cpack, "--config", build / "CPackConfig.cmake", "-B", folder)
    packages = list(folder.glob("turnd_*.deb"))
    if len(packages) != 1:
        return [f"cpack made {packages}"]
    run("dpkg-deb", "--extract", packages[0], folder / "root")
    run("dpkg-deb", "--control", packages[0], folder / "control")
    found = missing_files(folder / "root/usr", "share/zsh/vendor-completions/_turnctl")
    for program in ("turnd", "signald"):
        if not (folder / f"root/etc/turnd/{program}.yaml").is_file():
            found.append(f"/etc/turnd/{program}.yaml: not in the package")
        unit = folder / f"root/usr/lib/systemd/system/{program}.service"
        if unit.read_text() != (ROOT / f"systemd/{program}.service").read_text():
            found.append(f"{program}.service: not the one that was checked")
    if (folder / "control/conffiles").read_text() != "/etc/turnd/signald.yaml\n/etc/turnd/turnd.yaml\n":
        found.append("conffiles: not the two configurations alone")
    for name, part in SCRIPTS.items():
        script = folder / "control" / name
        if part not in script.read_text() or not script.stat().st_mode & 0o100:
            found.append(f"{name}: does not {part}, or cannot run")
    control = (folder / "control/control").read_text()
    found += [f"control: no dependency on {library}" for library in LIBRARIES if library not in control]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--cpack", required=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = check_install(arguments.cmake, arguments.build, pathlib.Path(folder) / "prefix")
        found += check_package(arguments.cpack, arguments.build, pathlib.Path(folder) / "package")
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
