#include "turnd/config/suggestion.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace turnd::config {
namespace {

constexpr std::size_t kNear = 2;

// Keys below the top level, for one that was written at the wrong one.
constexpr std::array<std::string_view, 42> kNestedKeys{"relay.addresses",
                                                       "relay.external",
                                                       "relay.ports",
                                                       "relay.nat64_prefixes",
                                                       "relay.tcp",
                                                       "tls.certificate",
                                                       "tls.key",
                                                       "tls.min_version",
                                                       "tls.ciphers",
                                                       "auth.secrets",
                                                       "auth.users",
                                                       "auth.database",
                                                       "auth.tokens",
                                                       "auth.nonce_lifetime",
                                                       "auth.on_expiry",
                                                       "peers.allow",
                                                       "peers.deny",
                                                       "peers.unsafe_allow_loopback",
                                                       "limits.allocations",
                                                       "limits.allocations_per_user",
                                                       "limits.allocations_per_ip",
                                                       "limits.lifetime",
                                                       "limits.max_lifetime",
                                                       "limits.permissions",
                                                       "limits.channels",
                                                       "limits.bandwidth",
                                                       "limits.challenges_per_ip",
                                                       "limits.permission_lifetime",
                                                       "limits.channel_lifetime",
                                                       "limits.bandwidth.session",
                                                       "limits.bandwidth.user",
                                                       "limits.bandwidth.total",
                                                       "redirect.servers",
                                                       "redirect.when",
                                                       "control.socket",
                                                       "metrics.address",
                                                       "usage.retention",
                                                       "log.level",
                                                       "log.format",
                                                       "auth.secrets[].id",
                                                       "auth.secrets[].value",
                                                       "auth.secrets[].value_file"};
constexpr std::array<std::string_view, 17> kTopKeys{
    "realm",     "listen",   "relay",   "uris",    "tls",     "auth",  "peers", "limits",  "mobility",
    "discovery", "redirect", "workers", "control", "metrics", "usage", "log",   "software"};

std::string_view last_part(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::optional<std::string> suggestion(std::string_view key, const std::vector<std::string>& level) {
  const auto nearest =
      std::ranges::min_element(level, {}, [&](const std::string& known) { return edit_distance(key, known); });
  if (nearest != level.end() && edit_distance(key, *nearest) <= kNear) return *nearest;
  const auto nested = std::ranges::find(kNestedKeys, key, last_part);
  if (nested != kNestedKeys.end()) return std::string(*nested);
  const auto top = std::ranges::find(kTopKeys, key);
  if (top != kTopKeys.end()) return std::string(*top);
  return std::nullopt;
}

}  // namespace turnd::config
