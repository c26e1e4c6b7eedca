#include "signaling/net/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace signaling::net {
namespace {

// A client's frame with the mask 1 2 3 4.
std::string client_frame(std::uint8_t first, std::string payload, std::uint8_t mask_bit = 0x80) {
  std::string frame{static_cast<char>(first)};
  if (payload.size() < 126) {
    frame += static_cast<char>(mask_bit | payload.size());
  } else {
    frame += static_cast<char>(mask_bit | 126);
    frame += {static_cast<char>(payload.size() >> 8), static_cast<char>(payload.size())};
  }
  frame += "\x01\x02\x03\x04";
  for (std::size_t i = 0; i < payload.size(); ++i)
    payload[i] = static_cast<char>(payload[i] ^ static_cast<char>(1 + i % 4));
  return frame + payload;
}

FrameFault fault_of(std::string bytes, std::size_t max = 1000) {
  const auto frame = take_frame(bytes, max);
  return frame ? FrameFault::incomplete : frame.error();
}

TEST(FrameTest, UnmasksAClientsTextInPlace_Rfc6455_s5_3) {
  std::string bytes = client_frame(0x81, "Hello, this is longer than a word") + "next";

  const auto frame = take_frame(bytes, 1000);

  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->payload, "Hello, this is longer than a word");
  EXPECT_EQ(frame->opcode, Opcode::text);
  EXPECT_TRUE(frame->is_final);
  EXPECT_EQ(frame->size, bytes.size() - 4);
}

TEST(FrameTest, IsIncompleteAtEveryShorterLength) {
  const std::string whole = client_frame(0x82, std::string(300, 'x'));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::string part = whole.substr(0, size);
    const auto frame = take_frame(part, 1000);
    ASSERT_FALSE(frame) << size;
    ASSERT_EQ(frame.error(), FrameFault::incomplete) << size;
    ASSERT_EQ(part, whole.substr(0, size)) << "changed before it was complete";
  }
}

TEST(FrameTest, RefusesWhatAClientMayNotSend_Rfc6455_s5_2) {
  EXPECT_EQ(fault_of(client_frame(0x81, "x", 0)), FrameFault::protocol) << "unmasked";
  EXPECT_EQ(fault_of(client_frame(0xC1, "x")), FrameFault::protocol) << "RSV1 without an extension";
  EXPECT_EQ(fault_of(client_frame(0x83, "x")), FrameFault::protocol) << "reserved opcode";
  EXPECT_EQ(fault_of(client_frame(0x09, "x")), FrameFault::protocol) << "fragmented ping";
  EXPECT_EQ(fault_of(client_frame(0x89, std::string(126, 'x'))), FrameFault::protocol) << "long ping";
}

TEST(FrameTest, DecidesTheSizeAtTheHead) {
  EXPECT_EQ(fault_of(std::string("\x81\xFE\x03\xE9", 4)), FrameFault::too_large);
  EXPECT_EQ(fault_of(std::string("\x81\xFF\x00\x00\x00\x01\x00\x00\x00\x00", 10)), FrameFault::too_large);
  EXPECT_EQ(fault_of(std::string("\x81\xFF\x80\x00\x00\x00\x00\x00\x00\x00", 10)), FrameFault::protocol) << "2^63";
}

TEST(FrameTest, WritesTheShortestLength_Rfc6455_s5_2) {
  EXPECT_EQ(frame_head(Opcode::text, 125).text(), "\x81\x7D");
  EXPECT_EQ(frame_head(Opcode::text, 126).text(), std::string("\x81\x7E\x00\x7E", 4));
  EXPECT_EQ(frame_head(Opcode::binary, 65'536).text(), std::string("\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00", 10));
  EXPECT_EQ(frame_head(Opcode::close, 0).text(), std::string("\x88\x00", 2));
}

TEST(FrameTest, KnowsTheCodesThatAClientMaySend_Rfc6455_s7_4) {
  for (const int code : {1000, 1001, 1003, 1007, 1011, 3000, 4999})
    EXPECT_TRUE(is_sendable_close_code(static_cast<std::uint16_t>(code)));
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000})
    EXPECT_FALSE(is_sendable_close_code(static_cast<std::uint16_t>(code)));
}

TEST(FrameTest, ValidatesUtf8AcrossWords) {
  EXPECT_TRUE(is_valid_utf8("plain text that is long, then \xE2\x82\xAC and \xF0\x9F\x98\x80."));
  EXPECT_FALSE(is_valid_utf8("plain text that is long, then \xE2\x82"));
  EXPECT_FALSE(is_valid_utf8("1234567\xED\xA0\x80")) << "a surrogate";
}

}  // namespace
}  // namespace signaling::net
