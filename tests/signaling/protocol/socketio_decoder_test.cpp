#include "signaling/protocol/socketio_decoder.h"

#include <gtest/gtest.h>

namespace signaling::protocol {
namespace {

constexpr std::size_t kLargest = 100;

TEST(SocketioDecoder, HandsATextOnAtOnce) {
  SocketioDecoder decoder(kLargest);

  const auto message = decoder.add_text(R"(2["a"])");

  ASSERT_TRUE(message && *message);
  EXPECT_EQ((*message)->packet.type, SocketioType::event);
  EXPECT_TRUE((*message)->attachments.empty());
}

TEST(SocketioDecoder, WaitsForTheAttachments) {
  SocketioDecoder decoder(kLargest);

  const auto text = decoder.add_text(R"(52-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  const auto first = decoder.add_binary("one");
  const auto second = decoder.add_binary("two");

  ASSERT_TRUE(text && first && second);
  EXPECT_FALSE(*text);
  EXPECT_FALSE(*first);
  ASSERT_TRUE(*second);
  EXPECT_EQ((*second)->attachments, (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(*decoder.add_text(R"(2["next"])"));
}

TEST(SocketioDecoder, NeedsNoMessageForNoAttachments) {
  SocketioDecoder decoder(kLargest);

  const auto message = decoder.add_text(R"(50-["a"])");

  EXPECT_TRUE(message && *message);
}

TEST(SocketioDecoder, RefusesTextAmongTheAttachments) {
  SocketioDecoder decoder(kLargest);
  ASSERT_TRUE(decoder.add_text(R"(51-["a"])"));

  EXPECT_EQ(decoder.add_text(R"(2["b"])").error(), SocketioError::unexpected_text);
}

TEST(SocketioDecoder, RefusesBytesThatNobodyAnnounced) {
  SocketioDecoder decoder(kLargest);

  EXPECT_EQ(decoder.add_binary("one").error(), SocketioError::unexpected_binary);
}

TEST(SocketioDecoder, CountsTheAttachmentsAsPartOfTheMessage) {
  SocketioDecoder decoder(kLargest);
  const std::string text = R"(52-["a"])";
  ASSERT_TRUE(decoder.add_text(text));
  ASSERT_TRUE(decoder.add_binary(std::string(kLargest - text.size() - 1, 'x')));

  EXPECT_EQ(decoder.add_binary("xx").error(), SocketioError::too_large);
}

TEST(SocketioDecoder, RefusesATextOverTheLimitBeforeReadingIt) {
  SocketioDecoder decoder(kLargest);
  const auto of_size = [](std::size_t size) { return "2[\"" + std::string(size - 5, 'a') + "\"]"; };

  EXPECT_TRUE(decoder.add_text(of_size(kLargest)));
  EXPECT_EQ(decoder.add_text(of_size(kLargest + 1)).error(), SocketioError::too_large);
}

}  // namespace
}  // namespace signaling::protocol
