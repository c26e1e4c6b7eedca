#include "turnd/stun/stun_attributes.h"

#include <algorithm>
#include <array>

#include "turnd/base/byte_reader.h"

namespace turnd::stun {
namespace {

using base::ByteReader;
using base::ByteView;
using base::ByteWriter;

constexpr std::uint8_t kFamilyIpv4 = 0x01;
constexpr std::uint8_t kFamilyIpv6 = 0x02;
constexpr std::size_t kUserHashSize = 32;
constexpr std::size_t kLongestReason = 763;  // fewer than 128 characters (s14.8)

// What an address is XORed with: the magic cookie, and for IPv6 the transaction id after it (RFC 8489 s14.2).
std::array<std::uint8_t, 16> mask_of(const TransactionId& transaction) {
  std::array<std::uint8_t, 16> mask{0x21, 0x12, 0xA4, 0x42};
  std::ranges::copy(transaction, mask.begin() + 4);
  return mask;
}

template <std::size_t Size>
std::array<std::uint8_t, Size> unmask(ByteView octets, const TransactionId& transaction) {
  const auto mask = mask_of(transaction);
  std::array<std::uint8_t, Size> plain{};
  for (std::size_t i = 0; i < Size; ++i) plain[i] = static_cast<std::uint8_t>(octets[i] ^ mask[i]);
  return plain;
}

}  // namespace

std::optional<base::Endpoint> read_xor_address(ByteView body, const MessageView& message) {
  ByteReader reader(body);
  reader.skip(1);
  const std::uint8_t family = reader.u8();
  const auto port = static_cast<std::uint16_t>(reader.u16() ^ kMagicCookie >> 16);
  const ByteView octets = reader.rest();
  if (!reader.ok()) return std::nullopt;
  if (family == kFamilyIpv4 && octets.size() == 4)
    return base::Endpoint{base::IpAddress::v4(unmask<4>(octets, message.transaction_id())), port};
  if (family == kFamilyIpv6 && octets.size() == 16)
    return base::Endpoint{base::IpAddress::v6(unmask<16>(octets, message.transaction_id())), port};
  return std::nullopt;
}

void write_xor_address(const base::Endpoint& endpoint, ByteWriter& out, const TransactionId& transaction) {
  out.u8(0);
  out.u8(endpoint.address.is_v4() ? kFamilyIpv4 : kFamilyIpv6);
  out.u16(static_cast<std::uint16_t>(endpoint.port ^ kMagicCookie >> 16));
  const auto mask = mask_of(transaction);
  const ByteView octets = endpoint.address.octets();
  for (std::size_t i = 0; i < octets.size(); ++i) out.u8(static_cast<std::uint8_t>(octets[i] ^ mask[i]));
}

std::optional<UserHash> UserHash::read(ByteView body, const MessageView&) {
  if (body.size() != kUserHashSize) return std::nullopt;
  return UserHash{body};
}

std::optional<ErrorCode> ErrorCode::read(ByteView body, const MessageView&) {
  ByteReader reader(body);
  reader.skip(2);
  const int hundreds = reader.u8() & 0x07;
  const int number = reader.u8();
  if (!reader.ok() || hundreds < 3 || hundreds > 6 || number > 99) return std::nullopt;
  if (reader.remaining() > kLongestReason) return std::nullopt;
  return ErrorCode{hundreds * 100 + number, base::as_text(reader.rest())};
}

void ErrorCode::write(ByteWriter& out, const TransactionId&) const {
  out.u16(0);
  out.u8(static_cast<std::uint8_t>(code / 100));
  out.u8(static_cast<std::uint8_t>(code % 100));
  out.bytes(base::as_bytes(reason));
}

std::optional<UnknownAttributes> UnknownAttributes::read(ByteView body, const MessageView&) {
  if (body.size() % 2 != 0) return std::nullopt;
  UnknownAttributes unknown;
  for (ByteReader reader(body); reader.remaining() != 0;)
    unknown.types.push_back(static_cast<AttributeType>(reader.u16()));
  return unknown;
}

void UnknownAttributes::write(ByteWriter& out, const TransactionId&) const {
  for (const AttributeType type : types) out.u16(static_cast<std::uint16_t>(type));
}

std::optional<PasswordAlgorithm> PasswordAlgorithm::read(ByteView body, const MessageView&) {
  ByteReader reader(body);
  const auto id = static_cast<PasswordAlgorithmId>(reader.u16());
  const std::uint16_t parameters = reader.u16();
  if (!reader.ok() || parameters != 0 || reader.remaining() != 0) return std::nullopt;
  return PasswordAlgorithm{id};
}

void PasswordAlgorithm::write(ByteWriter& out, const TransactionId&) const {
  out.u16(static_cast<std::uint16_t>(id));
  out.u16(0);
}

std::optional<PasswordAlgorithms> PasswordAlgorithms::read(ByteView body, const MessageView&) {
  PasswordAlgorithms algorithms;
  ByteReader reader(body);
  while (reader.remaining() != 0) {
    const auto id = static_cast<PasswordAlgorithmId>(reader.u16());
    const std::uint16_t parameters = reader.u16();
    if (!reader.ok() || parameters != 0) return std::nullopt;
    algorithms.ids.push_back(id);
  }
  return algorithms;
}

void PasswordAlgorithms::write(ByteWriter& out, const TransactionId&) const {
  for (const PasswordAlgorithmId id : ids) {
    out.u16(static_cast<std::uint16_t>(id));
    out.u16(0);
  }
}

}  // namespace turnd::stun
