#include "turnd/config/tree.h"

#include "turnd/base/hex.h"
#include "turnd/config/sections.h"

namespace turnd::config {
namespace {

template <class Duration>
Value duration(Duration value) {
  return duration_text(std::chrono::duration_cast<std::chrono::microseconds>(value));
}

Value secret(const base::Secret& value, Secrets secrets) {
  return secrets == Secrets::masked ? Value(kMasked) : Value(value.reveal());
}

std::string ports_text(const turn::PortRange& ports) {
  return std::to_string(ports.low) + "-" + std::to_string(ports.high);
}

Value external_tree(const Relay& relay) {
  if (!relay.external_of_family.empty())
    return list_of(relay.external_of_family, [](const base::IpAddress& address) { return to_string(address); });
  Map map;
  for (const auto& [bound, advertised] : relay.external) map.emplace_back(to_string(bound), to_string(advertised));
  return map;
}

Value relay_tree(const Relay& relay) {
  return Map{
      {"addresses", list_of(relay.addresses, [](const base::IpAddress& address) { return to_string(address); })},
      {"external", external_tree(relay)},
      {"ports", ports_text(relay.ports)},
      {"nat64_prefixes", list_of(relay.nat64_prefixes,
                                 [](const turn::Nat64Prefix& nat64) {
                                   return to_string(nat64.prefix) + "/" + std::to_string(nat64.length);
                                 })},
      {"tcp", relay.tcp},
      {"coalesce", duration(relay.coalesce)},
  };
}

Value secrets_tree(const Auth& auth, Secrets secrets) {
  List list;
  for (const SecretSource& each : auth.secrets) {
    Map entry{{"id", each.id}};
    if (each.value_file.empty())
      entry.emplace_back("value", secret(each.value, secrets));
    else
      entry.emplace_back("value_file", each.value_file);
    list.emplace_back(std::move(entry));
  }
  return list;
}

Value users_tree(const Auth& auth, Secrets secrets) {
  Map map;
  for (const auto& [name, user] : auth.users) {
    const bool has_key = user.md5_key.has_value();
    Value shown = secret(user.password, secrets);
    if (has_key && secrets == Secrets::revealed) shown = base::to_hex(*user.md5_key);
    map.emplace_back(name, Map{{has_key ? "key" : "password", std::move(shown)}});
  }
  return map;
}

Value auth_tree(const Auth& auth, Secrets secrets) {
  return Map{
      {"secrets", secrets_tree(auth, secrets)},
      {"users", users_tree(auth, secrets)},
      {"database", auth.database},
      {"tokens", List{}},
      {"nonce_lifetime", duration(auth.nonce_lifetime)},
      {"on_expiry", auth.on_expiry == auth::OnExpiry::stop ? "stop" : "keep"},
  };
}

Value limits_tree(const Config& config) {
  const turn::Limits& limits = config.limits;
  return Map{
      {"allocations", number(limits.allocations)},
      {"allocations_per_user", number(limits.allocations_per_user)},
      {"allocations_per_ip", number(limits.allocations_per_ip)},
      {"lifetime", duration(limits.lifetime)},
      {"max_lifetime", duration(limits.max_lifetime)},
      {"permissions", number(limits.permissions)},
      {"channels", number(limits.channels)},
      {"bandwidth", Map{{"session", bandwidth_text(limits.bandwidth.session)},
                        {"user", bandwidth_text(limits.bandwidth.user)},
                        {"total", bandwidth_text(limits.bandwidth.total)}}},
      {"challenges_per_ip", rate_text(config.challenges_per_ip)},
      {"permission_lifetime", duration(limits.permission_lifetime)},
      {"channel_lifetime", duration(limits.channel_lifetime)},
  };
}

Value rules_tree(const std::vector<turn::PeerRule>& rules) {
  return list_of(rules, [](const turn::PeerRule& rule) { return rule.text; });
}

}  // namespace

Value to_tree(const Config& config, Secrets secrets) {
  return Map{
      {"realm", config.realm},
      {"listen", list_of(config.listen, [](const net::Listen& listen) { return net::to_string(listen); })},
      {"relay", relay_tree(config.relay)},
      {"uris", list_of(config.uris, [](const std::string& uri) { return uri; })},
      {"tls", Map{{"certificate", config.tls.certificate},
                  {"key", config.tls.key},
                  {"min_version", config.tls.min_version},
                  {"ciphers", config.tls.ciphers}}},
      {"auth", auth_tree(config.auth, secrets)},
      {"peers", Map{{"allow", rules_tree(config.peers.allow)},
                    {"deny", rules_tree(config.peers.deny)},
                    {"unsafe_allow_loopback", config.peers.unsafe_allow_loopback}}},
      {"limits", limits_tree(config)},
      {"mobility", false},
      {"discovery", false},
      {"redirect", Map{{"servers", List{}}, {"when", "draining"}}},
      {"workers", config.workers ? number(*config.workers) : Value("auto")},
      {"offload", word_for(kOffloads, config.offload)},
      {"control", Map{{"socket", config.control_socket}}},
      {"metrics", Map{{"address", config.metrics ? to_string(*config.metrics) : std::string()}}},
      {"usage", Map{{"retention", duration(config.usage_retention)}}},
      {"log",
       Map{{"level", word_for(kLogLevels, config.log_level)}, {"format", word_for(kLogFormats, config.log_format)}}},
      {"software", config.software},
      {"shutdown_grace", duration(config.shutdown_grace)},
      {"drain_timeout", duration(config.drain_timeout)},
  };
}

}  // namespace turnd::config
