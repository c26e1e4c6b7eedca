// A contiguous range of addresses of one family: a CIDR block, one address, or low-high.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/endpoint.h"

namespace turnd::base {

class AddressRange {
 public:
  // `low` and `high` are of one family and low <= high; nullopt otherwise.
  static std::optional<AddressRange> between(const IpAddress& low, const IpAddress& high);
  // "192.0.2.0/24", "192.0.2.1" or "192.0.2.1-192.0.2.9" (IPv6 likewise). Host bits set in a CIDR,
  // a prefix out of range and an empty range give nullopt.
  static std::optional<AddressRange> parse(std::string_view text);

  [[nodiscard]] bool contains(const IpAddress& address) const {
    return address.family() == low_.family() && low_ <= address && address <= high_;
  }
  [[nodiscard]] const IpAddress& low() const { return low_; }
  [[nodiscard]] const IpAddress& high() const { return high_; }
  [[nodiscard]] bool is_single() const { return low_ == high_; }

  // Orders ranges of one family by how many addresses they hold, fewest first.
  [[nodiscard]] std::strong_ordering compare_size(const AddressRange& other) const;

  friend bool operator==(const AddressRange&, const AddressRange&) = default;

 private:
  AddressRange(const IpAddress& low, const IpAddress& high) : low_(low), high_(high) {}
  IpAddress low_;
  IpAddress high_;
};

// The shortest text that parse() takes back: one address, a CIDR block, or low-high.
std::string to_string(const AddressRange& range);

}  // namespace turnd::base
