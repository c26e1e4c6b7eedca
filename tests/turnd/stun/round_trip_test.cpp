// Every attribute, with random values: written, read, equal, and written again to the same bytes.
#include <gtest/gtest.h>

#include "tests/turnd/stun/attribute_values.h"
#include "turnd/base/hex.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"

namespace turnd::stun {
namespace {

template <class Attribute>
class RoundTrip : public ::testing::Test {};

using AllAttributes =
    ::testing::Types<XorMappedAddress, XorPeerAddress, XorRelayedAddress, Username, Realm, Nonce, Software, UserHash,
                     ErrorCode, UnknownAttributes, PasswordAlgorithm, PasswordAlgorithms, ChannelNumber, Lifetime, Data,
                     RequestedAddressFamily, AdditionalAddressFamily, EvenPort, RequestedTransport, DontFragment,
                     ReservationToken, AddressErrorCode, Icmp>;
TYPED_TEST_SUITE(RoundTrip, AllAttributes);

template <class Attribute>
base::Bytes encode(const Attribute& attribute, const TransactionId& transaction) {
  return MessageBuilder({Method::allocate, MessageClass::success}, transaction).add(attribute).take();
}

TYPED_TEST(RoundTrip, GivesBackWhatWasWritten) {
  RandomAttributes random;
  for (int i = 0; i < 300; ++i) {
    TypeParam attribute{};
    random.fill(attribute);
    const TransactionId transaction = random.transaction();

    const base::Bytes bytes = encode(attribute, transaction);
    const auto message = MessageView::parse(bytes);
    ASSERT_TRUE(message);
    const auto read = message->template get<TypeParam>();

    ASSERT_TRUE(read.value) << base::to_hex(bytes);
    ASSERT_EQ(value_of(*read.value), value_of(attribute)) << base::to_hex(bytes);
    ASSERT_EQ(encode(*read.value, transaction), bytes);
  }
}

// Whatever else a body may hold, such as reserved bits: what was understood of it survives being written.
TYPED_TEST(RoundTrip, KeepsWhatItUnderstoodOfARandomBody) {
  RandomValues random;
  const TransactionId transaction = random.transaction();
  const base::Bytes carrier = MessageBuilder({Method::allocate, MessageClass::success}, transaction).take();
  const auto no_attributes = MessageView::parse(carrier);
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    const base::Bytes body = random.bytes(i % 2 == 0 ? random.below(40) : random.below(900));
    const auto understood = TypeParam::read(body, *no_attributes);
    if (!understood) continue;

    const base::Bytes bytes = encode(*understood, transaction);
    const auto again = MessageView::parse(bytes)->template get<TypeParam>();

    ASSERT_TRUE(again.value) << base::to_hex(body);
    ASSERT_EQ(value_of(*again.value), value_of(*understood)) << base::to_hex(body);
  }
}

}  // namespace
}  // namespace turnd::stun
