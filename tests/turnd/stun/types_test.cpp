// The type field: method and class, woven into each other.
#include "turnd/stun/types.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "turnd/stun/attribute_type.h"

namespace turnd::stun {
namespace {

TEST(MessageType, DecodesAndEncodesAllValues_Rfc8489_s5) {
  std::set<std::pair<unsigned, unsigned>> seen;
  for (unsigned wire = 0; wire < 1U << 14; ++wire) {
    const MessageType type = decode_message_type(static_cast<std::uint16_t>(wire));
    ASSERT_EQ(encode(type), wire);
    ASSERT_LT(static_cast<unsigned>(type.method), 1U << 12);
    ASSERT_LT(static_cast<unsigned>(type.message_class), 4U);
    seen.emplace(static_cast<unsigned>(type.method), static_cast<unsigned>(type.message_class));
  }

  EXPECT_EQ(seen.size(), 1U << 14) << "every pair of method and class once";
}

TEST(MessageType, HasTheValuesThatClientsSend_Rfc8656_s17) {
  const std::pair<MessageType, std::uint16_t> known[] = {
      {{Method::binding, MessageClass::request}, 0x0001},
      {{Method::binding, MessageClass::indication}, 0x0011},
      {{Method::binding, MessageClass::success}, 0x0101},
      {{Method::binding, MessageClass::error}, 0x0111},
      {{Method::allocate, MessageClass::request}, 0x0003},
      {{Method::refresh, MessageClass::request}, 0x0004},
      {{Method::send, MessageClass::indication}, 0x0016},
      {{Method::data, MessageClass::indication}, 0x0017},
      {{Method::create_permission, MessageClass::error}, 0x0118},
      {{Method::channel_bind, MessageClass::success}, 0x0109},
      {{Method::connect, MessageClass::request}, 0x000A},
      {{Method::connection_bind, MessageClass::request}, 0x000B},
      {{Method::connection_attempt, MessageClass::indication}, 0x001C},
  };
  for (const auto& [type, wire] : known) {
    EXPECT_EQ(encode(type), wire);
    EXPECT_EQ(decode_message_type(wire), type);
  }
}

TEST(AttributeType, MustBeUnderstoodInTheLowerHalf_Rfc8489_s14) {
  EXPECT_TRUE(is_comprehension_required(AttributeType{0x0000}));
  EXPECT_TRUE(is_comprehension_required(AttributeType{0x7FFF}));
  EXPECT_FALSE(is_comprehension_required(AttributeType{0x8000}));
  EXPECT_FALSE(is_comprehension_required(AttributeType{0xFFFF}));
}

}  // namespace
}  // namespace turnd::stun
