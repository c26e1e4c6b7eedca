#include "signaling/protocol/engineio_packet.h"

#include <vector>

#include <gtest/gtest.h>

namespace signaling::protocol {
namespace {

using Packets = std::vector<EngineioPacket>;

// All packets of a body, and how it ended.
std::pair<Packets, std::optional<EngineioError>> read_all(std::string_view body) {
  EngineioPayloadReader reader(body);
  Packets packets;
  while (auto packet = reader.next()) {
    if (!*packet) return {packets, packet->error()};
    packets.push_back(**packet);
  }
  return {packets, std::nullopt};
}

EngineioPacket text(EngineioType type, std::string data = "") { return {type, std::move(data), false}; }

TEST(EngineioPacket, ReadsEachTypeByItsDigit) {
  const std::vector<EngineioType> types{EngineioType::open, EngineioType::close,   EngineioType::ping,
                                        EngineioType::pong, EngineioType::message, EngineioType::upgrade,
                                        EngineioType::noop};
  for (std::size_t digit = 0; digit < types.size(); ++digit) {
    const auto packet = parse_engineio_text(std::to_string(digit) + "probe");

    ASSERT_TRUE(packet) << digit;
    EXPECT_EQ(*packet, text(types[digit], "probe"));
  }
}

TEST(EngineioPacket, RefusesWhatHasNoType) {
  EXPECT_EQ(parse_engineio_text("").error(), EngineioError::empty);
  EXPECT_EQ(parse_engineio_text("abc").error(), EngineioError::unknown_type);
  EXPECT_EQ(parse_engineio_text("7").error(), EngineioError::unknown_type);
  EXPECT_EQ(parse_engineio_text("/").error(), EngineioError::unknown_type);
  // Base64 is for polling bodies: on a WebSocket bytes have messages of their own.
  EXPECT_EQ(parse_engineio_text("bAQID").error(), EngineioError::unknown_type);
}

TEST(EngineioPacket, WritesTheDigitAndTheData) {
  std::string out;
  append_engineio_text(out, EngineioType::pong, "probe");
  append_engineio_text(out, EngineioType::noop);

  EXPECT_EQ(out, "3probe6");
}

TEST(EngineioPayload, HoldsPacketsJoinedByTheRecordSeparator) {
  const auto [packets, error] = read_all(
      "4hello\x1e"
      "2\x1e"
      "bAQIDBA==");

  EXPECT_EQ(error, std::nullopt);
  EXPECT_EQ(packets, (Packets{text(EngineioType::message, "hello"),
                              text(EngineioType::ping),
                              {EngineioType::message, "\x01\x02\x03\x04", true}}));
}

TEST(EngineioPayload, EndsAtTheFirstMalformedPacket) {
  const auto [packets, error] = read_all(
      "4a\x1e"
      "abc\x1e"
      "4b");

  EXPECT_EQ(packets, Packets{text(EngineioType::message, "a")});
  EXPECT_EQ(error, EngineioError::unknown_type);
}

TEST(EngineioPayload, RefusesEmptyPacketsAndBadBase64) {
  EXPECT_EQ(read_all("").second, EngineioError::empty);
  EXPECT_EQ(read_all("4a\x1e").second, EngineioError::empty);
  EXPECT_EQ(read_all("bAQI=").second, std::nullopt);
  EXPECT_EQ(read_all("bAQ").second, EngineioError::bad_base64);
  EXPECT_EQ(read_all("bA Q=").second, EngineioError::bad_base64);
  EXPECT_EQ(read_all("b====").second, EngineioError::bad_base64);
}

TEST(EngineioPayload, ReadsTheBytesItWrites) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  std::string body;
  append_engineio_binary(body, bytes);
  body += kEngineioSeparator;
  append_engineio_binary(body, "");

  EXPECT_EQ(read_all(body).first, (Packets{{EngineioType::message, bytes, true}, {EngineioType::message, "", true}}));
}

}  // namespace
}  // namespace signaling::protocol
