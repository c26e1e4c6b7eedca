"""Every header compiles by itself. One that is the first include of its .cpp is shown to by the build (the presets without a
precompiled header compile it alone); the others are compiled here, except those of programs in the kernel (.bpf.h), which are no
C++. A header that compiled once is tried again when it, or one that it includes, changes."""

import argparse
import concurrent.futures
import hashlib
import os
import pathlib
import re
import subprocess
import sys

from table import ROOT, read_table, report, sources

FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-DBOOST_ASIO_SEPARATE_COMPILATION",
         "-DBOOST_BEAST_SEPARATE_COMPILATION", "-DBOOST_ASIO_NO_DEPRECATED", '-DTURND_VERSION="0"']
OURS = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def with_what_it_includes(header: str) -> list[str]:
    """This header and all headers of ours below it."""
    seen, waiting = set(), [header]
    while waiting:
        name = waiting.pop()
        if name not in seen and (ROOT / name).is_file():
            seen.add(name)
            waiting += OURS.findall((ROOT / name).read_text())
    return sorted(seen)


def fingerprint(compiler: str, header: str) -> str:
    digest = hashlib.sha256(repr((compiler, FLAGS)).encode())
    for name in with_what_it_includes(header):
        digest.update(name.encode())
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def check_header(compiler: str, stamps: pathlib.Path, header: str) -> list[str]:
    stamp = stamps / fingerprint(compiler, header)
    if stamp.exists():
        return []
    run = subprocess.run([compiler, *FLAGS, f"-I{ROOT}", "-x", "c++", "-"], input=f'#include "{header}"\n', text=True,
                         stderr=subprocess.PIPE, check=False)
    if run.returncode != 0:
        return [f"{header} does not compile by itself:\n{run.stderr}"]
    stamp.touch()
    return []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--stamps", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.stamps.mkdir(parents=True, exist_ok=True)

    headers = [path.relative_to(ROOT).as_posix() for folder in read_table(ROOT)
               for path in sources(ROOT, folder) if path.suffix == ".h" and not path.name.endswith(".bpf.h")
               and not path.with_suffix(".cpp").exists()]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda header: check_header(arguments.compiler, arguments.stamps, header), headers)
        return report([violation for violations in found for violation in violations])


if __name__ == "__main__":
    sys.exit(main())
