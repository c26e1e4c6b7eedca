#include "turnd/admin/router.h"

#include <stdexcept>

#include "tests/turnd/admin/routes_fixture.h"
#include "turnd/admin/openapi.h"

namespace turnd::admin {
namespace {

using RouterTest = RoutesTest;

TEST_F(RouterTest, KnowsNothingElse_D2) {
  for (const char* path : {"/", "/v1", "/v1/", "/v1/status/", "/v1/statusx", "/v2/status", "//v1/status", "/v1/users/",
                           "/v1/users/a/b", "/V1/status", "/v1/st%61tus", "", "http://localhost/v1/status", "*"})
    EXPECT_EQ(code_of(get(path), 404), "not_found") << path;
}

TEST_F(RouterTest, NamesTheMethodsOfAPath_D2) {
  const Response drain = get("/v1/drain");
  EXPECT_EQ(code_of(drain, 405), "method_not_allowed");
  EXPECT_EQ(drain.allow, "POST, DELETE");
  EXPECT_EQ(ask(Method::other, "/v1/sessions").allow, "GET, HEAD, DELETE");
  EXPECT_EQ(post("/healthz", "").allow, "GET, HEAD");
}

TEST_F(RouterTest, AnswersHeadWhereGetIs_D5) {
  EXPECT_EQ(ask(Method::head, "/v1/sessions").status, 200);
  EXPECT_EQ(ask(Method::head, "/v1/drain").status, 405);
}

TEST_F(RouterTest, RefusesParametersThatARouteDoesNotTake_D4) {
  for (const Route& route : control_routes()) {
    std::string path(route.pattern);
    if (const std::size_t at = path.find('{'); at != std::string::npos) path.resize(at), path += "x";
    const Response response = ask(route.method, path + "?no_such_parameter=1");
    EXPECT_EQ(code_of(response, 400), "bad_request") << path;
    EXPECT_NE(response.body.find("no_such_parameter"), std::string::npos) << response.body;
  }
}

TEST_F(RouterTest, RefusesBodyMembersThatARouteDoesNotTake_D4) {
  for (const char* path : {"/v1/drain", "/v1/reload", "/v1/credentials", "/v1/users", "/v1/secrets"}) {
    EXPECT_EQ(code_of(post(path, R"({"no_such_member": 1})"), 400), "bad_request") << path;
    EXPECT_EQ(code_of(post(path, "[]"), 400), "bad_request") << path;
  }
  EXPECT_TRUE(host_.reloads.empty());
  EXPECT_FALSE(host_.draining.draining);
}

TEST_F(RouterTest, RefusesABadlyEncodedPath) {
  EXPECT_EQ(code_of(get("/v1/sessions/%zz"), 400), "bad_request");
  EXPECT_EQ(code_of(del("/v1/users/%ff"), 400), "bad_request");
}

TEST_F(RouterTest, AnswersForAHandlerThatFails_D2) {
  const std::vector<Route> routes{{Method::get,
                                   "/x",
                                   [](const Call&) -> control::Parsed<Response> { throw std::runtime_error("disk"); },
                                   {},
                                   {"", "", ""}}};

  const Response response = Router(context_, routes).answer({Method::get, "/x", "", ""});

  EXPECT_EQ(code_of(response, 500), "internal");
  EXPECT_EQ(response.body.find("disk"), std::string::npos);
}

TEST_F(RouterTest, HasNothingOfTheControlApiOnTheMetricsAddress_D27) {
  const Router metrics(context_, metrics_routes());

  for (const Route& route : control_routes()) {
    const Response response = metrics.answer({route.method, std::string(route.pattern), "", ""});
    EXPECT_EQ(response.status, route.pattern.starts_with("/v1") ? 404 : 200) << route.pattern;
  }
  EXPECT_EQ(metrics.answer({Method::post, "/metrics", "", ""}).status, 405);
}

TEST_F(RouterTest, TellsHealthFromReadiness_D27) {
  EXPECT_EQ(json_of(get("/readyz")), boost::json::parse(R"({"status": "ok"})"));
  host_.draining.draining = true;
  EXPECT_EQ(json_of(get("/readyz"), 503), boost::json::parse(R"({"status": "draining"})"));
  EXPECT_EQ(json_of(get("/healthz")), boost::json::parse(R"({"status": "ok"})"));
  host_.draining.draining = false;
  host_.is_ready = false;
  EXPECT_EQ(get("/readyz").status, 503);
}

TEST_F(RouterTest, ServesMetrics) {
  host_.relay.counted.front().allocations_created.add(3);
  events_.publish(control::reload_applied(now_, {}));

  const Response response = get("/metrics");

  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(response.body.find("\nturnd_allocations_created_total 3\n"), std::string::npos);
  EXPECT_NE(response.body.find("\nturnd_relay_ports_free{address=\"10.0.0.5\"} 10\n"), std::string::npos);
  EXPECT_NE(response.body.find("\nturnd_reloads_total{result=\"applied\"} 1\n"), std::string::npos);
  EXPECT_EQ(response.body.find("certificate"), std::string::npos);
}

// Every $ref of the document names a schema of it.
void expect_resolved(const boost::json::value& value, const boost::json::object& schemas) {
  if (value.is_array())
    for (const auto& item : value.get_array()) expect_resolved(item, schemas);
  if (!value.is_object()) return;
  for (const auto& [key, member] : value.get_object()) {
    if (key == "$ref") {
      const std::string_view name =
          std::string_view(member.as_string()).substr(std::string_view("#/components/schemas/").size());
      EXPECT_TRUE(schemas.contains(name)) << name;
    }
    expect_resolved(member, schemas);
  }
}

TEST_F(RouterTest, DescribesEveryRouteOnce_D26) {
  const boost::json::value document = json_of(get("/v1/openapi.json"));

  EXPECT_EQ(document.at("openapi"), "3.1.0");
  expect_resolved(document, document.at("components").at("schemas").as_object());
  std::size_t described = 0;
  for (const auto& [path, operations] : document.at("paths").as_object()) described += operations.as_object().size();
  EXPECT_EQ(described, control_routes().size());  // none twice: each route has its own place below
  for (const Route& route : control_routes()) {
    const std::string method = route.method == Method::get ? "get" : route.method == Method::post ? "post" : "delete";
    const boost::json::value& operation = document.at("paths").at(route.pattern).at(method);
    EXPECT_TRUE(operation.at("responses").as_object().contains(std::to_string(route.document.status))) << route.pattern;
  }
}

TEST_F(RouterTest, EveryReplyHasTheMembersThatTheDocumentRequires_D26) {
  add_session("alice");
  const boost::json::value document = json_of(get("/v1/openapi.json"));
  for (const auto& [target, schema] :
       std::vector<std::pair<std::string, std::string>>{{"/v1/status", "Status"},
                                                        {"/v1/sessions", "SessionList"},
                                                        {"/v1/acl?address=8.8.8.8", "PolicyAnswer"},
                                                        {"/v1/sessions/0000000000000001", "Session"},
                                                        {"/v1/users", "UserList"},
                                                        {"/v1/secrets", "SecretList"},
                                                        {"/healthz", "Health"}}) {
    const boost::json::object reply = json_of(get(target)).as_object();
    const boost::json::array& required = document.at("components").at("schemas").at(schema).at("required").as_array();
    EXPECT_EQ(reply.size(), required.size()) << target;
    for (const boost::json::value& member : required)
      EXPECT_TRUE(reply.contains(member.as_string())) << target << member;
  }
}

}  // namespace
}  // namespace turnd::admin
