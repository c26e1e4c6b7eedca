// The address ranges that the peer policy knows by nature (security.md 2.1; IANA special-purpose registries).
#pragma once

#include <optional>
#include <string_view>

#include "turnd/base/endpoint.h"

namespace turnd::turn {

// Each returns the range, as text, that the address is in.

// Never a peer: unspecified, loopback, link-local, multicast, reserved, and IPv6 that embeds IPv4 (RFC 6156 s9.1).
[[nodiscard]] std::optional<std::string_view> hard_denied_range(const base::IpAddress& address);
// Cloud metadata services outside of the registries: only for a rule that names the one address.
[[nodiscard]] std::optional<std::string_view> metadata_range(const base::IpAddress& address);
// Private, shared, documentation, benchmarking and other special addresses; IPv6 outside of 2000::/3.
[[nodiscard]] std::optional<std::string_view> not_global_range(const base::IpAddress& address);
// 127.0.0.0/8 and ::1.
[[nodiscard]] bool is_loopback(const base::IpAddress& address);

}  // namespace turnd::turn
