"""Dashboards and alert rules name only metrics that exist, and every metric of signald is on its dashboard or in a rule."""

import json
import re
import sys

import yaml
from table import ROOT, report

# Where a metric gets its name, as a text of its own.
SOURCES = {"turnd": ["turnd/metrics/*.cpp", "turnd/metrics/*.h"],
           "signald": ["signaling/api/metrics.cpp", "signaling/application_metrics.cpp"]}
NAME = r"(?:turnd|signald)_[a-z_]+|http_[a-z_]+|user_[a-z]+_total|active_connections"
# What Prometheus makes of a histogram, and what it knows by itself.
PARTS = ("_bucket", "_count", "_sum")
OWN = {"up"}
# In an expression: names outside of quotes, labels and functions.
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
LABELS = re.compile(r"\{[^}]*\}|\b(?:by|without|on|ignoring)\s*\([^)]*\)")
WORD = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\w*\s*\()")
KEYWORDS = {"and", "or", "unless", "bool", "offset"}


def known() -> dict[str, set[str]]:
    """The metrics of each program."""
    names = {}
    for program, patterns in SOURCES.items():
        text = "".join(path.read_text() for pattern in patterns for path in ROOT.glob(pattern))
        names[program] = set(re.findall(rf'"({NAME})"', text))
    return names


def words(expression: str) -> set[str]:
    """The metrics and recorded series that an expression asks for."""
    bare = LABELS.sub("", re.sub(r"\[[^\]]*\]", "", TEXT.sub("", expression)))
    return {word for word in WORD.findall(bare) if word not in KEYWORDS and not re.fullmatch(r"\d.*", word)}


def rules(path) -> list[tuple[str, str]]:
    """(name, expression) of each rule."""
    groups = yaml.safe_load(path.read_text())["groups"]
    return [(rule.get("alert") or rule["record"], rule["expr"]) for group in groups for rule in group["rules"]]


def panels(path) -> list[tuple[str, str]]:
    """(title, expression) of each target of a dashboard, and of its variables."""
    board = json.loads(path.read_text())
    found = [(panel["title"], target["expr"]) for panel in board["panels"] for target in panel.get("targets", [])]
    queries = [entry["query"] for entry in board["templating"]["list"] if isinstance(entry["query"], dict)]
    return found + [("variables", query["query"]) for query in queries]


def base(name: str, metrics: set[str]) -> str:
    for part in PARTS:
        if name.endswith(part) and name.removesuffix(part) in metrics:
            return name.removesuffix(part)
    return name


def main() -> int:
    metrics = known()
    everything = set().union(*metrics.values())
    rule_files = sorted((ROOT / "conf/prometheus").glob("*.rules.yml"))
    recorded = {name for path in rule_files for name, _ in rules(path)}
    found, used = [], set()
    for path in rule_files + sorted((ROOT / "conf/grafana").glob("*.json")):
        expressions = rules(path) if path.suffix == ".yml" else panels(path)
        if not expressions:
            found.append(f"{path.relative_to(ROOT)}: asks for nothing")
        for title, expression in expressions:
            if title == "variables":
                expression = re.sub(r"label_values\(([^,]+),.*\)", r"\1", expression)
            for word in words(expression):
                name = base(word, everything)
                used.add(name)
                if name not in everything | recorded | OWN:
                    found.append(f"{path.relative_to(ROOT)}: {title}: there is no {word}")
    found += [f"{name}: neither on a dashboard nor in a rule" for name in sorted(metrics["signald"] - used)]
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
