#include "turnd/config/changes.h"

#include <array>

#include "turnd/config/tree.h"

namespace turnd::config {
namespace {

struct Rule {
  std::string_view key;
  ChangeEffect effect;
};

constexpr std::array kRules{
    Rule{"realm", ChangeEffect::new_sessions},
    Rule{"listen", ChangeEffect::new_sessions},
    Rule{"relay.addresses", ChangeEffect::new_sessions},
    Rule{"relay.external", ChangeEffect::new_sessions},
    Rule{"relay.ports", ChangeEffect::new_sessions},
    Rule{"relay.nat64_prefixes", ChangeEffect::now},
    Rule{"relay.tcp", ChangeEffect::new_sessions},
    Rule{"relay.coalesce", ChangeEffect::now},
    Rule{"uris", ChangeEffect::now},
    Rule{"tls.certificate", ChangeEffect::now},
    Rule{"tls.key", ChangeEffect::now},
    Rule{"tls.min_version", ChangeEffect::now},
    Rule{"tls.ciphers", ChangeEffect::now},
    Rule{"auth.secrets", ChangeEffect::now},
    Rule{"auth.users", ChangeEffect::now},
    Rule{"auth.database", ChangeEffect::restart},
    Rule{"auth.nonce_lifetime", ChangeEffect::now},
    Rule{"auth.on_expiry", ChangeEffect::now},
    Rule{"peers.allow", ChangeEffect::now},
    Rule{"peers.deny", ChangeEffect::now},
    Rule{"peers.unsafe_allow_loopback", ChangeEffect::now},
    Rule{"limits.allocations", ChangeEffect::new_sessions},
    Rule{"limits.allocations_per_user", ChangeEffect::new_sessions},
    Rule{"limits.allocations_per_ip", ChangeEffect::new_sessions},
    Rule{"limits.lifetime", ChangeEffect::new_sessions},
    Rule{"limits.max_lifetime", ChangeEffect::new_sessions},
    Rule{"limits.permissions", ChangeEffect::new_sessions},
    Rule{"limits.channels", ChangeEffect::new_sessions},
    Rule{"limits.bandwidth.session", ChangeEffect::now},
    Rule{"limits.bandwidth.user", ChangeEffect::now},
    Rule{"limits.bandwidth.total", ChangeEffect::now},
    Rule{"limits.challenges_per_ip", ChangeEffect::now},
    Rule{"limits.permission_lifetime", ChangeEffect::new_sessions},
    Rule{"limits.channel_lifetime", ChangeEffect::new_sessions},
    Rule{"workers", ChangeEffect::restart},
    Rule{"offload", ChangeEffect::restart},
    Rule{"control.socket", ChangeEffect::restart},
    Rule{"metrics.address", ChangeEffect::now},
    Rule{"usage.retention", ChangeEffect::now},
    Rule{"log.level", ChangeEffect::now},
    Rule{"log.format", ChangeEffect::now},
    Rule{"software", ChangeEffect::now},
    Rule{"shutdown_grace", ChangeEffect::now},
    Rule{"drain_timeout", ChangeEffect::now},
};

}  // namespace

std::string_view to_string(ChangeEffect effect) {
  switch (effect) {
    case ChangeEffect::now:
      return "now";
    case ChangeEffect::new_sessions:
      return "new_sessions";
    case ChangeEffect::restart:
      return "restart";
  }
  return "";
}

std::vector<std::string_view> keys_with(ChangeEffect effect) {
  std::vector<std::string_view> keys;
  for (const Rule& rule : kRules)
    if (rule.effect == effect) keys.push_back(rule.key);
  return keys;
}

std::vector<Change> changes(const Config& running, const Config& loaded) {
  const Value before = to_tree(running, Secrets::revealed);
  const Value after = to_tree(loaded, Secrets::revealed);
  const Value shown_before = to_tree(running, Secrets::masked);
  const Value shown_after = to_tree(loaded, Secrets::masked);
  std::vector<Change> all;
  for (const Rule& rule : kRules) {
    const Value* from = before.find(rule.key);
    const Value* to = after.find(rule.key);
    if (*from == *to) continue;
    all.push_back({std::string(rule.key), to_flow(*shown_before.find(rule.key)), to_flow(*shown_after.find(rule.key)),
                   rule.effect});
  }
  return all;
}

Config without_restart_changes(const Config& running, Config loaded) {
  loaded.workers = running.workers;
  loaded.offload = running.offload;
  loaded.control_socket = running.control_socket;
  loaded.auth.database = running.auth.database;
  return loaded;
}

}  // namespace turnd::config
