"""Every #include obeys the design's table: folders of ours, libraries of others, and input and output where it belongs."""

import pathlib
import re
import sys

from table import ROOT, Folder, read_table, report, sources

# Which headers a link target stands for. A header of a library that is not listed belongs to nobody.
LIBRARY_HEADERS = {
    "Boost::headers": ["boost/system/", "boost/unordered/"],
    "Boost::json": ["boost/json"],
    "CLI11::CLI11": ["CLI/"],
    "CURL::libcurl": ["curl/"],
    "ICU::uc": ["unicode/"],
    "LibXml2::LibXml2": ["libxml/"],
    "OpenSSL::Crypto": ["openssl/"],
    "OpenSSL::SSL": ["openssl/"],
    "PkgConfig::libical": ["libical/"],
    "PkgConfig::libsodium": ["sodium.h"],
    "SQLite::SQLite3": ["sqlite3.h"],
    "prometheus-cpp::core": ["prometheus/"],
    "signald_rabbitmq": ["amqp"],
    "spdlog::spdlog": ["spdlog/", "fmt/"],
    "turnd_libbpf": ["bpf/"],
    "turnd/asio": ["boost/asio", "boost/beast", "boost/system/"],
    "yaml-cpp::yaml-cpp": ["yaml-cpp/"],
}
# Seconds of compile time each: never in a header, where every source that includes it would pay.
HEAVY = ("CLI/", "spdlog/")
# More than ten seconds for each source that sees it, through whatever header.
BEAST = "boost/beast"
MOST_BEAST_SOURCES = 3
# Of C and POSIX, what only computes; the rest is input and output.
PURE_C = ("arpa/inet.h", "endian.h", "netinet/in.h")
IO_STD = ("condition_variable", "future", "mutex", "semaphore", "shared_mutex", "stop_token", "thread")

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def is_std(header: str) -> bool:
    return "." not in header and "/" not in header


def is_c(header: str) -> bool:
    top = header.partition("/")[0]
    return header.endswith(".h") and ("/" not in header or top in ("arpa", "linux", "net", "netinet", "sys"))


def problem_with_foreign(folder: Folder, header: str) -> str | None:
    """Why a folder may not include <header>; None when it may."""
    allowed = [prefix for target in folder.link + folder.deps for prefix in LIBRARY_HEADERS.get(target, [])]
    if any(header.startswith(prefix) for prefix in allowed):
        return None
    if is_std(header):
        return "is for folders marked IO" if header in IO_STD and not folder.io else None
    if any(header.startswith(prefix) for prefixes in LIBRARY_HEADERS.values() for prefix in prefixes):
        return "belongs to a library that this folder does not link"
    if is_c(header):
        return None if folder.io or header in PURE_C else "is for folders marked IO"
    return "belongs to a library that nobody links"


def check_file(root: pathlib.Path, folder: Folder, path: pathlib.Path) -> list[str]:
    name = path.relative_to(root).as_posix()
    found = []
    includes = INCLUDE.findall(path.read_text())
    for ours, foreign in includes:
        if ours and not (root / ours).is_file():
            found.append(f'{name}: "{ours}" is no file, seen from the root of the tree')
        elif ours and not folder.may_include(ours):
            found.append(f'{name}: "{ours}" is not in the line of {folder.name} (CMakeLists.txt)')
        elif foreign and (why := problem_with_foreign(folder, foreign)):
            found.append(f"{name}: <{foreign}> {why}")
        elif foreign and path.suffix == ".h" and foreign.startswith(HEAVY):
            found.append(f"{name}: <{foreign}> is too heavy for a header")
    own = name.removesuffix(".cpp") + ".h"
    if path.suffix == ".cpp" and (root / own).is_file() and (not includes or includes[0][0] != own):
        found.append(f'{name}: "{own}" comes first, which shows that it stands alone')
    return found


def sees_beast(root: pathlib.Path, name: str, known: dict[str, bool]) -> bool:
    """Whether a file of ours includes Beast, itself or through other files of ours."""
    if name not in known:
        known[name] = False
        if (root / name).is_file():
            includes = INCLUDE.findall((root / name).read_text())
            known[name] = any(foreign.startswith(BEAST) or (ours and sees_beast(root, ours, known))
                              for ours, foreign in includes)
    return known[name]


def check(root: pathlib.Path) -> list[str]:
    found = []
    known = {}
    for folder in read_table(root).values():
        beast = []
        for path in sources(root, folder.name):
            found += check_file(root, folder, path)
            name = path.relative_to(root).as_posix()
            if path.suffix == ".cpp" and sees_beast(root, name, known):
                beast.append(name)
        if len(beast) > MOST_BEAST_SOURCES:
            found.append(f"{folder.name}: {', '.join(beast)} see Beast, at most {MOST_BEAST_SOURCES} may")
    return found


if __name__ == "__main__":
    sys.exit(report(check(ROOT)))
