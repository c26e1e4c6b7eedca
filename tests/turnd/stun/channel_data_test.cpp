// ChannelData: four bytes of header and what they promise.
#include "turnd/stun/channel_data.h"

#include <gtest/gtest.h>

#include "turnd/base/hex.h"

namespace turnd::stun {
namespace {

base::Bytes hex(std::string_view text) { return base::from_hex(text).value(); }

TEST(ChannelData, IsReadAsNumberAndPayload_Rfc8656_s12_4) {
  const base::Bytes datagram = hex("40010003616263");

  const auto message = parse_channel_data(datagram);

  ASSERT_TRUE(message);
  EXPECT_EQ(message->channel.value, 0x4001);
  EXPECT_EQ(base::as_text(message->payload), "abc");
  EXPECT_EQ(message->payload.data(), datagram.data() + 4) << "borrowed, not copied";
}

TEST(ChannelData, MayBeEmpty_Rfc8656_s12_4) {
  const auto message = parse_channel_data(hex("4fff0000"));

  ASSERT_TRUE(message);
  EXPECT_EQ(message->channel.value, 0x4FFF);
  EXPECT_TRUE(message->payload.empty());
}

TEST(ChannelData, IgnoresPaddingAfterItsLengthOnDatagrams_Rfc8656_s12_5) {
  const base::Bytes datagram = hex("4001000361626300");

  EXPECT_EQ(base::as_text(parse_channel_data(datagram)->payload), "abc");
}

TEST(ChannelData, RefusesEveryTruncation_Rfc8656_s12_6) {
  const base::Bytes whole = hex("40010003616263");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const base::Bytes truncated(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(parse_channel_data(truncated)) << size;
  }
  EXPECT_FALSE(parse_channel_data(hex("4001ffff")));
}

TEST(ChannelData, TakesBackEveryHeaderItWrites) {
  for (const std::size_t size : {0U, 1U, 255U, 256U, 1200U, 65'535U}) {
    const auto header = channel_data_header({0x4ABC}, size);
    base::Bytes datagram(header.begin(), header.end());
    datagram.resize(kChannelHeaderSize + size, 0x5A);

    const auto message = parse_channel_data(datagram);

    ASSERT_TRUE(message) << size;
    EXPECT_EQ(message->channel.value, 0x4ABC);
    EXPECT_EQ(message->payload.size(), size);
  }
}

TEST(ChannelData, MayBindOnlyTheNumbersOfTheNewerRfc_Rfc8656_s12) {
  EXPECT_FALSE(is_channel_number({0x3FFF}));
  EXPECT_TRUE(is_channel_number({0x4000}));
  EXPECT_TRUE(is_channel_number({0x4FFF}));
  EXPECT_FALSE(is_channel_number({0x5000})) << "legal in RFC 5766, reserved since";
}

TEST(ChannelData, IsPaddedToFourBytesOnStreams_Rfc8656_s12_5) {
  const std::size_t expected[] = {0, 3, 2, 1};
  for (std::size_t size = 0; size < 16; ++size) EXPECT_EQ(stream_padding(size), expected[size % 4]);
}

}  // namespace
}  // namespace turnd::stun
