// What a MessageView accepts, and what of a message it lets anybody see.
#include "turnd/stun/message_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/turnd/stun/raw_message.h"
#include "turnd/base/byte_writer.h"
#include "turnd/stun/stun_attributes.h"
#include "turnd/stun/turn_attributes.h"

namespace turnd::stun {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint16_t kSendIndication = 0x0016;
constexpr std::string_view kSha1Sized = "0000000000000000000000000000000000000000";
constexpr std::string_view kSha256Sized = "0000000000000000000000000000000000000000000000000000000000000000";

std::optional<ParseError> error_of(const base::Bytes& datagram) {
  const auto parsed = MessageView::parse(datagram);
  if (parsed) return std::nullopt;
  return parsed.error();
}

base::Bytes fingerprint_bytes(std::uint32_t value) {
  base::Bytes bytes(4);
  base::ByteWriter(bytes).u32(value);
  return bytes;
}

std::vector<AttributeType> visible(const base::Bytes& datagram) {
  std::vector<AttributeType> types;
  const auto message = MessageView::parse(datagram);
  for (const Attribute attribute : message->attributes()) types.push_back(attribute.type);
  return types;
}

TEST(MessageView, ReadsTheHeader_Rfc8489_s5) {
  const RawMessage raw(0x0111);
  const auto message = MessageView::parse(raw.bytes());
  ASSERT_TRUE(message);

  EXPECT_EQ(message->method(), Method::binding);
  EXPECT_TRUE(message->is(MessageClass::error));
  EXPECT_EQ(base::to_hex(message->transaction_id()), "b7e7a701bc34d686fa87dfae");
  EXPECT_EQ(message->bytes().data(), raw.bytes().data()) << "borrowed, not copied";
  EXPECT_FALSE(message->has_fingerprint());
  EXPECT_THAT(visible(raw.bytes()), IsEmpty());
}

TEST(MessageView, RejectsATruncatedHeader_Rfc8489_s5) {
  const RawMessage raw;
  for (std::size_t size = 0; size < kHeaderSize; ++size)
    EXPECT_EQ(error_of({raw.bytes().begin(), raw.bytes().begin() + static_cast<std::ptrdiff_t>(size)}),
              ParseError::too_short);
}

TEST(MessageView, RejectsTheTwoTopBits_Rfc8489_s5) {
  for (const std::uint16_t type : {std::uint16_t{0x4001}, std::uint16_t{0x8001}, std::uint16_t{0xC001}})
    EXPECT_EQ(error_of(RawMessage(type).bytes()), ParseError::not_stun);
}

TEST(MessageView, TakesAMessageWithoutTheCookieForNoStun_Rfc3489) {
  base::Bytes classic = RawMessage().bytes();
  for (std::size_t at = 4; at < 8; ++at) {
    base::Bytes changed = classic;
    changed[at] = static_cast<std::uint8_t>(changed[at] ^ 1);
    EXPECT_EQ(error_of(changed), ParseError::not_stun) << at;
  }
}

TEST(MessageView, RejectsALengthThatIsNotTheDatagrams_Rfc8489_s5) {
  for (const std::size_t length : {0U, 4U, 12U, 0xFFFCU}) {
    RawMessage raw;
    raw.add(AttributeType::lifetime, "00000258").set_length(length);
    EXPECT_EQ(error_of(raw.bytes()), ParseError::bad_length) << length;
  }
}

TEST(MessageView, RejectsALengthThatIsNoMultipleOfFour_Rfc8489_s5) {
  for (const std::size_t extra : {1U, 2U, 3U}) {
    base::Bytes bytes = RawMessage().set_length(extra).bytes();
    bytes.resize(bytes.size() + extra);
    EXPECT_EQ(error_of(bytes), ParseError::bad_length) << extra;
  }
}

TEST(MessageView, RejectsAnAttributeThatReachesPastTheEnd_Rfc8489_s14) {
  for (const std::size_t size : {5U, 8U, 9U, 0x7FFFU, 0xFFFCU, 0xFFFFU}) {
    RawMessage raw;
    raw.add_header(AttributeType::data, size).add(AttributeType{0}, "");
    EXPECT_EQ(error_of(raw.bytes()), ParseError::bad_attribute) << size;
  }
  EXPECT_EQ(error_of(RawMessage().add_header(AttributeType::data, 1).bytes()), ParseError::bad_attribute);
}

TEST(MessageView, RejectsMoreThan64Attributes) {
  RawMessage raw;
  for (std::size_t i = 0; i < kMaxAttributes; ++i) raw.add(AttributeType::dont_fragment, "");
  EXPECT_EQ(error_of(raw.bytes()), std::nullopt);

  raw.add(AttributeType::dont_fragment, "");
  EXPECT_EQ(error_of(raw.bytes()), ParseError::bad_attribute);
}

TEST(MessageView, RejectsARequestOverItsLimitButNoIndication) {
  const base::Bytes fits(kMaxRequestSize - kHeaderSize - 4);
  const base::Bytes larger(kMaxRequestSize - kHeaderSize);
  EXPECT_EQ(error_of(RawMessage().add_bytes(AttributeType::data, fits).bytes()), std::nullopt);
  EXPECT_EQ(error_of(RawMessage().add_bytes(AttributeType::data, larger).bytes()), ParseError::too_long);

  const base::Bytes largest(65'500);
  EXPECT_EQ(error_of(RawMessage(kSendIndication).add_bytes(AttributeType::data, largest).bytes()), std::nullopt);
}

TEST(MessageView, ReadsResponsesToo_Rfc8489_s5) {
  EXPECT_EQ(error_of(RawMessage(0x0101).add(AttributeType::xor_mapped_address, "0001a147e112a643").bytes()),
            std::nullopt);
  EXPECT_EQ(error_of(RawMessage(0x0111).add(AttributeType::error_code, "00000400").bytes()), std::nullopt);
}

TEST(MessageView, WalksAttributesInOrderWithoutTheirPadding_Rfc8489_s14) {
  RawMessage raw;
  raw.add(AttributeType::username, "6162636465").add(AttributeType::dont_fragment, "").add(AttributeType::realm, "66");
  const auto message = MessageView::parse(raw.bytes());
  ASSERT_TRUE(message);

  std::vector<std::string> values;
  for (const Attribute attribute : message->attributes()) values.emplace_back(base::as_text(attribute.value));

  EXPECT_THAT(values, ElementsAre("abcde", "", "f"));
}

TEST(MessageView, LetsTheFirstOfDuplicatesWin_Rfc8489_s14) {
  RawMessage raw;
  raw.add(AttributeType::lifetime, "00000001")
      .add(AttributeType::lifetime, "00000002")
      .add(AttributeType::lifetime, "");
  const auto message = MessageView::parse(raw.bytes());

  EXPECT_EQ(message->get<Lifetime>().value->value, std::chrono::seconds(1));
}

TEST(MessageView, TellsAbsentFromMalformed) {
  const RawMessage raw = RawMessage().add(AttributeType::lifetime, "000258");
  const auto message = MessageView::parse(raw.bytes());

  EXPECT_TRUE(message->get<Lifetime>().malformed());
  EXPECT_FALSE(message->get<EvenPort>().malformed());
  EXPECT_FALSE(message->get<EvenPort>().present);
}

TEST(MessageView, ShowsNothingAfterMessageIntegrity_Rfc8489_s14_5) {
  RawMessage raw;
  raw.add(AttributeType::username, "61").add(AttributeType::message_integrity, kSha1Sized);
  raw.add(AttributeType::lifetime, "00000000").add(AttributeType::xor_peer_address, "000121425e12a443");
  const auto message = MessageView::parse(raw.bytes());
  ASSERT_TRUE(message);

  EXPECT_THAT(visible(raw.bytes()), ElementsAre(AttributeType::username));
  EXPECT_FALSE(message->has(AttributeType::lifetime));
  EXPECT_FALSE(message->get<XorPeerAddress>().present);
  EXPECT_THAT(unknown_required(*message, {}), ElementsAre(AttributeType::username));
}

TEST(MessageView, ShowsNothingAfterMessageIntegritySha256_Rfc8489_s14_6) {
  RawMessage raw;
  raw.add(AttributeType::username, "61").add(AttributeType::message_integrity_sha256, kSha256Sized);
  raw.add(AttributeType::lifetime, "00000000").add(AttributeType::message_integrity, kSha1Sized);
  const auto message = MessageView::parse(raw.bytes());
  ASSERT_TRUE(message);

  EXPECT_THAT(visible(raw.bytes()), ElementsAre(AttributeType::username));
  EXPECT_TRUE(message->integrity_sha256());
  EXPECT_FALSE(message->integrity()) << "it follows the other one, so it is ignored";
}

TEST(MessageView, FindsSha256AfterMessageIntegrity_Rfc8489_s14_5) {
  RawMessage raw;
  raw.add(AttributeType::username, "61").add(AttributeType::message_integrity, kSha1Sized);
  raw.add(AttributeType::message_integrity_sha256, kSha256Sized).add_fingerprint();
  const auto message = MessageView::parse(raw.bytes());
  ASSERT_TRUE(message);

  EXPECT_EQ(message->integrity()->offset, 28U);
  EXPECT_EQ(message->integrity_sha256()->offset, 52U);
  EXPECT_EQ(message->integrity_sha256()->value.size(), 32U);
  EXPECT_THAT(visible(raw.bytes()), ElementsAre(AttributeType::username));
  EXPECT_TRUE(message->has_fingerprint());
}

TEST(MessageView, TakesTheFirstOfTwoIntegrities_Rfc8489_s14) {
  RawMessage raw;
  raw.add(AttributeType::message_integrity, kSha1Sized).add(AttributeType::message_integrity, "ff");
  raw.add(AttributeType::message_integrity_sha256, kSha256Sized).add(AttributeType::message_integrity_sha256, "ff");
  const auto message = MessageView::parse(raw.bytes());
  ASSERT_TRUE(message);

  EXPECT_EQ(message->integrity()->value.size(), 20U);
  EXPECT_EQ(message->integrity_sha256()->value.size(), 32U);
}

TEST(MessageView, ChecksFingerprintAndHidesIt_Rfc8489_s14_7) {
  RawMessage raw;
  raw.add(AttributeType::username, "61").add_fingerprint();

  EXPECT_TRUE(MessageView::parse(raw.bytes())->has_fingerprint());
  EXPECT_THAT(visible(raw.bytes()), ElementsAre(AttributeType::username));

  base::Bytes wrong = raw.bytes();
  wrong.back() = static_cast<std::uint8_t>(wrong.back() ^ 1);
  EXPECT_EQ(error_of(wrong), ParseError::bad_fingerprint);
}

TEST(MessageView, ChecksFingerprintAfterIntegrityToo_Rfc8489_s14_5) {
  RawMessage raw;
  raw.add(AttributeType::message_integrity, kSha1Sized).add(AttributeType::fingerprint, "00000000");

  EXPECT_EQ(error_of(raw.bytes()), ParseError::bad_fingerprint);
}

TEST(MessageView, RejectsAFingerprintThatIsNotLast_Rfc8489_s14_7) {
  RawMessage raw;
  raw.add_fingerprint().add(AttributeType::username, "61");
  EXPECT_EQ(error_of(raw.bytes()), ParseError::bad_fingerprint);

  EXPECT_EQ(error_of(RawMessage().add_fingerprint().add_fingerprint().bytes()), ParseError::bad_fingerprint);

  // Right for the message as it is, only in the wrong place.
  RawMessage early;
  early.set_length(kFingerprintSize + 4);
  const std::uint32_t value = fingerprint_of(early.bytes());
  early.add_bytes(AttributeType::fingerprint, fingerprint_bytes(value)).add(AttributeType::dont_fragment, "");
  EXPECT_EQ(error_of(early.bytes()), ParseError::bad_fingerprint);
}

TEST(MessageView, RejectsAFingerprintOfAnotherSize_Rfc8489_s14_7) {
  for (const std::string_view value : {"", "00", "000000", "0000000000", "0000000000000000"})
    EXPECT_EQ(error_of(RawMessage().add(AttributeType::fingerprint, value).bytes()), ParseError::bad_fingerprint)
        << value;
}

// Only the size is wrong: the value starts with the right CRC.
TEST(MessageView, RejectsALongerFingerprintThatStartsRight_Rfc8489_s14_7) {
  for (const std::size_t size : {5U, 6U, 7U, 8U}) {
    RawMessage raw = RawMessage().set_length(12);
    base::Bytes value(size);
    base::ByteWriter(value).u32(fingerprint_of(raw.bytes()));
    raw.add_bytes(AttributeType::fingerprint, value);
    EXPECT_EQ(error_of(raw.bytes()), ParseError::bad_fingerprint) << size;
  }
}

TEST(MessageView, ReadsAMessageAtEveryAlignment) {
  const RawMessage raw = RawMessage().add(AttributeType::xor_mapped_address, "0001a147e112a643").add_fingerprint();
  base::Bytes around(raw.bytes().size() + 8);
  for (std::size_t offset = 0; offset < 8; ++offset) {
    std::copy(raw.bytes().begin(), raw.bytes().end(), around.begin() + static_cast<std::ptrdiff_t>(offset));
    const auto message = MessageView::parse(base::ByteView(around).subspan(offset, raw.bytes().size()));
    ASSERT_TRUE(message) << offset;
    EXPECT_EQ(to_string(message->get<XorMappedAddress>().value->endpoint), "192.0.2.1:32853");
  }
}

TEST(UnknownRequired, ListsEachOnceInOrderAndNothingOptional_Rfc8489_s6_3_1) {
  RawMessage raw;
  raw.add(AttributeType{0x7777}, "").add(AttributeType::realm, "").add(AttributeType{0x0002}, "");
  raw.add(AttributeType{0x7777}, "").add(AttributeType{0x8888}, "");
  const AttributeType known[] = {AttributeType::realm};

  EXPECT_THAT(unknown_required(*MessageView::parse(raw.bytes()), known),
              ElementsAre(AttributeType{0x7777}, AttributeType{0x0002}));
}

TEST(UnknownRequired, ListsAtMostSixteen) {
  RawMessage raw;
  for (std::uint16_t i = 0; i < 60; ++i) raw.add(AttributeType{static_cast<std::uint16_t>(0x7000 + i)}, "");

  const auto unknown = unknown_required(*MessageView::parse(raw.bytes()), {});

  ASSERT_EQ(unknown.size(), 16U);
  EXPECT_EQ(unknown.back(), AttributeType{0x700F});
}

}  // namespace
}  // namespace turnd::stun
