#include "turnd/net/cut_refusals.h"

namespace turnd::net {

void CutRefusals::on_refused(const base::IpAddress& to) {
  const std::uint64_t network = network_of(to);
  last_until_ = now_ + kRest;
  entries_[slot_of(network)] = {network, last_until_};
  if (in_a_row_ < kAll) ++in_a_row_;
  if (in_a_row_ == kAll) all_until_ = last_until_;
}

std::uint64_t CutRefusals::network_of(const base::IpAddress& address) {
  const auto octets = address.storage();
  std::uint64_t network = 0;
  for (std::size_t i = 0; i < (address.is_v4() ? 3 : 8); ++i) network = network << 8 | octets[i];
  return address.is_v4() ? network << 8 | 0xFF : network;  // no IPv6 network of peers is ::xxxx:xxff
}

std::size_t CutRefusals::slot_of(std::uint64_t network) {
  return static_cast<std::size_t>(network * 0x9E3779B97F4A7C15ULL >> 58);
}

}  // namespace turnd::net
