#include <sys/resource.h>

#include <list>

#include "tests/turnd/admin/door_fixture.h"

namespace turnd::admin {
namespace {

using HttpConnectionTest = DoorTest;

TEST_F(HttpConnectionTest, AnswersManyRequestsOnOneConnection) {
  open();
  HttpClient client(path());

  EXPECT_EQ(client.request("GET", "/a?b=c").body, "GET /a?b=c ");
  EXPECT_EQ(client.request("POST", "/d", "{}").body, "POST /d? {}");
  EXPECT_EQ(client.request("DELETE", "/e").body, "DELETE /e? ");
}

TEST_F(HttpConnectionTest, AnswersPipelinedRequestsInOrder_D5) {
  open();
  HttpClient client(path());

  client.send(
      "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /3 "
      "HTTP/1.1\r\nHost: h\r\n\r\n");

  EXPECT_EQ(client.read_reply().body, "GET /1? ");
  EXPECT_EQ(client.read_reply().body, "POST /2? abc");
  EXPECT_EQ(client.read_reply().body, "GET /3? ");
}

TEST_F(HttpConnectionTest, TakesARequestByteByByte) {
  open();
  HttpClient client(path());

  for (const char c : std::string("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")) client.send({&c, 1});

  EXPECT_EQ(client.read_reply().body, "POST /x? hi");
}

TEST_F(HttpConnectionTest, TakesAChunkedBody) {
  open();
  HttpClient client(path());

  client.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");

  EXPECT_EQ(client.read_reply().body, "POST /x? hello");
}

TEST_F(HttpConnectionTest, AnswersHeadWithTheHeaderOfTheGet_Rfc9110_s9_3_2) {
  open();
  HttpClient client(path());

  const HttpReply head = client.request("HEAD", "/x");

  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.field("Content-Length"), "9");
  EXPECT_EQ(client.request("GET", "/y").body, "GET /y? ");
}

TEST_F(HttpConnectionTest, ClosesWhenTheClientAsksForIt) {
  open();
  HttpClient asked(path());
  HttpClient old(path());

  asked.send("GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  old.send("GET /x HTTP/1.0\r\n\r\n");

  EXPECT_EQ(asked.read_reply().field("Connection"), "close");
  EXPECT_TRUE(asked.is_closed());
  EXPECT_EQ(old.read_reply().status, 200);
  EXPECT_TRUE(old.is_closed());
}

TEST_F(HttpConnectionTest, SaysThatABodyIsWanted_Rfc9110_s10_1_1) {
  open();
  HttpClient client(path());

  client.send("POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");

  EXPECT_EQ(client.read_reply().body, "POST /x? hi");
}

TEST_F(HttpConnectionTest, RefusesALargeBodyBeforeItComes_D3) {
  open();
  HttpClient exact(path());
  HttpClient over(path());

  EXPECT_EQ(exact.request("POST", "/x", std::string(65536, 'x')).status, 200);
  over.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n");
  const HttpReply reply = over.read_reply();

  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(code_of(reply), "too_large");
}

TEST_F(HttpConnectionTest, TellsAClientThatIsStillSendingALargeBody_D3) {
  open();
  HttpClient client(path());

  client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 10485760\r\n\r\n" + std::string(1 << 20, 'x'));

  EXPECT_EQ(client.read_reply().status, 413);
}

TEST_F(HttpConnectionTest, RefusesALargeChunkedBody_D3) {
  open();
  HttpClient client(path());

  client.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n" + std::string(65537, 'x') +
              "\r\n");

  EXPECT_EQ(client.read_reply().status, 413);
}

TEST_F(HttpConnectionTest, RefusesALargeHeader_D3) {
  open();
  HttpClient fits(path());
  HttpClient over(path());
  HttpClient endless(path());

  fits.send("GET /x HTTP/1.1\r\nHost: h\r\nX: " + std::string(16 * 1024 - 40, 'x') + "\r\n\r\n");
  over.send("GET /x HTTP/1.1\r\nHost: h\r\nX: " + std::string(16 * 1024, 'x') + "\r\n\r\n");
  endless.send("GET /" + std::string(20 * 1024, 'x'));
  const HttpReply reply = over.read_reply();

  EXPECT_EQ(fits.read_reply().status, 200);
  EXPECT_EQ(reply.status, 431);
  EXPECT_EQ(code_of(reply), "header_too_large");
  EXPECT_EQ(endless.read_reply().status, 431);
}

TEST_F(HttpConnectionTest, GivesUpOnARequestThatDoesNotComplete_D5) {
  limits_.request = std::chrono::milliseconds(50);
  open();
  HttpClient header(path());
  HttpClient body(path());

  header.send("GET /x HTT");
  body.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
  const HttpReply reply = header.read_reply();

  EXPECT_EQ(reply.status, 408);
  EXPECT_EQ(code_of(reply), "timeout");
  EXPECT_TRUE(header.is_closed());
  EXPECT_EQ(body.read_reply().status, 408);
}

TEST_F(HttpConnectionTest, ASlowClientDelaysNobody_D6) {
  open();
  HttpClient unfinished(path());
  HttpClient deaf(path());

  unfinished.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n");
  for (int i = 0; i < 8; ++i) deaf.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");  // 8 MiB that it does not read

  EXPECT_EQ(HttpClient(path()).request("GET", "/x").status, 200);
}

TEST_F(HttpConnectionTest, ClosesADeafClientInTheEnd) {
  limits_.reply = std::chrono::milliseconds(50);
  open();
  HttpClient deaf(path());
  EXPECT_EQ(deaf.request("GET", "/x").status, 200);
  EXPECT_EQ(connections(), 1u);

  deaf.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (connections() > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();

  EXPECT_EQ(connections(), 0u);
}

TEST_F(HttpConnectionTest, OneTooManyClosesTheOneThatWasIdleLongest_D6) {
  limits_.connections = 2;
  open();
  HttpClient first(path());
  EXPECT_EQ(first.request("GET", "/x").status, 200);
  HttpClient second(path());
  EXPECT_EQ(second.request("GET", "/x").status, 200);
  EXPECT_EQ(first.request("GET", "/x").status, 200);  // now the second one has been idle longer

  HttpClient third(path());

  EXPECT_EQ(third.request("GET", "/x").status, 200);
  EXPECT_TRUE(second.is_closed());
  EXPECT_EQ(first.request("GET", "/x").status, 200);
}

TEST_F(HttpConnectionTest, PrefersToCloseAnIdleOneToOneInTheMiddleOfSomething_D6) {
  limits_.connections = 2;
  open();
  HttpClient reader(path());
  reader.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(reader.read_reply().status, 200);
  HttpClient idle(path());
  EXPECT_EQ(idle.request("GET", "/x").status, 200);

  HttpClient third(path());

  EXPECT_EQ(third.request("GET", "/x").status, 200);
  EXPECT_TRUE(idle.is_closed());
  publish(control::drain_stopped(now_));
  EXPECT_NE(reader.read_chunk(), "");
}

// Lowers the limit of open files to what is open now, for as long as it lives.
class NoMoreDescriptors {
 public:
  NoMoreDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit now = before_;
    const int next = ::dup(0);  // the lowest free one
    ::close(next);
    now.rlim_cur = static_cast<rlim_t>(next);
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoMoreDescriptors(const NoMoreDescriptors&) = delete;
  NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;

 private:
  rlimit before_{};
};

TEST_F(HttpConnectionTest, AnswersWithoutFreeDescriptors) {
  open();
  std::list<HttpClient> clients;
  for (int i = 0; i < 4; ++i) {
    HttpClient& client = clients.emplace_back();
    const NoMoreDescriptors none;
    client.connect(path());
    EXPECT_EQ(client.request("GET", "/x").status, 200);
  }
}

}  // namespace
}  // namespace turnd::admin
