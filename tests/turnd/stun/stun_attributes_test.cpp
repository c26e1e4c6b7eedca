// The attributes of RFC 8489: sizes, limits, and bytes from the RFC's own examples.
#include "turnd/stun/stun_attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/turnd/stun/raw_message.h"

namespace turnd::stun {
namespace {

using ::testing::ElementsAre;

// The typed attribute of a message whose only attribute has this body.
template <class T>
typename MessageView::Typed<T> read(const base::Bytes& body, base::Bytes& storage) {
  storage = RawMessage().add_bytes(T::kType, body).bytes();
  return MessageView::parse(storage)->template get<T>();
}
template <class T>
bool accepts(const base::Bytes& body) {
  base::Bytes storage;
  return read<T>(body, storage).value.has_value();
}
template <class T>
bool accepts(std::string_view body) {
  return accepts<T>(base::from_hex(body).value());
}

template <class T>
std::vector<std::size_t> accepted_sizes(std::size_t upto) {
  std::vector<std::size_t> sizes;
  for (std::size_t size = 0; size <= upto; ++size)
    if (accepts<T>(base::Bytes(size))) sizes.push_back(size);
  return sizes;
}

TEST(XorAddress, IsMaskedWithCookieAndTransaction_Rfc8489_s14_2) {
  base::Bytes storage;
  const auto v4 = read<XorMappedAddress>(base::from_hex("0001a147e112a643").value(), storage);
  EXPECT_EQ(to_string(v4.value->endpoint), "192.0.2.1:32853");

  const auto v6 = read<XorMappedAddress>(base::from_hex("0002a1470113a9faa5d3f179bc25f4b5bed2b9d9").value(), storage);
  EXPECT_EQ(to_string(v6.value->endpoint), "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
}

TEST(XorAddress, IgnoresItsFirstByte_Rfc8489_s14_1) { EXPECT_TRUE(accepts<XorMappedAddress>("ff01a147e112a643")); }

TEST(XorAddress, NeedsAKnownFamilyWithItsSize_Rfc8489_s14_1) {
  EXPECT_FALSE(accepts<XorMappedAddress>("0000a147e112a643"));
  EXPECT_FALSE(accepts<XorMappedAddress>("0003a147e112a643"));
  EXPECT_FALSE(accepts<XorMappedAddress>("0001a147"));
  for (std::size_t size = 0; size <= 24; ++size) {
    base::Bytes body(size);
    if (size > 1) body[1] = 1;
    EXPECT_EQ(accepts<XorMappedAddress>(body), size == 8) << size;
    if (size > 1) body[1] = 2;
    EXPECT_EQ(accepts<XorMappedAddress>(body), size == 20) << size;
  }
}

TEST(TextAttributes, AreLimitedAsTheRfcSays) {
  EXPECT_TRUE(accepts<Username>(base::Bytes(508)));
  EXPECT_FALSE(accepts<Username>(base::Bytes(509)));  // s14.3: fewer than 509 bytes
  EXPECT_TRUE(accepts<Realm>(base::Bytes(763)));
  EXPECT_FALSE(accepts<Realm>(base::Bytes(764)));
  EXPECT_TRUE(accepts<Nonce>(base::Bytes(763)));
  EXPECT_FALSE(accepts<Nonce>(base::Bytes(764)));
  EXPECT_TRUE(accepts<Software>(base::Bytes(763)));
  EXPECT_FALSE(accepts<Software>(base::Bytes(764)));
  EXPECT_TRUE(accepts<Username>(base::Bytes{}))
      << "empty is well-formed; that there is no such user is not ours to say";
}

TEST(TextAttributes, KeepBytesThatAreNoText) {
  base::Bytes storage;
  EXPECT_EQ(read<Username>({0x61, 0x00, 0xFF}, storage).value->text, std::string_view("a\0\xFF", 3));
}

TEST(UserHash, IsExactly32Bytes_Rfc8489_s14_4) { EXPECT_THAT(accepted_sizes<UserHash>(70), ElementsAre(32U)); }

TEST(ErrorCode, IsReadAsHundredsAndRest_Rfc8489_s14_8) {
  base::Bytes storage;
  const auto error = read<ErrorCode>(base::from_hex("00000426").value(), storage);
  EXPECT_EQ(error.value->code, 438);
  EXPECT_EQ(error.value->reason, "");

  const auto with_reason = read<ErrorCode>(base::from_hex("fffffc0061626364").value(), storage);
  EXPECT_EQ(with_reason.value->code, 400) << "21 bits before the class are reserved";
  EXPECT_EQ(with_reason.value->reason, "abcd");
}

TEST(ErrorCode, RefusesNumbersThatAreNone_Rfc8489_s14_8) {
  for (const std::string_view body :
       {"", "00", "0000", "000004", "00000000", "00000200", "00000700", "00000464", "000004ff"})
    EXPECT_FALSE(accepts<ErrorCode>(body)) << body;
  EXPECT_TRUE(accepts<ErrorCode>("00000300"));
  EXPECT_TRUE(accepts<ErrorCode>("00000663"));
}

TEST(ErrorCode, LimitsItsReason_Rfc8489_s14_8) {
  base::Bytes body(4 + 763, 'x');
  body[2] = 4;
  body[3] = 0;
  EXPECT_TRUE(accepts<ErrorCode>(body));
  body.push_back('x');
  EXPECT_FALSE(accepts<ErrorCode>(body));
}

TEST(UnknownAttributes, AreANumberOfWholeTypes_Rfc8489_s14_13) {
  base::Bytes storage;
  const auto unknown = read<UnknownAttributes>({0x00, 0x24, 0x7F, 0xFF, 0x00, 0x01}, storage);
  EXPECT_THAT(unknown.value->types,
              ElementsAre(AttributeType{0x0024}, AttributeType{0x7FFF}, AttributeType::mapped_address));
  EXPECT_FALSE(accepts<UnknownAttributes>("002400"));
}

TEST(PasswordAlgorithm, HasNoParametersInAnyRegisteredAlgorithm_Rfc8489_s14_12) {
  EXPECT_TRUE(accepts<PasswordAlgorithm>("00010000"));
  EXPECT_TRUE(accepts<PasswordAlgorithm>("00020000"));
  EXPECT_TRUE(accepts<PasswordAlgorithm>("7fff0000")) << "unknown, but well-formed";
  for (const std::string_view body : {"", "0001", "000100", "0001000000", "00010001", "0001000461626364"})
    EXPECT_FALSE(accepts<PasswordAlgorithm>(body)) << body;
}

TEST(PasswordAlgorithms, AreListedInOrder_Rfc8489_s14_11) {
  base::Bytes storage;
  const auto algorithms = read<PasswordAlgorithms>(base::from_hex("0002000000010000").value(), storage);
  EXPECT_THAT(algorithms.value->ids, ElementsAre(PasswordAlgorithmId::sha256, PasswordAlgorithmId::md5));

  EXPECT_TRUE(accepts<PasswordAlgorithms>(""));
  for (const std::string_view body : {"00", "000100", "00010000ff", "000100000002", "0001000461626364"})
    EXPECT_FALSE(accepts<PasswordAlgorithms>(body)) << body;
}

}  // namespace
}  // namespace turnd::stun
