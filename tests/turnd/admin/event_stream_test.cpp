#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/turnd/admin/door_fixture.h"

namespace turnd::admin {
namespace {

namespace json = boost::json;

using EventStreamTest = DoorTest;

// Has the header when it returns: what is published afterwards reaches it.
void begin(HttpClient& reader) {
  reader.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
  const HttpReply reply = reader.read_reply();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.field("Content-Type"), "application/x-ndjson");
  EXPECT_EQ(reply.field("Transfer-Encoding"), "chunked");
}

std::vector<json::value> lines_of(const std::string& text) {
  std::vector<json::value> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    lines.push_back(json::parse(text.substr(from, end - from)));
    from = end + 1;
  }
  return lines;
}

turn::AuthRefused refused(auth::RefusalReason reason) {
  turn::AuthRefused refused{};
  refused.reason = reason;
  refused.username = "mallory";
  return refused;
}

TEST_F(EventStreamTest, SendsTheHeaderAtOnceAndEachEventAsALine_D14) {
  open();
  HttpClient reader(path());
  begin(reader);

  publish(control::drain_stopped(now_));

  EXPECT_EQ(reader.read_chunk(), "{\"time\":\"2023-11-14T22:13:20.000Z\",\"type\":\"drain.stopped\"}\n");
}

TEST_F(EventStreamTest, BringsWhatWorkersReportFromTheirThreads) {
  open();
  HttpClient reader(path());
  begin(reader);

  hub_.on_auth_refused(refused(auth::RefusalReason::unknown_user));

  const auto lines = lines_of(reader.read_chunk());
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].at("type"), "auth.refused");
  EXPECT_EQ(lines[0].at("user"), "mallory");
  EXPECT_EQ(lines[0].at("reason"), "unknown_user");
}

TEST_F(EventStreamTest, ReachesEveryReader) {
  open();
  HttpClient first(path());
  HttpClient second(path());
  begin(first);
  begin(second);

  publish(control::drain_stopped(now_));

  EXPECT_EQ(first.read_chunk(), second.read_chunk());
}

TEST_F(EventStreamTest, LeavesOutWhatASlowReaderDoesNotTakeAndSaysSo_D15) {
  open();
  HttpClient slow(path());
  begin(slow);
  const control::Event large = control::certificate_refused(now_, std::string(10'000, 'x'));
  constexpr std::size_t kPublished = 5000;  // 50 MB: more than socket buffers and the queue hold

  thread_.run([&] {
    for (std::size_t i = 0; i < kPublished; ++i) hub_.publish(large);
  });
  std::size_t told = 0;
  std::size_t lost = 0;
  bool is_last_told = false;
  while (told + lost < kPublished) {
    for (const json::value& line : lines_of(slow.read_chunk())) {
      is_last_told = line.at("type") == "events.lost";
      if (is_last_told) {
        lost += static_cast<std::size_t>(line.at("count").as_int64());
      } else {
        ++told;
      }
    }
    ASSERT_FALSE(HasFailure());
  }

  EXPECT_EQ(told + lost, kPublished);
  EXPECT_GE(told, 1000u);
  EXPECT_TRUE(is_last_told);  // the gap is at the end: nothing came after it
  publish(control::drain_stopped(now_));
  EXPECT_EQ(lines_of(slow.read_chunk()).at(0).at("type"), "drain.stopped");
}

TEST_F(EventStreamTest, HeadHasNoStream) {
  open();
  HttpClient client(path());

  const HttpReply reply = client.request("HEAD", "/events");

  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(EventStreamTest, ForgetsAReaderThatLeaves) {
  open();
  {
    HttpClient reader(path());
    begin(reader);
  }
  // Its end reaches the server before a later client's request does.
  EXPECT_EQ(HttpClient(path()).request("GET", "/x").status, 200);

  publish(control::drain_stopped(now_));

  EXPECT_LE(connections(), 1u);
}

}  // namespace
}  // namespace turnd::admin
