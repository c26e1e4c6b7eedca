"""The OpenAPI description of signald, and whether an answer is what it says: the keywords of JSON Schema that it uses."""

import functools
import pathlib
import re

import yaml

FILE = pathlib.Path(__file__).resolve().parents[3] / "signaling/api/openapi.yaml"
METHODS = ("get", "put", "post", "delete", "patch")
# What the server may answer before it looks at the operation: malformed, foreign or without a CSRF token, too slow, too
# large, of another type, too often, broken, or without its database.
ANYWHERE = {"400", "403", "408", "413", "415", "429", "431", "500", "503"}
# What it answers to a request that is none of its operations; the two kinds of sockets have answers of their own.
NOWHERE = ANYWHERE | {"404", "405"}
SOCKETS = ("/ws", "/socket.io")
ERROR = {"$ref": "#/components/schemas/Error"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
FORMATS = {"date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "email": re.compile(r"[^@\s]+@[^@\s]+"),
           "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "binary": re.compile(r"(?s).*")}


def has_type(value, name):
    if name in ("integer", "number"):
        return isinstance(value, int if name == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


class ApiDocument:
    def __init__(self, document):
        self._document = document
        self._checks = {"type": self._type, "enum": self._enum, "const": self._const, "$ref": self._ref,
                        "required": self._required, "properties": self._properties, "items": self._items,
                        "additionalProperties": self._additional, "oneOf": self._one_of, "anyOf": self._any_of,
                        "allOf": self._all_of, "format": self._format, "pattern": self._pattern,
                        "minimum": self._bounds, "maximum": self._bounds, "minLength": self._bounds,
                        "maxLength": self._bounds, "maxItems": self._bounds, "description": lambda *_: []}
        self._paths = [(re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path))), path) for path in document["paths"]]
        self._paths.sort(key=lambda each: each[1].count("{"))  # a name goes before a parameter

    def keywords(self):
        return set(self._checks)

    def resolve(self, reference):
        """What a $ref names; KeyError when there is no such thing."""
        found = self._document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found

    def find(self, method, path):
        """The operation behind a request; None: the description has none."""
        path = path.partition("?")[0]
        path = path.rstrip("/") or path
        for pattern, template in self._paths:
            if pattern.fullmatch(path):
                return self._document["paths"][template].get(method.lower())
        return None

    def faults(self, method, path, status, body):
        """What is wrong about a JSON answer."""
        operation = self.find(method, path)
        if operation is None:
            if path.startswith(SOCKETS):
                return []
            return self.check(body, ERROR) if str(status) in NOWHERE else ["the operation is not described"]
        answer = operation["responses"].get(str(status))
        if answer is None:
            if str(status) not in ANYWHERE:
                return [f"status {status} is not described"]
            return self.check(body, ERROR)
        if "$ref" in answer:
            answer = self.resolve(answer["$ref"])
        content = answer.get("content", {})
        media = content.get("application/json") or content.get("*/*")
        if media is None:
            return [f"status {status} is not described as JSON"]
        return self.check(body, media.get("schema", {}))

    def check(self, value, schema, where="body"):
        return [fault for key in schema for fault in self._checks[key](value, schema, where)]

    # One function for each keyword: (value, schema, where) to faults.
    def _type(self, value, schema, where):
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return [] if any(has_type(value, name) for name in names) else [f"{where} is no {' or '.join(names)}: {value!r:.80}"]

    def _enum(self, value, schema, where):
        return [] if value in schema["enum"] else [f"{where} is none of {schema['enum']}: {value!r:.80}"]

    def _const(self, value, schema, where):
        return [] if value == schema["const"] else [f"{where} is not {schema['const']!r}: {value!r:.80}"]

    def _ref(self, value, schema, where):
        return self.check(value, self.resolve(schema["$ref"]), where)

    def _required(self, value, schema, where):
        missing = [name for name in schema["required"] if name not in value] if isinstance(value, dict) else []
        return [f"{where} lacks {name}" for name in missing]

    def _properties(self, value, schema, where):
        known = [name for name in schema["properties"] if name in value] if isinstance(value, dict) else []
        return [fault for name in known for fault in self.check(value[name], schema["properties"][name], f"{where}.{name}")]

    def _additional(self, value, schema, where):
        others = [name for name in value if name not in schema.get("properties", {})] if isinstance(value, dict) else []
        return [fault for name in others
                for fault in self.check(value[name], schema["additionalProperties"], f"{where}.{name}")]

    def _items(self, value, schema, where):
        items = value if isinstance(value, list) else []
        return [fault for number, item in enumerate(items)
                for fault in self.check(item, schema["items"], f"{where}[{number}]")]

    def _matches(self, value, schemas, where):
        return sum(not self.check(value, schema, where) for schema in schemas)

    def _one_of(self, value, schema, where):
        number = self._matches(value, schema["oneOf"], where)
        return [] if number == 1 else [f"{where} is {number} of what it may be one of: {value!r:.80}"]

    def _any_of(self, value, schema, where):
        return [] if self._matches(value, schema["anyOf"], where) else [f"{where} is nothing of what it may be: {value!r:.80}"]

    def _all_of(self, value, schema, where):
        return [fault for part in schema["allOf"] for fault in self.check(value, part, where)]

    def _format(self, value, schema, where):
        is_well = not isinstance(value, str) or FORMATS[schema["format"]].fullmatch(value)
        return [] if is_well else [f"{where} is no {schema['format']}: {value!r:.80}"]

    def _pattern(self, value, schema, where):
        is_well = not isinstance(value, str) or re.search(schema["pattern"], value)
        return [] if is_well else [f"{where} does not look like {schema['pattern']}: {value!r:.80}"]

    def _bounds(self, value, schema, where):
        size = len(value) if isinstance(value, (str, list)) else value if has_type(value, "number") else None
        names = ("minimum", "maximum") if has_type(value, "number") else (
            ("minItems", "maxItems") if isinstance(value, list) else ("minLength", "maxLength"))
        low, high = (schema.get(name, size) for name in names)
        return [] if size is None or low <= size <= high else [f"{where} is too large or too small: {value!r:.80}"]


def load():
    return yaml.load(FILE.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@functools.cache
def api_document():
    return ApiDocument(load())
