#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "running_server.h"
#include "tests/support/temporary_folder.h"

namespace signaling::net {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

std::string get(const std::string& path, const std::string& more = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + more + "\r\n";
}

// Echoes what it was asked; /file, /large, /later, /never and /shared are of their own.
class Echo final : public HttpHandler {
 public:
  BodyPlan plan_body(const Request&) override { return {.max_bytes = 100'000}; }
  void handle(Request request, std::shared_ptr<Exchange> exchange) override {
    const std::string path(request.path());
    if (path == "/never") return;
    if (path == "/later") {
      exchange->on_gone([this] { gone = true; });
      waiting = std::move(exchange);
      return;
    }
    Response response;
    response.fields.emplace_back("X-Client", to_string(request.client));
    if (path == "/file")
      response = file_response(request, file, file_size);
    else if (path == "/shared")
      response.body = share("shared");
    else if (path == "/large")
      response.body = std::string(5'000'000, 'L');
    else
      response.body = std::string(to_string(request.method)) + " " + request.target + " " + request.body;
    exchange->answer(std::move(response));
  }
  Response refuse(const Refusal& refusal, const Request& head) override {
    Response response;
    response.status = refusal.status;
    response.body = std::string(refusal.why) + head.target;
    return response;
  }
  std::string file;
  std::uint64_t file_size = 0;
  std::shared_ptr<Exchange> waiting;
  bool gone = false;
};

class HttpTest : public testing::Test {
 protected:
  Echo handler_;
  RunningServer server_{handler_,
                        {.header_timeout = 300ms,
                         .request_timeout = 300ms,
                         .idle_timeout = 500ms,
                         .trusted_proxies = {*base::AddressRange::parse("127.0.0.0/8")}}};
  Client client_{server_.port()};
};

TEST_F(HttpTest, AnswersOneRequestAfterTheOtherOnOneConnection) {
  client_.send(get("/a") + "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi" + get("/shared"));

  EXPECT_THAT(client_.read_answer(), EndsWith("GET /a "));
  EXPECT_THAT(client_.read_answer(), EndsWith("POST /b hi"));
  EXPECT_THAT(client_.read_answer(), EndsWith("shared"));
}

TEST_F(HttpTest, SendsNoBodyForHeadButItsLength) {
  client_.send("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

  const std::string answer = client_.read_to_end();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 8\r\n"));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(HttpTest, WritesLargeAnswersToASlowReader) {
  client_.send(get("/large") + get("/after"));

  EXPECT_GT(client_.read_answer().size(), 5'000'000U);
  EXPECT_THAT(client_.read_answer(), EndsWith("GET /after "));
}

TEST_F(HttpTest, AnswersLaterFromAnyThread) {
  client_.send(get("/later") + get("/after"));
  while (!server_.on_loop([this] { return handler_.waiting != nullptr; })) std::this_thread::yield();

  const auto exchange = server_.on_loop([this] { return std::exchange(handler_.waiting, nullptr); });
  Response response;
  response.body = std::string("late");
  exchange->answer(response);

  EXPECT_THAT(client_.read_answer(), EndsWith("late"));
  EXPECT_THAT(client_.read_answer(), EndsWith("GET /after "));
}

TEST_F(HttpTest, TellsWhoWaitsThatTheClientHasGone) {
  client_.send(get("/later"));
  while (!server_.on_loop([this] { return handler_.waiting != nullptr; })) std::this_thread::yield();

  client_.finish_sending();

  EXPECT_EQ(client_.read_to_end(), "");
  EXPECT_TRUE(server_.on_loop([this] { return handler_.gone; }));
  server_.on_loop([this] { handler_.waiting.reset(); });
}

TEST_F(HttpTest, AnswersForAHandlerThatForgets) {
  client_.send(get("/never"));
  EXPECT_THAT(client_.read_answer(), StartsWith("HTTP/1.1 500 "));
}

TEST_F(HttpTest, RefusesAndClosesOnWhatItCannotRead) {
  client_.send("GET / HTTP/1.1\r\n\r\n" + get("/smuggled"));

  const std::string all = client_.read_to_end();
  EXPECT_THAT(all, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(all, Not(HasSubstr("smuggled")));
}

TEST_F(HttpTest, RefusesALargeBodyBeforeItComes_R10) {
  client_.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(client_.read_to_end(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(HttpTest, AsksForTheBodyOfWhoWaitsToBeAsked) {
  client_.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client_.read_bytes(25), "HTTP/1.1 100 Continue\r\n\r\n");
  client_.send("hi");
  EXPECT_THAT(client_.read_answer(), EndsWith("POST /a hi"));
}

TEST_F(HttpTest, GivesUpOnSlowRequests_S2) {
  client_.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_THAT(client_.read_to_end(), StartsWith("HTTP/1.1 408 "));
  Client body(server_.port());
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel");
  EXPECT_THAT(body.read_to_end(), StartsWith("HTTP/1.1 408 "));
  Client silent(server_.port());
  EXPECT_EQ(silent.read_to_end(), "");
}

TEST_F(HttpTest, BelievesATrustedProxyAboutTheClient_C6) {
  client_.send(get("/a", "X-Forwarded-For: 198.51.100.7, 203.0.113.9, 127.0.0.2\r\n"));
  EXPECT_THAT(client_.read_answer(), HasSubstr("X-Client: 203.0.113.9\r\n"));
}

TEST_F(HttpTest, SendsAFileAndItsParts) {
  const turnd::support::TemporaryFolder folder;
  handler_.file = folder.file("file");
  handler_.file_size = 1'000'000;
  std::ofstream(handler_.file) << std::string(999'990, 'a') << "0123456789";

  client_.send(get("/file") + get("/file", "Range: bytes=-4\r\n") + get("/file", "Range: bytes=999990-999991\r\n") +
               get("/file", "Range: bytes=1000000-\r\n"));

  const std::string whole = client_.read_answer();
  EXPECT_THAT(whole, HasSubstr("Content-Length: 1000000\r\n"));
  EXPECT_THAT(whole, EndsWith("aaa0123456789"));
  const std::string last = client_.read_answer();
  EXPECT_THAT(last, StartsWith("HTTP/1.1 206 "));
  EXPECT_THAT(last, EndsWith("\r\n\r\n6789"));
  EXPECT_THAT(client_.read_answer(), HasSubstr("Content-Range: bytes 999990-999991/1000000\r\n"));
  EXPECT_THAT(client_.read_answer(), StartsWith("HTTP/1.1 416 "));
}

TEST_F(HttpTest, StopsWithIdleConnectionsClosedAndRequestsFinished) {
  Client idle(server_.port());
  idle.send(get("/a"));
  (void)idle.read_answer();
  client_.send(get("/later"));
  while (!server_.on_loop([this] { return handler_.waiting != nullptr; })) std::this_thread::yield();

  server_.on_loop([this] { server_.server().stop_accepting(); });

  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_FALSE(Client(server_.port()).is_connected());
  server_.on_loop([this] { std::exchange(handler_.waiting, nullptr)->answer({}); });
  EXPECT_THAT(client_.read_to_end(), HasSubstr("Connection: close\r\n"));
}

}  // namespace
}  // namespace signaling::net
