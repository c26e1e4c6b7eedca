#include "turnd/base/cidr.h"

#include <array>
#include <charconv>
#include <cstddef>

namespace turnd::base {
namespace {

using Octets = std::array<std::uint8_t, 16>;

int bits_of(const IpAddress& address) { return address.is_v4() ? 32 : 128; }

IpAddress with_octets(const IpAddress& like, const Octets& octets) {
  if (like.is_v4()) return IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
  return IpAddress::v6(octets);
}

// The last address of the block: every bit after the prefix set.
IpAddress last_of_block(const IpAddress& first, int prefix) {
  Octets octets = first.storage();
  for (int bit = prefix; bit < bits_of(first); ++bit) {
    const auto index = static_cast<std::size_t>(bit / 8);
    octets[index] = static_cast<std::uint8_t>(octets[index] | 0x80 >> bit % 8);
  }
  return with_octets(first, octets);
}

bool has_host_bits(const IpAddress& address, int prefix) {
  for (int bit = prefix; bit < bits_of(address); ++bit)
    if ((address.storage()[static_cast<std::size_t>(bit / 8)] & 0x80 >> bit % 8) != 0) return true;
  return false;
}

std::optional<int> parse_prefix(std::string_view text, const IpAddress& address) {
  int prefix = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
  const bool is_number = error == std::errc{} && end == text.data() + text.size() && !text.starts_with('-');
  if (!is_number || prefix > bits_of(address)) return std::nullopt;
  return prefix;
}

// high - low, as a big-endian number.
Octets distance(const IpAddress& low, const IpAddress& high) {
  Octets difference{};
  int borrow = 0;
  for (std::size_t i = difference.size(); i-- > 0;) {
    const int value = high.storage()[i] - low.storage()[i] - borrow;
    borrow = value < 0 ? 1 : 0;
    difference[i] = static_cast<std::uint8_t>(value & 0xFF);
  }
  return difference;
}

// The prefix length when the range is a CIDR block.
std::optional<int> prefix_of(const IpAddress& low, const IpAddress& high) {
  for (int prefix = 0; prefix <= bits_of(low); ++prefix)
    if (!has_host_bits(low, prefix) && last_of_block(low, prefix) == high) return prefix;
  return std::nullopt;
}

}  // namespace

std::optional<AddressRange> AddressRange::between(const IpAddress& low, const IpAddress& high) {
  if (low.family() != high.family() || high < low) return std::nullopt;
  return AddressRange(low, high);
}

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    const auto low = IpAddress::parse(text.substr(0, dash));
    const auto high = IpAddress::parse(text.substr(dash + 1));
    if (!low || !high) return std::nullopt;
    return between(*low, *high);
  }
  const std::size_t slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return AddressRange(*address, *address);
  const auto prefix = parse_prefix(text.substr(slash + 1), *address);
  if (!prefix || has_host_bits(*address, *prefix)) return std::nullopt;
  return AddressRange(*address, last_of_block(*address, *prefix));
}

std::strong_ordering AddressRange::compare_size(const AddressRange& other) const {
  // IPv4 fills the first four octets, so ranges of different families do not compare by number; nothing
  // compares them, since no address is in both.
  return distance(low_, high_) <=> distance(other.low_, other.high_);
}

std::string to_string(const AddressRange& range) {
  if (range.is_single()) return to_string(range.low());
  if (const auto prefix = prefix_of(range.low(), range.high()))
    return to_string(range.low()) + "/" + std::to_string(*prefix);
  return to_string(range.low()) + "-" + to_string(range.high());
}

}  // namespace turnd::base
