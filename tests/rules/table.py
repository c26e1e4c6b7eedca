"""The include table of the design, read from the lines of the top CMakeLists.txt that also make the link graph."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEYWORDS = ("DEPS", "LINK", "ONLY")
FLAGS = ("IO",)


@dataclasses.dataclass
class Folder:
    """One line of the table: what a folder may include besides std."""

    name: str
    deps: list[str]  # folders of ours
    link: list[str]  # libraries of others
    only: list[str]  # of the folders named here, these headers alone
    io: bool  # may use sockets, threads, clocks

    def may_include(self, header: str) -> bool:
        """Whether this header of ours, given from the root of the tree, may be included."""
        folder = header.rpartition("/")[0]
        if folder == self.name:
            return True
        narrowed = [only for only in self.only if only.rpartition("/")[0] == folder]
        return header in narrowed if narrowed else folder in self.deps


def read_table(root: pathlib.Path) -> dict[str, Folder]:
    """Every turnd_folder and turnd_program line, by folder."""
    text = re.sub(r"#.*", "", (root / "CMakeLists.txt").read_text())
    table = {}
    for arguments in re.findall(r"^turnd_(?:folder|program)\(([^)]*)\)", text, re.MULTILINE):
        name, *rest = arguments.split()
        lists = {keyword: [] for keyword in KEYWORDS}
        keyword = None
        for word in rest:
            if word in KEYWORDS:
                keyword = word
            elif word not in FLAGS:
                lists[keyword].append(word)
        table[name] = Folder(name, lists["DEPS"], lists["LINK"], lists["ONLY"], "IO" in rest)
    return table


def sources(root: pathlib.Path, folder: str) -> list[pathlib.Path]:
    """The C++ files of one folder, without its subfolders."""
    return sorted(path for path in (root / folder).glob("*") if path.suffix in (".h", ".cpp"))


def report(violations: list[str]) -> int:
    """Prints what is wrong; the exit status."""
    for violation in violations:
        print(violation)
    return 1 if violations else 0
