// Whom a trusted proxy names as the client of a request (C6).
#pragma once

#include <vector>

#include "signaling/net/http.h"
#include "turnd/base/cidr.h"

namespace signaling::net {

// Sets `client` to the rightmost address of X-Forwarded-For that is no trusted proxy itself, and `is_secure` by
// X-Forwarded-Proto; both only when the socket's peer is trusted.
void believe_proxies(Request& request, const std::vector<base::AddressRange>& trusted);

}  // namespace signaling::net
