"""signald's OpenAPI description holds together: what it refers to is there, and the end-to-end tests check all it says."""

import sys

from table import ROOT, report

sys.path.insert(0, str(ROOT / "tests/e2e/support"))
import api_document  # noqa: E402

UNCHECKED = {"default"}  # of parameters, which no answer has
LISTS = ("oneOf", "anyOf", "allOf")


def members(value, where=""):
    """Every member of every object: (where it is, its name, its value)."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield where, name, member
            yield from members(member, f"{where}/{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from members(item, f"{where}/{number}")


def schemas(schema, where):
    """A schema and all inside it: (where it is, the schema)."""
    yield where, schema
    for name, inner in schema.get("properties", {}).items():
        yield from schemas(inner, f"{where}/properties/{name}")
    for name in ("items", "additionalProperties"):
        if name in schema:
            yield from schemas(schema[name], f"{where}/{name}")
    for name in LISTS:
        for number, inner in enumerate(schema.get(name, [])):
            yield from schemas(inner, f"{where}/{name}/{number}")


def check(document) -> list[str]:
    api = api_document.ApiDocument(document)
    found = []
    for where, name, value in members(document):
        if value is None:
            found.append(f"{where}: {name!r} has no value: is a comma in a text without quotes?")
        if name == "$ref":
            try:
                api.resolve(value)
            except KeyError:
                found.append(f"{where}: there is no {value}")
    roots = [(f"{where}/schema", value) for where, name, value in members(document) if name == "schema"]
    roots += [(f"/components/schemas/{name}", each) for name, each in document["components"]["schemas"].items()]
    for root, schema in roots:
        for where, each in schemas(schema, root):
            found += [f"{where}: the tests do not know {key!r}" for key in sorted(set(each) - api.keywords() - UNCHECKED)]
            if "format" in each and each["format"] not in api_document.FORMATS:
                found.append(f"{where}: the tests do not know the format {each['format']}")
    return found


if __name__ == "__main__":
    sys.exit(report(check(api_document.load())))
