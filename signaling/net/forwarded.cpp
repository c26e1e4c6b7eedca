#include "signaling/net/forwarded.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace signaling::net {
namespace {

bool is_trusted(const base::IpAddress& address, const std::vector<base::AddressRange>& trusted) {
  return std::ranges::any_of(trusted, [&](const base::AddressRange& range) { return range.contains(address); });
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// The last item of a comma-separated list, which loses it.
std::string_view take_last(std::string_view& list) {
  const std::size_t comma = list.rfind(',');
  const std::string_view last = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
  return trimmed(last);
}

// Some proxies add a port.
std::optional<base::IpAddress> address_of(std::string_view text) {
  if (const auto endpoint = base::Endpoint::parse(text)) return endpoint->address.unmapped();
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  const auto address = base::IpAddress::parse(text);
  return address ? std::optional(address->unmapped()) : std::nullopt;
}

}  // namespace

void believe_proxies(Request& request, const std::vector<base::AddressRange>& trusted) {
  if (trusted.empty() || !is_trusted(request.peer.address, trusted)) return;
  const Fields& fields = request.fields;
  std::string_view protocols = fields.find("X-Forwarded-Proto");
  if (!protocols.empty()) request.is_secure = take_last(protocols) == "https";
  const std::string all = fields.joined("X-Forwarded-For");
  for (std::string_view rest = all; !rest.empty();) {
    const auto address = address_of(take_last(rest));
    if (!address) return;
    request.client = *address;
    if (!is_trusted(*address, trusted)) return;
  }
}

}  // namespace signaling::net
