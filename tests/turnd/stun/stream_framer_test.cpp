// Cutting a stream into messages: the same ones however it arrives, within the memory allowed.
#include "turnd/stun/stream_framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/turnd/stun/random_values.h"
#include "tests/vectors/stun_messages.h"
#include "turnd/stun/channel_data.h"

namespace turnd::stun {
namespace {

using ::testing::ElementsAre;
using State = StreamFramer::State;

constexpr std::size_t kBeforeSession = 4096;
constexpr std::size_t kLargest = 66 * 1024;
constexpr std::size_t kMemory = 2 * kLargest;

// Puts all of the bytes in, `chunk` at a time, and returns the messages that came out on the way.
std::vector<base::Bytes> feed(StreamFramer& framer, base::ByteView bytes, std::size_t chunk) {
  static base::Bytes memory(kMemory);
  std::vector<base::Bytes> messages;
  while (!bytes.empty()) {
    framer.adopt(memory);
    const base::MutableBytes room = framer.writable();
    if (room.empty()) break;
    const std::size_t count = std::min({room.size(), chunk, bytes.size()});
    std::copy_n(bytes.begin(), count, room.begin());
    framer.commit(count);
    bytes = bytes.subspan(count);
    const std::size_t used = memory.size() - room.size() + count;
    while (const auto message = framer.next()) messages.push_back(base::to_owned(*message));
    framer.release();
    std::fill_n(memory.begin(), used, std::uint8_t{0xEE});  // another connection's
  }
  return messages;
}

base::Bytes hex(std::string_view text) { return base::from_hex(text).value(); }

base::Bytes binding() { return hex("000100002112a442b7e7a701bc34d686fa87dfae"); }

base::Bytes channel_data(base::ByteView payload) {
  const auto header = channel_data_header({0x4001}, payload.size());
  base::Bytes message(header.begin(), header.end());
  message.insert(message.end(), payload.begin(), payload.end());
  return message;
}

// A stream of random messages, and the messages in it.
struct Stream {
  base::Bytes bytes;
  std::vector<base::Bytes> messages;

  void add(const base::Bytes& message) {
    messages.push_back(message);
    bytes.insert(bytes.end(), message.begin(), message.end());
    bytes.resize(bytes.size() + stream_padding(message.size()));
  }
};

Stream random_stream(RandomValues& random, int count) {
  Stream stream;
  for (int i = 0; i < count; ++i) {
    if (random.below(2) == 0)
      stream.add(channel_data(random.bytes(random.below(300))));
    else
      stream.add(vectors::bytes_of(random.below(2) == 0 ? vectors::kSampleRequest : vectors::kSampleIpv6Response));
  }
  return stream;
}

TEST(StreamFramer, GivesTheSameMessagesForEveryChunkSize_Rfc8489_s6_2_2) {
  RandomValues random;
  const Stream stream = random_stream(random, 12);
  for (std::size_t chunk = 1; chunk <= stream.bytes.size(); ++chunk) {
    StreamFramer framer(kBeforeSession);
    ASSERT_EQ(feed(framer, stream.bytes, chunk), stream.messages) << chunk;
    ASSERT_TRUE(framer.empty());
    ASSERT_EQ(framer.state(), State::open);
  }
}

TEST(StreamFramer, GivesTheSameMessagesForRandomChunks_Rfc8489_s6_2_2) {
  RandomValues random;
  for (int i = 0; i < 200; ++i) {
    const Stream stream = random_stream(random, 10);
    StreamFramer framer(kBeforeSession);
    std::vector<base::Bytes> messages;
    for (base::ByteView rest = stream.bytes; !rest.empty();) {
      const std::size_t count = std::min<std::size_t>(1 + random.below(700), rest.size());
      for (base::Bytes& message : feed(framer, rest.first(count), count)) messages.push_back(std::move(message));
      rest = rest.subspan(count);
    }
    ASSERT_EQ(messages, stream.messages) << i;
  }
}

TEST(StreamFramer, StripsThePaddingOfChannelData_Rfc8656_s12_5) {
  StreamFramer framer(kBeforeSession);
  EXPECT_THAT(feed(framer, hex("4001000161ffffff4001000462626262"), 16),
              ElementsAre(hex("4001000161"), hex("4001000462626262")));
}

TEST(StreamFramer, WaitsForThePaddingBeforeTheNextMessage_Rfc8656_s12_5) {
  StreamFramer framer(kBeforeSession);
  EXPECT_TRUE(feed(framer, hex("40010001610000"), 7).empty());
  EXPECT_THAT(feed(framer, hex("00"), 1), ElementsAre(hex("4001000161")));
}

TEST(StreamFramer, LetsOneReadBeHandledAsABatch) {
  StreamFramer framer(kBeforeSession);
  base::Bytes memory(kMemory);
  framer.adopt(memory);
  const base::Bytes bytes = hex("40010004616161614002000462626262");
  std::copy(bytes.begin(), bytes.end(), framer.writable().begin());
  framer.commit(bytes.size());

  const auto first = framer.next();
  const auto second = framer.next();

  EXPECT_EQ(base::to_hex(*first), "4001000461616161") << "still there after the second was taken";
  EXPECT_EQ(base::to_hex(*second), "4002000462626262");
}

TEST(StreamFramer, BreaksAtOnceOnWhatIsNeitherStunNorChannelData) {
  for (const std::string_view byte : {"04", "16", "50", "7f", "80", "ff"}) {
    StreamFramer framer(kBeforeSession);
    EXPECT_TRUE(feed(framer, hex(byte), 1).empty());
    EXPECT_EQ(framer.state(), State::broken) << byte;
  }
}

TEST(StreamFramer, BreaksOnAStunHeaderWithoutTheCookie_Rfc8489_s5) {
  StreamFramer framer(kBeforeSession);
  EXPECT_TRUE(feed(framer, hex("00010000000000"), 7).empty());
  EXPECT_EQ(framer.state(), State::open) << "the cookie is not whole yet";
  EXPECT_TRUE(feed(framer, hex("00"), 1).empty());
  EXPECT_EQ(framer.state(), State::broken);
}

TEST(StreamFramer, BreaksOnAStunLengthThatIsNoMultipleOfFour_Rfc8489_s5) {
  for (const std::string_view prefix : {"00010001", "00010002", "00010003", "00010ffd"}) {
    StreamFramer framer(kBeforeSession);
    EXPECT_TRUE(feed(framer, hex(prefix), 4).empty());
    EXPECT_EQ(framer.state(), State::broken) << prefix;
  }
}

TEST(StreamFramer, DeliversWhatCameBeforeItBroke) {
  base::Bytes bytes = binding();
  bytes.push_back(0xFF);
  StreamFramer framer(kBeforeSession);

  EXPECT_THAT(feed(framer, bytes, bytes.size()), ElementsAre(binding()));
  EXPECT_EQ(framer.state(), State::broken);
}

TEST(StreamFramer, TakesNothingMoreWhenBroken) {
  StreamFramer framer(kBeforeSession);
  feed(framer, hex("ff"), 1);

  base::Bytes memory(kMemory);
  framer.adopt(memory);
  EXPECT_TRUE(framer.writable().empty());
  EXPECT_FALSE(framer.next());
}

TEST(StreamFramer, KeepsNothingWhenBroken) {
  StreamFramer framer(kBeforeSession);
  base::Bytes bytes(10'000, 0xFF);
  feed(framer, bytes, bytes.size());

  EXPECT_EQ(framer.state(), State::broken);
  EXPECT_EQ(framer.kept(), 0u);
}

TEST(StreamFramer, BreaksOnAMessageLargerThanItMayHold) {
  for (const std::string_view header :
       {"00010ff0" /* 4100 bytes */, "0001fffc", "40010ffd" /* 4100 padded */, "4000ffff"}) {
    StreamFramer framer(kBeforeSession);
    EXPECT_TRUE(feed(framer, hex(header), 4).empty());
    EXPECT_EQ(framer.state(), State::broken) << header;
  }
}

// Padding counts as well: a framer that waited for it would be full and open for ever.
TEST(StreamFramer, BreaksWhenOnlyThePaddingExceedsItsLimit_Rfc8656_s12_5) {
  for (const std::size_t limit : {65U, 66U, 67U}) {
    StreamFramer framer(limit);
    EXPECT_TRUE(feed(framer, hex("4001003d"), 4).empty());
    EXPECT_EQ(framer.state(), State::broken) << limit;
  }
}

TEST(StreamFramer, HoldsAMessageOfExactlyItsLimit) {
  Stream stream;
  stream.add(channel_data(base::Bytes(kBeforeSession - kChannelHeaderSize)));
  stream.add(binding());
  StreamFramer framer(kBeforeSession);

  EXPECT_EQ(feed(framer, stream.bytes, 1000), stream.messages);
}

TEST(StreamFramer, HoldsTheLargestMessagesOfBothKindsOnceAllowed) {
  Stream stream;
  stream.add(channel_data(base::Bytes(0xFFFF, 0x5A)));
  base::Bytes largest = binding();
  largest[2] = 0xFF;
  largest[3] = 0xFC;
  largest.resize(kHeaderSize + 0xFFFC);
  stream.add(largest);
  StreamFramer framer(kBeforeSession);
  framer.allow(kLargest);

  EXPECT_EQ(feed(framer, stream.bytes, 16 * 1024), stream.messages);
  EXPECT_EQ(framer.state(), State::open);
}

TEST(StreamFramer, GoesOnBehindAnUnfinishedMessageInOneMemory) {
  StreamFramer framer(kBeforeSession);
  base::Bytes memory(kMemory);
  framer.adopt(memory);
  const base::Bytes bytes = hex("4001000461616161400200046262");
  std::copy(bytes.begin(), bytes.end(), framer.writable().begin());
  framer.commit(bytes.size());
  ASSERT_TRUE(framer.next());
  ASSERT_FALSE(framer.next());

  const base::MutableBytes room = framer.writable();
  room[0] = room[1] = 0x63;
  framer.commit(2);

  EXPECT_EQ(base::to_hex(framer.next().value()), "4002000462626363");
}

TEST(StreamFramer, KeepsNoMoreThanTheUnfinishedMessage) {
  StreamFramer framer(kLargest);
  const base::Bytes large = channel_data(base::Bytes(30'000));
  const base::Bytes small = binding();

  feed(framer, base::ByteView(large).first(8'000), 8'000);
  EXPECT_EQ(framer.kept(), 8'000u);
  feed(framer, base::ByteView(large).subspan(8'000), 22'004);
  EXPECT_EQ(framer.kept(), 0u);

  feed(framer, base::ByteView(small).first(10), 10);
  EXPECT_FALSE(framer.empty());
  EXPECT_EQ(framer.kept(), 10u);
  EXPECT_THAT(feed(framer, base::ByteView(small).subspan(10), 10), ElementsAre(small));
  EXPECT_TRUE(framer.empty());
  EXPECT_EQ(framer.kept(), 0u) << "an idle connection holds none";
}

TEST(StreamFramer, BreaksWhenItsLimitSankBelowTheUnfinishedMessage) {
  StreamFramer framer(kLargest);
  const base::Bytes message = channel_data(base::Bytes(30'000));
  feed(framer, base::ByteView(message).first(8'000), 8'000);

  framer.allow(kBeforeSession);
  feed(framer, base::ByteView(message).subspan(8'000, 1), 1);

  EXPECT_EQ(framer.state(), State::broken);
}

}  // namespace
}  // namespace turnd::stun
