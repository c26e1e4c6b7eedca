#include "signaling/turn/http_reply.h"

#include <gtest/gtest.h>

namespace signaling::turn {
namespace {

constexpr std::size_t kMost = 1000;

struct Read {
  bool ok = false;
  bool done = false;
  std::string body;
};

Read read_in_pieces(const std::string& wire, std::size_t piece) {
  ReplyReader reader(kMost);
  Read read;
  for (std::size_t at = 0; at < wire.size(); at += piece) {
    read.ok = reader.feed(std::string_view(wire).substr(at, piece));
    if (!read.ok) return read;
  }
  read.done = reader.is_done();
  read.body = reader.body();
  return read;
}

TEST(ReplyReaderTest, ReadsACountedBodyInPiecesOfAnySize) {
  const std::string wire = "HTTP/1.1 200 OK\r\ncontent-length:  5 \r\nX: y\r\n\r\nhello";
  for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
    const Read read = read_in_pieces(wire, piece);
    EXPECT_TRUE(read.ok && read.done) << piece;
    EXPECT_EQ(read.body, "hello") << piece;
  }
}

TEST(ReplyReaderTest, ReadsChunksInPiecesOfAnySize) {
  const std::string wire =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n, world...\r\n0\r\nT: r\r\n\r\n";
  for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
    const Read read = read_in_pieces(wire, piece);
    EXPECT_TRUE(read.ok && read.done) << piece;
    EXPECT_EQ(read.body, "hello, world...") << piece;
  }
}

TEST(ReplyReaderTest, IsDoneAtTheHeaderOfAnEmptyBody) {
  ReplyReader reader(kMost);
  EXPECT_TRUE(reader.feed("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_TRUE(reader.is_done());
  EXPECT_EQ(reader.status(), 204u);
}

TEST(ReplyReaderTest, ReadsABodyUntilTheEndOfTheStream) {
  ReplyReader reader(kMost);
  EXPECT_TRUE(reader.feed("HTTP/1.1 200 OK\r\n\r\nab"));
  EXPECT_TRUE(reader.feed("c"));
  EXPECT_FALSE(reader.is_done());
  EXPECT_TRUE(reader.finish());
  EXPECT_EQ(reader.body(), "abc");
}

TEST(ReplyReaderTest, NoticesAReplyThatWasCutShort) {
  const std::string wire = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t size = 0; size < wire.size(); ++size) {
    ReplyReader reader(kMost);
    EXPECT_TRUE(reader.feed(std::string_view(wire).substr(0, size)));
    EXPECT_FALSE(reader.finish()) << size;
  }
}

TEST(ReplyReaderTest, RefusesWhatIsNoReplyOrTooLarge) {
  for (const std::string& wire :
       {std::string("SSH-2.0-OpenSSH\r\n\r\n"), std::string("HTTP/1.1 abc\r\n\r\n"),
        std::string("HTTP/1.1 99 Low\r\n\r\n"), std::string("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") + "1\r\n" + "x",
        "HTTP/1.1 200 OK\r\n\r\n" + std::string(kMost + 1, 'x'), std::string(ReplyReader::kMostHeader + 1, 'x')}) {
    ReplyReader reader(kMost);
    const bool fed = reader.feed(wire);
    EXPECT_FALSE(fed && reader.is_done()) << wire.substr(0, 80);
    if (fed) {
      EXPECT_FALSE(reader.finish()) << wire.substr(0, 80);
    }
  }
}

TEST(ReplyReaderTest, LetsAStreamBeTakenLineByLine) {
  ReplyReader reader(8);
  EXPECT_TRUE(reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(reader.feed("6\r\n12345\n\r\n")) << i;
    EXPECT_EQ(reader.body(), "12345\n");
    reader.body().clear();
  }
}

}  // namespace
}  // namespace signaling::turn
