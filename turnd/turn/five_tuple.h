// FiveTuple: what names an allocation (RFC 8656 s3.2).
#pragma once

#include <compare>
#include <cstdint>

#include "turnd/base/endpoint.h"
#include "turnd/base/transport.h"

namespace turnd::turn {

struct FiveTuple {
  base::Endpoint client;
  base::Endpoint server;  // the address that the client sent to, also on a wildcard listener
  base::Transport transport{};
  friend auto operator<=>(const FiveTuple&, const FiveTuple&) = default;
};

std::uint64_t hash_value(const FiveTuple& tuple);

}  // namespace turnd::turn
