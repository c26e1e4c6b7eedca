"""The rules find what they are there to find: each is tried on a small tree that breaks it."""

import os
import pathlib
import tempfile
import unittest
from unittest import mock

import description
import includes
import shape
import table

import far_end  # of the end-to-end tests, where description looks for api_document

TABLE = """
turnd_folder(turnd/base    LINK Boost::headers) # turnd/stun stands in a comment only
turnd_folder(turnd/turn    DEPS turnd/base)
turnd_folder(turnd/net     IO DEPS turnd/base turnd/turn
                           LINK OpenSSL::SSL)
turnd_folder(turnd/config  DEPS turnd/base turnd/turn ONLY turnd/turn/settings.h)
turnd_program(turnd   IO DEPS turnd/net LINK CLI11::CLI11)
"""


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("CMakeLists.txt", TABLE)
        for name in ("turnd/base/bytes.h", "turnd/turn/settings.h", "turnd/turn/engine.h", "turnd/net/poller.h"):
            self.write(name, "// A header.\n#pragma once\n")

    def write(self, name: str, text: str):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def includes_of(self, name: str, *headers: str) -> list[str]:
        self.write(name, "".join(f"#include {header}\n" for header in headers))
        return includes.check(self.root)


class IncludeTable(Tree):
    def test_reads_lists_flags_and_lines_that_go_on(self):
        net = table.read_table(self.root)["turnd/net"]
        self.assertEqual((net.deps, net.link, net.io), (["turnd/base", "turnd/turn"], ["OpenSSL::SSL"], True))

    def test_reads_the_real_one(self):
        real = table.read_table(table.ROOT)
        self.assertEqual(real["turnd/stun"].deps, ["turnd/base", "turnd/crypto"])
        self.assertIn("turnctl", real)


class Description(unittest.TestCase):
    @staticmethod
    def document(schema, responses=None):
        """One operation, GET /things/{id}, that answers 200 with this schema."""
        described = {"200": {"content": {"application/json": {"schema": schema}}}, **(responses or {})}
        return {"paths": {"/things/{id}": {"get": {"responses": described}}},
                "components": {"schemas": {"Error": {"type": "object", "required": ["code"]}}}}

    def faults(self, schema, body, status=200, path="/things/7/?page=2"):
        return description.api_document.ApiDocument(self.document(schema)).faults("GET", path, status, body)

    def test_finds_what_is_not_there_and_what_lost_its_quotes(self):
        self.assertEqual(description.check(self.document({"$ref": "#/components/schemas/Error"})), [])
        self.assertEqual(len(description.check(self.document({"$ref": "#/components/schemas/Eror"}))), 1)
        self.assertEqual(len(description.check(self.document({"description": "a text", "with a comma": None}))), 2)
        self.assertEqual(len(description.check(self.document({"properties": {"at": {"format": "dat-time"}}}))), 1)

    def test_an_answer_is_held_to_its_schema(self):
        schema = {"type": "object", "required": ["id"], "properties": {
            "id": {"type": "integer"}, "at": {"type": ["string", "null"], "format": "date-time"},
            "kinds": {"type": "array", "items": {"enum": ["a", "b"]}},
            "who": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Error"}]}}}
        self.assertEqual(self.faults(schema, {"id": 1, "at": "2023-11-14T22:13:20.000Z", "kinds": ["a"], "who": {"code": ""}}), [])
        for body in ([], {}, {"id": "1"}, {"id": True}, {"id": 1, "at": "yesterday"}, {"id": 1, "kinds": ["a", "c"]},
                     {"id": 1, "who": {}}):
            self.assertEqual(len(self.faults(schema, body)), 1, body)

    def test_a_status_is_described_or_one_that_any_operation_may_have(self):
        self.assertEqual(len(self.faults({}, {}, 204)), 1)
        self.assertEqual(self.faults({}, {"code": "rate_limited"}, 429), [])
        self.assertEqual(len(self.faults({}, {}, 429)), 1)

    def test_an_operation_is_described_or_refused(self):
        self.assertEqual(len(self.faults({}, {}, 200, "/elsewhere")), 1)
        self.assertEqual(self.faults({}, {"code": "not_found"}, 404, "/elsewhere"), [])
        self.assertEqual(len(self.faults({}, {}, 404, "/elsewhere")), 1)
        self.assertEqual(self.faults({}, {"message": "unknown transport"}, 400, "/socket.io/?EIO=4"), [])


class LeftOut(unittest.TestCase):
    NO_RIGHT = "the kernel does not take the program: Operation not permitted (it needs CAP_BPF)"

    def outcome(self, required, may_load, why=NO_RIGHT):
        with (mock.patch.dict(os.environ, REQUIRE_OFFLOAD=required), mock.patch.object(far_end, "print", create=True),
              mock.patch.object(far_end, "may_load_programs", return_value=may_load)):
            try:
                far_end.leave_out(why)
            except (unittest.SkipTest, AssertionError) as ended:
                return type(ended)
        return None

    def test_the_offload_is_left_out_where_nobody_asked_for_it_or_it_may_not_be(self):
        for required, may_load in (("", True), ("0", True), ("auto", False)):
            self.assertIs(self.outcome(required, may_load), unittest.SkipTest, (required, may_load))

    def test_it_is_missing_where_it_was_asked_for_or_breaks_for_another_reason(self):
        for required, may_load in (("1", False), ("auto", True)):
            self.assertIs(self.outcome(required, may_load), AssertionError, (required, may_load))
        self.assertIs(self.outcome("", False, "no Ethernet interface"), AssertionError)


class Includes(Tree):
    def test_accepts_what_the_table_says(self):
        self.assertEqual(self.includes_of("turnd/net/a.cpp", '"turnd/turn/engine.h"', "<openssl/ssl.h>", "<vector>",
                                          "<sys/epoll.h>", "<thread>"), [])

    def test_refuses_a_folder_above(self):
        self.assertEqual(len(self.includes_of("turnd/turn/a.cpp", '"turnd/net/poller.h"')), 1)

    def test_refuses_a_header_outside_only(self):
        self.assertEqual(len(self.includes_of("turnd/config/a.cpp", '"turnd/turn/settings.h"', '"turnd/turn/engine.h"')), 1)

    def test_refuses_a_file_that_is_not_there(self):
        self.assertEqual(len(self.includes_of("turnd/turn/a.cpp", '"bytes.h"')), 1)

    def test_refuses_input_and_output_in_the_engine(self):
        self.assertEqual(len(self.includes_of("turnd/turn/a.cpp", "<sys/socket.h>", "<thread>")), 2)

    def test_refuses_libraries_that_the_folder_does_not_link(self):
        self.assertEqual(len(self.includes_of("turnd/turn/a.cpp", "<openssl/ssl.h>", "<boost/regex.hpp>")), 2)

    def test_refuses_heavy_headers_in_headers(self):
        self.assertEqual(len(self.includes_of("turnd/options.h", "<CLI/CLI.hpp>")), 1)
        self.assertEqual(len(self.includes_of("turnd/options.cpp", '"turnd/options.h"', "<CLI/CLI.hpp>")), 1)

    def test_counts_the_sources_that_see_beast(self):
        self.write("CMakeLists.txt", "turnd_folder(turnd/admin IO DEPS turnd/asio)\n")
        self.write("turnd/admin/http.h", "#include <boost/beast/http.hpp>\n")
        for name in ("a", "b", "c"):
            self.assertEqual(self.includes_of(f"turnd/admin/{name}.cpp", '"turnd/admin/http.h"'), [])
        self.assertEqual(len(self.includes_of("turnd/admin/d.cpp", '"turnd/admin/http.h"')), 1)

    def test_wants_the_own_header_first(self):
        self.assertEqual(len(self.includes_of("turnd/turn/engine.cpp", "<vector>", '"turnd/turn/engine.h"')), 1)


class Shape(Tree):
    def test_accepts_300_lines_and_no_more(self):
        self.write("turnd/net/a.cpp", "//\n" * 300)
        self.assertEqual(shape.check(self.root), [])
        self.write("turnd/net/a.cpp", "//\n" * 301)
        self.assertEqual(len(shape.check(self.root)), 1)

    def test_wants_a_first_line_and_a_guard_in_headers(self):
        self.write("turnd/net/a.h", "#include <vector>\nusing namespace std;\n")
        self.assertEqual(len(shape.check(self.root)), 3)

    def test_refuses_clocks_where_time_is_an_argument(self):
        text = "auto t = std::chrono::steady_clock::now();\n"
        self.write("turnd/net/a.cpp", text)
        self.assertEqual(shape.check(self.root), [])
        self.write("turnd/turn/a.cpp", text)
        self.assertEqual(len(shape.check(self.root)), 1)


if __name__ == "__main__":
    unittest.main()
