// Messages of ours: right lengths, and no byte that was not meant.
#include "turnd/stun/message_builder.h"

#include <gtest/gtest.h>

#include "turnd/base/hex.h"
#include "turnd/stun/message_view.h"
#include "turnd/stun/stun_attributes.h"
#include "turnd/stun/turn_attributes.h"

namespace turnd::stun {
namespace {

constexpr MessageType kRequest{Method::allocate, MessageClass::request};
constexpr TransactionId kTransaction{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

TEST(MessageBuilder, WritesTheHeader_Rfc8489_s5) {
  MessageBuilder message(kRequest, kTransaction);

  EXPECT_EQ(base::to_hex(message.finish()), "000300002112a4420102030405060708090a0b0c");
}

TEST(MessageBuilder, PadsEveryAttributeWithZeros_Rfc8489_s14) {
  for (std::size_t size = 0; size <= 9; ++size) {
    MessageBuilder message(kRequest, kTransaction);
    const base::Bytes value(size, 0xEE);
    message.add_raw(AttributeType::data, value).add(Lifetime{std::chrono::seconds(0x01020304)});

    const base::ByteView bytes = message.finish();
    const std::size_t padding = (4 - size % 4) % 4;
    const std::string expected =
        "0013000" + std::to_string(size) + base::to_hex(value) + std::string(2 * padding, '0') + "000d000401020304";
    EXPECT_EQ(base::to_hex(bytes.subspan(kHeaderSize)), expected);
    EXPECT_EQ(static_cast<std::size_t>(bytes[3]), bytes.size() - kHeaderSize);
  }
}

TEST(MessageBuilder, WritesReservedBytesAsZeros) {
  MessageBuilder message(kRequest, kTransaction);
  message.add(ChannelNumber{{0x4001}}).add(RequestedTransport{17}).add(RequestedAddressFamily{base::Family::ipv6});
  message.add(EvenPort{EvenPort::Next::reserve})
      .add(ErrorCode{438})
      .add(PasswordAlgorithm{PasswordAlgorithmId::sha256});
  message.add(AddressErrorCode{base::Family::ipv6, 440}).add(Icmp{3, 4, 1400});

  EXPECT_EQ(base::to_hex(message.finish().subspan(kHeaderSize)),
            "000c000440010000"
            "0019000411000000"
            "0017000402000000"
            "0018000180000000"
            "0009000400000426"
            "001d000400020000"
            "8001000402000428"
            "8004000800000604"
            "00000578");
}

TEST(MessageBuilder, EndsWithAFingerprintThatFits_Rfc8489_s14_7) {
  MessageBuilder message(kRequest, kTransaction);
  const base::Bytes bytes = message.add(Username{"alice"}).fingerprint().take();

  ASSERT_TRUE(MessageView::parse(bytes));
  EXPECT_TRUE(MessageView::parse(bytes)->has_fingerprint());
}

TEST(MessageBuilder, FillsItsBufferAndNoMore) {
  MessageBuilder message(kRequest, kTransaction);
  const base::Bytes fits(MessageBuilder::kCapacity - kHeaderSize - 4, 0xEE);
  message.add_raw(AttributeType::data, fits);
  ASSERT_EQ(message.finish().size(), MessageBuilder::kCapacity);

  message.add(DontFragment{});
  EXPECT_TRUE(message.finish().empty()) << "half a message must not leave";
}

TEST(MessageBuilder, GivesNothingAfterAnOverflowWhateverFollows) {
  MessageBuilder message(kRequest, kTransaction);
  const base::Bytes too_much(MessageBuilder::kCapacity);
  const base::Bytes key(16, 1);

  message.add_raw(AttributeType::data, too_much).add(Username{"alice"});
  message.sign({IntegrityAlgorithm::sha1, key}).sign({IntegrityAlgorithm::sha256, key}).fingerprint();

  EXPECT_TRUE(message.finish().empty());
  EXPECT_TRUE(message.take().empty());
}

TEST(MessageBuilder, OverflowsAtEveryRemainderWithoutHarm) {
  for (std::size_t left = 0; left < 64; left += 4) {
    MessageBuilder message(kRequest, kTransaction);
    const base::Bytes most(MessageBuilder::kCapacity - kHeaderSize - 4 - left);
    const base::Bytes key(16, 1);
    message.add_raw(AttributeType::data, most)
        .add(Username{"alice"})
        .sign({IntegrityAlgorithm::sha256, key})
        .fingerprint();

    const std::size_t needed = 12 + 36 + 8;
    EXPECT_EQ(message.finish().empty(), left < needed) << left;
  }
}

}  // namespace
}  // namespace turnd::stun
