// IPv4 addresses inside IPv6 addresses, where the policy decides about the IPv4 address (security.md 2.1).
#pragma once

#include <optional>
#include <span>

#include "turnd/base/endpoint.h"
#include "turnd/turn/settings.h"

namespace turnd::turn {

// NAT64 (RFC 6052 s2.2): the well-known prefix 64:ff9b::/96 and the operator's own.
[[nodiscard]] std::optional<base::IpAddress> nat64_target(const base::IpAddress& address,
                                                          std::span<const Nat64Prefix> prefixes);
// ISATAP (RFC 5214 s6.1): an interface identifier ::0:5efe:a.b.c.d or ::200:5efe:a.b.c.d.
[[nodiscard]] std::optional<base::IpAddress> isatap_target(const base::IpAddress& address);

}  // namespace turnd::turn
