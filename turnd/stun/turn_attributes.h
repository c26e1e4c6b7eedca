// The attributes of RFC 8656 s18.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "turnd/base/byte_writer.h"
#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/strong.h"
#include "turnd/stun/attribute_type.h"
#include "turnd/stun/stun_attributes.h"

namespace turnd::stun {

using XorPeerAddress = XorAddress<AttributeType::xor_peer_address>;        // s18.3
using XorRelayedAddress = XorAddress<AttributeType::xor_relayed_address>;  // s18.5

using ChannelNumberValue = base::Strong<struct ChannelNumberTag, std::uint16_t>;

// s18.1
struct ChannelNumber {
  static constexpr AttributeType kType = AttributeType::channel_number;
  ChannelNumberValue number;
  static std::optional<ChannelNumber> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const;
};

// s18.2
struct Lifetime {
  static constexpr AttributeType kType = AttributeType::lifetime;
  std::chrono::seconds value{};
  static std::optional<Lifetime> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const;
};

// s18.4
struct Data {
  static constexpr AttributeType kType = AttributeType::data;
  base::ByteView bytes;
  static std::optional<Data> read(base::ByteView body, const MessageView&) { return Data{body}; }
  void write(base::ByteWriter& out, const TransactionId&) const { out.bytes(bytes); }
};

// s18.6 REQUESTED-ADDRESS-FAMILY and s18.11 ADDITIONAL-ADDRESS-FAMILY. An unknown family is present and
// well-formed with no `family`: it is answered with 440, not with 400.
template <AttributeType Type>
struct AddressFamilyAttribute {
  static constexpr AttributeType kType = Type;
  std::optional<base::Family> family;
  static std::optional<AddressFamilyAttribute> read(base::ByteView body, const MessageView&) {
    if (body.size() != 4) return std::nullopt;
    if (body[0] == 0x01) return AddressFamilyAttribute{base::Family::ipv4};
    if (body[0] == 0x02) return AddressFamilyAttribute{base::Family::ipv6};
    return AddressFamilyAttribute{};
  }
  void write(base::ByteWriter& out, const TransactionId&) const {
    out.u8(!family ? 0x00 : *family == base::Family::ipv4 ? 0x01 : 0x02);
    out.zeros(3);
  }
};
using RequestedAddressFamily = AddressFamilyAttribute<AttributeType::requested_address_family>;
using AdditionalAddressFamily = AddressFamilyAttribute<AttributeType::additional_address_family>;

// s18.7
struct EvenPort {
  static constexpr AttributeType kType = AttributeType::even_port;
  enum class Next : std::uint8_t { free, reserve } next = Next::free;
  static std::optional<EvenPort> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const;
};

// s18.8; the IP protocol number: 17 is UDP, 6 is TCP.
struct RequestedTransport {
  static constexpr AttributeType kType = AttributeType::requested_transport;
  static constexpr std::uint8_t kUdp = 17;
  static constexpr std::uint8_t kTcp = 6;
  std::uint8_t protocol = 0;
  static std::optional<RequestedTransport> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const;
};

// s18.9
struct DontFragment {
  static constexpr AttributeType kType = AttributeType::dont_fragment;
  static std::optional<DontFragment> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter&, const TransactionId&) const {}
};

// s18.10
struct ReservationToken {
  static constexpr AttributeType kType = AttributeType::reservation_token;
  std::array<std::uint8_t, 8> token{};
  static std::optional<ReservationToken> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const;
};

// s18.12: which family of a dual allocation failed, and why.
struct AddressErrorCode {
  static constexpr AttributeType kType = AttributeType::address_error_code;
  base::Family family{};
  int code = 0;
  static std::optional<AddressErrorCode> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const;
};

// s18.13: an ICMP error that arrived for a packet relayed to the peer.
struct Icmp {
  static constexpr AttributeType kType = AttributeType::icmp;
  std::uint8_t type = 0;   // 7 bits on the wire
  std::uint16_t code = 0;  // 9 bits on the wire
  std::uint32_t error_data = 0;
  static std::optional<Icmp> read(base::ByteView body, const MessageView&);
  void write(base::ByteWriter& out, const TransactionId&) const;
};

}  // namespace turnd::stun
