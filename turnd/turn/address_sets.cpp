#include "turnd/turn/address_sets.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "turnd/base/cidr.h"

namespace turnd::turn {
namespace {

struct NamedRange {
  base::AddressRange range;
  std::string_view text;
};

// The texts are constants of this file: that they parse is tested.
class AddressSet {
 public:
  AddressSet(std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts) ranges_.push_back({*base::AddressRange::parse(text), text});
  }
  [[nodiscard]] std::optional<std::string_view> find(const base::IpAddress& address) const {
    const auto found = std::ranges::find_if(ranges_, [&](const NamedRange& named) { return named.range.contains(address); });
    return found == ranges_.end() ? std::nullopt : std::optional(found->text);
  }

 private:
  std::vector<NamedRange> ranges_;
};

}  // namespace

std::optional<std::string_view> hard_denied_range(const base::IpAddress& address) {
  static const AddressSet kHard{
      "0.0.0.0/8",      // "this network": Linux routes 0.0.0.0 to loopback
      "127.0.0.0/8",    // loopback
      "169.254.0.0/16",  // link-local, cloud metadata
      "224.0.0.0/4",    // multicast
      "240.0.0.0/4",    // reserved, broadcast
      "::/128", "::1/128",
      "::/96",            // IPv4-compatible
      "::ffff:0:0/96",    // IPv4-mapped
      "::ffff:0:0:0/96",  // SIIT
      "2001::/32",        // Teredo
      "2002::/16",        // 6to4
      "fe80::/10",        // link-local
      "ff00::/8",         // multicast
  };
  return kHard.find(address);
}

std::optional<std::string_view> metadata_range(const base::IpAddress& address) {
  static const AddressSet kMetadata{
      "168.63.129.16",    // Azure
      "100.100.100.200",  // Alibaba
      "192.0.0.192",      // Oracle
      "fd00:ec2::254",    // Amazon
      "fd20:ce::254",     // Google
  };
  return kMetadata.find(address);
}

std::optional<std::string_view> not_global_range(const base::IpAddress& address) {
  // Inside 2001::/23 and global all the same.
  static const AddressSet kGlobalAfterAll{"2001:1::1-2001:1::3", "2001:20::/28", "2001:30::/28"};
  static const AddressSet kNotGlobal{
      "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  // private
      "100.64.0.0/10",                                  // shared (CGNAT)
      "192.0.0.0/24",                                   // IETF protocol assignments
      "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  // documentation
      "192.88.99.0/24",                                     // 6to4 relay anycast
      "198.18.0.0/15",                                      // benchmarking
      "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24",  // AS112, AMT
      "fc00::/7", "fec0::/10",                                  // unique local, site-local
      "64:ff9b:1::/48",                                         // local-use NAT64
      "100::/64", "100:0:0:1::/64",                             // discard-only, dummy
      "2001::/23",                                              // IETF protocol assignments
      "2001:db8::/32", "3fff::/20",                             // documentation
      "2620:4f:8000::/48",                                      // AS112
      "5f00::/16",                                              // segment routing
  };
  static const AddressSet kGlobalUnicast{"2000::/3"};
  if (kGlobalAfterAll.find(address)) return std::nullopt;
  if (const auto range = kNotGlobal.find(address)) return range;
  if (address.is_v6() && !kGlobalUnicast.find(address)) return "outside of 2000::/3";
  return std::nullopt;
}

bool is_loopback(const base::IpAddress& address) {
  static const AddressSet kLoopback{"127.0.0.0/8", "::1/128"};
  return kLoopback.find(address).has_value();
}

}  // namespace turnd::turn
