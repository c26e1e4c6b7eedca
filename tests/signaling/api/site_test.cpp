#include "signaling/api/site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "signaling/api/api_document.h"
#include "signaling/api/routes_ops.h"
#include "signaling/protocol/json_text.h"
#include "signaling/service/event_log.h"
#include "tests/support/temporary_folder.h"

namespace signaling::api {
namespace {

using net::Method;
using testing::HasSubstr;
using testing::StartsWith;

// Takes the answer to where the test waits for it.
class Waiting final : public net::Exchange {
 public:
  explicit Waiting(std::promise<net::Response>& into) : into_(into) {}
  void answer(net::Response response) override { into_.set_value(std::move(response)); }
  void upgrade(net::Upgrade, std::unique_ptr<net::SocketEvents>) override {}
  void on_gone(std::function<void()>) override {}

 private:
  std::promise<net::Response>& into_;
};

std::string field(const net::Response& response, std::string_view name) {
  for (const auto& [known, value] : response.fields)
    if (known == name) return value;
  return {};
}

std::string body_of(const net::Response& response) {
  if (const auto* shared = std::get_if<net::SharedText>(&response.body)) return *shared ? **shared : "";
  const auto* text = std::get_if<std::string>(&response.body);
  return text ? *text : "";
}

class SiteTest : public testing::Test {
 protected:
  SiteTest() : files_(make_files()) {
    database_ = std::make_unique<store::Database>(store::DatabaseSettings{.path = folder_.file("site.db")},
                                                  store::main_schema());
    around_ = std::make_unique<Surroundings>(Surroundings{.loop = loop_,
                                                          .database = *database_,
                                                          .identify = identify,
                                                          .carry_out =
                                                              [this](const service::Effects& effects) {
                                                                events_ += effects.events.size();
                                                                for (const service::Event& event : effects.events)
                                                                  traces_.emplace_back(
                                                                      event.data.at(service::kTraceMember).as_string());
                                                              },
                                                          .wall_clock = [] { return WallTime{}; }});
    add_ops_routes(router_,
                   {.metrics = metrics_,
                    .document = document_,
                    .version = "1.2",
                    .commit = "abc",
                    .draining = [] { return false; },
                    .events = [this] { return events_are_well_; },
                    .turn = [] { return std::string("degraded"); },
                    .sockets = [] { return boost::json::object{}; }},
                   MetricsDoor::open);
    const Job echo = [](Context& context) -> Outcome<Reply> {
      context.effects.events.push_back({});
      return ok({{"who", context.who.key()}, {"body", context.call.body()}, {"id", context.call.parameter("id")}});
    };
    router_.read(Method::get, "/api/guests/{id}", Access::guest, echo);
    router_.write(Method::post, "/api/guests/{id}", Access::guest, echo);
    router_.read(Method::get, "/api/accounts/{id}", Access::account, echo);
    router_.direct(Method::get, "/api/admins/{id}", Access::admin, [](const auto& call) {
      call->reply(ok({{"who", call->who().key()}}));
    });
    router_.write(Method::post, "/auth/open", Access::open, echo);
    site_ = std::make_unique<Site>(SiteParts{*around_, router_, files_, origins_, metrics_});
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~SiteTest() override {
    loop_.stop();
    thread_.join();
  }

  StaticFiles make_files() {
    std::filesystem::create_directories(folder_.file("web/assets"));
    std::ofstream(folder_.file("web/index.html")) << "<!doctype html>page";
    std::ofstream(folder_.file("web/assets/app-1a2b.js")) << "script";
    std::ofstream(folder_.file("web/assets/app-1a2b.js.br")) << "small";
    return StaticFiles::load(folder_.file("web"));
  }
  static Outcome<service::Identity> identify(store::Connection&, const Credentials& shown, WallTime) {
    service::Identity identity;
    if (shown.text == "bad") return protocol::failure(protocol::ErrorCode::unauthenticated);
    identity.kind = service::Identity::Kind::account;
    identity.user_id = 7;
    identity.is_admin = shown.text == "admin";
    return identity;
  }

  net::Response ask(Method method, std::string target, std::vector<std::pair<std::string, std::string>> fields = {},
                    std::string body = {}) {
    std::promise<net::Response> promise;
    auto future = promise.get_future();
    auto request = std::make_shared<net::Request>();
    request->method = method;
    request->target = std::move(target);
    request->body = std::move(body);
    request->fields.add("Host", "meet.example.org");
    for (const auto& [name, value] : fields) request->fields.add(name, value);
    loop_.post([&] { site_->handle(std::move(*request), std::make_shared<Waiting>(promise)); });
    return future.get();
  }
  boost::json::object json(const net::Response& response) { return *protocol::parse_json_object(body_of(response)); }

  net::Loop loop_;
  bool events_are_well_ = true;
  Metrics metrics_;
  ApiDocument document_{kOpenapiYaml};
  turnd::support::TemporaryFolder folder_;
  StaticFiles files_;
  Origins origins_{"https://meet.example.org", {"https://app.example.org"}};
  Router router_;
  std::atomic<std::size_t> events_ = 0;
  std::vector<std::string> traces_;  // of the events
  std::unique_ptr<Surroundings> around_;
  std::unique_ptr<Site> site_;
  std::unique_ptr<store::Database> database_;
  std::thread thread_;
};

const std::pair<std::string, std::string> kBearer{"Authorization", "Bearer token"};
const std::pair<std::string, std::string> kJson{"Content-Type", "application/json; charset=utf-8"};

TEST_F(SiteTest, RunsAJobAsWhoAsks) {
  const auto reply = json(ask(Method::post, "/api/guests/x%20y/", {kBearer, kJson}, R"({"a":1})"));
  EXPECT_EQ(reply.at("who"), "u:7");
  EXPECT_EQ(reply.at("id"), "x y");
  EXPECT_EQ(reply.at("body").at("a"), 1);
  EXPECT_EQ(events_, 1U) << "effects are carried out";
}

TEST_F(SiteTest, LetsInWhomTheRouteIsFor_R1_R17) {
  EXPECT_EQ(ask(Method::get, "/api/guests/1").status, 200U) << "nobody is a guest";
  EXPECT_EQ(ask(Method::get, "/api/guests/1", {{"Authorization", "Bearer bad"}}).status, 401U) << "never nobody";
  EXPECT_EQ(ask(Method::get, "/api/accounts/1").status, 401U);
  EXPECT_EQ(ask(Method::get, "/api/accounts/1", {kBearer}).status, 200U);
  EXPECT_EQ(ask(Method::get, "/api/accounts/1", {{"Authorization", "Basic eDp5"}}).status, 401U);
  EXPECT_EQ(ask(Method::get, "/api/admins/1", {kBearer}).status, 403U);
  EXPECT_EQ(ask(Method::get, "/api/admins/1", {{"Authorization", "bearer admin"}}).status, 200U);
  EXPECT_EQ(ask(Method::post, "/auth/open", {{"Authorization", "Bearer bad"}}).status, 200U) << "a stale token";
  EXPECT_EQ(ask(Method::get, "/api/accounts/1?access_token=token").status, 401U) << "R16";
}

TEST_F(SiteTest, AsksForTheCsrfTokenWithACookie_R14) {
  const std::pair<std::string, std::string> cookie{"Cookie", "access=token; csrf=secret"};
  EXPECT_EQ(ask(Method::get, "/api/accounts/1", {cookie}).status, 200U);
  EXPECT_EQ(ask(Method::post, "/api/guests/1", {cookie}).status, 403U);
  EXPECT_EQ(ask(Method::post, "/api/guests/1", {cookie, {"X-CSRF-Token", "guess"}}).status, 403U);
  EXPECT_EQ(ask(Method::post, "/api/guests/1", {cookie, {"X-CSRF-Token", "secret"}}).status, 200U);
  EXPECT_EQ(ask(Method::post, "/api/guests/1", {cookie, {"Cookie", "csrf="}, {"X-CSRF-Token", ""}}).status, 403U);
}

TEST_F(SiteTest, RefusesBodiesThatAreNoJsonObject_R10_R11) {
  EXPECT_EQ(ask(Method::post, "/api/guests/1", {{"Content-Type", "text/plain"}}, "{}").status, 415U);
  for (const char* body : {"[]", "{", "{} x", "\"a\"", "{\"a\":\"\xFF\"}"})
    EXPECT_EQ(ask(Method::post, "/api/guests/1", {kJson}, body).status, 400U) << body;
  EXPECT_EQ(ask(Method::post, "/api/guests/1").status, 200U) << "none counts as {}";
}

TEST_F(SiteTest, WritesErrorsInOneForm_R5) {
  const net::Response response = ask(Method::get, "/api/nothing", {{"X-Request-Id", "mine-1"}});
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(field(response, "X-Request-Id"), "mine-1");
  EXPECT_EQ(field(response, "Cache-Control"), "no-store");
  const auto body = json(response);
  EXPECT_EQ(body.at("success"), false);
  EXPECT_EQ(body.at("code"), "not_found");
  EXPECT_EQ(body.at("statusCode"), 404);
  EXPECT_EQ(body.at("error"), body.at("message"));
  EXPECT_EQ(body.at("requestId"), "mine-1");
  EXPECT_TRUE(body.at("errors").as_object().empty() && body.at("details").as_object().empty());
  EXPECT_NE(field(ask(Method::get, "/api/nothing", {{"X-Request-Id", "a b"}}), "X-Request-Id"), "a b");
}

TEST_F(SiteTest, GoesOnWithTheTraceOfWhoeverAsks_2_9) {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const std::pair<std::string, std::string> traced{"traceparent", "00-" + trace + "-00f067aa0ba902b7-01"};
  EXPECT_EQ(field(ask(Method::get, "/api/nothing", {traced}), "X-Request-Id"), trace);
  EXPECT_EQ(field(ask(Method::get, "/api/nothing", {traced, {"X-Request-Id", "mine-1"}}), "X-Request-Id"), "mine-1");
  EXPECT_EQ(ask(Method::post, "/api/guests/1", {traced}).status, 200U);
  EXPECT_EQ(ask(Method::post, "/api/guests/1", {traced, traced}).status, 200U);
  EXPECT_EQ(ask(Method::post, "/api/guests/1", {{"traceparent", "00-" + trace + "-00f067aa0ba902b7-zz"}}).status, 200U);
  EXPECT_EQ(ask(Method::post, "/api/guests/1").status, 200U);

  ASSERT_EQ(traces_.size(), 4U);
  EXPECT_EQ(traces_[0], trace);
  for (std::size_t i = 1; i < traces_.size(); ++i) {
    EXPECT_EQ(traces_[i].size(), 32U) << "one of its own";
    EXPECT_NE(traces_[i], traces_[i - 1]);
  }
}

TEST_F(SiteTest, NamesTheMethodsOfAPath_R4) {
  const net::Response wrong = ask(Method::put, "/api/guests/1");
  EXPECT_EQ(wrong.status, 405U);
  EXPECT_EQ(field(wrong, "Allow"), "GET, HEAD, POST, OPTIONS");
  const net::Response asked = ask(Method::options, "/api/guests/1");
  EXPECT_EQ(asked.status, 204U);
  EXPECT_EQ(field(asked, "Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(ask(Method::get, "/auth/open").status, 200U) << "a page (R2)";
}

TEST_F(SiteTest, AnswersPagesOfListedOriginsOnly_S1) {
  const net::Response allowed = ask(Method::options, "/api/guests/1", {{"Origin", "https://app.example.org"}});
  EXPECT_EQ(allowed.status, 204U);
  EXPECT_EQ(field(allowed, "Access-Control-Allow-Origin"), "https://app.example.org");
  EXPECT_EQ(field(allowed, "Access-Control-Allow-Credentials"), "true");
  EXPECT_THAT(field(allowed, "Access-Control-Allow-Headers"), HasSubstr("X-CSRF-Token"));
  for (const char* origin : {"https://evil.example", "null", "http://app.example.org", "https://app.example.org.evil",
                             "https://meet.example.org:8443"}) {
    const net::Response refused = ask(Method::get, "/api/guests/1", {{"Origin", origin}});
    EXPECT_EQ(field(refused, "Access-Control-Allow-Origin"), "") << origin;
    EXPECT_EQ(field(refused, "Vary"), "Origin");
    EXPECT_EQ(ask(Method::post, "/auth/open", {{"Origin", origin}, {"Cookie", "access=token"}}).status, 403U) << origin;
  }
  const net::Response two =
      ask(Method::get, "/api/guests/1", {{"Origin", "https://app.example.org"}, {"Origin", "https://evil.example"}});
  EXPECT_EQ(field(two, "Access-Control-Allow-Origin"), "");
  EXPECT_EQ(field(ask(Method::get, "/health", {{"Origin", "https://meet.example.org"}}), "Access-Control-Allow-Origin"),
            "https://meet.example.org");
}

TEST_F(SiteTest, ServesTheClientsFiles_R3) {
  EXPECT_EQ(body_of(ask(Method::get, "/meeting/ABC")), "<!doctype html>page");
  EXPECT_EQ(ask(Method::get, "/missing.js").status, 404U);
  EXPECT_EQ(ask(Method::get, "/../site.db").status, 404U);
  EXPECT_EQ(ask(Method::get, "/ws/x").status, 404U);
  const net::Response script = ask(Method::get, "/assets/app-1a2b.js", {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(body_of(script), "small");
  EXPECT_EQ(field(script, "Content-Encoding"), "br");
  EXPECT_THAT(field(script, "Content-Type"), StartsWith("text/javascript"));
  EXPECT_THAT(field(script, "Cache-Control"), HasSubstr("immutable"));
  EXPECT_EQ(ask(Method::get, "/", {{"If-None-Match", field(ask(Method::get, "/"), "ETag")}}).status, 304U);
}

TEST_F(SiteTest, PutsTheSecurityFieldsOnEverything_S4) {
  for (const char* path : {"/", "/api/nothing", "/health", "/api/guests/1"}) {
    const net::Response response = ask(Method::get, path);
    ASSERT_TRUE(response.fixed_fields) << path;
    EXPECT_THAT(*response.fixed_fields, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
    EXPECT_THAT(*response.fixed_fields, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(*response.fixed_fields, HasSubstr("require-trusted-types-for 'script'; trusted-types posts\r\n"));
  }
}

TEST_F(SiteTest, DescribesItself_O1_O2) {
  EXPECT_EQ(json(ask(Method::get, "/health")).at("status"), "ok");
  EXPECT_EQ(json(ask(Method::get, "/readyz")).at("checks").at("turn"), "degraded");
  EXPECT_EQ(json(ask(Method::get, "/version")).at("version"), "1.2");
  EXPECT_EQ(json(ask(Method::get, "/api/openapi.json")).at("openapi"), "3.1.0");
  EXPECT_EQ(json(ask(Method::get, "/api", {{"Accept", "*/*"}})).at("name"), "signald");
  EXPECT_THAT(body_of(ask(Method::get, "/api", {{"Accept", "text/html,application/json"}})),
              StartsWith("<!doctype html>"));
}

TEST_F(SiteTest, IsNotReadyWhileEventsCannotBeWrittenDown_T2) {
  const auto word = [this](const char* path, const char* member) {
    return json(ask(Method::get, path)).at(member).at("broker");
  };
  EXPECT_EQ(word("/readyz", "checks"), "ok");
  events_are_well_ = false;
  EXPECT_EQ(ask(Method::get, "/readyz").status, 503U);
  EXPECT_EQ(word("/readyz", "checks"), "unavailable");
  EXPECT_EQ(json(ask(Method::get, "/readyz")).at("status"), "unavailable");
  EXPECT_EQ(ask(Method::get, "/health").status, 503U);
  EXPECT_EQ(word("/health", "dependencies"), "unavailable");
}

TEST_F(SiteTest, CountsByTemplate_O4) {
  (void)ask(Method::get, "/api/guests/1");
  (void)ask(Method::get, "/api/guests/2/");
  (void)ask(Method::get, "/api/unknown");
  (void)ask(Method::get, "/page");
  const std::string text = body_of(ask(Method::get, "/metrics"));
  EXPECT_THAT(text, HasSubstr(R"(http_requests_total{method="GET",route="/api/guests/{id}",status="200"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(http_requests_total{method="GET",route="unmatched",status="404"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(http_requests_total{method="GET",route="static",status="200"} 1)"));
}

}  // namespace
}  // namespace signaling::api
