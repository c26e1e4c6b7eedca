// What two attributes are compared by, and a random one of each kind.
#pragma once

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/turnd/stun/random_values.h"
#include "turnd/stun/stun_attributes.h"
#include "turnd/stun/turn_attributes.h"

namespace turnd::stun {

template <AttributeType Type>
auto value_of(const XorAddress<Type>& attribute) {
  return attribute.endpoint;
}
template <AttributeType Type, std::size_t MaxBytes>
auto value_of(const TextAttribute<Type, MaxBytes>& attribute) {
  return std::string(attribute.text);
}
template <AttributeType Type>
auto value_of(const AddressFamilyAttribute<Type>& attribute) {
  return attribute.family;
}
inline auto value_of(const UserHash& attribute) { return base::to_owned(attribute.hash); }
inline auto value_of(const ErrorCode& attribute) { return std::pair(attribute.code, std::string(attribute.reason)); }
inline auto value_of(const UnknownAttributes& attribute) { return attribute.types; }
inline auto value_of(const PasswordAlgorithm& attribute) { return attribute.id; }
inline auto value_of(const PasswordAlgorithms& attribute) { return attribute.ids; }
inline auto value_of(const ChannelNumber& attribute) { return attribute.number; }
inline auto value_of(const Lifetime& attribute) { return attribute.value; }
inline auto value_of(const Data& attribute) { return base::to_owned(attribute.bytes); }
inline auto value_of(const EvenPort& attribute) { return attribute.next; }
inline auto value_of(const RequestedTransport& attribute) { return attribute.protocol; }
inline auto value_of(const DontFragment&) { return true; }
inline auto value_of(const ReservationToken& attribute) { return attribute.token; }
inline auto value_of(const AddressErrorCode& attribute) { return std::pair(attribute.family, attribute.code); }
inline auto value_of(const Icmp& attribute) { return std::tuple(attribute.type, attribute.code, attribute.error_data); }

// Makes attributes; those that borrow do so from here, until the next one is made.
class RandomAttributes {
 public:
  template <AttributeType Type>
  void fill(XorAddress<Type>& attribute) {
    attribute.endpoint = random_.endpoint();
  }
  template <AttributeType Type, std::size_t MaxBytes>
  void fill(TextAttribute<Type, MaxBytes>& attribute) {
    attribute.text = base::as_text(keep(MaxBytes));
  }
  template <AttributeType Type>
  void fill(AddressFamilyAttribute<Type>& attribute) {
    attribute.family = family();
  }
  void fill(UserHash& attribute) { attribute.hash = kept_ = random_.bytes(32); }
  void fill(ErrorCode& attribute) { attribute = {error_code(), base::as_text(keep(763))}; }
  void fill(UnknownAttributes& attribute) {
    attribute.types.clear();
    for (std::uint32_t left = random_.below(17); left > 0; --left)
      attribute.types.push_back(AttributeType{random_.u16()});
  }
  void fill(PasswordAlgorithm& attribute) { attribute.id = PasswordAlgorithmId{random_.u16()}; }
  void fill(PasswordAlgorithms& attribute) {
    attribute.ids.clear();
    for (std::uint32_t left = random_.below(9); left > 0; --left)
      attribute.ids.push_back(PasswordAlgorithmId{random_.u16()});
  }
  void fill(ChannelNumber& attribute) { attribute.number.value = random_.u16(); }
  void fill(Lifetime& attribute) { attribute.value = std::chrono::seconds(random_.u32()); }
  void fill(Data& attribute) { attribute.bytes = keep(1500); }
  void fill(EvenPort& attribute) {
    attribute.next = random_.below(2) == 0 ? EvenPort::Next::free : EvenPort::Next::reserve;
  }
  void fill(RequestedTransport& attribute) { attribute.protocol = random_.u8(); }
  void fill(DontFragment&) {}
  void fill(ReservationToken& attribute) { attribute.token = random_.array<8>(); }
  void fill(AddressErrorCode& attribute) { attribute = {family(), error_code()}; }
  void fill(Icmp& attribute) {
    attribute = {static_cast<std::uint8_t>(random_.below(128)), static_cast<std::uint16_t>(random_.below(512)),
                 random_.u32()};
  }

  [[nodiscard]] TransactionId transaction() { return random_.transaction(); }

 private:
  base::ByteView keep(std::uint32_t most) { return kept_ = random_.bytes(random_.below(most + 1)); }
  base::Family family() { return random_.below(2) == 0 ? base::Family::ipv4 : base::Family::ipv6; }
  int error_code() { return static_cast<int>(300 + random_.below(400)); }

  RandomValues random_;
  base::Bytes kept_;
};

}  // namespace turnd::stun
