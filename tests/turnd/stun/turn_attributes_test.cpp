// The attributes of RFC 8656: exact sizes, and reserved bytes that a receiver ignores.
#include "turnd/stun/turn_attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/turnd/stun/raw_message.h"

namespace turnd::stun {
namespace {

using ::testing::ElementsAre;

// The typed attribute of a message whose only attribute has this body. Nothing here borrows from it.
template <class T>
std::optional<T> read(const base::Bytes& body) {
  const RawMessage raw = RawMessage(0x0016).add_bytes(T::kType, body);
  return MessageView::parse(raw.bytes())->template get<T>().value;
}
template <class T>
std::optional<T> read(std::string_view body) {
  return read<T>(base::from_hex(body).value());
}

template <class T>
std::vector<std::size_t> accepted_sizes() {
  std::vector<std::size_t> sizes;
  for (std::size_t size = 0; size <= 40; ++size)
    if (read<T>(base::Bytes(size))) sizes.push_back(size);
  return sizes;
}

TEST(TurnAttributes, HaveExactSizes_Rfc8656_s18) {
  EXPECT_THAT(accepted_sizes<ChannelNumber>(), ElementsAre(4U));
  EXPECT_THAT(accepted_sizes<Lifetime>(), ElementsAre(4U));
  EXPECT_THAT(accepted_sizes<RequestedAddressFamily>(), ElementsAre(4U));
  EXPECT_THAT(accepted_sizes<AdditionalAddressFamily>(), ElementsAre(4U));
  EXPECT_THAT(accepted_sizes<EvenPort>(), ElementsAre(1U));
  EXPECT_THAT(accepted_sizes<RequestedTransport>(), ElementsAre(4U));
  EXPECT_THAT(accepted_sizes<DontFragment>(), ElementsAre(0U));
  EXPECT_THAT(accepted_sizes<ReservationToken>(), ElementsAre(8U));
  EXPECT_THAT(accepted_sizes<Icmp>(), ElementsAre(8U));
}

TEST(ChannelNumber, IgnoresItsReservedBytes_Rfc8656_s18_1) {
  EXPECT_EQ(read<ChannelNumber>("4001ffff")->number.value, 0x4001);
}

TEST(Lifetime, IsAllOf32Bits_Rfc8656_s18_2) {
  EXPECT_EQ(read<Lifetime>("00000258")->value, std::chrono::seconds(600));
  EXPECT_EQ(read<Lifetime>("ffffffff")->value, std::chrono::seconds(4'294'967'295));
}

TEST(Data, MayBeEmptyOrFillADatagram_Rfc8656_s18_4) {
  EXPECT_TRUE(read<Data>(base::Bytes{}));
  EXPECT_TRUE(read<Data>(base::Bytes(65'500)));
}

TEST(AddressFamily, IsPresentWithoutAValueWhenUnknown_Rfc8656_s18_6) {
  EXPECT_EQ(read<RequestedAddressFamily>("01ffffff")->family, base::Family::ipv4);
  EXPECT_EQ(read<RequestedAddressFamily>("02000000")->family, base::Family::ipv6);
  for (const std::string_view unknown : {"00000000", "03000000", "ff000000", "00000001"}) {
    ASSERT_TRUE(read<RequestedAddressFamily>(unknown)) << "answered with 440, not with 400";
    EXPECT_FALSE(read<RequestedAddressFamily>(unknown)->family);
  }
}

TEST(EvenPort, ReadsOneBitOfItsByte_Rfc8656_s18_7) {
  EXPECT_EQ(read<EvenPort>("80")->next, EvenPort::Next::reserve);
  EXPECT_EQ(read<EvenPort>("ff")->next, EvenPort::Next::reserve);
  EXPECT_EQ(read<EvenPort>("7f")->next, EvenPort::Next::free);
}

TEST(RequestedTransport, IgnoresItsReservedBytes_Rfc8656_s18_8) {
  EXPECT_EQ(read<RequestedTransport>("11ffffff")->protocol, RequestedTransport::kUdp);
  EXPECT_EQ(read<RequestedTransport>("06000000")->protocol, RequestedTransport::kTcp);
  EXPECT_EQ(read<RequestedTransport>("00000011")->protocol, 0);
}

TEST(AddressErrorCode, TellsFamilyAndReason_Rfc8656_s18_12) {
  const auto error = read<AddressErrorCode>("02fffc2861626364");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->family, base::Family::ipv6);
  EXPECT_EQ(error->code, 440);
  for (const std::string_view body : {"", "02", "020004", "00000428", "03000428", "02000228", "02000728", "02000464"})
    EXPECT_FALSE(read<AddressErrorCode>(body)) << body;
}

TEST(Icmp, DividesSixteenBitsIntoTypeAndCode_Rfc8656_s18_13) {
  const auto icmp = read<Icmp>("ffff06040000057f");
  ASSERT_TRUE(icmp);
  EXPECT_EQ(icmp->type, 3);
  EXPECT_EQ(icmp->code, 4);
  EXPECT_EQ(icmp->error_data, 0x57FU);
}

}  // namespace
}  // namespace turnd::stun
