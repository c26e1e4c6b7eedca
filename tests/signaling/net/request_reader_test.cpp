#include "signaling/net/request_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace signaling::net {
namespace {

using namespace std::string_literals;
using State = RequestReader::State;

struct Outcome {
  State state{};
  unsigned status = 0;
  std::string body;
  std::string target;
  std::size_t used = 0;
};

// Gives the bytes in steps of `step`, as a connection does: what was not used comes again.
Outcome read(const std::string& bytes, std::size_t step = 1, std::uint64_t max_body = 1000) {
  RequestReader reader(HeadLimits{});
  std::size_t used = 0;
  for (std::size_t given = std::min(step, bytes.size());; given = std::min(given + step, bytes.size())) {
    for (std::size_t taken = 1; taken != 0 && used < given;) {
      taken = reader.feed({bytes.data() + used, given - used});
      used += taken;
      if (reader.state() == State::planning) reader.accept_body({.max_bytes = max_body});
      if (reader.state() == State::complete || reader.state() == State::refused) {
        return {reader.state(), reader.state() == State::refused ? reader.refusal().status : 0, reader.request().body,
                reader.request().target, used};
      }
    }
    if (given == bytes.size()) return {reader.state(), 0, {}, {}, used};
  }
}

unsigned refusal_of(const std::string& bytes) {
  const Outcome slow = read(bytes, 1);
  const Outcome quick = read(bytes, bytes.size());
  EXPECT_EQ(slow.status, quick.status) << "depends on how it came";
  return quick.state == State::refused ? quick.status : 0;
}

TEST(RequestReaderTest, ReadsARequestInPiecesOfAnySize) {
  const std::string bytes = "POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    const Outcome outcome = read(bytes + "GET", step);
    ASSERT_EQ(outcome.state, State::complete) << step;
    ASSERT_EQ(outcome.body, "hello");
    ASSERT_EQ(outcome.target, "/a?b=c");
    ASSERT_EQ(outcome.used, bytes.size()) << "took from the next request";
  }
}

TEST(RequestReaderTest, JoinsChunks) {
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\n";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    const Outcome outcome = read(bytes, step);
    ASSERT_EQ(outcome.state, State::complete) << step;
    ASSERT_EQ(outcome.body, "abcde");
    ASSERT_EQ(outcome.used, bytes.size());
  }
}

TEST(RequestReaderTest, RefusesWhatTwoReadersCouldReadDifferently_S3) {
  const std::string host = "Host: x\r\n";
  EXPECT_EQ(
      refusal_of("POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      400U);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), 400U);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\n" + host + "Content-Length: 5, 6\r\n\r\nhello!"), 400U);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\n" + host + "Content-Length: +5\r\n\r\nhello!"), 400U);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 400U);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 400U);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n"), 400U);
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n"), 400U);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n" + host + "X-A: a\r\n b\r\n\r\n"), 400U) << "obs-fold";
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: x\nX-A: a\r\n\r\n"), 400U) << "bare LF";
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\nHost: x\n\n"), 400U) << "bare LF";
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n" + host + "X-A : a\r\n\r\n"), 400U) << "space before the colon";
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nX-A: a\r\n\r\n"), 400U) << "no Host";
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n" + host + host + "\r\n"), 400U) << "two Hosts";
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n"s), 400U) << "NUL";
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\n\r\n"), 400U) << "bare CR";
  EXPECT_EQ(refusal_of("GET /a b HTTP/1.1\r\n" + host + "\r\n"), 400U) << "space in the target";
  EXPECT_EQ(refusal_of("GET a HTTP/1.1\r\n" + host + "\r\n"), 400U);
}

TEST(RequestReaderTest, RefusesHeadersThatAreTooLarge_S3) {
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 100; ++i) many += "X-" + std::to_string(i) + ": v\r\n";
  EXPECT_EQ(refusal_of(many + "\r\n"), 431U);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(17'000, 'a') + "\r\n\r\n"), 431U);
  EXPECT_EQ(refusal_of("GET /" + std::string(17'000, 'a')), 431U) << "an endless line";
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(16'000, 'a') + "\r\n\r\n"), 0U);
}

TEST(RequestReaderTest, DecidesTheSizeOfABodyBeforeReadingIt_R10) {
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n"), 413U);
  const std::string chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(refusal_of(chunked + "3e9\r\n" + std::string(1001, 'a') + "\r\n0\r\n\r\n"), 413U);
}

TEST(RequestReaderTest, TakesAWholeUriAsTarget_Rfc9112_s3_2_2) {
  EXPECT_EQ(read("GET http://example.org/a?b HTTP/1.1\r\nHost: x\r\n\r\n").target, "/a?b");
  EXPECT_EQ(read("GET http://example.org HTTP/1.1\r\nHost: x\r\n\r\n").target, "/");
}

TEST(RequestReaderTest, WritesABodyToAFileWhereThePlanSaysSo) {
  const std::string directory = testing::TempDir();
  std::string path;
  {
    RequestReader reader(HeadLimits{});
    const std::string head = "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
    ASSERT_EQ(reader.feed(head), head.size());
    reader.accept_body({.max_bytes = 10, .directory = directory});
    ASSERT_EQ(reader.feed(std::string("hello")), 5U);
    ASSERT_EQ(reader.state(), State::complete);
    const Request request = reader.take();
    ASSERT_TRUE(request.file);
    path = request.file->path();
    std::ostringstream content;
    content << std::ifstream(path).rdbuf();
    EXPECT_EQ(content.str(), "hello");
    EXPECT_TRUE(request.body.empty());
  }
  EXPECT_FALSE(std::filesystem::exists(path)) << "nobody kept it";
}

TEST(UploadedFileTest, StaysWhereItWasKeptHoweverOftenThatIsAskedFor) {
  const std::string kept = testing::TempDir() + "kept-upload";
  {
    const auto file = UploadedFile::create(testing::TempDir());
    ASSERT_TRUE(file && file->append("part"));
    EXPECT_FALSE(file->keep_as(testing::TempDir() + "no such folder/kept"));
    EXPECT_TRUE(file->keep_as(kept));
    EXPECT_TRUE(file->keep_as(kept)) << "the job that keeps it ran a second time";
  }
  EXPECT_TRUE(std::filesystem::remove(kept));
}

}  // namespace
}  // namespace signaling::net
