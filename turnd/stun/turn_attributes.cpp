#include "turnd/stun/turn_attributes.h"

#include <algorithm>

#include "turnd/base/byte_reader.h"

namespace turnd::stun {
namespace {

using base::ByteReader;
using base::ByteView;
using base::ByteWriter;

constexpr std::uint8_t kReserveNext = 0x80;  // the R bit of EVEN-PORT

}  // namespace

std::optional<ChannelNumber> ChannelNumber::read(ByteView body, const MessageView&) {
  if (body.size() != 4) return std::nullopt;
  return ChannelNumber{{ByteReader(body).u16()}};
}

void ChannelNumber::write(ByteWriter& out, const TransactionId&) const {
  out.u16(number.value);
  out.zeros(2);
}

std::optional<Lifetime> Lifetime::read(ByteView body, const MessageView&) {
  if (body.size() != 4) return std::nullopt;
  return Lifetime{std::chrono::seconds(ByteReader(body).u32())};
}

void Lifetime::write(ByteWriter& out, const TransactionId&) const {
  out.u32(static_cast<std::uint32_t>(value.count()));
}

std::optional<EvenPort> EvenPort::read(ByteView body, const MessageView&) {
  if (body.size() != 1) return std::nullopt;
  return EvenPort{(body[0] & kReserveNext) != 0 ? Next::reserve : Next::free};
}

void EvenPort::write(ByteWriter& out, const TransactionId&) const { out.u8(next == Next::reserve ? kReserveNext : 0); }

std::optional<RequestedTransport> RequestedTransport::read(ByteView body, const MessageView&) {
  if (body.size() != 4) return std::nullopt;
  return RequestedTransport{body[0]};
}

void RequestedTransport::write(ByteWriter& out, const TransactionId&) const {
  out.u8(protocol);
  out.zeros(3);
}

std::optional<DontFragment> DontFragment::read(ByteView body, const MessageView&) {
  if (!body.empty()) return std::nullopt;
  return DontFragment{};
}

std::optional<ReservationToken> ReservationToken::read(ByteView body, const MessageView&) {
  ReservationToken result;
  if (body.size() != result.token.size()) return std::nullopt;
  std::ranges::copy(body, result.token.begin());
  return result;
}

void ReservationToken::write(ByteWriter& out, const TransactionId&) const { out.bytes(token); }

std::optional<AddressErrorCode> AddressErrorCode::read(ByteView body, const MessageView&) {
  ByteReader reader(body);
  const std::uint8_t family = reader.u8();
  reader.skip(1);
  const int hundreds = reader.u8() & 0x07;
  const int number = reader.u8();
  if (!reader.ok() || (family != 0x01 && family != 0x02) || hundreds < 3 || hundreds > 6 || number > 99)
    return std::nullopt;
  return AddressErrorCode{family == 0x01 ? base::Family::ipv4 : base::Family::ipv6, hundreds * 100 + number};
}

void AddressErrorCode::write(ByteWriter& out, const TransactionId&) const {
  out.u8(family == base::Family::ipv4 ? 0x01 : 0x02);
  out.u8(0);
  out.u8(static_cast<std::uint8_t>(code / 100));
  out.u8(static_cast<std::uint8_t>(code % 100));
}

std::optional<Icmp> Icmp::read(ByteView body, const MessageView&) {
  if (body.size() != 8) return std::nullopt;
  ByteReader reader(body);
  reader.skip(2);
  const std::uint16_t type_and_code = reader.u16();
  return Icmp{static_cast<std::uint8_t>(type_and_code >> 9), static_cast<std::uint16_t>(type_and_code & 0x1FF),
              reader.u32()};
}

void Icmp::write(ByteWriter& out, const TransactionId&) const {
  out.zeros(2);
  out.u16(static_cast<std::uint16_t>(type << 9 | (code & 0x1FF)));
  out.u32(error_data);
}

}  // namespace turnd::stun
